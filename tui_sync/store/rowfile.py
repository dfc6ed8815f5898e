"""The SQLite file below TinyDB over rows: tables, columns, transactions and access by row, told errors included."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import unquote

import msgspec
from tinydb.storages import Storage

from tui_sync.model.errors import Damaged, RunError
from tui_sync.store.trouble import PATIENCE, WAIT, busy, hindrance, telling

PAGE = 500
"""Rows a scan reads at a time; between two pages nothing is held, so anybody may write."""
NETWORKS = {"nfs", "nfs4", "cifs", "smbfs", "smb2", "smb3", "9p", "afs", "ceph", "lustre", "glusterfs", "fuse.ceph",
            "fuse.glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs"}  # fmt: skip
"""File systems, as /proc/mounts names them, on which the shared memory of WAL does not work between machines."""

# Names cannot be bound in SQL: they are quoted by `table_sql` and `column_sql`. Every value is bound.
COUNT = "SELECT count(*) FROM {table} WHERE true{where}"
HIGHEST = "SELECT max(id) FROM {table}"
SCAN = "SELECT id, {what} FROM {table} WHERE id > ? AND id <= ?{where} ORDER BY id LIMIT {page}"
INSERT = "INSERT INTO {table}(id, doc{columns}) VALUES (:id, :doc{marks})"
UPDATE = "UPDATE {table} SET doc = :doc{settings} WHERE id = :id"
encode = json.JSONEncoder(separators=(",", ":")).encode
"""A document as JSON text, by the library of stock TinyDB, so that the same values are taken."""


class TableSpec(msgspec.Struct, frozen=True):
    """What a table is looked up by: a `key` (unique string field), indexes ("state"; "list+state" for two fields)."""

    indexes: tuple[str | tuple[str, ...], ...] = ()
    key: str | None = None

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The fields of the key (first) and of each index."""
        split = (entry if isinstance(entry, tuple) else tuple(entry.split("+")) for entry in self.indexes)
        return (*(((self.key,),) if self.key else ()), *split)


def escaped(name: str) -> str:
    """A name as SQLite keeps it, for which "A" is "a" and "sqlite_" reserved; `unquote` brings the name back."""
    return re.sub(r'[A-Z%"]|^s(?=qlite_)', lambda found: f"%{ord(found[0]):02x}", name)


def table_sql(name: str) -> str:
    """The table's name in a statement."""
    return f'"{escaped(name)}"'


def column_sql(field: str) -> str:
    """The field's column in a statement; in brackets, since an unknown name in double quotes is a string to SQLite."""
    return f"[${field}]"


def indexable(value: object) -> str | int | float | None:
    """The value as a column holds it; None for what SQLite does not compare as Python does (lists, huge numbers)."""
    if isinstance(value, str):
        return value if value.isascii() or not re.search("[\ud800-\udfff]", value) else None
    return value if isinstance(value, int | float) and abs(value) < 2**63 else None


