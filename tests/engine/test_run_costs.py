"""What a run cost is on record with it, whatever it was made of: credits and time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.engine.office import Office
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.present.runs import run_row
from tui_sync.present.words import span
from tui_sync.services import running


def run(office: Office) -> RunSummary:
    control = running.control(office.desk, office.events.append)
    summary = office.wait_for(running.start(office.desk, "A", control))
    assert summary.credits == control.credits
    return summary


def stored(office: Office, run_id: str) -> int:
    return office.desk.run(run_id).credits


def test_a_run_has_the_credits_of_its_calls_on_record(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.sync("A")
    ended = run(office)
    assert ended.credits >= ended.calls.recruit
    assert stored(office, ended.id) == ended.credits > 0


def test_a_dry_run_tells_its_credits_too(office: Office) -> None:
    office.sync("A")
    control = running.control(office.desk, office.events.append)
    foreseen = office.wait_for(running.preview(office.desk, "A", control))
    assert foreseen.summary.credits == control.credits > 0


def test_a_run_that_is_gone_on_with_adds_up(office: Office) -> None:
    office.sync("A")
    first = run(office)
    office.desk.workspace.runs.put(replace(first, result=Result.INTERRUPTED, credits=1000))
    again = run(office)
    assert again.id == first.id
    assert again.credits > 1000


def test_an_approval_adds_what_it_cost(office: Office) -> None:
    people = [office.candidate(f"p{number}@zylker.com") for number in range(20)]
    office.sync("A", on_delete="remove-from-list")
    run(office)
    for person in people[:15]:
        office.delete(person)
    held = run(office)
    assert held.withheld == 15
    control = running.control(office.desk, office.events.append)
    office.wait_for(running.approve(office.desk, held.id, control))
    assert control.credits > 0
    assert stored(office, held.id) == held.credits + control.credits


def test_a_killed_run_worked_until_its_process_gave_its_last_sign_of_life(office: Office) -> None:
    office.sync("A")
    first, space = run(office), office.desk.workspace
    begun = first.started - timedelta(hours=9)
    space.runs.put(replace(first, started=begun, result=Result.RUNNING, finished=None))
    lock = f"sync:{first.sync_id}"
    assert not space.locks.take(lock, "a run")
    dead = space.locks._shelf.get(lock)
    assert dead is not None
    space.locks._shelf.put(replace(dead, boot="before", seen=begun + timedelta(hours=2)))
    space.locks._held.clear()
    again = run(office)
    assert again.id == first.id
    assert again.took is not None
    assert 2 * 3600 <= again.took < 3 * 3600


@pytest.mark.parametrize("killed", [False, True])
def test_the_time_that_an_interrupted_run_stood_still_is_none_of_its_work(office: Office, *, killed: bool) -> None:
    office.sync("A")
    first = run(office)
    begun = first.started - timedelta(hours=9)
    ended = {"result": Result.RUNNING, "finished": None} if killed else {"result": Result.INTERRUPTED, "finished": begun}
    office.desk.workspace.runs.put(replace(first, started=begun, **ended))
    again = run(office)
    assert (again.id, again.started) == (first.id, begun)
    assert again.finished is not None
    assert again.took is not None
    assert (again.finished - again.started).total_seconds() > 9 * 3600
    assert 0 <= again.took < 3600
    assert span(again.took) in run_row(again, office.desk.workspace.zone)
