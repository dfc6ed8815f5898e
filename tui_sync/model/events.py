"""What a run tells while it goes on: immutable values, folded by whoever watches."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from tui_sync.model.outcomes import RunSummary


class Phase(StrEnum):
    """The phases of a run, in their order."""

    RELATED = "related"
    """Only of runs whose criteria name fields of related modules."""
    FETCH = "fetch"
    PLAN = "plan"
    GUARD = "guard"
    DELIVER = "deliver"
    COMMIT = "commit"


class RunStarted(msgspec.Struct, frozen=True):
    """The run has its number; `resumed` tells that it goes on after an interruption."""

    run: str
    sync: str
    resumed: bool


class PhaseStarted(msgspec.Struct, frozen=True):
    """`total` is how many things the phase will handle, None where nobody knows; `alike` how many calls of a delivery go to one
    endpoint, at the most."""

    run: str
    phase: Phase
    total: int | None
    alike: int = 0


class Progressed(msgspec.Struct, frozen=True):
    """`done` things of the phase are handled by now."""

    run: str
    phase: Phase
    done: int


class Waiting(msgspec.Struct, frozen=True):
    """The run waits: why, and until when; None where that hangs on another program."""

    run: str
    why: str
    until: datetime | None


class RunFinished(msgspec.Struct, frozen=True):
    """The run has ended; the summary is final."""

    run: str
    summary: RunSummary


Event = RunStarted | PhaseStarted | Progressed | Waiting | RunFinished


def delivering(event: Event) -> int:
    """How many calls to the hub are to come where a delivery begins; 0 with any other event."""
    return (event.total or 0) if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER else 0


def alike(event: Event) -> int:
    """How many of those calls go to one endpoint, at the most: each has a limit of its own."""
    return event.alike if isinstance(event, PhaseStarted) else 0
