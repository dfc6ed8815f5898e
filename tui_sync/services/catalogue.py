"""What the connection offers: modules, fields, views, lists, leads, and the fields of the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from tui_sync.engine.related import related_fields as of_related
from tui_sync.model.errors import RunError, Unconfirmed, UsageError
from tui_sync.model.hub import HubList, Member, MemberState
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL, HubField, same_name
from tui_sync.model.records import Field, Module, View
from tui_sync.model.related import LABELS
from tui_sync.model.text import as_read, meant, unfit_name, visible
from tui_sync.services.desk import Desk, Quiet


async def modules(desk: Desk) -> tuple[Module, ...]:
    """The modules that can be synced, and those that cannot with the reason."""
    return await desk.connect.recruit(Quiet(desk.clock, desk.tell)).modules()


async def module(desk: Desk, name: str) -> Module:
    """The module of that API name or label. Raises UsageError where there is none."""
    known = await modules(desk)
    found = next((m for m in known if name.strip().casefold() in (m.name.casefold(), m.label.casefold())), None)
    if found is None:
        names = ", ".join(m.name for m in known)
        raise UsageError(f'There is no module "{visible(name)}".', f"The connection reports: {names}.")
    return found


async def fields(desk: Desk, name: str) -> tuple[Field, ...]:
    """The fields of a module, related ones included."""
    recruit = desk.connect.recruit(Quiet(desk.clock, desk.tell))
    plain = name.casefold().replace("_", "").replace(" ", "")  # accounts spell it Job_Openings or JobOpenings
    related = next((module for module in LABELS if module.casefold().replace("_", "") == plain), None)
    return await recruit.fields(related or (await module(desk, name)).name)


async def related_fields(desk: Desk, modules: Iterable[str]) -> tuple[Field, ...]:
    """The fields of related modules under the names that criteria give them, such as `Clients.Industry`; none of a module
    that the account does not have."""
    return await of_related(desk.connect.recruit(Quiet(desk.clock, desk.tell)), modules)


async def views(desk: Desk, name: str) -> tuple[View, ...]:
    """The custom views of a module."""
    return await desk.connect.recruit(Quiet(desk.clock, desk.tell)).views((await module(desk, name)).name)


async def lists(desk: Desk) -> tuple[HubList, ...]:
    """The hub's lists, noted ones included."""
    return await desk.connect.hub(Quiet(desk.clock, desk.tell)).lists()


async def mailing_list(desk: Desk, name: str) -> HubList:
    """The list of that name. Raises UsageError where there is none."""
    found = meant(name, await lists(desk))
    if found is None:
        raise UsageError(f'There is no list "{visible(name)}".', "See those there are: tui-sync lists")
    return found


async def leads(desk: Desk, name: str) -> AsyncIterator[tuple[MemberState, Sequence[Member]]]:
    """The members of a list in pages, state by state."""
    mailing = await mailing_list(desk, name)
    for state in MemberState:
        async for page in members(desk, mailing, state):
            yield state, page


async def members(desk: Desk, mailing: HubList, state: MemberState) -> AsyncIterator[Sequence[Member]]:
    """The members of a list in one state, in pages, each once although pages of Marketing Automation overlap; nobody is in a
    list that is only noted. Raises RunError."""
    if mailing.noted:
        return
    told: set[str] = set()
    async for page in desk.connect.hub(Quiet(desk.clock, desk.tell)).members(mailing.key, state):
        yield [member for member in page if member.email not in told]
        told.update(member.email for member in page)


async def import_columns(desk: Desk) -> tuple[str, ...]:
    """The columns that Marketing Automation's own import takes: fields by their display names, the address first.

    Marketing Automation tells names only with a list; the embedded hub knows every field of its leads.
    """
    first = (LEAD_EMAIL, FIRST_NAME, LAST_NAME)
    hub = desk.connect.hub(Quiet(desk.clock, desk.tell))
    if not hub.transactional:
        return first
    return (*first, *(field.name for field in await hub.fields() if field.name not in first))


def feeders(desk: Desk) -> dict[str, tuple[str, ...]]:
    """The names of the syncs that feed each list, by its key."""
    names: dict[str, list[str]] = {}
    for sync in desk.workspace.syncs.all():
        names.setdefault(sync.list_key, []).append(sync.name)
    return {key: tuple(sorted(found)) for key, found in names.items()}


def name_mistake(name: str, taken: Iterable[str] = ()) -> str:
    """What is wrong with the name of a new list; empty where nothing is. `taken`: the names that there are."""
    name = name.strip()
    if not name:
        return "A list needs a name that is not empty."
    return "There is a list of that name already." if _is_taken(name, taken) else unfit_name(name)


def _is_taken(name: str, taken: Iterable[str]) -> bool:
    """Whether one of the names reads like this one, in capitals or not."""
    return as_read(name).casefold() in {as_read(one).casefold() for one in taken}


async def create_list(desk: Desk, name: str) -> HubList:
    """Create a list (or note it until its first lead). Raises UsageError where the name is empty, taken or `unfit_name`."""
    name, why = name.strip(), name_mistake(name)
    if why:
        raise UsageError(why)
    if _is_taken(name, [known.name for known in await lists(desk)]):
        raise UsageError(f'There is a list "{visible(name)}" already.')
    created = await desk.connect.hub(Quiet(desk.clock, desk.tell)).create_list(name)
    desk.log(f"created the list {name}")
    return created


async def delete_list(desk: Desk, name: str) -> HubList:
    """Delete a list that is only noted here. Raises UsageError where there is none of that name, the hub has it, or a sync
    uses it."""
    known = await mailing_list(desk, name)
    with desk.workspace.db.batch():
        why = why_no_deletion(known, feeders(desk).get(known.key, ()))
        if why:
            raise UsageError(why)
        desk.workspace.lists.forget(known.key)
        desk.log(f"deleted the noted list {known.name}")
    return known


def why_no_deletion(mailing: HubList, used_by: Sequence[str]) -> str:
    """Why a list cannot be deleted here; empty where it can."""
    shown = visible(mailing.name)
    if not mailing.noted:
        return f'The list "{shown}" is at the hub; only one that is noted here and not created yet can be deleted here.'
    if used_by:
        names = ", ".join(f'"{visible(sync)}"' for sync in used_by)
        return f'The list "{shown}" is used by {names}. Give that another list or delete it first.'
    return ""


async def hub_fields(desk: Desk) -> tuple[HubField, ...]:
    """The lead fields of the hub."""
    return await desk.connect.hub(Quiet(desk.clock, desk.tell)).fields()


async def create_field(desk: Desk, name: str, kind: str = "Text") -> HubField:
    """Create a lead field at the hub; `kind` is the hub's own word for a type.

    Raises UsageError where the name is empty, taken or `unfit_name`, RunError where the hub refuses or does not answer.
    """
    name = name.strip()
    why = unfit_name(name) if name else "A field of the hub needs a name that is not empty."
    if why:
        raise UsageError(why)
    hub = desk.connect.hub(Quiet(desk.clock, desk.tell))
    if any(same_name(known.name, name) for known in await hub.fields()):
        raise UsageError(f'The hub has a field "{visible(name)}" already.', "Map to that one, or choose another name.")
    try:
        await hub.create_field(name, kind)
    except Unconfirmed as lost:
        if not any(same_name(known.name, name) for known in await hub.fields()):
            raise RunError(f'The field "{visible(name)}" was not created: {lost.sentence}.', "Try again.") from lost
    desk.log(f"created the hub field {name}")
    return HubField(name=name, kind=kind)
