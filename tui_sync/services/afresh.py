"""People whose record is to be decided anew although it has not changed: the next run of their syncs fetches everything."""

from __future__ import annotations

from collections.abc import Iterable

from tui_sync.model.ledger import RecordEntry
from tui_sync.services.desk import Desk
from tui_sync.store.workspace import Workspace


def decide_anew(desk: Desk, entries: Iterable[RecordEntry], because: str) -> tuple[str, ...]:
    """Ask for a full fetch by every sync that selects one of the records, for the reason given; the names of the syncs."""
    space = desk.workspace
    named: set[str] = set()
    for sync_id in {entry.sync for entry in entries if entry.matched and not entry.deleted}:
        sync = space.syncs.get(sync_id)
        if sync is None or sync.deleted is not None:
            continue
        named.add(sync.name)
        space.ledger.ask_for_all(sync_id, because)
    return tuple(sorted(named))


def begin_anew(space: Workspace, because: str) -> None:
    """Have every sync fetch everything and read its list: Recruit and the hub have gone on since what the workspace knows of
    them. To be called within a batch."""
    ledger = space.ledger
    for sync in space.syncs.every():
        ledger.ask_for_all(sync.id, because)
        reading = ledger.reading(sync.list_key)
        if reading is not None:
            ledger.drop(reading)
