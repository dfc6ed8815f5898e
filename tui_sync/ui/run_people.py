"""The people of the run that is shown, read at once where they are few, else beside the event loop."""

from __future__ import annotations

from time import monotonic

import msgspec

from tui_sync.model.outcomes import Counts, IgnoredCounts, Result, RunSummary, Status
from tui_sync.services import outcomes
from tui_sync.services.desk import Desk
from tui_sync.services.outcomes import Waiting
from tui_sync.ui.names import Names
from tui_sync.ui.present.outcomes import Sheet

FEW = 2000
"""People whose outcomes are read without a turn of the event loop: about 5 ms."""
PAUSE = 20
"""While a run goes on, its outcomes are read again after so many times what the last reading took, at least a second."""


class RunPeople:
    """What a run did with everybody, and what of it still waits for somebody."""

    def __init__(self, desk: Desk, sync_id: str) -> None:
        self._desk, self._sync_id = desk, sync_id
        self.names = Names(desk, sync_id)
        self.sheet = Sheet()
        self.waiting = Waiting()
        """The removals that an approval would make."""
        self.undelivered = 0
        """The people whom a retry would try again."""
        self.loading = False
        self.so_far: RunSummary | None = None
        """The run with the counts of those who were read, while it goes on; None where it has ended."""
        self._of: RunSummary | None = None
        self._again = 0.0

    def is_of(self, run: RunSummary) -> bool:
        """Whether these are the people of the run as it is; of one that goes on only for a while."""
        return run == self._of and (run.result is not Result.RUNNING or self.loading or monotonic() < self._again)

    def begin(self, run: RunSummary) -> bool:
        """Turn to a run: the people of another one go. Tells whether there are so many that `load` has to read them;
        otherwise they are there."""
        if self._of is None or self._of.id != run.id:
            self.sheet, self.waiting, self.undelivered = Sheet(), Waiting(), 0
        if self._of is None or self._of.id != run.id or run.result is not Result.RUNNING:
            self.so_far = None
        self._of = msgspec.structs.replace(run)
        self.names.forget()
        many = run.counts.total + run.counts.deleted + run.withheld > FEW or run.result is Result.RUNNING
        self.loading = many
        if not many:
            sheet = Sheet()
            for page in outcomes.pages(self._desk, run.id):
                sheet.take(page)
            self._take(run, sheet)
        return many

    async def load(self, run: RunSummary) -> None:
        """Read the people of the run beside the event loop; those of a run that was turned away from meanwhile are let go."""
        begun, sheet = monotonic(), Sheet()
        so_far = msgspec.structs.replace(run, counts=Counts(), ignored=IgnoredCounts(), withheld=0)
        async for page in outcomes.read_outcomes(self._desk, run.id):
            sheet.take(page)
            so_far.count(page)
        if self._of is not None and self._of.id == run.id:
            self.so_far = so_far if run.result is Result.RUNNING else None
            self._again = monotonic() + max(1.0, PAUSE * (monotonic() - begun))
            self._take(run, sheet)

    def _take(self, run: RunSummary, sheet: Sheet) -> None:
        self.loading, self.sheet = False, sheet
        withheld = {outcome.email for outcome in sheet.rows(Status.WITHHELD)}
        self.waiting = outcomes.waiting(self._desk, run.id, withheld) if withheld else Waiting()
        self.undelivered = outcomes.undelivered(self._desk, run.id, withheld) if run.failed else 0
