"""One person: everything the workspace knows of an address, and taking somebody out of a list by hand."""

from __future__ import annotations

import msgspec

from tui_sync.engine.run import LIST_WAIT
from tui_sync.model.addresses import key_of
from tui_sync.model.errors import PersonError, RunError, UsageError
from tui_sync.model.hub import HubList, Unsubscribe
from tui_sync.model.ledger import Bar, Mark, Membership, MembershipState, PendingRemoval, RecordEntry, membership_key
from tui_sync.model.text import visible
from tui_sync.services.catalogue import mailing_list
from tui_sync.services.desk import Desk, Quiet


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


def explain(desk: Desk, address: str) -> Explanation:
    """Every sync, membership, bar and past outcome of an address."""
    email = key_of(address) or address.strip().lower()
    ledger = desk.workspace.ledger
    names = {}
    lists = {}
    for entry in ledger.entries_of([email]):
        sync = desk.workspace.syncs.get(entry.sync)
        names[entry.sync] = "a deleted sync" if sync is None else sync.name
    for sync in desk.workspace.syncs.every():
        lists[sync.list_key] = sync.list_name
    return Explanation(
        email=email,
        records=tuple(KnownRecord(names[entry.sync], entry) for entry in ledger.entries_of([email])),
        memberships=tuple((lists.get(m.list_key, m.list_key), m) for m in ledger.memberships_of([email])),
        bars=tuple((lists.get(b.scope, b.scope), b) for b in ledger.bars([email])),
        mark=ledger.marks([email]).get(email),
        pending=tuple(p for p in ledger.pending() if p.email == email),
    )


async def remove(desk: Desk, address: str, list_name: str) -> Membership:
    """Take one person out of a list by hand: they stay out whatever a sync fetches. Raises UsageError, RunError."""
    email = key_of(address)
    if not email:
        raise UsageError(f'"{visible(address)}" is not an e-mail address.')
    mailing = await mailing_list(desk, list_name)
    lock = f"list:{mailing.key}"
    while holder := desk.workspace.locks.take(lock, f"taking somebody out of {mailing.name}"):
        await Quiet(desk.clock, desk.tell).wait(LIST_WAIT, f"Waiting for the list {visible(mailing.name)}: {holder}.")
    try:
        return await _take_out(desk, email, mailing)
    finally:
        desk.workspace.locks.release(lock)


async def _take_out(desk: Desk, email: str, mailing: HubList) -> Membership:
    members = {m.list_key: m for m in desk.workspace.ledger.memberships_of([email])}
    old = members.get(mailing.key)
    hub = desk.connect.hub(Quiet(desk.clock, desk.tell))
    now = desk.clock.now()
    taken_out = Membership(
        key=membership_key(mailing.key, email), list_key=mailing.key, state=MembershipState.BY_HAND, since=now,
        cause="taken out by hand", made_by=old.made_by if old else "", by=old.by if old else {},
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
