"""The audit trail: who did what from where, newest last; bounded."""

from __future__ import annotations

import getpass
from collections.abc import Iterator

import msgspec

from tui_sync.engine.ports import Clock
from tui_sync.model.workspace import Level, LogLine
from tui_sync.store.meta import COUNTED, Meta, counter
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"log": TableSpec(key="key")}
KEPT = 10_000
"""Lines kept; older ones go."""
# The number is taken when the commit is made: of several programs, or of a commit that is gathered first, no two lines get one.
ADD = """INSERT INTO log(doc, [$key])
          SELECT json_set(?, '$.key', printf('%012d', number)), printf('%012d', number) FROM ({counted}) WHERE true
          ON CONFLICT([$key]) DO UPDATE SET doc = excluded.doc"""
TRIM = "DELETE FROM log WHERE [$key] = (SELECT printf('%012d', number - ?) FROM ({counted}))"


class Log:
    """Lines by number."""

    def __init__(self, db: RowsDB, meta: Meta, clock: Clock) -> None:
        self._db, self._meta, self._clock = db, meta, clock
        self._shelf = Shelf(db, "log", LogLine)

    def add(self, what: str, where: str, level: Level = Level.INFO) -> None:
        """Note what the system user did; `where` is the command line, the screens or the daemon. Where writes are gathered,
        the line comes with their commit and has its place among the lines by then."""
        line = LogLine(
            key="", at=self._clock.now().isoformat(timespec="seconds"), who=user(), where=where, what=what, level=level
        )
        with self._db.batch():
            self._db.make(
                ("meta", "log"),
                self._meta.counting_up("log"),
                (ADD.format(counted=COUNTED), (msgspec.json.encode(line).decode(), counter("log"))),
                (TRIM.format(counted=COUNTED), (KEPT, counter("log"))),
            )

    def newest(self) -> int:
        """The number of the newest line; 0 before the first."""
        return self._meta.counted("log")

    def lines(self) -> Iterator[LogLine]:
        """All lines, oldest first."""
        return self._shelf.all()

    def newer(self, key: str) -> list[LogLine]:
        """The lines after the one of that key ("": all), oldest first; quick where there are none."""
        last = self._meta.counted("log")
        first = max(int(key or 0), last - KEPT) + 1
        keys = [_key(number) for number in range(first, last + 1)]
        found = self._shelf.get_many(keys)
        return [found[key] for key in keys if key in found]

    def older(self, key: str, most: int) -> list[LogLine]:
        """At most so many lines before the one of that key ("": the newest ones), newest first."""
        last = int(key) - 1 if key else self._meta.counted("log")
        keys = [_key(number) for number in range(last, max(0, last - most), -1)]
        found = self._shelf.get_many(keys)
        return [found[key] for key in keys if key in found]


def _key(number: int) -> str:
    return f"{number:012}"


def user() -> str:
    """The system user's name, or their number where it has none."""
    try:
        return getpass.getuser().encode(errors="backslashreplace").decode()  # the environment may name them in any bytes
    except (KeyError, OSError):
        return "unknown"
