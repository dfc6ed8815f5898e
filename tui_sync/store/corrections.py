"""Accepted corrections on rows."""

from __future__ import annotations

from tui_sync.model.corrections import Correction
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"corrections": TableSpec(key="wrong")}


class Corrections:
    """Corrections by the wrong address."""

    def __init__(self, db: RowsDB) -> None:
        self._shelf = Shelf(db, "corrections", Correction)

    def get(self, wrong: str) -> Correction | None:
        """The correction of an address."""
        return self._shelf.get(wrong)

    def all(self) -> list[Correction]:
        """All of them, oldest first."""
        return list(self._shelf.all())

    def put(self, *corrections: Correction) -> None:
        """Write some; one of the same wrong address is replaced."""
        self._shelf.put_many(corrections)

    def remove(self, wrong: str) -> None:
        """Forget one."""
        self._shelf.remove(wrong)
