"""Commands for the workspace itself: doctor, dump, load."""

from __future__ import annotations

from pathlib import Path

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.services import care
from tui_sync.services.desk import Desk

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@json_option
@at_desk
async def doctor(desk: Desk, *, as_json: bool) -> int:
    """Look for everything that can be wrong with the workspace.

    Each finding that wants something done names the command.
    """
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
