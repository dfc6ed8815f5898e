"""A clock that was wrong for a while, here or at Recruit: nothing waits for what it showed, and no change is missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from tests.engine.crew import Crew
from tests.engine.stage import Stage
from tui_sync.engine.ports import Page, Query
from tui_sync.model.errors import AlreadyRunning
from tui_sync.model.limits import Limits
from tui_sync.model.sync import Frequency, Schedule
from tui_sync.model.workspace import Settings
from tui_sync.services import running, schedules

DAILY = Schedule(frequency=Frequency.DAILY, at="09:00")
AHEAD = timedelta(days=400)


@pytest.fixture
def crew(stage: Stage) -> Crew:
    """A crew on a stage with an active sync that runs every day at 09:00 in Kolkata, and has run today."""
    stage.people(2)
    stage.sync("Newsletter")
    stage.change("Newsletter", schedule=DAILY)
    stage.run("Newsletter")
    return Crew(stage)


def test_a_run_that_a_wrong_clock_dated_ahead_does_not_stop_the_schedule_until_then(crew: Crew) -> None:
    stage = crew.stage
    stage.clock.moment += AHEAD
    assert crew.turn() == ["Newsletter"]
    stage.clock.moment -= AHEAD
    assert crew.turn() == []
    stage.clock.pass_by(days=1)
    assert crew.turn() == ["Newsletter"]
    assert crew.runs()[0].notes[0].startswith("Catches up: due Tue 2026-03-03 09:00, 1 run missed")
    assert crew.turn() == []


def test_a_run_is_not_deferred_to_the_day_after_that_of_a_wrong_clock(crew: Crew) -> None:
    stage = crew.stage
    stage.space.meta.write("settings", Settings(timezone="Asia/Kolkata", limits=Limits(day=1)))
    stage.sync("Second", "Other")
    stage.change("Second", schedule=msgspec.structs.replace(DAILY, at="10:00"))
    stage.clock.moment += AHEAD
    assert crew.turn() == ["Newsletter", "Second"]
    assert list(schedules.deferrals(stage.desk)) == ["Second"]
    stage.clock.moment -= AHEAD
    stage.space.meta.write("settings", Settings(timezone="Asia/Kolkata"))
    stage.clock.pass_by(days=1)
    assert crew.turn() == ["Newsletter", "Second"]


def test_a_run_that_could_not_begin_is_tried_again_though_the_clock_was_set_back(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = crew.stage

    async def busy(*_: object, **__: object) -> object:
        raise AlreadyRunning("Somebody runs it.")

    stage.clock.pass_by(days=2)
    with monkeypatch.context() as patched:
        patched.setattr(running, "start", busy)
        assert crew.turn() == ["Newsletter"]
    stage.clock.pass_by(days=-1)
    assert crew.turn() == ["Newsletter"]


def test_a_look_at_the_schedules_by_a_clock_that_was_ahead_does_not_pass_for_a_recent_one(stage: Stage) -> None:
    stage.clock.moment += AHEAD
    schedules.note_turn(stage.desk)
    stage.clock.moment -= AHEAD
    assert schedules.nobody(stage.desk, scheduled=True).startswith("No daemon and no screen runs the schedules")


def test_what_changes_while_the_clock_of_recruits_server_is_some_hours_ahead_is_fetched_by_the_next_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    listed = stage.recruit.records

    async def dated_ahead(query: Query) -> AsyncIterator[Page]:
        async for page in listed(query):
            yield msgspec.structs.replace(page, answered=page.answered + timedelta(hours=6))

    with monkeypatch.context() as patched:
        patched.setattr(stage.recruit, "records", dated_ahead)
        stage.run("Newsletter")
    stage.clock.pass_by(hours=1)
    stage.people(1, first=3)
    stage.clock.pass_by(days=1)
    run = stage.run("Newsletter")
    assert (run.full, stage.members()) == (False, {"p1", "p2", "p3"})


def test_copies_that_a_clock_ahead_of_time_has_left_make_room_for_those_of_today(stage: Stage) -> None:
    backups = stage.space.backups
    stage.clock.pass_by(days=30)
    for _ in range(7):
        stage.clock.pass_by(days=1)
        backups.make_daily(stage.clock.now())
    stage.clock.pass_by(days=-37)
    days = []
    for _ in range(2):
        backups.make_daily(stage.clock.now())
        days.append(stage.clock.now().date())
        assert not backups.due(stage.clock.now())
        stage.clock.pass_by(days=1)
    assert {backup.made.date() for backup in backups.all()} >= set(days)
    assert len(backups.all()) == 7
