"""How long a write waits while another program writes in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tui_sync.services.desk import Desk
from tui_sync.store.trouble import PATIENCE, WAIT

IN_SCREENS = 1.0
"""Seconds that a key waits in the screens, which stand still meanwhile; what takes longer is refused, and they go on. A run of
another program commits page after page: beside one that is as fast as it can be a shorter wait would refuse some keys."""

LOOK = 0.2
"""Seconds between two looks whether another program still writes."""
LOOKS = round(WAIT / LOOK)
"""How many there are at most: as long as a write itself would wait."""


@contextmanager
def waiting_at_most(seconds: float | None) -> Iterator[None]:
    """What is called inside, and the tasks that begin there, wait at most so long; None: as long as everybody."""
    before = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(before)


async def free(desk: Desk) -> None:
    """Wait beside the event loop while another program writes."""
    for _ in range(LOOKS):
        if not desk.workspace.db.held_by():
            return
        await desk.clock.sleep(LOOK)
