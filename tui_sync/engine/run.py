"""A run from its start to its commit: fetch, plan, guard, deliver, commit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.engine.alone import alone_with_list, locks_of
from tui_sync.engine.bindings import bound, module_of, renamings, with_names
from tui_sync.engine.comeback import is_back
from tui_sync.engine.control import Control
from tui_sync.engine.deliver import Deliverer
from tui_sync.engine.fetch import ASKED, NEW_RULES, SHIFTED, Extent, Fetched, extent, fetch
from tui_sync.engine.guard import guard
from tui_sync.engine.job import Job
from tui_sync.engine.journal import settle_left_behind
from tui_sync.engine.overdue import overdue
from tui_sync.engine.plan import Plan, notes
from tui_sync.engine.planner import Planner
from tui_sync.engine.ports import Clock, Connector, Hub, Ledger, Locks, Recruit, Runs, Syncs
from tui_sync.engine.reading import Reading, read_list
from tui_sync.engine.related import fields_for, join
from tui_sync.engine.removals import Feeders
from tui_sync.engine.tally import recount, result_of
from tui_sync.model import failures
from tui_sync.model.addresses import AddressRules
from tui_sync.model.errors import AlreadyRunning, Cancelled, PlanLimitReached, RunError, SourceGone, UsageError
from tui_sync.model.events import Phase, RunFinished, RunStarted
from tui_sync.model.ledger import Cursor, FullFetch
from tui_sync.model.outcomes import ENDED, Outcome, Result, RunSummary, Status
from tui_sync.model.related import related_modules
from tui_sync.model.schedule import zone_of
from tui_sync.model.sync import Frequency, Sync, SyncState, Trouble
from tui_sync.model.text import command_line, visible


class World(msgspec.Struct, frozen=True):
    """Everything a run works with."""

    ledger: Ledger
    runs: Runs
    syncs: Syncs
    locks: Locks
    clock: Clock
    connect: Connector
    addresses: Callable[[], AddressRules]
    """What decides about addresses, as it is now."""
    zone: ZoneInfo
    """The organisation's time zone, in force where the sync names none."""
    charge: Callable[[Sync, datetime], None]
    """Charges the day of a new run; raises LimitRefused where it is used up. Called within the batch that begins the run."""
    ended: Callable[[Sync, RunSummary], None]
    """Notes the end of a run within its batch: the sync has the names that it began with, and the state that the end found."""


class Prepared(msgspec.Struct, frozen=True):
    """A run that has fetched: what it needs to plan and deliver."""

    job: Job
    what: Extent
    fetched: Fetched
    asked: bool
    """Whether everything was asked for, and so also who is in the list."""
    begun: datetime


