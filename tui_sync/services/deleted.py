"""Deleted syncs: they stay in the workspace and can be brought back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui_sync.model.errors import UsageError
from tui_sync.model.sync import Sync
from tui_sync.model.text import alike, command_line, visible
from tui_sync.services import syncs
from tui_sync.services.desk import Desk


def gone(sync: Sync) -> str:
    """That a sync was deleted and how it comes back; empty where it was not."""
    if sync.deleted is None:
        return ""
    return f"{visible(sync.name)} was deleted. Bring it back on the command line: {command_line('restore', sync.name)}"


def restore(desk: Desk, name: str) -> Sync:
    """Bring the sync of exactly that name, else of one that reads alike, which was deleted last back, in its state of then; it
    has missed nothing since.

    Raises UsageError where none was deleted or the name is taken, LimitRefused where it would be active and no place is free.
    """
    with desk.workspace.db.batch():
        gone = [(sync.deleted, sync) for sync in desk.workspace.syncs.every() if sync.deleted and alike(sync.name, name)]
        if not gone:
            raise UsageError(f'No sync "{visible(name)}" was deleted.', "See: tui-sync log")
        last = max(gone, key=lambda found: (found[1].name == name.strip(), found[0]))
        return syncs.put_back(desk, _awake(desk, *last))


def _awake(desk: Desk, when: datetime, sync: Sync) -> Sync:
    """The sync without the slots that its schedule had from `when` on: nobody has missed them."""
    last, now = desk.workspace.runs.latest((sync.id,), 1)[sync.id], desk.clock.now()
    slot = syncs.due(msgspec.structs.replace(sync, deleted=None), next(iter(last), None), desk.workspace.zone)
    return msgspec.structs.replace(sync, since=now) if slot is not None and when <= slot <= now else sync
