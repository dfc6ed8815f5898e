"""What a sync is bound to: module, view, fields, list. Looked at before anything is fetched, so that nothing that vanished
is taken for empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec

from tui_sync.engine.ports import Hub, Recruit
from tui_sync.model.definitions import problems
from tui_sync.model.errors import SourceGone
from tui_sync.model.hub import HubList
from tui_sync.model.labels import labelled, with_labels
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL, HubField, same_name
from tui_sync.model.records import Field, Module
from tui_sync.model.sync import SelectionKind, Sync, Trouble
from tui_sync.model.text import full_stop, visible

EVERYWHERE = (LEAD_EMAIL, FIRST_NAME, LAST_NAME)
"""The fields that every hub has."""
_TROUBLES = {
    "conditions": Trouble.CRITERIA, "pattern": Trouble.CRITERIA, "mapping": Trouble.MAPPING, "on_opt_out": Trouble.OPT_OUT,
}  # fmt: skip
"""Key of a definition's problem -> what is broken by it."""


async def module_of(recruit: Recruit, sync: Sync) -> Module:
    """The sync's module. Raises SourceGone where the connection has it no more, or it cannot be synced any more."""
    module = await recruit.module(sync.module)
    if module is None or not module.available:
        why = f" {full_stop(visible(module.reason))}" if module is not None and module.reason else ""
        raise SourceGone(
            f'Recruit has no module "{visible(sync.module_shown)}" for this connection any more.{why}', trouble=Trouble.MODULE
        )
    return module


async def bound(sync: Sync, module: Module, fields: Sequence[Field], recruit: Recruit, hub: Hub) -> Sync:
    """The sync under the names that everything has now that it is bound to. Raises SourceGone for the first that is gone."""
    async for fault in gone(sync, module, fields, recruit, hub):
        if isinstance(fault, SourceGone):
            raise fault
        sync = fault
    return sync


async def gone(
    sync: Sync, module: Module, fields: Sequence[Field], recruit: Recruit, hub: Hub
) -> AsyncIterator[SourceGone | Sync]:
    """Everything that the sync is bound to and that is gone, one error each; last the sync under the names of now.

    It costs one call for the views where the sync has one, one for the hub's lists, and one for the hub's fields where the
    mapping fills some that not every hub has.
    """
    sync = labelled(msgspec.structs.replace(sync, module_label=module.label), fields)
    if sync.selection.kind is SelectionKind.VIEW and sync.selection.view_id:
        views = await recruit.views(module.name)
        view = next((view for view in views if view.id == sync.selection.view_id), None)
        if view is None:
            name = visible(sync.selection.view_name)
            yield SourceGone(f'The view "{name}" is no longer in Recruit\'s {visible(module.label)}.', trouble=Trouble.VIEW)
        else:
            selection = msgspec.structs.replace(sync.selection, view_name=view.name)
            sync = msgspec.structs.replace(sync, selection=selection)
    for fault in unfit(sync, module, fields, await _hub_fields(sync, hub)):
        yield fault
    if sync.list_key:
        mailing = await _list_of(sync, hub)
        if mailing is None:
            yield SourceGone(f'The list "{visible(sync.list_name)}" is no longer at the hub.', trouble=Trouble.LIST)
        else:
            sync = msgspec.structs.replace(sync, list_name=mailing.name)
    yield sync


def unfit(
    sync: Sync, module: Module, fields: Sequence[Field], hub_fields: Sequence[HubField]
) -> list[SourceGone]:
    """What criteria, mapping and policies name that is gone or no longer of a fitting type: an error a kind of trouble."""
    found: dict[Trouble, list[tuple[str, str]]] = {}
    for problem in problems(sync, module=module, fields=fields, hub_fields=hub_fields):
        part, _, place = problem.key.replace("[", ".").replace("]", "").partition(".")
        if part not in _TROUBLES or (place == LEAD_EMAIL and not any(same_name(r.target, place) for r in sync.mapping)):
            # A definition without an address has lost nothing: it was never complete, and making the run ready refuses it.
            continue
        where = f"row {place}: " if part == "conditions" else ""
        found.setdefault(_TROUBLES[part], []).append((place, f"{where}{problem.sentence}"))
    return [SourceGone(_told(kind, rows), trouble=kind, place=rows[0][0]) for kind, rows in found.items()]


def _told(trouble: Trouble, rows: Sequence[tuple[str, str]]) -> str:
    what = {
        Trouble.CRITERIA: "The criteria no longer fit Recruit",
        Trouble.MAPPING: "The mapping no longer fits",
        Trouble.OPT_OUT: "The policy for people who opted out has lost its field",
    }[trouble]
    more = f" And {len(rows) - 1} more like it." if len(rows) > 1 else ""
    return f"{what}: {rows[0][1]}{more}"


async def _hub_fields(sync: Sync, hub: Hub) -> Sequence[HubField]:
    """The hub's fields; not asked for where every hub has those that the mapping fills."""
    if all(any(same_name(row.target, name) for name in EVERYWHERE) for row in sync.mapping):
        return tuple(HubField(name=name) for name in EVERYWHERE)
    return await hub.fields()


async def _list_of(sync: Sync, hub: Hub) -> HubList | None:
    """The sync's list as the hub has it; one that is not there is looked for twice, since an answer may be incomplete."""
    for _ in range(2):
        found = next((known for known in await hub.lists() if known.key == sync.list_key), None)
        if found is not None:
            return found
    return None


def renamings(before: Sync, after: Sync) -> tuple[str, ...]:
    """What has another name now, a sentence each, harmless to show. A module whose label was not known has no other one."""
    pairs = (
        ("module", before.module_label or after.module_label, after.module_label),
        ("view", before.selection.view_name, after.selection.view_name), ("list", before.list_name, after.list_name),
    )  # fmt: skip
    return tuple(f'The {what} "{visible(old)}" is called "{visible(new)}" now.' for what, old, new in pairs if old != new)


def with_names(stored: Sync, current: Sync) -> Sync:
    """The stored sync with the names of the current one, as far as it is still bound to the same module, view and list."""
    if stored.module == current.module:
        stored = with_labels(msgspec.structs.replace(stored, module_label=current.module_label), current.labels)
    if stored.selection.view_id == current.selection.view_id:
        selection = msgspec.structs.replace(stored.selection, view_name=current.selection.view_name)
        stored = msgspec.structs.replace(stored, selection=selection)
    if stored.list_key == current.list_key:
        stored = msgspec.structs.replace(stored, list_name=current.list_name)
    return stored
