"""What a run's outcomes and the ledger say of it: its counts, how many failed, and how it is called."""

from __future__ import annotations

from tui_sync.engine.ports import Ledger, Runs
from tui_sync.model.outcomes import ENDED, Counts, IgnoredCounts, Result, RunSummary, Status


def recount(run: RunSummary, runs: Runs) -> None:
    """Count the run's outcomes anew."""
    run.counts, run.ignored, run.withheld = Counts(), IgnoredCounts(), 0
    run.count(runs.outcomes(run.id))


def settle(run: RunSummary, ledger: Ledger, runs: Runs) -> None:
    """Bring the summary of an ended run up to what was recorded for it since, and write it."""
    recount(run, runs)
    waiting = withheld_people(run, runs)
    run.failed = len(ledger.failures(run_id=run.id)) + sum(
        not removal.withheld and removal.email not in waiting for removal in ledger.pending(run_id=run.id)
    )
    if run.result in ENDED:
        run.result = result_of(run)
    runs.put(run)


def withheld_people(run: RunSummary, runs: Runs) -> set[str | None]:
    """The addresses of those whom the run shows as withheld."""
    return {outcome.email for outcome in runs.outcomes(run.id) if outcome.status is Status.WITHHELD}


def result_of(run: RunSummary) -> Result:
    """How a run that came to its end is called."""
    if run.withheld:
        return Result.HELD
    return Result.COMPLETED_WITH_ERRORS if run.failed else Result.COMPLETED
