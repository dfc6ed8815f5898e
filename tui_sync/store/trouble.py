"""Why a file of the workspace cannot be used, and the way out: told errors of SQLite, and of the files themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from tui_sync.model.errors import Damaged, RunError
from tui_sync.model.text import visible, word

WAIT = 30.0
"""Seconds a process waits for another one's commit."""
PATIENCE: ContextVar[float | None] = ContextVar("patience", default=None)
"""Seconds that a write waits for it where that is less: in the screens, which stand still meanwhile."""
LEAST = 65_536
"""Bytes below which a disk is full: the shared memory of SQLite takes half of that, beside what is written."""
ELSEWHERE = "name another workspace: --workspace DIR"
ANOTHER = f"{ELSEWHERE[:1].upper()}{ELSEWHERE[1:]}"
FULL = ("was not changed: the disk is full", "Free some space and try again.")
TROUBLE = {
    sqlite3.SQLITE_BUSY: (f"has been held by another process for {WAIT:.0f} seconds", "Stop it, or try again later."),
    sqlite3.SQLITE_LOCKED: ("is in use by this process", "Try again."),
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: ("cannot be written", "Check its permissions and those of the folder."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check its permissions and those of the folder."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "Check the disk."),
}
"""What SQLite's error codes mean for people: the rest of the sentence, and the way out."""
DAMAGE = {
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_MISMATCH, 0,
}  # fmt: skip
"""Error codes that a file with damage brings about: the statements themselves are sound. 0: a text that is no UTF-8."""


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Tells the errors of SQLite about a file as Damaged or RunError."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in TROUBLE:
            sentence, hint = _told(path, code)
            raise RunError(f"{path} {sentence}.", hint) from error
        if code in DAMAGE and type(error) in (sqlite3.DatabaseError, sqlite3.OperationalError, sqlite3.DataError):
            raise Damaged(f"{path} is damaged: {error}.", "Run tui-sync doctor.") from error
        raise
    except UnicodeDecodeError as error:  # what SQLite says of a damaged table quotes its definition, whatever stands there
        raise Damaged(f"{path} is damaged: the definition of a table is no text.", "Run tui-sync doctor.") from error


def problems(said: Iterable[tuple[str]]) -> list[str]:
    """What PRAGMA integrity_check said, a problem each: it tells up to a hundred in one row, below a heading."""
    return [line for (told,) in said if told != "ok" for line in told.splitlines() if not line.startswith("***")]


def busy(path: Path) -> RunError:
    """What is told where somebody else writes for too long."""
    sentence, hint = _told(path, sqlite3.SQLITE_BUSY)
    return RunError(f"{path} {sentence}.", hint)


def is_busy(fault: RunError) -> bool:
    """Whether that is what was told of an error of SQLite."""
    return getattr(fault.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _told(path: Path, code: int) -> tuple[str, str]:
    """The rest of the sentence and the way out, as close to the cause as the system tells."""
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _free(path.parent) < LEAST:
        return FULL
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return hindrance(path) or TROUBLE[code]
    if code == sqlite3.SQLITE_BUSY and PATIENCE.get() is not None:
        return f"was not changed: {writer(path) or 'another program'} writes in it", "Try again when that is done."
    holder = writer(path) if code == sqlite3.SQLITE_BUSY else ""
    return (TROUBLE[code][0].replace("another process", holder), TROUBLE[code][1]) if holder else TROUBLE[code]


def _stands(path: Path) -> bool:
    """Whether something is there that this user may look at; in 3.11 `Path.exists` raises where the way to it is barred."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def _free(folder: Path) -> int:
    """Bytes of room; as many as are asked for where the way to the folder is barred."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return LEAST


def hindrance(path: Path) -> tuple[str, str] | None:
    """Why this user cannot write a file, or make it in its folder: the rest of a sentence and the way out; None where it can."""
    beside = (path.parent, path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))
    for one in beside:
        needed = os.R_OK | os.W_OK | (os.X_OK if one == path.parent else 0)
        if _stands(one) and not os.access(one, needed):
            called = "its folder" if one == path.parent else "it" if one == path else visible(one.name)
            return _why(one, called, "" if one == path.parent else f"chmod u+rw {word(str(path))}*")
    return None


def _why(path: Path, called: str, way: str = "") -> tuple[str, str]:
    """The same for what this user may not use; `way` opens it to its owner, without one it is a folder."""
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return "cannot be written: its file system is mounted read-only", f"Mount it for writing, or {ELSEWHERE}"
    found, me = path.stat(), os.geteuid()
    if found.st_uid != me:
        said = f"cannot be used: {called} belongs to {_user(found.st_uid)}, and this program is run by {_user(me)}"
        return said, f"Run it as {_user(found.st_uid)}, or {ELSEWHERE}"
    return f"cannot be written: {called} has mode {stat.S_IMODE(found.st_mode):o}", way or f"chmod u+rwx {word(str(path))}"


def _user(number: int) -> str:
    """The name of a user; the number where nobody has it."""
    try:
        return visible(pwd.getpwuid(number).pw_name)
    except KeyError:
        return f"user {number}"


def check_place(folder: Path) -> None:
    """Raises RunError where no workspace can be kept in the folder, or made there; nothing is made."""
    place = folder.absolute()
    while not _stands(place) and place != place.parent:
        place = place.parent
    made = place == folder.absolute()
    if not place.is_dir():
        raise RunError(f"The workspace {visible(str(folder))} cannot be made: {visible(str(place))} is no folder.", ANOTHER)
    if not os.access(place, os.W_OK | os.X_OK | (os.R_OK if made else 0)):
        sentence, hint = _why(place, "it" if made else visible(str(place)))
        told = sentence if made else f"cannot be made: {sentence.partition(': ')[2]}"
        raise RunError(f"The workspace {visible(str(folder))} {told}.", hint)


def writer(path: Path) -> str:
    """Which other process writes in the file, by the kernel's list of locks; empty where the system does not tell."""
    table = Path("/proc/locks")
    if not table.exists():
        return ""
    inodes = {str(one.stat().st_ino) for one in (path, path.with_name(f"{path.name}-shm")) if _stands(one)}
    for line in table.read_text().splitlines():
        _, kind, _, way, number, where, *_ = [*line.split(), *[""] * 6]
        if (kind, way) == ("POSIX", "WRITE") and where.rpartition(":")[2] in inodes and number != str(os.getpid()):
            try:
                name = Path(f"/proc/{number}/comm").read_text(errors="replace").strip()
            except OSError:  # it has ended since
                return f"process {number}"
            return f"process {number} ({visible(name)})"
    return ""
