"""Times, spans and numbers as people read them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tui_sync.model.outcomes import RunSummary
from tui_sync.model.text import counted as counted
from tui_sync.model.text import grouped as grouped

MINUTE, HOUR = 60, 3600


def moment(when: datetime | None, zone: ZoneInfo) -> str:
    """A moment in the organisation's time zone; empty for none."""
    return "" if when is None else f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def dated(day: date, *, year: bool = False) -> str:
    """A day: "7 Dec", "7 Dec 2026"."""
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def weekday(day: date) -> str:
    """A day with its week day: "Mon 7 Dec"."""
    return f"{day:%a} {dated(day)}"


def slot(local: datetime, now: datetime) -> str:
    """A minute in the zone that it comes in: "Mon 7 Dec 09:00"; the year, where it is another one, stands in place of the week
    day, so that two zones fit beside one another."""
    same = local.year == now.astimezone(local.tzinfo).year
    return f"{weekday(local) if same else dated(local, year=True)} {local:%H:%M}"


def span(seconds: float) -> str:
    """A length of time: 0.4 s, 8 s, 3 min 20 s, 2 h 5 min."""
    if round(seconds, 1) < 1:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def calls_words(run: RunSummary) -> str:
    """What a run cost: "5 calls to Recruit, 43 to the hub, 15 credits"; runs of old have no credits on record."""
    cost = f", {counted(run.credits, 'credit')}" if run.credits else ""
    return f"{counted(run.calls.recruit, 'call')} to Recruit, {grouped(run.calls.hub)} to the hub{cost}"


def happening(name: str) -> str:
    """What happens on a day of the demo organisation, by its name there: `address_changes` is address changes."""
    return {"opt_outs": "opt-outs", "made_permanent": "deleted for good"}.get(name, name.replace("_", " "))
