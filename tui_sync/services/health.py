"""How every sync and the schedules as a whole are."""

from __future__ import annotations

import msgspec

from tui_sync.model.health import Health
from tui_sync.model.supervision import Pause
from tui_sync.services import schedules, syncs
from tui_sync.services.desk import Desk
from tui_sync.services.schedules import LOCK, NEXT


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How the schedules are: each sync with its health, who runs the schedules (empty: nobody), who waits to take them over
    (empty: nobody), the pause, and what is wrong with the schedules as a whole (empty: nothing)."""

    syncs: tuple[tuple[str, Health], ...]
    holder: str
    pause: Pause
    idle: str = ""
    waits: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to look after. A pause counts: it must not be forgotten."""
        return not (self.idle or self.pause.since or any(health.sentence for _, health in self.syncs))


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
