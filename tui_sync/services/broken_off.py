"""Runs whose process has died: what they did is in their outcomes, which are counted once and not at every look."""

from __future__ import annotations

import asyncio
from copy import copy
from itertools import chain

import msgspec

from tui_sync.engine.tally import recount
from tui_sync.model.outcomes import Counts, IgnoredCounts, Result, RunSummary
from tui_sync.services.desk import Desk


def told(desk: Desk, run: RunSummary) -> RunSummary:
    """A run as it is: one marked running whose process has died was interrupted, and what it did is in its outcomes."""
    if not _broke_off(desk, run):
        return run
    counted = _counted(desk, run)
    if counted is None:
        stamp, counted = _stamp(desk, run), _interrupted(run, run)
        recount(counted, desk.workspace.runs)
        desk.recounted[run.id] = (stamp, counted)
    return _interrupted(run, counted)


def at_sight(desk: Desk, run: RunSummary) -> tuple[RunSummary, bool]:
    """The same without reading outcomes, and whether they are still to be counted: then it has no counts."""
    if not _broke_off(desk, run):
        return run, False
    counted = _counted(desk, run)
    return _interrupted(run, counted or _no_counts(run)), counted is None


async def count(desk: Desk) -> None:
    """Count what `told` will ask for beside the event loop: at once, 100 000 people would hold it up for 80 ms. Who asks while
    somebody counts waits for that."""
    async with desk.counting:
        newest = desk.workspace.runs.latest((sync.id for sync in desk.workspace.syncs.all()), 1)
        for run in chain.from_iterable(newest.values()):
            if _broke_off(desk, run) and _counted(desk, run) is None:
                await _count(desk, run)


async def _count(desk: Desk, run: RunSummary) -> None:
    # The stamp is of before: what is written meanwhile makes it another, and the run is counted anew.
    stamp, left = _stamp(desk, run), _interrupted(run, _no_counts(run))
    for page in desk.workspace.runs.pages(run.id):
        left.count(page)
        await asyncio.sleep(0)
    desk.recounted[run.id] = (stamp, left)


def _counted(desk: Desk, run: RunSummary) -> RunSummary | None:
    """The run as it was counted; None where it was not, or where its outcomes may be others since."""
    stamp, left = desk.recounted.get(run.id, (None, run))
    return left if stamp is not None and stamp == _stamp(desk, run) else None


def _broke_off(desk: Desk, run: RunSummary) -> bool:
    return run.result is Result.RUNNING and not desk.workspace.locks.held(f"sync:{run.sync_id}")


def _stamp(desk: Desk, run: RunSummary) -> object:
    """Another one whenever the run's outcomes may be others. Who adds some, as runs of other syncs of the list do that confirm
    what was left behind, leaves another newest page; who only changes or drops some holds the lock of the sync, and one that
    died with it left its own row there."""
    return desk.workspace.locks.taken(f"sync:{run.sync_id}"), desk.workspace.runs.extent(run.id)


def _no_counts(run: RunSummary) -> RunSummary:
    return msgspec.structs.replace(run, counts=Counts(), ignored=IgnoredCounts(), withheld=0)


def _interrupted(run: RunSummary, counted: RunSummary) -> RunSummary:
    """The run as interrupted, with counts of its own: whoever gets it may change it."""
    return msgspec.structs.replace(
        run, result=Result.INTERRUPTED, counts=copy(counted.counts), ignored=copy(counted.ignored), withheld=counted.withheld
    )
