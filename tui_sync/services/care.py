"""Care of the workspace: dump, load, and the doctor's findings."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tui_sync.model.errors import Damaged, UsageError
from tui_sync.model.outcomes import Result
from tui_sync.model.text import command_line, counted, visible, word
from tui_sync.model.workspace import NO_CONNECTION, ConnectionKind
from tui_sync.services import restoring
from tui_sync.services.account import SECRETS
from tui_sync.services.afresh import begin_anew
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.privileges import Trial, Tried
from tui_sync.services.running import listing
from tui_sync.services.syncs import nothing_to_mend
from tui_sync.store.dump import dump as write_dump
from tui_sync.store.dump import foreign
from tui_sync.store.dump import load as read_dump
from tui_sync.store.trouble import hindrance
from tui_sync.store.workspace import FILE, TRANSIENT

LOADED = "the workspace was read from a dump"


class Finding(msgspec.Struct, frozen=True):
    """One thing the doctor looked at. `advice` is empty where it is well."""

    what: str
    advice: str = ""


def dump(desk: Desk, path: Path) -> int:
    """Write the workspace as a stock TinyDB file; gives the number of documents. Secrets are not in it."""
    count = write_dump(desk.workspace.db, path, without=TRANSIENT)
    desk.log(f"wrote a dump of {counted(count, 'document')} to {path}")
    return count


def load(desk: Desk, path: Path) -> int:
    """Read a TinyDB file into an empty workspace; gives the number of documents. The next run of its syncs is full.

    Raises UsageError, with nothing changed, for a workspace that is not empty and a file that does not fit.
    """
    with desk.workspace.db.batch():
        count = read_dump(desk.workspace.db, path, without=TRANSIENT)
        try:
            desk.workspace.check()
        except Damaged as fault:
            raise foreign(path, fault.sentence.rstrip(".")) from fault
        begin_anew(desk, LOADED)
        desk.log(f"loaded {counted(count, 'document')} from {path}")
    return count


def damaged(desk: Desk) -> list[Finding]:
    """What is damaged of the database of an opened workspace: in the file, in its documents, or between runs and outcomes."""
    problems = restoring.problems(desk.workspace)
    if not problems:
        return []
    told = restoring.shortened([f"The database is damaged: {problem}" for problem in problems])
    return _damage(told, desk.workspace.folder)


def damage_of(folder: Path, found: Damaged) -> list[Finding]:
    """The findings on a workspace that cannot be opened."""
    return _damage(restoring.damage(folder, found), folder)


def _damage(told: Sequence[str], folder: Path) -> list[Finding]:
    return [*map(Finding, told[:-1]), Finding(told[-1], restoring.advice(folder))]


async def doctor(desk: Desk) -> list[Finding]:
    """Look at everything else that can be wrong with a workspace that is not `damaged`, and try its connection."""
    found = [*_files(desk), *_database(desk), *_zone(desk), *_connection(desk)]
    connection = desk.workspace.connection
    if connection is not None and not any(finding.advice for finding in found):
        trial = Trial(desk.connect, connection.hub, Quiet(desk.clock, desk.tell), desk.clock.now(), fresh=False)
        found += [_finding(tried) async for tried in trial.calls() if not tried.skipped]
    return [*found, *_runs(desk)]


def _finding(tried: Tried) -> Finding:
    if tried.fault is None:
        return Finding(f"{tried.what}: {tried.says}")
    hint = tried.fault.hint or "tui-sync connect"
    return Finding(f"{tried.what}: {tried.says}", "Try again later." if "tui-sync doctor" in hint else hint)


def _files(desk: Desk) -> Iterator[Finding]:
    for path in sorted(desk.workspace.folder.iterdir()):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:  # another program has ended or tidied up since, or it is a link to nothing
            continue
        if mode & 0o077:
            yield Finding(f"{visible(path.name)} can be read by others (mode {mode:o}).", f"chmod go= {word(str(path))}")
    yield Finding(f"Workspace {visible(str(desk.workspace.folder))}, private to its owner.")
    barred = hindrance(desk.workspace.folder / FILE)
    if barred is not None:
        yield Finding(f"{FILE} {barred[0]}.", barred[1])


def _database(desk: Desk) -> Iterator[Finding]:
    yield Finding("The database is whole.")
    backups = desk.workspace.backups.all()
    if backups:
        which = "the newest " if len(backups) > 1 else ""
        yield Finding(f"{counted(len(backups), 'backup')}, {which}of {restoring.when(backups[0])}.")
    else:
        yield Finding("No backup yet; one is made before the first change of each day.")
    if desk.workspace.db.journal_mode != "wal":
        yield Finding("The workspace lies on a network file system: slower, and only one machine may use it at a time.")


def _zone(desk: Desk) -> Iterator[Finding]:
    try:
        _ = desk.workspace.zone
    except UsageError as fault:
        yield Finding(fault.sentence, fault.hint)


def _connection(desk: Desk) -> Iterator[Finding]:
    connection = desk.workspace.connection
    if connection is None:
        yield Finding(f"{NO_CONNECTION}.", "tui-sync connect, or tui-sync demo")
        return
    yield Finding(f"Connection: {connection.shown}.")
    if connection.kind is ConnectionKind.ZOHO:
        missing = [name for name in SECRETS if desk.workspace.secrets.get(name) is None]
        if missing:
            yield Finding(f"Missing secrets: {', '.join(missing)}.", "tui-sync connect")


def _runs(desk: Desk) -> Iterator[Finding]:
    seen: set[str] = set()
    for run in listing(desk):
        if run.sync_id not in seen:
            seen.add(run.sync_id)
            if run.result is Result.INTERRUPTED:
                yield Finding(
                    f'Run {run.id} of "{visible(run.sync)}" was interrupted.', command_line("run", run.sync)
                )
    for sync in sorted(desk.workspace.syncs.all(), key=lambda sync: sync.name):
        if not nothing_to_mend(sync):
            shown = visible(sync.name)
            yield Finding(f'The sync "{shown}" is {sync.state}: {visible(sync.reason)}', command_line("repair", sync.name))


