"""The organisation's file: one SQLite database in WAL mode, readable by its owner only, shared by several processes.

Every process opens its own connection; writes are short immediate transactions. `Snapshots` keeps the ids of a listing
so that a deep page costs what the first one costs.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock

SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    id INTEGER PRIMARY KEY, module INTEGER NOT NULL, state INTEGER NOT NULL, stamp INTEGER NOT NULL,
    email TEXT, data BLOB NOT NULL);
CREATE TABLE deleted (
    id INTEGER PRIMARY KEY, module INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    deleted INTEGER NOT NULL);
CREATE TABLE association (opening INTEGER, candidate INTEGER, status TEXT, PRIMARY KEY (opening, candidate))
    WITHOUT ROWID;
CREATE TABLE view (id INTEGER PRIMARY KEY, module INTEGER NOT NULL, name TEXT NOT NULL, criteria TEXT NOT NULL);
CREATE TABLE lead (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, blocked INTEGER NOT NULL, bounced INTEGER NOT NULL,
    fields TEXT NOT NULL);
CREATE TABLE list (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, public INTEGER NOT NULL,
    created INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE member (
    list INTEGER, lead INTEGER, status TEXT NOT NULL, since INTEGER NOT NULL, by_api INTEGER NOT NULL,
    PRIMARY KEY (list, lead)) WITHOUT ROWID;
CREATE TABLE lead_field (
    id INTEGER PRIMARY KEY, display TEXT NOT NULL, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    length INTEGER NOT NULL);
CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL UNIQUE, refresh TEXT NOT NULL, scopes TEXT NOT NULL,
    issued INTEGER NOT NULL);
CREATE TABLE grant_code (value TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE usage (kind TEXT, bucket INTEGER, calls INTEGER NOT NULL, PRIMARY KEY (kind, bucket)) WITHOUT ROWID;
CREATE TABLE locked (kind TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX record_listing ON record (module, state, stamp);
CREATE INDEX record_email ON record (module, email);
CREATE INDEX association_candidate ON association (candidate);
CREATE INDEX deleted_listing ON deleted (module, type, deleted);
CREATE INDEX member_lead ON member (lead);
"""
"""Made after the first filling: an index built at once is several times faster than one kept up row by row."""


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read; FileExistsError where there is one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class Database:
    """One connection, used by one thread at a time; a second thread waits for its turn.

    Settings are read through a connection of their own, so that asking for the time never waits for a long listing.
    """

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._settings_lock = Lock()
        self._settings = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._depth = 0
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous=NORMAL")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for reads that belong together as far as this process goes."""
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside one transaction: all or nothing; an inner use joins the outer one."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._connection
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                if self._depth == 1 and self._connection.in_transaction:  # a full disk may have rolled it back already
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def setting(self, name: str, default: str = "") -> str:
        """A named setting of the organisation, as last committed."""
        with self._settings_lock:
            row = self._settings.execute("SELECT value FROM setting WHERE name=?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set_setting(self, name: str, value: str) -> None:
        """Store a named setting."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def revision(self, side: str) -> int:
        """How often one side (`recruit` or `hub`) has changed; a snapshot is good for one revision."""
        return int(self.setting(f"{side}_revision", "0"))

    def changed(self, side: str) -> None:
        """Mark one side as changed; called inside the transaction that changes it."""
        self.set_setting(f"{side}_revision", str(self.revision(side) + 1))

    def close(self) -> None:
        """Close the connections; the file stays."""
        with self._lock, self._settings_lock:
            self._connection.close()
            self._settings.close()


class Snapshots:
    """The ids of the last few listings, in order: 8 bytes a row, so a million rows take 8 MB."""

    def __init__(self, database: Database, keep: int = 8) -> None:
        self._database = database
        self._keep = keep
        self._known: OrderedDict[Hashable, array[int]] = OrderedDict()

    def ids(self, side: str, sql: str, values: Sequence[str | int | float]) -> array[int]:
        """The first column of a query, remembered until its side of the organisation changes."""
        with self._database.reading() as connection:
            key = (side, self._database.revision(side), sql, tuple(values))
            found = self._known.get(key)
            if found is None:
                found = array("q", (row[0] for row in connection.execute(sql, tuple(values))))
                self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > self._keep:
                self._known.popitem(last=False)
            return found
