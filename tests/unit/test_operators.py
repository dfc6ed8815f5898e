"""Which operators a field has, and what is wrong with a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.model.criteria.operators import (
    IN_THE_LAST,
    NEGATIVES,
    Mistake,
    check,
    operators_for,
    reason_without,
    uses_relative_dates,
    warn,
)
from tui_sync.model.records import Field, FieldType, Value
from tui_sync.model.sync import Condition

TEXT = ("is", "isn't", "contains", "doesn't contain", "starts with", "ends with", "is empty", "is not empty")
NUMBER = ("=", "!=", "<", "<=", ">", ">=", "between", "not between", "is empty", "is not empty")
DATE = (
    *("is", "isn't", "before", "after", "between", "not between", "in the last N days", "today"),
    *("is empty", "is not empty"),
)
WITHOUT = (FieldType.SUBFORM, FieldType.IMAGE, FieldType.FILE, FieldType.LAYOUT)
NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT)
DATES = (FieldType.DATE, FieldType.DATETIME)


def field(kind: FieldType, *choices: str) -> Field:
    return Field(name="Some_Field", label="Some Field", type=kind, choices=choices)


def problem(kind: FieldType, operator: str, value: Value = None) -> str:
    mistake = check(Condition(field="Some_Field", operator=operator, value=value), field(kind))
    assert mistake is None or mistake.key == "value"
    return "" if mistake is None else mistake.sentence


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_type_has_the_operators_of_its_family_or_a_reason(kind: FieldType) -> None:
    expected: tuple[str, ...] = TEXT
    if kind in WITHOUT:
        expected = ()
    elif kind in NUMBERS:
        expected = NUMBER
    elif kind in DATES:
        expected = DATE
    elif kind is FieldType.BOOLEAN:
        expected = ("is selected", "is not selected")
    assert operators_for(kind) == expected
    assert bool(reason_without(kind)) is not bool(expected)


def test_every_negative_operator_stands_beside_its_positive_one() -> None:
    for kind in FieldType:
        for negative, positive in NEGATIVES.items():
            assert (negative in operators_for(kind)) is (positive in operators_for(kind))


def test_a_field_without_operators_says_why() -> None:
    mistake = check(Condition(field="Some_Field", operator="is", value="x"), field(FieldType.SUBFORM))
    assert mistake == Mistake(
        "field",
        "Some Field cannot be used in criteria: a subform holds rows of its own, not one value. Choose another field.",
    )


def test_an_unknown_operator_names_those_that_exist() -> None:
    mistake = check(Condition(field="Some_Field", operator="is\x1b", value="x"), field(FieldType.BOOLEAN))
    assert mistake == Mistake(
        "operator",
        'Some Field is a check box field without an operator "is\\x1b". Use is selected or is not selected.',
    )


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        (FieldType.TEXT, "is", "x"),
        (FieldType.LOOKUP, "starts with", "Zylker"),
        (FieldType.PICKLIST, "is empty", None),
        (FieldType.INTEGER, ">=", 2),
        (FieldType.INTEGER, ">=", "2"),
        (FieldType.CURRENCY, "<", -2.5),
        (FieldType.PERCENT, "between", (1, 1)),
        (FieldType.PERCENT, "between", ("9", "10")),
        (FieldType.DATE, "is", "2024-02-29"),
        (FieldType.DATETIME, "isn't", "2024-02-29"),
        (FieldType.DATETIME, "after", "2024-02-29T10:00:00+05:30"),
        (FieldType.DATETIME, "before", "2024-02-29 10:00"),
        (FieldType.DATETIME, "between", ("2024-02-29T10:00:00Z", "2024-02-29")),
        (FieldType.DATE, IN_THE_LAST, 1),
        (FieldType.DATE, IN_THE_LAST, "36500"),
        (FieldType.DATE, "today", None),
        (FieldType.BOOLEAN, "is selected", None),
    ],
)
def test_a_valid_row_has_no_mistake(kind: FieldType, operator: str, value: Value) -> None:
    assert problem(kind, operator, value) == ""


@pytest.mark.parametrize(
    ("kind", "operator", "value", "told"),
    [
        (FieldType.TEXT, "is", None, "a value is missing"),
        (FieldType.TEXT, "is", "  ", "a value is missing. For records without a value use is empty."),
        (FieldType.TEXT, "is", 2015, 'Write it in quotes: "2015"'),
        (FieldType.TEXT, "is", True, 'true is not text'),
        (FieldType.TEXT, "is", ("a", "b"), "takes one value, not 2"),
        (FieldType.TEXT, "is empty", "x", 'takes no value, not "x"'),
        (FieldType.BOOLEAN, "is selected", True, "takes no value, not true"),
        (FieldType.INTEGER, ">=", "2 years", '"2 years" is not a number'),
        (FieldType.INTEGER, "=", True, "true is not a number"),
        (FieldType.INTEGER, "=", float("nan"), "nan is not a number"),
        (FieldType.INTEGER, "=", float("inf"), "inf is not a number"),
        (FieldType.INTEGER, "=", "\u0663", "is not a number"),
        (FieldType.INTEGER, "between", 2, "takes two values, the lower and the upper, not 2"),
        (FieldType.INTEGER, "between", (1, 2, 3), "not 3 values"),
        (FieldType.INTEGER, "between", (1, None), "a value is missing"),
        (FieldType.INTEGER, "between", ("10", "9"), '"10" comes after "9". Swap the two values.'),
        (FieldType.DATE, "is", "2023-02-29", '"2023-02-29" is not a day of the calendar'),
        (FieldType.DATE, "is", "29.2.2024", "is not a date. Write it as 2026-01-31."),
        (FieldType.DATE, "is", "20240229", "is not a date"),
        (FieldType.DATE, "is", 20240229, "20240229 is not a date"),
        (FieldType.DATE, "before", "2024-02-29T10:00", "has a time, and this field has none. Write 2024-02-29."),
        (FieldType.DATETIME, "is", "2024-02-29T10:00", "takes a whole day. Write 2024-02-29."),
        (FieldType.DATETIME, "after", "2024-02-29T25:00", "is not a date"),
        (FieldType.DATETIME, "between", ("2024-03-01", "2024-02-29"), "Swap the two values"),
        (FieldType.DATETIME, "not between", ("2024-03-01T10:00Z", "2024-03-01T10:00+02:00"), "Swap the two values"),
        (FieldType.DATETIME, "today", 1, "takes no value"),
        (FieldType.DATE, IN_THE_LAST, None, "a value is missing. Write a whole number of days from 1 to 36500."),
        (FieldType.DATE, IN_THE_LAST, 0, "0 does not do"),
        (FieldType.DATE, IN_THE_LAST, 36_501, "36501 does not do"),
        (FieldType.DATE, IN_THE_LAST, 1.5, "1.5 does not do"),
        (FieldType.DATE, IN_THE_LAST, True, "true does not do"),
        (FieldType.DATE, IN_THE_LAST, "two", '"two" does not do'),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(kind: FieldType, operator: str, value: Value, told: str) -> None:
    sentence = problem(kind, operator, value)
    assert sentence.startswith((f"Some Field {operator}: ", f"Some Field ({operator}): "))
    assert told in sentence
    assert sentence.endswith(".")


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.from_regex(r"[0-9T:+ -]{8,30}"))


@given(
    st.sampled_from(list(FieldType)),
    st.one_of(st.text(), st.sampled_from((*TEXT, *NUMBER, *DATE))),
    st.one_of(SCALARS, st.lists(SCALARS, max_size=3).map(tuple)),
)
def test_checking_and_warning_are_total(kind: FieldType, operator: str, value: Value) -> None:
    condition = Condition(field="Some_Field", operator=operator, value=value)
    mistake = check(condition, field(kind))
    if mistake is not None:
        assert mistake.sentence.replace("\u3000", " ").isprintable() or not mistake.sentence.isascii()
        assert "\x1b" not in mistake.sentence
    warn(condition, field(kind, "A", "B"))


def test_a_value_outside_the_choices_is_a_warning_only() -> None:
    picklist = field(FieldType.PICKLIST, "New", "Stra\u00dfe")
    odd = Condition(field="Some_Field", operator="isn't", value="Old")
    assert check(odd, picklist) is None
    assert warn(odd, picklist) == '"Old" is not a choice of Some Field.'
    assert warn(Condition(field="Some_Field", operator="is", value="STRASSE"), picklist) is None
    assert warn(Condition(field="Some_Field", operator="contains", value="ol"), picklist) is None
    assert warn(odd, field(FieldType.TEXT)) is None


def test_relative_dates_are_recognised() -> None:
    def row(operator: str) -> Condition:
        return Condition(field="Date", operator=operator)

    assert uses_relative_dates([row("is empty"), row("today")])
    assert uses_relative_dates((row(IN_THE_LAST),))
    assert not uses_relative_dates([row("is"), row("before")])
    assert not uses_relative_dates([])
