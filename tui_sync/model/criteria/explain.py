"""Why one record matches or not: the truth table of its rows, of every part of the pattern, and which rows decided.

The deciding rows are a smallest reason: with these as they are, the answer stays whatever the others say. A true `and`
and a false `or` need both sides; a false `and` and a true `or` need one, the one with fewer rows, the earlier one on a
tie. Where rows are used more than once that may name too many; those without which the reason still holds are dropped,
the last first. Patterns know no negation, so the others can be held against the answer all at once to see whether it
stays. All deciding rows are true where the record matches, and false where it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.criteria.compile import compile_rows
from tui_sync.model.criteria.operators import IN_THE_LAST, Operand, operand_of
from tui_sync.model.criteria.pattern import Node, Row
from tui_sync.model.criteria.values import as_text, is_missing, is_selected
from tui_sync.model.records import Columns, Field, FieldType, Value
from tui_sync.model.sync import Condition
from tui_sync.model.text import visible

EMPTY = "(empty)"
"""How a missing value is shown."""

_SHOWN_LENGTH = 200


class RowTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One row for one record: the value that it looked at, whether it holds, and whether it decided."""

    number: int
    condition: Condition
    shown: str
    matched: bool
    decisive: bool


class NodeTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the pattern for one record; a row has no children, a join has two."""

    node: Node
    matched: bool
    children: tuple[NodeTruth, ...] = ()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer: rows in their order, the pattern as a tree, the deciding rows' numbers, and one sentence."""

    matched: bool
    rows: tuple[RowTruth, ...]
    root: NodeTruth
    deciding: tuple[int, ...]
    sentence: str


def explain(
    conditions: Sequence[Condition],
    pattern: Node,
    fields: Mapping[str, Field],
    columns: Columns,
    zone: ZoneInfo,
    today: date,
    values: Sequence[Value],
) -> Explanation:
    """The truth table of one record's `values`, by the very tests that select; raises as `compile_rows` does."""
    truths = [test(values) for test in compile_rows(conditions, fields, columns, zone, today)]
    root = _evaluate(pattern, truths)
    deciding = _deciding(root, len(truths))
    rows = tuple(
        RowTruth(
            number=number,
            condition=condition,
            shown=shown(values[columns.index(condition.field)], fields[condition.field], zone),
            matched=truths[number - 1],
            decisive=number in deciding,
        )
        for number, condition in enumerate(conditions, start=1)
    )
    return Explanation(
        matched=root.matched, rows=rows, root=root, deciding=deciding, sentence=_sentence(root.matched, deciding)
    )


def describe(condition: Condition, field: Field) -> str:
    """A row in words: `Department is "Information Technology"`, `Age between 2 and 5`."""
    label, operator = visible(field.label, 60), visible(condition.operator, 40)
    match operand_of(condition.operator):
        case Operand.NONE:
            return f"{label} {operator}"
        case Operand.COUNT:
            days = visible(as_text(condition.value), 10)
            return f"{label} {'in the last day' if days == '1' else IN_THE_LAST.replace('N', days)}"
        case _:
            value = condition.value
            words = value if isinstance(value, (tuple, list)) else (value,)
            quoted = operand_of(operator) is Operand.ONE
            plain = [_word(word, field.type, quoted=quoted) for word in words]
            return f"{label} {operator} {' and '.join(plain)}"


def shown(value: Value, field: Field, zone: ZoneInfo) -> str:
    """A record's value for people, harmless for a terminal: several joined by commas, moments in `zone`."""
    if field.type is FieldType.BOOLEAN and not isinstance(value, (tuple, list)):
        return "selected" if is_selected(value) else "not selected"
    if is_missing(value):
        return EMPTY
    if isinstance(value, (tuple, list)):
        return visible(", ".join(shown(element, field, zone) for element in value), _SHOWN_LENGTH)
    return visible(_in_zone(value, zone) if field.type is FieldType.DATETIME else as_text(_exact(value)), _SHOWN_LENGTH)


def _exact(value: Value) -> Value:
    """The number that somebody has typed: a binary fraction has no more than 15 digits of it, the others are noise."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


def _word(value: object, kind: FieldType, *, quoted: bool) -> str:
    """An operand: text in quotes, numbers and dates without."""
    plain = visible(as_text(value), 60)
    unquoted = (FieldType.DATE, FieldType.DATETIME, FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY)
    return f'"{plain}"' if quoted and kind not in (*unquoted, FieldType.PERCENT) else plain


def _in_zone(value: object, zone: ZoneInfo) -> str:
    """A date-time of the wire as its minute in `zone` with the offset; what is none stays as it came."""
    text = as_text(value)
    try:
        moment = datetime.fromisoformat(text)
        return text if moment.tzinfo is None else moment.astimezone(zone).isoformat(" ", "minutes")
    except (ValueError, OverflowError):
        return text


def _evaluate(node: Node, truths: Sequence[bool]) -> NodeTruth:
    if isinstance(node, Row):
        return NodeTruth(node=node, matched=truths[node.number - 1])
    left, right = _evaluate(node.left, truths), _evaluate(node.right, truths)
    both = left.matched and right.matched
    matched = both if node.operator == "and" else left.matched or right.matched
    return NodeTruth(node=node, matched=matched, children=(left, right))


def _deciding(root: NodeTruth, rows: int) -> tuple[int, ...]:
    """The numbers of the rows that decided, ascending."""
    kept = set(_reason(root))
    for number in sorted(kept, reverse=True):
        rest = kept - {number}
        against = [(row in rest) is root.matched for row in range(1, rows + 1)]
        if _evaluate(root.node, against).matched is root.matched:
            kept = rest
    return tuple(sorted(kept))


def _reason(truth: NodeTruth) -> frozenset[int]:
    """A sufficient reason for one part of the pattern."""
    if isinstance(truth.node, Row):
        return frozenset({truth.node.number})
    left, right = truth.children
    if truth.matched is (truth.node.operator == "and"):
        return _reason(left) | _reason(right)
    candidates = [_reason(child) for child in (left, right) if child.matched is truth.matched]
    return min(candidates, key=len)


def _sentence(matched: bool, deciding: Collection[int]) -> str:
    """One line: `no match: row 3 and row 4 are both false`."""
    names = [f"row {number}" for number in deciding]
    answer, word = ("match", "true") if matched else ("no match", "false")
    if len(names) == 1:
        return f"{answer}: {names[0]} is {word}"
    return f"{answer}: {', '.join(names[:-1])} and {names[-1]} are {'both' if len(names) == 2 else 'all'} {word}"
