"""Runs: started, previewed, approved, retried, listed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

import msgspec

from tui_sync.engine.bindings import renamings
from tui_sync.engine.control import Agree, Control
from tui_sync.engine.finish import Finisher
from tui_sync.engine.plan import Plan, removal_outcome
from tui_sync.engine.run import Run, World, mend_hint
from tui_sync.model.errors import LimitRefused, RunError, SourceGone, UsageError
from tui_sync.model.events import Event
from tui_sync.model.outcomes import Outcome, Reason, RunSummary, Status
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import command_line, visible
from tui_sync.model.workspace import Level
from tui_sync.services import limits, retention
from tui_sync.services.broken_off import told
from tui_sync.services.corrections import address_rules
from tui_sync.services.desk import Desk
from tui_sync.services.log import run_level, run_words
from tui_sync.services.outcomes import Waiting, runs_of
from tui_sync.services.outcomes import waiting as waiting_of

UNSAVED = "unsaved"
"""The id under which a definition is planned that was never saved."""


def world(desk: Desk) -> World:
    """Everything a run of this workspace works with."""
    space = desk.workspace
    return World(
        ledger=space.ledger,
        runs=space.runs,
        syncs=space.syncs,
        locks=space.locks,
        clock=desk.clock,
        connect=desk.connect,
        addresses=lambda: address_rules(desk),
        zone=space.zone,
        charge=limits.charge(desk),
        ended=partial(_log_end, desk),
    )


def control(desk: Desk, tell: Callable[[Event], None], agree: Agree | None = None) -> Control:
    """A control for one run: its events go to `tell`, its steps are signs of life for the locks.

    `agree` is asked before the run costs much more than one may expect; None: nobody is there, it goes on and notes it.
    """
    locks = desk.workspace.locks
    return Control(desk.clock, tell, locks.beat, agree, desk.workspace.db.held_by, locks.keeps)


def runnable(desk: Desk, name: str) -> Sync:
    """The sync, if a run of it may start. Raises UsageError for a draft or a broken one, LimitRefused for one that is still
    queued."""
    sync = desk.sync(name)
    shown = visible(sync.name)
    match sync.state:
        case SyncState.DRAFT:
            raise UsageError(f'"{shown}" is a draft.', f"Initiate it first: {command_line('activate', sync.name)}")
        case SyncState.BROKEN:
            raise UsageError(f'"{shown}" is broken: {sync.reason}', f"Mend it: {command_line('repair', sync.name)}")
        case SyncState.QUEUED:
            refusal = limits.queued_until(desk, sync)
            if refusal.until is None or refusal.until > desk.clock.now():
                raise refusal
            return sync
        case _:
            return sync


def stirring(desk: Desk) -> tuple[int, int, frozenset[str]]:
    """What becomes another value whenever a run begins or ends, here or in another program, and whenever another program changes
    anything; cheap to ask."""
    return desk.workspace.db.others, desk.workspace.runs.newest(), desk.workspace.locks.living()


async def start(desk: Desk, name: str, running: Control, *, full: bool = False, remark: str = "") -> RunSummary:
    """Run a sync to its end; queued ones whose day has come are active first. `remark` is kept among the run's notes.

    Raises UsageError or LimitRefused where it may not start, AlreadyRunning where it runs.
    """
    limits.promote(desk)
    try:
        sync = runnable(desk, name)
        summary = await Run(world(desk), sync, running).execute(full=full, remark=remark)
    except LimitRefused as refused:
        desk.log(f"a run of {name} was refused: {refused}", Level.WARNING)
        raise
    await _prune(desk)
    return summary


async def _prune(desk: Desk) -> None:
    """Drop some outcomes that are too old; a trouble with that is no trouble of the run that has just ended."""
    try:
        await retention.prune(desk, retention.STEPS)
    except RunError as fault:
        desk.log(f"outcomes that are too old were not dropped: {fault}", Level.WARNING)


def _log_end(desk: Desk, sync: Sync, run: RunSummary) -> None:
    """Note what a run did, and the state that it left the sync in."""
    desk.log(run_words(run), run_level(run))
    after = desk.workspace.syncs.get(sync.id)
    for sentence in () if after is None else renamings(sync, after):
        desk.log(f"{sync.name}: {sentence}")
    _log_state(desk, sync)


def _log_state(desk: Desk, sync: Sync) -> None:
    """Note the state in which a run, or the finishing of one, left the sync, if it is another than before."""
    after = desk.workspace.syncs.get(sync.id)
    if after is not None and after.state is not sync.state:
        grave = Level.INFO if after.state is SyncState.COMPLETED else Level.WARNING
        desk.log(f"{after.name}: {sync.state} -> {after.state}" + (f": {after.reason}" if after.reason else ""), grave)


class Preview:
    """A dry run: the summary it foresees, and the outcomes behind it. It has no number and left no trace."""

    def __init__(self, summary: RunSummary, plan: Plan) -> None:
        self.summary, self._plan = summary, plan

    @property
    def calls(self) -> int:
        """Write calls that the run would make at the hub."""
        return self._plan.calls + len(self._plan.removals)

    @property
    def alike(self) -> int:
        """How many of them go to one endpoint, at the most."""
        return self._plan.alike

    def outcomes(self) -> Iterator[Outcome]:
        """Every outcome foreseen, removals first."""
        yield from self._removals()
        yield from chain.from_iterable(self._plan.outcomes())

    async def everybody(self) -> tuple[Outcome, ...]:
        """The same all at once, made beside the event loop."""
        found = list(self._removals())
        for page in self._plan.outcomes():
            found += page
            await asyncio.sleep(0)
        return tuple(found)

    def _removals(self) -> Iterator[Outcome]:
        yield from (removal_outcome(leaving) for leaving in self._plan.removals)
        yield from (removal_outcome(leaving, Status.WITHHELD) for leaving in self._plan.withheld)


async def preview(desk: Desk, name: str, running: Control, *, full: bool = False) -> Preview:
    """Fetch and plan without a trace, whatever the state of the sync. Raises RunError where that fails."""
    return await preview_of(desk, desk.sync(name), running, full=full)


async def preview_of(desk: Desk, sync: Sync, running: Control, *, full: bool = False) -> Preview:
    """The dry run of a definition, saved or not: fetch and plan without a trace.

    Raises UsageError where the definition cannot run, RunError where Recruit or the hub cannot be asked.
    """
    try:
        return Preview(*await Run(world(desk), saved_or_not(sync), running).preview(full=full))
    except SourceGone as gone:
        if sync.id:  # what was never saved is mended where it is edited
            gone.hint = mend_hint(sync)
        raise


def saved_or_not(sync: Sync) -> Sync:
    """A sync that the engine can plan with: one that was never saved gets an id of which the ledger knows nothing."""
    return sync if sync.id else msgspec.structs.replace(sync, id=UNSAVED)


async def approve(desk: Desk, run_id: str, running: Control) -> RunSummary:
    """Make the removals that the run withheld."""
    return await _finisher(desk, run_id, running, "approved the removals of").approve()


async def retry(desk: Desk, run_id: str, running: Control) -> RunSummary:
    """Deliver the people whose delivery failed in the run."""
    return await _finisher(desk, run_id, running, "retried the failed people of").retry()


def _finisher(desk: Desk, run_id: str, running: Control, what: str) -> Finisher:
    run = told(desk, desk.run(run_id))
    sync = desk.workspace.syncs.get(run.sync_id)
    if sync is None or sync.deleted is not None:
        raise UsageError(f"The sync of run {run_id} was deleted; nothing of it can be made up for.")
    return Finisher(world(desk), sync, run, running, partial(_log_finished, desk, what))


def _log_finished(desk: Desk, what: str, sync: Sync, run: RunSummary, stop: BaseException | None) -> None:
    """Note the finishing of a run, however far it got, and the state that it left the sync in."""
    if stop is None:
        desk.log(f"{what} {run_words(run)}", run_level(run))
    else:
        desk.log(f"{what} {run_words(run)}. It broke off: {str(stop) or type(stop).__name__}", Level.WARNING)
    _log_state(desk, sync)


def waiting(desk: Desk, run: RunSummary) -> Waiting:
    """What an approval of the run would remove."""
    withheld = {outcome.email for outcome in outcomes(desk, run.id, Status.WITHHELD)}
    return waiting_of(desk, run.id, withheld)


def listing(desk: Desk, name: str = "") -> list[RunSummary]:
    """All runs, or those of one sync, newest first."""
    sync_id = desk.sync(name).id if name else ""
    return runs_of(desk, sync_id)


def outcomes(
    desk: Desk, run_id: str, status: Status | None = None, reason: Reason | None = None
) -> Iterator[Outcome]:
    """The outcomes of a run, all or those of one status or reason. Raises UsageError for an unknown run."""
    run = desk.run(run_id)
    for outcome in desk.workspace.runs.outcomes(run.id):
        if status in (None, outcome.status) and reason in (None, outcome.reason):
            yield outcome
