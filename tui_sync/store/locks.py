"""Locks over all processes of a workspace: rows with process and boot id. A dead holder's lock is taken over."""

from __future__ import annotations

import os
import socket
import time
from datetime import datetime
from pathlib import Path

import msgspec

from tui_sync.engine.ports import Clock
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"locks": TableSpec(key="name")}
SILENCE = 300.0
"""Seconds without a sign of life after which a holder on another machine, or in another container, counts as dead."""
BEAT = 10.0
"""Seconds between two signs of life."""
ENDED = (["Z"], ["X"])
"""How the system tells of a process that has ended."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """A lock and who holds it. `beat` is the holder's last sign of life, in seconds of its machine's clock."""

    name: str
    what: str
    host: str
    boot: str
    pids: str = ""
    """Among which processes `pid` is a number: each container counts its own."""
    pid: int
    started: str
    since: datetime
    beat: float
    seen: datetime | None = None
    """The same moment by the workspace's clock."""


def boot_id() -> str:
    """Identifies this boot of this machine; empty where the system does not tell."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else ""


def numbering() -> str:
    """Identifies the processes that numbers are given among: this machine's, or a container's. Empty where the system does not
    tell."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def process_start(pid: int) -> str:
    """When a process of this machine started, in the kernel's own count: tells two processes of one number apart.

    Empty where the process is gone, or where the system does not tell.
    """
    told = _told_of(pid)
    return told[19] if told else ""


def _told_of(pid: int) -> list[str]:
    """What the system tells of a process, its state first; nothing where it is gone, or where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")  # the program's name is in it, cut after so many bytes
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


def lives(pid: int) -> bool:
    """Whether a process of this number is there, whoever's it is. One that has ended and whose parent has not asked for its end
    yet has a number still; where nobody asks, as in many a container, for good."""
    if _told_of(pid)[:1] in ENDED:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


class Locks:
    """Satisfies `engine.ports.Locks`."""

    def __init__(self, db: RowsDB, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._shelf = Shelf(db, "locks", Lock)
        self._host, self._boot, self._pids, self._pid = socket.gethostname(), boot_id(), numbering(), os.getpid()
        self._started = process_start(self._pid)
        self._held: set[str] = set()
        self._beaten = time.monotonic()

    def take(self, name: str, what: str) -> str:
        """Take the lock and give an empty string, or give the words that say who holds it."""
        with self._db.batch():
            lock = self._shelf.get(name)
            if lock is not None and self.alive(lock):
                return self._words(lock)
            self._shelf.put(
                Lock(
                    name=name, what=what, host=self._host, boot=self._boot, pids=self._pids, pid=self._pid,
                    started=self._started, since=self._clock.now(), beat=time.time(), seen=self._clock.now(),
                )
            )  # fmt: skip
        self._held.add(name)
        return ""

    def release(self, name: str) -> None:
        """Give the lock back; one that another machine has taken over meanwhile stays with it."""
        kept = name in self._held
        self._held.discard(name)  # first: where a full disk keeps the row, this process can take the lock again nevertheless
        with self._db.batch():
            if kept and self._mine(name):
                self._shelf.remove(name)

    def holder(self, name: str) -> str:
        """The words that say who holds the lock, this process or another; empty where nobody alive does."""
        lock = self._shelf.get(name)
        return self._words(lock) if lock is not None and self.alive(lock) else ""

    def keeps(self, name: str) -> bool:
        """Whether this process still holds the lock; another machine takes over the one of a process that was asleep."""
        return name in self._held and self._mine(name)

    def _mine(self, name: str) -> bool:
        lock = self._shelf.get(name)
        return lock is not None and self._own(lock)

    def _own(self, lock: Lock) -> bool:
        return (lock.host, lock.boot, lock.pids, lock.pid) == (self._host, self._boot, self._pids, self._pid)

    def _words(self, lock: Lock) -> str:
        where = "" if lock.host == self._host else f" on {lock.host}"
        return f"process {lock.pid}{where}, {lock.what}, since {lock.since:%Y-%m-%d %H:%M} UTC"

    def held(self, name: str) -> bool:
        """Whether a living process holds the lock."""
        lock = self._shelf.get(name)
        return lock is not None and self.alive(lock)

    def seen(self, name: str) -> datetime | None:
        """When whoever has the lock, alive or dead, gave the last sign of life; None where nobody has it."""
        lock = self._shelf.get(name)
        return None if lock is None else lock.seen

    def taken(self, name: str) -> tuple[object, ...]:
        """Another value whenever somebody has taken the lock since, or given it back; that of a dead holder stays."""
        lock = self._shelf.get(name)
        return () if lock is None else (lock.host, lock.boot, lock.pid, lock.started, lock.since)

    def living(self) -> frozenset[str]:
        """The names of all locks that living processes hold."""
        return frozenset(lock.name for lock in self._shelf.all() if self.alive(lock))

    def beat(self) -> None:
        """Tell other machines that this process is alive; at most every few seconds it writes. What another machine has taken
        over meanwhile is left to it."""
        if not self._held or time.monotonic() - self._beaten < BEAT or self._db.held_by():  # then at the next look
            return
        self._beaten = time.monotonic()
        with self._db.batch():
            for lock in self._shelf.get_many(self._held).values():
                if self._own(lock):
                    self._shelf.put(msgspec.structs.replace(lock, beat=time.time(), seen=self._clock.now()))

    def alive(self, lock: Lock) -> bool:
        """Whether the lock's holder lives: on this boot of this machine its process must be the same one."""
        if lock.host == self._host and lock.boot != self._boot:
            return False
        if (lock.host, lock.pids) != (self._host, self._pids):
            return time.time() - lock.beat < SILENCE
        if lock.pid == self._pid:
            return lock.name in self._held
        return lives(lock.pid) and (lock.started == "" or process_start(lock.pid) in ("", lock.started))
