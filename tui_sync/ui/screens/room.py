"""All places of active syncs are taken: which of them gives its place to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_sync.model.errors import LimitRefused, TuiSyncError
from tui_sync.model.limits import Limit
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import limits, syncs
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.lines import Span, Tone, span
from tui_sync.ui.present.states import state_span
from tui_sync.ui.screens.dialogs import Choice, Picker

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

HINT = "It runs by hand only until it is taken up again. That gives back neither the month's nor the day's count."
COLUMNS = (Column("Sync", 16, 40, grow=True), Column("State", 8, 12))


def with_room(program: TuiSync, name: str, action: Callable[[], Sync], done: Callable[[Sync], None]) -> None:
    """Make the sync `name` active by `action`, asking for a place where none is free; `done` gets the sync."""
    try:
        sync = action()
    except TuiSyncError as fault:
        refused(program, name, fault, lambda: with_room(program, name, action, done))
    else:
        done(sync)


def refused(program: TuiSync, name: str, fault: TuiSyncError, again: Callable[[], object], *, asks: bool = True) -> None:
    """Tell why `name` did not become active; for want of a place ask which sync gives up its own, then try `again`. Who has
    gone elsewhere meanwhile is only told: `asks` is false then."""
    if not asks or not isinstance(fault, LimitRefused) or fault.limit != Limit.ACTIVE:
        program.told(fault)
        return
    taking = program.desk.workspace.syncs.in_state(*limits.TAKING_A_PLACE)
    choices = [Choice[Sync | None](None, Span("Cancel: leave everything as it is", Tone.PLAIN), Span(""))]
    choices += [Choice(sync, span(sync.name), state_span(sync.state)) for sync in taking]

    def chosen(giving: Sync | None) -> None:
        if giving is None:
            return
        try:
            syncs.deactivate(program.desk, giving)
        except TuiSyncError as trouble:
            program.told(trouble)
            return
        program.say(f"{giving.name} is inactive now.")
        program.changed()
        again()

    title = f"{fault.sentence} Which sync is deactivated for {name}?"
    program.push_screen(Picker(title, choices, columns=COLUMNS, hint=HINT), chosen)


def tell_state(program: TuiSync, sync: Sync) -> None:
    """Say that a sync is active and whether it starts now, or until when it is queued."""
    if sync.state is SyncState.QUEUED:
        program.say(limits.queued_until(program.desk, sync).sentence, about=sync.id)
    else:
        due = syncs.row(program.desk, sync, program.desk.workspace.runs.all(sync.id)).next
        starting = limits.why_no_run(program.desk, sync) or program.schedules.start_words
        start = f" {starting}" if due is not None and due <= program.now else ""
        program.say(f"{sync.name} is active now.{start}", about=sync.id)
    program.changed()
