"""Unfinished work of the wizard, on rows: it survives the end of the process."""

from __future__ import annotations

from tui_sync.model.draft import Draft
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"drafts": TableSpec(key="key")}


class Drafts:
    """Drafts by key."""

    def __init__(self, db: RowsDB) -> None:
        self._shelf = Shelf(db, "drafts", Draft)

    def get(self, key: str) -> Draft | None:
        """One draft."""
        return self._shelf.get(key)

    def all(self) -> list[Draft]:
        """All drafts, in the order in which they were begun."""
        return list(self._shelf.all())

    def put(self, draft: Draft) -> None:
        """Write one."""
        self._shelf.put(draft)

    def remove(self, key: str) -> bool:
        """Drop one; whether it was there."""
        return self._shelf.remove(key) > 0
