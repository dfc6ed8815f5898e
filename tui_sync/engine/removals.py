"""Who leaves by deletion or by a changed address, and which withheld removals of earlier runs still stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import assert_never

import msgspec

from tui_sync.engine.fetch import Fetched
from tui_sync.engine.job import Job
from tui_sync.engine.ports import Ledger
from tui_sync.model.decide import Decision, in_force, instant, removable
from tui_sync.model.ledger import Membership, PendingRemoval, RecordEntry
from tui_sync.model.outcomes import Cause
from tui_sync.model.parts import chunks
from tui_sync.model.sync import Policies, Removal, weaker

PAGE = 200
ASKING = (Cause.DELETED, Cause.ADDRESS_CHANGED)
"""The causes for which nobody leaves whose address another live record carries."""

Corrected = Callable[[str, Membership | None], Membership | None]
"""(address, membership in the ledger) -> the membership as this run's reading of the list shows it."""


class Departure(msgspec.Struct, frozen=True):
    """A person leaves a list or the hub, because of what a record says."""

    email: str
    list_key: str
    scope: Removal
    cause: Cause
    record: str


class Suspect(msgspec.Struct, frozen=True):
    """An address that a record carried and carries no more, whose record was deleted, or whose removal was withheld or failed.

    `scope` is how far that removal was to reach, None for a new suspect.
    """

    email: str
    record: str
    cause: Cause
    scope: Removal | None = None


class Feeders(msgspec.Struct, frozen=True):
    """The not-deleted syncs of the workspace: those that feed the list, and all of them, each with the key of its list."""

    of_list: frozenset[str]
    lists: Mapping[str, str]

    def under(self, scope: Removal) -> Collection[str]:
        """The syncs whose live records keep a person from being removed under a scope."""
        return self.lists if scope is Removal.HUB else self.of_list


def stronger(one: Departure, other: Departure) -> Departure:
    """Two removals of one person as one: as far as either reaches, under the first cause; that of an opt-out, which nothing
    withholds, goes before every other."""
    first = other if other.cause is Cause.OPTED_OUT else one
    return msgspec.structs.replace(first, scope=max(one.scope, other.scope, key=lambda scope: scope.strength))


def allowed(policies: Policies, cause: Cause) -> Removal:
    """What the policies allow for a cause."""
    match cause:
        case Cause.OPTED_OUT:
            return policies.on_opt_out
        case Cause.CONVERTED:
            return policies.on_convert
        case Cause.DELETED | Cause.ADDRESS_CHANGED:
            return policies.deletion
        case _:
            assert_never(cause)


def carried(entries: Iterable[RecordEntry], syncs: Collection[str], email: str) -> bool:
    """Whether a live record that matched one of the syncs at its last fetch carries the address."""
    return any(e.email == email and e.matched and not e.deleted and e.sync in syncs for e in entries)


def without_outdated(entries: Collection[RecordEntry]) -> list[RecordEntry]:
    """The entries without what a sync remembers of a record that another one has seen deleted since. A record that was restored
    and fetched is newer than its deletion; one without a readable stamp may be, and stays."""
    gone: dict[str, float] = {}
    for entry in entries:
        if entry.deleted:
            gone[entry.record] = max(instant(entry.modified), gone.get(entry.record, 0.0))
    return [entry for entry in entries if not 0 < instant(entry.modified) <= gone.get(entry.record, 0.0)]


class RemovalFinder:
    """Turns suspects into departures, after the rule on whom a sync may remove."""

    def __init__(self, job: Job, ledger: Ledger, fetched: Fetched, feeders: Feeders, corrected: Corrected) -> None:
        self.job, self.ledger, self.fetched, self.feeders = job, ledger, fetched, feeders
        self.corrected = corrected
        self._own: set[tuple[str, str]] = set()
        """Address and record of every suspect: what other syncs remember of that record holds nobody."""
        self._live: set[str] = set()
        self.kept: set[str] = set()
        """The suspects who stay and whose address a record of this run carries."""

    def pending(self, page: Iterable[PendingRemoval]) -> list[Suspect]:
        """Withheld removals as suspects; those whose record this fetch shows have come back, or are decided anew."""
        return [
            Suspect(old.email, old.record, old.cause, old.scope)
            for old in page
            if old.cause is Cause.ADDRESS_CHANGED or not self.fetched.seen(old.record)
        ]

    async def departures(self, suspects: list[Suspect], decisions: Iterable[list[Decision]]) -> list[Departure]:
        """One departure for each address that may and must leave."""
        if not suspects:
            return []
        by_email: dict[str, list[Suspect]] = {}
        for suspect in suspects:
            by_email.setdefault(suspect.email, []).append(suspect)
        self._own = {(suspect.email, suspect.record) for suspect in suspects}
        live = self._live = await self._fetched_addresses(by_email, decisions)
        found: list[Departure] = []
        for some in chunks(list(by_email), PAGE):
            found += self._page(some, by_email, live)
            await asyncio.sleep(0)
        return found

    def still(self, leaving: Departure) -> bool:
        """Whether a removal is due by now: until its turn another record may have brought the person in, in another list, too."""
        if leaving.cause not in ASKING:
            return True
        self._own.add((leaving.email, leaving.record))
        suspect = Suspect(leaving.email, leaving.record, leaving.cause, leaving.scope)
        return bool(self._page([leaving.email], {leaving.email: [suspect]}, self._live))

    async def _fetched_addresses(self, emails: Collection[str], decisions: Iterable[list[Decision]]) -> set[str]:
        live: set[str] = set()
        for page in decisions:
            live.update(d.candidate.email for d in page if d.candidate.email in emails)
            await asyncio.sleep(0)
        return live

    def _page(self, emails: Sequence[str], suspects: dict[str, list[Suspect]], live: set[str]) -> list[Departure]:
        here = self.job.sync.list_key
        members = self.ledger.members(here, emails)
        entries = [entry for entry in without_outdated(self.ledger.entries_of(emails)) if self._stands(entry)]
        found = []
        for email in emails:
            membership = self.corrected(email, members.get(email))
            leaving: list[Departure] = []
            for suspect in suspects[email]:
                scope = self._scope(suspect, membership)
                if scope is Removal.KEEP:
                    continue
                if suspect.cause in ASKING and (email in live or carried(entries, self.feeders.under(scope), email)):
                    continue
                leaving.append(Departure(email, here, scope, suspect.cause, suspect.record))
            if leaving:
                found.append(reduce(stronger, leaving))
            elif email in live:
                self.kept.add(email)
        return found

    def _stands(self, entry: RecordEntry) -> bool:
        """Whether an entry still tells the truth: not about a record deleted, a suspect's own, or fetched by this run."""
        if entry.record in self.fetched.deleted or (entry.email, entry.record) in self._own:
            return False
        return not (entry.sync == self.job.sync.id and self.fetched.seen(entry.record))

    def _scope(self, suspect: Suspect, membership: Membership | None) -> Removal:
        sync = self.job.sync
        if membership is None or not removable(membership) or sync.id not in membership.by:
            return Removal.KEEP
        scope = allowed(in_force(membership, sync.id, sync.policies), suspect.cause)
        return scope if suspect.scope is None else weaker(scope, suspect.scope)
