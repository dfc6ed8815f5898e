"""A run while it goes on and when it has ended, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.events import Phase
from tui_sync.model.outcomes import LABELS, Result, RunSummary
from tui_sync.model.text import waits
from tui_sync.present.runs import LEARNED_AT_DELIVERY, ignored_rows
from tui_sync.present.words import calls_words, counted, grouped
from tui_sync.present.words import span as long
from tui_sync.ui.present.charts import bar
from tui_sync.ui.present.lines import Line, Span, Tone, beside, line, width_of, wrapped
from tui_sync.ui.present.moments import speed
from tui_sync.ui.present.states import RESULTS, TELLING, result_span
from tui_sync.ui.present.syncs import counts_lines
from tui_sync.ui.runner import Step, Watch

THINGS = {
    Phase.RELATED: ("call", "calls"), Phase.FETCH: ("record", "records"), Phase.PLAN: ("record", "records"),
    Phase.GUARD: ("removal", "removals"),
    Phase.DELIVER: ("person", "people"), Phase.COMMIT: ("step", "steps"),
}  # fmt: skip
NAME = 10
BAR = 34


def end_in_words(watch: Watch) -> tuple[str, Tone]:
    """How a run ended, in one sentence, and how it is to be taken."""
    name, run = watch.sync.name, watch.summary
    if watch.fault or run is None:
        tone = Tone.WARN if watch.result is Result.CANCELLED else Tone.BAD
        return f"{name}: {watch.fault or 'stopped at once; the next run goes on from here.'}", tone
    if watch.kind == "dry run":
        return f"{name}: the dry run has ended. Nothing was changed.", Tone.PLAIN
    told = f"{name}: {_counts_in_words([run])}"
    match run.result:
        case Result.HELD:
            return f"{told}; {counted(run.withheld, 'removal waits', 'removals wait')} for your approval.", Tone.WARN
        case Result.FAILED | Result.CANCELLED:
            return f"{name}: {run.message}", Tone.BAD if run.result is Result.FAILED else Tone.WARN
        case Result.COMPLETED_WITH_ERRORS:
            return f"{told}; {grouped(run.failed)} could not be delivered and will join the next run.", Tone.WARN
    return f"{told}.", Tone.PLAIN


def ends_in_words(watches: Sequence[Watch]) -> tuple[str, Tone]:
    """How runs that were started together ended, in one sentence, and what nobody foresaw in another."""
    runs = [watch.summary for watch in watches if watch.summary is not None]
    bad = [w.sync.name for w in watches if w.summary is None or w.summary.result in (Result.FAILED, Result.CANCELLED)]
    held = [run.sync for run in runs if run.withheld]
    told = f"{counted(len(watches), 'run')} ended: {_counts_in_words(runs)}."
    failed = sum(run.failed for run in runs)
    if failed:
        told += f" {counted(failed, 'person', 'people')} could not be delivered and will join the next run."
    if bad:
        surprise = next((f" {watch.fault}" for watch in watches if watch.unforeseen), "")
        return f"{told} Not completed: {', '.join(bad)}.{surprise}", Tone.BAD
    if held:
        return f"{told} Removals wait for your approval: {', '.join(held)}.", Tone.WARN
    return told, Tone.WARN if failed else Tone.PLAIN


def _counts_in_words(runs: Sequence[RunSummary]) -> str:
    """"42 new, 1 re-added, 731 duplicate, 38 ignored, 6 deleted": zeros but that of new are left out, so that all but the last
    come to the total."""
    parts = []
    for status in ("new", "re_added", "duplicate", "ignored", "deleted"):
        number = sum(getattr(run.counts, status) for run in runs)
        if number or status == "new":
            parts.append(f"{grouped(number)} {LABELS[status].lower()}")
    return ", ".join(parts)


def run_lines(watch: Watch, now: datetime, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """A run as it goes on: its phases, what it waits for, its counts; at the end what came of it."""
    yield from _phases(watch, now, zone, width)
    yield ()
    if watch.live is not None and watch.live.counts.total + watch.live.counts.deleted:
        yield from counts_lines(watch.live, width)
        yield from beside((f"{label} {grouped(number)}" for label, number in ignored_rows(watch.live)), width, Tone.DIM, "   ")
        yield ()
    if watch.ended:
        yield from _ended(watch, width)
    elif watch.cancelling:
        yield line(Span("   It stops after the present person.", Tone.WARN))
    elif watch.price is not None:
        calls, credits = counted(watch.price.calls, "call"), counted(watch.price.credits, "API credit")
        told = f"{watch.price.why} That takes {calls} to Recruit and {credits} of the day's allowance. Is it worth that?"
        yield from wrapped(told, width - 4, Tone.WARN, "   ")
        yield line("   ", Span("a", Tone.KEY), "  make the calls")
        yield line("   ", Span("c", Tone.KEY), "  end the run; nothing is changed")
    else:
        yield line(Span("   Leaving this screen does not stop the run.", Tone.DIM))


def _phases(watch: Watch, now: datetime, zone: ZoneInfo, width: int) -> Iterator[Line]:
    begun = {step.phase: step for step in watch.steps}
    phases = (Phase.RELATED, Phase.FETCH, Phase.PLAN, Phase.GUARD) if watch.kind == "dry run" else tuple(Phase)
    if watch.kind in ("approval", "retry"):
        phases = (Phase.DELIVER,)
    if watch.waiting and not begun and watch.price is None:
        yield from wrapped(_wait(watch, now, zone), width - 4, Tone.WARN, "   ")
    for phase in phases:
        step = begun.get(phase)
        if phase is Phase.RELATED and step is None:
            continue
        name = phase.capitalize().ljust(NAME)
        if step is None:
            yield line(Span(f"   {name}", Tone.DIM))
        elif step.seconds is not None:
            glyph, told = _outcome(watch, step)
            yield line(" ", glyph, f" {name}", told, Span(f", {long(step.seconds)}", Tone.DIM))
        else:
            yield _under_way(step, name, width, waits=bool(watch.waiting))
            if watch.waiting and watch.price is None:
                yield from wrapped(_wait(watch, now, zone), width - NAME - 4, Tone.WARN, " " * (NAME + 3))


def _outcome(watch: Watch, step: Step) -> tuple[Span, str]:
    """How a phase ended, and what was done in it; the one in which the run broke off was not brought to its end."""
    result = watch.result
    if step is not watch.steps[-1] or result not in TELLING:
        return Span("✓", Tone.GOOD), _done(step)
    if step.total:
        told = f"{grouped(step.done)} of {grouped(step.total)}"
    else:
        told = counted(step.done, *THINGS[step.phase]) if step.done else str(result)
    glyph, tone = RESULTS[result]
    return Span(glyph, tone), told


def _done(step: Step) -> str:
    things = THINGS[step.phase]
    if step.phase is Phase.GUARD:
        return f"{counted(step.total, 'removal')} looked at" if step.total else "nothing to hold"
    if step.phase is Phase.COMMIT:
        return "done"
    number = max(step.done, step.total or 0) if step.phase is Phase.PLAN else step.done
    return counted(number, *things) if number else "nothing to do"


def _under_way(step: Step, name: str, width: int, *, waits: bool) -> Line:
    """A phase that goes on: how far it is, how fast, how long yet; before its first one and while it waits it has no rate."""
    head = (Span(" "), Span("▸", Tone.ACCENT), Span(f" {name}", Tone.STRONG))
    things = THINGS[step.phase]
    if not step.total:
        return line(*head, counted(step.done, *things) if step.done else "")
    left = step.left()
    until = f"  {long(left)} left" if left is not None else ""
    pace = f"  {speed(step.rate())}" if step.done and not waits else ""
    rest = f"  {grouped(step.done)} of {grouped(step.total)}{pace}{until}"
    room = max(8, min(BAR, width - NAME - 4 - len(rest)))
    return line(*head, *bar(step.done / step.total, room), rest)


def _wait(watch: Watch, now: datetime, zone: ZoneInfo) -> str:
    left = f" ({long(max(0.0, (watch.until - now).total_seconds()))} left)" if watch.until is not None else ""
    return waits(watch.waiting, watch.until, zone, left)


def _ended(watch: Watch, width: int) -> Iterator[Line]:
    run = watch.summary
    if watch.fault:
        yield from wrapped(watch.fault, width - 4, end_in_words(watch)[1], "   ")
        return
    if run is None:
        yield line(Span("   It was stopped at once; the next run goes on from here.", Tone.WARN))
        return
    if watch.kind == "dry run":
        yield from _foreseen(watch, run, width)
    else:
        told = f"run {run.id}, {calls_words(run)}"
        whole = line("   ", result_span(run.result), f"   {told}")
        if width_of(whole) < width:
            yield whole
        else:
            yield line("   ", result_span(run.result))
            yield from wrapped(told, width - 4, indent="   ")
    for sentence in (run.message, *run.notes):
        if sentence:
            yield from wrapped(sentence, width - 4, Tone.WARN, "   ")


def _foreseen(watch: Watch, run: RunSummary, width: int) -> Iterator[Line]:
    yield line(Span("   Nothing was changed.", Tone.STRONG))
    told = f"It fetched {'everything' if run.full else 'changes'}: {run.why}."
    yield from wrapped(told, width - 4, Tone.PLAIN, "   ")
    told = (
        f"A run now would make {counted(watch.calls_foreseen, 'write call')} at the hub; this dry run took {calls_words(run)}. "
        f"{watch.long and f'{watch.long} '}{LEARNED_AT_DELIVERY}"
    )
    yield from wrapped(told, width - 4, Tone.PLAIN, "   ")
    if run.withheld:
        yield from wrapped(f"{counted(run.withheld, 'removal')} would be withheld for approval.", width - 4, Tone.WARN, "   ")