class Run:
    """One execution of one sync."""

    def __init__(self, world: World, sync: Sync, control: Control) -> None:
        self.world, self.sync, self.control = world, sync, control
        self._before = sync
        self.recruit: Recruit = world.connect.recruit(control)
        self.hub: Hub = world.connect.hub(control)
        self.summary = RunSummary(id="", sync_id=sync.id, sync=sync.name, started=world.clock.now(), full=False)
        self._renamed: tuple[str, ...] = ()
        control.summary = self.summary
        self._asked: FullFetch | None = None
        self._full = False

    async def execute(self, *, full: bool = False, remark: str = "") -> RunSummary:
        """Run to the end and give the summary; a failed or cancelled run is a result, not an exception.

        `full`: everything is fetched, and who is in the list is read also where that was done today.
        `remark` is a sentence about why it runs now, kept among its notes; empty where nothing is to be said.
        Raises AlreadyRunning where another run of the sync goes on, LimitRefused where the day is used up, UsageError where the
        sync was deleted meanwhile; then nothing was recorded.
        """
        await self.control.free()
        lock, _ = locks_of(self.sync)
        seen = self.world.locks.seen(lock)
        if holder := self.world.locks.take(lock, f"a run of {self.sync.name}"):
            raise AlreadyRunning(f'"{self.sync.name}" is running already: {holder}.', "Wait for its end, or cancel it there.")
        try:
            self._full = full
            resumed = self._begin(remark, seen)
            try:
                await self._to_the_end(resumed)
            except Cancelled as stop:
                self._end(Result.CANCELLED, stop)
            except RunError as fault:
                self._end(Result.FAILED, fault)
            except BaseException:
                self._end(Result.INTERRUPTED, None)
                raise
        finally:
            self.world.locks.release(lock)
        self.control.tell(RunFinished(self.summary.id, self.summary))
        return self.summary

    async def preview(self, *, full: bool = False) -> tuple[RunSummary, Plan]:
        """The dry run: the same first half, with no trace in the workspace. Raises RunError when it cannot be made."""
        self._full = full
        prepared = await self._fetch()
        plan, _ = await self._plan(prepared)
        summary = await plan.summary(self.summary)
        summary.full, summary.why, summary.calls = prepared.what.full, prepared.what.why, self.control.calls
        summary.credits = self.control.credits
        summary.result, summary.finished = Result.COMPLETED, self.world.clock.now()
        summary.notes = (*self._renamed, *notes(plan, prepared.job.related))
        return summary, plan

    def _begin(self, remark: str, seen: datetime | None) -> bool:
        """Give the run its number: a new one, or that of an interrupted run of this sync, which goes on, fetches all where that
        was asked for, and costs nothing."""
        with self.world.ledger.batch():
            stored = self.world.syncs.get(self.sync.id)
            if stored is not None and stored.deleted is not None:
                raise UsageError(f'"{visible(self.sync.name)}" was deleted meanwhile.', "Put it back, or make a new one.")
            self.sync = self._before = stored or self.sync  # who waited may have been overtaken by an edit or a whole run
            left = self.world.runs.unfinished(self.sync.id)
            if left is not None:
                self.summary.go_on(left, self.world.clock.now(), seen)
                self.control.calls, self.control.credits = self.summary.calls, left.credits
                self._full = self._full or left.why == ASKED
            else:
                self.summary.started = self.world.clock.now()
                self.world.charge(self.sync, self.summary.started)
                self.summary.id = self.world.runs.next_id()
                self.summary.calls = self.control.calls
            if self._full:
                self.summary.full, self.summary.why = True, ASKED
            if remark:
                self.summary.notes = (*self.summary.notes, remark)
            self.world.runs.put(self.summary)
        self.control.run = self.summary.id
        return left is not None

    async def _to_the_end(self, resumed: bool) -> None:
        self.control.tell(RunStarted(self.summary.id, self.sync.name, resumed))
        prepared = await self._fetch()
        self.summary.full, self.summary.why = prepared.what.full, prepared.what.why
        await self.control.free()
        self._follow_names()
        async with alone_with(world := self.world, self.sync, self.hub, self.control):
            self.control.locks = locks_of(self.sync)
            await settle_left_behind(self.sync.list_key, world.ledger, world.runs, self.hub, self.control)
            plan, reading = await self._plan(prepared)
            self.summary.read = plan.read
            deliverer = self._deliverer(prepared.job, plan)
            self.control.start(Phase.DELIVER, len(plan.removals) + plan.calls, plan.alike)
            await deliverer.deliver()
            self.control.start(Phase.COMMIT, None)
            await deliverer.record_unchanged()
            await self.control.free()
            self._commit(prepared, plan, reading, deliverer)

    async def _fetch(self) -> Prepared:
        world, sync = self.world, self.sync
        self._asked = world.ledger.full_fetch(sync.id)
        self.control.start(Phase.RELATED if related_modules(sync) else Phase.FETCH, None)
        module = await module_of(self.recruit, sync)
        fields = await fields_for(self.recruit, sync, module)
        self.sync = await bound(sync, module, fields, self.recruit, self.hub)
        self._renamed, sync, now = renamings(sync, self.sync), self.sync, world.clock.now()
        job = Job(sync, module, fields, world.addresses(), zone_of(sync.schedule, world.zone), now)
        because = self._asked.because if self._asked else await overdue(world.ledger, sync)
        known, cursor = world.ledger.knows(sync.id), world.ledger.cursor(sync.id)
        what = extent(job, cursor, now, known=known, forced=self._full, because=because)
        if job.wanted is not None:
            job.related = await join(self.recruit, job.wanted, self.control)
            self.control.start(Phase.FETCH, None)
        return Prepared(job, what, await fetch(self.recruit, job, what, self.control, world.ledger), self._full, now)

    def _follow_names(self) -> None:
        """A module, view or list that was renamed stays bound by its id; the names on record follow."""
        before = self.world.syncs.get(self.sync.id)
        if before is None or with_names(before, self.sync) == before:
            return
        with self.world.ledger.batch():
            stored = self.world.syncs.get(self.sync.id)
            if stored is not None:
                self.world.syncs.put(with_names(stored, self.sync))

    async def _plan(self, prepared: Prepared) -> tuple[Plan, Reading]:
        self.control.start(Phase.PLAN, prepared.fetched.read)
        reading = await read_list(self.hub, self.world.ledger, self.sync.list_key, self.control, active=prepared.asked)
        planner = Planner(
            prepared.job, self.world.ledger, reading, prepared.fetched, self.control, prepared.what.full
        )
        plan = await planner.make(feeders(self.world.syncs, self.sync.list_key))
        self.control.start(Phase.GUARD, len(plan.removals))
        plan.removals, plan.withheld = await guard(
            plan.removals, lambda: self.world.ledger.managed(self.sync.id, self.sync.list_key)
        )
        await self._spare_who_came_back(plan, prepared.job)
        return plan, reading

    async def _spare_who_came_back(self, plan: Plan, job: Job) -> None:
        """A removal that an earlier run withheld is made only if Recruit still gives cause: not every fetch would show it."""
        withheld = {old.email: old for old in plan.settled_pending if old.withheld}
        waited = [old for leaving in plan.removals if (old := withheld.get(leaving.email)) and leaving.cause is old.cause]
        back = {old.email for old in waited if await is_back(self.recruit, job, old, self.control)}
        plan.removals = [leaving for leaving in plan.removals if leaving.email not in back]

    def _deliverer(self, job: Job, plan: Plan) -> Deliverer:
        """A deliverer that records outcomes under this run. Of an interrupted attempt those stand of whom the hub
        heard; everybody else is decided anew."""
        run, runs = self.summary, self.world.runs
        runs.forget(run.id, (Status.IGNORED, Status.WITHHELD))
        recount(run, runs)
        done = {outcome.subject for outcome in runs.outcomes(run.id)}

        def tell(outcomes: list[Outcome]) -> None:
            fresh = outcomes if not done else [outcome for outcome in outcomes if outcome.subject not in done]
            runs.add(run.id, fresh)
            run.count(fresh)

        return Deliverer(job, plan, self.world.ledger, self.hub, self.control, tell)

    def _commit(self, prepared: Prepared, plan: Plan, reading: Reading, deliverer: Deliverer) -> None:
        """One commit: the summary, the watermark, deletions seen, and the sync's state."""
        ledger, now = self.world.ledger, self.world.clock.now()
        answered = min(prepared.fetched.answered or prepared.begun, prepared.begun)  # a server's clock may be wrong, too
        before = None if prepared.what.full else ledger.cursor(self.sync.id)
        full_at = answered if before is None else before.full_at
        doubted = plan.doubted.union(() if before is None else before.doubted)
        self.summary.failed, self.summary.spared = len(deliverer.failed), plan.spared
        missed = (f"{SHIFTED[0].upper()}{SHIFTED[1:]}: the next run fetches everything.",) if prepared.fetched.shifted else ()
        self.summary.notes = (*self.summary.notes, *self._renamed, *notes(plan, prepared.job.related), *missed)
        with ledger.batch():
            # They were read before the delivery: removals were noted in them since, and a refusal may have been lifted.
            stored = ledger.entries(self.sync.id, [entry.record for entry in plan.entries])
            ledger.put(*(
                msgspec.structs.replace(stored.get(e.record, e), deleted=e.deleted, unlisted=e.unlisted) for e in plan.entries
            ))  # fmt: skip
            deliverer.forget_failures()
            stamp = reading.stamp()
            if stamp is not None:
                ledger.put(stamp)
            ledger.put(Cursor(
                sync=self.sync.id, watermark=answered, full_at=full_at, definition=prepared.job.fingerprint, read=plan.read,
                policies=self.sync.policies, doubted=tuple(sorted(doubted)),
            ))  # fmt: skip
            self._ask_for_all(prepared)
            self._end(result_of(self.summary), None, now)

    def _ask_for_all(self, prepared: Prepared) -> None:
        """What asked for a full fetch before this run is settled by it, unless it is asked for anew."""
        ledger = self.world.ledger
        asked = ledger.full_fetch(self.sync.id)
        if asked is not None and asked != self._asked:
            return
        if asked is not None:
            ledger.drop(asked)
        new_rules = not self.world.addresses().same(prepared.job.addresses)
        because = SHIFTED if prepared.fetched.shifted else NEW_RULES if new_rules else ""
        if because:
            ledger.ask_for_all(self.sync.id, because)

    def _end(self, result: Result, fault: RunError | None, now: datetime | None = None) -> None:
        """Write how the run ended, and what that means for the sync."""
        self.summary.result = result
        self.summary.finished = now or self.world.clock.now()
        self.summary.credits = self.control.credits
        self.summary.fault = type(fault).__name__ if fault is not None else ""
        with self.world.ledger.batch():
            sync = self.world.syncs.get(self.sync.id) or self.sync
            failed = self._failed_in_a_row(sync)
            after = state_after(sync, result, fault, failed)
            self.summary.message = told(fault, after)
            if not self.world.locks.keeps(locks_of(self.sync)[0]):
                return  # another machine took the place of this one while it was asleep, and goes on under the run's number
            if result is Result.FAILED and (warned := failures.warning(failed)):
                self.summary.notes = (*self.summary.notes, warned)
            if result not in ENDED:
                # What was told within a commit that did not come about is not among the outcomes.
                recount(self.summary, self.world.runs)
            self.world.runs.put(self.summary)
            if after is not sync:
                self.world.syncs.put(after)
            self.world.ended(msgspec.structs.replace(self._before, state=sync.state), self.summary)

    def _failed_in_a_row(self, sync: Sync) -> int:
        """How many runs of the sync have failed in a row, this one included; 0 where it has not failed."""
        if self.summary.result is not Result.FAILED:
            return 0
        before = (run for run in self.world.runs.all(sync.id) if run.id != self.summary.id)
        return failures.in_a_row((self.summary, *before), sync.since)


