"""TinyDB over SQLite rows: TinyDB's API, where a write costs what it changes, several processes and sudden death included.

One document is one row: `id`, `doc` (its JSON text) and one column for each indexed field, filled in Python. A column always mirrors
its document, whoever writes: columns are read from the file, so a process with fewer declared indexes fills them too.

Differences from stock TinyDB, all else is the same: documents are ordered by id, not by the time of insertion; a generated id is
above every id in use; `remove(doc_ids=...)` takes a repeated id once; declared tables exist from the opening on.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from tui_sync.model.errors import Damaged, RunError, TuiSyncError

WAIT = 30.0
"""Seconds a process waits for another one's commit."""
PAGE = 500
"""Rows a scan reads at a time; between two pages nothing is held, so anybody may write."""
NETWORKS = frozenset(
    "nfs nfs4 cifs smbfs smb2 smb3 ncpfs 9p afs ceph lustre davfs gpfs beegfs glusterfs fuse.sshfs fuse.glusterfs fuse.ceph "
    "fuse.rclone fuse.davfs2 fuse.s3fs fuse.smbnetfs fuse.gvfsd-fuse".split()
)
"""File systems of /proc/mounts on which WAL's shared memory does not work between machines."""

# Names of tables and columns cannot be bound: they are quoted by `table_sql` and `column_sql`; every value is bound.
SCAN = "SELECT id, {what} FROM {table} WHERE id > ? AND id <= ?{where} ORDER BY id LIMIT {page}"
INSERT = "INSERT INTO {table}(id, doc{columns}) VALUES (?, ?{marks})"
UPDATE = "UPDATE {table} SET doc = ?{columns} WHERE id = ?"


class TableSpec(msgspec.Struct, frozen=True):
    """What a table is looked up by: `key`, a unique string field, and indexes ("state", or "list+state" for several fields)."""

    indexes: tuple[str | tuple[str, ...], ...] = ()
    key: str | None = None

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The fields of the key and of each index."""
        split = (entry if isinstance(entry, tuple) else tuple(entry.split("+")) for entry in self.indexes)
        return (*(((self.key,),) if self.key else ()), *split)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that has a column, once."""
        return tuple(dict.fromkeys(field for group in self.groups for field in group))


def table_sql(name: str) -> str:
    """The quoted SQL name of a table; TinyDB tells "A" from "a" and SQLite does not, so capitals are escaped."""
    safe = re.sub(r"[A-Z%]|^s(?=qlite_)", lambda found: f"%{ord(found[0]):02x}", name)
    return '"' + safe.replace('"', '""') + '"'


def column_sql(field: str) -> str:
    """The quoted SQL name of a field's column; brackets, since SQLite reads an unknown name in double quotes as a string."""
    return f"[${field}]"


def indexable(value: object) -> str | int | float | None:
    """The value as a column holds it, or None for what SQLite does not compare as Python does (lists, huge numbers, NaN)."""
    if isinstance(value, str):
        return value if value.isascii() or not re.search("[\ud800-\udfff]", value) else None
    if isinstance(value, int | float):
        return value if abs(value) < 2**63 else None
    return None


def equalities(query: object) -> dict[str, Any]:
    """The `where(field) == value` parts that every document matching the query fulfils; TinyDB tells them in a query's hash."""
    match query:
        case ("==", (str(field),), value):
            return {field: value}
        case ("and", frozenset() as parts):
            return {field: value for part in parts for field, value in equalities(part).items()}
    return {}


