"""Named case *limits*: 10 a day and one more, 10 active and one more, 50 a month and one more, the month's turn in the
organisation's zone; and what is free of charge."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.engine.limited import a_full_day, allow, away, initiated, named, state, used
from tests.engine.stage import Stage
from tui_sync.model.errors import LimitRefused
from tui_sync.model.limits import Limit
from tui_sync.model.sync import SyncState
from tui_sync.services import limits, running, syncs

NEW_YEAR = datetime(2025, 12, 31, 18, 30, tzinfo=UTC)
"""Midnight in the zone of the stage's organisation, Asia/Kolkata."""


# ten a day and one more


def test_the_eleventh_initiation_of_a_day_is_queued_and_charged_when_the_next_day_lets_it_in(stage: Stage) -> None:
    a_full_day(stage)
    assert initiated(stage, "S11") == [SyncState.QUEUED]
    assert used(stage) == (10, 10, 1)
    [(waiting, start)] = limits.starting(stage.desk)
    assert (waiting.name, start.isoformat()) == ("S11", "2026-03-03T00:00:00+05:30")
    assert limits.promote(stage.desk) == []
    stage.clock.moment = start
    assert [sync.name for sync in limits.promote(stage.desk)] == ["S11"]
    assert used(stage) == (11, 1, 1)
    assert stage.desk.sync("S11").initiated == start


def test_queued_syncs_become_active_the_oldest_first_before_anything_else_takes_the_day(stage: Stage) -> None:
    a_full_day(stage)
    for name in ("Late", "Later"):
        initiated(stage, name)
        stage.clock.pass_by(minutes=1)
    allow(stage, day=1)
    stage.clock.pass_by(days=1)
    assert initiated(stage, "New") == [SyncState.QUEUED]
    assert [state(stage, name) for name in ("Late", "Later", "New")] == [
        SyncState.ACTIVE, SyncState.QUEUED, SyncState.QUEUED,
    ]  # fmt: skip
    days = [start.date().isoformat() for _, start in limits.starting(stage.desk)]
    assert days == ["2026-03-04", "2026-03-05"]


def test_a_queued_sync_is_not_run_and_says_from_when_it_is_active(stage: Stage) -> None:
    a_full_day(stage)
    initiated(stage, "S11")
    with pytest.raises(LimitRefused, match=r'"S11" is queued and becomes active on 2026-03-03 00:00 Asia/Kolkata\.') as refused:
        stage.run("S11")
    assert refused.value.until == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    stage.clock.pass_by(days=1)
    assert stage.run("S11").result == "completed"
    assert used(stage) == (11, 1, 1)


def test_activating_a_queued_sync_again_leaves_it_queued(stage: Stage) -> None:
    a_full_day(stage)
    initiated(stage, "S11")
    assert syncs.activate(stage.desk, "S11").state is SyncState.QUEUED
    assert used(stage) == (10, 10, 1)


def test_deactivating_a_queued_sync_frees_its_place_and_it_is_initiated_like_a_draft_later(stage: Stage) -> None:
    a_full_day(stage)
    initiated(stage, "S11")
    away(stage, "S11")
    assert used(stage) == (10, 10, 0)
    stage.clock.pass_by(days=1)
    assert syncs.activate(stage.desk, "S11").state is SyncState.ACTIVE
    assert used(stage) == (11, 1, 1)


def test_the_eleventh_sync_to_run_on_a_day_is_refused_with_the_moment_from_which_it_can(stage: Stage) -> None:
    stage.people(1)
    allow(stage, active=20)
    for name in named(1, 11):
        stage.sync(name)
    for name in named(1, 10):
        stage.run(name)
    with pytest.raises(LimitRefused) as refused:
        stage.run("S11")
    assert str(refused.value) == (
        'All 10 syncs of today, 2026-03-02, are used. "S11" can run from 2026-03-03 00:00 Asia/Kolkata on.'
    )
    assert refused.value.until == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    assert limits.why_no_run(stage.desk, stage.desk.sync("S11")) == str(refused.value)
    assert used(stage) == (0, 10, 11)
    assert stage.space.runs.all(stage.desk.sync("S11").id) == []
    stage.clock.moment = refused.value.until or stage.clock.moment
    assert stage.run("S11").result == "completed"


# ten active and one more


def test_the_eleventh_active_sync_is_refused_until_somebody_makes_room(stage: Stage) -> None:
    initiated(stage, *named(1, 10))
    stage.clock.pass_by(days=1)
    with pytest.raises(LimitRefused) as refused:
        initiated(stage, "S11")
    assert str(refused.value) == (
        "All 10 places of active syncs are taken. Deactivate a sync first: tui-sync deactivate NAME"
    )
    assert (refused.value.limit, refused.value.until) == (Limit.ACTIVE, None)
    assert state(stage, "S11") is SyncState.DRAFT
    away(stage, "S1")
    assert syncs.activate(stage.desk, "S11").state is SyncState.ACTIVE
    assert used(stage) == (11, 1, 10)


def test_a_queued_sync_has_its_place_already(stage: Stage) -> None:
    a_full_day(stage)
    assert initiated(stage, *named(11, 20)) == [SyncState.QUEUED] * 10
    with pytest.raises(LimitRefused, match="All 10 places"):
        initiated(stage, "S21")
    stage.clock.pass_by(days=1)
    assert len(limits.promote(stage.desk)) == 10
    assert used(stage) == (20, 10, 10)


