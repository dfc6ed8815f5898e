"""The definitions that files gave to syncs, on rows."""

from __future__ import annotations

from tui_sync.model.applied import Applied
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"applied": TableSpec(key="sync")}


class AppliedDefinitions:
    """One for each sync that a file has named."""

    def __init__(self, db: RowsDB) -> None:
        self._shelf = Shelf(db, "applied", Applied)

    def get(self, sync_id: str) -> Applied | None:
        """What was applied to the sync last."""
        return self._shelf.get(sync_id)

    def put(self, applied: Applied) -> None:
        """Keep it."""
        self._shelf.put(applied)
