"""Never retroactive, and the way around it: who is exempt from a sync's policies, and applying them to those people too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from itertools import islice

import msgspec

from tui_sync.engine.confirm import pending_key
from tui_sync.engine.removals import ASKING, carried, without_outdated
from tui_sync.engine.run import feeders
from tui_sync.model.decide import removable
from tui_sync.model.ledger import Membership, MembershipState, PendingRemoval, RecordEntry
from tui_sync.model.outcomes import Cause
from tui_sync.model.parts import chunks
from tui_sync.model.sync import Policies, Removal, Sync
from tui_sync.model.text import counted
from tui_sync.services.alone import alone_with
from tui_sync.services.desk import Desk
from tui_sync.services.syncs import as_it_was
from tui_sync.store.rowfile import Statement

PAGE = 200
"""Memberships handled before the event loop gets its turn."""
BECAUSE = "the policies were applied to people who were exempt"
NAMES = ("on_opt_out", "on_delete", "on_convert")


class Exempt(msgspec.Struct, frozen=True, kw_only=True):
    """Active members whose stored policies are weaker than those looked at: how many in all, and for each policy.

    `leaving` are those of them whom the next run would remove if the policies applied to them, by cause, as far as the
    workspace knows their records.
    """

    people: int = 0
    by_policy: Mapping[str, int] = {}
    leaving: tuple[tuple[Cause, int], ...] = ()


class Applied(msgspec.Struct, frozen=True):
    """What applying came to, and what taking it back needs: the stored policies of before by membership, the removals
    that were noted."""

    exempt: Exempt
    before: Mapping[str, Policies]
    noted: Sequence[PendingRemoval]


def value(policies: Policies, name: str) -> Removal:
    """The value of one policy that is in force."""
    return policies.deletion if name == "on_delete" else getattr(policies, name)


def weaker_ones(stored: Policies, current: Policies) -> tuple[str, ...]:
    """The policies that are weaker as stored than as they are now."""
    return tuple(name for name in NAMES if value(stored, name).strength < value(current, name).strength)


def stronger_of(stored: Policies, current: Policies) -> Policies:
    """For each policy the stronger value, each set by itself."""
    either = (max(value(stored, n), value(current, n), key=lambda removal: removal.strength) for n in NAMES)
    return Policies(*either)


async def exempt(desk: Desk, sync: Sync, policies: Policies | None = None) -> Exempt:
    """Who of the sync's people is exempt from its policies, or from the ones given. Reads the workspace only."""
    current = policies or sync.policies
    counts: Counter[str] = Counter()
    leaving: Counter[Cause] = Counter()
    people, holding = 0, feeders(desk.workspace.syncs, sync.list_key).under(current.deletion)
    async for page, entries in _pages(desk, sync):
        carrying = desk.workspace.ledger.entries_of([member.email for member in page])
        live = without_outdated(carrying)
        opted_out = {one.email for one in carrying if one.sync == sync.id and one.opted_out and not one.deleted}
        for member in page:
            names = weaker_ones(member.by[sync.id].policies, current)
            people += bool(names)
            counts.update(names)
            cause = _cause(member, names, entries.get(member.by[sync.id].record), opted_out)
            record = member.by[sync.id].record
            stays = cause in ASKING and carried(
                (one for one in live if one.record != record), holding, member.email
            )
            if cause is not None and not stays:
                leaving[cause] += 1
    return Exempt(people=people, by_policy=dict(counts), leaving=tuple(leaving.most_common()))


async def _pages(
    desk: Desk, sync: Sync
) -> AsyncIterator[tuple[Sequence[Membership], Mapping[str, RecordEntry]]]:
    """Active memberships that store policies for the sync, some at a time, with the sync's entries of their records."""
    async for members in _fetched(desk, sync):
        page = [member for member in members if member.state is MembershipState.ACTIVE]
        yield page, desk.workspace.ledger.entries(sync.id, [member.by[sync.id].record for member in page])


async def _fetched(desk: Desk, sync: Sync) -> AsyncIterator[Sequence[Membership]]:
    """Memberships that store policies for the sync, in whatever state, some at a time."""
    every = desk.workspace.ledger.memberships_in(sync.list_key)
    while some := tuple(islice(every, PAGE)):
        yield [member for member in some if sync.id in member.by]
        await asyncio.sleep(0)


def _cause(
    member: Membership, names: Sequence[str], entry: RecordEntry | None, opted_out: Collection[str] = ()
) -> Cause | None:
    """Why the person would leave if the policies named applied to them, None where they would not. `entry` is that of the record
    which stands for them, `opted_out` are addresses of which any record is."""
    if entry is None or not removable(member):
        return None
    if "on_opt_out" in names and (member.email in opted_out or (entry.opted_out and not entry.deleted)):
        return Cause.OPTED_OUT
    if "on_convert" in names and entry.converted and not entry.deleted:
        return Cause.CONVERTED
    if "on_delete" not in names:
        return None
    return Cause.DELETED if entry.deleted else Cause.ADDRESS_CHANGED if entry.email != member.email else None


