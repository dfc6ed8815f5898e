"""Small documents of which a workspace has one each: counters, settings, the connection."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from tui_sync.model.errors import Damaged
from tui_sync.store.rowfile import Statement
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"meta": TableSpec(key="name")}
COUNTED = "SELECT json_extract(doc, '$.value') AS number FROM meta WHERE [$name] = ?"
"""The last number of a counter, by `counter`, as a part of other statements."""
COUNT_UP = """INSERT INTO meta(doc, [$name]) VALUES (json_object('name', ?, 'value', 1), ?)
              ON CONFLICT([$name]) DO UPDATE SET doc = json_set(doc, '$.value', json_extract(doc, '$.value') + 1)"""

T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True):
    """One document by name."""

    name: str
    value: Any


def counter(name: str) -> str:
    """The name of the document of a counter."""
    return f"count:{name}"


class Meta:
    """Named documents and counters."""

    def __init__(self, db: RowsDB) -> None:
        self._db = db
        self._shelf = Shelf(db, "meta", Entry)

    def count_up(self, name: str) -> int:
        """The next number of a counter, from 1 on; never given twice."""
        with self._db.batch():
            number = self.counted(name) + 1
            self._shelf.put(Entry(counter(name), number))
        return number

    def counting_up(self, name: str) -> Statement:
        """What counts up in a commit that is made later: statements behind it find the number as `COUNTED`."""
        return COUNT_UP, (counter(name), counter(name))

    def counted(self, name: str) -> int:
        """The last number that a counter gave; 0 before the first."""
        last = self._shelf.get(counter(name))
        return int(last.value) if last is not None else 0

    def read(self, name: str, kind: type[T]) -> T | None:
        """The document as `kind`. Raises Damaged where it is something else."""
        entry = self._shelf.get(name)
        if entry is None:
            return None
        try:
            return msgspec.convert(entry.value, kind)
        except msgspec.ValidationError as error:
            raise Damaged(f"The workspace's document {name} is damaged: {error}.", "See: tui-sync doctor") from error

    def write(self, name: str, value: msgspec.Struct) -> None:
        """Write the document."""
        self._shelf.put(Entry(name, msgspec.to_builtins(value)))
