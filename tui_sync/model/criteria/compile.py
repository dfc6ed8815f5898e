"""Rows and a pattern turned into one test over a record's values.

A test is a closure over `Record.values`, built once a run and called for every record. It never raises, whatever the
wire sent. What the value is read as stands in `values.py`; a value that cannot be read as the field's type is present,
but equal to nothing and in no range, so that only the negative operators (and `is not empty`) hold for it.

Dates. A day operand compares with the day of the value in the sync's zone, also on a date-time field: `before` a day
means before it begins, `after` a day means after it has ended, `between` includes both days whole. A moment operand
compares with the moment. `in the last N days` is today and the N days before it, not the future, so that a sync run
once a day misses nobody with N = 1.
"""

from __future__ import annotations

import operator as comparison
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tui_sync.model.criteria import values as wire
from tui_sync.model.criteria.operators import IN_THE_LAST, NEGATIVES, Family, check, family, is_day
from tui_sync.model.criteria.pattern import Node, Row
from tui_sync.model.errors import UsageError
from tui_sync.model.records import Columns, Field, Value
from tui_sync.model.sync import Condition
from tui_sync.model.text import visible

Test: TypeAlias = Callable[[Sequence[Value]], bool]
"""Whether the values of one record satisfy a row, or the pattern."""

_Single: TypeAlias = Callable[[object], bool]
"""Whether one value, not a list, satisfies a positive operator; a missing one never does."""

_Compare: TypeAlias = Callable[[Any, Any], bool]
_COMPARISONS: dict[str, _Compare] = {
    "=": comparison.eq, "is": comparison.eq, "<": comparison.lt, "<=": comparison.le, ">": comparison.gt,
    ">=": comparison.ge, "before": comparison.lt, "after": comparison.gt,
}  # fmt: skip


class CriteriaError(UsageError):
    """A row that cannot be evaluated, such as one whose field was removed or changed its type in Recruit."""


def compile_condition(condition: Condition, field: Field, column: int, zone: ZoneInfo, today: date) -> Test:
    """The test of one row over the value at `column`; `today` is the day in `zone`.

    CriteriaError where `check` finds a mistake: a row that cannot be meant must stop a run, not select everybody.
    """
    mistake = check(condition, field)
    if mistake is not None:
        raise CriteriaError(mistake.sentence)
    if condition.operator == "is empty":
        return _empty(column, related="." in condition.field)
    if condition.operator == "is not empty":
        return lambda values: not wire.is_missing(values[column])
    positive = NEGATIVES.get(condition.operator)
    single = _single(positive or condition.operator, condition.value, field, zone, today)
    return _any(single, column) if positive is None else _none(single, column)


def compile_rows(
    conditions: Sequence[Condition], fields: Mapping[str, Field], columns: Columns, zone: ZoneInfo, today: date
) -> tuple[Test, ...]:
    """The tests of all rows, in their order.

    `fields` is keyed by the names that the conditions use, `Clients.Industry` for a related one. CriteriaError names
    the row that cannot be evaluated; ValueError where `columns` lacks a field (the fetch did not ask for it).
    """
    tests: list[Test] = []
    for number, condition in enumerate(conditions, start=1):
        field = fields.get(condition.field)
        if field is None:
            problem = f"row {number}: the field {visible(condition.field, 60)} does not exist."
            raise CriteriaError(problem, "Choose another field, or delete the row.")
        try:
            tests.append(compile_condition(condition, field, columns.index(condition.field), zone, today))
        except CriteriaError as error:
            raise CriteriaError(f"row {number}: {error.sentence}") from error
    return tuple(tests)


def compile_criteria(
    conditions: Sequence[Condition],
    pattern: Node,
    fields: Mapping[str, Field],
    columns: Columns,
    zone: ZoneInfo,
    today: date,
) -> Test:
    """The test of a whole selection, which looks at no more rows than it must. Raises as `compile_rows` does."""
    return _joined(pattern, compile_rows(conditions, fields, columns, zone, today))


