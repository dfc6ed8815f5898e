"""Editing a saved sync: name, criteria, policies, schedule, mapping; nothing that changed meanwhile is overwritten."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui_sync.model.definitions import changes, problems, state_after_edit, tidied
from tui_sync.model.errors import UsageError
from tui_sync.model.labels import labelled
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module
from tui_sync.model.sync import Sync, taken_up
from tui_sync.services import limits, syncs
from tui_sync.services.desk import Desk
from tui_sync.services.log import edit_words


def save(
    desk: Desk,
    before: Sync,
    after: Sync,
    *,
    module: Module | None,
    fields: Sequence[Field],
    hub_fields: Sequence[HubField],
) -> Sync:
    """Give the sync `before` the definition of `after`, in one commit; gives the stored sync.

    State, initiation and reason stay as stored, but a completed sync that becomes recurring is active again, and one that its
    definition broke is mended. Raises UsageError where the sync was changed or deleted since `before` was read, where the
    definition has a problem, the name is taken, or an initiated sync would get another module, view or list; LimitRefused
    where a completed one would be active again and no place is free.
    """
    after = labelled(tidied(after), fields)
    with desk.workspace.db.batch():
        stored = syncs.as_it_was(desk, before)
        refuse_problems(after, module=module, fields=fields, hub_fields=hub_fields)
        syncs.refuse_frozen(stored, after)
        edited = msgspec.structs.replace(
            after, id=stored.id, name=syncs.good_name(desk, after.name, besides=stored.id),
            state=state_after_edit(stored, after), reason=stored.reason, trouble=stored.trouble, created=stored.created,
            initiated=stored.initiated, deleted=None,
        )  # fmt: skip
        edited = taken_up(stored, edited, desk.clock.now())
        changed = changes(stored, edited)
        if changed:
            limits.take_place(desk, stored, edited)
            desk.log(f"changed {edited.name}: {edit_words(stored, edited, desk.workspace.zone)}")
            edited = syncs.mended_by_edit(desk, edited)
    return edited if changed else stored


def refuse_problems(
    sync: Sync, *, module: Module | None, fields: Sequence[Field], hub_fields: Sequence[HubField]
) -> None:
    """Raises UsageError with the sentence of the first problem of the definition, if there is one."""
    found = problems(sync, module=module, fields=fields, hub_fields=hub_fields)
    if found:
        raise UsageError(found[0].sentence)
