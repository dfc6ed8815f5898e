"""Broken and repaired: what keeps a sync from running, asked of the connection, and the ways out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from tui_sync.engine.bindings import gone, module_of
from tui_sync.engine.ports import Hub, Recruit
from tui_sync.engine.related import fields_for
from tui_sync.model.errors import RunError, SourceGone, UsageError
from tui_sync.model.hub import HubList
from tui_sync.model.ledger import STAYING_OUT, Bar, Membership, MembershipState, bar_key, membership_key
from tui_sync.model.parts import chunks
from tui_sync.model.records import View
from tui_sync.model.sync import Selection, SelectionKind, Sync, SyncState, Trouble
from tui_sync.model.text import command_line, counted, meant, visible
from tui_sync.services import catalogue, syncs
from tui_sync.services.alone import alone_with
from tui_sync.services.desk import Desk, Quiet, Which

PAGE = 500
"""Documents rewritten before the event loop gets its turn."""
BY_HAND = (Trouble.PLAN, Trouble.FAILURES)
"""What the connection cannot tell to be over: only another run does."""
NEW_LIST = "the list was replaced"
SETTLED = STAYING_OUT | {MembershipState.ACTIVE}
"""How people stand in the other list already, so that what was in the list that is gone does not matter: whom a sync took out of
the other one, a sync would bring back."""


class Way(StrEnum):
    """The ways out of a trouble."""

    VIEW = "view"
    """Take the records of another view."""
    ALL = "all"
    """Take all records of the module."""
    LIST = "list"
    """Deliver to another list."""
    CREATE = "create"
    """Create the list anew."""
    CRITERIA = "criteria"
    MAPPING = "mapping"
    POLICIES = "policies"
    DUPLICATE = "duplicate"
    """Make a new sync on another module."""
    ACTIVATE = "activate"
    """Nothing is left to be mended: try again."""


class Option(msgspec.Struct, frozen=True):
    """One way out; `name` and `key` are those of a view or list, `name` the place of the row to edit."""

    way: Way
    name: str = ""
    key: str = ""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a sync at this moment, a sentence each, and the ways out. Nothing is wrong: both are empty."""

    sync: Sync
    troubles: tuple[tuple[Trouble, str], ...]
    options: tuple[Option, ...]


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """What a repair or a look came to: the sync as stored, what is still wrong with it, and for how many people it was
    remembered that they had left the list that is gone."""

    sync: Sync
    left: str = ""
    staying_out: int = 0


async def diagnose(desk: Desk, which: Which) -> Diagnosis:
    """Ask the connection what of the sync is gone. Raises UsageError for an unknown sync, RunError where nobody answers."""
    sync = desk.sync(which)
    found = await _gone(desk, sync)
    if sync.trouble in BY_HAND:
        found.append(SourceGone(sync.reason, trouble=sync.trouble))
    options = [option for fault in found for option in await _options(desk, sync, fault)]
    if not found and (sync.trouble is not None or sync.state is SyncState.BROKEN):
        options.append(Option(Way.ACTIVATE))
    troubles = tuple((fault.trouble, fault.sentence) for fault in found)
    return Diagnosis(sync=sync, troubles=troubles, options=tuple(dict.fromkeys(options)))


def _ends(desk: Desk) -> tuple[Recruit, Hub]:
    monitor = Quiet(desk.clock, desk.tell)
    return desk.connect.recruit(monitor), desk.connect.hub(monitor)


async def _gone(desk: Desk, sync: Sync) -> list[SourceGone]:
    """Everything that the sync is bound to and that is gone."""
    recruit, hub = _ends(desk)
    try:
        module = await module_of(recruit, sync)
        fields = await fields_for(recruit, sync, module)
    except SourceGone as fault:
        return [fault]
    return [fault async for fault in gone(sync, module, fields, recruit, hub) if isinstance(fault, SourceGone)]


