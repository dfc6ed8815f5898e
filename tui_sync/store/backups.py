"""Copies of the database in the workspace's folder `backups`: one a day before its first change, one before a migration.

A copy is made by SQLite itself from one state of the file, while other processes go on; it appears whole or not at all, and only
if it is whole. A database that is damaged leaves the older copies alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Lock

import msgspec

from tui_sync.model.errors import Damaged, RunError, UsageError
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.schedule import ahead
from tui_sync.store.locks import SILENCE, lives
from tui_sync.store.trouble import problems, telling

FOLDER = "backups"
DAILY, MIGRATION = "daily", "migration"
KEPT = {DAILY: 7, MIGRATION: 3}
"""How many of each kind are kept."""
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(rf"({DAILY}|{MIGRATION})-(\d{{8}}T\d{{6}}Z)\.db")
UNFINISHED = re.compile(r"\..+\.db\.(\d+)\.new(?:-wal|-shm|-journal)?", re.ASCII)
"""The name of a file that is not whole yet, with the number of the process that writes it."""
LOOKING = ".doctor."
"""How the folder begins in which a copy is looked at; the number of the process follows."""
LOOKED_AT = re.compile(rf"{re.escape(LOOKING)}(\d+)\..+", re.ASCII)
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by the ends of the names."""
SHARED_FIRST, SHARED_SIZE = 0x40000002, 510
"""The bytes that SQLite's processes lock while they have a file open (its file format calls them the shared range)."""


class Backup(msgspec.Struct, frozen=True):
    """One copy: its kind, and the moment of its making."""

    path: Path
    kind: str
    made: datetime


class Backups:
    """The copies of one database file. `now` is given by the caller: threads may make copies."""

    def __init__(self, file: Path) -> None:
        self.file, self.folder = file, file.parent / FOLDER
        self._one_at_a_time = Lock()

    def all(self) -> list[Backup]:
        """All copies, newest first."""
        if not self.folder.is_dir():
            return []
        matches = (NAME.fullmatch(path.name) for path in self.folder.iterdir())
        found = [
            Backup(self.folder / match[0], match[1], datetime.strptime(match[2], STAMP).replace(tzinfo=UTC))
            for match in matches
            if match is not None
        ]
        return sorted(found, key=lambda backup: (backup.made, backup.kind), reverse=True)

    def due(self, now: datetime) -> bool:
        """Whether this day (of UTC) has no copy yet."""
        return not any(one.kind == DAILY and one.made.date() == now.astimezone(UTC).date() for one in self.all())

    def make_daily(self, now: datetime) -> None:
        """Make the day's copy where it is due. Raises Damaged where the database is not whole, RunError without room."""
        with self._one_at_a_time:
            if self.due(now):
                self.make(DAILY, now)

    def make(self, kind: str, now: datetime) -> Path:
        """Make a copy and let the oldest ones of its kind go, before them those of later days than now: of a clock that was
        wrong, or of a demo that was put back since. Raises as `make_daily`."""
        path = self.folder / f"{kind}-{now.astimezone(UTC):{STAMP}}.db"
        with placed(path) as fresh:
            _copy(self.file, fresh)
        alike = sorted((one for one in self.all() if one.kind == kind), key=lambda one: ahead(one.made, now))
        for old in alike[KEPT[kind] :]:
            old.path.unlink(missing_ok=True)
        return path

    def missing(self) -> str:
        """What to say where the database is gone while copies of it are there; empty where it is not."""
        size = self.file.stat().st_size if self.file.exists() else -1  # to SQLite a file of one byte is an empty one
        if size > 1 or not self.all():
            return ""
        return f"{self.file} is {'missing' if size < 0 else 'empty'}, though there are backups of it."

    def in_use(self) -> bool:
        """Whether another process has the database open, whatever is in it. Not to be asked while this one has."""
        if not self.file.exists():
            return False
        with self.file.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
            except OSError:
                return True
        return False

    def put_back(self, path: Path, aside: str) -> Path:
        """Put a copy in the place of the database, which is kept under its name with `aside` behind it, and a number behind that
        where another one is kept so; gives that path.

        Raises RunError where there is no room; then the database stands as it was.
        """
        names = (f"{self.file.name}{aside}{f'-{number}' if number > 1 else ''}" for number in count(1))
        kept = next(free for name in names if not (free := self.file.with_name(name)).exists())
        with placed(self.file) as fresh:
            try:
                shutil.copyfile(path, fresh)
            except FileNotFoundError as error:
                raise UsageError(f"There is no backup {path}.") from error
            _sync(fresh)
            for end in ("", *BESIDE):
                with suppress(FileNotFoundError):
                    Path(f"{self.file}{end}").rename(f"{kept}{end}")
        return kept


def problems_of(file: Path, *, alone: bool = False) -> list[str]:
    """What is wrong with a file as a database, a sentence each; it is not changed. `alone`: without what SQLite keeps beside it,
    and so also on a medium that cannot be written to."""
    try:
        with telling(file), closing(_opened(file, alone=alone)) as database:
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return [f"{file} is empty."]
            return problems(database.execute("PRAGMA integrity_check"))
    except RunError as error:
        return [error.sentence]


def runs_in(file: Path, *, alone: bool = False) -> list[RunSummary]:
    """The runs that a database file tells of, newest first; it is not changed. `alone` as in `problems_of`. Raises Damaged where
    they cannot be read."""
    try:
        with telling(file), closing(_opened(file, alone=alone)) as database:
            texts = database.execute("SELECT doc FROM runs").fetchall()
        runs = [msgspec.json.decode(text, type=RunSummary) for (text,) in texts]
        return sorted(runs, key=lambda run: int(run.id), reverse=True)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Damaged(f"{file} is damaged: {error}.", "Run tui-sync doctor.") from error


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A new file for its owner only to write to, which then stands under `path`, durably. Raises RunError where it cannot be."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _clear(path.parent)
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield fresh
        _sync(fresh)
        fresh.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}.", "Check the disk and the folder.") from error
    finally:
        for end in ("", *BESIDE):
            with suppress(OSError):
                Path(f"{fresh}{end}").unlink()


def _clear(folder: Path) -> None:
    """Remove what processes that were killed over such a file have left. A number says nothing of one on another machine or in
    another container: what was written to just now is left alone."""
    for left in folder.iterdir():
        unfinished = UNFINISHED.fullmatch(left.name) or LOOKED_AT.fullmatch(left.name)
        if unfinished and not lives(int(unfinished[1])):
            with suppress(FileNotFoundError):  # another process clears, too
                if time.time() - left.lstat().st_mtime > SILENCE:
                    shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(file: Path, *, alone: bool = False) -> sqlite3.Connection:
    """A connection that only reads."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' * alone}", uri=True, timeout=30)


def _copy(file: Path, fresh: Path) -> None:
    """Copy one state of the database, and look whether the copy is whole. A file of its own: without a write-ahead log."""
    with telling(file), closing(_opened(file)) as source:
        with telling(fresh), closing(sqlite3.connect(fresh, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            wrong = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if wrong != "ok":
            raise Damaged(f"{file} is damaged: {' '.join(wrong.split())}.", "Run tui-sync doctor.")
