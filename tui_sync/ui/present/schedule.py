"""The schedule as it is typed, what is wrong with it, and when the sync will run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tui_sync.model.definitions.checks import schedule_flaws, zone_of
from tui_sync.model.schedule import SHORTEST_MONTH, following
from tui_sync.model.sync import WEEKDAYS, Frequency, Schedule, times_differ
from tui_sync.model.text import visible
from tui_sync.present.words import slot
from tui_sync.ui.present.lines import Line, Span, Tone, line, pad
from tui_sync.ui.present.moments import distance
from tui_sync.ui.present.options import Option

ALL, AFTER = "all", "after"
FREQUENCIES = [Option(value.value, value.value) for value in Frequency]
DAYS = [Option(day, day[:3].capitalize()) for day in WEEKDAYS]
DATA = [Option(ALL, "all"), Option(AFTER, "added or modified after")]

LONGEST_MONTH = 31
WIDEST = 21
"""Cells of a moment with its year, the most that a column of the runs ahead gets."""
RUNS = 5
"""Runs ahead that are shown."""
_SHORT_HOUR = re.compile(r"[0-9]:[0-5][0-9]")
_DIGITS = re.compile(r"[0-9]{1,2}")


_REGIONS = frozenset({
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
})  # fmt: skip


def zones(names: Iterable[str]) -> list[str]:
    """Names of time zones to choose from: UTC, then regions with their cities; those of old, which few mean, come last."""

    def rank(name: str) -> tuple[bool, bool, str]:
        return name not in ("UTC", "Etc/UTC"), name.partition("/")[0] not in _REGIONS, name

    return sorted((name for name in names if name != "localtime"), key=rank)


class Typed(NamedTuple):
    """A schedule as it stands in the form: everything that is typed as text. `limited`: data after a moment only."""

    frequency: Frequency
    on: str
    day: str
    at: str
    timezone: str
    limited: bool
    after: str


def typed(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Typed:
    """A schedule as the form shows it; week day and day of the month are today's where it has none."""
    own = (zone_of(schedule.timezone) if schedule.timezone else None) or zone
    today = now.astimezone(own)
    return Typed(
        frequency=schedule.frequency,
        on=schedule.on or WEEKDAYS[today.weekday()],
        day=str(schedule.day or today.day),
        at=schedule.at,
        timezone=schedule.timezone,
        limited=schedule.after is not None,
        after=_floor(schedule.after, own) if schedule.after is not None else "",
    )


def as_typed(form: Typed) -> dict[str, str]:
    """What stands in the form, to be kept although something is wrong with it."""
    return {**form._asdict(), "frequency": form.frequency.value, "limited": "yes" if form.limited else ""}


def retyped(kept: Mapping[str, str], form: Typed) -> Typed:
    """The form with what was kept of it."""
    texts = {name: kept[name] for name in ("on", "day", "at", "timezone", "after") if name in kept}
    frequency = Frequency(kept.get("frequency", form.frequency.value))
    return form._replace(frequency=frequency, limited=bool(kept.get("limited", "")), **texts)


def mistake(kept: Mapping[str, str], schedule: Schedule, zone: ZoneInfo, now: datetime) -> str:
    """What is wrong with a form that was kept; empty where nothing was."""
    return next(iter(mistakes(retyped(kept, typed(schedule, zone, now)), zone).values()), "") if kept else ""


def _floor(after: datetime, zone: ZoneInfo) -> str:
    try:
        local = after.astimezone(zone).replace(tzinfo=None)
    except OverflowError:  # the first or last hours of all years: there is no such moment in the zone
        return after.astimezone(UTC).isoformat()
    return local.isoformat(sep=" ", timespec="auto" if local.second or local.microsecond else "minutes")


