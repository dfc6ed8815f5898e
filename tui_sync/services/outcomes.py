"""What a run did with every person, read beside the event loop, and what still waits for somebody: approvals, retries."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from time import perf_counter

import msgspec

from tui_sync.model.outcomes import Cause, Outcome, RunSummary
from tui_sync.model.sync import Removal, Sync
from tui_sync.services.broken_off import told
from tui_sync.services.desk import Desk

TURN = 0.01
"""Seconds after which the event loop gets its turn."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Removals that wait for an approval: how many from the list, how many from the whole hub, and why."""

    from_list: int = 0
    from_hub: int = 0
    causes: tuple[tuple[Cause, int], ...] = ()

    @property
    def people(self) -> int:
        """All of them."""
        return self.from_list + self.from_hub


def runs_of(desk: Desk, sync_id: str) -> list[RunSummary]:
    """The runs of a sync, or all (""), as they are, newest first; also of one that was deleted."""
    return [told(desk, run) for run in desk.workspace.runs.all(sync_id)]


def pages(desk: Desk, run_id: str) -> Iterator[Sequence[Outcome]]:
    """A run's outcomes, some hundreds at a time, without a turn of the event loop: for a run of few."""
    return desk.workspace.runs.pages(run_id)


async def read_outcomes(desk: Desk, run_id: str) -> AsyncIterator[Sequence[Outcome]]:
    """A run's outcomes, some hundreds at a time; the event loop gets its turn every few of them."""
    begun = perf_counter()
    for page in desk.workspace.runs.pages(run_id):
        yield page
        if perf_counter() - begun > TURN:
            await asyncio.sleep(0)
            begun = perf_counter()


def waiting(desk: Desk, run_id: str, withheld: Collection[str | None]) -> Waiting:
    """What an approval of the run would remove; `withheld` are the addresses that the run shows as withheld."""
    due = [removal for removal in desk.workspace.ledger.pending(run_id=run_id) if removal.email in withheld]
    hub = sum(removal.scope is Removal.HUB for removal in due)
    causes = Counter(removal.cause for removal in due)
    return Waiting(from_list=len(due) - hub, from_hub=hub, causes=tuple(causes.most_common()))


def undelivered(desk: Desk, run_id: str, withheld: Collection[str | None]) -> int:
    """How many people and removals of the run a retry would try again."""
    begun = [removal for removal in desk.workspace.ledger.pending(run_id=run_id) if removal.email not in withheld]
    return len(desk.workspace.ledger.failures(run_id=run_id)) + len(begun)


async def managed(desk: Desk, sync: Sync) -> int:
    """How many active members of its list the sync may remove."""
    return await desk.workspace.ledger.managed(sync.id, sync.list_key)
