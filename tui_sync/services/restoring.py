"""Backups of the workspace: made in passing while it is used, and put back where it is damaged."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tui_sync.engine.tally import recount
from tui_sync.model.errors import Damaged, RunError, UsageError, WrittenByNewer
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.text import counted, visible
from tui_sync.services import afresh
from tui_sync.services.desk import Desk
from tui_sync.store.backups import LOOKING, Backup, Backups, problems_of, runs_in
from tui_sync.store.workspace import FILE, Workspace

BECAUSE = "the workspace was put back from a backup"
LOAD = "Read a dump into a new workspace: tui-sync --workspace DIR load FILE"
RESTORE = "tui-sync doctor --restore"
SAID = 3
"""Problems that are told one by one; a damaged file may have thousands."""


class Restored(msgspec.Struct, frozen=True):
    """What was put back (a backup, or another file), where the file before it is kept, and the runs made since; None where
    they cannot be read."""

    backup: Backup | None
    source: Path
    kept: Path
    since: tuple[RunSummary, ...] | None


async def daily(desk: Desk) -> None:
    """Make the backup of the day, where it is due, in a thread beside the event loop. Raises Damaged where the workspace is."""
    space, now = desk.workspace, desk.clock.now()
    space.db.rows.before_writing = None
    if not space.backups.due(now) or space.connection is None:
        return
    try:
        await asyncio.to_thread(space.backups.make_daily, now)
    except Damaged:
        raise
    except RunError as fault:
        space.note_unmade(fault)


def problems(space: Workspace) -> list[str]:
    """What is damaged of an opened workspace, in the file, in its documents, or between runs and outcomes: sentences."""
    found = [visible(sentence) for sentence in space.db.integrity()]
    try:
        found = found or [f"Run {visible(run)} counts other people than its outcomes do." for run in _wrong_counts(space)]
        space.check()
    except Damaged as fault:
        found = found or [visible(fault.sentence)]
    return found


def _wrong_counts(space: Workspace) -> Iterator[str]:
    for run in space.runs.all():
        if run.result is Result.RUNNING or run.kept_until is not None:
            continue
        again = msgspec.structs.replace(run)
        recount(again, space.runs)
        if (again.counts, again.ignored, again.withheld) != (run.counts, run.ignored, run.withheld):
            yield run.id


def wrong_with(copy: Path, backups: Backups) -> list[str]:
    """What is wrong with a copy of a database: looked at in a workspace of its own, among the backups, so that the copy stays as
    it is."""
    if found := problems_of(copy, alone=True):
        return found
    try:
        backups.folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{LOOKING}{os.getpid()}.", dir=backups.folder) as folder:
            shutil.copyfile(copy, Path(folder) / FILE)
            with closing(Workspace(Path(folder), Standing())) as space:
                return problems(space)
    except OSError as error:
        raise RunError(f"{visible(str(copy))} cannot be looked at: {error.strerror}.", "Free some space.") from error
    except (Damaged, WrittenByNewer) as fault:
        return [visible(fault.sentence)]


class Standing:
    """A clock for workspaces that are only looked at."""

    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        await asyncio.sleep(seconds)


def newest_good(backups: Backups) -> Backup | None:
    """The newest backup with which nothing is wrong; None where there is none."""
    return next((backup for backup in backups.all() if not wrong_with(backup.path, backups)), None)


def damage(folder: Path, found: Damaged | None = None) -> list[str]:
    """What is wrong with the database of a workspace that cannot be opened, or was found damaged: some sentences."""
    file = folder / FILE
    gone = Backups(file).missing()
    wrong = [gone] if gone else problems_of(file) if file.exists() else []
    told = [" ".join(visible(problem).split()) for problem in wrong]
    if found is not None and not told:
        told = [visible(found.sentence)]
    return shortened(told)


def shortened(problems: Sequence[str]) -> list[str]:
    """The first few problems, and how many there are beside them."""
    more = len(problems) - SAID
    return [*problems[:SAID], *([f"And {counted(more, 'more problem')}."] if more > 0 else [])]


def advice(folder: Path) -> str:
    """What to do about damage."""
    good = newest_good(Backups(folder / FILE))
    if good is None:
        return f"There is no good backup. {LOAD}"
    return f"Put the backup of {when(good)} back: {RESTORE}"


def when(backup: Backup) -> str:
    """The moment of a backup in words."""
    return f"{backup.made:%Y-%m-%d %H:%M} UTC"


def restore(folder: Path, file: Path | None, now: datetime, *, damaged: bool) -> Restored:
    """Put the newest good backup back, or `file`; what was in its place is kept beside it.

    Raises UsageError where nothing is `damaged` and no file is named, RunError where the workspace is in use or there is no good
    backup. Whoever goes on has to call `begin_anew` on the workspace.
    """
    backups = Backups(folder / FILE)
    if file is None and not damaged:
        raise UsageError("The database is whole, so nothing was put back.", f"Name the backup to go back to: {RESTORE} FILE")
    if backups.in_use():
        raise RunError(f"Another program has the workspace {visible(str(folder))} open.", "End it first.")
    backup = newest_good(backups) if file is None else None
    source = file if backup is None else backup.path
    if source is None:
        raise RunError("There is no good backup to put back.", LOAD)
    if backup is None:
        _fit(source, backups)
    known = {run.id for run in _runs_in(source, alone=True) or ()}
    runs = _runs_in(backups.file)
    since = None if runs is None else tuple(run for run in runs if run.id not in known)
    aside = f".{'damaged' if damaged else 'replaced'}-{now:%Y%m%dT%H%M%SZ}"
    return Restored(backup, source, backups.put_back(source, aside), since)


def _fit(file: Path, backups: Backups) -> None:
    """Raises UsageError for a file that cannot take the place of the database as it is."""
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise UsageError(
            f"{visible(str(file))} is not whole by itself: what was changed last stands in {visible(log.name)}.",
            f"Put both into a folder of their own as {FILE} and {FILE}-wal, and join them: tui-sync --workspace FOLDER doctor",
        )
    if wrong := wrong_with(file, backups):
        raise UsageError(f"{visible(str(file))} is no good backup: {visible(wrong[0])}")


def begin_anew(desk: Desk, done: Restored) -> None:
    """Have every sync fetch everything and read its list: Recruit and the hub have gone on since the backup was made."""
    with desk.workspace.db.batch():
        afresh.begin_anew(desk, BECAUSE)
        desk.log(f"put {done.source.name} back; what was in its place is kept as {done.kept.name}")


def told(done: Restored) -> Iterator[str]:
    """What was put back, what is lost, and what comes next: a sentence each."""
    made = f"The backup of {when(done.backup)}" if done.backup is not None else visible(str(done.source))
    yield f"{made} is in place. What stood there is kept as {visible(done.kept.name)}."
    yield "Whatever was changed in the workspace since then is lost."
    if done.since is None:
        yield "Which runs were made since cannot be read from the damaged file."
    elif not done.since:
        yield "No run was made since."
    for run in done.since or ():
        yield f'Lost: run {run.id} of "{visible(run.sync)}", {run.started:%Y-%m-%d %H:%M} UTC, {run.result}.'
    yield "The next run of every sync fetches everything and reads its list anew, so nobody is added to it twice."


def _runs_in(file: Path, *, alone: bool = False) -> list[RunSummary] | None:
    """The runs in a database file, newest first; None where they cannot be read."""
    try:
        return runs_in(file, alone=alone)
    except RunError:
        return None