def mistakes(form: Typed, zone: ZoneInfo) -> dict[str, str]:
    """Field of `Typed` -> what is wrong with it, one sentence each; only fields that matter for the frequency."""
    found: dict[str, str] = {}
    monthly = form.frequency is Frequency.MONTHLY
    day = form.day.strip()
    if monthly and not (_DIGITS.fullmatch(day) and 1 <= int(day) <= LONGEST_MONTH):
        found["day"] = "Type a day of the month, 1 to 31."
    flaws = schedule_flaws(
        form.frequency, on=form.on if form.frequency is Frequency.WEEKLY else None,
        day=int(day) if monthly and "day" not in found else 1 if monthly else None,
        at=_clock(form.at) or None, timezone=form.timezone.strip() or None,
    )  # fmt: skip
    for flaw in flaws:
        said = visible(flaw.problem[:1].upper() + flaw.problem[1:])
        found.setdefault(flaw.key, f"{said}. {flaw.hint}".rstrip())
    if form.limited and _moment(form.after, zone_of(form.timezone.strip()) or zone) is None:
        found["after"] = 'Type a date and time, such as "2026-01-31 09:00".'
    return found


def _clock(text: str) -> str:
    """The time of day with two digits for the hour."""
    text = text.strip()
    return f"0{text}" if _SHORT_HOUR.fullmatch(text) else text


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A date, or date and time, in the zone unless it has an offset of its own; None where it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def schedule_of(form: Typed, zone: ZoneInfo) -> Schedule | None:
    """The schedule that is typed; None while something is wrong with it. `zone` is the organisation's."""
    if mistakes(form, zone):
        return None
    return Schedule(
        frequency=form.frequency,
        on=form.on if form.frequency is Frequency.WEEKLY else "",
        day=int(form.day) if form.frequency is Frequency.MONTHLY else 0,
        at=_clock(form.at),
        timezone=form.timezone.strip(),
        after=_moment(form.after, zone_of(form.timezone.strip()) or zone) if form.limited else None,
    )


def hints(form: Typed, zone: ZoneInfo) -> dict[str, str]:
    """Field of `Typed` -> what a person should know of a value that is right."""
    own = zone_of(form.timezone.strip()) or zone
    once = form.frequency is Frequency.ONCE
    told = {"at": "in the time zone below" if form.at.strip() else "empty: at once" if once else "empty: when initiated",
            "timezone": "enter: choose", "after": f"in {own.key} unless it has an offset"}  # fmt: skip
    if _DIGITS.fullmatch(form.day.strip()) and int(form.day) > SHORTEST_MONTH:
        told["day"] = "in short months the last day"
    return told


def next_runs(
    schedule: Schedule | None, *, initiated: datetime | None, now: datetime, zone: ZoneInfo, before: Schedule | None = None
) -> Iterator[Line]:
    """The next five runs in the sync's zone and in `zone`, the viewer's; of a sync not `initiated`, and of a one-time one that
    had other times `before`, as if it were now."""
    if schedule is None:
        yield line(Span("They stand here once everything above is right.", Tone.DIM))
        return
    at_once = "at initiation" if initiated is None else "at once"
    if before is not None and schedule.frequency is Frequency.ONCE and times_differ(before, schedule):
        initiated = None
    start = initiated or now
    after = now if initiated is not None else now - timedelta(minutes=1)
    runs = following(schedule, initiated=start, after=after, zone=zone, count=RUNS)
    own = (zone_of(schedule.timezone) if schedule.timezone else None) or zone
    if not runs:
        yield line("None: a one-time sync is due once.")
        return
    same = all(due.astimezone(own).utcoffset() == due.astimezone(zone).utcoffset() for due in runs)
    zones = [own] if same else [own, zone]
    rows = [[each.key for each in zones], *([slot(due.astimezone(each), now) for each in zones] for due in runs)]
    wide = min(WIDEST, max(len(cell) for row in rows for cell in row))
    remarks = ["", *(_remark(due, own, schedule, now, zone) or at_once for due in runs)]
    for row, remark in zip(rows, remarks, strict=True):
        told = "".join(f"{pad(cell, wide)}  " for cell in row)
        yield line(Span(told, Tone.PLAIN if remark else Tone.DIM), Span(remark, Tone.DIM))


def _remark(due: datetime, own: ZoneInfo, schedule: Schedule, now: datetime, zone: ZoneInfo) -> str:
    if schedule.at and f"{due.astimezone(own):%H:%M}" != schedule.at:
        return f"no {schedule.at} that day"
    return "" if not schedule.at and due <= now else distance(due, now, zone)