async def _options(desk: Desk, sync: Sync, fault: SourceGone) -> Sequence[Option]:
    recruit, hub = _ends(desk)
    match fault.trouble:
        case Trouble.VIEW:
            return [*(Option(Way.VIEW, v.name, v.id) for v in await recruit.views(sync.module)), Option(Way.ALL)]
        case Trouble.LIST:
            others = [Option(Way.LIST, known.name, known.key) for known in await hub.lists()]
            same = [option for option in others if option.name.casefold() == sync.list_name.casefold()]
            anew = [] if same else [Option(Way.CREATE, sync.list_name)]
            return [*anew, *same, *(option for option in others if option not in same)]
        case Trouble.CRITERIA:
            return [Option(Way.CRITERIA, fault.place)]
        case Trouble.MAPPING:
            return [Option(Way.MAPPING, fault.place)]
        case Trouble.OPT_OUT:
            return [Option(Way.POLICIES)]
        case Trouble.MODULE:
            return [Option(Way.DUPLICATE)]
        case _:
            return [Option(Way.ACTIVATE)]


async def activate(desk: Desk, which: Which) -> Mended:
    """Make a sync active as `syncs.activate` does; a broken one only where a look finds everything of it there again, else it
    stays broken with what is `left`.

    Raises what `syncs.activate` raises, and RunError where nobody answers: then it stays as it is.
    """
    sync = desk.sync(which)
    if sync.state is not SyncState.BROKEN:
        return Mended(sync=syncs.activate(desk, which))
    try:
        left = await _gone(desk, sync)
    except RunError as fault:
        fault.sentence = f"{visible(sync.name)} stays broken, since nobody can be asked whether it is mended: {fault.sentence}"
        raise
    with desk.workspace.db.batch():
        stored = syncs.as_it_was(desk, sync)
        if not left or stored.state is not SyncState.BROKEN:
            return Mended(sync=syncs.activate(desk, which))
        return _still_broken(desk, stored, left[0])


async def use_view(desk: Desk, which: Which, view: str) -> Mended:
    """Put another view, by its name or id, in the place of one that vanished.

    Raises UsageError where the view of the sync is still there or there is none such, RunError where Recruit does not answer.
    """
    sync = await _vanished(desk, which, Trouble.VIEW)
    found = _one_view(await _ends(desk)[0].views(sync.module), view, sync)
    selection = Selection(kind=SelectionKind.VIEW, view_id=found.id, view_name=found.name)
    after = msgspec.structs.replace(sync, selection=selection)
    return _write(desk, sync, after, await _gone(desk, after))


async def use_all(desk: Desk, which: Which) -> Mended:
    """Take all records of the module, now that the view vanished. Raises what `use_view` raises."""
    sync = await _vanished(desk, which, Trouble.VIEW)
    after = msgspec.structs.replace(sync, selection=Selection())
    return _write(desk, sync, after, await _gone(desk, after))


async def use_list(desk: Desk, which: Which, list_name: str, *, create: bool = False) -> Mended:
    """Put another list in the place of one that vanished; `create` makes it where there is none of that name.

    Memberships stay with the list that is gone: everybody is delivered anew, under the policies of now. Who had left that
    list, or was taken out by hand, stays out of the other one too. Raises UsageError where the list of the sync is still
    there, or there is none such and it is not to be created; AlreadyRunning while a run goes on.
    """
    sync = await _vanished(desk, which, Trouble.LIST)
    with alone_with(desk, sync, "the repair of"):
        found = await _the_list(desk, list_name, create=create)
        after = msgspec.structs.replace(sync, list_key=found.key, list_name=found.name)
        left = await _gone(desk, after)  # before anything is forgotten: the connection may give no answer
        kept = await _carry_over(desk, sync.list_key, found.key)
        await _deliver_anew(desk, sync)
        mended = _write(desk, sync, after, left)
    return msgspec.structs.replace(mended, staying_out=kept)


async def _the_list(desk: Desk, list_name: str, *, create: bool) -> HubList:
    wanted = list_name.strip()
    known = meant(list_name, await catalogue.lists(desk))
    if known is None and create:
        return await catalogue.create_list(desk, wanted)
    if known is None:
        raise UsageError(f'There is no list "{visible(wanted)}".', "Have it created: --create")
    return known


