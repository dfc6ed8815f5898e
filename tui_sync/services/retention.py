"""Retention: the outcomes of runs that are older than the settings say go, in small steps; their summaries stay.

What was charged to the limits goes when no limit asks for it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import msgspec

from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.text import counted
from tui_sync.services.desk import Desk

PAGES = 20
"""Pages of outcomes that go in one commit: up to 10 000 people, a few milliseconds."""
STEPS = 10
"""Commits after a run; what is left goes after the next one."""
CHARGED = timedelta(days=62)
"""How long a charge stays: the limits count the month, and the organisation's zone or clock may be set back."""
UNFINISHED = (Result.RUNNING, Result.INTERRUPTED)


def due(desk: Desk) -> Iterator[RunSummary]:
    """The runs whose outcomes are to go, oldest first; none of which anything still waits for somebody.

    Each is looked up when it is asked for: the first of a year's runs comes as soon as the first of a day's.
    """
    now, kept = desk.clock.now(), timedelta(days=desk.workspace.settings.retention_days)  # which may reach back before the year 1
    for run in desk.workspace.runs.with_outcomes():
        if now - run.started <= kept:  # numbers are given in the order of the starts: no later one is due
            return
        if (run.finished is None or now - run.finished > kept) and not _is_open(desk, run):
            yield run


def _is_open(desk: Desk, run: RunSummary) -> bool:
    """Whether the run is to be gone on with, or removals wait for an approval, people for a retry, a write for its confirmation.
    Of a sync that was deleted nothing is: nobody could approve, retry or run it."""
    ledger, sync = desk.workspace.ledger, desk.workspace.syncs.get(run.sync_id)
    if sync is not None and sync.deleted is not None:
        return False
    if run.finished is None or run.result in UNFINISHED:
        return True
    if ledger.pending(run_id=run.id) or ledger.failures(run_id=run.id):
        return True
    return sync is not None and any(intent.run == run.id for intent in ledger.intents(sync.list_key))


async def prune(desk: Desk, steps: int | None = None) -> int:
    """Drop outcomes that are due, in at most so many commits (None: all of them); gives how many runs have none any more.

    The run says from the first commit on until when they were kept. One broken off goes on with the next call.
    """
    desk.workspace.syncs.forget_usage(f"{desk.clock.now() - CHARGED:%Y-%m-%d}")
    pruned, taken, age = 0, 0, counted(desk.workspace.settings.retention_days, "day")
    for run in due(desk):
        left = True
        while left:
            if taken == steps:
                return pruned
            with desk.workspace.db.batch():
                stored = desk.workspace.runs.get(run.id) or run
                if stored.kept_until is None:
                    desk.workspace.runs.put(msgspec.structs.replace(stored, kept_until=desk.clock.now()))
                left = desk.workspace.runs.drop_outcomes(run.id, PAGES)
                if not left:
                    desk.log(f"dropped the outcomes of run {run.id} of {run.sync}: older than {age}")
            taken += 1
            await asyncio.sleep(0)
        pruned += 1
    return pruned
