"""Run history and outcomes on rows: satisfies `engine.ports.Runs`. Outcomes are kept in pages, one document a page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from tui_sync.model.outcomes import REMOVALS, Outcome, Result, RunSummary, Status
from tui_sync.store.meta import Meta
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {
    "runs": TableSpec(key="id", indexes=("sync_id",)),
    "outcomes": TableSpec(key="key", indexes=("run",)),
}


class OutcomePage(msgspec.Struct, frozen=True):
    """Outcomes that were recorded together."""

    key: str
    run: str
    lines: Sequence[Outcome]


class Runs:
    """Runs by number, newest first."""

    def __init__(self, db: RowsDB, meta: Meta) -> None:
        self._db, self._meta = db, meta
        self._runs = Shelf(db, "runs", RunSummary)
        self._pages = Shelf(db, "outcomes", OutcomePage)

    def next_id(self) -> str:
        """The number of the next run; never given twice."""
        return str(self._meta.count_up("runs"))

    def newest(self) -> int:
        """The number of the newest run; 0 before the first."""
        return self._meta.counted("runs")

    def get(self, run_id: str) -> RunSummary | None:
        """One run."""
        return self._runs.get(run_id)

    def all(self, sync_id: str = "") -> list[RunSummary]:
        """All runs, or those of one sync, newest first."""
        found = self._runs.find(sync_id=sync_id) if sync_id else self._runs.all()
        return sorted(found, key=lambda run: int(run.id), reverse=True)

    def latest(self, sync_ids: Iterable[str], most: int) -> dict[str, list[RunSummary]]:
        """The newest runs of each sync, at most so many, newest first; the others are not read."""
        found = self._runs.find_last("sync_id", sync_ids, most)
        return {sync_id: sorted(runs, key=lambda run: int(run.id), reverse=True) for sync_id, runs in found.items()}

    def unfinished(self, sync_id: str) -> RunSummary | None:
        """The sync's newest run, if it was interrupted, or is marked running (its process has died: the caller holds
        the sync's lock)."""
        newest = next(iter(self.latest((sync_id,), 1)[sync_id]), None)
        ended = newest is None or newest.result not in (Result.RUNNING, Result.INTERRUPTED)
        return None if ended else newest

    def put(self, run: RunSummary) -> None:
        """Write a run's summary."""
        self._runs.put(run)

    def add(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Append outcomes to a run."""
        if outcomes:
            page = OutcomePage(f"{run_id}/{secrets.token_hex(6)}", run_id, outcomes)
            self._pages.put(page)

    def replace(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes in place of those that the run has of the same subjects."""
        new = {outcome.subject for outcome in outcomes}
        with self._db.batch():
            self._keep(run_id, lambda line: line.subject not in new)
            self.add(run_id, outcomes)

    def forget(self, run_id: str, statuses: Collection[Status]) -> None:
        """Take back the run's outcomes of these statuses."""
        with self._db.batch():
            self._keep(run_id, lambda line: line.status not in statuses)

    def withdraw(self, run_id: str, emails: Sequence[str]) -> None:
        """Take back the run's removal outcomes (made or withheld) of these people."""
        gone = set(emails)
        with self._db.batch():
            self._keep(run_id, lambda line: line.status not in REMOVALS or line.email not in gone)

    def _keep(self, run_id: str, wanted: Callable[[Outcome], bool]) -> None:
        for page in list(self._pages.find(run=run_id)):
            kept = [line for line in page.lines if wanted(line)]
            if not kept:
                self._pages.remove(page.key)
            elif len(kept) < len(page.lines):
                self._pages.put(OutcomePage(page.key, page.run, kept))

    def with_outcomes(self) -> Iterator[RunSummary]:
        """The runs that have outcomes, oldest first, each read when it is asked for; the others are not read."""
        for number in sorted(self._pages.distinct("run"), key=int):
            run = self._runs.get(number)
            if run is not None:
                yield run

    def drop_outcomes(self, run_id: str, pages: int) -> bool:
        """Drop at most so many pages of a run's outcomes; tells whether there are more."""
        keys = self._pages.column("key", run=run_id)
        self._pages.remove(*keys[:pages])
        return len(keys) > pages

    def pages(self, run_id: str) -> Iterator[Sequence[Outcome]]:
        """A run's outcomes in the order in which they were added, some hundreds at a time, each page read when it is asked
        for; what is added meanwhile may not appear."""
        for key in self._pages.column("key", run=run_id):
            page = self._pages.get(key)
            if page is not None:
                yield page.lines

    def extent(self, run_id: str) -> tuple[int, str]:
        """How many pages of outcomes a run has, and the key of the newest one, which no other page ever gets; no page is
        read."""
        return self._pages.count(run=run_id), self._pages.newest(run=run_id)

    def outcomes(self, run_id: str) -> Iterator[Outcome]:
        """A run's outcomes, in the order in which they were added."""
        for page in self._pages.find(run=run_id):
            yield from page.lines
