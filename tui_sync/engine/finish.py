"""What may still be done for a run that has ended: approve its withheld removals, retry its failed people."""

from __future__ import annotations

from collections.abc import Callable

from tui_sync.engine.alone import locks_of
from tui_sync.engine.bindings import bound, module_of
from tui_sync.engine.comeback import is_back
from tui_sync.engine.control import Control
from tui_sync.engine.deliver import Deliverer
from tui_sync.engine.fetch import Fetched
from tui_sync.engine.guard import guard
from tui_sync.engine.job import Job
from tui_sync.engine.journal import settle_left_behind
from tui_sync.engine.plan import Plan
from tui_sync.engine.planner import Planner
from tui_sync.engine.ports import Page
from tui_sync.engine.reading import Reading, read_list
from tui_sync.engine.related import fields_for, join
from tui_sync.engine.removals import Departure, RemovalFinder, Suspect
from tui_sync.engine.run import World, alone_with, feeders, mend_hint, state_after
from tui_sync.engine.tally import settle, withheld_people
from tui_sync.model.errors import AlreadyRunning, PlanLimitReached, SourceGone, UsageError
from tui_sync.model.events import Phase, RunFinished
from tui_sync.model.ledger import PendingRemoval
from tui_sync.model.outcomes import ENDED, Cause, Outcome, Result, RunSummary
from tui_sync.model.schedule import zone_of
from tui_sync.model.sync import Sync
from tui_sync.model.text import command_line

Noted = Callable[[Sync, RunSummary, BaseException | None], None]
"""Notes what the finishing of a run came to, and what stopped it, with the sync as its end found it. Called within the batch that
ends it."""


