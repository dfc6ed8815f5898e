"""When failing runs stop a schedule: five in a row, with a warning after three. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tui_sync.model.outcomes import ENDED, Result, RunSummary
from tui_sync.model.text import full_stop

WARNED, STOPPED = 3, 5
"""Failed runs in a row after which it is warned, and after which the schedule stops."""
NOT_OURS = frozenset({"Throttled"})
"""Faults (classes of `model/errors.py`) that say nothing about the sync: such a run neither counts nor ends the count."""


def in_a_row(runs: Iterable[RunSummary], since: datetime | None = None) -> int:
    """How many runs have failed in a row, `runs` newest first; those from `since` and before do not count.

    Cancelled, interrupted and throttled runs, and one that goes on, neither count nor end the count.
    """
    count = 0
    for run in runs:
        if run.result in ENDED or (since is not None and run.started <= since):
            break
        count += counts(run)
    return count


def counts(run: RunSummary) -> bool:
    """Whether a run is a failure that counts against its sync."""
    return run.result is Result.FAILED and run.fault not in NOT_OURS


def stops(failures: int) -> bool:
    """Whether that many failures in a row stop the schedule."""
    return failures >= STOPPED


def stopped_because(failures: int, message: str) -> str:
    """Why the schedule stopped, and the way out."""
    return (
        f"{failures} runs in a row have failed, so its schedule was stopped. The last one: {full_stop(message)}"
        " Once that is mended, activate it again."
    )


def warning(failures: int) -> str:
    """The sentence for a run that is one of so many failed in a row; empty where there is nothing to warn of."""
    if not WARNED <= failures < STOPPED:
        return ""
    return f"{failures} runs in a row have failed. After {STOPPED} the schedule of the sync is stopped."
