"""Moments as people say them: relative within a week, absolute after."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SOON = 7
"""Days for which a week day says which day is meant."""


def when(moment: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """"today 09:00", "Mon 09:00", "12 Nov", "12 Nov 2024"; a hyphen for none."""
    if moment is None:
        return "-"
    local, here = moment.astimezone(zone), now.astimezone(zone)
    days = (local.date() - here.date()).days
    if days == 0:
        return f"today {local:%H:%M}"
    if days == -1:
        return f"yesterday {local:%H:%M}"
    if days == 1:
        return f"tomorrow {local:%H:%M}"
    if abs(days) < SOON:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}" if local.year == here.year else f"{local.day} {local:%b %Y}"


def day(moment: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """The same in one word: "09:00" today, "tomorrow", "Mon", "12 Nov"; a hyphen for none."""
    if moment is None:
        return "-"
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 0:
        return f"{moment.astimezone(zone):%H:%M}"
    if days == 1:
        return "tomorrow"
    said = when(moment, now, zone)
    return said.partition(" ")[0] if 0 < days < SOON else said


def distance(moment: datetime, now: datetime) -> str:
    """How far away a moment is: "in 3 days", "in 2 h", "5 min ago"."""
    seconds = (moment - now).total_seconds()
    amount = abs(seconds)
    for size, word in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if amount >= size:
            number = int(amount // size)
            plural = "s" if word == "day" and number > 1 else ""
            said = f"{number} {word}{plural}"
            return f"in {said}" if seconds > 0 else f"{said} ago"
    return "now"
