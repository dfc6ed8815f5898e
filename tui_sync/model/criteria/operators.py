"""The operators by type of field, and what is wrong with a row before any record is read.

The families and the spelling are the service's. A negative operator is true exactly where its positive one is not, so a
missing value satisfies it, and a field with several values (multi-select, related records) satisfies it if none of them
satisfies the positive one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from enum import Enum
from types import MappingProxyType
from typing import Literal

import msgspec

from tui_sync.model.criteria.values import as_text, folded, is_missing, number
from tui_sync.model.records import Field, FieldType
from tui_sync.model.sync import Condition
from tui_sync.model.text import visible

MAX_DAYS = 36_500
"""The greatest N of `in the last N days`: a century."""

IN_THE_LAST = "in the last N days"
RELATIVE = frozenset({IN_THE_LAST, "today"})
"""Operators whose answer changes with the day, though the record does not."""

NEGATIVES = MappingProxyType(
    {
        "isn't": "is",
        "doesn't contain": "contains",
        "!=": "=",
        "not between": "between",
        "is not selected": "is selected",
    }
)
"""Each negative operator with the positive one that it denies."""


class Family(Enum):
    """Field types that share their operators; the value is the word for people."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHECK_BOX = "check box"


class Operand(Enum):
    """How many values an operator takes."""

    NONE = "none"
    ONE = "one"
    PAIR = "pair"
    COUNT = "count"
    """A whole number of days."""


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with a row: a sentence with the way out, and which of the row's keys it concerns."""

    key: Literal["field", "operator", "value"]
    sentence: str


