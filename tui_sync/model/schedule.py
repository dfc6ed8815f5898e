"""When a sync is due: once, daily, weekly or monthly, at a local time of its zone.

Every moment that goes in or comes out is aware; those that come out are UTC. A sync is never due before its initiation.
With no time of its own it is due first at its initiation, where that falls on a day of the schedule.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as numbers
from typing import assert_never
from zoneinfo import ZoneInfo

from tui_sync.model.errors import UsageError
from tui_sync.model.sync import WEEKDAYS, Frequency, Schedule
from tui_sync.model.text import visible

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SHORTEST_MONTH = 28
AHEAD = DAY
"""How far something on record may be ahead of now: the clocks of two machines differ, but not by a day."""


def ahead(moment: datetime, now: datetime) -> bool:
    """Whether the moment was noted by a clock that was wrong."""
    return moment - now > AHEAD


def zone_of(schedule: Schedule, zone: ZoneInfo) -> ZoneInfo:
    """The zone in which the schedule's times are: its own, else the organisation's `zone`.

    Raises UsageError where this machine does not know the zone that the schedule names.
    """
    told = unknown_zone(schedule)
    if told:
        raise UsageError(told, "Name one such as Europe/Berlin.")
    return ZoneInfo(schedule.timezone) if schedule.timezone else zone


def unknown_zone(schedule: Schedule) -> str:
    """That this machine does not know the zone of the schedule, which may have been made on another one; empty where it does."""
    try:
        _ = schedule.timezone and ZoneInfo(schedule.timezone)
    except (KeyError, ValueError, OSError):
        return f'The time zone "{visible(schedule.timezone)}" is not known here.'
    return ""


def next_due(schedule: Schedule, *, initiated: datetime, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment strictly after `after` at which the sync is due; None for a one-time sync that was due by then, and where
    this machine does not know the zone of the schedule, which `health.judge` tells.

    `zone` is the organisation's. For a sync that has not run yet pass an `after` before `initiated`. A one-time sync is
    due at its initiation or, with a time, when it is that time first.
    """
    if unknown_zone(schedule):
        return None
    initiated, after, local = initiated.astimezone(UTC), after.astimezone(UTC), zone_of(schedule, zone)
    once = schedule.frequency is Frequency.ONCE
    slots = _slots(schedule, initiated, initiated if once else max(initiated, after), local)
    if once:
        first = next(slots)
        return first if first > after else None
    return next(moment for moment in slots if moment > after)


def following(
    schedule: Schedule, *, initiated: datetime, after: datetime, zone: ZoneInfo, count: int = 5
) -> list[datetime]:
    """The next `count` moments after `after` at which the sync is due, at most one for a one-time sync."""
    moments: list[datetime] = []
    due = next_due(schedule, initiated=initiated, after=after, zone=zone)
    while due is not None and len(moments) < count:
        moments.append(due)
        due = next_due(schedule, initiated=initiated, after=due, zone=zone)
    return moments


def missed(schedule: Schedule, *, initiated: datetime, due: datetime, now: datetime, zone: ZoneInfo) -> int:
    """How many runs were missed by `now` of a sync that was due at `due` and has not run since; at least one."""
    number, moment = 1, next_due(schedule, initiated=initiated, after=due, zone=zone)
    while moment is not None and moment <= now:
        number, moment = number + 1, next_due(schedule, initiated=initiated, after=moment, zone=zone)
    return number


def in_words(schedule: Schedule, zone: ZoneInfo) -> str:
    """The schedule as people read it: "every Monday 09:00 Asia/Kolkata". `zone` is the organisation's."""
    if schedule.frequency is Frequency.ONCE and not schedule.at:
        return "once, at initiation"
    hour = schedule.at or "at the time of initiation,"
    return f"{_days_in_words(schedule)} {hour} {visible(schedule.timezone or str(zone))}"


def _days_in_words(schedule: Schedule) -> str:
    match schedule.frequency:
        case Frequency.ONCE:
            return "once, at"
        case Frequency.DAILY:
            return "every day"
        case Frequency.WEEKLY:
            return f"every {schedule.on.capitalize()}" if schedule.on else "every week on the day of initiation"
        case Frequency.MONTHLY:
            last = " (or the last day)" if schedule.day > SHORTEST_MONTH else ""
            return f"monthly on day {schedule.day}{last}" if schedule.day else "monthly on the day of initiation"


def _slots(schedule: Schedule, initiated: datetime, since: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """All moments from `initiated` on, in order, none left out that is later than `since` (not before `initiated`)."""
    start = initiated.astimezone(zone)
    at = time.fromisoformat(schedule.at) if schedule.at else start.time().replace(second=0, microsecond=0, fold=0)
    # A time within a gap that reaches midnight runs on the following day, so the day before may matter.
    for day in _days(schedule, since.astimezone(zone).date() - DAY, start.date()):
        own = not schedule.at and day == start.date()
        moment = initiated if own else _moment(datetime.combine(day, at), zone)
        if moment >= initiated:
            yield moment


def _days(schedule: Schedule, first: date, initiated: date) -> Iterator[date]:
    """The local days of the schedule from `first` on (monthly: from its month on)."""
    match schedule.frequency:
        case Frequency.WEEKLY:
            weekday = WEEKDAYS.index(schedule.on) if schedule.on else initiated.weekday()
            first += DAY * ((weekday - first.weekday()) % 7)
            yield from (first + DAY * number for number in numbers(0, 7))
        case Frequency.MONTHLY:
            day = schedule.day or initiated.day
            for month in numbers(first.year * 12 + first.month - 1):
                year, index = divmod(month, 12)
                yield date(year, index + 1, min(day, monthrange(year, index + 1)[1]))
        case Frequency.ONCE | Frequency.DAILY:
            yield from (first + DAY * number for number in numbers())
        case _:
            assert_never(schedule.frequency)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clocks first show `wall` (naive, whole minutes), or the next minute where they skip it."""
    while True:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        wall += MINUTE
