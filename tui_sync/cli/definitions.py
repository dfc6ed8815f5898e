"""Commands for definitions as code: plan, apply, export."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.schedules import hint_idle
from tui_sync.cli.session import at_desk
from tui_sync.model.sync import SyncState
from tui_sync.present.definitions import planned_lines, planned_object, removal_warning, survey_lines, warnings_of
from tui_sync.services import definitions, limits
from tui_sync.services.definitions import Planned
from tui_sync.services.desk import Desk

REMOVING = ("list", "on_opt_out", "on_delete", "on_convert")
"""Keys that say whom a sync removes, and from where."""
file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@file_argument
@click.option("--check", is_flag=True, help="Exit with 1 where applying would change anything.")
@json_option
@at_desk
async def plan(desk: Desk, file: Path, *, check: bool, as_json: bool) -> int:
    """Show what applying a definition file would change.

    Nothing is written. "+" creates, "~" changes, "=" leaves as it is. Syncs that the file does not have are named, and what was
    changed in the workspace since a file was applied. The exit status is 0 also where something differs, unless --check is given.
    """
    found = await definitions.survey(desk, file)
    if as_json:
        absent = (planned_object(item, absent=True) for item in found.absent)
        output.listing("changes", chain(map(planned_object, found.items), absent))
    else:
        for line in survey_lines(found, desk.workspace.zone):
            output.text(line)
    for warning in warnings_of(found.items):
        narration.warn(warning)
    _tell_empty(found.items)
    return Exit.FAILED if check and found.differs else Exit.DONE


@click.command()
@file_argument
@json_option
@at_desk
async def apply(desk: Desk, file: Path, *, as_json: bool) -> int:
    """Create and change syncs as a definition file says, all or nothing.

    New syncs are initiated, existing ones are found by name; syncs that the file does not name stay untouched. No run
    is started. Where a limit refuses one of them, nothing is changed: exit status 3.
    """
    planned = await definitions.apply(desk, file)
    _show(planned, as_json=as_json)
    _tell_empty(planned)
    for item in planned:
        if item.old is None and item.sync.state is SyncState.QUEUED:
            narration.warn(limits.queued_until(desk, item.sync).sentence)
    if desk.marketing:
        for item in planned:
            matters = item.old is None or any(change.key in REMOVING for change in item.changes)
            warning = removal_warning(item.sync) if matters else ""
            if warning:
                narration.warn(warning)
    hint_idle(desk)
    return Exit.DONE


@click.command()
@at_desk
def export(desk: Desk) -> int:
    """Print all syncs as a definition file."""
    output.document(definitions.export(desk))
    return Exit.DONE


def _tell_empty(planned: Sequence[Planned]) -> None:
    """A file without a sync, as the export of an empty workspace is, changes nothing; that is told, since it may be a mistake."""
    if not planned:
        narration.warn("The file holds no sync: there is nothing to do.")


def _show(planned: Sequence[Planned], *, as_json: bool) -> None:
    if as_json:
        output.listing("changes", map(planned_object, planned))
    else:
        for item in planned:
            for line in planned_lines(item):
                output.text(line)
    for warning in warnings_of(planned):
        narration.warn(warning)
