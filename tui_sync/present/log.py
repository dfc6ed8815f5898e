"""Lines of the log as rows and JSON."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.workspace import Level, LogLine

LOG_HEADER = ("When", "Who", "From", "Level", "What")


def log_moment(line: LogLine, zone: ZoneInfo) -> str:
    """When it was, in the organisation's time zone, to the second."""
    return f"{datetime.fromisoformat(line.at).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def log_row(line: LogLine, zone: ZoneInfo) -> list[str]:
    """A line as a row under `LOG_HEADER`; the ordinary level is left out."""
    level = "" if line.level is Level.INFO else line.level.value
    return [log_moment(line, zone), line.who, line.where, level, line.what]


def log_text(line: LogLine, zone: ZoneInfo) -> str:
    """A line as one line of text."""
    return "  ".join(part for part in log_row(line, zone) if part)


def log_object(line: LogLine) -> dict[str, str]:
    """A line as JSON; `at` is in UTC."""
    return {"at": line.at, "who": line.who, "where": line.where, "level": line.level.value, "what": line.what}
