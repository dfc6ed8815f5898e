"""Deliver: make the hub as the plan says, and record each effect together with its confirmation.

Removals go first. Before a call the intent is journalled, after it the confirmation replaces the intent in one commit. Where
the hub lives in the workspace (`transactional`) effect and confirmation are one commit and no intent is needed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import msgspec

from tui_sync.engine.confirm import Book, Confirmer, call_of
from tui_sync.engine.control import Control
from tui_sync.engine.job import Job
from tui_sync.engine.journal import documents, look_up
from tui_sync.engine.plan import Plan, removal_outcome
from tui_sync.engine.ports import Hub, Ledger
from tui_sync.engine.reading import AGAIN, note_who_left
from tui_sync.engine.removals import Departure
from tui_sync.model.decide import Decision, overtaken
from tui_sync.model.errors import PersonError, PersonFailed, PersonRefused, Unconfirmed
from tui_sync.model.ledger import HUB_SCOPE, STAYING_OUT, Bar, Intent, Mark, Membership, MembershipState, Past, RecordEntry
from tui_sync.model.outcomes import Cause, Outcome, Status
from tui_sync.model.parts import chunks

PAGE = 200
FLIGHTS = 2
"""Pages being committed while one is made: a slow commit, as with a checkpoint of the store, then stops nobody."""
BLOCKED = "2006"
"""The hub's code for a lead that is on Do-Not-Mail."""

Write = tuple[Intent, Decision | None]
"""A write and the decision behind it; None for a removal."""
Entries = dict[str, RecordEntry]
Members = dict[str, Membership]


