"""Laws of the limits: whatever is done, by however many processes, used never exceeds them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.limited import allow, draft, named, state, used
from tests.engine.racing import race
from tests.engine.stage import Stage
from tui_sync.model import limits as rules
from tui_sync.model.errors import LimitRefused, TuiSyncError
from tui_sync.model.limits import Limits
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import limits, syncs


def test_of_processes_that_race_for_the_last_place_one_gets_it(stage: Stage) -> None:
    for name in named(1, 9):
        stage.sync(name)
    for name in ("A", "B", "C"):
        draft(stage, name)
    assert race(stage, "activate", ["A", "B", "C"]) == ["active", "refused", "refused"]
    assert used(stage) == (1, 1, 10)


def test_of_processes_that_race_for_the_last_run_of_a_day_one_gets_it(stage: Stage) -> None:
    stage.people(1)
    for name in named(1, 9):
        stage.space.syncs.note_run(name, stage.clock.now())
    for name in ("A", "B"):
        stage.sync(name)
    assert race(stage, "run", ["A", "B"]) == ["completed", "refused"]
    assert used(stage) == (0, 10, 2)
    assert len(stage.space.runs.all()) == 1


ACTIONS = st.lists(
    st.tuples(st.sampled_from(("activate", "deactivate", "run", "delete", "put back", "promote", "day")),
              st.sampled_from(named(1, 6))),
    min_size=15, max_size=40,
)  # fmt: skip


@given(ACTIONS, st.builds(Limits, month=st.integers(1, 6), day=st.integers(1, 3), active=st.integers(1, 4)))
@settings(max_examples=25, deadline=None)
def test_whatever_is_done_no_limit_is_exceeded_and_the_active_were_all_charged(
    actions: list[tuple[str, str]], plan: Limits
) -> None:
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            everything_within(stage, actions, plan)
        finally:
            stage.close()


def everything_within(stage: Stage, actions: list[tuple[str, str]], plan: Limits) -> None:
    allow(stage, month=plan.month, day=plan.day, active=plan.active)
    known = {name: draft(stage, name) for name in named(1, 6)}
    for action, name in actions:
        with suppress(TuiSyncError):  # refused, or not possible in this state
            act(stage, known, action, name)
        month, day, active = used(stage)
        assert month <= plan.month
        assert day <= plan.day
        assert active <= plan.active
        charged = {usage.sync for usage in stage.space.syncs.usage_in("") if usage.kind == "initiated"}
        assert {sync.id for sync in stage.space.syncs.all() if sync.state is SyncState.ACTIVE} <= charged


def act(stage: Stage, known: dict[str, Sync], action: str, name: str) -> None:
    """Do it with the sync of that name; raises where it is refused."""
    match action:
        case "day":
            stage.clock.pass_by(hours=20)
        case "promote":
            limits.promote(stage.desk)
        case "put back":
            syncs.put_back(stage.desk, known[name])
        case "run":
            stage.run(name)
        case _:
            known[name] = stage.desk.sync(name)
            {"activate": syncs.activate, "deactivate": syncs.deactivate, "delete": syncs.delete}[action](stage.desk, name)


def test_an_order_of_checks_holds_for_all_numbers() -> None:
    for month in (0, 1):
        for active in (0, 1):
            for day in (0, 1):
                used_up = rules.Used(month=month, day=day, active=active)
                first = next((limit for limit, full in zip(rules.Limit, (month, active, day), strict=True) if full), None)
                assert rules.of_initiation(Limits(month=1, day=1, active=1), used_up) is first


def test_a_refused_sync_stays_as_it_is(stage: Stage) -> None:
    allow(stage, month=1)
    draft(stage, "A")
    before = draft(stage, "B")
    syncs.activate(stage.desk, "A")
    lines = len(list(stage.space.log.lines()))
    with pytest.raises(LimitRefused):
        syncs.activate(stage.desk, "B")
    assert (stage.desk.sync("B"), state(stage, "B")) == (before, SyncState.DRAFT)
    assert len(list(stage.space.log.lines())) == lines
