"""Commands for the workspace itself: doctor, dump, load."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from tui_sync import bootstrap
from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.scope import Scope
from tui_sync.cli.session import WHERE, at_any_desk, at_desk, attend, current, workspace_folder
from tui_sync.model.errors import Damaged, WrittenByNewer
from tui_sync.model.workspace import ConnectionKind
from tui_sync.present.words import counted
from tui_sync.services import care, restoring, retention
from tui_sync.services.desk import Desk

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@click.option("--prune", is_flag=True, help="First drop the outcomes that are older than the settings say; their runs stay.")
@click.option(
    "--restore", metavar="[FILE]", is_flag=False, flag_value="",
    help="Put the newest good backup in the place of a damaged database; with FILE that one, whatever is in its place.",
)  # fmt: skip
@json_option
def doctor(*, prune: bool, restore: str | None, as_json: bool) -> int:
    """Look for everything that can be wrong with the workspace.

    Each finding that wants something done names the command. Exit status: 1 where the database is damaged.
    """
    scope = current()
    scope.folder = workspace_folder(scope)
    if restore is None:
        bootstrap.need_workspace(scope.folder)
    try:
        desk = bootstrap.open_desk(scope.folder, WHERE)
    except Damaged as found:
        if restore is not None:
            return _restore(scope, restore, damaged=True)
        _print(care.damage_of(scope.folder, found), as_json=as_json)
        return Exit.FAILED
    except WrittenByNewer:
        if restore:  # an older version's backup, by its name: whole as it is, the workspace is not replaced by guessing
            return _restore(scope, restore, damaged=False)
        raise
    if restore is not None:
        damaged = bool(care.damaged(desk))
        desk.workspace.close()
        return _restore(scope, restore, damaged=damaged)
    return attend(scope, desk, lambda: _look(desk, prune=prune, as_json=as_json))


async def _look(desk: Desk, *, prune: bool, as_json: bool) -> int:
    damage = care.damaged(desk)
    if damage:
        _print(damage, as_json=as_json)
        return Exit.FAILED
    if prune:
        dropped = await retention.prune(desk)
        narration.warn(f"Dropped the outcomes of {counted(dropped, 'run')}." if dropped else "No run has outcomes that old.")
    _print(await care.doctor(desk), as_json=as_json)
    return Exit.DONE


def _restore(scope: Scope, file: str, *, damaged: bool) -> int:
    """Put a backup back, open what is in place now, and tell what is lost."""
    folder = workspace_folder(scope)
    done = restoring.restore(folder, Path(file) if file else None, datetime.now(UTC), damaged=damaged)
    desk = bootstrap.open_desk(folder, WHERE)

    def begin() -> int:
        restoring.note(desk, done)
        for sentence in restoring.told(done):
            output.text(sentence)
        return Exit.DONE

    return attend(scope, desk, begin)


def _print(findings: Sequence[care.Finding], *, as_json: bool) -> None:
    if as_json:
        output.listing("findings", ({"what": found.what, "advice": found.advice or None} for found in findings))
        return
    for found in findings:
        output.text(f"! {found.what} {found.advice}" if found.advice else f"  {found.what}")


@click.command()
@file_argument
@at_desk
def dump(desk: Desk, file: Path) -> int:
    """Write the workspace, without secrets, to a TinyDB file."""
    narration.warn(f"Wrote {counted(care.dump(desk, file), 'document')} to {file}.")
    return Exit.DONE


@click.command()
@file_argument
@at_any_desk
def load(desk: Desk, file: Path) -> int:
    """Read a TinyDB file into an empty workspace."""
    narration.warn(f"Read {counted(care.load(desk, file), 'document')} from {file}.")
    connection = desk.workspace.connection
    if connection is not None and connection.kind is ConnectionKind.ZOHO:
        narration.warn("Enter its secrets again, which no file carries: tui-sync connect")
    return Exit.DONE
