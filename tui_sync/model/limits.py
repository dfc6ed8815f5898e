"""The limits of the service for one organisation: each rule once, values in, verdict out.

Days and months are those of the organisation's time zone. A sync counts once a day, however often it runs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

MONTH = 50
"""Syncs initiated in one month of the organisation's time zone."""
DAY = 10
"""Different syncs initiated or run on one of its days."""
ACTIVE = 10
"""Syncs active or queued at one time."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation's plan allows: syncs initiated a month, initiated or run a day, active at a time. At least 1 each."""

    month: int = MONTH
    day: int = DAY
    active: int = ACTIVE


class Limit(StrEnum):
    """Which of the limits."""

    MONTH = "month"
    ACTIVE = "active"
    DAY = "day"


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What is used: initiations this month, different syncs initiated or run today, syncs active or queued now."""

    month: int = 0
    day: int = 0
    active: int = 0


def of_initiation(limits: Limits, used: Used, *, counted: bool = False) -> Limit | None:
    """What stands in the way of an initiation now, in the order in which the limits are checked; None: nothing.

    The month and the places refuse it, the day has it queued. `counted`: the sync counts for today already.
    """
    if used.month >= limits.month:
        return Limit.MONTH
    return of_activation(limits, used) or of_run(limits, used, counted=counted)


def of_activation(limits: Limits, used: Used) -> Limit | None:
    """What stands in the way of taking a sync up again that was initiated before: it needs a place and costs nothing."""
    return Limit.ACTIVE if used.active >= limits.active else None


def of_run(limits: Limits, used: Used, *, counted: bool) -> Limit | None:
    """What stands in the way of a run today: a sync that counts for today already may run as often as it likes."""
    return Limit.DAY if used.day >= limits.day and not counted else None


def of_promotion(limits: Limits, used: Used) -> Limit | None:
    """What keeps a queued sync, which has its place and has not run today, from becoming active now."""
    return Limit.MONTH if used.month >= limits.month else of_run(limits, used, counted=False)


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins, in `zone`."""
    return _begin(now.astimezone(zone).date() + timedelta(days=1), zone)


def next_month(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next month begins, in `zone`."""
    today = now.astimezone(zone).date()
    return _begin(date(today.year + today.month // 12, today.month % 12 + 1, 1), zone)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    # By way of UTC: where the clocks skip midnight, the day begins with the first minute that they show.
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def starts(limits: Limits, used: Used, waiting: int, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """When each of so many queued syncs becomes active, the oldest first, if nobody else takes the days before them."""
    return list(islice(_openings(limits, used, now, zone), waiting))


def _openings(limits: Limits, used: Used, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments at which one more sync may become active, without end."""
    month, day, at = used.month, used.day, now
    while True:
        if month >= limits.month:
            at, month, day = next_month(at, zone), 0, 0
        elif day >= limits.day:
            following = next_day(at, zone)
            month = month if following.month == at.astimezone(zone).month else 0
            at, day = following, 0
        else:
            month, day = month + 1, day + 1
            yield at


def said(moment: datetime, zone: ZoneInfo) -> str:
    """A moment from which something is possible, as sentences have it: in the organisation's zone, which is named."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def reason(limit: Limit, limits: Limits, now: datetime, zone: ZoneInfo) -> str:
    """That a limit is used up, in one sentence."""
    local = now.astimezone(zone)
    match limit:
        case Limit.MONTH:
            return _every(limits.month, f"initiation of {local:%B %Y}", f"initiations of {local:%B %Y}", "used")
        case Limit.ACTIVE:
            return _every(limits.active, "place of active syncs", "places of active syncs", "taken")
        case Limit.DAY:
            return _every(limits.day, f"sync of today, {local:%Y-%m-%d},", f"syncs of today, {local:%Y-%m-%d},", "used")


def _every(number: int, one: str, many: str, done: str) -> str:
    return f"The only {one} is {done}." if number == 1 else f"All {number} {many} are {done}."


def until(limit: Limit, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment from which a limit is free again; None for the places, which only somebody frees."""
    match limit:
        case Limit.MONTH:
            return next_month(now, zone)
        case Limit.DAY:
            return next_day(now, zone)
        case Limit.ACTIVE:
            return None
