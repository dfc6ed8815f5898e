"""Runs that fail again and again: after three a warning, after five the schedule stops."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.office import Office
from tests.engine.stage import Stage
from tui_sync.model.errors import RunError, Throttled, Unreachable
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import SyncState, Trouble
from tui_sync.services import running, syncs

NO_ANSWER = "The host gave no answer."


def breaks(stage: Stage, error: RunError | None = None) -> None:
    """Let every fetch fail from now on; without an error let them work again."""

    def fail(page: int) -> None:
        if error is not None:
            raise error

    stage.recruit.on_page = fail


@pytest.fixture
def failing(stage: Stage) -> Stage:
    """A stage with an active daily sync whose runs fail."""
    stage.people(2)
    stage.sync("Newsletter")
    breaks(stage, Unreachable(NO_ANSWER))
    return stage


def test_the_third_failure_in_a_row_warns_and_the_fifth_stops_the_schedule(failing: Stage) -> None:
    runs = [failing.run("Newsletter") for _ in range(4)]
    assert [bool(run.notes) for run in runs] == [False, False, True, True]
    assert "3 runs in a row have failed" in runs[2].notes[0]
    assert {run.fault for run in runs} == {"Unreachable"}
    assert failing.desk.sync("Newsletter").state is SyncState.ACTIVE
    failing.run("Newsletter")
    sync = failing.desk.sync("Newsletter")
    assert (sync.state, sync.trouble) == (SyncState.INACTIVE, Trouble.FAILURES)
    assert "5 runs in a row have failed" in sync.reason
    assert NO_ANSWER in sync.reason
    assert "activate it again" in sync.reason


def test_a_run_that_works_begins_the_count_anew(failing: Stage) -> None:
    for _ in range(4):
        failing.run("Newsletter")
    breaks(failing)
    assert failing.run("Newsletter").result is Result.COMPLETED
    breaks(failing, Unreachable(NO_ANSWER))
    for _ in range(4):
        failing.run("Newsletter")
    assert failing.desk.sync("Newsletter").state is SyncState.ACTIVE


def test_a_sync_taken_up_again_has_all_its_tries_again_and_no_trouble(failing: Stage) -> None:
    for _ in range(5):
        failing.run("Newsletter")
    active = syncs.activate(failing.desk, "Newsletter")
    assert (active.state, active.trouble, active.reason) == (SyncState.ACTIVE, None, "")
    for _ in range(4):
        failing.run("Newsletter")
    assert failing.desk.sync("Newsletter").state is SyncState.ACTIVE
    failing.run("Newsletter")
    assert failing.desk.sync("Newsletter").state is SyncState.INACTIVE


def test_throttling_and_cancelling_neither_count_nor_begin_the_count_anew(failing: Stage) -> None:
    for _ in range(4):
        failing.run("Newsletter")
    breaks(failing, Throttled("Too many calls."))
    for _ in range(5):
        assert failing.run("Newsletter").fault == "Throttled"
    stopped = failing.control()
    stopped.cancel()
    assert failing.run("Newsletter", control=stopped).result is Result.CANCELLED
    assert failing.desk.sync("Newsletter").state is SyncState.ACTIVE
    breaks(failing, Unreachable(NO_ANSWER))
    failing.run("Newsletter")
    assert failing.desk.sync("Newsletter").state is SyncState.INACTIVE


def test_a_429_that_stays_is_throttling_over_the_wire(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.sync("Everyone")

    async def at_once(seconds: float) -> None:
        """No pause is waited for."""

    office.desk.clock.sleep = at_once  # type: ignore[method-assign]
    office.fault(kind="status", status=429, count=20)
    run = office.run("Everyone")
    assert (run.result, run.fault) == (Result.FAILED, "Throttled")


def test_a_run_that_the_end_of_the_program_breaks_off_goes_on_under_its_number_and_keeps_its_remark(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    leaving = stage.control()
    leaving.break_off()
    with pytest.raises(asyncio.CancelledError):
        stage.wait_for(running.start(stage.desk, "Newsletter", leaving, remark="Catches up."))
    left = stage.space.runs.all()[0]
    assert left.result is Result.INTERRUPTED
    again = stage.run("Newsletter")
    assert (again.id, again.result, again.notes) == (left.id, Result.COMPLETED, ("Catches up.",))
