"""Named case schedule: gaps and overlaps of the clock, the 31st of the month, missed runs - through the supervisor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.engine.crew import Crew
from tests.engine.listed import FIELDS
from tests.engine.stage import Stage
from tui_sync.model.errors import Unreachable
from tui_sync.model.records import Module
from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState
from tui_sync.model.workspace import Settings
from tui_sync.services import editing, syncs

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")


def scheduled(stage: Stage, begun: datetime, **schedule: object) -> Crew:
    """A crew on a stage with one sync under that schedule, initiated at that moment."""
    stage.people(2)
    stage.clock.moment = begun
    stage.space.meta.write("settings", Settings(timezone="Europe/Berlin"))
    stage.sync("Newsletter")
    stage.change("Newsletter", schedule=msgspec.convert(schedule, Schedule))
    return Crew(stage)


def local(moments: list[datetime], zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{moment.astimezone(zone):%m-%d %H:%M}" for moment in moments]


def test_a_time_that_the_clocks_skip_runs_at_the_next_minute_that_they_show(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 28, 1, 0, tzinfo=BERLIN), frequency="daily", at="02:30")
    begun = crew.starts(datetime(2026, 3, 30, 4, 0, tzinfo=BERLIN))
    assert local(begun) == ["03-28 02:30", "03-29 03:00", "03-30 02:30"]
    assert begun[1] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_runs_at_its_first_occurrence_and_only_then(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 10, 24, 1, 0, tzinfo=BERLIN), frequency="daily", at="02:30")
    begun = crew.starts(datetime(2026, 10, 26, 4, 0, tzinfo=BERLIN))
    assert begun == [
        datetime(2026, 10, 24, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]  # fmt: skip


def test_the_31st_is_the_last_day_of_shorter_months(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 1, 30, 8, 0, tzinfo=BERLIN), frequency="monthly", day=31, at="09:00")
    days = [datetime(2026, 1, 28, 12, 0, tzinfo=BERLIN) + timedelta(days=number) for number in range(100)]
    assert [f"{day:%m-%d}" for day in days if crew.at(day)] == ["01-31", "02-28", "03-31", "04-30"]


def test_a_time_is_one_of_the_syncs_own_zone(stage: Stage) -> None:
    begun = datetime(2026, 3, 2, 0, 0, tzinfo=BERLIN)
    crew = scheduled(stage, begun, frequency="weekly", on="monday", at="09:00", timezone="Asia/Kolkata")
    moments = [begun + timedelta(minutes=30 * number) for number in range(8 * 48)]
    assert local([moment for moment in moments if crew.at(moment)], KOLKATA) == ["03-02 09:00", "03-09 09:00"]


def test_missed_runs_are_caught_up_once_and_the_run_says_so(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="daily", at="09:00")
    assert crew.at(datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)) == ["Newsletter"]
    assert crew.runs()[0].notes == ()
    assert crew.at(datetime(2026, 3, 5, 12, 0, tzinfo=BERLIN)) == ["Newsletter"]
    assert crew.runs()[0].notes == ("Catches up: due Tue 2026-03-03 09:00, 3 runs missed.",)
    assert crew.turn() == []
    assert crew.at(datetime(2026, 3, 6, 9, 0, tzinfo=BERLIN)) == ["Newsletter"]
    assert crew.runs()[0].notes == ()


def test_a_few_minutes_late_is_not_missed(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="daily", at="09:00")
    crew.at(datetime(2026, 3, 2, 9, 4, tzinfo=BERLIN))
    assert crew.runs()[0].notes == ()
    crew.at(datetime(2026, 3, 3, 9, 6, tzinfo=BERLIN))
    assert crew.runs()[0].notes == ("Catches up: due Tue 2026-03-03 09:00, 1 run missed.",)


def test_a_one_time_sync_is_run_at_once_and_never_again(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="once")
    assert crew.turn() == ["Newsletter"]
    assert crew.at(datetime(2026, 5, 2, 8, 0, tzinfo=BERLIN)) == []


def test_syncs_run_in_the_order_in_which_they_were_due_then_in_that_of_their_creation(stage: Stage) -> None:
    stage.people(1)
    hours = {"Third": "09:30", "Second": "09:00", "First": "08:00", "Fourth": "09:30"}
    for number, (name, at) in enumerate(hours.items()):
        stage.sync(name, f"List {number}")
        stage.change(name, schedule=Schedule(frequency=Frequency.DAILY, at=at))
    crew = Crew(stage)
    stage.clock.pass_by(days=1)
    assert crew.turn() == ["First", "Second", "Third", "Fourth"]


def edited(sync: Sync, at: str) -> Sync:
    return msgspec.structs.replace(sync, schedule=Schedule(frequency=Frequency.DAILY, at=at))


@pytest.mark.parametrize("way", ["deactivated", "rescheduled"])
def test_slots_from_before_a_schedule_was_taken_up_again_or_changed_were_never_missed(way: str, stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="monthly", day=2, at="09:00")
    crew.at(datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN))
    if way == "deactivated":
        syncs.deactivate(stage.desk, "Newsletter")
        stage.clock.moment = datetime(2026, 4, 20, 12, 0, tzinfo=BERLIN)
        syncs.activate(stage.desk, "Newsletter")
        following = datetime(2026, 5, 2, 9, 0, tzinfo=BERLIN)
    else:
        stage.clock.moment = datetime(2026, 3, 20, 12, 0, tzinfo=BERLIN)
        sync = stage.desk.sync("Newsletter")
        hub = stage.wait_for(stage.desk.connect.hub(stage.control()).fields())
        editing.save(
            stage.desk, sync, edited(sync, "10:00"), module=Module(name="Candidates", label="Candidates"), fields=FIELDS,
            hub_fields=hub,
        )  # fmt: skip
        following = datetime(2026, 3, 21, 10, 0, tzinfo=BERLIN)
    assert crew.turn() == []
    assert syncs.listing(stage.desk)[0].next == following


def reschedule(stage: Stage, schedule: Schedule) -> None:
    before = stage.desk.sync("Newsletter")
    editing.save(
        stage.desk, before, msgspec.structs.replace(before, schedule=schedule),
        module=Module(name="Candidates", label="Candidates"), fields=FIELDS,
        hub_fields=stage.wait_for(stage.desk.connect.hub(stage.control()).fields()),
    )  # fmt: skip


def test_a_recurring_sync_that_becomes_a_one_time_one_runs_once_more_and_is_completed(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="daily", at="09:00")
    assert crew.at(datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)) == ["Newsletter"]
    stage.clock.moment = datetime(2026, 3, 4, 12, 0, tzinfo=BERLIN)
    reschedule(stage, Schedule(frequency=Frequency.ONCE))
    assert crew.turn() == ["Newsletter"]
    assert crew.runs()[0].notes == ()
    assert stage.desk.sync("Newsletter").state is SyncState.COMPLETED
    assert crew.at(datetime(2026, 3, 9, 9, 0, tzinfo=BERLIN)) == []


def test_the_new_time_of_a_one_time_sync_counts_from_its_change(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="once", at="09:00")
    stage.clock.moment = datetime(2026, 3, 4, 12, 0, tzinfo=BERLIN)
    reschedule(stage, Schedule(frequency=Frequency.ONCE, at="15:00"))
    due = datetime(2026, 3, 4, 15, 0, tzinfo=BERLIN)
    assert syncs.listing(stage.desk)[0].next == due
    assert crew.turn() == []
    assert crew.at(due) == ["Newsletter"]
    assert crew.at(datetime(2026, 3, 5, 15, 0, tzinfo=BERLIN)) == []


def test_a_one_time_sync_whose_run_failed_is_due_again_once_it_is_taken_up_again_and_not_before(stage: Stage) -> None:
    crew = scheduled(stage, datetime(2026, 3, 2, 8, 0, tzinfo=BERLIN), frequency="once")

    def no_answer(page: int) -> None:
        raise Unreachable("The host gave no answer.")

    answering, stage.recruit.on_page = stage.recruit.on_page, no_answer
    assert crew.at(datetime(2026, 3, 2, 8, 1, tzinfo=BERLIN)) == ["Newsletter"]
    stage.recruit.on_page = answering
    assert crew.at(datetime(2026, 3, 3, 8, 0, tzinfo=BERLIN)) == []
    syncs.deactivate(stage.desk, "Newsletter")
    syncs.activate(stage.desk, "Newsletter")
    assert crew.turn() == ["Newsletter"]
    assert stage.desk.sync("Newsletter").state is SyncState.COMPLETED
