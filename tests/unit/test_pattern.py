"""The pattern: reading, writing, meaning, its mistakes with their places, and the connectors as its other view."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_sync.model.criteria import pattern
from tui_sync.model.criteria.compile import compile_criteria
from tui_sync.model.criteria.pattern import Join, Node, Operator, PatternError, Row, parse
from tui_sync.model.errors import UsageError
from tui_sync.model.records import Columns, Field, FieldType
from tui_sync.model.sync import Condition

OPERATORS: st.SearchStrategy[Operator] = st.sampled_from(("and", "or"))


def over(rows: int) -> st.SearchStrategy[Node]:
    """Patterns that use rows 1 to `rows`, each at least once, in any order and shape."""

    @st.composite
    def build(draw: Callable[[st.SearchStrategy[object]], object]) -> Node:
        extra = draw(st.lists(st.integers(1, rows), max_size=4))
        order = draw(st.permutations([*range(1, rows + 1), *(extra if isinstance(extra, list) else [])]))
        parts: list[Node] = [Row(number) for number in (order if isinstance(order, list) else [])]
        while len(parts) > 1:
            at = draw(st.integers(0, len(parts) - 2))
            place = at if isinstance(at, int) else 0
            word: Operator = "and" if draw(OPERATORS) == "and" else "or"
            parts[place : place + 2] = [Join(word, parts[place], parts[place + 1])]
        return parts[0]

    return build()


NODES = st.integers(1, 8).flatmap(over)


def holds(node: Node, truth: Mapping[int, bool | None]) -> bool | None:
    """Evaluate a tree; a row without truth is as if it were not there."""
    if isinstance(node, Row):
        return truth[node.number]
    left, right = holds(node.left, truth), holds(node.right, truth)
    if left is None or right is None:
        return right if left is None else left
    return (left and right) if node.operator == "and" else (left or right)


@given(NODES)
def test_every_pattern_reads_back_from_its_saved_and_its_shown_form(node: Node) -> None:
    rows = pattern.row_count(node)
    assert parse(pattern.normal(node), rows) == node
    assert parse(pattern.display(node), rows) == node


@pytest.mark.parametrize(
    ("text", "rows", "saved"),
    [
        ("1", 1, "1"),
        ("((1))", 1, "1"),
        ("1 or 2 and 3", 3, "((1 or 2) and 3)"),
        ("1 and 2 or 3 and 4", 4, "(((1 and 2) or 3) and 4)"),
        ("1 or (2 and 3)", 3, "(1 or (2 and 3))"),
        ("(1)AND(2)Or\t3\n", 3, "((1 and 2) or 3)"),
        ("1and2", 2, "(1 and 2)"),
        ("2 and 1 and 2", 2, "((2 and 1) and 2)"),
    ],
)
def test_a_pattern_is_read_left_to_right_without_precedence(text: str, rows: int, saved: str) -> None:
    assert pattern.normal(parse(text, rows)) == saved


@pytest.mark.parametrize(
    ("text", "rows", "problem", "position", "length"),
    [
        ("", 1, "the pattern is empty", 1, 1),
        (" \t", 1, "the pattern is empty", 1, 1),
        ("1 xor 2", 2, 'unknown word "xor"', 3, 3),
        ("1 && 2", 2, 'unknown characters "&&"', 3, 2),
        ("1 and -2", 2, 'unknown character "-"', 7, 1),
        ("1 \x1b 2", 2, 'unknown character "\\x1b"', 3, 1),
        ("\u0661", 1, 'unknown character "\u0661"', 1, 1),
        ("1 2", 2, 'missing "and" or "or" before "2"', 3, 1),
        ("1 (2)", 2, 'missing "and" or "or" before "("', 3, 1),
        ("and 1", 1, 'missing row number before "and"', 1, 3),
        ("1 and", 2, 'missing row number after "and"', 6, 1),
        ("(1 and", 2, 'missing row number after "and"', 7, 1),
        ("1 and or 2", 2, 'missing row number between "and" and "or"', 7, 2),
        ("(1 and )", 2, 'missing row number between "and" and ")"', 8, 1),
        ("()", 1, 'nothing between the "(" at 1 and the ")"', 2, 1),
        (")", 1, 'missing "(" for the ")" at 1', 1, 1),
        ("1 and 2)", 2, 'missing "(" for the ")" at 8', 8, 1),
        ("1 or (2 and 3", 3, 'missing ")" for the "(" at 6', 6, 1),
        ("((1 and 2) and 3", 3, 'missing ")" for the "(" at 1', 1, 1),
        ("1 or (2 and (3", 3, 'missing ")" for the "(" at 13', 13, 1),
        ("1 and 7", 4, "row 7 does not exist", 7, 1),
        ("1", 0, "row 1 does not exist", 1, 1),
        ("0 and 1", 1, "rows are numbered from 1", 1, 1),
        ("01", 1, "write 1 without a leading zero", 1, 2),
        ("1 and 2 ", 3, "unused row 3", 8, 1),
        ("2", 4, "unused rows 1, 3, 4", 2, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, rows: int, problem: str, position: int, length: int) -> None:
    with pytest.raises(PatternError) as caught:
        parse(text, rows)
    assert (caught.value.problem, caught.value.position, caught.value.length) == (problem, position, length)
    assert caught.value.sentence == f"pattern, column {position}: {problem}"
    assert isinstance(caught.value, UsageError)


@given(st.one_of(st.text(), st.text("()12 andor0x", max_size=30)), st.integers(0, 30))
def test_any_text_is_a_pattern_or_a_mistake_within_it(text: str, rows: int) -> None:
    mistake: PatternError | None = None
    try:
        assert pattern.row_count(parse(text, rows)) == rows
    except PatternError as error:
        mistake = error
    if mistake is not None:
        assert 1 <= mistake.position < mistake.position + mistake.length <= len(text) + 2


def test_ten_thousand_parentheses_are_read() -> None:
    assert parse("(" * 10_000 + "1" + ")" * 10_000, 1) == Row(1)
    assert parse("(1 and " * 100 + "1" + ")" * 100, 1) is not None
    with pytest.raises(PatternError, match=r'missing "\)" for the "\(" at 10000'):
        parse("(" * 10_000 + "1", 1)
    with pytest.raises(PatternError, match="more than 200 row numbers"):
        parse("(1 and " * 10_000 + "1" + ")" * 10_000, 1)


def test_a_number_of_any_length_is_a_row_that_does_not_exist() -> None:
    with pytest.raises(PatternError, match="does not exist"):
        parse("9" * 10_000, 25)


def test_the_default_nests_to_the_left() -> None:
    assert pattern.default([]) == Row(1)
    assert pattern.normal(pattern.default(["and"] * 3)) == "(((1 and 2) and 3) and 4)"
    assert pattern.normal(pattern.default(["and"] * 5)) == "(((((1 and 2) and 3) and 4) and 5) and 6)"


@given(st.lists(OPERATORS, max_size=8))
def test_the_default_keeps_the_connectors_of_its_rows(words: list[Operator]) -> None:
    node = pattern.default(words)
    assert list(pattern.connectors(node)) == words
    assert parse("".join(f"{n} {w} " for n, w in enumerate(words, 1)) + str(len(words) + 1), len(words) + 1) == node


def test_connectors_are_seen_where_the_pattern_keeps_the_order_of_the_rows() -> None:
    assert pattern.connectors(parse("(1 and 2) and (3 or 4)", 4)) == ("and", "and", "or")
    assert pattern.connectors(parse("(3 or 4) and (1 or 2)", 4)) == ("or", None, "or")
    assert pattern.connectors(parse("(1 and 2) or (1 or 2)", 2)) == (None,)
    assert pattern.connectors(Row(1)) == ()


@given(NODES, OPERATORS)
def test_setting_a_connector_changes_that_one_and_no_parenthesis(node: Node, word: Operator) -> None:
    before = pattern.connectors(node)
    for row, old in enumerate(before, start=2):
        if old is None:
            with pytest.raises(UsageError, match=f"row {row} has no connector"):
                pattern.with_connector(node, row, word)
            continue
        changed = pattern.with_connector(node, row, word)
        assert pattern.connectors(changed) == (*before[: row - 2], word, *before[row - 1 :])
        shape = pattern.normal(node).replace("and", "or")
        assert pattern.normal(changed).replace("and", "or") == shape


def test_there_is_no_connector_before_the_first_row_or_behind_the_last() -> None:
    for row in (0, 1, 3):
        with pytest.raises(UsageError):
            pattern.with_connector(parse("1 and 2", 2), row, "or")


def test_an_added_row_joins_all_that_is_there() -> None:
    assert pattern.add_row(None, "or") == Row(1)
    assert pattern.normal(pattern.add_row(parse("1 and (2 or 3)", 3), "or")) == "((1 and (2 or 3)) or 4)"


@pytest.mark.parametrize(
    ("text", "rows", "row", "left"),
    [
        ("(1 and 2) and (3 or 4)", 4, 3, "((1 and 2) and 3)"),
        ("(1 and 2) and (3 or 4)", 4, 1, "(1 and (2 or 3))"),
        ("1 or 2 and 3", 3, 2, "(1 and 2)"),
        ("2 and (1 or 2)", 2, 2, "1"),
    ],
)
def test_a_deleted_row_takes_its_operator_along(text: str, rows: int, row: int, left: str) -> None:
    node = pattern.delete_row(parse(text, rows), row)
    assert node is not None
    assert pattern.normal(node) == left


def test_deleting_the_only_row_leaves_nothing() -> None:
    assert pattern.delete_row(Row(1), 1) is None
    assert pattern.delete_row(parse("1 and 1", 1), 1) is None


@pytest.mark.parametrize("row", [0, 4, -1])
def test_a_row_that_is_not_there_cannot_be_deleted(row: int) -> None:
    with pytest.raises(UsageError, match=f"row {row} does not exist"):
        pattern.delete_row(parse("1 and 2 and 3", 3), row)


@given(st.integers(2, 8).flatmap(lambda rows: st.tuples(over(rows), st.integers(1, rows), st.integers(0, 255))))
def test_deleting_a_row_keeps_the_meaning_of_the_rest(case: tuple[Node, int, int]) -> None:
    node, row, bits = case
    rows = pattern.row_count(node)
    rest = pattern.delete_row(node, row)
    assert rest is not None
    assert parse(pattern.normal(rest), rows - 1) == rest
    truth = {number: bool(bits >> number & 1) for number in range(1, rows + 1)}
    renumbered = {number - (number > row): value for number, value in truth.items() if number != row}
    assert holds(rest, renumbered) is holds(node, {**truth, row: None})


@given(NODES, OPERATORS)
def test_deleting_an_added_row_brings_the_pattern_back(node: Node, word: Operator) -> None:
    assert pattern.delete_row(pattern.add_row(node, word), pattern.row_count(node) + 1) == node


@st.composite
def spelt_patterns(draw: st.DrawFn) -> tuple[str, int]:
    """A pattern as somebody might type it, with the number of its rows."""
    rows = draw(st.integers(1, 7))
    order = draw(st.permutations([*range(1, rows + 1), *draw(st.lists(st.integers(1, rows), max_size=3))]))
    words = st.sampled_from(("and", "or", "AND", "Or", "oR"))
    space = st.sampled_from((" ", "  ", "\t", "\n "))

    def spell(numbers: Sequence[int]) -> str:
        if len(numbers) == 1:
            text = str(numbers[0])
        else:
            cut = draw(st.integers(1, len(numbers) - 1))
            text = draw(space).join((spell(numbers[:cut]), draw(words), spell(numbers[cut:])))
        wraps = draw(st.integers(0, 2))
        return "(" * wraps + text + ")" * wraps

    return spell(order), rows


def naive(text: str, truths: Sequence[bool]) -> bool:
    """Evaluate by rewriting: the innermost parentheses first, each from left to right."""
    text = re.sub(r"\d+", lambda number: "T" if truths[int(number[0]) - 1] else "F", text.lower())
    text = re.sub(r"\s+", "", text)
    while len(text) > 1:
        step = re.sub(r"\(([TF])\)", r"\1", text)
        if step == text:
            step = re.sub(
                r"(^|\()([TF])(and|or)([TF])",
                lambda m: m[1] + ("T" if (m[2] + m[4]).count("T") >= (2 if m[3] == "and" else 1) else "F"),
                text,
            )
        text = step
    return text == "T"


@given(spelt_patterns(), st.integers(0, 127))
@example(("1 or 2 and 3", 3), 0b001)
def test_a_compiled_pattern_agrees_with_reading_it_left_to_right(spelt: tuple[str, int], bits: int) -> None:
    text, rows = spelt
    truths = tuple(bool(bits >> row & 1) for row in range(rows))
    names = tuple(f"F{row}" for row in range(rows))
    fields = {name: Field(name=name, label=name, type=FieldType.BOOLEAN) for name in names}
    conditions = [Condition(field=name, operator="is selected") for name in names]
    setting = (fields, Columns(names), ZoneInfo("UTC"), date(2024, 5, 10))
    test = compile_criteria(conditions, parse(text, rows), *setting)
    assert test(truths) is naive(text, truths)
