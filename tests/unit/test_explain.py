"""The truth table of one record, and which rows decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.test_compile import WORKED, WORKED_COLUMNS, WORKED_FIELDS
from tests.unit.test_pattern import NODES
from tui_sync.model.criteria.compile import compile_criteria
from tui_sync.model.criteria.explain import Explanation, NodeTruth, describe, explain, shown
from tui_sync.model.criteria.pattern import Node, Row, display, parse, row_count
from tui_sync.model.records import Columns, Field, FieldType, Value
from tui_sync.model.sync import Condition

KOLKATA = ZoneInfo("Asia/Kolkata")
TODAY = date(2024, 5, 10)


def worked(text: str, *values: Value) -> Explanation:
    return explain(WORKED, parse(text, 4), WORKED_FIELDS, WORKED_COLUMNS, KOLKATA, TODAY, values)


def test_the_truth_table_shows_values_parts_and_the_deciding_rows() -> None:
    found = worked("(1 and 2) and (3 or 4)", "Information Technology", 4, 2019)
    assert found.sentence == "no match: row 3 and row 4 are both false"
    assert found.deciding == (3, 4)
    assert [(row.number, row.shown, row.matched, row.decisive) for row in found.rows] == [
        (1, "Information Technology", True, False),
        (2, "4", True, False),
        (3, "2019", False, True),
        (4, "2019", False, True),
    ]
    left, right = found.root.children
    assert (found.root.matched, left.matched, right.matched) == (False, True, False)
    assert (display(left.node), display(right.node)) == ("1 and 2", "3 or 4")


@pytest.mark.parametrize(
    ("text", "values", "sentence"),
    [
        ("(1 and 2) and (3 or 4)", ("Information Technology", 4, 2016), "match: row 1, row 2 and row 4 are all true"),
        ("(1 and 2) and (3 or 4)", ("Sales", 1, 1999), "no match: row 1 is false"),
        ("((1 and 2) and 3) or 4", ("Information Technology", 4, 2016), "match: row 4 is true"),
        ("1 or 2 or 3 or 4", ("Sales", 1, 1999), "no match: row 1, row 2, row 3 and row 4 are all false"),
        ("(1 and 2) or (3 or 4)", ("Information Technology", 4, 2015), "match: row 3 is true"),
        ("(1 or 2) and (2 or 3 or 4)", ("Information Technology", 4, 1999), "match: row 2 is true"),
    ],
)
def test_the_sentence_names_a_smallest_reason(text: str, values: tuple[Value, ...], sentence: str) -> None:
    assert worked(text, *values).sentence == sentence


def selected(node: Node, truths: Sequence[bool]) -> tuple[Explanation, bool]:
    """Explanation and compiled answer over check boxes."""
    names = tuple(f"F{row}" for row in range(1, len(truths) + 1))
    fields = {name: Field(name=name, label=name, type=FieldType.BOOLEAN) for name in names}
    conditions = [Condition(field=name, operator="is selected") for name in names]
    setting = (fields, Columns(names), KOLKATA, TODAY)
    return explain(conditions, node, *setting, truths), compile_criteria(conditions, node, *setting)(truths)


def nodes(truth: NodeTruth) -> list[NodeTruth]:
    return [truth, *(inner for child in truth.children for inner in nodes(child))]


@given(NODES, st.integers(0, 255))
def test_an_explanation_agrees_with_the_compiled_test(node: Node, bits: int) -> None:
    truths = [bool(bits >> row & 1) for row in range(row_count(node))]
    found, answer = selected(node, truths)
    assert found.matched is answer is found.root.matched
    assert [row.matched for row in found.rows] == truths
    for part in nodes(found.root):
        if isinstance(part.node, Row):
            assert part.matched is truths[part.node.number - 1]
        else:
            sides = [child.matched for child in part.children]
            assert part.matched is (all(sides) if part.node.operator == "and" else any(sides))


@given(st.data(), NODES.filter(lambda node: row_count(node) <= 5), st.integers(0, 31))
def test_the_deciding_rows_are_enough_and_none_of_them_can_go(data: st.DataObject, node: Node, bits: int) -> None:
    rows = row_count(node)
    truths = [bool(bits >> row & 1) for row in range(rows)]
    found, answer = selected(node, truths)

    def is_enough(fixed: set[int]) -> bool:
        free = [row for row in range(1, rows + 1) if row not in fixed]
        for guess in product((True, False), repeat=len(free)):
            other = dict(zip(free, guess, strict=True))
            if selected(node, [other.get(row, truths[row - 1]) for row in range(1, rows + 1)])[1] is not answer:
                return False
        return True

    deciding = set(found.deciding)
    assert is_enough(deciding)
    assert not is_enough(deciding - {data.draw(st.sampled_from(found.deciding))})
    assert all(truths[row - 1] is answer for row in deciding)


def of(kind: FieldType) -> Field:
    return Field(name="F", label="Label", type=kind)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (FieldType.TEXT, None, "(empty)"),
        (FieldType.TEXT, " ", "(empty)"),
        (FieldType.TEXT, (), "(empty)"),
        (FieldType.TEXT, "a\x1b[2Jb", "a\\x1b[2Jb"),
        (FieldType.MULTISELECT, ("Java", "SQL"), "Java, SQL"),
        (FieldType.DECIMAL, 2.0, "2"),
        (FieldType.BOOLEAN, True, "selected"),
        (FieldType.BOOLEAN, None, "not selected"),
        (FieldType.DATE, "2024-05-10", "2024-05-10"),
        (FieldType.DATETIME, "2024-05-09T20:00:00Z", "2024-05-10 01:30+05:30"),
        (FieldType.DATETIME, "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        (FieldType.DATETIME, "soon", "soon"),
    ],
)
def test_a_value_is_shown_as_the_row_saw_it(kind: FieldType, value: Value, expected: str) -> None:
    assert shown(value, of(kind), KOLKATA) == expected


@pytest.mark.parametrize(
    ("kind", "operator", "value", "expected"),
    [
        (FieldType.TEXT, "is", "IT", 'Label is "IT"'),
        (FieldType.TEXT, "is empty", None, "Label is empty"),
        (FieldType.INTEGER, "between", (2, 5), "Label between 2 and 5"),
        (FieldType.INTEGER, ">=", "2", "Label >= 2"),
        (FieldType.DATE, "in the last N days", 30, "Label in the last 30 days"),
        (FieldType.DATE, "in the last N days", 1, "Label in the last day"),
        (FieldType.DATE, "is", "2024-05-10", "Label is 2024-05-10"),
        (FieldType.BOOLEAN, "is selected", None, "Label is selected"),
        (FieldType.TEXT, "contains", "\u202etxt", 'Label contains "\\u202etxt"'),
    ],
)
def test_a_row_reads_as_a_sentence(kind: FieldType, operator: str, value: Value, expected: str) -> None:
    assert describe(Condition(field="F", operator=operator, value=value), of(kind)) == expected


@pytest.mark.parametrize(
    ("value", "told"),
    [(25300.000000000004, "25300"), (0.1 + 0.2, "0.3"), (7.25, "7.25"), (123456789.12, "123456789.12")],
)
def test_a_number_is_shown_as_it_was_typed_without_the_noise_of_binary_fractions(value: float, told: str) -> None:
    assert shown(value, Field(name="Salary", label="Salary", type=FieldType.DECIMAL), KOLKATA) == told
