"""The wizard's unfinished work: begun, kept, taken up again, finished as a sync."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.definitions import changes, tidied
from tui_sync.model.draft import FIRST_STEP, LAST_STEP, Draft
from tui_sync.model.errors import UsageError
from tui_sync.model.labels import labelled
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.services import syncs
from tui_sync.services.desk import Desk, Which
from tui_sync.services.editing import refuse_problems
from tui_sync.services.log import edit_words


def new(desk: Desk) -> Draft:
    """An empty draft, in memory only: nothing is on record until it is saved."""
    now = desk.clock.now()
    blank = Sync(id="", name="", module="", list_key="", list_name="", created=now)
    return Draft(key=secrets.token_hex(8), step=FIRST_STEP, sync=blank, saved=now)


def save(desk: Desk, draft: Draft) -> Draft:
    """Keep the draft as it is, whatever is missing; a draft with its key is replaced. Gives it with the moment."""
    kept = msgspec.structs.replace(draft, saved=desk.clock.now())
    desk.workspace.drafts.put(kept)
    return kept


def left(desk: Desk) -> list[Draft]:
    """The drafts that were saved and not finished, newest first."""
    return sorted(desk.workspace.drafts.all(), key=lambda draft: draft.saved)[::-1]


def discard(desk: Desk, key: str) -> None:
    """Drop a draft; the saved sync that it edits, if any, stays as it is. One that is not there is no mistake."""
    with desk.workspace.db.batch():
        draft = desk.workspace.drafts.get(key)
        if draft is not None and desk.workspace.drafts.remove(key):
            desk.log(f"discarded unfinished work on {draft.sync.name or 'a sync without a name'}")


def reopen(desk: Desk, which: Which) -> Draft:
    """A saved sync in state draft, to be edited whole: the unfinished work on it, if some was left, else the sync.

    Work left over from before the saved sync was changed elsewhere is not taken up. Raises UsageError where there is no
    such sync, or it was initiated already.
    """
    sync = desk.sync(which)
    if sync.state is not SyncState.DRAFT:
        raise UsageError(
            f'"{visible(sync.name)}" is {sync.state}, no draft: module, view and list are fixed.',
            "Edit the rest, or duplicate it.",
        )
    unfinished = desk.workspace.drafts.get(_key_of(sync))
    if unfinished is not None and unfinished.before is not None and not changes(unfinished.before, sync):
        return unfinished
    return Draft(key=_key_of(sync), step=LAST_STEP, sync=sync, saved=desk.clock.now(), before=sync)


def _key_of(sync: Sync) -> str:
    """One unfinished edit for each saved sync."""
    return f"sync/{sync.id}"


def finish(
    desk: Desk,
    draft: Draft,
    *,
    initiate: bool,
    module: Module | None,
    fields: Sequence[Field],
    hub_fields: Sequence[HubField],
) -> Sync:
    """Make the draft a saved sync, initiated (or queued) if asked, and drop the draft, in one commit.

    Raises UsageError with the first thing that is wrong, where the name is taken, or where the saved sync that it edits
    was changed, initiated or deleted meanwhile, LimitRefused where a limit refuses the initiation; then the draft stays.
    """
    sync = labelled(tidied(draft.sync), fields)
    refuse_problems(sync, module=module, fields=fields, hub_fields=hub_fields)
    with desk.workspace.db.batch():
        stored = syncs.as_it_was(desk, draft.before) if draft.before is not None else None
        if stored is not None and stored.state is not SyncState.DRAFT:
            raise UsageError(f'"{visible(stored.name)}" was initiated meanwhile.', "Open it again.")
        name = syncs.good_name(desk, sync.name, besides="" if stored is None else stored.id)
        sync = msgspec.structs.replace(
            sync, id=syncs.new_id(desk) if stored is None else stored.id, name=name, state=SyncState.DRAFT, reason="",
            created=desk.clock.now() if stored is None else stored.created, initiated=None, deleted=None,
        )  # fmt: skip
        desk.workspace.syncs.put(sync)
        desk.workspace.drafts.remove(draft.key)
        desk.log(_done(stored, sync, desk.workspace.zone))
        if initiate:
            sync = syncs.initiate(desk, sync)
    return sync


def _done(stored: Sync | None, sync: Sync, zone: ZoneInfo) -> str:
    if stored is None:
        return f"created {sync.name} as a draft"
    return f"changed {stored.name}: {edit_words(stored, sync, zone) or 'nothing'}"
