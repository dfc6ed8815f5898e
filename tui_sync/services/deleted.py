"""Deleted syncs: they stay in the workspace and can be brought back."""

from __future__ import annotations

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
    """Bring the sync of that name which was deleted last back, in its state of then.

    Raises UsageError where none was deleted or the name is taken, LimitRefused where it would be active and no place is free.
    """
    with desk.workspace.db.batch():
        gone = [(sync.deleted, sync) for sync in desk.workspace.syncs.every() if sync.deleted and alike(sync.name, name)]
        if not gone:
            raise UsageError(f'No sync "{visible(name)}" was deleted.', "See: tui-sync log")
        return syncs.put_back(desk, max(gone, key=lambda found: found[0])[1])
