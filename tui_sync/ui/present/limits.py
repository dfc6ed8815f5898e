"""The limits as a screen: used and allowed with bars, who waits, the days to come as a chart and in words, what runs cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui_sync.model.forecast import Day
from tui_sync.model.limits import next_day, next_month
from tui_sync.present.limits import forecast_words
from tui_sync.present.words import counted, dated, grouped, slot
from tui_sync.services.forecast import Outlook
from tui_sync.ui.present.charts import LEVELS, bar
from tui_sync.ui.present.columns import Column, fit, natural, table_line
from tui_sync.ui.present.lines import Line, Span, Tone, line, span, wrapped
from tui_sync.ui.present.moments import distance, when

NAME = 10
BAR = 22
SPARE = 68
"""Cells from which a day of the chart has a blank beside it."""
COUNTS = (
    ("Initiating a sync counts for the month and for the day, and takes a place. A sync counts once a day, however often it is"
     " initiated or run on it."),
    ("Dry runs, edits, drafts, retrying, approving and going on with an interrupted run are free. Taking a sync up again needs a"
     " place only. A one-time sync gives its place back when it is completed. Deactivating gives back the place, neither month"
     " nor day."),
)  # fmt: skip
RUNS = (Column("Run", 3, 8, right=True), Column("Sync", 10, 40), Column("Started", 11, 18), Column("Credits", 7, 9, right=True))


def limits_lines(outlook: Outlook, width: int) -> Iterator[Line]:
    """The whole screen in `width` cells."""
    yield from _used(outlook, width)
    yield from _queued(outlook, width)
    yield ()
    yield from _ahead(outlook, width)
    yield ()
    for place, told in enumerate(COUNTS):
        yield from _named("Counting" if not place else "", told, width)
    yield ()
    yield from _credits(outlook, width)


def _used(outlook: Outlook, width: int) -> Iterator[Line]:
    now, limits, used = outlook.quota, outlook.quota.limits, outlook.quota.used
    ends = (next_month(now.now, now.zone), next_day(now.now, now.zone))
    month, day = (f"until {_moment(at, outlook, width)}" for at in ends)
    left = max(0, limits.active - used.active)
    free = f"{left} free, {now.waiting} queued" if now.waiting else f"{left} free"
    rows = (
        ("Month", used.month, limits.month, month, f"syncs initiated in {now.now.astimezone(now.zone):%B %Y}"),
        ("Today", used.day, limits.day, day, "different syncs initiated or run today"),
        ("Active", used.active, limits.active, free, "syncs that have a place"),
    )
    for name, number, limit, until, what in rows:
        tone = Tone.WARN if number >= limit else Tone.STRONG
        share = [part._replace(tone=Tone.WARN) if number >= limit and part.tone is Tone.ACCENT else part
                 for part in bar(number / max(1, limit), BAR if width >= SPARE else BAR // 2)]  # fmt: skip
        yield line(Span(f" {name:{NAME}}", Tone.DIM), *share, "  ", Span(f"{number}", tone), f" of {limit}  ", Span(until))
        yield from _named("", what, width, Tone.DIM)
    yield from _named("", f"Days and months are those of {now.zone.key}.", width, Tone.DIM)


def _moment(at: datetime, outlook: Outlook, width: int) -> str:
    local = at.astimezone(outlook.quota.zone)
    away = f" ({distance(at, outlook.quota.now, outlook.quota.zone)})" if width >= SPARE else ""
    return f"{slot(local, outlook.quota.now)}{away}"


def _queued(outlook: Outlook, width: int) -> Iterator[Line]:
    if outlook.queued:
        yield ()
    for place, (sync, start) in enumerate(outlook.queued):
        told = f"{sync.name} becomes active {_moment(start, outlook, width)}"
        yield from _named("Queued" if not place else "", told, width)


def _ahead(outlook: Outlook, width: int) -> Iterator[Line]:
    days, limit = outlook.forecast.days, outlook.quota.limits.day
    gap = " " if width >= SPARE else ""
    most = max(limit, *(day.due for day in days))
    yield line(Span(f" {'Ahead':{NAME}}", Tone.DIM), f"syncs a day for the next {len(days)} days, {limit} fill a day")
    indent = " " * 3
    yield (Span(indent), *(_column(day, most, limit, gap) for day in days))
    yield (Span(indent), *(Span(f"{day.date:%a}"[0] + gap, Tone.STRONG if day.date.weekday() == 0 else Tone.DIM) for day in days))
    yield (Span(indent + _mondays(days, 1 + len(gap)), Tone.DIM),)
    for told in forecast_words(outlook):
        yield from wrapped(told, width - 4, Tone.WARN if "deferred" in told else Tone.PLAIN, "   ")


def _column(day: Day, most: int, limit: int, gap: str) -> Span:
    """One day of the chart; one that is too full stands out, an empty one is a dot."""
    if not day.due:
        return Span(f"·{gap}", Tone.DIM)
    level = LEVELS[max(0, round(day.due / most * len(LEVELS)) - 1)]
    return Span(level + gap, Tone.WARN if day.due > limit else Tone.ACCENT)


def _mondays(days: Sequence[Day], cells: int) -> str:
    """The dates of the Mondays, each below its own letter."""
    text = ""
    for place, day in enumerate(days):
        if day.date.weekday() == 0 and len(text) <= place * cells:
            text = text.ljust(place * cells) + f"{dated(day.date)} "
    return text.rstrip()


def _credits(outlook: Outlook, width: int) -> Iterator[Line]:
    if not outlook.runs:
        yield from _named("Last runs", "None yet. Each will stand here with the credits that it cost at Recruit.", width)
        return
    now = outlook.quota
    total = counted(sum(run.credits for run in outlook.runs), "credit")
    yield line(Span(f" {'Last runs':{NAME}}", Tone.DIM), f"{total} of Recruit's API together")
    rows = [
        (Span(run.id), span(run.sync), Span(when(run.started, now.now, now.zone)), Span(grouped(run.credits)))
        for run in outlook.runs
    ]
    sizes = fit(RUNS, natural(RUNS, rows), width - 4)
    yield from ((Span("   "), *table_line(RUNS, sizes, row)) for row in rows)


def _named(name: str, text: str, width: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    for place, (part,) in enumerate(wrapped(text, width - NAME - 2, tone)):
        yield Span(f" {name if not place else '':{NAME}}", Tone.DIM), part
