"""One person: everything the workspace knows of an address, their record as Recruit has it now, and taking them out of a
list by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from tui_sync.engine.alone import alone_with_list
from tui_sync.engine.control import Control
from tui_sync.engine.journal import settle_left_behind
from tui_sync.engine.ports import Hub
from tui_sync.model import criteria
from tui_sync.model.addresses import key_of
from tui_sync.model.errors import PersonError, RunError, SourceGone, UsageError
from tui_sync.model.hub import HubList, MemberState, Unsubscribe
from tui_sync.model.labels import labelled
from tui_sync.model.ledger import Bar, Mark, Membership, MembershipState, PendingRemoval, RecordEntry, membership_key
from tui_sync.model.mapping import full_name
from tui_sync.model.records import Record
from tui_sync.model.related import related_modules
from tui_sync.model.schedule import zone_of
from tui_sync.model.sync import SelectionKind, Sync
from tui_sync.model.text import visible
from tui_sync.services.catalogue import mailing_list
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.relating import relate
from tui_sync.services.sampling import Sample, mapped, truth, usable
from tui_sync.services.suppression import person_of

ALIKE = 4
"""Letters at the beginning in which addresses are like each other."""
LOOKED_AT = 50
"""Memberships looked at for addresses that are like one."""


class KnownRecord(msgspec.Struct, frozen=True):
    """A record that carries the address, and the name of the sync that fetched it."""

    sync: str
    entry: RecordEntry


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What the workspace knows of one address. Empty lists mean that nothing is known."""

    email: str
    records: tuple[KnownRecord, ...]
    memberships: tuple[tuple[str, Membership], ...]
    """(list name, membership)"""
    bars: tuple[tuple[str, Bar], ...]
    """(list name or the hub, bar)"""
    mark: Mark | None
    pending: tuple[PendingRemoval, ...]
    corrected: str = ""
    """The misspelt address that was asked for, where `email` is what it was corrected to."""
    started: Mapping[str, datetime] = {}
    """When each run of the histories began, by its number; of those that are still on record."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person as seen from one sync: what the workspace knows, and the record as Recruit has it at this moment."""

    explanation: Explanation
    fields: tuple[tuple[str, str], ...]
    """(label, value) of every field that criteria or mapping can use, harmless to show; empty where the record is gone."""
    gone: bool
    """Recruit has no such record any more."""
    truth: criteria.Explanation | None
    """Which rows decided; None for a sync without criteria, a record that is gone, or where `problem` says why."""
    before: dict[str, str] | None
    """Raw values that the sync delivered last, by hub field; None where it never did."""
    after: dict[str, str]
    """Raw values as the mapping gives them now, by hub field, blanks included."""
    problem: str = ""
    """What of the definition does not fit the module any more; empty where all does."""
    labels: Mapping[str, str] = {}
    """What people call the fields that the sync names, by API name."""


def explain(desk: Desk, address: str, *, thorough: bool = False) -> Explanation:
    """Every sync, membership, bar and past outcome of an address; of an empty one nothing is known. `thorough`: of one that
    names nobody (misspelt, none at all) also the records that carry it, for which all such records are looked through."""
    asked = key_of(address) or address.strip().lower()
    correction = desk.workspace.corrections.get(asked)
    email = asked if correction is None else correction.right
    emails = [email] if email else []
    ledger = desk.workspace.ledger
    entries = ledger.entries_of(emails)
    if thorough and asked and not entries:
        entries = [entry for entry in ledger.nameless() if entry.raw.strip().lower() == address.strip().lower()]
    lists = {sync.list_key: sync.list_name for sync in desk.workspace.syncs.every()}
    runs = {past.run for entry in entries for past in entry.history}
    living = {sync.id for sync in desk.workspace.syncs.all()}  # nothing that a deleted sync had begun goes on
    return Explanation(
        email=email,
        records=tuple(KnownRecord(_sync_name(desk, entry), entry) for entry in entries),
        memberships=tuple((lists.get(m.list_key, m.list_key), m) for m in ledger.memberships_of(emails)),
        bars=tuple((lists.get(b.scope, b.scope), b) for b in ledger.bars(emails)),
        mark=ledger.marks(emails).get(email),
        pending=tuple(p for p in ledger.pending() if email and p.email == email and p.sync in living),
        corrected="" if correction is None else asked,
        started={run.id: run.started for run in map(desk.workspace.runs.get, runs) if run is not None},
    )


def like(desk: Desk, address: str, most: int = 5) -> list[str]:
    """A few known addresses that begin as this one does, in lists or of records."""
    text = key_of(address) or address.strip().lower()
    for beginning in (text, text.partition("@")[0], text[:ALIKE]):
        found = desk.workspace.ledger.addresses_beginning(beginning, LOOKED_AT) if beginning else []
        if found:
            return found[:most]
    return []


def _sync_name(desk: Desk, entry: RecordEntry) -> str:
    sync = desk.workspace.syncs.get(entry.sync)
    return "a deleted sync" if sync is None else sync.name