def on_network(path: Path, mounts: str) -> bool:
    """Whether the path lies on a network file system, by the text of /proc/mounts: the longest mount point decides."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        _, point, found, *_ = [*line.split(" "), "", ""]
        folder = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), point)
        if folder and path.is_relative_to(folder) and len(folder) >= longest:
            kind, longest = found, len(folder)
    return kind in NETWORKS


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands under the path: device and inode; None where there is none, or none that can be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


Statement = tuple[str, tuple[Any, ...]]
"""A statement and its values."""


class Rows(Storage):
    """The SQLite file as TinyDB's storage, with transactions and access by row. For one thread; processes may share it, and
    another thread of this one with the same `turn`: SQLite itself would wait for it by naps of up to 0.1 s.

    Raises `Damaged` where the file cannot be read as a database, `RunError` where it cannot be used now.
    """

    def __init__(self, path: Path, specs: Mapping[str, TableSpec], turn: RLock | None = None) -> None:
        self.path, self.specs, self.turn = path, specs, turn or RLock()
        self.gathered: list[Statement] | None = None
        """What shelves would write, while their writes are gathered (see `RowsDB.gathering`)."""
        self.before_writing: Callable[[], None] | None = None
        """Called before each outermost batch that writes, and before gathered writes are committed."""
        self._file: tuple[int, int] | None = None
        try:
            if not path.exists():  # else: closing a second descriptor drops the locks this process holds on the file
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            why, hint = hindrance(path) or (f"cannot be created: {error.strerror}", "Check the folder.")
            raise RunError(f"{path} {why}.", hint) from error
        with telling(self.path):
            self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        self.most_values = self._connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        """How many values a statement may have: 32 766, before SQLite 3.32 it was 999."""
        try:
            self._prepare()
            self._file = _identity(path)
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        mounts = Path("/proc/mounts")
        remote = mounts.exists() and on_network(self.path.resolve(), mounts.read_text(errors="replace"))
        with telling(self.path):
            self.journal_mode = self._set_journal("TRUNCATE" if remote else "WAL")
        self.execute("PRAGMA synchronous = FULL")
        self.execute("PRAGMA cache_size = -16000")  # KiB
        self.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: a page changed by many commits is copied back once
        for name in self.specs:
            if self._wanting(name):
                with self.batch():
                    self._create(name)

    def _set_journal(self, mode: str) -> str:
        """SQLite itself does not wait here while another process opens the same new file."""
        end = time.monotonic() + WAIT
        while True:
            try:
                return str(self._connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0])
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
            time.sleep(0.01)

    def execute(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement; outside a batch it is a durable commit of its own."""
        with telling(self.path):
            return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each row; inside a batch."""
        with telling(self.path):
            self._connection.executemany(sql, rows)

    def fetch(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; none where the table does not exist (yet, or any more)."""
        with telling(self.path):
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if str(error).startswith("no such table"):
                    return []
                raise

    def scan(
        self, name: str, what: str = "doc", where: str = "", values: tuple[Any, ...] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """(id, `what`) of matching rows by id, a page at a time; rows added after the first page do not appear."""
        sql = SCAN.format(what=what, table=table_sql(name), where=where, page=PAGE)
        page, top = self.fetch(sql, (-(2**63), 2**63 - 1, *values)), 0
        if len(page) == PAGE:
            top = self.highest(name)
        while page:
            yield from page
            page = self.fetch(sql, (page[-1][0], top, *values)) if len(page) == PAGE else []

    def count(self, name: str, where: str = "", values: tuple[Any, ...] = ()) -> int:
        """How many rows match."""
        rows = self.fetch(COUNT.format(table=table_sql(name), where=where), values)
        return int(rows[0][0]) if rows else 0

    def highest(self, name: str) -> int:
        """The highest id of the table; 0 where it has none."""
        rows = self.fetch(HIGHEST.format(table=table_sql(name)))
        return int(rows[0][0] or 0) if rows else 0

    def decode(self, name: str, doc_id: int, text: str) -> dict[str, Any]:
        """The document of a row; raises `Damaged` where the text is none."""
        try:
            document = msgspec.json.decode(text)
        except (msgspec.MsgspecError, TypeError):  # NaN, Infinity and lone surrogates, which stock TinyDB takes
            try:
                document = json.loads(text)
            except (ValueError, TypeError):  # also where damage has left no text
                document = None
        if not isinstance(document, dict):
            place = f'document {doc_id} of table "{name}" is not a JSON object'
            raise Damaged(f"{self.path} is damaged: {place}.", "Run tui-sync doctor.")
        return document

    @contextmanager
    def batch(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        """One transaction (see `RowsDB.batch`); with "BEGIN" for reads only, which all see one state of the file."""
        if self.gathered is not None:
            yield
            return
        inner = self._connection.in_transaction
        writes = not inner and begin != "BEGIN"
        if writes:
            self.ready_to_write()
        with self._writing() if writes else nullcontext():
            self.begin("SAVEPOINT nested" if inner else begin, PATIENCE.get())
            try:
                yield
                self.execute("RELEASE nested" if inner else "COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # after some errors, as a full disk, SQLite has rolled back already
                    for sql in ("ROLLBACK TO nested", "RELEASE nested") if inner else ("ROLLBACK",):
                        self._connection.execute(sql)
                raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Has the turn among the threads of this process, of which one may be waiting for another process."""
        patience = PATIENCE.get()
        if not self.turn.acquire(timeout=-1 if patience is None else patience):
            raise busy(self.path)
        try:
            yield
        finally:
            self.turn.release()

    def begin(self, begin: str, wait: float | None) -> None:
        """Begin a transaction, after at most so many seconds; the statements in it are as patient as ever."""
        if wait is None:
            self.execute(begin)
            return
        [(before,)] = self.fetch("PRAGMA busy_timeout")
        self.execute(f"PRAGMA busy_timeout = {wait * 1000:.0f}")
        try:
            self.execute(begin)
        finally:
            self.execute(f"PRAGMA busy_timeout = {before}")

    @property
    def in_batch(self) -> bool:
        """Whether a batch is open."""
        return self._connection.in_transaction

    def ready_to_write(self) -> None:
        """Look whether the open file is still the one of the path: SQLite writes on into one that nobody finds any more."""
        if self._file is not None and _identity(self.path) != self._file:
            sentence = f"{self.path} was moved, replaced or removed while it was open."
            raise Damaged(sentence, "Leave, and open the workspace again.")
        if self.before_writing is not None:
            self.before_writing()

    def fields(self, name: str, *, make: bool = False) -> list[str]:
        """The fields that have a column in the file; `make` makes a missing table."""
        columns = self.fetch(f"PRAGMA table_info({table_sql(name)})")
        if make and not columns:
            self._create(name)
            return self.fields(name)
        return [column[1][1:] for column in columns[2:]]

    def _wanting(self, name: str) -> list[str]:
        """The statements that are missing for the table to be as declared."""
        table, spec = table_sql(name), self.specs.get(name, TableSpec())
        have, fields = {row[0] for row in self.fetch("SELECT name FROM sqlite_master")}, self.fields(name)
        wanting = [] if escaped(name) in have else [f"CREATE TABLE {table}(id INTEGER PRIMARY KEY, doc TEXT NOT NULL)"]
        declared = dict.fromkeys(field for group in spec.groups for field in group)
        wanting += [f"ALTER TABLE {table} ADD COLUMN {column_sql(field)}" for field in declared if field not in fields]
        for group in spec.groups:
            kind = "UNIQUE INDEX" if group == (spec.key,) else "INDEX"
            label = f"{name} {kind.lower()} {'+'.join(group)}"
            if escaped(label) not in have:
                columns = ", ".join(map(column_sql, group))
                wanting.append(f"CREATE {kind} {table_sql(label)} ON {table}({columns})")
        return wanting

    def _create(self, name: str) -> None:
        """Make the table as declared; a new column is filled from the documents. Inside a batch."""
        wanting = self._wanting(name)
        for sql in wanting:
            self.execute(sql)
        if any(sql.startswith("ALTER") for sql in wanting):
            write = self.writer(name, UPDATE)
            for doc_id, text in self.scan(name):
                write(doc_id, self.decode(name, doc_id, text))

    def writer(self, name: str, statement: str) -> Callable[[int, dict[Any, Any]], None]:
        """What writes a row by INSERT or UPDATE; it raises ValueError where id or key are taken. Inside a batch."""
        fields = self.fields(name, make=True)
        marks = [(column_sql(field), f":field{number}") for number, field in enumerate(fields)]
        sql = statement.format(
            table=table_sql(name),
            columns="".join(f", {column}" for column, _ in marks),
            marks="".join(f", {mark}" for _, mark in marks),
            settings="".join(f", {column} = {mark}" for column, mark in marks),
        )

        def write(doc_id: int, document: dict[Any, Any]) -> None:
            try:
                values = {f"field{number}": indexable(document.get(field)) for number, field in enumerate(fields)}
                self.execute(sql, {"id": doc_id, "doc": encode(document), **values})
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                    raise ValueError(f"Document with ID {doc_id} already exists") from error
                key = self.specs[name].key
                raise ValueError(f'table "{name}" has another document with {key} {document.get(key)!r}') from error

        return write

    def names(self) -> set[str]:
        """The tables of the file."""
        return {unquote(row[0]) for row in self.fetch("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Everything, as a stock storage gives it."""
        everything = {name: self.scan(name) for name in self.names()}
        return {
            name: {str(doc_id): self.decode(name, doc_id, text) for doc_id, text in rows}
            for name, rows in everything.items()
        } or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace everything."""
        with self.batch():
            for name in self.names():
                self.execute("DROP TABLE " + table_sql(name))
            for name, documents in data.items():
                write = self.writer(name, INSERT)
                for doc_id, document in documents.items():
                    write(int(doc_id), document)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
