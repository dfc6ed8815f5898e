"""What a run is: fetch, plan, guard, deliver, commit. Knows its neighbours only through `ports`."""
