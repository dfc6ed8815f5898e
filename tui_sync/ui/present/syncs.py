"""The list of syncs: a row each, the summary of one, the quotas, and what an empty workspace says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.health import Condition
from tui_sync.model.outcomes import LABELS, Result, RunSummary
from tui_sync.model.schedule import in_words
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import full_stop, visible, waits
from tui_sync.present.corrections import looking_misspelt
from tui_sync.present.runs import ignored_rows
from tui_sync.present.syncs import never_due, selection_words
from tui_sync.present.words import counted, grouped
from tui_sync.present.words import span as long
from tui_sync.services.limits import Quota
from tui_sync.services.syncs import SyncRow, nothing_to_mend
from tui_sync.ui.present.charts import bar, columns
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import TIE, Line, Span, Tone, beside, line, width_of, wrapped
from tui_sync.ui.present.moments import briefly, day, distance, speed, when
from tui_sync.ui.present.states import GOES_ON, RESULTS, STATUS_TONES, result_span, row_state
from tui_sync.ui.runner import Watch

COLUMNS = (
    Column("Name", 14, 20, grow=True, firm=True),
    Column("Module", 10, 24, spare=3),
    Column("List", 6, 14, spare=1, grow=True),
    Column("State", 11, 24, firm=True),
    Column("Last run", 10, 24, firm=True, whole=True),
    Column("Next", 4, 11, spare=2, firm=True, whole=True),
)
"""All six have room in 80 cells; a number or a day that is cut would be another one. A sync is told by its name: that is cut last
of all names, and stands whole in the summary."""
NUMBERS = ("New", "Ignored", "Deleted")
"""What is told of each of the last runs."""
PROGRESS = 14
"""Cells for bar, share and rate of a run: the column of the last run is as wide while one goes on."""
BESIDE = 12
"""Cells of the title beside its middle and the quotas: the name of the screen, and what keeps them apart."""
LOOKING = "Some records are looked at, to say what the first run would do."
COUNTING = "What it did with whom is being counted."
SO_FAR = "Enter shows whom it has recorded."
FIRST_WAYS = {
    SyncState.DRAFT: "Press e to finish it.", SyncState.QUEUED: "Press d to see what a run would do.",
    SyncState.BROKEN: "Press m to mend it.",
}  # fmt: skip
"""What to press for a sync that has not run and cannot yet."""


def first_way(state: SyncState, refused: str = "") -> str:
    """What to press for a sync that has not run; `refused` says why no run of it is possible yet, and from when one is."""
    run = f"{refused} Press d to see what a run would do." if refused else "Press r to run it, d to see what a run would do."
    return FIRST_WAYS.get(state, run)


def cells(row: SyncRow, watch: Watch | None, now: datetime, zone: ZoneInfo, *, looking: bool = False) -> Sequence[Cell]:
    """A row under `COLUMNS`; `watch` is the run of it that goes on in this program, `looking` that its first one is looked at."""
    state = row_state(row, watched=watch is not None, looking=looking)
    last, following = _last_run(row, watch, now, zone), day(row.next or row.starts, now, zone)
    if row.paused:
        following = "paused"
    if watch is not None:
        following = time_left(watch, now, zone)
    dim = row.state in (SyncState.INACTIVE, SyncState.DRAFT) and watch is None
    tone = Tone.DIM if dim else Tone.PLAIN
    return (
        Span(visible(row.name), tone), Span(visible(row.module_shown), tone), Span(visible(row.list), tone), state, last,
        Span(following, tone),
    )  # fmt: skip


def _last_run(row: SyncRow, watch: Watch | None, now: datetime, zone: ZoneInfo) -> Line:
    if watch is not None:
        return progress(watch, PROGRESS)
    run = row.last
    if run is None:
        return (Span("-", Tone.DIM),)
    if run.withheld:
        return (Span(f"{grouped(run.withheld)} to remove", Tone.WARN),)
    moment = day(run.started, now, zone)
    if run.result in (Result.RUNNING, Result.FAILED, Result.INTERRUPTED, Result.CANCELLED):
        return (Span(moment, Tone.DIM),)
    new = run.counts.new
    return (Span(f"{moment} "), Span(f"+{grouped(new)}", Tone.GOOD if new else Tone.DIM))


def progress(watch: Watch, width: int) -> Line:
    """How far a run is, in at least `width` cells: bar, share and rate where the end is known, else the phase and its count;
    a run that waits has no rate, and one that asks has the key that leads to the answer."""
    step = watch.step
    if watch.price is not None:
        return (Span("asks: w", Tone.WARN),)
    if step is None or not step.total:
        told = "starting" if step is None else f"{step.phase} {grouped(step.done)}" if step.done else str(step.phase)
        return (Span("waits", Tone.WARN),) if watch.waiting else (Span(told, Tone.ACCENT),)
    share = step.done / step.total
    pace = Span("waits", Tone.WARN) if watch.waiting else Span(speed(step.rate()))
    told = f" {share:.0%} "
    return (*bar(share, max(2, width - len(told) - len(pace.text))), Span(told), pace)


def time_left(watch: Watch, now: datetime, zone: ZoneInfo) -> str:
    """The time left, never less than what the run waits for; where nobody can tell it, the end of the wait."""
    rest = watch.step.left() if watch.step is not None else None
    until = watch.until if watch.waiting else None
    if rest is None:
        return f"{until.astimezone(zone):%H:%M}" if until is not None else "-"
    return briefly(max(rest, (until - now).total_seconds() if until is not None else 0))


def quota_line(quota: Quota) -> Line:
    """`Month 12/50  Today 3/10  Active 4/10`; one that is used up stands out."""
    spans: list[Span] = []
    for name, used, limit in (
        ("Month", quota.used.month, quota.limits.month),
        ("Today", quota.used.day, quota.limits.day),
        ("Active", quota.used.active, quota.limits.active),
    ):
        spans += [Span("  " if spans else ""), Span(f"{name} ", Tone.DIM)]
        spans += [Span(str(used), Tone.WARN if used >= limit else Tone.STRONG), Span(f"/{limit}", Tone.DIM)]
    return tuple(spans)


def pause_line(quotas: Line, width: int) -> Line:
    """That all schedules are paused, in the middle of the title: in one word where the quotas leave no room for more."""
    told = "All schedules paused"
    return (Span(told if width - width_of(quotas) > len(told) + BESIDE else "Paused", Tone.WARN),)


def summary(
    row: SyncRow, sync: Sync, watch: Watch | None, now: datetime, zone: ZoneInfo, width: int, misspelt: int = 0,
    *, refused: str = "", tall: bool = False, low: bool = False, looking: bool = False,
) -> Iterator[Line]:  # fmt: skip
    """What one looks for first in the selected sync: what it is, what waits for somebody, its last run. In a `tall` place one
    thing stands below the other, in a `low` one only what must. `misspelt` of the addresses that it ignores look so; `refused`
    says why no run by hand is possible now, and from when one is."""
    away = distance(row.next, now, zone) if row.next is not None else ""
    due = "all schedules are paused" if row.paused else away
    yield from _definition(sync, f" ({due})" if due else "", zone, width, tall=tall)
    if watch is not None:
        yield from _going_on(watch, zone, width, tall=tall)
        return
    if row.reason:
        way = "" if nothing_to_mend(sync) else " Press m to mend it."
        yield from wrapped(row.reason + way, width - 2, Tone.WARN, " ")
    if looking:
        yield from wrapped(f"{LOOKING} You are asked when that is known.", width - 2, Tone.ACCENT, " ")
        return
    run = row.last
    if run is None:
        way = "" if row.state is SyncState.BROKEN and row.reason else first_way(row.state, refused)
        yield from wrapped(f"It has not run yet. {way}", width - 2, Tone.DIM, " ")
        return
    yield from _of_schedule(row, refused, width)
    if run.result is Result.RUNNING:
        yield from _going_on_elsewhere(run, now, zone, width)
        return
    yield from _advice(run, "" if nothing_to_mend(sync) else row.reason, refused, width)
    # In the tone of the line above: another one would take `G` over a kilobyte.
    review = wrapped(f"{looking_misspelt(misspelt)}. Press 4 to review.", width - 2, Tone.DIM, " ") if misspelt else ()
    if tall:  # where all reasons stand below one another, what is to be done must not be below the last line
        yield from review
    recent = () if row.counting else row.recent
    yield from _last_lines(run, recent, now, zone, width, tall=tall, low=low)
    yield from wrapped(COUNTING, width - 4, Tone.DIM, "   ") if row.counting else _counts(run, width, tall=tall, zeros=not low)
    if not tall:
        yield from review
    if tall and len(recent) > 1:
        yield from _history(recent, now, zone)


def _definition(sync: Sync, due: str, zone: ZoneInfo, width: int, *, tall: bool) -> Iterator[Line]:
    """Name, schedule, selection and list; a line that is too long for its place is told over several."""
    schedule, chosen = in_words(sync.schedule, zone), selection_words(sync)
    named = line(" ", Span(sync.name, Tone.STRONG), Span("   "), schedule, Span(due, Tone.DIM))
    if tall or width_of(named) > width - 1:
        yield from wrapped(sync.name, width - 2, Tone.STRONG, " ")
        yield from wrapped(f"{schedule} {due.strip().replace(' ', TIE)}", width - 2, Tone.PLAIN, " ")
    else:
        yield named
    taken = line(f" {sync.module_shown}, ", Span(chosen, Tone.ACCENT), ", to list ", Span(sync.list_name, Tone.STRONG))
    if width_of(taken) > width - 1:
        yield from wrapped(f"{sync.module_shown}, {chosen}", width - 2, Tone.PLAIN, " ")
        yield from wrapped(f"to list {sync.list_name}", width - 2, Tone.PLAIN, " ")
    else:
        yield taken
    if tall:
        yield ()


def _going_on(watch: Watch, zone: ZoneInfo, width: int, *, tall: bool) -> Iterator[Line]:
    step = watch.step
    told = "starting"
    if step is not None:
        of = f" of {grouped(step.total)}" if step.total else ""
        pace = f", {speed(step.rate())}" if step.done and not watch.waiting else ""
        told = f"{step.phase}: {grouped(step.done)}{of}{pace}" if step.done or step.total else str(step.phase)
    kind = "" if watch.kind == "run" else f" {watch.kind}"
    yield line(" ", result_span(Result.RUNNING), f"{kind}, {told}")
    if watch.waiting:
        yield from wrapped(waits(watch.waiting, watch.until, zone), width - 2, Tone.WARN, " ")
    if watch.live is not None:
        yield from _counts(watch.live, width, tall=tall)
    yield line(Span(" Press w to watch it, c to stop it.", Tone.DIM))


def _going_on_elsewhere(run: RunSummary, now: datetime, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """A run that another program makes: only that one knows its counts before the end."""
    yield line(" ", result_span(Result.RUNNING), f" since {when(run.started, now, zone)}, in another program")
    yield from wrapped(f"Its counts are told when it has ended. {SO_FAR}", width - 2, Tone.DIM, " ")


def _last_lines(
    run: RunSummary, recent: Sequence[RunSummary], now: datetime, zone: ZoneInfo, width: int, *, tall: bool, low: bool
) -> Iterator[Line]:
    took = f", took {long(run.took)}" if run.took is not None else ""
    spans = [Span(" Last run "), Span(when(run.started, now, zone)), Span(took)]
    told: list[Span] = [] if run.result is Result.COMPLETED else [result_span(run.result)]
    if told and (not tall or width_of(line(*spans, "  ", *told)) < width):
        spans, told = [*spans, Span("  "), *told], []
    chart: list[Span] = []
    if len(recent) > 1:
        news = [past.counts.new for past in reversed(recent)]
        chart = [Span(columns(news), Tone.GOOD), Span(f" new, last {len(recent)} runs", Tone.DIM)]
    whole = line(*spans, Span("   "), *chart)
    if chart and not tall and width_of(whole) < width:
        yield whole
        return
    yield line(*spans)
    if told:  # a result that is cut short could be taken for another one
        yield line(" ", *told)
    if chart and not low:
        yield line(" ", *chart)


def _counts(run: RunSummary, width: int, *, tall: bool, zeros: bool = True) -> Iterator[Line]:
    """All counts, on one line or, in a `tall` place, one below the other with a bar each and the reasons below those ignored."""
    if not tall:
        yield from counts_lines(run, width, zeros=zeros)
        yield from beside((f"{label} {grouped(number)}" for label, number in ignored_rows(run)), width, Tone.DIM, "   ")
        return
    cells = max(7, *(len(grouped(number)) for number in (run.counts.total, run.counts.deleted)))
    yield line("   ", Span("Total".ljust(16)), Span(grouped(run.counts.total).rjust(cells), Tone.STRONG))
    for status in ("new", "re_added", "duplicate", "ignored", "deleted"):
        number = getattr(run.counts, status)
        tone = STATUS_TONES[status] if number else Tone.DIM
        long_bar = "━" * round(number / max(1, run.counts.total, number) * max(0, width - 24 - cells))
        told = f"{LABELS[status]:16}{grouped(number):>{cells}}"
        yield line("   ", Span(told, tone), "  ", Span(long_bar, tone))
        for label, reason in ignored_rows(run) if status == "ignored" else ():
            yield line(Span(f"     {label:15}{grouped(reason):>{cells - 1}}", Tone.DIM))


def counts_lines(run: RunSummary, width: int, *, zeros: bool = True) -> Iterator[Line]:
    """All counts of a run: where they do not fit on a line of that width they stand closer, else without those that are zero, if
    need be over two lines."""
    shapes = [_counts_line(run, gap) for gap in ("   ", "  ") if zeros]
    whole = next((each for each in shapes if width_of(each) < width), _counts_line(run, "  ", zeros=False))
    row = [*whole[:2]]
    for gap, told in zip(whole[2::2], whole[3::2], strict=True):
        if width_of((*row, gap, told)) >= width:
            yield tuple(row)
            row, gap = [], Span("   ")
        row += [gap, told]
    yield tuple(row)


def _counts_line(run: RunSummary, gap: str, *, zeros: bool = True) -> Line:
    """All counts of a run on a line; a zero is dim, and without `zeros` left out."""
    spans: list[Span] = [Span("   Total ", Tone.PLAIN), Span(grouped(run.counts.total), Tone.STRONG)]
    for status in ("new", "re_added", "duplicate", "ignored", "deleted"):
        number = getattr(run.counts, status)
        if number or zeros:
            spans += [Span(gap), Span(f"{LABELS[status]} {grouped(number)}", STATUS_TONES[status] if number else Tone.DIM)]
    return tuple(spans)


def _history(recent: Sequence[RunSummary], now: datetime, zone: ZoneInfo) -> Iterator[Line]:
    """The last runs, one a line."""
    yield ()
    rows = [[grouped(number) for number in (run.counts.new, run.counts.ignored, run.counts.deleted)] for run in recent]
    wide = [max(len(word), *map(len, column)) + 1 for word, column in zip(NUMBERS, zip(*rows, strict=True), strict=True)]
    yield line(Span(f"   {'Run':<16}{''.join(map(str.rjust, NUMBERS, wide))}", Tone.DIM))
    for run, numbers in zip(recent, rows, strict=True):
        glyph, tone = RESULTS[run.result]
        begun = when(run.started, now, zone)
        yield line(" ", Span(glyph, tone), f" {begun:<16}{''.join(map(str.rjust, numbers, wide))}")


def _of_schedule(row: SyncRow, refused: str, width: int) -> Iterator[Line]:
    """That the sync is late, deferred or never due, or has failed again and again."""
    if row.health.condition is Condition.LATE:
        yield from wrapped(f"{row.health.sentence} {refused or 'Press r to run it now.'}", width - 2, Tone.WARN, " ")
    elif row.health.condition is Condition.DEFERRED:
        yield from wrapped(row.health.sentence, width - 2, Tone.WARN, " ")
    elif never_due(row):
        yield from wrapped(f"{row.health.sentence} Press e to edit it.", width - 2, Tone.WARN, " ")
    elif row.last is not None and row.last.result is Result.FAILED:
        for sentence in row.last.notes:
            yield from wrapped(sentence, width - 2, Tone.WARN, " ")


def run_elsewhere(holder: str, width: int) -> Iterator[Line]:
    """Who else runs the schedules of this workspace, quietly; nothing where this program does."""
    if holder:
        yield from wrapped(f"The schedules are run by {holder}.", width - 2, Tone.DIM, " ")


def _advice(run: RunSummary, mend: str, refused: str, width: int) -> Iterator[Line]:
    """What waits for somebody, with the key to press or, where a run is `refused`, from when it is possible; `mend` is what is
    told to be mended already."""
    told = []
    if run.result is Result.INTERRUPTED:
        told.append(GOES_ON)
    elif run.result in (Result.FAILED, Result.CANCELLED) and run.message and not (mend and run.message.startswith(mend)):
        again = "Press r to run it again." if run.result is Result.FAILED else "Press r: the next run does what is left."
        told.append(f"{full_stop(run.message)} {refused or again}")
    if run.withheld:
        told.append(f"{counted(run.withheld, 'removal is', 'removals are')} withheld. Press enter to look and approve.")
    if run.failed:
        told.append(f"{counted(run.failed, 'person', 'people')} could not be delivered and will join the next run.")
    for sentence in told:
        yield from wrapped(sentence, width - 2, Tone.WARN, " ")


def nothing_yet(*, connected: bool, width: int) -> list[Line]:
    """What an empty workspace says, and the keys to start with."""
    told = (
        "A sync brings people from a module of Zoho Recruit into a mailing list, once or on a schedule, and tells for every "
        "person what happened and why."
    )
    head = [(), line(Span("   Nothing is synced yet.", Tone.STRONG)), (), *wrapped(told, min(width, 78) - 2, indent="   "), ()]
    if connected:
        return [*head, line("   ", Span("n", Tone.KEY), "  define the first sync")]
    return [
        *head,
        line("   ", Span("C", Tone.KEY), "  connect this workspace to Zoho Recruit"),
        line("   ", Span("T", Tone.KEY), "  try it: the demo organisation, without an account"),
        line("   ", Span("n", Tone.KEY), "  define a sync, once there is a connection"),
    ]
