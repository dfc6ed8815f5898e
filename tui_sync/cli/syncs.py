"""Commands for saved syncs: syncs, show, rename, duplicate, activate, deactivate, delete, restore."""

from __future__ import annotations

import click

from tui_sync import bootstrap
from tui_sync.cli import narration, output
from tui_sync.cli.arguments import completed, json_option, sync_argument
from tui_sync.cli.exits import Exit
from tui_sync.cli.schedules import hint_idle
from tui_sync.cli.session import at_desk
from tui_sync.model.errors import UsageError
from tui_sync.model.sync import SyncState
from tui_sync.model.text import command_line, word
from tui_sync.present import syncs as present
from tui_sync.present.definitions import removal_warning
from tui_sync.services import deleted, limits, repair
from tui_sync.services import syncs as services
from tui_sync.services.desk import Desk


@click.command()
@json_option
@at_desk
def syncs(desk: Desk, *, as_json: bool) -> int:
    """List the syncs.

    Newest first, with the next run and the last one.
    """
    rows = services.listing(desk)
    if as_json:
        output.listing("syncs", map(present.sync_object, rows))
    elif rows:
        lines = (present.sync_row(row, desk.workspace.zone) for row in rows)
        output.table(present.SYNC_HEADER, lines, spare=("Last run",))
    else:
        first = "Write" if desk.workspace.connection else "Connect the workspace: tui-sync connect. Then write"
        narration.warn(f"There is no sync yet. {first} a definition file and apply it: tui-sync apply FILE.toml")
        demo = bootstrap.demo_folder()
        if demo.is_dir() and not demo.samefile(desk.workspace.folder):
            narration.warn(f"The demo has its own workspace: tui-sync --workspace {word(str(demo))} syncs")
    return Exit.DONE


@click.command()
@sync_argument()
@json_option
@at_desk
def show(desk: Desk, name: str, *, as_json: bool) -> int:
    """Show one sync in words.

    Its selection, mapping, policies and schedule, its state, and its last run.
    """
    sync = desk.sync(name)
    row = next(row for row in services.listing(desk) if row.id == sync.id)
    if as_json:
        output.one("sync", present.definition_object(sync, row))
    else:
        output.fields(present.definition_fields(sync, row, desk.workspace.zone))
    return Exit.DONE


@click.command()
@sync_argument()
@click.argument("new")
@at_desk
def rename(desk: Desk, name: str, new: str) -> int:
    """Give a sync another name."""
    narration.warn(f'It is called "{services.rename(desk, name, new).name}" now.')
    return Exit.DONE


@click.command()
@sync_argument()
@click.argument("new")
@at_desk
def duplicate(desk: Desk, name: str, new: str) -> int:
    """Copy a sync as a draft under another name.

    Unlike those of a sync that was initiated, module, view and list of a draft can still be changed.
    """
    copy = services.duplicate(desk, name, new)
    narration.warn(f'"{copy.name}" is a draft. Initiate it: {command_line("activate", copy.name)}')
    return Exit.DONE


@click.command()
@sync_argument(states=(SyncState.DRAFT, SyncState.INACTIVE, SyncState.BROKEN))
@at_desk
async def activate(desk: Desk, name: str) -> int:
    """Initiate a draft, or take up an inactive or broken sync again.

    Where ten syncs were initiated or run today a draft is queued: it becomes active on the next day. Of a broken sync the
    connection is asked first whether everything is there again. Exit status 2: it is still broken; 3: a limit refuses it.
    """
    fresh = desk.sync(name).initiated is None
    found = await repair.activate(desk, name)
    sync = found.sync
    if found.left:
        ways = f"See the ways out: {command_line('repair', sync.name)}"
        raise UsageError(f"{sync.name} is still broken: {found.left}", ways)
    if fresh and desk.marketing and removal_warning(sync):
        narration.warn(removal_warning(sync))
    if sync.state is SyncState.QUEUED:
        narration.warn(limits.queued_until(desk, sync).sentence)
    else:
        narration.warn(f'"{sync.name}" is active.')
        hint_idle(desk)
    return Exit.DONE


@click.command()
@sync_argument(states=(SyncState.ACTIVE, SyncState.QUEUED))
@at_desk
def deactivate(desk: Desk, name: str) -> int:
    """Stop the schedule of a sync.

    It can still be run by hand.
    """
    narration.warn(f'"{services.deactivate(desk, name).name}" is inactive.')
    return Exit.DONE


@click.command()
@sync_argument()
@at_desk
def delete(desk: Desk, name: str) -> int:
    """Delete a sync; its runs and people stay on record.

    Nobody is removed from its list.
    """
    narration.warn(f'Deleted "{services.delete(desk, name).name}"; its runs and people stay on record.')
    return Exit.DONE


@click.command()
@click.argument("name", shell_complete=completed(lambda glance: glance.deleted()))
@at_desk
def restore(desk: Desk, name: str) -> int:
    """Bring a deleted sync back.

    It is in the state that it had. Of several of that name it is the one that was deleted last. Exit status 3: no place of
    active syncs is free.
    """
    back = deleted.restore(desk, name)
    state = "a draft" if back.state is SyncState.DRAFT else back.state
    narration.warn(f'"{back.name}" is there again, and {state}.')
    return Exit.DONE
