"""States, results and statuses as a glyph, a word and a tone; the word alone would do."""

from __future__ import annotations

from tui_sync.model.health import Condition
from tui_sync.model.outcomes import Result, Status
from tui_sync.model.sync import SyncState
from tui_sync.present.syncs import never_due
from tui_sync.present.words import grouped
from tui_sync.services.syncs import SyncRow
from tui_sync.ui.present.lines import Span, Tone

STATES: dict[str, tuple[str, Tone]] = {
    SyncState.ACTIVE: ("●", Tone.PLAIN),
    SyncState.INACTIVE: ("○", Tone.DIM),
    SyncState.QUEUED: ("◦", Tone.PLAIN),
    SyncState.COMPLETED: ("✓", Tone.PLAIN),
    SyncState.BROKEN: ("✗", Tone.BAD),
    SyncState.DRAFT: ("…", Tone.DIM),
}
RESULTS: dict[str, tuple[str, Tone]] = {
    Result.RUNNING: ("▸", Tone.ACCENT),
    Result.COMPLETED: ("✓", Tone.GOOD),
    Result.COMPLETED_WITH_ERRORS: ("!", Tone.WARN),
    Result.HELD: ("!", Tone.WARN),
    Result.FAILED: ("✗", Tone.BAD),
    Result.CANCELLED: ("○", Tone.WARN),
    Result.INTERRUPTED: ("~", Tone.WARN),
}
TELLING = (Result.INTERRUPTED, Result.FAILED, Result.CANCELLED)
"""Results of the last run that matter more than the state of the sync: it has not done its work."""
GOES_ON = "The run was interrupted. Press r to go on with it: nobody is sent twice."
"""What is told of a run that broke off."""
DELETED = Span("✗ deleted", Tone.BAD)
"""In place of the state of a sync that is no more."""
STATUS_TONES: dict[str, Tone] = {
    Status.NEW: Tone.GOOD,
    Status.RE_ADDED: Tone.ACCENT,
    Status.DUPLICATE: Tone.DIM,
    Status.IGNORED: Tone.WARN,
    Status.DELETED: Tone.BAD,
    Status.WITHHELD: Tone.WARN,
}


def state_span(state: SyncState) -> Span:
    """A sync's own state."""
    glyph, tone = STATES[state]
    return Span(f"{glyph} {state}", tone)


def result_span(result: Result) -> Span:
    """How a run ended."""
    glyph, tone = RESULTS[result]
    return Span(f"{glyph} {result.replace('-', ' ')}", tone)


def row_state(row: SyncRow, *, watched: bool, looking: bool = False) -> Span:
    """What matters most of a sync now: that it runs or its first run is looked at, that it waits for an approval or broke off,
    else its state."""
    if looking:
        return Span("▸ looking", Tone.ACCENT)
    if row.running or watched:
        return result_span(Result.RUNNING)
    if row.last is not None and row.state is not SyncState.BROKEN:
        if row.last.result in TELLING or (row.last.result is Result.HELD and row.last.withheld):
            return result_span(row.last.result)
        if row.last.failed:
            return Span(f"! {grouped(row.last.failed)} not delivered", Tone.WARN)
    if row.health.condition in (Condition.LATE, Condition.DEFERRED):
        return Span(f"{'!' if row.health.condition is Condition.LATE else '◦'} {row.health.condition}", Tone.WARN)
    return state_span(SyncState.BROKEN if never_due(row) else row.state)
