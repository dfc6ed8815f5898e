"""Commands for the workspace itself: doctor, dump, load."""

from __future__ import annotations

from pathlib import Path

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.present.words import counted
from tui_sync.services import care, retention
from tui_sync.services.desk import Desk

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@click.option("--prune", is_flag=True, help="First drop the outcomes that are older than the settings say; their runs stay.")
@json_option
@at_desk
async def doctor(desk: Desk, *, prune: bool, as_json: bool) -> int:
    """Look for everything that can be wrong with the workspace.

    Each finding that wants something done names the command.
    """
    if prune:
        narration.warn(f"Dropped the outcomes of {counted(await retention.prune(desk), 'run')}.")
    findings = await care.doctor(desk)
    if as_json:
        output.listing("findings", ({"what": found.what, "advice": found.advice or None} for found in findings))
    else:
        for found in findings:
            output.text(f"! {found.what} {found.advice}" if found.advice else f"  {found.what}")
    return Exit.DONE


@click.command()
@file_argument
@at_desk
def dump(desk: Desk, file: Path) -> int:
    """Write the workspace, without secrets, to a TinyDB file."""
    narration.hint(f"Wrote {care.dump(desk, file)} documents to {file}.")
    return Exit.DONE


@click.command()
@file_argument
@at_desk
def load(desk: Desk, file: Path) -> int:
    """Read a TinyDB file into an empty workspace."""
    narration.hint(f"Read {care.load(desk, file)} documents from {file}.")
    return Exit.DONE
