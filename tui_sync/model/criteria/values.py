"""How a value of the wire is read when a row compares it.

Recruit's values are not always of the type that its metadata says: numbers come as strings, lookups as names, dates may
be nonsense. Every function here takes any JSON value and never raises: what cannot be read is None or a blank text, and
a row does not hold for it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?|[+-]?\.[0-9]{1,40})\s*", re.ASCII)
_DAY_LENGTH = len("yyyy-mm-dd")


def is_missing(value: object) -> bool:
    """Whether there is nothing: None, a blank string, no elements, or only missing elements."""
    if type(value) is str:
        return not value or value.isspace()
    if isinstance(value, (tuple, list)):
        return all(is_missing(element) for element in value)
    return value is None


def as_text(value: object) -> str:
    """The value as text: nothing is blank, a whole number has no decimals, a check box is `true` or `false`."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, int) and value.bit_length() > 1024:
        return f"{value:#x}"  # Python refuses to write decimals of more than 4 300 digits
    return str(value)


def folded(value: object) -> str:
    """The value as text in the form in which texts compare: without case, and composed (NFC), however it was typed."""
    text = value if type(value) is str else as_text(value)
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


def number(value: object) -> int | float | None:
    """The value as a finite number, also from a plain decimal string; None for anything else, check boxes included."""
    if type(value) is int:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else None
    if type(value) is str and (match := _NUMBER.fullmatch(value)):
        digits = match[1]
        return float(digits) if "." in digits else int(digits)
    return None


def day(value: object, zone: ZoneInfo) -> date | None:
    """The day of a date, or of a date-time in `zone`; one without offset is taken as local there."""
    if type(value) is not str:
        return None
    try:
        if len(value) == _DAY_LENGTH:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        return moment.date() if moment.tzinfo is None else moment.astimezone(zone).date()
    except (ValueError, OverflowError):
        return None


def instant(value: object, zone: ZoneInfo) -> datetime | None:
    """The moment of a date-time, in UTC; one without offset is local in `zone`, a date is its midnight there."""
    if type(value) is not str:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_selected(value: object) -> bool:
    """Whether a check box is ticked: JSON true, or the word `true`; nothing else is."""
    return value is True or (type(value) is str and value.strip().lower() == "true")