class Deliverer:
    """Delivers one plan. `tell` records outcomes; it is called within the commit that records their effects.

    Where `tell` rewrites what stands (`rewrites`) it has to see every page before: then each is committed at once.
    """

    def __init__(
        self, job: Job, plan: Plan, ledger: Ledger, hub: Hub, control: Control, tell: Callable[[list[Outcome]], None],
        *, rewrites: bool = False,
    ) -> None:
        self.job, self.plan, self.ledger, self.hub, self.control, self.tell = job, plan, ledger, hub, control, tell
        self.confirmer = Confirmer(job, control.run, control.clock.now(), removal_blocks=hub.removal_blocks)
        self.journal = {d.email: self.confirmer.journalled(d, withheld=False) for d in plan.removals}
        self.rewrites, self.handled = rewrites, 0
        self.failed: set[str] = set()
        self.lost: list[Write] = []
        self.staying: set[str] = set()
        """Who was to leave and has been brought in by another record since the plan was made."""
        self._first = not ledger.knows(job.sync.id)
        """Nothing was fetched before. Only a run of the sync adds entries, and its pages share no record: none is looked for."""
        self._look = control.clock.now() + AGAIN
        self._flights: deque[asyncio.Future[None]] = deque()

    async def deliver(self) -> None:
        """Make all calls and record what came of them. Raises RunError when the run cannot go on."""
        for page in self.plan.decisions if self.plan.kept else ():  # before what lets these people go is forgotten or written
            keeping = [decision for decision in page if decision.candidate.email in self.plan.kept]
            self.ledger.put(*self.confirmer.keeping(keeping, self._entries(keeping)))
            await asyncio.sleep(0)
        self._learn()
        for removals in chunks(self.plan.removals, self.hub.batch):
            await self._remove(removals)
        try:
            for page in self.plan.decisions:
                await self._decided(page)
        finally:
            await self._landed()
        await self._settle_lost()

    async def record_unchanged(self) -> None:
        """Record the outcomes and entries of everyone of whom the hub need not hear."""
        try:
            for page in self.plan.unchanged:
                book = Book()
                book.outcomes = [self.plan.outcome(decision) for decision in page]
                await self._write_off(book)
            for unmatched in self.plan.unmatched:
                book = Book()
                known = self.ledger.entries(self.job.sync.id, [candidate.record for candidate in unmatched])
                book.put.extend(self.confirmer.entry(c, known.get(c.record), None) for c in unmatched)
                await self._write_off(book)
        finally:
            await self._landed()

    def forget_failures(self, run_id: str = "") -> None:
        """Failures of earlier runs (or of one run) are over, except those that failed again."""
        failures = self.ledger.failures(sync_id=self.job.sync.id, run_id=run_id)
        self.ledger.drop(*(f for f in failures if f.candidate.record not in self.failed))

    def _write(self, book: Book) -> None:
        with self.ledger.batch():
            self.ledger.put(*book.put)
            self.ledger.drop(*book.drop)
            if book.outcomes:
                self.tell(book.outcomes)

    async def _write_off(self, book: Book) -> None:
        with self._paged() as gathered:
            self._write(book)
        await self._send_off(gathered)
        await asyncio.sleep(0)

    def _paged(self) -> AbstractContextManager[list[Any]]:
        """Gathers what a page writes, for a commit beside the next one, unless it is to be committed at once."""
        return nullcontext([]) if self.rewrites else self.ledger.gathering()

    def _learn(self) -> None:
        """Write what the reading taught, the bars, and every removal before it is made or because it is withheld."""
        withheld = [self.confirmer.journalled(leaving, withheld=True) for leaving in self.plan.withheld]
        kept = {removal.key for removal in (*self.journal.values(), *withheld)}
        renewed = {bar.key for bar in self.plan.bars}
        ended = [bar for bar in self.plan.bars_ended if bar.key not in renewed]
        book = Book()
        book.drop += [old for old in self.plan.settled_pending if old.key not in kept]
        book.outcomes += [removal_outcome(leaving, Status.WITHHELD) for leaving in self.plan.withheld]
        with self.ledger.batch():  # marks are read within: somebody may be suppressed at any moment, and barred anew
            for some in chunks(ended, PAGE):
                still = {bar.key: bar for bar in self.ledger.bars({bar.email for bar in some})}
                book.drop += [bar for bar in some if still.get(bar.key) == bar]
            for sync, because in self.plan.again.items():
                self.ledger.ask_for_all(sync, because)
            book.put += [*self.plan.memberships, *self._bounced(), *self.plan.bars, *self.journal.values(), *withheld]
            self._write(book)

    def _bounced(self) -> Iterator[Mark]:
        for some in chunks(sorted(self.plan.bounced | self.plan.recovered), PAGE):
            marks = self.ledger.marks(some)
            for email in some:
                mark, here = marks.get(email, Mark(email=email)), self.job.sync.list_key
                if mark.bounced == (here if email in self.plan.recovered else ""):
                    yield msgspec.structs.replace(mark, bounced="" if mark.bounced else here)

    async def _remove(self, removals: Sequence[Departure]) -> None:
        if not (self.hub.transactional or all(map(self.plan.still, removals))):  # a page is one person there
            self.staying |= {leaving.email for leaving in removals}
            self.plan.spared += sum(leaving.cause is Cause.DELETED for leaving in removals)
            self.ledger.drop(*(self.journal[leaving.email] for leaving in removals))
            return
        emails = [removal.email for removal in removals]
        entries = self.ledger.entries(self.job.sync.id, [removal.record for removal in removals])
        marks = self.ledger.marks(emails)
        members: dict[str, list[Membership]] = {}
        for membership in self.ledger.memberships_of(emails):
            members.setdefault(membership.email, []).append(membership)
        writes: list[Write] = [
            (self.confirmer.departure(r, entries.get(r.record), members.get(r.email, ()), marks.get(r.email)), None)
            for r in removals
        ]
        await self._call(writes)
        self.control.progress(self.handled)

    async def _decided(self, page: list[Decision]) -> None:
        """One page of decisions: what needs no call is recorded at once, then the calls. Where both are one commit they are
        written together, in as few statements as can be, and the run can only stop behind them."""
        emails = [decision.candidate.email for decision in page if decision.candidate.email]
        together = self.hub.transactional
        with self._paged() if together else nullcontext([]) as gathered:
            with self.ledger.batch():  # entries are read within: a refusal may be lifted at any moment
                entries = {} if self._first else self._entries(page)
                members = self.ledger.members(self.job.sync.list_key, emails)
                page = self._overtaken(page, emails, members)
                book = self._quiet([decision for decision in page if decision.send is None], entries, members)
                sending = chunks([decision for decision in page if decision.send is not None], self.hub.batch)
                for asked in sending if together else ():
                    await self._call(self._writes(asked, entries, members), book)
                self._write(book)
            for asked in () if together else sending:
                self._look = await note_who_left(self.hub, self.ledger, self.job.sync.list_key, self.control, self._look)
                if some := self._still_sending(asked, members):
                    await self._call(self._writes(some, entries, members))
                self.control.progress(self.handled)
        await self._send_off(gathered)
        self.control.progress(self.handled)
        await asyncio.sleep(0)

    def _writes(self, sending: Sequence[Decision], entries: Entries, members: Members) -> list[Write]:
        new = self.confirmer.subscription
        return [(new(d, entries.get(d.candidate.record), members.get(d.candidate.email)), d) for d in sending]

    async def _send_off(self, page: Sequence[Any]) -> None:
        """Have a page committed while the next ones are made: pages of one run share no record and no address."""
        if page:
            await self._landed(FLIGHTS - 1)
            self._flights.append(asyncio.ensure_future(self.ledger.commit(page)))

    async def _landed(self, most: int = 0) -> None:
        """Wait until at most so many pages are still being committed. Raises what befell one of them; then none is under way."""
        while len(self._flights) > most:
            try:
                await self._flights.popleft()
            except BaseException:
                await asyncio.gather(*self._flights, return_exceptions=True)
                self._flights.clear()
                raise

    def _entries(self, decisions: Sequence[Decision]) -> Entries:
        return self.ledger.entries(self.job.sync.id, [decision.candidate.record for decision in decisions])

    def _still_sending(self, asked: Sequence[Decision], members: Members) -> list[Decision]:
        """Where a page takes minutes, its people are looked at again right before their call, `members` included."""
        emails = [decision.candidate.email for decision in asked]
        members.update(self.ledger.members(self.job.sync.list_key, emails))  # a run of another list may have ended them
        looked = self._overtaken(list(asked), emails, members)
        if quiet := [decision for decision in looked if decision.send is None]:
            with self.ledger.batch():
                self._write(self._quiet(quiet, self._entries(quiet), members))
        return [decision for decision in looked if decision.send is not None]

    def _overtaken(self, page: list[Decision], emails: list[str], members: Members) -> list[Decision]:
        """The page without calls for people whom another run or a command has barred since the plan was made."""
        bars: dict[str, list[Bar]] = {}
        for bar in self.ledger.bars(emails):
            if bar.scope in (HUB_SCOPE, self.job.sync.list_key):
                bars.setdefault(bar.email, []).append(bar)
        marks = self.ledger.marks(emails)
        if not (bars or marks or any(member.state in STAYING_OUT for member in members.values())):
            return page
        return [
            decision if decision.send is None else overtaken(
                decision, members.get(decision.candidate.email), bars.get(decision.candidate.email, ()),
                marks.get(decision.candidate.email),
            )
            for decision in page
        ]  # fmt: skip

    def _quiet(self, decisions: list[Decision], entries: Entries, members: Members) -> Book:
        book = Book()
        for decision in decisions:
            candidate = decision.candidate
            past = Past(self.control.run, decision.status, decision.reason or "")
            old, membership = entries.get(candidate.record), members.get(candidate.email)
            unsent = old is None or old.email != candidate.email or old.delivered is None
            # Who needed no call is held by the record all the same: it lets them go when it leaves the selection.
            held = unsent and decision.status is Status.DUPLICATE and membership is not None
            book.put.append(self.confirmer.entry(candidate, old, past, {} if held else None))
            if membership is not None and membership.state is MembershipState.ACTIVE:
                book.put.append(self.confirmer.held(candidate, membership))
            book.outcomes.append(self.plan.outcome(decision))
        return book

    async def _call(self, writes: Sequence[Write], page: Book | None = None) -> None:
        """Make one chunk of calls between intent and confirmation; what they record joins a `page` that is written with them."""
        calls = [call_of(intent, decision.send if decision else None) for intent, decision in writes]
        if page is not None:
            self._settled(writes, await self.hub.deliver(calls), page)
        elif self.hub.transactional:
            with self.ledger.batch():
                self._write(self._settled(writes, await self.hub.deliver(calls)))
        else:
            await self.control.free()
            self.ledger.put(*(intent for intent, _ in writes))
            answers = await self.hub.deliver(calls)
            await self.control.free()
            with self.ledger.batch():  # marks are read within: somebody may be suppressed at any moment
                self._write(self._settled(writes, answers))
        self.handled += len(writes)

    def _settled(self, writes: Sequence[Write], answers: Sequence[PersonError | None], page: Book | None = None) -> Book:
        """What the answers to one chunk record, after what is in the `page`; a lost answer leaves its intent to be looked up."""
        book = page or Book()
        for write, answer in zip(writes, answers, strict=True):
            intent, decision = write
            if isinstance(answer, Unconfirmed):
                self.lost.append(write)
                continue
            if not self.hub.transactional:
                book.drop.append(intent)
            if answer is None:
                self._confirmed(intent, decision, book)
            elif decision is None:
                self._not_removed(intent, answer, book)
            else:
                self._not_delivered(decision, answer, book)
        return book

    def _not_removed(self, intent: Intent, answer: PersonError, book: Book) -> None:
        """The removal stays journalled, with what the hub said, and meets the next run."""
        self.failed.add(intent.key)
        book.put.append(msgspec.structs.replace(self.journal[intent.email], message=answer.sentence))

    def _confirmed(self, intent: Intent, decision: Decision | None, book: Book) -> None:
        book.put.extend(documents(intent, self.ledger, at_once=self.hub.transactional))
        if decision is None:
            book.drop.append(self.journal[intent.email])
        if intent.outcome is not None:
            book.outcomes.append(intent.outcome)

    def _not_delivered(self, decision: Decision, answer: PersonError, book: Book) -> None:
        """The hub refused the person, or the call failed and the person joins the next run."""
        who = decision.candidate
        if isinstance(answer, PersonRefused):
            old = self.ledger.entries(self.job.sync.id, [who.record]).get(who.record)
            outcome, entry = self.confirmer.refused(decision, old, answer)
            book.put.append(entry)
            if answer.code == BLOCKED:
                mark = self.ledger.marks([who.email]).get(who.email, Mark(email=who.email))
                sentence = f"the hub answered {BLOCKED} (Do-Not-Mail) on {self.confirmer.now:%Y-%m-%d}"
                book.put.append(msgspec.structs.replace(mark, blocked=sentence))
        else:
            outcome, failure = self.confirmer.failed(decision, answer.sentence)
            self.failed.add(who.record)
            book.put.append(failure)
        book.outcomes.append(outcome)

    def _barred_since(self, intent: Intent, decision: Decision | None) -> bool:
        """Whether the person of a call that did not happen has been barred since; then that is recorded."""
        if decision is None:
            return False
        who = decision.candidate
        members = self.ledger.members(self.job.sync.list_key, [who.email])
        [looked] = self._overtaken([decision], [who.email], members)
        if looked.send is not None:
            return False
        with self.ledger.batch():
            book = self._quiet([looked], self._entries([looked]), members)
            book.drop.append(intent)
            self._write(book)
        return True

    async def _settle_lost(self) -> None:
        """Look up the writes whose answers were lost; what did not happen is tried once more, then fails."""
        lost, self.lost = self.lost, []
        if not lost:
            return
        happened, _ = await look_up([intent for intent, _ in lost], self.ledger, self.hub, self.control)
        keys = {intent.key for intent in happened}
        self._write(self._settled([write for write in lost if write[0].key in keys], [None] * len(happened)))
        for write in lost:
            if write[0].key not in keys and not self._barred_since(*write):
                await self._call([write])
        book = Book()
        for intent, decision in self.lost:
            lost_twice = PersonFailed("the hub's answer was lost twice")
            if decision is None:
                self._not_removed(intent, lost_twice, book)
            else:
                self._not_delivered(decision, lost_twice, book)
        self._write(book)
