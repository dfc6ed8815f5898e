"""The first screen: all syncs, and what matters of the selected one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.present.words import happening, weekday
from tui_sync.services import broken_off, corrections, drafts, limits, schedules, syncs
from tui_sync.services.limits import quota
from tui_sync.services.syncs import SyncRow
from tui_sync.ui import verbs
from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import ALWAYS, Action, bindings
from tui_sync.ui.leaving import explain_connect
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.lines import BLANK, Line, Span, Tone
from tui_sync.ui.present.syncs import COLUMNS, cells, nothing_yet, pause_line, quota_line, run_elsewhere, summary, time_left
from tui_sync.ui.runner import Watch
from tui_sync.ui.scheduling import ask_pause_all
from tui_sync.ui.screens.beginning import UNFINISHED, begin
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.long_lines import Aside
from tui_sync.ui.widgets.record_table import RecordTable

WIDE = 110
"""Cells from which the summary stands right of the list."""
LOW = 20
"""Lines of a terminal below which the summary leaves out what can be spared."""
STOPPED = "what was interrupted"
"""What the message about interrupted runs is about."""

FREE = {"pause_all", "filter", "people", "leave", *ALWAYS}
"""Actions that need no sync."""


class SyncsPage(FilteredPage):
    """One row a sync; the summary of the selected one below, or beside where there is room."""

    PLACES = ("syncs", "places", "panel")
    ABOUT = "All syncs of this workspace. Below: the selected one, its last run, and what waits for you."
    BINDINGS: ClassVar[list[BindingType]] = bindings("syncs", "places", "panel")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - textual declares it so
        (0, "-narrow"), (WIDE, "-wide"),
    ]
    DEFAULT_CSS = """
    SyncsPage > Container { layout: vertical; height: 1fr; }
    SyncsPage #below { height: 12; max-height: 50%; }
    SyncsPage.-wide > Container { layout: horizontal; }
    SyncsPage.-wide RecordTable { width: 1fr; }
    SyncsPage.-wide #below { width: 34%; min-width: 40; height: 1fr; max-height: 100%; padding: 1 0 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[SyncRow] = []
        self._month, self._paused = BLANK, False
        self._going: set[tuple[str, int]] = set()
        """The syncs whose runs went on when the columns were measured, and how long the time left was in words."""
        self._stopped: set[str] = set()
        """The syncs whose runs are told to be interrupted."""
        self._misspelt: Mapping[str, int] = {}
        """How many addresses look misspelt, by the id of the sync that ignores them."""
        self._counting = False
        """Whether what a killed run did is being counted, or will be once this is drawn."""

    def body(self) -> Iterable[Widget]:
        """List, filter, summary."""
        sort_keys: Sequence[Callable[[SyncRow], object] | None] = (
            lambda row: row.name.casefold(),
            lambda row: row.module_shown.casefold(),
            lambda row: row.list.casefold(),
            lambda row: (row.state, not row.running),
            lambda row: row.last.started.timestamp() if row.last is not None else 0.0,
            lambda row: at.timestamp() if (at := row.next or row.starts) is not None else float("inf"),
        )
        with Container():
            yield RecordTable(COLUMNS, self._cells, key=lambda row: row.id, sort_keys=sort_keys, empty=self._empty, id="syncs")
            yield Aside(id="below")
        yield FilterLine("syncs")

    def on_mount(self) -> None:
        """Show the syncs as they were left."""
        state = self.program.state
        self.table.needle = state.filter
        self.table.sorted_by, self.table.descending = state.sort, state.descending
        if state.filter:
            self.query_one(FilterLine).recall(state.filter)
        self.reload()
        if self.program.first:
            self.program.first = False
            self.program.run_all()
        self.call_after_refresh(self._offer)

    def _offer(self) -> None:
        """After the first paint: what was left unfinished is told."""
        stopped = [row for row in self.rows if row.last is not None and row.last.result is Result.INTERRUPTED]
        self._stopped = {row.id for row in stopped}
        left = drafts.left(self.desk)
        if stopped:
            names = ", ".join(visible(row.name) for row in stopped[:3])
            self.say(f"Interrupted: {names}. Press r on it: the run goes on where it stopped.", Tone.WARN, STOPPED)
        if left:
            self.say("A new sync was begun and not finished. Press n to go on with it.", Tone.WARN, UNFINISHED)

    def on_screen_suspend(self) -> None:
        """On other screens the keys that go on with what was left unfinished do something else, or act on another sync."""
        self.program.unsay(UNFINISHED)
        self.program.unsay(STOPPED)

    # what is shown

    def where(self) -> Sequence[str]:
        """The first screen."""
        return ("Syncs",)

    def middle(self) -> Line:
        """The organisation, in the demo with its own day; that all schedules are paused matters more."""
        if self._paused:
            return pause_line(self._month, self.size.width)
        day = f", {weekday(self.program.now.astimezone(self.program.zone))}" if self.program.advance is not None else ""
        return (Span(f"{self.program.organisation}{day}", Tone.DIM),)

    def actions(self) -> list[Action]:
        """The key that stops a schedule initiates a draft: its label says so."""
        sync, actions = self.sync(), super().actions()
        if sync is None or sync.state is not SyncState.DRAFT:
            return actions
        return [action._replace(label="initiate") if action.name == "pause" else action for action in actions]

    def right(self) -> Line:
        """The quotas."""
        return self._month

    def reload(self) -> None:
        """Read everything anew. A run that was broken off and is not counted yet is counted once this is drawn."""
        self.rows = syncs.listing(self.desk, at_sight=True)
        self._month = quota_line(quota(self.desk))
        self._paused = schedules.pause(self.desk).since is not None
        self._going = self._going_on()
        self.table.show(self.rows)
        self.reveal(self.program.go.wanted)
        self.program.go.wanted = ""
        self.refresh_frame()
        self._summarise()
        self.call_after_refresh(self.run_worker, self._look_for_misspelt, group="misspelt", exclusive=True)
        if not self._counting and any(row.counting for row in self.rows):
            self._counting = True
            self.call_after_refresh(self.run_worker, self._count, group="count")

    async def _count(self) -> None:
        try:
            await broken_off.count(self.desk)
        finally:
            self._counting = False
        if any(row.counting for row in self.rows):
            self.reload()

    async def _look_for_misspelt(self) -> None:
        found = await corrections.numbers(self.desk)
        if found != self._misspelt:
            self._misspelt = found
            self._summarise()

    def _cells(self, row: SyncRow) -> Sequence[Cell]:
        return cells(row, self._watch(row.id), self.program.now, self.program.zone, looking=self.program.go.looking == row.id)

    def _watch(self, sync_id: str) -> Watch | None:
        return self.program.runner.of(sync_id) if self.program.runner.is_busy(sync_id) else None

    def _empty(self) -> Sequence[Line]:
        return nothing_yet(connected=self.desk.workspace.connection is not None, width=self.table.size.width)

    def _summarise(self) -> None:
        if self._stopped and any(row.id in self._stopped and (row.running or self._watch(row.id)) for row in self.rows):
            self.program.unsay(STOPPED)
        below = self.query_one("#below", Aside)
        below.display = bool(self.rows)
        beside = self.has_class("-wide")
        row, width = self.table.current, below.size.width or (0 if beside else self.size.width)
        head = [] if beside else [rule(width)]
        sync = self.sync()
        if row is None or sync is None or not width:
            below.tell(head)
            return
        misspelt = self._misspelt.get(row.id, 0)
        now, zone, low = self.program.now, self.program.zone, self.size.height < LOW
        told = summary(row, sync, self._watch(row.id), now, zone, width, misspelt, refused=limits.why_no_run(self.desk, sync),
                       tall=beside, low=low, looking=self.program.go.looking == row.id)
        below.tell_of(row.id, [*head, *told, *run_elsewhere(self.program.schedules.holder, width)])

    def sync(self) -> Sync | None:
        """The selected sync."""
        row: SyncRow | None = self.table.current
        return None if row is None else self.desk.workspace.syncs.get(row.id)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another sync is selected."""
        event.stop()
        self._summarise()
        self.refresh_frame()

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Open the sync."""
        event.stop()
        await self.action_do("open")

    def on_record_table_arranged(self, event: RecordTable.Arranged) -> None:
        """Remember how the list is shown."""
        event.stop()
        table, state = self.table, self.program.state
        wanted = (table.needle, table.sorted_by, table.descending)
        if self.is_mounted and wanted != (state.filter, state.sort, state.descending):
            self.program.remember(filter=table.needle, sort=table.sorted_by, descending=table.descending)

    def on_lines_widened(self, event: Aside.Widened) -> None:
        """The summary is as wide as its place."""
        event.stop()
        self._summarise()

    def came_back(self) -> None:
        """Whatever was done elsewhere shows."""
        if self.is_mounted:
            self.reload()

    def time_passed(self) -> None:
        """Moments have drawn nearer, and other programs may have run or deleted something: the cursor is on another row then."""
        here: SyncRow | None = self.table.current
        self.reload()
        if here is not None:
            verbs.tell_gone(self.program, here.id)

    def runs_moved(self) -> None:
        """Draw what the runs have done; where one has begun or ended, or takes more words, the columns are measured anew."""
        going = self._going_on()
        if going != self._going:
            self._going = going
            self.table.show(self.rows)
        self.table.redraw()
        self._summarise()
        self.refresh_frame()

    def _going_on(self) -> set[tuple[str, int]]:
        return {(run.sync.id, len(time_left(run, self.program.now, self.program.zone))) for run in self.program.runner.going_on()}

    # actions

    def why_not(self, name: str) -> str:
        """What the selected sync does not allow."""
        if name == "advance":
            return "" if self.program.advance is not None else "Only a demo organisation can be moved a day on."
        unconnected = self.desk.workspace.connection is None
        if name in ("connect", "try_demo"):
            return "" if unconnected else "This workspace has its connection."
        if name.startswith("place") or name in FREE or (name == "new" and not unconnected):
            return ""
        if unconnected and (name == "new" or (not self.rows and name != "undo")):
            return "This workspace has no connection yet. Press C to connect it, or T for the demo."
        if self.rows and self.table.current is None and name != "undo":
            return "No sync matches the filter. Esc shows all of them."
        return verbs.why_not(self.program, self.sync(), name)

    def do_open(self) -> None:
        """Open the details; a draft opens in the wizard."""
        sync = self.sync()
        if sync is None:
            return
        if sync.state is SyncState.DRAFT:
            verbs.edit(self.program, sync)
        else:
            self.program.go.details(sync)

    def do_new(self) -> None:
        """Begin a new sync, or go on with one that was left."""
        begin(self.program)

    def do_people(self) -> None:
        """Find one address."""
        self.program.go.people()

    def do_places(self) -> None:
        """Choose another place."""
        choices = [
            Choice(place.name, place.label.capitalize(), Span(place.says, Tone.DIM), Span(place.keys, Tone.KEY))
            for place in actions("places")
        ]
        columns = (Column("Place", 11), Column("", 20, 60, grow=True), Column("Key", 3))
        self.program.push_screen(Picker("Where to?", choices, columns=columns), self._place_chosen)

    async def _place_chosen(self, name: str | None) -> None:
        if name is not None:
            await self.action_do(name)

    def do_pause_all(self) -> None:
        """Stop all schedules, or take them up again."""
        ask_pause_all(self.program)

    def do_back(self) -> None:
        """Show all rows again."""
        self.query_one(FilterLine).close()
        self.table.filter("")

    async def do_leave(self) -> None:
        """Leave the program."""
        await self.program.do_quit()

    def do_connect(self) -> None:
        """Say how to connect."""
        explain_connect(self.program)

    async def do_try_demo(self) -> None:
        """Go over to the demo organisation."""
        await self.program.leave(0, to_demo=True)

    def do_advance(self) -> None:
        """Let a day pass, then run every sync."""
        advance = self.program.advance
        if advance is None:
            return
        if self.program.runner.going_on():
            self.say("Runs go on. Let the day pass when they have ended.", Tone.WARN)
            return
        try:
            changed = advance()
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        self.program.changed()
        told = ", ".join(f"{happening(name)} {number}" for name, number in changed.items() if number)
        self.say(f"A day has passed: {told}. The syncs run now.")
        self.program.run_all()
        self.runs_moved()

    def copied(self) -> str:
        """The name of the sync."""
        row: SyncRow | None = self.table.current
        return "" if row is None else row.name
