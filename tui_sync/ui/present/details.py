"""The details of a sync: the line of the run, the tabs with their counts, the reasons, what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.outcomes import LABELS, Result, RunSummary, Status
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.present.runs import extent
from tui_sync.present.words import calls_words, grouped
from tui_sync.present.words import span as long
from tui_sync.services.deleted import gone
from tui_sync.services.outcomes import Waiting
from tui_sync.services.syncs import nothing_to_mend
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import Line, Span, Tone, line, width_of, wrapped
from tui_sync.ui.present.moments import when
from tui_sync.ui.present.outcomes import RUNS, SETUP, TOTAL, people_in
from tui_sync.ui.present.states import GOES_ON, STATUS_TONES, result_span
from tui_sync.ui.present.syncs import progress
from tui_sync.ui.runner import Watch

TABS = (TOTAL, *Status, RUNS, SETUP)
"""In the order in which they stand and are stepped through."""
DIGITS = {tab: str(number) for number, tab in enumerate((TOTAL, *Status), 1)} | {RUNS: "9", SETUP: "0"}
NAMES = {**LABELS, TOTAL: "Total", RUNS: "Runs", SETUP: "Configuration"}
BAR = 16
MORE = len(" +10 more")
"""Cells for how many reasons there are beside those shown."""

RUN_COLUMNS = (
    Column("Run", 3, 8, right=True),
    Column("Result", 11, 24),
    Column("Started", 11, 18),
    Column("Took", 5, 12, spare=4),
    Column("Total", 5, 9, right=True, spare=3),
    Column("New", 3, 9, right=True),
    Column("Re-added", 8, 9, right=True, spare=2),
    Column("Duplicate", 9, 9, right=True, spare=1),
    Column("Ignored", 7, 9, right=True),
    Column("Deleted", 7, 9, right=True),
    Column("Fetch", 8, 40, spare=5),
)
"""The total goes before what adds up to it: without one of them it would look wrong."""


def tabs(run: RunSummary | None) -> list[str]:
    """The tabs that a run has: Withheld only where somebody is; none for people where there is no run."""
    if run is None:
        return [RUNS, SETUP]
    return [tab for tab in TABS if tab != Status.WITHHELD or run.withheld]


def run_line(
    run: RunSummary | None, watch: Watch | None, *, older: bool, newer: bool, now: datetime, zone: ZoneInfo, width: int
) -> Line:
    """Which run is shown, how it ended or how far it is, and what it took; the last parts go first where it is narrow."""
    if run is None:
        return line(Span(" It has not run yet.", Tone.STRONG))
    spans = [
        Span(" Run "), Span("◂", Tone.KEY if older else Tone.DIM, "older"), Span(f" {when(run.started, now, zone)} "),
        Span("▸", Tone.KEY if newer else Tone.DIM, "newer"), Span("  "),
    ]  # fmt: skip
    spans += _how(run, watch, zone)
    for more in _costs(run):
        if width_of(spans) + len(more) < width:
            spans.append(Span(more, Tone.DIM))
    return line(*spans)


def _how(run: RunSummary, watch: Watch | None, zone: ZoneInfo) -> Iterator[Span]:
    yield result_span(run.result)
    if watch is not None and watch.waiting:
        until = f"until {watch.until.astimezone(zone):%H:%M:%S}, " if watch.until is not None else ""
        yield Span(f"  {until}{visible(watch.waiting)}", Tone.WARN)
    elif watch is not None:
        yield Span("  ")
        yield from progress(watch, BAR)
        if watch.step is not None and watch.step.total:
            yield Span(f"  {watch.step.phase}")
    elif run.took is not None:
        yield Span(f" in {long(run.took)}")


def _costs(run: RunSummary) -> Iterator[str]:
    if run.result is not Result.RUNNING:
        yield f", {calls_words(run)}"
    told = visible(extent(run))
    if told:
        yield f", {told}"


def tab_lines(run: RunSummary | None, runs: int, tab: str, width: int, *, low: bool = False) -> list[Line]:
    """The tabs with their counts, the one shown in brackets; on as many lines as they need, in a `low` terminal only the line
    with that one, and how many more there are."""
    items = []
    for name in tabs(run):
        number = runs if name == RUNS else None if name == SETUP or run is None else people_in(run, name)
        tone = STATUS_TONES.get(name, Tone.PLAIN) if number or name == SETUP else Tone.DIM
        items.append(tab_item(f"{DIGITS[name]} {NAMES[name]}", number, tone, name == tab, f"tab('{name}')"))
    return _shortened(items, width, "step_tab(1)") if low else packed(items, width)


def reason_lines(
    whys: Sequence[tuple[str, int]], total: int, why: str, width: int, *, low: bool = False
) -> list[Line]:
    """The reasons or causes of a tab with their counts, the one shown in brackets; in a `low` terminal only the line with that
    one, and how many more there are."""
    items = [tab_item("All", total, Tone.PLAIN, not why, "why('')")]
    items += [tab_item(LABELS[name], number, Tone.PLAIN, name == why, f"why('{name}')") for name, number in whys]
    return _shortened(items, width, "reason") if low else packed(items, width)


def _shortened(items: Sequence[list[Span]], width: int, action: str) -> list[Line]:
    """The one line of the tabs on which the one shown stands, and how many more there are; all where they fit one line."""
    whole = packed(items, width)
    if len(whole) == 1:
        return whole
    here = next(row for row in packed(items, width - MORE) if any(part.tone is Tone.STRONG for part in row))
    left = len(items) - len({part.action for part in here if part.action})
    return [(*here, Span(f" +{left} more", Tone.DIM, action))]


def tab_item(name: str, number: int | None, tone: Tone, chosen: bool, action: str) -> list[Span]:
    """One of several tabs with its number; the one shown stands in brackets."""
    count = "" if number is None else f" {grouped(number)}"
    if chosen:
        return [Span(f"[{name}{count}]", Tone.STRONG, action)]
    return [Span(f" {name}", Tone.DIM if tone is Tone.DIM else Tone.PLAIN, action), Span(f"{count} ", tone, action)]


def packed(items: Iterable[list[Span]], width: int) -> list[Line]:
    """Tabs on as many lines as they need, below each other with everything else."""
    lines: list[list[Span]] = [[Span(" ")]]
    for item in items:
        if len(lines[-1]) > 1 and width_of(lines[-1]) + width_of(item) > width:
            lines.append([Span(" ")])
        lines[-1] += item
    return [tuple(spans) for spans in lines]


def remarks(run: RunSummary | None, sync: Sync, waiting: int, undelivered: int, width: int) -> Iterator[Line]:
    """What stopped the run or waits for somebody, with the key to press; `waiting` removals can be approved."""
    told: list[str] = []
    broken = not nothing_to_mend(sync)
    if sync.deleted is not None:  # no key would mend it, go on with its run, approve or retry
        told += [gone(sync), "What its runs did stays on record."]
        broken, waiting, undelivered = False, 0, 0
    if broken and sync.reason:
        told.append(f"{sync.reason} Press m to mend it.")
    if run is not None:
        if run.message and not (broken and run.message.startswith(sync.reason)):
            told.append(run.message)
        if run.result is Result.INTERRUPTED and sync.deleted is None:
            told.append(GOES_ON)
        if waiting:
            told.append(f"{_people(waiting)} to be removed once you approve: 7 shows them, a approves.")
        if undelivered:
            told.append(f"{_people(undelivered)} not delivered. They join the next run; t tries again at once.")
        told += run.notes
    for sentence in told:
        yield from wrapped(sentence, width - 2, Tone.WARN, " ")


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{grouped(number)} people are"


def nobody(run: RunSummary | None, tab: str, why: str, first: str, width: int) -> list[Line]:
    """What an empty tab says, and what to press; `first` that where there is no run yet, or where it stopped at once
    (empty where it is told elsewhere)."""
    sentences = filter(None, _nobody(run, tab, why, first))
    return [(), *(row for sentence in sentences for row in wrapped(sentence, width - 2, Tone.DIM, "   "))]


def _nobody(run: RunSummary | None, tab: str, why: str, first: str) -> tuple[str, ...]:
    if run is None:
        return (first, "0 shows how it is configured.")
    if run.result is Result.RUNNING:
        return ("The run goes on. People show here as soon as they are recorded.", "w watches the run.")
    if run.kept_until is not None:
        until = f"The outcomes of this run were kept until {run.kept_until:%Y-%m-%d}; its counts stay."
        return (until, "Settings say how long: 8 in the list of syncs.")
    if why:
        return (f"Nobody in this run for the reason {LABELS[why]}. o shows the next reason.",)
    if tab == TOTAL and run.message:
        return ("The run looked at nobody: it stopped before.", first)
    if tab == TOTAL and not run.full:
        return ("No record of the selection had changed since the run before.", "9 shows all runs.")
    other = "1 shows everybody whom the run looked at." if run.counts.total and tab != TOTAL else "9 shows all runs."
    return (NOBODY[tab], other)


NOBODY: dict[str, str] = {
    TOTAL: "No record matched the selection.",
    Status.NEW: "Nobody in this run was new to the hub.",
    Status.RE_ADDED: "Nobody in this run had been deleted from the hub and came back.",
    Status.DUPLICATE: "Nobody in this run was in the hub already.",
    Status.IGNORED: "Nobody was ignored in this run.",
    Status.DELETED: "Nobody was removed in this run.",
    Status.WITHHELD: "No removal of this run waits for an approval.",
}


def run_cells(run: RunSummary, now: datetime, zone: ZoneInfo) -> Sequence[Cell]:
    """A run under `RUN_COLUMNS`."""
    counts = run.counts
    took = long(run.took) if run.took is not None else ""
    total = "" if run.result is Result.RUNNING else grouped(counts.total)
    return (
        run.id, result_span(run.result), when(run.started, now, zone, brief=True), took, total, _count(run, Status.NEW),
        _count(run, Status.RE_ADDED), _count(run, Status.DUPLICATE), _count(run, Status.IGNORED),
        _count(run, Status.DELETED), Span(visible(extent(run)), Tone.DIM),
    )  # fmt: skip


def _count(run: RunSummary, status: Status) -> Span:
    """How many of a status; nothing while the run goes on, which counts at its end."""
    if run.result is Result.RUNNING:
        return Span("")
    number = people_in(run, status)
    return Span(grouped(number), STATUS_TONES[status] if number else Tone.DIM)


def approval(sync: Sync, waiting: Waiting, managed: int, *, marketing: bool) -> tuple[str, list[str]]:
    """The question before removals that were withheld are made, and what it means; names and numbers as they are."""
    many = f"{grouped(waiting.people)} of {grouped(managed)}" if managed >= waiting.people else grouped(waiting.people)
    causes = ", ".join(f"{LABELS[cause]} {grouped(number)}" for cause, number in waiting.causes)
    told = [f"Because in Recruit: {causes}."] if causes else []
    if waiting.from_list and marketing:
        number = grouped(waiting.from_list)
        told.append(f"For {number} of them it is an unsubscribe at Marketing Automation, which may write to them.")
    if waiting.from_hub:
        means = "a permanent Do-Not-Mail at Marketing Automation" if marketing else "a deletion from the hub and all its lists"
        told.append(f"For {grouped(waiting.from_hub)} of them it is {means}. It cannot be taken back here.")
    told.append("Those whose record has come back meanwhile are left alone.")
    noun = "person" if many == "1" else "people"
    return f"Remove {many} {noun} from {sync.list_name}?", told
