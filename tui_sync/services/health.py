"""How every sync and the schedules as a whole are."""

from __future__ import annotations

from tui_sync.services import schedules, syncs
from tui_sync.services.desk import Desk
from tui_sync.services.schedules import LOCK, NEXT, Overview


def overview(desk: Desk) -> Overview:
    """The health of every sync, oldest first, and who runs the schedules."""
    rows = syncs.listing(desk)[::-1]
    return Overview(
        syncs=tuple((row.name, row.health) for row in rows),
        holder=desk.workspace.locks.holder(LOCK),
        waits=desk.workspace.locks.holder(NEXT),
        pause=schedules.pause(desk),
        idle=schedules.nobody(desk, scheduled=any(row.slot is not None for row in rows)),
    )
