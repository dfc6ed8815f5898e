"""The limits: JSON, names and values, and the forecast in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from tui_sync.model.forecast import Day, weekly
from tui_sync.model.limits import next_day, next_month, said
from tui_sync.model.sync import WEEKDAYS
from tui_sync.present.words import counted, grouped, weekday
from tui_sync.services.forecast import Outlook

MOST_DAYS = 3
"""Single days over the limit that are named."""


def limits_object(outlook: Outlook) -> dict[str, object]:
    """The limits as JSON; `until` is when a count begins anew, `due` how many syncs count for each of the next days."""
    now, used = outlook.quota, outlook.quota.used
    return {
        "timezone": now.zone.key,
        "month": {
            "used": used.month, "limit": now.limits.month, "until": next_month(now.now, now.zone).isoformat(),
            "ends_at": outlook.forecast.month,
        },
        "day": {"used": used.day, "limit": now.limits.day, "until": next_day(now.now, now.zone).isoformat()},
        "active": {"used": used.active, "limit": now.limits.active, "queued": now.waiting},
        "queued": [{"sync": sync.name, "starts": start.astimezone(now.zone).isoformat()} for sync, start in outlook.queued],
        "due": [{"date": day.date.isoformat(), "syncs": day.due} for day in outlook.forecast.days],
        "credits": [{"run": run.id, "sync": run.sync, "credits": run.credits} for run in outlook.runs],
    }  # fmt: skip


def limits_fields(outlook: Outlook) -> list[tuple[str, str | int | None]]:
    """The limits in words: names and values, one a line."""
    now, used = outlook.quota, outlook.quota.used
    waiting = f", {now.waiting} of them queued" if now.waiting else ""
    lines: list[tuple[str, str | int | None]] = [
        ("Month", f"{used.month} of {now.limits.month} initiated, until {said(next_month(now.now, now.zone), now.zone)}"),
        ("Today", f"{used.day} of {now.limits.day} initiated or run, until {said(next_day(now.now, now.zone), now.zone)}"),
        ("Active", f"{used.active} of {now.limits.active}{waiting}"),
    ]
    lines += [("Queued", f"{sync.name}, active on {said(start, now.zone)}") for sync, start in outlook.queued]
    lines += [("Forecast", sentence) for sentence in forecast_words(outlook)]
    lines += [("Credits", f"run {run.id} of {run.sync}: {grouped(run.credits)}") for run in outlook.runs]
    return lines


def forecast_words(outlook: Outlook) -> Iterator[str]:
    """What the month ends at, which days are too full, else how full the fullest to come is: what counts for today may have run
    by hand. A sentence each."""
    limits, forecast = outlook.quota.limits, outlook.forecast
    yield f"At the current schedules the month ends at {forecast.month} of {limits.month}."
    weekdays, single = weekly(forecast, limits.day)
    deferred = f"what is beyond {limits.day} is deferred to the day after."
    if len(weekdays) == len(WEEKDAYS):
        yield f"Every day up to {max(weekdays.values())} are due: {deferred}"
    elif weekdays:
        told = _listed([f"{WEEKDAYS[number].capitalize()}s {due}" for number, due in weekdays.items()])
        yield f"On {told} are due: {deferred}"
    if single:
        more = f" and {counted(len(single) - MOST_DAYS, 'more day')}" if len(single) > MOST_DAYS else ""
        told = _listed([f"{weekday(day.date)} {day.due}" for day in single[:MOST_DAYS]])
        yield f"On {told}{more} are due: {deferred}"
    if not weekdays and not single:
        yield _fullest(forecast.days[1:], limits.day)


def _fullest(days: tuple[Day, ...], limit: int) -> str:
    fullest = max(days, key=lambda day: day.due)
    if not fullest.due:
        return f"Nothing is due in the {len(days)} days after today."
    return f"No day of the {len(days)} days after today has more than {fullest.due} of {limit} due."


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