def alone_with(world: World, sync: Sync, hub: Hub, control: Control) -> AbstractAsyncContextManager[None]:
    """Hold the list of `sync` to write it in the hub."""
    what = f"{sync.name} writing the list {sync.list_name}"
    return alone_with_list(world.locks, control, sync.list_key, sync.list_name, what, hub)


def feeders(syncs: Syncs, list_key: str) -> Feeders:
    """The syncs whose live records keep a person in this list, or in the hub."""
    every = syncs.all()
    return Feeders(frozenset(s.id for s in every if s.list_key == list_key), {s.id: s.list_key for s in every})


def state_after(sync: Sync, result: Result, fault: RunError | None, failed: int = 0) -> Sync:
    """The sync after a run: a one-time sync is completed, a vanished source breaks it, a full hub deactivates it, and so do
    too many runs that `failed` in a row.

    A run that ends well proves that whatever was told to be mended is mended; a schedule that failures have stopped must be
    taken up again all the same.
    """
    if isinstance(fault, SourceGone):
        return msgspec.structs.replace(sync, state=SyncState.BROKEN, reason=fault.sentence, trouble=fault.trouble)
    if isinstance(fault, PlanLimitReached):
        return msgspec.structs.replace(sync, state=SyncState.INACTIVE, reason=fault.sentence, trouble=Trouble.PLAN)
    if failures.stops(failed) and sync.state is SyncState.ACTIVE:
        because = failures.stopped_because(failed, str(fault))
        return msgspec.structs.replace(sync, state=SyncState.INACTIVE, reason=because, trouble=Trouble.FAILURES)
    if result in ENDED and sync.trouble not in (None, Trouble.FAILURES):
        sync = msgspec.structs.replace(sync, reason="", trouble=None)
    if result in ENDED and sync.state is SyncState.ACTIVE and sync.schedule.frequency is Frequency.ONCE:
        return msgspec.structs.replace(sync, state=SyncState.COMPLETED)
    return sync


def told(fault: RunError | None, sync: Sync) -> str:
    """What a run says of the fault that ended it; where the sync has to be mended, with the command that does it."""
    if isinstance(fault, (SourceGone, PlanLimitReached)):
        return f"{fault.sentence} {mend_hint(sync)}"
    return "" if fault is None else str(fault)


def mend_hint(sync: Sync) -> str:
    """The command that mends a sync."""
    return f"Mend it: {command_line('repair', sync.name)}"