async def look(desk: Desk, sync_id: str, record_id: str, email: str) -> Person:
    """The person behind one outcome. `email` may be empty or no address: then the record alone tells.

    Raises UsageError for an unknown sync, RunError where Recruit cannot be asked.
    """
    sync = desk.workspace.syncs.get(sync_id)
    if sync is None:
        raise UsageError("The sync of this person is not on record.", "See: tui-sync syncs")
    explanation = behind(desk, sync_id, record_id, email)
    entry = desk.workspace.ledger.entries(sync_id, [record_id]).get(record_id)
    before = None if entry is None else entry.delivered
    recruit = desk.connect.recruit(Quiet(desk.clock, desk.tell))
    module = await recruit.module(sync.module)
    if module is None:
        raise SourceGone(f'Recruit has no module "{visible(sync.module_shown)}" for this connection any more.')
    fields = await recruit.fields(module.name)
    columns = usable(module, fields)
    record = await recruit.record(module.name, record_id, columns)
    if record is None:
        return Person(explanation=explanation, fields=(), gone=True, truth=None, before=before, after={})
    zone = zone_of(sync.schedule, desk.workspace.zone)
    sample = Sample(
        module=module, fields=fields, columns=columns, records=[record], whole=False, zone=zone, now=desk.clock.now()
    )
    shown = _shown(sample, record)
    sample = await relate(desk, sample, related_modules(sync))
    judged, problem = _judged(sample, sample.records[0], sync)
    return Person(
        explanation=explanation, fields=shown, gone=False, truth=judged, before=before,
        after=mapped(sample, sample.records[0], sync.mapping), problem=problem, labels=labelled(sync, sample.fields).labels,
    )  # fmt: skip


def behind(desk: Desk, sync_id: str, record_id: str, email: str) -> Explanation:
    """What the workspace knows of the person behind one outcome: also their record, which an unusable or changed address, or
    none, does not lead to."""
    known, entry = explain(desk, email), desk.workspace.ledger.entries(sync_id, [record_id]).get(record_id)
    if entry is None or any(found.entry.key == entry.key for found in known.records):
        return known
    own = KnownRecord(_sync_name(desk, entry), entry)
    return msgspec.structs.replace(known, records=(own, *known.records))


def _shown(sample: Sample, record: Record) -> tuple[tuple[str, str], ...]:
    by_name = {field.name: field for field in sample.fields}
    return tuple(
        (visible(by_name[name].label), criteria.shown(value, by_name[name], sample.zone))
        for name, value in zip(sample.columns.names, record.values, strict=True)
        if name in by_name
    )


def _judged(sample: Sample, record: Record, sync: Sync) -> tuple[criteria.Explanation | None, str]:
    """The truth table, or why there is none for a sync with criteria."""
    chosen = sync.selection
    if chosen.kind is not SelectionKind.CRITERIA:
        return None, ""
    try:
        return truth(sample, record, chosen.conditions, chosen.pattern), ""
    except UsageError as error:
        return None, str(error)


def names(desk: Desk, sync_id: str, record_ids: Sequence[str]) -> dict[str, str]:
    """The people's first and last names as the sync delivered them last, harmless to show; those known, by record id."""
    entries = desk.workspace.ledger.entries(sync_id, record_ids)
    known = {record: full_name(entry.delivered) for record, entry in entries.items() if entry.delivered}
    return {record: visible(name) for record, name in known.items() if name}


async def remove(desk: Desk, address: str, list_name: str, beforehand: Callable[[], None] = lambda: None) -> Membership:
    """Take one person out of a list by hand: they stay out whatever a sync fetches. `beforehand` is called once address and list
    are known to be some. Raises UsageError, RunError."""
    email = person_of(desk, address)
    if not email:
        raise UsageError(f'"{visible(address)}" is not an e-mail address.')
    mailing = await mailing_list(desk, list_name)
    beforehand()
    quiet = Quiet(desk.clock, desk.tell)
    hub, what = desk.connect.hub(quiet), f"taking somebody out of {mailing.name}"
    async with alone_with_list(desk.workspace.locks, quiet, mailing.key, mailing.name, what, hub):
        # What a killed run left unconfirmed is not to pass for the person's own doing.
        space, control = desk.workspace, Control(desk.clock, lambda _event: None)
        await settle_left_behind(mailing.key, space.ledger, space.runs, hub, control)
        return await _take_out(desk, hub, _in_the_list(desk, key_of(address), mailing) or email, mailing)


def _in_the_list(desk: Desk, email: str, mailing: HubList) -> str:
    """The address, where somebody is in the list by it, be it a wrong one that was corrected since; else an empty text."""
    member = desk.workspace.ledger.members(mailing.key, [email]).get(email)
    return email if member is not None and member.state is MembershipState.ACTIVE else ""


async def _take_out(desk: Desk, hub: Hub, email: str, mailing: HubList) -> Membership:
    old = desk.workspace.ledger.members(mailing.key, [email]).get(email)
    now = desk.clock.now()
    taken_out = Membership(
        key=membership_key(mailing.key, email), list_key=mailing.key, state=MembershipState.BY_HAND, since=now,
        cause="taken out by hand", made_by=old.made_by if old else "", by=old.by if old else {},
        left=await _has_left(hub, mailing, email, old),
    )  # fmt: skip
    # The note comes first: should the answer be lost, the person stays out of every later run all the same.
    with desk.workspace.db.batch():
        desk.workspace.ledger.put(taken_out)
        desk.log(f"took {email} out of the list {mailing.name}")
        if hub.transactional:
            answers = await hub.deliver([Unsubscribe(mailing.key, email)])
    if not hub.transactional:
        answers = await hub.deliver([Unsubscribe(mailing.key, email)])
    if isinstance(answers[0], PersonError):
        raise RunError(f"The hub did not take {visible(email)} out: {answers[0].sentence}.", "Try again.")
    return taken_out


async def _has_left(hub: Hub, mailing: HubList, email: str, old: Membership | None) -> bool:
    """Whether the person has left the list on their own: known already, or the hub shows it and no sync has done it."""
    if old is not None and old.state is MembershipState.LEFT:
        return True
    if old is not None and old.state in (MembershipState.BY_HAND, MembershipState.REMOVED):
        return old.left
    if hub.transactional or mailing.noted:
        return False
    async for page in hub.addresses(mailing.key, MemberState.UNSUBSCRIBED):
        if email in page:
            return True
    return False
