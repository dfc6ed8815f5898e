"""Make the plan: decide every fetched record against the ledger, page by page; nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import msgspec

from tui_sync.engine.control import Control
from tui_sync.engine.fetch import LET_IN, SUCCEEDED, Fetched
from tui_sync.engine.job import Job
from tui_sync.engine.lookup import Known, Lookup
from tui_sync.engine.plan import Plan
from tui_sync.engine.ports import Ledger
from tui_sync.engine.reading import Reading, discovered
from tui_sync.engine.removals import Departure, Feeders, RemovalFinder, Suspect, stronger
from tui_sync.engine.versions import entry_differs, freed, stands, still_tells, stood
from tui_sync.model.addresses import still_names
from tui_sync.model.decide import STRANGER, Decision, Person, Rules, Ruling, decide, instant, unselected, without_address
from tui_sync.model.ledger import (
    HUB_SCOPE,
    Bar,
    Candidate,
    Failure,
    MembershipState,
    PendingRemoval,
    RecordEntry,
    bar_key,
    membership_key,
)
from tui_sync.model.outcomes import Cause, Reason, Status
from tui_sync.model.parts import chunks
from tui_sync.model.sync import Removal

PAGE = 200
"""Records handled before the event loop gets its turn."""


class Planner:
    """Makes the plan of one run."""

    def __init__(self, job: Job, ledger: Ledger, reading: Reading, fetched: Fetched, control: Control, full: bool) -> None:
        self.job, self.ledger, self.reading, self.fetched, self.control = job, ledger, reading, fetched, control
        sync = job.sync
        self.rules = Rules(
            sync=sync.id, list_key=sync.list_key, policies=sync.policies, differences=job.differences
        )
        self.plan = Plan(full, job.name_of)
        self.plan.read = fetched.distinct
        self.lookup = Lookup(job, ledger, reading, fetched)
        self.plan.recovered = self.lookup.recovered
        self.shared: dict[str, list[Candidate]] = {}
        """What is decided at the end, with all that carries the address: of those refused by now the fetch does not know it."""
        self.leaving: dict[str, int] = {}
        """Who leaves by an opt-out or a conversion: the place of their removal in the plan."""
        self.barred: dict[str, list[Bar]] = {}
        """The bars that this run sets, by the address."""
        self.suspects: list[Suspect] = []
        self.waiting: dict[str, list[PendingRemoval]] = {}
        """The removals that an earlier run could not make, or withheld, by the record."""
        self.vacated: set[str] = set()
        """Addresses for which an unconverted record stood that stands for them no more."""
        self.failed: set[str] = set()
        """Addresses of people whose delivery failed before: by none of their records were they delivered."""
        self.unselected: list[Candidate] = []
        """Records that were selected once and are not any more, and show an opt-out or a conversion."""
        self.absent: list[str] = []
        """Records that the sync knows, that a full fetch did not list and that nobody deleted."""
        self.now: datetime = control.clock.now()

    async def make(self, feeders: Feeders) -> Plan:
        """Decide everything. Removals are not guarded yet."""
        self.plan.settled_pending = self.ledger.pending(sync_id=self.rules.sync)
        for old in self.plan.settled_pending:
            self.waiting.setdefault(old.record, []).append(old)
        self.fetched.take(self._failed_before())
        self._leave_to_others(self.ledger.failures(sync_id=self.rules.sync))
        if self.plan.full:
            await self._find_absent()
        number = 0
        for page in self.fetched.pages:
            current = self.fetched.current(page, number)
            number += len(page)
            self._decide_page(current)
            self.control.progress(number)
            await asyncio.sleep(0)
        await self._take_unselected()
        await self._decide_shared()
        await self._take_deleted()
        if self.plan.full and self.job.lists_everything:
            await self._take_unlisted()
        await self._find_removals(feeders, self.plan.settled_pending)
        self.plan.spared = sum(entry.deleted and entry.email not in self.leaving for entry in self.plan.entries)
        self.plan.memberships = await discovered(self.reading, self.ledger)
        self.plan.bounced = self.reading.bounced
        await self._take_ended(feeders)
        return self.plan

    async def _find_removals(self, feeders: Feeders, pending: list[PendingRemoval]) -> None:
        """Departures by deletion and changed address, and the `pending` ones of earlier runs, each person once."""
        await self._take_vacated()
        finder = RemovalFinder(self.job, self.ledger, self.fetched, feeders, self.reading.membership)
        suspects = self.suspects + finder.pending(pending)
        suspects = [one for one in suspects if one.email not in self.leaving or one.cause is Cause.OPTED_OUT]
        for leaving in await finder.departures(suspects, chain(self.plan.decisions, self.plan.unchanged)):
            self._let_go(leaving)
        self.plan.kept, self.plan.still = finder.kept, finder.still

    def _decide_page(self, page: Sequence[Candidate]) -> None:
        page = self._as_known(page)
        known = self.lookup.page(page)
        decisions: list[Decision] = []
        unmatched: list[Candidate] = []
        for candidate in page:
            entry = known.entries.get(candidate.record)
            if entry is not None and stood(entry) and entry.email != candidate.email:
                self.suspects.append(Suspect(entry.email, candidate.record, Cause.ADDRESS_CHANGED))
            if entry is not None and not (candidate.matched and entry.email == candidate.email) and stood(entry):
                self._vacate(entry)
            for old in self.waiting.get(candidate.record, ()):
                if old.email != candidate.email and stands(old.cause, candidate):
                    self.suspects.append(Suspect(old.email, old.record, old.cause, old.scope))
            if not candidate.matched:
                if entry is None or entry_differs(entry, candidate):
                    unmatched.append(candidate)
                waits = any(old.email == candidate.email for old in self.waiting.get(candidate.record, ()))
                waits = waits and (candidate.opted_out or candidate.converted)
                if entry is not None and (waits or still_tells(entry, candidate)):
                    self.unselected.append(msgspec.structs.replace(candidate, matched=True))
            elif not candidate.email:
                decisions.append(without_address(candidate))
            elif candidate.email in self.fetched.shared or candidate.problem == Reason.INVALID_PATTERN:
                self.shared.setdefault(candidate.email, []).append(candidate)
            else:
                self._rule([candidate], known, decisions)
        self._keep(decisions, known)
        if unmatched:
            self.plan.unmatched.extend(unmatched)

    def _as_known(self, page: Sequence[Candidate]) -> Sequence[Candidate]:
        """A record whose address the rules of now take for wrong goes on standing for whom it was: nobody changed the address."""
        refused = [candidate for candidate in page if candidate.problem == Reason.INVALID_PATTERN]
        if not refused:
            return page
        entries = self.ledger.entries(self.rules.sync, [candidate.record for candidate in refused])
        known = {
            candidate.record: entry.email for candidate in refused
            if (entry := entries.get(candidate.record)) and stood(entry) and still_names(candidate.raw, entry.email)
        }  # fmt: skip
        self.plan.doubted |= {candidate.record for candidate in refused if candidate.matched and candidate.record in known}
        return [msgspec.structs.replace(c, email=known[c.record]) if c.record in known else c for c in page]

    def _keep(self, decisions: list[Decision], known: Known) -> None:
        """Part what the ledger or hub must learn from what is an outcome only."""
        self.plan.calls += sum(decision.send is not None for decision in decisions)
        if not known.entries:
            self.plan.decisions.extend(decisions)
            return
        news = [decision for decision in decisions if not self._teaches_nothing(decision, known)]
        if news:
            self.plan.decisions.extend(news)
        if len(news) < len(decisions):
            told = {id(decision) for decision in news}
            self.plan.unchanged.extend([decision for decision in decisions if id(decision) not in told])

    def _teaches_nothing(self, decision: Decision, known: Known) -> bool:
        candidate = decision.candidate
        entry = known.entries.get(candidate.record)
        if decision.send is not None or entry is None or entry_differs(entry, candidate):
            return False
        if decision.status is Status.DUPLICATE:
            person = known.people.get(candidate.email)
            return person is not None and person.membership is not None and self.rules.sync in person.membership.by
        return bool(entry.history) and entry.history[-1].same(decision.status, decision.reason)

    def _rule(self, group: list[Candidate], known: Known, into: list[Decision]) -> None:
        email = group[0].email
        person = known.people.get(email, STRANGER)
        if email in self.barred:  # by a record that is not selected
            person = msgspec.structs.replace(person, bars=(*person.bars, *self.barred[email]))
        ruling = decide(group, person, self.rules, known.entries, known.others.get(email, ()))
        into.extend(ruling.decisions)
        if ruling.outranked and (email in self.failed or any(freed(known.entries.get(c.record), c) for c in group)):
            self.plan.again[self.rules.sync] = LET_IN
        self._follow(email, person, ruling)

    def _follow(self, email: str, person: Person, ruling: Ruling) -> None:
        """Take what follows from a ruling beside its decisions."""
        if ruling.removal is not None:
            removal = ruling.removal
            self._let_go(Departure(email, self.rules.list_key, removal.scope, removal.cause, removal.record))
        for bar in ruling.bars:
            origin = f"{self.job.module.name}/{bar.record}"
            key = bar_key(bar.scope, email, origin, bar.cause)
            old = next((old for old in person.bars if old.key == key), None)
            if old is None or instant(old.modified) < instant(bar.modified):
                new = Bar(
                    key=key, email=email, scope=bar.scope, cause=bar.cause, origin=origin, sync=self.rules.sync,
                    since=self.now if old is None else old.since, modified=bar.modified,
                )  # fmt: skip
                self.plan.bars.append(new)
                self.barred.setdefault(email, []).append(new)

    def _let_go(self, leaving: Departure) -> None:
        """Have a person leave, once."""
        place = self.leaving.setdefault(leaving.email, len(self.plan.removals))
        if place == len(self.plan.removals):
            self.plan.removals.append(leaving)
        else:
            self.plan.removals[place] = stronger(self.plan.removals[place], leaving)

    async def _decide_shared(self) -> None:
        """Addresses that several records of the fetch carry are decided together, at the end."""
        for some in chunks(list(self.shared.values()), PAGE):
            known = self.lookup.page([candidate for group in some for candidate in group])
            decisions: list[Decision] = []
            for group in some:
                self._rule(group, known, decisions)
            self._keep(decisions, known)
            await asyncio.sleep(0)
        self.shared.clear()

    async def _take_unselected(self) -> None:
        """Nothing is decided of them; yet whoever the sync has brought leaves, and is barred, as if they were selected."""
        for some in chunks(self.unselected, PAGE):
            known = self.lookup.page(some)
            for candidate in some:
                email = candidate.email
                others = email in known.others or email in self.shared or self.fetched.carries(email)
                person = known.people.get(email, STRANGER)
                self._follow(email, person, unselected(candidate, person, self.rules, alone=not others))
            await asyncio.sleep(0)

    def _failed_before(self) -> list[Candidate]:
        """People whose delivery failed before join, unless this fetch brought their record anyway.

        A full fetch that does not list their record has left them out: they join no more.
        """
        if self.plan.full:
            return []
        return [
            msgspec.structs.replace(f.candidate, values=tuple(f.values.get(row.target, "") for row in self.job.rows))
            for f in self.ledger.failures(sync_id=self.rules.sync)
            if not self.fetched.seen(f.candidate.record) and f.candidate.record not in self.fetched.deleted
        ]

    def _leave_to_others(self, failed: list[Failure]) -> None:
        """Where the record of somebody whose delivery failed carries their address no more, and another one that was not fetched
        does, that one may stand for the person now."""
        self.failed = {failure.candidate.email for failure in failed}
        gone = {f.candidate.email: f.candidate.record for f in failed if not self.fetched.carries(f.candidate.email)}
        others = self.ledger.entries_of(list(gone)) if not self.plan.full else ()
        if any(self.lookup.is_other(entry) and entry.record != gone[entry.email] for entry in others):
            self.plan.again[self.rules.sync] = LET_IN

    async def decide_only(self, feeders: Feeders | None = None) -> Plan:
        """A plan for the candidates of `fetched` and nothing else. Addresses that they carry no more are looked at where
        `feeders` says which syncs' records may hold those. Removals are not guarded yet."""
        if feeders is not None:
            self._leave_to_others(self.ledger.failures(sync_id=self.rules.sync, run_id=self.control.run))
        number = 0
        for page in self.fetched.pages:
            self._decide_page(self.fetched.current(page, number))
            number += len(page)
            await asyncio.sleep(0)
        await self._take_unselected()
        await self._decide_shared()
        if feeders is not None:
            await self._find_removals(feeders, [])
            await self._take_ended(feeders)
        return self.plan

    async def _take_ended(self, feeders: Feeders) -> None:
        """Bars that are over, and the syncs by whose other records those people may come in now: they did not change."""
        self.plan.bars_ended, places = self.lookup.bars_ended, feeders.lists
        for some in chunks(self.plan.bars_ended, PAGE):
            ended: dict[str, list[Bar]] = {}
            for bar in some:
                ended.setdefault(bar.email, []).append(bar)
            inside = {m.key for m in self.ledger.memberships_of(list(ended)) if m.state is MembershipState.ACTIVE}
            for entry in self.ledger.entries_of(list(ended)):
                where = places.get(entry.sync)
                if where is None or not entry.matched or entry.deleted or membership_key(where, entry.email) in inside:
                    continue
                if any(bar.scope in (HUB_SCOPE, where) and self._apart(bar, entry) for bar in ended[entry.email]):
                    self.plan.again[entry.sync] = LET_IN
            await asyncio.sleep(0)

    def _apart(self, bar: Bar, entry: RecordEntry) -> bool:
        """Whether the record is another one than that of the bar, and was not decided together with it."""
        other = bar.origin.rpartition("/")[2] != entry.record
        return other and (entry.sync != self.rules.sync or bar.key in self.lookup.apart)

    async def _take_deleted(self) -> None:
        """Records of the deleted list that the sync knows alive: their people are suspects; each acts once."""
        for some in chunks(list(self.fetched.deleted), PAGE):
            for entry in self.ledger.entries(self.rules.sync, some).values():
                if not entry.deleted:
                    self.plan.entries.append(msgspec.structs.replace(entry, deleted=True))
                    if stood(entry):
                        self._vacate(entry)
                        self.suspects.append(Suspect(entry.email, entry.record, Cause.DELETED))
            await asyncio.sleep(0)

    def _vacate(self, entry: RecordEntry) -> None:
        if not (entry.converted or self.plan.full or self.rules.policies.on_convert is Removal.KEEP):
            self.vacated.add(entry.email)

    async def _take_vacated(self) -> None:
        """Where only a converted record stands for somebody now, they count as converted; it did not change, so that the next
        run has to fetch it."""
        for some in chunks(sorted(self.vacated), PAGE):
            others = [entry for entry in self.ledger.entries_of(some) if self.lookup.is_other(entry)]
            stand = {entry.email for entry in others if not entry.converted}
            if any(not (entry.email in stand or self.fetched.carries(entry.email)) for entry in others):
                self.plan.again[self.rules.sync] = SUCCEEDED
            await asyncio.sleep(0)

    async def _find_absent(self) -> None:
        """Only an absent record can be another one that carries an address: so nobody is looked up by it while a page is decided,
        which took 15 % of deciding 100 000 known people."""
        for number, record in enumerate(self.ledger.record_ids(self.rules.sync)):
            if not self.fetched.seen(record) and record not in self.fetched.deleted:
                self.absent.append(record)
            if number % PAGE == 0:
                await asyncio.sleep(0)
        self.lookup.absent = {}
        for some in chunks(self.absent, PAGE):
            for entry in self.ledger.entries(self.rules.sync, some).values():
                if entry.matched and not entry.deleted and not entry.unlisted:
                    self.lookup.absent.setdefault(entry.email, []).append(entry.record)
            await asyncio.sleep(0)

    async def _take_unlisted(self) -> None:
        """Absent records are told, never acted on."""
        for some in chunks(self.absent, PAGE):
            for entry in self.ledger.entries(self.rules.sync, some).values():
                if not entry.deleted and entry.matched:
                    self.plan.unlisted += 1
                    if not entry.unlisted:
                        self.plan.entries.append(msgspec.structs.replace(entry, unlisted=True))
            await asyncio.sleep(0)
