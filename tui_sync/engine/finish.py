"""What may still be done for a run that has ended: approve its withheld removals, retry its failed people."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tui_sync.engine.control import Control
from tui_sync.engine.deliver import Deliverer
from tui_sync.engine.fetch import Fetched
from tui_sync.engine.job import Job
from tui_sync.engine.plan import Plan, Planner
from tui_sync.engine.reading import Reading, read_list
from tui_sync.engine.removals import Departure, RemovalFinder, Suspect
from tui_sync.engine.run import World, alone_with, feeders, result_of
from tui_sync.model.errors import AlreadyRunning, SourceGone, UsageError
from tui_sync.model.events import Phase, RunFinished
from tui_sync.model.ledger import PendingRemoval
from tui_sync.model.outcomes import Counts, IgnoredCounts, Outcome, RunSummary
from tui_sync.model.sync import Sync


class Finisher:
    """Finishes one ended run of one sync under its own number."""

    def __init__(self, world: World, sync: Sync, run: RunSummary, control: Control) -> None:
        self.world, self.sync, self.run, self.control = world, sync, run, control
        control.run = run.id
        self.hub = world.connect.hub(control)
        self.recruit = world.connect.recruit(control)

    async def approve(self) -> RunSummary:
        """Make the removals that the run withheld, at most the people shown; those who came back are left alone."""
        withheld = [p for p in self.world.ledger.pending(run_id=self.run.id) if p.withheld]
        if not withheld:
            raise UsageError(f"Run {self.run.id} has no removals that wait for approval.", "See: tui-sync runs")
        return await self._finish(withheld, people=False)

    async def retry(self) -> RunSummary:
        """Deliver the people of the run whose delivery failed."""
        left = [p for p in self.world.ledger.pending(run_id=self.run.id) if not p.withheld]
        if not left and not self.world.ledger.failures(run_id=self.run.id):
            raise UsageError(f"Nobody's delivery failed in run {self.run.id}, or a later run has made up for it.")
        return await self._finish(left, people=True)

    async def _finish(self, pending: list[PendingRemoval], *, people: bool) -> RunSummary:
        lock = f"sync:{self.sync.id}"
        holder = self.world.locks.take(lock, f"finishing run {self.run.id} of {self.sync.name}")
        if holder:
            raise AlreadyRunning(f'"{self.sync.name}" is running: {holder}.', "Wait for its end.")
        try:
            async with alone_with(self.world, self.sync, self.control):
                await self._deliver(pending, people=people)
        finally:
            self.world.locks.release(lock)
        self.control.tell(RunFinished(self.run.id, self.run))
        return self.run

    async def _deliver(self, pending: list[PendingRemoval], *, people: bool) -> None:
        job = await self._job()
        reading = await read_list(self.hub, self.world.ledger, self.sync.list_key, self.control)
        plan = await self._failed_people(job, reading) if people else Plan(full=False)
        plan.settled_pending = pending
        plan.removals = await self._still_due(job, reading, pending)
        deliverer = Deliverer(job, plan, self.world.ledger, self.hub, self.control, self._tell)
        self.control.start(Phase.DELIVER, len(plan.removals) + plan.calls)
        await deliverer.deliver()
        await deliverer.record_unchanged()
        with self.world.ledger.batch():
            if people:
                deliverer.forget_failures(self.run.id)
            else:
                self._came_back(pending, plan.removals)
            self._recount(len(deliverer.failed))

    async def _job(self) -> Job:
        module = await self.recruit.module(self.sync.module)
        if module is None:
            raise SourceGone(f'Recruit has no module "{self.sync.module}" for this connection any more.')
        zone = ZoneInfo(self.sync.schedule.timezone) if self.sync.schedule.timezone else self.world.zone
        fields = await self.recruit.fields(module.name)
        return Job(self.sync, module, fields, self.world.addresses, zone, self.world.clock.now())

    async def _failed_people(self, job: Job, reading: Reading) -> Plan:
        planner = Planner(job, self.world.ledger, reading, Fetched(), self.control, full=False)
        return await planner.failed_again(self.run.id)

    async def _still_due(self, job: Job, reading: Reading, pending: list[PendingRemoval]) -> list[Departure]:
        syncs = feeders(self.world.syncs, self.sync.list_key)
        finder = RemovalFinder(job, self.world.ledger, Fetched(), syncs, reading.membership)
        suspects = [Suspect(old.email, old.record, old.cause, old.scope) for old in pending]
        return await finder.departures(suspects, ())

    def _came_back(self, pending: list[PendingRemoval], made: list[Departure]) -> None:
        removed = {departure.email for departure in made}
        back = [old for old in pending if old.email not in removed]
        if back:
            self.world.runs.withdraw(self.run.id, [old.record for old in back])
            self.run.notes = (*self.run.notes, f"{len(back)} of them came back and were left alone.")

    def _tell(self, outcomes: list[Outcome]) -> None:
        self.world.runs.replace(self.run.id, outcomes)

    def _recount(self, failed: int) -> None:
        recount(self.run, self.world)
        self.run.failed = failed
        self.run.calls.recruit += self.control.calls.recruit
        self.run.calls.hub += self.control.calls.hub
        self.run.result = result_of(self.run)
        self.world.runs.put(self.run)


def recount(run: RunSummary, world: World) -> None:
    """Count the outcomes of a run anew."""
    run.counts, run.ignored, run.withheld = Counts(), IgnoredCounts(), 0
    for outcome in world.runs.outcomes(run.id):
        run.count(outcome)

