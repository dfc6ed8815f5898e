"""Time as the organisation writes it: whole seconds, ISO 8601, in the offset of its Indian head office (+05:30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=5, minutes=30))
DAY = 86_400
"""Seconds of a day."""


def stamp_text(seconds: int) -> str:
    """A moment (seconds since 1970, UTC) as Recruit writes it, for example 2019-12-18T10:57:45+05:30."""
    return datetime.fromtimestamp(seconds, ZONE).isoformat()


def parse_stamp(text: str) -> int:
    """Seconds since 1970 of an ISO 8601 text with offset; ValueError where it is none or has no offset."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError("a date-time without offset")
    return int(moment.timestamp())


def to_datetime(seconds: int) -> datetime:
    """The aware UTC moment of `seconds` since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
