"""Schedules where the workspace takes nothing at present: another program holds it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.engine.crew import Crew
from tests.engine.stage import Stage
from tests.engine.test_supervisor import DAILY, NO_ANSWER, breaks
from tui_sync.model.errors import RunError
from tui_sync.model.health import Alert
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Frequency, Sync
from tui_sync.services import supervisor, syncs
from tui_sync.services.patience import LOOKS


@pytest.fixture
def crew(stage: Stage) -> Crew:
    """A crew on a stage with an active sync that runs every day, and has run today."""
    stage.people(3)
    stage.sync("Newsletter")
    stage.change("Newsletter", schedule=DAILY)
    stage.run("Newsletter")
    return Crew(stage)


@contextmanager
def held(stage: Stage) -> Iterator[sqlite3.Connection]:
    """Another program writes in the workspace, and nobody waits for its end here."""
    stage.space.db.rows.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(stage.space.db.rows.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_turn_that_the_workspace_refuses_is_told_once_and_taken_again(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, pauses = crew.stage, 0
    stage.clock.pass_by(days=1)
    with held(stage) as other:

        async def sleep(seconds: float) -> None:
            nonlocal pauses
            pauses += 1
            if pauses == 3 * LOOKS:
                other.rollback()
            stage.clock.pass_by(seconds=seconds)
            await asyncio.sleep(0)

        async def until_it_runs() -> None:
            going = asyncio.create_task(crew.supervisor.run())
            while len(crew.runs()) == 1 and not going.done():
                await asyncio.wait([going], timeout=0.01)
            assert not going.done()
            going.cancel()
            await asyncio.wait([going])

        monkeypatch.setattr(stage.clock, "sleep", sleep)
        stage.wait_for(until_it_runs())
    assert ["has been held by another process" in told for told in crew.told] == [True]


def test_a_run_that_neither_begins_nor_can_be_logged_is_told_and_tried_again(crew: Crew) -> None:
    stage = crew.stage
    crew.turn()
    stage.clock.pass_by(days=1)
    sync, [row] = stage.desk.sync("Newsletter"), syncs.listing(stage.desk)
    with held(stage):
        stage.wait_for(crew.supervisor._go(sync, row))
    assert "Newsletter could not be run: " in crew.told[0]
    assert crew.turn() == []
    stage.clock.moment += supervisor.AGAIN
    assert crew.turn() == ["Newsletter"]


def test_an_interrupted_run_that_cannot_be_gone_on_with_at_present_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(page: int) -> None:
        raise KeyboardInterrupt

    async def refuse(sync: Sync, remark: str) -> object:
        raise RunError("The disk is full.")

    stage.people(3)
    stage.sync("Once", frequency=Frequency.ONCE)
    stage.recruit.on_page = break_off
    with pytest.raises(KeyboardInterrupt):
        stage.run("Once")
    stage.recruit.on_page = lambda page: None
    crew = Crew(stage, resumes=True)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(crew, "start", refuse)
        crew.turn()
    assert crew.told == ["Once could not be run: The disk is full."]
    stage.clock.pass_by(minutes=10)
    assert (crew.turn(), crew.turn()) == (["Once"], [])
    assert [run.result for run in crew.runs()] == [Result.COMPLETED]


def test_an_alert_that_is_on_its_way_when_the_program_ends_is_logged_as_not_delivered(crew: Crew) -> None:
    async def never(alert: Alert) -> str:
        await asyncio.Event().wait()
        return alert.sentence

    async def end_meanwhile() -> None:
        crew.supervisor.turn()
        await asyncio.wait(crew.supervisor._going.values())
        crew.supervisor.turn()
        await asyncio.sleep(0)
        await crew.supervisor.stop()

    crew.stage.desk.post = never
    breaks(crew.stage, NO_ANSWER)
    crew.stage.clock.pass_by(days=1)
    crew.stage.wait_for(end_meanwhile())
    said = "the alert that Newsletter is failing was not delivered: the program ended before it was taken."
    assert said in [line.what for line in crew.stage.space.log.lines()]