async def apply_to_exempt(desk: Desk, sync: Sync) -> Applied:
    """Let the sync's policies of now act on those who were exempt too.

    Their stored policies become as strong, and the next run fetches everything, so that opted-out and converted people are
    decided anew. Those whose record was deleted, or got another address, meanwhile are noted as withheld removals, which meet
    the guard of that run. All of it is one commit, with the line of the log: broken off, it has changed nothing. Where nobody is
    exempt nothing is changed.

    Raises AlreadyRunning while a run of the sync, or of its list, goes on, UsageError where the sync was changed meanwhile.
    """
    ledger = desk.workspace.ledger
    with alone_with(desk, sync, "the policies of"):
        as_it_was(desk, sync)
        found = await exempt(desk, sync)
        if not found.people:
            return Applied(found, {}, [])
        before: dict[str, Policies] = {}
        noted: list[PendingRemoval] = []
        writes: list[Statement] = []
        async for page, entries in _pages(desk, sync):
            some = [member for member in page if weaker_ones(member.by[sync.id].policies, sync.policies)]
            removals = [removal for member in some if (removal := _removal(desk, sync, member, entries)) is not None]
            waiting = ledger.pending_of(removal.key for removal in removals)
            removals = [removal for removal in removals if removal.key not in waiting]
            before.update((member.key, member.by[sync.id].policies) for member in some)
            noted += removals
            writes += _storing(desk, sync, ((m.key, stronger_of(m.by[sync.id].policies, sync.policies)) for m in some))
            with ledger.gathering() as gathered:
                ledger.put(*removals)
            writes += gathered
        with ledger.gathering() as gathered:
            ledger.ask_for_all(sync.id, BECAUSE)
            desk.log(_applied_words(sync, found))
        await ledger.commit([*writes, *gathered])
    return Applied(found, before, noted)


def _applied_words(sync: Sync, found: Exempt) -> str:
    now = ", ".join(f"{name} {value(sync.policies, name)}" for name in NAMES if found.by_policy.get(name))
    many = counted(found.people, "person", "people")
    return f"applied the policies of {sync.name} to {many} exempt from them: {now or 'nothing changes'}"


def _storing(desk: Desk, sync: Sync, policies: Iterable[tuple[str, Policies]]) -> list[Statement]:
    """What makes memberships, by their keys, store these policies for the sync. A run of another list may end them meanwhile."""
    alike: dict[Policies, list[str]] = {}
    for key, stored in policies:
        alike.setdefault(stored, []).append(key)
    with desk.workspace.ledger.gathering() as gathered:
        for stored, keys in alike.items():
            desk.workspace.ledger.set_policies(sync.id, stored, keys)
    return gathered


def _removal(desk: Desk, sync: Sync, member: Membership, entries: Mapping[str, RecordEntry]) -> PendingRemoval | None:
    """The removal to be noted of a member whose record is gone; an opt-out or a conversion is seen by the next fetch."""
    holding = member.by[sync.id]
    cause = _cause(member, weaker_ones(holding.policies, sync.policies), entries.get(holding.record))
    if cause not in ASKING:
        return None
    return PendingRemoval(
        key=pending_key(sync.id, member.email), sync=sync.id, run="", email=member.email, list_key=sync.list_key,
        scope=sync.policies.deletion, cause=cause, record=holding.record, since=desk.clock.now(), withheld=True,
    )  # fmt: skip


async def take_back(desk: Desk, sync: Sync, applied: Applied) -> Sync:
    """Make those exempt again who are members still; what a run has done meanwhile stays done. Gives the sync as it was.

    All of it is one commit, with the line of the log: broken off, it has changed nothing, and can be called again. Raises
    AlreadyRunning like applying.
    """
    ledger, noted = desk.workspace.ledger, {removal.key: removal for removal in applied.noted}
    with alone_with(desk, sync, "the policies of"):
        writes: list[Statement] = []
        async for page in _fetched(desk, sync):
            mine = [member.key for member in page if _is_applied(member, sync, applied)]
            writes += _storing(desk, sync, ((key, applied.before[key]) for key in mine))
        for some in chunks(tuple(noted), PAGE):
            still = ledger.pending_of(some)
            with ledger.gathering() as gathered:
                ledger.drop(*(removal for removal in still.values() if removal == noted[removal.key]))
            writes += gathered
            await asyncio.sleep(0)
        with ledger.gathering() as gathered:
            desk.log(f"took back that the policies of {sync.name} apply to those who were exempt ({len(applied.before)})")
        await ledger.commit([*writes, *gathered])
    return sync


def _is_applied(member: Membership, sync: Sync, applied: Applied) -> bool:
    """Whether the member still stores what applying wrote."""
    before = applied.before.get(member.key)
    return before is not None and member.by[sync.id].policies == stronger_of(before, sync.policies)
