"""What the workspace remembers of its schedules as a whole: the pause, deferred runs, conditions told, the last turn."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui_sync.model.health import Condition


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """All schedules are paused: since when, and by which system user. Without a moment they are not."""

    since: datetime | None = None
    by: str = ""


class Deferral(msgspec.Struct, frozen=True, kw_only=True):
    """The run of a sync that is due waits until that moment, since the limit of its day was used up."""

    until: datetime


class Deferrals(msgspec.Struct, frozen=True, kw_only=True):
    """Sync id -> its deferral; one whose sync has run since is without effect."""

    by_sync: dict[str, Deferral] = {}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Sync id -> the condition that was told last; syncs that were well are left out."""

    conditions: dict[str, Condition] = {}


class LastTurn(msgspec.Struct, frozen=True, kw_only=True):
    """When a `daemon --once` last looked at the schedules."""

    at: datetime