def on_network(path: Path, mounts: str) -> bool:
    """Whether the path lies on a network file system, by the text of /proc/mounts (the longest mount point decides)."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        _, point, found, *_ = [*line.split(" "), "", ""]
        folder = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), point)
        if folder and path.is_relative_to(folder) and len(folder) >= longest:
            kind, longest = found, len(folder)
    return kind in NETWORKS


class Rows(Storage):
    """The SQLite file as TinyDB's storage, with transactions and row access. For one thread; several processes may share the file.

    Raises `Damaged` where the file is not readable as a database, `RunError` where it cannot be read or written now.
    """

    def __init__(self, path: Path, specs: Mapping[str, TableSpec]) -> None:
        super().__init__()
        self.path, self.specs = path, dict(specs)
        self._columns: dict[str, tuple[str, ...]] = {}
        self._schema = -1
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass  # opening and closing an existing file would drop the locks this process holds on it
        except OSError as error:
            raise RunError(f"{path} cannot be created: {error.strerror}.", "Check the folder and its permissions.") from error
        try:
            self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        except sqlite3.Error as error:
            raise self._told(error) from error
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        mounts = Path("/proc/mounts")
        remote = mounts.exists() and on_network(self.path.resolve(), mounts.read_text(errors="replace"))
        self.journal_mode = self._journal("TRUNCATE" if remote else "WAL")
        for pragma in ("synchronous = FULL", "cache_size = -16000", "wal_autocheckpoint = 4000"):
            self.execute(f"PRAGMA {pragma}")
        for name, spec in self.specs.items():
            if not set(spec.fields) <= set(self.columns(name) or ()) or self._unindexed(name):
                with self.batch():
                    self.create(name)

    def _journal(self, mode: str) -> str:
        """Set the journal mode; SQLite does not wait by itself when another process opens the new file at the same moment."""
        end = time.monotonic() + WAIT
        while True:
            try:
                return str(self._connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0])
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise self._told(error) from error
            except sqlite3.Error as error:
                raise self._told(error) from error
            time.sleep(0.01)

    def _told(self, error: sqlite3.Error) -> TuiSyncError | sqlite3.Error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return Damaged(f"{self.path} is damaged: {error}.", "Run tui-sync doctor.")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return RunError(f"Another process has held {self.path} for {WAIT:.0f} seconds.", "Stop it, or try again later.")
        if code == sqlite3.SQLITE_FULL:
            return RunError(f"The disk is full: {self.path} was not changed.", "Free some space and try again.")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
            return RunError(f"{self.path} cannot be used: {error}.", "Check the disk, the folder and its permissions.")
        return error

    def execute(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement; outside a batch it is its own durable commit."""
        try:
            return self._connection.execute(sql, tuple(values))
        except sqlite3.Error as error:
            raise self._told(error) from error

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each row; inside a batch."""
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def fetch(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; none where the table does not exist (yet, or any more)."""
        try:
            return self._connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such table"):
                return []
            raise self._told(error) from error
        except sqlite3.Error as error:
            raise self._told(error) from error

    def scan(self, name: str, what: str = "doc", where: str = "", values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """(id, `what`) of matching rows by id, a page at a time; rows that are added after the first page do not appear."""
        sql = SCAN.format(what=what, table=table_sql(name), where=where, page=PAGE)
        last, top = -(2**63), 2**63 - 1
        page = self.fetch(sql, (last, top, *values))
        if len(page) == PAGE:
            top = self.fetch("SELECT max(id) FROM " + table_sql(name))[0][0]
        while page:
            yield from page
            page = self.fetch(sql, (page[-1][0], top, *values)) if len(page) == PAGE else []

    def batch(self) -> AbstractContextManager[None]:
        """All writes inside are one atomic, durable commit. Inside another batch it joins that one; an exception undoes its writes.

        Never await inside: what another task writes meanwhile would join the batch.
        """
        return self._transaction("BEGIN IMMEDIATE")

    def snapshot(self) -> AbstractContextManager[None]:
        """All reads inside see one state of the file."""
        return self._transaction("BEGIN")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        inner = self._connection.in_transaction
        self.execute("SAVEPOINT inner" if inner else begin)
        try:
            if not inner and (schema := self.execute("PRAGMA schema_version").fetchone()[0]) != self._schema:
                self._columns.clear()
                self._schema = schema
            yield
            self.execute("RELEASE inner" if inner else "COMMIT")
        except BaseException:
            self._columns.clear()
            if self._connection.in_transaction:  # a full disk has rolled back already
                for sql in ("ROLLBACK TO inner", "RELEASE inner") if inner else ("ROLLBACK",):
                    self._connection.execute(sql)
            raise

    def columns(self, name: str) -> tuple[str, ...] | None:
        """The fields that have a column in the file, None where the table does not exist."""
        if name not in self._columns:
            found = self.execute(f"PRAGMA table_info({table_sql(name)})").fetchall()
            if not found:
                return None
            self._columns[name] = tuple(row[1][1:] for row in found[2:])
        return self._columns[name]

    def _unindexed(self, name: str) -> dict[str, str]:
        """The declared indexes that the file does not have: name and statement."""
        have = {row[1] for row in self.execute(f"PRAGMA index_list({table_sql(name)})")}
        spec, wanted = self.specs.get(name, TableSpec()), {}
        for group in spec.groups:
            label, columns = f"{name} {'+'.join(group)}", ", ".join(map(column_sql, group))
            unique = "UNIQUE " if group == (spec.key,) else ""
            wanted[label] = f"CREATE {unique}INDEX {table_sql(label)} ON {table_sql(name)}({columns})"
        return {label: sql for label, sql in wanted.items() if unquote(table_sql(label)[1:-1]) and label not in have}
