"""What the schedules will use of the limits in the days to come: pure, from the moments at which syncs are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAYS = 31
"""Days that are looked ahead, the present one included."""
WEEK = 7


class Day(msgspec.Struct, frozen=True):
    """A day of the organisation's time zone, and how many different syncs count for it."""

    date: date
    due: int


class Forecast(msgspec.Struct, frozen=True):
    """`month` is what the present month ends at: the initiations charged, and the queued ones that it still lets in."""

    month: int
    days: tuple[Day, ...]


def foresee(
    initiated: int, counted: Iterable[str], due: Mapping[str, Sequence[datetime]], starting: Mapping[str, datetime],
    now: datetime, zone: ZoneInfo,
) -> Forecast:
    """The next `DAYS` days.

    `initiated`: charged this month; `counted`: syncs that count for today already; `due`: when each sync runs, from `now` on;
    `starting`: when each queued one becomes active, for which it counts too.
    """
    today = now.astimezone(zone).date()
    syncs: list[set[str]] = [set() for _ in range(DAYS)]
    syncs[0].update(counted)
    moments = [(sync, moment) for sync, found in due.items() for moment in found]
    for sync, moment in (*moments, *starting.items()):
        place = (moment.astimezone(zone).date() - today).days
        if 0 <= place < DAYS:
            syncs[place].add(sync)
    entering = [start.astimezone(zone).date() for start in starting.values()]
    month = initiated + sum((day.year, day.month) == (today.year, today.month) for day in entering)
    return Forecast(month, tuple(Day(today + timedelta(place), len(found)) for place, found in enumerate(syncs)))


def weekly(forecast: Forecast, limit: int) -> tuple[dict[int, int], list[Day]]:
    """The days over the limit told shortly: week days (0 is Monday) that are over it each time, with the most syncs of one
    such day, and the other days one by one. Today stands by itself: what ran today by hand counts for it only."""
    later, weekdays, single = forecast.days[1:], dict[int, int](), []
    for number in range(WEEK):
        days = [day for day in later if day.date.weekday() == number]
        over = [day for day in days if day.due > limit]
        if over and len(over) == len(days):
            weekdays[number] = max(day.due for day in over)
        else:
            single += over
    single += [day for day in forecast.days[:1] if day.due > limit and day.date.weekday() not in weekdays]
    return weekdays, sorted(single, key=lambda day: day.date)
