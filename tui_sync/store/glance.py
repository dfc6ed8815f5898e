"""A glance at a workspace for shells in the middle of a line: it makes nothing, brings nothing up to date, writes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from tui_sync.model.hub import EmbeddedHub
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import SyncState
from tui_sync.store.leads import DOCUMENT
from tui_sync.store.rowfile import table_sql

FILE = "workspace.db"
SELECT = "SELECT doc FROM {table} WHERE :name IN ('', json_extract(doc, '$.name')) ORDER BY id"
T = TypeVar("T")


class SeenSync(msgspec.Struct, frozen=True):
    """What of a sync is seen in passing."""

    name: str
    state: SyncState
    module: str = ""
    list_name: str = ""
    deleted: object = None


class SeenRun(msgspec.Struct, frozen=True):
    """What of a run is seen in passing."""

    id: str
    sync: str
    result: Result
    withheld: int = 0
    failed: int = 0


class _Noted(msgspec.Struct, frozen=True):
    name: str
    hub_key: str = ""


class _Hub(msgspec.Struct, frozen=True):
    value: EmbeddedHub


class Glance:
    """What the file of a workspace says at this moment, whatever writes to it meanwhile. Raises OSError or sqlite3.Error."""

    def __init__(self, folder: Path) -> None:
        file = (folder / FILE).absolute()
        # Without a write-ahead log nobody has the file open; as immutable it is then read without making one.
        beside = file.with_name(f"{FILE}-wal")
        self._address = f"{file.as_uri()}?mode=ro" + ("" if beside.exists() else "&immutable=1")

    def every_sync(self) -> list[SeenSync]:
        """All syncs, deleted ones included, oldest first."""
        return list(self._rows("syncs", SeenSync))

    def syncs(self) -> list[SeenSync]:
        """The syncs that are not deleted, oldest first."""
        return [sync for sync in self.every_sync() if sync.deleted is None]

    def deleted(self) -> list[str]:
        """The names of deleted syncs that no other sync has by now."""
        gone = {sync.name: None for sync in self.every_sync() if sync.deleted is not None}
        return [name for name in gone if name not in {sync.name for sync in self.syncs()}]

    def runs(self) -> list[SeenRun]:
        """All runs, newest first."""
        return sorted(self._rows("runs", SeenRun), key=lambda run: int(run.id), reverse=True)

    def noted(self) -> list[str]:
        """The names of the lists that only the workspace knows and that no sync uses."""
        used = {sync.list_name for sync in self.syncs()}
        return [noted.name for noted in self._rows("lists", _Noted) if not noted.hub_key and noted.name not in used]

    def lists(self) -> list[str]:
        """The names of the lists that are known here: those of syncs, noted ones, and those of the embedded hub."""
        known = [sync.list_name for sync in self.syncs()]
        known += [noted.name for noted in self._rows("lists", _Noted)]
        hubs = self._rows("meta", _Hub, DOCUMENT)
        return list(dict.fromkeys([*known, *(name for hub in hubs for name in hub.value.lists.values())]))

    def _rows(self, table: str, kind: type[T], named: str = "") -> Iterator[T]:
        decoder = msgspec.json.Decoder(kind)
        with closing(sqlite3.connect(self._address, uri=True, timeout=1)) as file:
            for (document,) in file.execute(SELECT.format(table=table_sql(table)), {"name": named}):
                with suppress(msgspec.MsgspecError):  # one of another version is passed over
                    yield decoder.decode(document)