_EMPTINESS = ("is empty", "is not empty")
_OPERATORS: dict[Family, tuple[str, ...]] = {
    Family.TEXT: ("is", "isn't", "contains", "doesn't contain", "starts with", "ends with", *_EMPTINESS),
    Family.NUMBER: ("=", "!=", "<", "<=", ">", ">=", "between", "not between", *_EMPTINESS),
    Family.DATE: (
        *("is", "isn't", "before", "after", "between", "not between", IN_THE_LAST, "today"),
        *_EMPTINESS,
    ),
    Family.CHECK_BOX: ("is selected", "is not selected"),
}
_FAMILIES: dict[FieldType, Family] = {
    FieldType.INTEGER: Family.NUMBER,
    FieldType.DECIMAL: Family.NUMBER,
    FieldType.CURRENCY: Family.NUMBER,
    FieldType.PERCENT: Family.NUMBER,
    FieldType.DATE: Family.DATE,
    FieldType.DATETIME: Family.DATE,
    FieldType.BOOLEAN: Family.CHECK_BOX,
}
_WITHOUT: dict[FieldType, str] = {
    FieldType.SUBFORM: "a subform holds rows of its own, not one value",
    FieldType.IMAGE: "an image has nothing to compare",
    FieldType.FILE: "a file has nothing to compare",
    FieldType.LAYOUT: "the layout is how a record is shown, not what it says",
}
_OPERANDS: dict[str, Operand] = {
    **dict.fromkeys((*_EMPTINESS, "today", "is selected", "is not selected"), Operand.NONE),
    **dict.fromkeys(("between", "not between"), Operand.PAIR),
    IN_THE_LAST: Operand.COUNT,
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?")


def family(kind: FieldType) -> Family | None:
    """The family of a type, None for the types without operators.

    Names of lookups and owners, auto-numbers, formulas and types that are not known here compare as text. So do text
    areas: Recruit leaves large ones out of its filters, but criteria are evaluated here.
    """
    return None if kind in _WITHOUT else _FAMILIES.get(kind, Family.TEXT)


def operators_for(kind: FieldType) -> tuple[str, ...]:
    """The operators of a type in the order in which they are offered; empty for a type that has none."""
    found = family(kind)
    return () if found is None else _OPERATORS[found]


def reason_without(kind: FieldType) -> str:
    """Why a type has no operators; empty where it has some."""
    return _WITHOUT.get(kind, "")


def operand_of(operator: str) -> Operand:
    """What stands to the right of an operator."""
    return _OPERANDS.get(operator, Operand.ONE)


def is_day(operand: object) -> bool:
    """Whether a date operand is a whole day, not a moment."""
    return isinstance(operand, str) and _DAY.fullmatch(operand) is not None


def check(condition: Condition, field: Field) -> Mistake | None:
    """What is wrong with a row over `field`, or None.

    A number may be written as a string of digits, since that is what a person types and the wire sends; true and false
    are not numbers. A date is `yyyy-mm-dd`; a date-time may carry a time after `T` or a space, with an offset or,
    without one, in the sync's zone.
    """
    label, kind = visible(field.label, 60), family(field.type)
    if kind is None:
        reason = reason_without(field.type)
        return Mistake("field", f"{label} cannot be used in criteria: {reason}. Choose another field.")
    known = _OPERATORS[kind]
    if condition.operator not in known:
        unknown = f'{label} is a {kind.value} field without an operator "{visible(condition.operator, 40)}"'
        return Mistake("operator", f"{unknown}. Use {_or(known)}.")
    problem = _operand_problem(condition, field, kind)
    sign = condition.operator if condition.operator[-1].isalpha() else f"({condition.operator})"  # "Age =:" would read oddly
    return None if problem is None else Mistake("value", f"{label} {sign}: {problem}")


def warn(condition: Condition, field: Field) -> str | None:
    """A sentence where a row may be meant otherwise, though it is valid: a pick-list value that is no choice."""
    if not field.choices or condition.operator not in ("is", "isn't") or is_missing(condition.value):
        return None
    if folded(condition.value) in map(folded, field.choices):
        return None
    return f'"{visible(as_text(condition.value), 40)}" is not a choice of {visible(field.label, 60)}.'


def uses_relative_dates(conditions: tuple[Condition, ...] | list[Condition]) -> bool:
    """Whether a record may come to match or cease to match by the mere passing of days."""
    return any(condition.operator in RELATIVE for condition in conditions)


def _operand_problem(condition: Condition, field: Field, kind: Family) -> str | None:
    """What is wrong with the value of a row whose operator is right."""
    value = condition.value
    match operand_of(condition.operator):
        case Operand.NONE:
            return None if value is None else f"this operator takes no value, not {_shown(value)}. Leave it out."
        case Operand.COUNT:
            return _count_problem(value)
        case Operand.PAIR:
            if not isinstance(value, (tuple, list)) or len(value) != 2:
                return f"this operator takes two values, the lower and the upper, not {_shown(value)}."
            first, second = value
            problem = _single_problem(first, condition, field, kind) or _single_problem(second, condition, field, kind)
            if problem is None and _is_swapped(first, second, kind):
                return f"{_shown(first)} comes after {_shown(second)}. Swap the two values."
            return problem
        case Operand.ONE:
            return _single_problem(value, condition, field, kind)


def _single_problem(value: object, condition: Condition, field: Field, kind: Family) -> str | None:
    if isinstance(value, (tuple, list)):
        return f"this operator takes one value, not {len(value)}. Add a row for each and join them with or."
    if is_missing(value):
        empty = " For records without a value use is empty." if "is empty" in _OPERATORS[kind] else ""
        return f"a value is missing.{empty}"
    match kind:
        case Family.TEXT:
            plain = as_text(value)
            return None if isinstance(value, str) else f'{plain} is not text. Write it in quotes: "{plain}".'
        case Family.NUMBER:
            wrong = number(value) is None
            return f"{_shown(value)} is not a number. Write digits only, such as 2." if wrong else None
        case _:
            return _date_problem(value, condition.operator, field)


def _date_problem(value: object, operator: str, field: Field) -> str | None:
    """What is wrong with a date operand."""
    if is_day(value):
        return None if _moment(value) is not None else f"{_shown(value)} is not a day of the calendar."
    if _moment(value) is None:
        return f"{_shown(value)} is not a date. Write it as 2026-01-31."
    if field.type is FieldType.DATE:
        return f"{_shown(value)} has a time, and this field has none. Write {as_text(value)[:10]}."
    if operator in ("is", "isn't"):
        return f"{_shown(value)} has a time, and this operator takes a whole day. Write {as_text(value)[:10]}."
    return None


def _count_problem(value: object) -> str | None:
    count = number(value)
    if count is None or count != int(count) or not 1 <= count <= MAX_DAYS:
        given = "a value is missing" if is_missing(value) else f"{_shown(value)} does not do"
        return f"{given}. Write a whole number of days from 1 to {MAX_DAYS}."
    return None


def _is_swapped(first: object, second: object, kind: Family) -> bool:
    """Whether the lower bound of a pair is above the upper one; an upper day counts to its end."""
    if kind is Family.NUMBER:
        low, high = number(first), number(second)
        return low is not None and high is not None and low > high
    start, end = _moment(first), _moment(second)
    if start is None or end is None:
        return False
    return start > (datetime.combine(end, time.max, UTC) if is_day(second) else end)


def _moment(value: object) -> datetime | None:
    """A date operand as a moment; without offset in UTC, which is near enough to tell two swapped bounds."""
    if not isinstance(value, str):
        return None
    try:
        if is_day(value):
            return datetime.combine(date.fromisoformat(value), time.min, UTC)
        moment = datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _shown(value: object) -> str:
    """An operand as it stands in a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, (tuple, list)):
        return f"{len(value)} values"
    return f'"{visible(value, 40)}"' if isinstance(value, str) else as_text(value)
