"""The plan of a run as a value: the dry run, the guard and the delivery read the same one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from tui_sync.engine.removals import Departure
from tui_sync.engine.spool import Spool
from tui_sync.model.decide import Decision
from tui_sync.model.ledger import Bar, Candidate, Membership, PendingRemoval, RecordEntry
from tui_sync.model.outcomes import Counts, IgnoredCounts, Outcome, RunSummary, Status
from tui_sync.model.related import Related
from tui_sync.model.sync import Removal
from tui_sync.model.text import counted

NameOf = Callable[[Candidate], str | None]
"""A record's person by name, as far as the mapping carries one."""


class Plan:
    """What a run will do: one decision a record, the removals, and what else the ledger learns at commit."""

    def __init__(self, full: bool, name_of: NameOf = lambda _candidate: None) -> None:
        self.full = full
        self.name_of = name_of
        self.decisions: Spool[Decision] = Spool(Decision)
        """Decisions from which the hub or the ledger learns something."""
        self.unchanged: Spool[Decision] = Spool(Decision)
        """Decisions that are outcomes only."""
        self.unmatched: Spool[Candidate] = Spool(Candidate)
        self.removals: list[Departure] = []
        self.still: Callable[[Departure], bool] = lambda _leaving: True
        """Whether a removal is due at this moment, though others have gone on since the plan was made."""
        self.withheld: list[Departure] = []
        self.kept: set[str] = set()
        """Addresses of people who stay by a record of this run though another record lets them go."""
        self.settled_pending: list[PendingRemoval] = []
        """Withheld removals of earlier runs that this plan decides anew."""
        self.bars: list[Bar] = []
        self.bars_ended: list[Bar] = []
        self.again: dict[str, str] = {}
        """The syncs whose next run must fetch everything, and why: another record, which did not change, stands for somebody
        now, or lets them in."""
        self.memberships: list[Membership] = []
        """What the reading of the list taught."""
        self.bounced: set[str] = set()
        self.recovered: set[str] = set()
        """Addresses of which the list reports no bounce any more."""
        self.entries: list[RecordEntry] = []
        """Entries of records that the fetch did not list: deleted, or no longer listed."""
        self.doubted: set[str] = set()
        """Selected records of people who are in by an address that the rules of now would not let in."""
        self.unlisted = 0
        self.spared = 0
        """Records that were deleted in Recruit, and nobody leaves for it."""
        self.read = 0
        self.calls = 0

    @property
    def alike(self) -> int:
        """How many of the calls go to one endpoint of the hub, at the most: adding people, or taking them out of a list or of
        the hub."""
        return max((self.calls, *Counter(leaving.scope for leaving in self.removals).values()))

    async def summary(self, run: RunSummary) -> RunSummary:
        """`run` with the counts that this plan would give it if everyone's delivery succeeds. The event loop has its turns."""
        run.counts, run.ignored, run.withheld = Counts(), IgnoredCounts(), 0
        for page in chain(self.decisions, self.unchanged):
            run.count(map(outcome_of, page))
            await asyncio.sleep(0)
        run.counts.deleted = len(self.removals)
        run.withheld = len(self.withheld)
        run.read = self.read
        return run

    def outcome(self, decision: Decision) -> Outcome:
        """The outcome that a decision gives its record; people who are ignored are told by name."""
        ignored = decision.status is Status.IGNORED
        return outcome_of(decision, self.name_of(decision.candidate) if ignored else None)

    def outcomes(self) -> Iterator[list[Outcome]]:
        """The outcome of every decision, some hundreds at a time."""
        for page in chain(self.decisions, self.unchanged):
            yield list(map(self.outcome, page))


def outcome_of(decision: Decision, name: str | None = None) -> Outcome:
    """The outcome that a decision gives its record."""
    candidate = decision.candidate
    return Outcome(
        record_id=candidate.record,
        email=candidate.email or candidate.raw or None,
        status=decision.status,
        reason=decision.reason,
        detail=noted(decision.detail, candidate) or None,
        name=name,
    )


def noted(detail: str, candidate: Candidate) -> str:
    """The sentence of an outcome, with what the address rules have to say of an address that they let pass."""
    return f"{detail}; {candidate.detail}" if candidate.detail and not candidate.problem else detail


def removal_outcome(departure: Departure, status: Status = Status.DELETED) -> Outcome:
    """The outcome of a removal, made or withheld."""
    where = "the hub" if departure.scope is Removal.HUB else "the list"
    verb = "removed from" if status is Status.DELETED else "to be removed from"
    return Outcome(
        record_id=departure.record, email=departure.email, status=status, cause=departure.cause,
        detail=f"{verb} {where}",
    )  # fmt: skip


def notes(plan: Plan, related: Related | None) -> tuple[str, ...]:
    """What the run has to tell beside its counts."""
    told = [] if related is None else [related.told]
    if plan.unlisted:
        told.append(
            f"{counted(plan.unlisted, 'record is', 'records are')} gone, unconfirmed: no longer listed by Recruit, and not"
            " reported as deleted. Nobody was removed for it."
        )
    return tuple(told)
