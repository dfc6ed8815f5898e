"""People whose record is to be decided anew although it has not changed: the next run of their syncs fetches everything."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tui_sync.model.ledger import RecordEntry
from tui_sync.services.desk import Desk


def decide_anew(desk: Desk, entries: Iterable[RecordEntry], because: str) -> tuple[str, ...]:
    """Ask for a full fetch by every sync that selects one of the records, for the reason given; the names of the syncs.

    A sync that has not run to its end yet fetches everything anyway.
    """
    space = desk.workspace
    named = {}
    for sync_id in {entry.sync for entry in entries if entry.matched and not entry.deleted}:
        sync, cursor = space.syncs.get(sync_id), space.ledger.cursor(sync_id)
        if sync is None or sync.deleted is not None:
            continue
        named[sync.name] = True
        if cursor is not None:
            space.ledger.put(msgspec.structs.replace(cursor, full_because=because))
    return tuple(sorted(named))