def test_taking_a_sync_up_again_needs_a_place_and_costs_neither_month_nor_day(stage: Stage) -> None:
    initiated(stage, *named(1, 10))
    away(stage, "S1")
    assert used(stage) == (10, 10, 9)
    assert syncs.activate(stage.desk, "S1").state is SyncState.ACTIVE
    assert used(stage) == (10, 10, 10)
    away(stage, "S1")
    stage.sync("Another")
    with pytest.raises(LimitRefused, match="All 10 places"):
        syncs.activate(stage.desk, "S1")
    assert state(stage, "S1") is SyncState.INACTIVE


def test_a_broken_sync_needs_a_place_too_when_it_is_mended(stage: Stage) -> None:
    allow(stage, active=1)
    initiated(stage, "A")
    stage.change("A", state=SyncState.BROKEN)
    stage.sync("B")
    with pytest.raises(LimitRefused, match="The only place"):
        syncs.activate(stage.desk, "A")


def test_deleting_frees_the_place_and_gives_back_neither_month_nor_day(stage: Stage) -> None:
    initiated(stage, *named(1, 10))
    gone = stage.desk.sync("S1")
    syncs.delete(stage.desk, "S1")
    assert used(stage) == (10, 10, 9)
    stage.sync("Another")
    with pytest.raises(LimitRefused, match="All 10 places"):
        syncs.put_back(stage.desk, gone)
    assert stage.space.syncs.named("S1") is None
    away(stage, "Another")
    assert syncs.put_back(stage.desk, gone).state is SyncState.ACTIVE
    assert used(stage) == (10, 10, 10)


# fifty a month and one more


def fifty(stage: Stage) -> None:
    """Initiate fifty syncs in five days; the last day of them is the present one."""
    for day in range(5):
        names = named(day * 10 + 1, day * 10 + 10)
        assert initiated(stage, *names) == [SyncState.ACTIVE] * 10
        away(stage, *names)
        stage.clock.pass_by(days=1)


def test_the_fifty_first_initiation_of_a_month_is_refused_until_the_first_of_the_next(stage: Stage) -> None:
    fifty(stage)
    with pytest.raises(LimitRefused) as refused:
        initiated(stage, "S51")
    assert str(refused.value) == (
        'All 50 initiations of March 2026 are used. "S51" can be initiated from 2026-04-01 00:00 Asia/Kolkata on; until'
        " then it can be kept as a draft."
    )
    assert (refused.value.limit, used(stage)) == (Limit.MONTH, (50, 0, 0))
    assert limits.why_no_initiation(stage.desk, stage.desk.sync("S51")) == str(refused.value)
    assert syncs.activate(stage.desk, "S1").state is SyncState.ACTIVE, "taking up again costs no initiation"
    stage.clock.moment = refused.value.until or stage.clock.moment
    assert syncs.activate(stage.desk, "S51").state is SyncState.ACTIVE
    assert used(stage) == (1, 1, 2)


def test_the_month_is_told_before_the_places_and_the_places_before_the_day(stage: Stage) -> None:
    a_full_day(stage)
    stage.sync("A")
    allow(stage, month=10, active=1)
    with pytest.raises(LimitRefused, match="initiations of March"):
        initiated(stage, "X")
    allow(stage, active=1)
    with pytest.raises(LimitRefused, match="place of active syncs"):
        syncs.activate(stage.desk, "X")
    allow(stage)
    assert syncs.activate(stage.desk, "X").state is SyncState.QUEUED


def test_a_queued_sync_waits_for_the_next_month_where_this_one_is_used_up_by_then(stage: Stage) -> None:
    a_full_day(stage)
    initiated(stage, "First", "Second")
    allow(stage, month=11)
    starts = [start.isoformat() for _, start in limits.starting(stage.desk)]
    assert starts == ["2026-03-03T00:00:00+05:30", "2026-04-01T00:00:00+05:30"]
    stage.clock.pass_by(days=1)
    assert [sync.name for sync in limits.promote(stage.desk)] == ["First"]
    stage.clock.pass_by(days=1)
    assert limits.promote(stage.desk) == []
    stage.clock.moment = limits.starting(stage.desk)[0][1]
    assert [sync.name for sync in limits.promote(stage.desk)] == ["Second"]


def test_the_month_turns_at_midnight_of_the_organisation(stage: Stage) -> None:
    stage.clock.moment = NEW_YEAR.replace(minute=29)
    allow(stage, month=1)
    assert initiated(stage, "A") == [SyncState.ACTIVE]
    with pytest.raises(LimitRefused, match=r"December 2025 .* from 2026-01-01 00:00 Asia/Kolkata") as refused:
        initiated(stage, "B")
    assert refused.value.until == NEW_YEAR
    stage.clock.moment = NEW_YEAR
    assert syncs.activate(stage.desk, "B").state is SyncState.ACTIVE
    assert used(stage) == (1, 1, 2)


def test_the_day_turns_at_midnight_of_the_organisation(stage: Stage) -> None:
    stage.clock.moment = NEW_YEAR.replace(minute=5)
    allow(stage, day=1)
    stage.sync("A")
    stage.sync("B")
    stage.wait_for(running.start(stage.desk, "A", stage.control()))
    with pytest.raises(LimitRefused, match="2026-01-01 00:00"):
        stage.wait_for(running.start(stage.desk, "B", stage.control()))
    stage.clock.moment = NEW_YEAR
    assert stage.wait_for(running.start(stage.desk, "B", stage.control())).result == "completed"
