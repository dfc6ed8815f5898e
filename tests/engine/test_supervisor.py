"""The supervisor beside the clock: deferral, the pause of all schedules, other runs, changes of condition."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.engine.crew import Crew
from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import RunError, Unreachable
from tui_sync.model.health import Alert, Condition
from tui_sync.model.limits import Limits
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import Frequency, Schedule, SyncState
from tui_sync.model.workspace import Level, Settings
from tui_sync.present.health import health_lines
from tui_sync.services import health, schedules, syncs
from tui_sync.services.log import listing as log_lines
from tui_sync.services.supervisor import AT_ONCE
from tui_sync.services.unforeseen import LOG

NO_ANSWER = Unreachable("The host gave no answer.")
DAILY = Schedule(frequency=Frequency.DAILY, at="09:00")


@pytest.fixture
def crew(stage: Stage) -> Crew:
    """A crew on a stage with an active sync that runs every day at 09:00 in Kolkata, and has run today."""
    stage.people(3)
    stage.sync("Newsletter")
    stage.change("Newsletter", schedule=DAILY)
    stage.run("Newsletter")
    return Crew(stage)


def breaks(stage: Stage, error: BaseException | None = None) -> None:
    """Let every fetch fail from now on; without an error let them work again."""

    def fail(page: int) -> None:
        if error is not None:
            raise error

    stage.recruit.on_page = fail


def days(crew: Crew, number: int) -> None:
    """So many days pass, each with its turn."""
    for _ in range(number):
        crew.stage.clock.pass_by(days=1)
        crew.turn()


def changes(crew: Crew) -> list[tuple[Condition, Condition]]:
    return [(alert.before, alert.after) for alert in crew.alerts]


# limits


def test_a_run_beyond_the_days_limit_is_deferred_to_the_next_day_logged_once_and_shown(crew: Crew) -> None:
    stage = crew.stage
    stage.space.meta.write("settings", Settings(timezone="Asia/Kolkata", limits=Limits(day=1)))
    stage.sync("Second", "Other")
    stage.change("Second", schedule=msgspec.structs.replace(DAILY, at="10:00"))
    stage.clock.pass_by(days=1)
    assert crew.turn() == ["Newsletter", "Second"]
    assert crew.turn() == []
    row = next(row for row in syncs.listing(stage.desk) if row.name == "Second")
    assert row.deferred is not None
    assert (f"{row.deferred.astimezone(stage.space.zone):%m-%d %H:%M}", row.next) == ("03-04 00:00", row.deferred)
    assert row.health.condition is Condition.DEFERRED
    lines = [line for line in log_lines(stage.desk) if "is deferred to 2026-03-04 00:00" in line.what]
    assert [line.level for line in lines] == [Level.WARNING]
    # of the run itself nothing is kept: what is due follows from the schedule
    assert msgspec.to_builtins(schedules.deferrals(stage.desk)) == {row.id: {"until": "2026-03-04T00:00:00+05:30"}}
    stage.clock.moment = row.deferred
    assert crew.turn() == ["Second"]
    assert crew.runs("Second")[0].notes == ("Deferred from Tue 2026-03-03 10:00: the limit of that day was used up.",)
    assert schedules.deferrals(stage.desk) == {}


def test_a_deferral_that_an_earlier_version_kept_is_still_one(crew: Crew) -> None:
    stage = crew.stage
    now = stage.clock.now()

    class Kept(msgspec.Struct):
        by_sync: dict[str, dict[str, datetime]]

    stage.space.meta.write(schedules.DEFERRED, Kept({"Newsletter": {"slot": now, "until": now + timedelta(days=2)}}))
    stage.clock.pass_by(days=1)
    assert crew.turn() == []
    stage.clock.pass_by(days=1)
    assert crew.turn() == ["Newsletter"]


def test_queued_syncs_become_active_before_what_is_scheduled(crew: Crew) -> None:
    stage = crew.stage
    stage.space.meta.write("settings", Settings(timezone="Asia/Kolkata", limits=Limits(day=1)))
    stage.sync("Waiting", "Other", frequency=Frequency.ONCE)
    stage.change("Waiting", state=SyncState.QUEUED)
    assert crew.turn() == []
    stage.clock.pass_by(days=1)
    crew.turn()
    assert [run.sync for run in crew.runs()] == ["Waiting", "Newsletter"]
    assert stage.desk.sync("Waiting").state is SyncState.COMPLETED
    assert "Waiting waited for a free day and is active now." in crew.told


# the pause of all schedules


def test_while_all_schedules_are_paused_nothing_starts_and_afterwards_each_is_caught_up_once(crew: Crew) -> None:
    stage = crew.stage
    schedules.pause_all(stage.desk)
    assert schedules.pause_all(stage.desk) == schedules.pause(stage.desk)
    days(crew, 4)
    assert len(crew.runs()) == 1
    assert stage.run("Newsletter").result is Result.COMPLETED
    days(crew, 2)
    assert stage.desk.sync("Newsletter").state is SyncState.ACTIVE
    assert crew.alerts == []
    assert schedules.resume_all(stage.desk)
    assert not schedules.resume_all(stage.desk)
    assert crew.turn() == ["Newsletter"]
    assert "2 runs missed" in crew.runs()[0].notes[0]
    assert crew.turn() == []
    told = [line.what for line in log_lines(stage.desk)]
    assert "paused all schedules" in told
    assert any(what.startswith("resumed all schedules, paused since") for what in told)


# other runs


def test_a_run_that_goes_on_elsewhere_is_neither_started_nor_a_failure(crew: Crew) -> None:
    stage = crew.stage
    sync = stage.desk.sync("Newsletter")
    stage.clock.pass_by(days=1)
    stage.space.locks.take(f"sync:{sync.id}", "a run elsewhere")
    assert crew.turn() == []
    stage.space.locks.release(f"sync:{sync.id}")
    assert crew.turn() == ["Newsletter"]
    assert crew.told == []


@pytest.mark.parametrize(("resumes", "goes_on"), [(True, ["Newsletter"]), (False, [])])
def test_only_the_daemon_goes_on_with_interrupted_runs_of_active_syncs(resumes: bool, goes_on: list[str], crew: Crew) -> None:
    stage = crew.stage
    breaks(stage, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        stage.run("Newsletter")
    breaks(stage)
    another = Crew(stage, resumes=resumes)
    assert another.turn() == goes_on
    if resumes:
        assert [(run.id, run.result, run.notes) for run in another.runs()[:1]] == [("2", Result.COMPLETED, ())]


def test_the_daemon_goes_on_with_more_interrupted_runs_than_it_makes_at_a_time(stage: Stage) -> None:
    names = [f"Sync {number}" for number in range(AT_ONCE + 2)]
    stage.people(3)
    breaks(stage, KeyboardInterrupt())
    for name in names:
        stage.sync(name, name)
        with pytest.raises(KeyboardInterrupt):
            stage.run(name)
    breaks(stage)
    another = Crew(stage, resumes=True)
    assert sorted(another.turn()) == names
    assert {run.result for run in another.runs()} == {Result.COMPLETED}
    assert another.turn() == []


def test_what_nobody_foresaw_in_one_run_stops_nobody_else_and_is_tried_again_later(crew: Crew) -> None:
    stage = crew.stage
    stage.sync("Second", "Other")
    stage.change("Second", schedule=DAILY)
    stage.recruit.queries.clear()

    def surprise(page: int) -> None:
        if len(stage.recruit.queries) == 1:
            raise ZeroDivisionError

    stage.recruit.on_page = surprise
    stage.clock.pass_by(days=1)
    assert sorted(crew.turn()) == ["Newsletter", "Second"]
    assert [type(fault) for fault in crew.faults] == [ZeroDivisionError]
    results = {run.sync: run.result for run in crew.runs()[:2]}
    assert sorted(results.values()) == [Result.COMPLETED, Result.INTERRUPTED]


def test_where_another_supervisor_is_at_work_this_one_waits_says_so_once_and_takes_over(crew: Crew) -> None:
    stage = crew.stage
    stage.clock.pass_by(days=1)
    stage.space.locks.take(schedules.LOCK, "the daemon")
    assert (crew.turn(), crew.turn()) == ([], [])
    assert len(crew.told) == 1
    assert "the daemon" in crew.told[0]
    assert "the daemon" in crew.supervisor.holder
    stage.space.locks.release(schedules.LOCK)
    assert crew.turn() == ["Newsletter"]
    assert crew.supervisor.holder == ""
    stage.wait_for(crew.supervisor.stop())
    assert stage.space.locks.holder(schedules.LOCK) == ""


# conditions


def test_changes_of_condition_are_told_once_each_recovery_included(crew: Crew) -> None:
    stage = crew.stage
    breaks(stage, NO_ANSWER)
    days(crew, 3)
    breaks(stage)
    days(crew, 2)
    assert changes(crew) == [(Condition.WELL, Condition.FAILING), (Condition.FAILING, Condition.WELL)]
    assert crew.posted == crew.alerts
    failing, well = crew.alerts
    assert (failing.sync, failing.run, failing.sentence) == ("Newsletter", "2", f"Its last run has failed: {NO_ANSWER}")
    assert well.sentence == "It is well again."


def test_five_failures_pause_the_sync_and_no_run_follows(crew: Crew) -> None:
    breaks(crew.stage, NO_ANSWER)
    days(crew, 8)
    assert changes(crew) == [(Condition.WELL, Condition.FAILING), (Condition.FAILING, Condition.PAUSED)]
    assert len(crew.runs()) == 6
    syncs.activate(crew.stage.desk, "Newsletter")
    crew.turn()
    assert changes(crew)[-1] == (Condition.PAUSED, Condition.WELL)


def test_a_new_start_does_not_tell_again_what_was_told(crew: Crew) -> None:
    breaks(crew.stage, NO_ANSWER)
    days(crew, 1)
    again = Crew(crew.stage)
    days(again, 1)
    assert again.alerts == []


def test_withheld_removals_are_told_until_they_are_approved_also_while_further_runs_go_on(stage: Stage) -> None:
    records = stage.people(40)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    crew = Crew(stage)
    stage.recruit.delete(*records[:20])
    days(crew, 2)
    assert changes(crew) == [(Condition.WELL, Condition.HELD)]
    stage.approve(crew.runs()[0])
    crew.turn()
    assert changes(crew)[1:] == [(Condition.HELD, Condition.WELL)]


def test_an_alert_that_does_not_arrive_is_logged_and_stops_nothing(crew: Crew) -> None:
    crew.reply = "The webhook answered 500."
    breaks(crew.stage, NO_ANSWER)
    days(crew, 1)
    crew.turn()
    lines = [line.what for line in log_lines(crew.stage.desk, Level.WARNING)]
    assert "the alert that Newsletter is failing was not delivered: The webhook answered 500." in lines
    assert changes(crew) == [(Condition.WELL, Condition.FAILING)]


def test_what_nobody_foresaw_in_posting_an_alert_is_told_logged_and_written_down(crew: Crew) -> None:
    async def surprise(alert: Alert) -> str:
        raise KeyError(alert.sync)

    crew.stage.desk.post = surprise
    breaks(crew.stage, NO_ANSWER)
    days(crew, 1)
    crew.turn()
    log = crew.stage.folder / LOG
    sentence = f"Something went wrong that should not (KeyError); the details are in {log}."
    assert any(told.startswith(f"The alert that Newsletter is failing was not delivered. {sentence}") for told in crew.told)
    lines = [line.what for line in log_lines(crew.stage.desk, Level.WARNING)]
    assert any(line.startswith(f"the alert that Newsletter is failing was not delivered: {sentence}") for line in lines)
    assert "KeyError: 'Newsletter'" in log.read_text()
    assert crew.faults == []


def test_a_sync_that_nobody_runs_is_late_after_twice_its_interval(crew: Crew) -> None:
    stage = crew.stage
    stage.clock.pass_by(days=1, hours=23)
    assert health.overview(stage.desk).syncs[0][1].condition is Condition.WELL
    stage.clock.pass_by(hours=2)
    overview = health.overview(stage.desk)
    assert overview.syncs[0][1].condition is Condition.LATE
    assert "No run has succeeded since 2026-03-02" in overview.syncs[0][1].sentence
    assert overview.idle == "No daemon and no screen runs the schedules."
    crew.turn()
    overview = health.overview(stage.desk)
    assert (overview.syncs[0][1].condition, overview.idle, overview.well) == (Condition.WELL, "", True)
    assert "the test" in overview.holder


@pytest.mark.parametrize("result", [Result.INTERRUPTED, Result.CANCELLED])
def test_a_one_time_sync_whose_run_broke_off_is_late_after_a_day_since_nothing_runs_it_again(crew: Crew, result: Result) -> None:
    stage = crew.stage
    sync = stage.sync("Once", "Other", frequency=Frequency.ONCE)
    stage.clock.pass_by(minutes=1)
    begun = stage.clock.now()
    stage.space.runs.put(RunSummary(id=stage.space.runs.next_id(), sync_id=sync.id, sync="Once", started=begun, result=result))
    stage.clock.pass_by(hours=23)
    assert health.overview(stage.desk).syncs[1][1].condition is Condition.WELL
    stage.clock.pass_by(hours=2)
    told = health.overview(stage.desk).syncs[1][1]
    assert (told.condition, told.way) == (Condition.LATE, "tui-sync run Once")
    assert stage.run("Once").result is Result.COMPLETED
    assert health.overview(stage.desk).syncs[1][1].condition is Condition.WELL


def test_what_a_failed_run_says_ends_before_the_way_out_begins(crew: Crew) -> None:
    breaks(crew.stage, RunError("The key is another one.", "Paste it: tui-sync zsc-key, or Settings (8), z"))
    days(crew, 1)
    [line] = [line for line in health_lines(health.overview(crew.stage.desk), crew.stage.space.zone) if "Newsletter" in line]
    assert line.endswith("or Settings (8), z. See to it: tui-sync run Newsletter")


def test_a_sync_that_is_caught_up_at_once_is_not_told_as_late(crew: Crew) -> None:
    crew.stage.clock.pass_by(days=5)
    assert crew.turn() == ["Newsletter"]
    assert crew.alerts == []


def test_a_failed_start_is_told_and_tried_again_after_a_while(crew: Crew) -> None:
    stage = crew.stage
    stage.clock.pass_by(days=1)
    connector = stage.desk._connector

    def broken() -> None:
        raise RunError("The connection cannot be opened.")

    stage.desk._opened = None
    stage.desk._connector = broken  # type: ignore[assignment]
    assert crew.turn() == ["Newsletter"]
    assert crew.told == ["Newsletter could not be run: The connection cannot be opened."]
    assert crew.turn() == []
    stage.desk._connector = connector
    stage.clock.pass_by(minutes=5)
    assert crew.turn() == ["Newsletter"]
    assert crew.runs()[0].result is Result.COMPLETED
