"""Alone with a list: no two write one list at a time, and no two the embedded hub, where a lead holds all its lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from tui_sync.engine.ports import Hub, Locks, Monitor
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible

HUB = "hub"
"""The lock of the embedded hub."""
LIST_WAIT = 2.0
"""Seconds between two looks at a list that another run is writing."""
HUB_WAIT = 0.1
"""Seconds between two looks at the embedded hub, which a run has for a second or two."""


def list_lock(list_key: str) -> str:
    """The lock of a list."""
    return f"list:{list_key}"


def locks_of(sync: Sync) -> tuple[str, str]:
    """The locks of a sync and of its list, without which no run writes."""
    return f"sync:{sync.id}", list_lock(sync.list_key)


@asynccontextmanager
async def alone_with_list(
    locks: Locks, monitor: Monitor, list_key: str, list_name: str, what: str, hub: Hub | None
) -> AsyncIterator[None]:
    """Hold a list for `what`, waiting while another writes it; `hub`: the hub that is written meanwhile, None for none.

    A page of the embedded hub is committed beside the event loop, some moments after its leads were read: who wrote another
    list of theirs meanwhile would be overwritten. So the whole hub is held, after the list.
    """
    wanted = [(list_lock(list_key), LIST_WAIT, f"the list {visible(list_name)}")]
    if hub is not None and hub.transactional:
        wanted.append((HUB, HUB_WAIT, "the mailing lists of this workspace"))
    with ExitStack() as held:
        for lock, pause, named in wanted:
            while holder := locks.take(lock, what):
                await monitor.wait(pause, f"waiting for {named}: {holder}", a_look=True)
            held.callback(locks.release, lock)
        yield
