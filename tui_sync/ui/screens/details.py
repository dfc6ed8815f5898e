"""A sync: its configuration, its runs, and the people of one run by what was done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.outcomes import Outcome, Result, RunSummary, Status
from tui_sync.model.sync import Sync
from tui_sync.present.words import counted
from tui_sync.services import outcomes, syncs
from tui_sync.services.syncs import SyncRow
from tui_sync.ui import export, verbs
from tui_sync.ui.keys import Action, bindings
from tui_sync.ui.present import details
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.outcomes import RUNS, SETUP, TOTAL
from tui_sync.ui.present.setup import SetupRow
from tui_sync.ui.run_people import RunPeople
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens import finishing
from tui_sync.ui.screens.details_views import beside, copied, edit_part, head, outdated, setup_of, standing, view_of, way_on
from tui_sync.ui.screens.exporting import NO_ROW, ask_export
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.screens.page import note
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import Aside
from tui_sync.ui.widgets.people_table import PeopleTable, View


class DetailsPage(FilteredPage):
    """The newest run of a sync, or the one named by `run_id`."""

    PLACES = ("details", "matches", "panel")
    ABOUT = "One sync: what each run did with every person (1 to 7), all its runs (9), and how it is configured (0)."
    BINDINGS: ClassVar[list[BindingType]] = bindings("details", "matches", "panel")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - textual declares it so
        (0, "-narrow"),
        (140, "-wide"),
    ]
    DEFAULT_CSS = """
    DetailsPage #head { height: auto; max-height: 60%; }
    DetailsPage #beside { display: none; width: 52; height: 1fr; border-left: solid $panel; }
    DetailsPage.-wide.-people #beside { display: block; }
    """

    def __init__(self, sync: Sync, run_id: str = "") -> None:
        super().__init__()
        self._known = sync
        self.runs: list[RunSummary] = []
        self._row: SyncRow | None = None
        """The sync as the list of syncs has it."""
        self.run_id = run_id
        """The run that is shown; empty: the newest one, whichever that is."""
        self.tab, self.why = TOTAL, ""
        self._people: RunPeople | None = None
        self._seen = (False, "")
        self._left_at: dict[str, tuple[int, tuple[int | None, bool]]] = {}

    def body(self) -> Iterable[Widget]:
        """Run, tabs and reasons; the table; the filter."""
        yield Lines(id="head")
        with Horizontal():
            yield PeopleTable(self._view(), id="people")
            yield Aside(id="beside")
        yield FilterLine("people")

    @property
    def table(self) -> PeopleTable:
        """The rows of the tab."""
        return self.query_one(PeopleTable)

    @property
    def people(self) -> RunPeople:
        """The people of the run."""
        if self._people is None:
            self._people = RunPeople(self.desk, self._known.id)
        return self._people

    # what is shown

    def on_mount(self) -> None:
        """Show the run, or how the sync is configured where it has never run."""
        self._seen = self._stand()
        self.reload()
        if not self.runs:
            self.do_tab(SETUP)

    def reload(self) -> None:
        """Read the sync, its runs and their people anew; the cursor stays."""
        self._known = self.desk.workspace.syncs.get(self._known.id) or self._known
        self.runs = outcomes.runs_of(self.desk, self._known.id)
        self._row = syncs.row(self.desk, self._known, self.runs)
        if self.runs and self.tab not in details.tabs(self.shown):
            self._turn(TOTAL, "")
        self._read()
        self.table.show(self._rows())
        self.draw()

    def sync(self) -> Sync:
        """The sync as it is stored."""
        return self._known

    @property
    def shown(self) -> RunSummary | None:
        """The run that is shown; while it goes on, with the counts of this moment, elsewhere with those of whom it recorded."""
        if not self.runs:
            return None
        run, watch = self.runs[self._place()], self._watch()
        live = self.people.so_far if watch is None else watch.live
        return live if live is not None and live.id == run.id else run

    def _place(self) -> int:
        return next((place for place, run in enumerate(self.runs) if run.id == self.run_id), 0)

    def _watch(self) -> Watch | None:
        runner = self.program.runner
        return runner.of(self._known.id) if runner.is_busy(self._known.id) else None

    def _stand(self) -> tuple[bool, str]:
        """Whether a run of this program goes on, and which."""
        watch = self._watch()
        return watch is not None, "" if watch is None else watch.run_id

    def _read(self) -> None:
        """Have the people of the run read, unless they are there."""
        if self.runs:
            run = self.runs[self._place()]
            if not self.people.is_of(run) and self.people.begin(run):
                self.run_worker(self._load(run), group="load", exclusive=True)

    async def _load(self, run: RunSummary) -> None:
        await self.people.load(run)
        self.table.show(self._rows())
        self.draw()

    def _view(self) -> View:
        return view_of(self.tab, self.why, self.program, self.people.names, self._empty)

    def _rows(self) -> Sequence[object]:
        match self.tab:
            case "runs":
                return self.runs
            case "setup":
                return setup_of(self.program, self._known, self.runs, self.size.width)
        return self.people.sheet.rows(self.tab, self.why)

    def _empty(self) -> Sequence[Line]:
        run = self.shown
        if self.people.loading and run is not None and run.result is not Result.RUNNING:
            return [(), note(f"Reading what the run did with {counted(run.counts.total, 'person', 'people')} ...")]
        return details.nobody(run, self.tab, self.why, way_on(self.program, self._known), self.size.width)

    def draw(self) -> None:
        """Draw what stands above the table, and the frame."""
        if not self.is_mounted:
            return
        place = (self._place(), len(self.runs))
        self.query_one("#head", Lines).show(head(self.program, self._known, self.shown, self._watch(), self.people, self.tab,
                                                 self.why, size=self.size, place=place))  # fmt: skip
        self.set_class(self.tab not in (RUNS, SETUP), "-people")
        self.refresh_frame()

    def where(self) -> Sequence[str]:
        """The sync."""
        return (self._known.name,)

    def right(self) -> Line:
        """How the sync stands, in the word of the list of syncs, and which of its runs is shown."""
        state = standing(self.program, self._known, self._row, watched=self._watch() is not None)
        which = f"newest but {self._place()}" if self._place() else "newest"
        number = f"{which} of {counted(len(self.runs), 'run')}" if len(self.runs) > 1 else "the only run"
        return (state, Span(f"   {number}" if self.runs else "", Tone.DIM))

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Everything is as wide as there is room."""
        if self.tab == SETUP:
            self.table.show(self._rows())
        self.draw()

    def on_lines_widened(self, event: Lines.Widened) -> None:
        """What stands beside the table is as wide as its place."""
        event.stop()
        self._tell_beside()

    def came_back(self) -> None:
        """Whatever was done elsewhere shows."""
        if self.is_mounted:
            self._began_or_ended()
            self.reload()

    def time_passed(self) -> None:
        """Another program may have run the sync, or changed it."""
        if outdated(self.program, self._known, self.runs):
            self.reload()
        self.runs_moved()

    def runs_moved(self) -> None:
        """Counts grow while a run goes on."""
        if self._began_or_ended():
            first = not self.runs
            self.reload()
            if first and self.runs:
                self.do_tab(TOTAL)
        else:
            self._read()
            self.draw()

    def _began_or_ended(self) -> bool:
        """Whether a run began or ended since the last look; then the newest one is shown."""
        stand, last = self._stand(), self.program.runner.of(self._known.id)
        moved, self._seen = stand != self._seen, stand
        if moved and last is not None and last.kind == "run":
            self.run_id = ""
        return moved

    # moving about

    def on_record_table_moved(self, event: PeopleTable.Moved) -> None:
        """What can be done depends on the row, and what stands beside it."""
        event.stop()
        self.refresh_frame()
        self._tell_beside()

    def _tell_beside(self) -> None:
        if self.has_class("-wide") and self.runs:
            aside = self.query_one("#beside", Aside)
            run_id, width = self.runs[self._place()].id, max(20, aside.size.width)
            row = self.table.current
            aside.tell_of(f"{run_id} {self.table.key(row) if row else ''}", beside(self.program, self._known, row, run_id, width))

    async def on_record_table_chosen(self, event: PeopleTable.Chosen) -> None:
        """Open the person, show the run, or edit the part of the configuration."""
        event.stop()
        await self.action_do("open")

    def do_tab(self, tab: str) -> None:
        """Show the people of a status, the runs, or the configuration."""
        self._turn(tab, "")

    def do_why(self, why: str) -> None:
        """Show the people of one reason or cause; all without one."""
        self._turn(self.tab, why)

    def _turn(self, tab: str, why: str) -> None:
        table = self.table
        self._left_at[self.tab + self.why] = (table.cursor, (table.sorted_by, table.descending))
        self.tab, self.why = tab, why
        table.turn(self._view(), self._rows(), *self._left_at.get(tab + why, (0, (None, False))))
        self.draw()

    def do_step_tab(self, step: int) -> None:
        """The next tab, or the one before."""
        tabs = details.tabs(self.shown)
        here = tabs.index(self.tab) if self.tab in tabs else 0
        self.do_tab(tabs[(here + step) % len(tabs)])

    def do_reason(self) -> None:
        """The next reason or cause that occurs, after the last one all again."""
        whys = ["", *(why for why, _ in self.people.sheet.whys(self.tab))]
        self.do_why(whys[(whys.index(self.why) + 1) % len(whys)] if self.why in whys else "")

    def do_older(self) -> None:
        """The run before."""
        self._show_run(self._place() + 1)

    def do_newer(self) -> None:
        """The run after."""
        self._show_run(self._place() - 1)

    def _show_run(self, place: int) -> None:
        self.run_id = self.runs[place].id if place else ""
        self._left_at.clear()
        self.reload()

    def do_back(self) -> None:
        """Show all rows again: first those of the filter, then those of other reasons; else leave."""
        if self.why and not self.table.needle:
            self.do_why("")
        else:
            super().do_back()

    # actions

    def actions(self) -> list[Action]:
        """Approving and retrying stand in the key line only where there is something to approve or to retry."""
        people = self.people
        off = {"approve": not people.waiting.people, "retry": not people.undelivered}
        return [action for action in super().actions() if not off.get(action.name)]

    def why_not(self, name: str) -> str:
        """What the sync, the run or the row does not allow."""
        match name:
            case "older" | "newer":
                place = self._place() + (1 if name == "older" else -1)
                return "" if 0 <= place < len(self.runs) else f"There is no {name} run."
            case "tab('withheld')" if Status.WITHHELD not in details.tabs(self.shown):
                return "No removal of this run is withheld."
            case "reason" if not self.people.sheet.whys(self.tab):
                return "Only people who were ignored or removed have reasons: press 5, 6 or 7."
            case "open":
                return "" if self.table.current is not None else "There is no row to open here."
            case "export" if self.tab == SETUP:
                return "The configuration is exported with that of all syncs: 7 in the list of syncs, then e."
            case "export":
                return "" if self.table.order else NO_ROW
            case "approve" | "retry":
                return finishing.why_not(self.program, self._known, self.shown, self.people, name)
        return verbs.why_not(self.program, self._known, name)

    def do_open(self) -> None:
        """Open what the row is about."""
        match self.table.current:
            case Outcome() as outcome:
                self.program.go.person(self._known, outcome, self.runs[self._place()].id)
            case RunSummary() as run:
                self._show_run(self.runs.index(run))
                self.do_tab(TOTAL)
            case SetupRow() as row:
                edit_part(self.program, self._known, row.edit)

    def do_approve(self) -> None:
        """Make the removals that the run withheld, after a question with their number."""
        if self.shown is not None:
            self.run_worker(finishing.ask_approval(self.program, self._known, self.shown, self.people.waiting), group="ask")

    def do_retry(self) -> None:
        """Deliver the people whose delivery failed."""
        if self.shown is not None:
            self.program.go.run(self.program.runner.retry(self._known, self.shown.id))

    def do_export(self) -> None:
        """Write the rows that are shown to a file."""
        run = self.shown
        named = f"run {run.id} {self.why or self.tab}" if run is not None and self.tab != RUNS else "runs"
        kind = export.named_kind(self.people.names) if self.tab != RUNS else None
        ask_export(self.program, f"{self._known.name} {named}", self.table.shown, kind)

    def copied(self) -> str:
        """The address under the cursor; of a run its number, of the configuration its words."""
        return copied(self.table.current)