class Finisher:
    """Finishes one ended run of one sync under its own number."""

    def __init__(self, world: World, sync: Sync, run: RunSummary, control: Control, noted: Noted) -> None:
        self.world, self.sync, self.run, self.control, self._noted = world, sync, run, control, noted
        control.run, control.summary = run.id, run
        self.hub = world.connect.hub(control)
        self.recruit = world.connect.recruit(control)
        self._back: list[PendingRemoval] = []
        """The removals of people who came back."""

    async def approve(self) -> RunSummary:
        """Make the removals that the run withheld, at most the people shown; those who came back are left alone."""
        if not self._withheld():
            raise UsageError(f"Run {self.run.id} has no removals that wait for approval.", self._taken_over())
        return await self._finish(self._withheld, people=False)

    async def retry(self) -> RunSummary:
        """Deliver the people of the run whose delivery failed."""
        if not self._broken_off() and not self.world.ledger.failures(run_id=self.run.id):
            again = command_line("run", self.sync.name)
            broke_off = "" if self.run.result in ENDED else f"It broke off; the next run does what is left: {again}"
            raise UsageError(f"Nobody's delivery failed in run {self.run.id}, or a later run has made up for it.", broke_off)
        return await self._finish(self._broken_off, people=True)

    def _taken_over(self) -> str:
        """Where the removals that the run withheld are now, if they wait for an approval still."""
        shown, pending = withheld_people(self.run, self.world.runs), self.world.ledger.pending(sync_id=self.sync.id)
        newest = max((removal.run for removal in pending if removal.withheld and removal.email in shown), key=int, default="")
        return f"A later run has taken them over: {command_line('approve', newest)}" if newest else "See: tui-sync runs"

    def _withheld(self) -> list[PendingRemoval]:
        """The removals shown as withheld, also those that a broken-off approval has begun with."""
        shown = withheld_people(self.run, self.world.runs)
        return [removal for removal in self.world.ledger.pending(run_id=self.run.id) if removal.email in shown]

    def _broken_off(self) -> list[PendingRemoval]:
        """The removals that were begun and did not come about; one withheld is none, also where the outcomes have gone."""
        shown, pending = withheld_people(self.run, self.world.runs), self.world.ledger.pending(run_id=self.run.id)
        return [removal for removal in pending if not removal.withheld and removal.email not in shown]

    async def _finish(self, removals: Callable[[], list[PendingRemoval]], *, people: bool) -> RunSummary:
        lock, _ = locks_of(self.sync)
        holder = self.world.locks.take(lock, f"finishing run {self.run.id} of {self.sync.name}")
        if holder:
            raise AlreadyRunning(f'"{self.sync.name}" is running: {holder}.', "Wait for its end.")
        try:
            # Another process may have finished something of the run since it was read.
            self.run = self.control.summary = self.world.runs.get(self.run.id) or self.run
            try:
                async with alone_with(self.world, self.sync, self.hub, self.control):
                    self.sync = self.world.syncs.get(self.sync.id) or self.sync  # it may have been edited while this waited
                    self.control.locks = locks_of(self.sync)
                    await self._deliver(removals, people=people)
            except BaseException as stop:
                self._end(stop)
                raise
            self._end(None)
        finally:
            self.world.locks.release(lock)
        self.control.tell(RunFinished(self.run.id, self.run))
        return self.run

    def _end(self, stop: BaseException | None) -> None:
        """Bring the run up to what was done for it; a finishing that broke off is counted as far as it got."""
        with self.world.ledger.batch():
            sync = self.world.syncs.get(self.sync.id) or self.sync
            if isinstance(stop, (SourceGone, PlanLimitReached)):
                self._stop(sync, stop)
            if self._back:
                self.world.runs.withdraw(self.run.id, [old.email for old in self._back])
                left = f"{len(self._back)} of them came back, or stay by the rules of now, and were left alone."
                self.run.notes = (*self.run.notes, left)
            self.run.calls.recruit += self.control.calls.recruit
            self.run.calls.hub += self.control.calls.hub
            self.run.credits += self.control.credits
            settle(self.run, self.world.ledger, self.world.runs)
            self._noted(sync, self.run, stop)

    def _stop(self, sync: Sync, fault: SourceGone | PlanLimitReached) -> None:
        """What keeps this from being finished would keep the next run from beginning: the sync says so as after a run."""
        fault.hint = fault.hint or mend_hint(self.sync)
        self.world.syncs.put(state_after(sync, Result.FAILED, fault))

    async def _deliver(self, removals: Callable[[], list[PendingRemoval]], *, people: bool) -> None:
        world = self.world
        job = await self._job()
        await settle_left_behind(self.sync.list_key, world.ledger, world.runs, self.hub, self.control)
        pending = removals()
        reading = await read_list(self.hub, world.ledger, self.sync.list_key, self.control)
        plan = await self._failed_people(job, reading) if people else Plan(full=False)
        plan.settled_pending = pending
        await self._take_removals(plan, await self._still_due(job, reading, pending, plan))
        leaving = {departure.email for departure in (*plan.removals, *plan.withheld)}
        self._back = [old for old in pending if old.email not in leaving]
        deliverer = Deliverer(job, plan, world.ledger, self.hub, self.control, self._tell, rewrites=True)
        self.control.start(Phase.DELIVER, len(plan.removals) + plan.calls, plan.alike)
        await deliverer.deliver()
        self._back += [old for old in pending if old.email in deliverer.staying]
        await deliverer.record_unchanged()
        if people:
            deliverer.forget_failures(self.run.id)

    async def _job(self) -> Job:
        module = await module_of(self.recruit, self.sync)
        zone = zone_of(self.sync.schedule, self.world.zone)
        fields = await fields_for(self.recruit, self.sync, module)
        sync = await bound(self.sync, module, fields, self.recruit, self.hub)
        return Job(sync, module, fields, self.world.addresses(), zone, self.world.clock.now())

    async def _failed_people(self, job: Job, reading: Reading) -> Plan:
        """A plan for the people whose delivery failed, as Recruit shows their records now; who is gone there is left out."""
        fetched, records = Fetched(), []
        for failure in self.world.ledger.failures(run_id=self.run.id):
            self.control.check()
            record = await self.recruit.record(job.module.name, failure.candidate.record, job.columns)
            if record is not None:
                records.append(record)
        if job.wanted is not None and records:
            job.related = await join(self.recruit, job.wanted, self.control, records)
        for record in records:
            fetched.take(job.candidates(Page([record], self.world.clock.now())))
        planner = Planner(job, self.world.ledger, reading, fetched, self.control, full=False)
        return await planner.decide_only(feeders(self.world.syncs, self.sync.list_key))

    async def _take_removals(self, plan: Plan, due: list[Departure]) -> None:
        """Beside what was begun or approved, those whom the records of the failed people let go now: no later run would see that
        they were opted out, converted, or had another address. They meet the guard, as in a run, together with what waits for an
        approval; that goes on waiting."""
        ledger, known = self.world.ledger, {leaving.email for leaving in due}
        held = {old.email for old in ledger.pending(sync_id=self.sync.id) if old.withheld}
        fresh = [
            leaving for leaving in plan.removals
            if leaving.email not in known and (leaving.email not in held or leaving.cause is Cause.OPTED_OUT)
        ]
        waiting = len(held.difference(leaving.email for leaving in fresh))
        fresh, plan.withheld = await guard(fresh, lambda: ledger.managed(self.sync.id, self.sync.list_key), waiting)
        plan.removals = [*due, *fresh]

    async def _still_due(self, job: Job, reading: Reading, pending: list[PendingRemoval], plan: Plan) -> list[Departure]:
        """The removals whose record does not show, at this moment, that the person came back."""
        syncs = feeders(self.world.syncs, self.sync.list_key)
        finder = RemovalFinder(job, self.world.ledger, Fetched(), syncs, reading.membership)
        plan.still = finder.still
        suspects = [
            Suspect(old.email, old.record, old.cause, old.scope)
            for old in pending
            if not await is_back(self.recruit, job, old, self.control)
        ]
        return await finder.departures(suspects, ())

    def _tell(self, outcomes: list[Outcome]) -> None:
        self.world.runs.replace(self.run.id, outcomes)
