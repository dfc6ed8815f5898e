"""What tests of the limits say about a stage: so many initiated, so much used, another plan."""

from __future__ import annotations

import msgspec

from tests.engine.stage import Stage
from tui_sync.model.limits import Limits
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import limits, syncs


def draft(stage: Stage, name: str) -> Sync:
    """A draft of that name."""
    stage.sync(name)
    stage.change(name, state=SyncState.DRAFT, initiated=None)
    return stage.desk.sync(name)


def initiated(stage: Stage, *names: str) -> list[SyncState]:
    """Initiate new syncs; gives their states."""
    for name in names:
        draft(stage, name)
    return [syncs.activate(stage.desk, name).state for name in names]


def away(stage: Stage, *names: str) -> None:
    """Free the places of these syncs."""
    for name in names:
        syncs.deactivate(stage.desk, name)


def named(first: int, last: int) -> list[str]:
    """Names with these numbers."""
    return [f"S{number}" for number in range(first, last + 1)]


def used(stage: Stage) -> tuple[int, int, int]:
    """Used this month, today, places."""
    now = limits.quota(stage.desk).used
    return now.month, now.day, now.active


def state(stage: Stage, name: str) -> SyncState:
    """The state of a sync."""
    return stage.desk.sync(name).state


def allow(stage: Stage, **changed: int) -> None:
    """Another plan."""
    settings = msgspec.structs.replace(stage.space.settings, limits=Limits(**changed))
    stage.space.meta.write("settings", settings)


def a_full_day(stage: Stage) -> None:
    """Ten syncs initiated today, all places free again."""
    for name in named(1, 10):
        initiated(stage, name)
        away(stage, name)
