"""How much of the organisation's limits is used: read from what the workspace has on record."""

from __future__ import annotations

import msgspec

from tui_sync.model import limits
from tui_sync.model.sync import SyncState
from tui_sync.model.workspace import UsageKind
from tui_sync.services.desk import Desk

TAKING_A_PLACE = (SyncState.ACTIVE, SyncState.QUEUED)


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """Used and allowed: initiations this month, syncs initiated or run today, syncs active or queued now."""

    month: int
    today: int
    active: int
    month_limit: int = limits.MONTH
    today_limit: int = limits.DAY
    active_limit: int = limits.ACTIVE


def quota(desk: Desk) -> Quota:
    """What is used at this moment; month and day are those of the organisation's time zone."""
    space = desk.workspace
    day = desk.clock.now().astimezone(space.zone).date().isoformat()
    used = space.syncs.usage_in(day[: len("yyyy-mm")])
    return Quota(
        month=sum(usage.kind is UsageKind.INITIATED for usage in used),
        today=len({usage.sync for usage in used if usage.day == day}),
        active=sum(sync.state in TAKING_A_PLACE for sync in space.syncs.all()),
    )