def _one_view(views: Sequence[View], wanted: str, sync: Sync) -> View:
    found = [view for view in views if view.id == wanted] or [view for view in views if view.name.strip() == wanted.strip()]
    if len(found) != 1:
        many = counted(len(found), 'view') if found else "no view"
        see = f"See: {command_line('views', sync.module)}"
        raise UsageError(f'{visible(sync.module_shown)} has {many} "{visible(wanted)}".', see)
    return found[0]


async def _vanished(desk: Desk, which: Which, trouble: Trouble) -> Sync:
    """The sync, if what is to be replaced is gone. Raises UsageError where it is still there: then it is fixed."""
    sync = desk.sync(which)
    found = [fault.trouble for fault in await _gone(desk, sync)]
    if sync.state is SyncState.BROKEN and not found:
        shown = visible(sync.name)
        raise UsageError(f'Everything of "{shown}" is there again.', f"Take it up again: {command_line('activate', sync.name)}")
    if trouble not in found:
        raise UsageError(
            f'The {trouble} of "{visible(sync.name)}" is still there, and is fixed once a sync was initiated.',
            f"Duplicate the sync to choose another: {command_line('duplicate', sync.name, 'NEW')}",
        )
    return sync


def _write(desk: Desk, before: Sync, after: Sync, left: Sequence[SourceGone]) -> Mended:
    """Write the repaired definition; active again unless something else of it, `left`, is gone."""
    with desk.workspace.db.batch():
        stored = syncs.as_it_was(desk, before)
        repaired = msgspec.structs.replace(
            stored, selection=after.selection, list_key=after.list_key, list_name=after.list_name
        )
        desk.log(f"repaired {stored.name}: {_words(before, after)}")
        if left:
            return _still_broken(desk, repaired, left[0])
        return Mended(sync=syncs.mended(desk, repaired))


def _still_broken(desk: Desk, sync: Sync, fault: SourceGone) -> Mended:
    """Write what is broken of the sync now. To be called within a batch."""
    broken = msgspec.structs.replace(sync, state=SyncState.BROKEN, trouble=fault.trouble, reason=fault.sentence)
    desk.workspace.syncs.put(broken)
    return Mended(sync=broken, left=fault.sentence)


def _words(before: Sync, after: Sync) -> str:
    if before.list_key != after.list_key:
        return f"list {before.list_name} -> {after.list_name}"
    new = after.selection.view_name if after.selection.kind is SelectionKind.VIEW else "all records"
    return f"view {before.selection.view_name} -> {new}"


async def _carry_over(desk: Desk, old: str, new: str) -> int:
    """Remember for the new list who left the old one or was taken out of it, and who is barred from it; how many those are."""
    ledger, kept = desk.workspace.ledger, 0
    if old == new:
        return 0
    for page in chunks(list(ledger.memberships_in(old)), PAGE):
        emails = [member.email for member in page]
        with desk.workspace.db.batch():  # a run of another sync may be writing the new list
            there = {email for email, m in ledger.members(new, emails).items() if m.state in SETTLED}
            out = [member for member in page if member.state in STAYING_OUT and member.email not in there]
            bars = [bar for bar in ledger.bars(emails) if bar.scope == old]
            ledger.put(*(_moved(member, new) for member in out), *(_renewed(bar, new) for bar in bars))
        kept += len(out)
        await asyncio.sleep(0)
    return kept


def _moved(member: Membership, new: str) -> Membership:
    return Membership(
        key=membership_key(new, member.email), list_key=new, state=member.state, since=member.since, cause=member.cause,
        left=member.left,
    )  # fmt: skip


def _renewed(bar: Bar, new: str) -> Bar:
    return msgspec.structs.replace(bar, key=bar_key(new, bar.email, bar.origin, bar.cause), scope=new)


async def _deliver_anew(desk: Desk, sync: Sync) -> None:
    """Forget what was delivered, since with a list its leads may be gone, and have the next run fetch everything."""
    ledger = desk.workspace.ledger
    for page in chunks(list(ledger.record_ids(sync.id)), PAGE):
        entries = [entry for entry in ledger.entries(sync.id, page).values() if entry.delivered is not None]
        ledger.put(*(msgspec.structs.replace(entry, delivered=None) for entry in entries))
        await asyncio.sleep(0)
    ledger.ask_for_all(sync.id, NEW_LIST)
