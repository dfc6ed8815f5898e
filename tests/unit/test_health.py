"""The condition of a sync: what is told of it, the gravest first, and the way out that is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tui_sync.model.health import Condition, Health, Moment, changed, judge
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState, Trouble

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")
DAILY = Sync(
    id="s1", name="News", module="Candidates", list_key="k", list_name="News", state=SyncState.ACTIVE,
    schedule=Schedule(frequency=Frequency.DAILY, at="09:00"), created=NOW - 90 * DAY, initiated=NOW - 90 * DAY,
)  # fmt: skip


def run(
    result: Result = Result.COMPLETED, *, ago: timedelta = timedelta(hours=1), number: str = "7", withheld: int = 0
) -> RunSummary:
    return RunSummary(
        id=number, sync_id="s1", sync="News", result=result, started=NOW - ago, withheld=withheld, message="no answer"
    )


def condition(sync: Sync, *runs: RunSummary, **more: object) -> Health:
    return judge(sync, runs, Moment(now=NOW, zone=UTC_ZONE, **more))  # type: ignore[arg-type]


def inactive(trouble: Trouble | None) -> Sync:
    return replace(DAILY, state=SyncState.INACTIVE, trouble=trouble, reason="A reason.")


def test_a_sync_that_ran_when_it_should_is_well() -> None:
    assert condition(DAILY, run()) == Health()


def test_one_that_somebody_deactivated_is_well_however_long_it_has_not_run() -> None:
    assert condition(inactive(None), run(Result.FAILED), run(ago=30 * DAY)) == Health()


def test_a_schedule_that_failures_stopped_is_paused_and_names_the_command_that_takes_it_up() -> None:
    known = condition(inactive(Trouble.FAILURES), run(Result.FAILED))
    assert known == Health(condition=Condition.PAUSED, sentence="A reason.", way="tui-sync activate News", run="7")
    assert condition(inactive(Trouble.FAILURES)).run == ""


@pytest.mark.parametrize("state", [SyncState.BROKEN, SyncState.INACTIVE])
def test_one_of_which_something_vanished_is_broken_and_not_late(state: SyncState) -> None:
    sync = replace(DAILY, state=state, trouble=Trouble.LIST, reason="Its list is gone.")
    known = condition(sync, run(Result.FAILED), run(ago=30 * DAY))
    assert known == Health(condition=Condition.BROKEN, sentence="Its list is gone.", way="tui-sync repair News")


def test_an_active_one_whose_time_zone_nobody_knows_is_broken_and_any_other_is_left_alone() -> None:
    nowhere = replace(DAILY, schedule=replace(DAILY.schedule, timezone="Nowhere/AtAll"))
    assert condition(nowhere, run()).condition is Condition.BROKEN
    assert condition(replace(nowhere, state=SyncState.INACTIVE), run()) == Health()


def test_failures_count_up_to_the_last_success_and_name_the_newest_of_them() -> None:
    known = condition(DAILY, run(Result.CANCELLED, number="9"), run(Result.FAILED, number="8"), run(ago=DAY))
    assert (known.condition, known.run, known.way) == (Condition.FAILING, "8", "tui-sync run News")
    assert known.sentence == "Its last run has failed: no answer."
    twice = condition(DAILY, run(Result.FAILED), run(Result.FAILED, ago=DAY), run(ago=2 * DAY), run(Result.FAILED, ago=3 * DAY))
    assert twice.sentence.startswith("Its last 2 runs have failed: no answer. After ")


def test_failures_from_before_it_was_taken_up_again_do_not_count() -> None:
    assert condition(replace(DAILY, since=NOW - DAY), run(Result.FAILED, ago=2 * DAY)) == Health()


def test_removals_that_wait_are_told_of_the_last_run_that_ended_also_while_it_is_not_active() -> None:
    for sync in (DAILY, inactive(None)):
        known = condition(sync, run(Result.RUNNING, number="9"), run(Result.HELD, number="8", withheld=3))
        assert (known.condition, known.run, known.way) == (Condition.HELD, "8", "tui-sync approve 8")
        assert "withheld 3 removals" in known.sentence
    assert condition(DAILY, run(number="9"), run(Result.HELD, number="8", withheld=3)) == Health()


def test_one_whose_run_waits_for_another_day_is_deferred_until_then_in_the_time_zone_of_the_organisation() -> None:
    until = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)
    known = judge(DAILY, [run(ago=9 * DAY)], Moment(now=NOW, zone=ZoneInfo("Asia/Kolkata"), deferred=until))
    assert (known.condition, known.way) == (Condition.DEFERRED, "")
    assert known.sentence.endswith("deferred to 2026-03-11 00:00.")


@pytest.mark.parametrize(("frequency", "longest"), [(Frequency.DAILY, 2), (Frequency.WEEKLY, 14), (Frequency.MONTHLY, 62)])
def test_one_is_late_beyond_twice_its_interval_without_a_success_and_not_by_then(frequency: Frequency, longest: int) -> None:
    sync = replace(DAILY, schedule=Schedule(frequency=frequency, at="09:00"))
    assert condition(sync, run(ago=longest * DAY)) == Health()
    late = condition(sync, run(ago=longest * DAY + timedelta(minutes=1)))
    assert (late.condition, late.way) == (Condition.LATE, "tui-sync run News")
    assert "No run has succeeded since 2026-" in late.sentence


def test_nobody_is_late_before_its_time_has_begun_or_while_all_schedules_are_paused() -> None:
    long_ago = run(ago=30 * DAY)
    assert condition(DAILY, long_ago).condition is Condition.LATE
    assert condition(DAILY, long_ago, paused=True) == Health()
    assert condition(replace(DAILY, since=NOW - DAY), long_ago) == Health()
    assert condition(replace(DAILY, initiated=NOW - DAY)) == Health()
    assert condition(replace(DAILY, initiated=None)) == Health()


def test_a_one_time_sync_is_late_a_day_after_it_was_due_or_broke_off_and_never_once_it_has_run() -> None:
    once = replace(DAILY, schedule=Schedule(frequency=Frequency.ONCE))
    assert condition(once, due=NOW - DAY) == Health()
    assert condition(once, due=NOW - 2 * DAY).condition is Condition.LATE
    assert condition(once, run(Result.INTERRUPTED, ago=2 * DAY)).condition is Condition.LATE
    assert condition(once, run(Result.INTERRUPTED)) == Health()
    assert condition(once, run(ago=30 * DAY)) == Health()


def test_a_change_of_the_condition_is_told_once_and_so_is_its_end() -> None:
    broken = Health(condition=Condition.FAILING, sentence="It failed.", run="7")
    alert = changed({}, "s1", "News", broken, NOW)
    assert alert is not None
    assert (alert.before, alert.after, alert.sentence, alert.run) == (Condition.WELL, Condition.FAILING, "It failed.", "7")
    assert changed({"s1": Condition.FAILING}, "s1", "News", broken, NOW) is None
    over = changed({"s1": Condition.FAILING}, "s1", "News", Health(), NOW)
    assert over is not None
    assert (over.after, over.sentence) == (Condition.WELL, "It is well again.")
    assert changed({}, "s1", "News", Health(), NOW) is None
