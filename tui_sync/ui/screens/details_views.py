"""The tables of the details screen: people by status, the runs, the configuration and what edits its lines; what stands
above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.geometry import Size

from tui_sync.model.outcomes import Outcome, RunSummary
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import limits, outcomes, syncs
from tui_sync.services.deleted import gone
from tui_sync.services.people import behind
from tui_sync.services.syncs import SyncRow
from tui_sync.ui import verbs
from tui_sync.ui.names import Names
from tui_sync.ui.present import details, setup
from tui_sync.ui.present import outcomes as people
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.frame import LOW as LOWEST
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.lines import Line, Span, first
from tui_sync.ui.present.person import known_lines, outcome_lines
from tui_sync.ui.present.states import DELETED, row_state, state_span
from tui_sync.ui.present.syncs import first_way
from tui_sync.ui.run_people import RunPeople
from tui_sync.ui.runner import Watch
from tui_sync.ui.widgets.people_table import View

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

LOW = 20
"""Lines of a terminal below which the rule goes and few lines of remarks stay."""
REMARKS, FEW = 4, 2
"""Lines of remarks, where there is room and where there is little: above people in a low terminal."""

Empty = Callable[[], Sequence[Line]]


def view_of(tab: str, why: str, program: TuiSync, names: Names, empty: Empty) -> View:
    """The columns and cells of a tab, or of those in it with the reason or cause `why`; `empty` gives what stands where there is
    no row."""
    match tab:
        case people.RUNS:
            return _runs(program, empty)
        case people.SETUP:
            return View(setup.COLUMNS, setup.cells, lambda row: row.place, (), empty)

    def cells(outcome: Outcome) -> Sequence[Cell]:
        return people.cells(outcome, names.of(outcome), tab, why)

    def text(outcome: Outcome) -> str:
        return people.text(outcome, names.of(outcome))

    return View(people.columns(tab, why), cells, people.key, people.sort_keys(tab, names.of, why), empty, names, text)


def _runs(program: TuiSync, empty: Empty) -> View:
    def cells(run: RunSummary) -> Sequence[Cell]:
        return details.run_cells(run, program.now, program.zone)

    return View(details.RUN_COLUMNS, cells, lambda run: run.id, RUN_KEYS, empty)


def _count(name: str) -> Callable[[RunSummary], int]:
    return lambda run: int(getattr(run.counts, name))


RUN_KEYS: Sequence[Callable[[Any], Any]] = (
    lambda run: int(run.id), lambda run: run.result, lambda run: run.started, lambda run: run.took or 0.0, _count("total"),
    _count("new"), _count("re_added"), _count("duplicate"), _count("ignored"), _count("deleted"), lambda run: run.why,
)  # fmt: skip


def head(
    program: TuiSync, sync: Sync, run: RunSummary | None, watch: Watch | None, people_of: RunPeople, tab: str, why: str,
    *, size: Size, place: tuple[int, int],
) -> list[Line]:
    """What stands above the table: the run, the tabs, what waits for somebody, the reasons. `place`: the how manieth run it
    is, counted from the newest, of how many."""
    number, runs = place
    if watch is not None and (run is None or watch.live is None or watch.live.id != run.id):
        watch = None
    told = [details.run_line(run, watch, older=number + 1 < runs, newer=number > 0, now=program.now, zone=program.zone,
                             width=size.width)]  # fmt: skip
    told += details.tab_lines(run, runs, tab, size.width, low=size.height < LOWEST)
    remarks = list(details.remarks(run, sync, people_of.waiting.people, people_of.undelivered, size.width))
    low = size.height < LOW
    told += first(remarks, FEW if low and people_of.sheet.rows(tab) else REMARKS, size.width)
    told += [] if low else [rule(size.width)]
    whys = people_of.sheet.whys(tab)
    if whys:
        told += details.reason_lines(whys, len(people_of.sheet.rows(tab)), why, size.width, low=low)
    return told


def standing(program: TuiSync, sync: Sync, row: SyncRow | None, *, watched: bool) -> Span:
    """How the sync stands, in the word of the list of syncs."""
    if sync.deleted is not None:
        return DELETED
    return state_span(sync.state) if row is None else row_state(row, watched=watched, looking=program.go.looking == sync.id)


def way_on(program: TuiSync, sync: Sync) -> str:
    """What to press for a sync that has not run; nothing where what stands above the table says it already."""
    if sync.deleted is not None or (sync.reason and not syncs.nothing_to_mend(sync)):
        return ""
    return first_way(sync.state, limits.why_no_run(program.desk, sync))


def setup_of(program: TuiSync, sync: Sync, runs: Sequence[RunSummary], width: int) -> Sequence[setup.SetupRow]:
    """The configuration, a row a line."""
    return setup.setup_rows(sync, syncs.row(program.desk, sync, runs), program.now, program.zone, None, width)


def outdated(program: TuiSync, sync: Sync, runs: Sequence[RunSummary]) -> bool:
    """Whether the sync or its runs are no longer what is shown."""
    stored = program.desk.workspace.syncs.get(sync.id) or sync
    return stored != sync or outcomes.runs_of(program.desk, sync.id) != runs


def beside(program: TuiSync, sync: Sync, row: object, run_id: str, width: int) -> list[Line]:
    """What stands right of the table where there is room: of a person what the workspace knows, without a call."""
    if not isinstance(row, Outcome):
        return []
    names = {sync.id: sync.name for sync in program.desk.workspace.syncs.every()}
    known = behind(program.desk, sync.id, row.record_id, row.email or "")
    return [*outcome_lines(row, run_id, width), (), *known_lines(known, names, program.zone, width)]


def edit_part(program: TuiSync, sync: Sync, part: str) -> None:
    """Open the editor of a part of the configuration; the menu of all of them where it has none of its own. Of a sync that was
    deleted nothing is edited."""
    if sync.deleted is not None:
        program.explain(gone(sync))
        return
    draft = sync.state is SyncState.DRAFT
    match part:
        case "mapping" if not draft:
            program.go.mapping(sync)
        case "criteria" if not draft and sync.selection.conditions:
            program.go.criteria(sync)
        case "retrieval" if not draft:
            program.go.retrieval(sync)
        case "rename":
            verbs.rename(program, sync)
        case _:
            verbs.edit(program, sync)


def copied(row: object) -> str:
    """What is copied of a row: the address, the number of a run, the words of the configuration."""
    match row:
        case Outcome():
            return row.email or ""
        case RunSummary():
            return row.id
        case setup.SetupRow():
            return row.text
    return ""
