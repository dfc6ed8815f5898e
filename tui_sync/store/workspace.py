"""The workspace: one folder with the database, the secrets and, in a demo, the organisation."""

from __future__ import annotations

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tui_sync.engine.ports import Clock
from tui_sync.model.errors import Damaged, RunError, UsageError
from tui_sync.model.text import visible
from tui_sync.model.workspace import Connection, Level, Settings, Unmade
from tui_sync.store import applied, budget, corrections, drafts, leads, ledger, listbook, locks, log, meta, runs, syncs
from tui_sync.store.backups import MIGRATION, Backups
from tui_sync.store.glance import FILE as FILE
from tui_sync.store.migrations import migrate
from tui_sync.store.rows import RowsDB
from tui_sync.store.secrets import Secrets
from tui_sync.store.trouble import ANOTHER, check_place

UNMADE = "unmade backup"
"""The document that says when the log has told of a backup that could not be made."""
ORGANISATION = "organisation.db"
"""The file of a demo's made-up organisation."""
OWN = (f"{FILE}*", f"{ORGANISATION}*", "backups/*", "errors.log", "secrets.lock")
"""What is made here, beside the secrets: nothing else in the folder is touched."""
TABLES = {
    **ledger.TABLES,
    **runs.TABLES,
    **syncs.TABLES,
    **drafts.TABLES,
    **applied.TABLES,
    **corrections.TABLES,
    **meta.TABLES,
    **leads.TABLES,
    **listbook.TABLES,
    **log.TABLES,
    **locks.TABLES,
    **budget.TABLES,
}
TRANSIENT = frozenset({*locks.TABLES, *budget.TABLES})
"""Tables that mean nothing outside this machine and moment; dumps leave them out."""


class Workspace:
    """Everything kept in one folder. Made on first use, readable by its owner only."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        mended = _make_private(folder)
        self.backups = Backups(folder / FILE)
        if gone := self.backups.missing():
            raise Damaged(gone, "Run tui-sync doctor.")
        self.db = RowsDB(folder / FILE, TABLES)
        try:
            migrate(self.db, lambda: self.backups.make(MIGRATION, clock.now()))
        except BaseException:
            self.db.close()
            raise
        self.meta = meta.Meta(self.db)
        self.ledger = ledger.Ledger(self.db)
        self.runs = runs.Runs(self.db, self.meta)
        self.syncs = syncs.Syncs(self.db, lambda: self.zone)
        self.drafts = drafts.Drafts(self.db)
        self.applied = applied.AppliedDefinitions(self.db)
        self.corrections = corrections.Corrections(self.db)
        self.locks = locks.Locks(self.db, clock)
        self.budget = budget.CallBudget(self.db)
        self.lists = listbook.ListBook(self.db)
        self.leads = leads.LeadRows(self.db, self.meta)
        self.log = log.Log(self.db, self.meta, clock)
        self.secrets = Secrets(folder)
        self._clock = clock
        self._asked: date | None = None
        """The day on which it was last seen to that there is a backup."""
        self.db.rows.before_writing = self._back_up
        if mended:
            self.log.add(mended, "start", Level.WARNING)

    def _back_up(self) -> None:
        """Before the first change of a day a copy is made. A full disk does not stop the work, damage does."""
        today = self._today()
        if today == self._asked:
            return
        self._asked = today
        if not self.db.rows.count("meta"):
            return  # nobody has used it yet
        try:
            self.backups.make_daily(self._clock.now())
        except Damaged:
            raise
        except RunError as fault:
            self.note_unmade(fault)

    def note_unmade(self, fault: RunError) -> None:
        """Note why the day's backup was not made, once a day however often it is tried and by whom."""
        today = self._today().isoformat()
        told = self.meta.read(UNMADE, Unmade)
        if told is None or told.day != today:
            with self.db.batch():
                self.meta.write(UNMADE, Unmade(day=today))
                self.log.add(f"no backup was made today: {fault}", "backup", Level.WARNING)

    def _today(self) -> date:
        """The day as backups count it."""
        return self._clock.now().astimezone(UTC).date()

    @property
    def connection(self) -> Connection | None:
        """The connection; None before `connect` or `demo`."""
        return self.meta.read("connection", Connection)

    def write_connection(self, connection: Connection) -> None:
        """Keep the connection."""
        self.meta.write("connection", connection)

    @property
    def settings(self) -> Settings:
        """The organisation's settings."""
        return self.meta.read("settings", Settings) or Settings()

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone: as set, else the system's.

        Raises UsageError for one that this machine does not know: it may have been set on another one.
        """
        name = self.settings.timezone or system_zone()
        try:
            return ZoneInfo(name)
        except (ValueError, KeyError, OSError) as error:
            told = f'The time zone "{visible(name)}" of the workspace is not known here.'
            raise UsageError(told, "Set another one: tui-sync settings set timezone Europe/Berlin") from error

    def check(self) -> None:
        """Raises Damaged where one of the documents of which there is one each cannot be read."""
        for read in (lambda: self.connection, lambda: self.settings, self.leads.hub):
            read()

    def close(self) -> None:
        """Close the database."""
        self.db.close()


def system_zone() -> str:
    """The system's IANA time zone: TZ, which may also be the path of its file, else /etc/localtime, else UTC."""
    named = os.environ.get("TZ", "").lstrip(":") or "/etc/localtime"
    if named.startswith("/"):
        named = os.path.realpath(named).partition("zoneinfo/")[2]
    try:
        datetime.now(ZoneInfo(named))
    except (ValueError, KeyError, OSError):
        return "UTC"
    return named


def _make_private(folder: Path) -> str:
    """Make the folder for its owner only. One that others could enter is closed, and so are its files; gives a sentence then.

    The file of secrets stays as it is: whoever reads it next is told that it was open.
    """
    check_place(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        said = f"The workspace {folder} cannot be made: {error.strerror}."
        raise RunError(said, ANOTHER) from error
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o077 or folder.stat().st_uid != os.getuid():
        return ""
    folder.chmod(0o700)
    for path in (found for pattern in OWN for found in folder.glob(pattern)):
        if path.is_file() and not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
    return f"the workspace was open to other users (mode {mode:o}); now it is private, and so are its files"
