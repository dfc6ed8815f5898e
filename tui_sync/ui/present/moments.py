"""Moments as people say them: relative within a week, absolute after."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from tui_sync.present.words import dated, grouped

SOON = 7
"""Days for which a week day says which day is meant."""
HALF_A_YEAR = 182
"""Days up to which a day without its year is the nearest one of that name."""
SLOW = 2
"""Things a second below which they are counted by the minute."""


def when(moment: datetime | None, now: datetime, zone: ZoneInfo, *, brief: bool = False) -> str:
    """"today 09:00", "yesterday 09:00", where it is to be `brief` "Sun 09:00", "Mon 09:00", "12 Nov", "12 Nov 2024"; a hyphen for
    none."""
    if moment is None:
        return "-"
    local, here = moment.astimezone(zone), now.astimezone(zone)
    days = (local.date() - here.date()).days
    if days == 0:
        return f"today {local:%H:%M}"
    if days == -1 and not brief:
        return f"yesterday {local:%H:%M}"
    if days == 1 and not brief:
        return f"tomorrow {local:%H:%M}"
    if abs(days) < SOON:
        return f"{local:%a %H:%M}"
    return dated(local, year=local.year != here.year)


def day(moment: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """The same in one short word: "09:00" today, "Mon" within a week, "12 Nov" within half a year, also across its turn,
    "12 Nov 2024"; a hyphen for none."""
    if moment is None:
        return "-"
    local = moment.astimezone(zone)
    days = abs((local.date() - now.astimezone(zone).date()).days)
    if days < SOON:
        return f"{local:%a}" if days else f"{local:%H:%M}"
    return dated(local, year=days > HALF_A_YEAR)


def here(moment: datetime, own: tzinfo, zone: tzinfo | None) -> str:
    """A moment of the zone `own` where it is read, in `zone` (None: this machine's): ", 04:30 here", on another day
    ", Sun 23:30 here"; empty where both go by the same time."""
    local, there = moment.astimezone(zone), moment.astimezone(own)
    if local.utcoffset() == there.utcoffset():
        return ""
    return f", {local:%H:%M} here" if local.date() == there.date() else f", {local:%a %H:%M} here"


def briefly(seconds: float) -> str:
    """A length of time in its greatest unit: "42 s", "2 min", "3 h"."""
    whole = round(seconds)
    for size, word in ((3_600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {word}"
    return f"{whole} s"


def speed(rate: float) -> str:
    """Things a second, slow ones by the minute: "120/s", "95/min"."""
    return f"{grouped(round(rate))}/s" if rate >= SLOW else f"{grouped(round(rate * 60))}/min"


def distance(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """How far away a moment is: "in 3 days", "in 2 h", "in 45 s", "5 min ago"; "now" for one that has just passed. Days are
    those of the calendar in the zone, so that a Friday is seven from the one before at any time of day; all else is rounded."""
    seconds = (moment - now).total_seconds()
    amount = abs(seconds)
    for size, smaller, word in ((86_400, 3_600, "day"), (3_600, 60, "h"), (60, 1, "min")):
        if int(amount / smaller + 0.5) * smaller >= size:
            days = abs((moment.astimezone(zone).date() - now.astimezone(zone).date()).days)
            number = max(1, days) if word == "day" else int(amount / size + 0.5)
            plural = "s" if word == "day" and number > 1 else ""
            said = f"{number} {word}{plural}"
            return f"in {said}" if seconds > 0 else f"{said} ago"
    return f"in {round(seconds)} s" if seconds >= 1 else "now"
