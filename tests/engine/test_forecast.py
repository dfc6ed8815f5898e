"""The forecast of a workspace: from its schedules, its queued syncs and what has run."""

from __future__ import annotations

from tests.engine.limited import a_full_day, allow, initiated
from tests.engine.stage import Stage
from tui_sync.model.sync import Frequency, Schedule, SyncState
from tui_sync.services.forecast import outlook


def due(stage: Stage) -> list[int]:
    return [day.due for day in outlook(stage.desk).forecast.days]


def test_each_active_sync_counts_on_the_days_of_its_schedule(stage: Stage) -> None:
    stage.sync("Daily")
    stage.sync("Weekly")
    stage.change("Weekly", schedule=Schedule(frequency=Frequency.WEEKLY, on="wednesday", at="09:00"))
    stage.sync("Paused")
    stage.change("Paused", state=SyncState.INACTIVE)
    found = due(stage)
    assert [place for place, number in enumerate(found) if number == 2] == [2, 9, 16, 23, 30]
    assert found.count(1) == 26


def test_one_overdue_counts_for_today_and_one_that_ran_does_not_count_twice(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A", frequency=Frequency.ONCE)
    stage.clock.pass_by(days=3)
    assert due(stage) == [1] + [0] * 30
    stage.run("A")
    assert due(stage) == [1] + [0] * 30
    stage.clock.pass_by(days=1)
    assert due(stage) == [0] * 31


def test_a_queued_sync_counts_from_its_start_on_and_for_the_month_that_lets_it_in(stage: Stage) -> None:
    a_full_day(stage)
    initiated(stage, "A", "B")
    allow(stage, month=11)
    now = outlook(stage.desk)
    assert now.forecast.month == 11
    assert [day.due for day in now.forecast.days] == [10] + [1] * 29 + [2]
    assert [sync.name for sync, _ in now.queued] == ["A", "B"]
