"""Work on what a sync remembers, while no run of it and no run that writes its list goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tui_sync.engine.alone import locks_of
from tui_sync.model.errors import AlreadyRunning
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.services.desk import Desk


@contextmanager
def alone_with(desk: Desk, sync: Sync, what: str) -> Iterator[None]:
    """Hold the sync and its list for what is done inside. Raises AlreadyRunning where a run holds one of them."""
    locks = desk.workspace.locks
    with ExitStack() as held:
        for lock in locks_of(sync):
            holder = locks.take(lock, f"{what} {visible(sync.name)}")
            if holder:
                raise AlreadyRunning(f'"{visible(sync.name)}" or its list is in use: {holder}.', "Wait for its end.")
            held.callback(locks.release, lock)
        yield
