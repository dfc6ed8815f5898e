"""The organisation: one file, generated on first use, opened at once ever after, moved on day by day."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tui_sync.simulator.clock import DAY, to_datetime
from tui_sync.simulator.database import Database, create_private_file
from tui_sync.simulator.day import Day
from tui_sync.simulator.faults import Faults
from tui_sync.simulator.generate import Filling, Progress, new_zsc_key
from tui_sync.simulator.leads import Leads
from tui_sync.simulator.records import Records
from tui_sync.simulator.tokens import Tokens
from tui_sync.simulator.usage import Usage
from tui_sync.simulator.views import Views
from tui_sync.simulator.writes import Writes

SILENCE = 300.0
"""Seconds after which a file that is not whole and that nobody writes is taken for left behind."""


class Organisation:
    """A Recruit account and a Marketing Automation account of one company, kept in one file.

    Several processes may open the file at once; each sees what the others change. `records`, `views` and `leads` are
    the two sides of it, for tests and tools that change single things; `faults` and `writes` belong to this process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.records = Records(database)
        self.views = Views(database)
        self.leads = Leads(database)
        self.tokens = Tokens(database)
        self.usage = Usage(database)
        self.faults = Faults()
        self.writes = Writes()

    @classmethod
    def open(
        cls, path: Path, *, records: int = 2000, seed: int = 7, progress: Progress | None = None
    ) -> Organisation:
        """Open the organisation of a file; where there is none, generate one with so many candidates.

        The file and what SQLite puts beside it are readable by their owner only. OSError or sqlite3.Error where the
        folder cannot be written.
        """
        _clear(path)
        if not path.exists():
            _generate(path, records, seed, progress)
        return cls(Database(path))

    @property
    def days(self) -> int:
        """How many days the organisation has been moved on."""
        return int(self._database.setting("days", "0"))

    def seconds(self) -> int:
        """Now, in seconds since 1970."""
        return int(time.time()) + self.days * DAY

    def now(self) -> datetime:
        """Now, aware and in UTC: the system's time plus the days moved on; stamps and `Date` headers follow it."""
        return to_datetime(self.seconds())

    def advance_day(self) -> dict[str, int]:
        """Move on by one day in which the same things happen for the same seed and day; what changed, counted."""
        with self._database.writing():
            day = self.days + 1
            self._database.set_setting("days", str(day))
            seed = self._database.setting("seed")
            return Day(self.records, self.leads, seed, day, int(time.time()) + day * DAY).happen()

    @property
    def hidden(self) -> frozenset[str]:
        """Modules (`CustomModule1`) and fields (`Candidates.City`) that Recruit has no more."""
        return frozenset(json.loads(self._database.setting("hidden", "[]")))

    def hide(self, name: str) -> None:
        """Take a module or a field of one away, as an administrator of Recruit may at any time; its values stay on file."""
        self._database.set_setting("hidden", json.dumps(sorted(self.hidden | {name})))

    def show(self, name: str) -> None:
        """Bring a module or a field that was taken away back."""
        self._database.set_setting("hidden", json.dumps(sorted(self.hidden - {name})))

    @property
    def zsc_key(self) -> str:
        """The ZSC key in force."""
        return self._database.setting("zsc_key")

    def regenerate_zsc_key(self) -> str:
        """Issue a new ZSC key, which ends the old one."""
        key = new_zsc_key()
        self._database.set_setting("zsc_key", key)
        return key

    @property
    def daily_credits(self) -> int:
        """How many API credits Recruit allows in any 24 hours."""
        return int(self._database.setting("daily_credits"))

    @daily_credits.setter
    def daily_credits(self, credits_a_day: int) -> None:
        self._database.set_setting("daily_credits", str(credits_a_day))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _clear(path: Path) -> None:
    """Remove what processes that were killed while they filled a file for `path` have left beside it: whoever fills one writes
    all the time, wherever they run."""
    for left in path.parent.glob(f"{path.name}.*.new"):
        with suppress(FileNotFoundError):  # another process clears, too
            if time.time() - left.stat().st_mtime > SILENCE:
                left.unlink()


def _generate(path: Path, records: int, seed: int, progress: Progress | None) -> None:
    """Fill a file beside `path` and put it there whole; where another process was quicker, its file stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    create_private_file(fresh)
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "page_size=8192"):
            connection.execute(f"PRAGMA {pragma}")
        Filling(connection, records, seed, int(time.time())).run(progress)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links, or one that allows none: no other process is shut out for a moment
            if not path.exists():
                fresh.replace(path)
    finally:
        connection.close()
        fresh.unlink(missing_ok=True)