def _joined(node: Node, tests: Sequence[Test]) -> Test:
    """The closure of a node; a chain of one operator becomes one level, which halves the calls."""
    if isinstance(node, Row):
        return tests[node.number - 1]
    parts: list[Node] = [node.right]
    left = node.left
    while not isinstance(left, Row) and left.operator == node.operator:
        parts.append(left.right)
        left = left.left
    parts.append(left)
    first, *rest = [_joined(part, tests) for part in reversed(parts)]
    if len(rest) == 1:
        second = rest[0]
        if node.operator == "and":
            return lambda values: first(values) and second(values)
        return lambda values: first(values) or second(values)
    chain, whole = (first, *rest), node.operator == "and"

    def joined(values: Sequence[Value]) -> bool:
        for test in chain:
            if test(values) is not whole:
                return not whole
        return whole

    return joined


def _any(single: _Single, column: int) -> Test:
    """The positive form: the value satisfies it, or any of several."""

    def test(values: Sequence[Value]) -> bool:
        value: object = values[column]
        if isinstance(value, (tuple, list)):
            return any(map(single, value))
        return single(value)

    return test


def _none(single: _Single, column: int) -> Test:
    """The negative form: the value does not satisfy it, and none of several does."""

    def test(values: Sequence[Value]) -> bool:
        value: object = values[column]
        if isinstance(value, (tuple, list)):
            return not any(map(single, value))
        return not single(value)

    return test


def _empty(column: int, *, related: bool) -> Test:
    """`is empty`: no value at all; of related records, none is there or any of them has none."""
    if not related:
        return lambda values: wire.is_missing(values[column])

    def test(values: Sequence[Value]) -> bool:
        value: object = values[column]
        if isinstance(value, (tuple, list)) and value:
            return any(map(wire.is_missing, value))
        return wire.is_missing(value)

    return test


def _single(operator: str, operand: Value, field: Field, zone: ZoneInfo, today: date) -> _Single:
    """The test of one value by a positive operator, the operand checked."""
    match family(field.type):
        case Family.NUMBER:
            return _number(operator, operand)
        case Family.DATE:
            return _date(operator, operand, zone, today)
        case Family.CHECK_BOX:
            return {"is selected": wire.is_selected}[operator]
        case _:
            return _text(operator, wire.folded(operand))


def _text(operator: str, want: str) -> _Single:
    """Text operators. `want` is not blank, so that no missing value can satisfy one."""
    folded = wire.folded
    tests: dict[str, _Single] = {
        "is": lambda value: folded(value) == want,
        "contains": lambda value: want in folded(value),
        "starts with": lambda value: folded(value).startswith(want),
        "ends with": lambda value: folded(value).endswith(want),
    }
    return tests[operator]


def _number(operator: str, operand: Value) -> _Single:
    number = wire.number
    if operator == "between" and isinstance(operand, (tuple, list)):
        return _both(_number(">=", operand[0]), _number("<=", operand[1]))
    want, compare = number(operand), _COMPARISONS[operator]

    def test(value: object) -> bool:
        have = number(value)
        return have is not None and compare(have, want)

    return test


def _date(operator: str, operand: Value, zone: ZoneInfo, today: date) -> _Single:
    if operator == "today":
        return _dated(comparison.eq, today.isoformat(), zone)
    if operator == IN_THE_LAST:
        first = today - timedelta(days=int(wire.number(operand) or 0))
        return _both(_dated(comparison.ge, first.isoformat(), zone), _dated(comparison.le, today.isoformat(), zone))
    if operator == "between" and isinstance(operand, (tuple, list)):
        return _both(_dated(comparison.ge, operand[0], zone), _dated(comparison.le, operand[1], zone))
    return _dated(_COMPARISONS[operator], operand, zone)


def _dated(compare: _Compare, operand: Value, zone: ZoneInfo) -> _Single:
    """One comparison with a day, or with a moment; CriteriaError for one in the first or last hours of the calendar."""
    read: Callable[[object, ZoneInfo], date | None] = wire.day if is_day(operand) else wire.instant
    want = read(operand, zone)
    if want is None:
        raise CriteriaError(f"{visible(wire.as_text(operand), 40)} lies outside the calendar in UTC.", "Write a day.")

    def test(value: object) -> bool:
        have = read(value, zone)
        return have is not None and compare(have, want)

    return test


def _both(first: _Single, second: _Single) -> _Single:
    return lambda value: first(value) and second(value)
