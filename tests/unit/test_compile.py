"""Rows and patterns as tests over records: the worked case, the meaning of each operator, and laws over any value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_sync.model.criteria import operators, pattern
from tui_sync.model.criteria.compile import CriteriaError, compile_condition, compile_criteria
from tui_sync.model.criteria.operators import IN_THE_LAST, NEGATIVES, Operand, operand_of, operators_for
from tui_sync.model.criteria.pattern import parse
from tui_sync.model.criteria.values import is_missing
from tui_sync.model.records import Columns, Field, FieldType, Value
from tui_sync.model.sync import Condition

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
TODAY = date(2024, 5, 10)


def holds(
    kind: FieldType, operator: str, operand: Value, value: object, zone: ZoneInfo = BERLIN, name: str = "F"
) -> bool:
    """Whether a record with `value` satisfies one row."""
    field = Field(name=name, label=name, type=kind)
    test = compile_condition(Condition(field=name, operator=operator, value=operand), field, 1, zone, TODAY)
    values: Sequence[object] = ("another column", value)
    result = test(values)  # type: ignore[arg-type]  # what the wire sends is not always a Value
    assert isinstance(result, bool)
    return result


WORKED = (
    Condition(field="Department", operator="is", value="Information Technology"),
    Condition(field="Experience_in_Years", operator=">=", value=2),
    Condition(field="Year_of_Passing", operator="=", value=2015),
    Condition(field="Year_of_Passing", operator="=", value=2016),
)
WORKED_COLUMNS = Columns(("Department", "Experience_in_Years", "Year_of_Passing"))
WORKED_FIELDS = {
    "Department": Field(name="Department", label="Department", type=FieldType.PICKLIST),
    "Experience_in_Years": Field(name="Experience_in_Years", label="Experience", type=FieldType.INTEGER),
    "Year_of_Passing": Field(name="Year_of_Passing", label="Year of Passing", type=FieldType.INTEGER),
}
WORKED_RECORDS: dict[str, tuple[Value, ...]] = {
    "fits, 2015": ("Information Technology", 2, 2015),
    "fits, 2016": ("information technology", 9.5, 2016),
    "fits, strings": ("Information Technology", "3", "2015"),
    "too early": ("Information Technology", 4, 2014),
    "too little": ("Information Technology", 1, 2015),
    "elsewhere": ("Sales", 4, 2016),
    "elsewhere, too little": (None, None, 2016),
    "unknown": (None, None, None),
}


def worked(node: pattern.Node) -> set[str]:
    test = compile_criteria(WORKED, node, WORKED_FIELDS, WORKED_COLUMNS, BERLIN, TODAY)
    return {name for name, values in WORKED_RECORDS.items() if test(values)}


def test_worked_criteria_select_exactly_the_right_records() -> None:
    default = pattern.default(["and", "and", "and"])
    assert pattern.normal(default) == "(((1 and 2) and 3) and 4)"
    assert worked(default) == set()

    with_or = pattern.with_connector(default, 4, "or")
    assert pattern.normal(with_or) == "(((1 and 2) and 3) or 4)"
    assert worked(with_or) == {"fits, 2015", "fits, 2016", "fits, strings", "elsewhere", "elsewhere, too little"}

    wanted = parse("(1 and 2) and (3 or 4)", 4)
    assert pattern.normal(wanted) == "((1 and 2) and (3 or 4))"
    assert pattern.display(wanted) == "(1 and 2) and (3 or 4)"
    assert worked(wanted) == {"fits, 2015", "fits, 2016", "fits, strings"}


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        ("is", "straße", "STRASSE", True),
        ("is", "Zoe\u0308", "zo\u00eb", True),
        ("is", "a", "ab", False),
        ("contains", "B", "abc", True),
        ("contains", "c d", "abcd", False),
        ("starts with", "AB", "abc", True),
        ("starts with", "b", "abc", False),
        ("ends with", "BC", "abc", True),
        ("ends with", "b", "abc", False),
        ("is", "12", 12.0, True),
        ("is", "12", 12, True),
        ("is", "true", True, True),
        ("is", "Java", ("SQL", "java"), True),
        ("isn't", "Java", ("SQL", "java"), False),
        ("isn't", "Java", ("SQL",), True),
        ("doesn't contain", "q", ["Java", "SQL"], False),
    ],
)
def test_text_compares_without_case(operator: str, operand: str, value: object, expected: bool) -> None:
    assert holds(FieldType.MULTISELECT, operator, operand, value) is expected


def test_a_number_too_long_to_be_written_in_decimals_is_text_all_the_same() -> None:
    assert holds(FieldType.TEXT, "starts with", "0x", 10**5000)


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        ("=", 3, "3", True),
        ("=", "3", 3, True),
        ("=", 3, " 3.0 ", True),
        ("=", 3, "3 years", False),
        ("!=", 3, "3 years", True),
        ("=", 1, True, False),
        ("<", 3, 2.5, True),
        ("<", 3, 3, False),
        ("<=", 3, 3, True),
        (">", 3, 3, False),
        (">", 3, "10", True),
        (">=", 3, 3, True),
        (">", 3, "1e9", False),
        (">", 3, "nan", False),
        ("between", (2, 4), 2, True),
        ("between", (2, 4), 4, True),
        ("between", (2, 4), 4.01, False),
        ("not between", (2, 4), 4.01, True),
        ("not between", (2, 4), 3, False),
        ("=", 9007199254740993, 9007199254740992, False),
        ("=", 9007199254740993, "9007199254740993", True),
    ],
)
def test_numbers_compare_as_numbers_however_they_are_written(
    operator: str, operand: Value, value: object, expected: bool
) -> None:
    assert holds(FieldType.DECIMAL, operator, operand, value) is expected


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        ("is", "2024-05-10", "2024-05-10", True),
        ("isn't", "2024-05-10", "2024-05-10", False),
        ("isn't", "2024-05-10", "nonsense", True),
        ("before", "2024-05-10", "2024-05-09", True),
        ("before", "2024-05-10", "2024-05-10", False),
        ("after", "2024-05-10", "2024-05-10", False),
        ("after", "2024-05-10", "2024-05-11", True),
        ("after", "2024-05-10", "2024-13-45", False),
        ("between", ("2024-05-01", "2024-05-10"), "2024-05-10", True),
        ("between", ("2024-05-01", "2024-05-10"), "2024-05-01", True),
        ("not between", ("2024-05-01", "2024-05-10"), "2024-05-11", True),
        ("today", None, "2024-05-10", True),
        ("today", None, "2024-05-09", False),
        (IN_THE_LAST, 1, "2024-05-11", False),
        (IN_THE_LAST, 1, "2024-05-10", True),
        (IN_THE_LAST, 1, "2024-05-09", True),
        (IN_THE_LAST, "1", "2024-05-08", False),
        (IN_THE_LAST, 36_500, "1950-01-01", True),
        ("is", "2024-05-10", 20240510, False),
    ],
)
def test_dates_compare_by_day(operator: str, operand: Value, value: object, expected: bool) -> None:
    assert holds(FieldType.DATE, operator, operand, value) is expected


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        # 20:00 UTC on the 9th is 22:00 in Berlin, and 01:30 on the 10th in Kolkata.
        ("is", "2024-05-10", "2024-05-09T20:00:00Z", True),
        ("is", "2024-05-09", "2024-05-09T20:00:00Z", False),
        ("today", None, "2024-05-09T20:00:00+00:00", True),
        (IN_THE_LAST, 1, "2024-05-08T18:29:59Z", False),
        (IN_THE_LAST, 1, "2024-05-08T18:30:00Z", True),
        (IN_THE_LAST, 1, "2024-05-10T18:30:00Z", False),
        ("before", "2024-05-10", "2024-05-10T00:00:00+05:30", False),
        ("before", "2024-05-10", "2024-05-09T23:59:59+05:30", True),
        ("after", "2024-05-10", "2024-05-10T23:59:59+05:30", False),
        ("after", "2024-05-10", "2024-05-11T00:00:00+05:30", True),
        ("between", ("2024-05-10", "2024-05-10"), "2024-05-10T23:59:59+05:30", True),
        ("before", "2024-05-10T12:00:00+05:30", "2024-05-10T06:29:59Z", True),
        ("before", "2024-05-10T12:00:00+05:30", "2024-05-10T06:30:00Z", False),
        ("after", "2024-05-10T12:00", "2024-05-10T06:30:01Z", True),
        ("after", "2024-05-10T12:00", "2024-05-10T06:30:00Z", False),
        ("between", ("2024-05-10T12:00", "2024-05-10"), "2024-05-10T12:00:00+05:30", True),
        ("between", ("2024-05-10T12:00", "2024-05-10"), "2024-05-10T11:59:59+05:30", False),
        ("is", "2024-05-10", "2024-05-10T01:00:00", True),
        ("after", "2024-05-10T12:00", "2024-05-10T12:01", True),
        ("is", "2024-05-10", "2024-05-10", True),
        ("after", "2024-05-10", "9999-12-31T23:59:59-14:00", False),
        ("isn't", "2024-05-10", "0001-01-01T00:00:00+14:00", True),
    ],
)
def test_date_times_compare_by_the_day_in_the_zone_or_by_the_moment(
    operator: str, operand: Value, value: object, expected: bool
) -> None:
    assert holds(FieldType.DATETIME, operator, operand, value, KOLKATA) is expected


@given(
    st.integers(630_000_000, 2_110_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(-2, 2),
    st.sampled_from(("Europe/Berlin", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Asia/Kolkata")),
)
def test_a_moment_lies_before_on_or_after_every_day_of_its_zone(moment: datetime, shift: int, name: str) -> None:
    zone = ZoneInfo(name)
    wanted = (moment.astimezone(zone).date() + timedelta(days=shift)).isoformat()
    found = [holds(FieldType.DATETIME, word, wanted, moment.isoformat(), zone) for word in ("after", "is", "before")]
    assert found == [shift < 0, shift == 0, shift > 0]


@pytest.mark.parametrize(
    ("value", "selected"),
    [(True, True), ("true", True), (" TRUE ", True), (False, False), ("false", False), (1, False), ("yes", False)],
)
def test_a_check_box_is_selected_by_true_alone(value: object, selected: bool) -> None:
    assert holds(FieldType.BOOLEAN, "is selected", None, value) is selected
    assert holds(FieldType.BOOLEAN, "is not selected", None, value) is not selected


OPERANDS: dict[FieldType, Value] = {FieldType.TEXT: "x", FieldType.DECIMAL: 2, FieldType.DATETIME: "2024-05-10"}


def operand_for(kind: FieldType, operator: str) -> Value:
    """Some valid operand."""
    match operand_of(operator):
        case Operand.NONE:
            return None
        case Operand.COUNT:
            return 7
        case Operand.PAIR:
            return (2, 4) if kind is FieldType.DECIMAL else ("2024-05-01", "2024-05-10")
        case Operand.ONE:
            return OPERANDS[kind]


@pytest.mark.parametrize("kind", [*OPERANDS, FieldType.BOOLEAN])
def test_an_operator_that_is_offered_without_a_meaning_is_never_taken_for_another(
    kind: FieldType, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = operators.family(kind)
    assert known is not None
    monkeypatch.setitem(operators._OPERATORS, known, (*operators_for(kind), "sounds like"))
    monkeypatch.setitem(operators._OPERANDS, "sounds like", Operand.NONE)
    with pytest.raises(KeyError, match="sounds like"):
        holds(kind, "sounds like", None, "x")


KINDS = (*OPERANDS, FieldType.BOOLEAN)
EVERY_ROW = [(kind, word, operand_for(kind, word)) for kind in KINDS for word in operators_for(kind)]


@pytest.mark.parametrize("value", [None, "", " \t", (), ("", None)])
@pytest.mark.parametrize("name", ["F", "Clients.F"])
def test_a_missing_value_satisfies_only_is_empty_and_the_negative_operators(value: Value, name: str) -> None:
    satisfied = {word for kind, word, operand in EVERY_ROW if holds(kind, word, operand, value, name=name)}
    assert satisfied == {"is empty", "isn't", "!=", "doesn't contain", "not between", "is not selected"}


def test_related_records_satisfy_a_row_if_any_of_them_does() -> None:
    def related(operator: str, operand: Value, value: Value) -> bool:
        return holds(FieldType.PICKLIST, operator, operand, value, name="Clients.Industry")

    assert related("is", "Retail", ("Bank", "RETAIL"))
    assert not related("isn't", "Retail", ("Bank", "RETAIL"))
    assert related("isn't", "Retail", ("Bank", None))
    assert related("isn't", "Retail", ())
    assert related("is empty", None, ("Bank", None))
    assert related("is not empty", None, ("Bank", None))
    assert not related("is empty", None, ("Bank",))
    assert related("is empty", None, None)
    assert holds(FieldType.DECIMAL, ">", 5, (1, 9), name="Job_Openings.Positions")
    assert not holds(FieldType.MULTISELECT, "is empty", None, ("Bank", None))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes().map(datetime.isoformat)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(), inner, max_size=2),
    ),
    max_leaves=5,
)


@given(st.sampled_from(EVERY_ROW), JSON, st.sampled_from(("F", "Clients.F")))
@example((FieldType.DATETIME, "after", "2024-05-10T10:00"), "0001-01-01T00:00:00+14:00", "F")
@example((FieldType.DATETIME, "before", "2024-05-10T10:00"), "9999-12-31T23:59:59-14:00", "F")
@example((FieldType.DATETIME, "is", "2024-05-10"), "\ud8002024", "F")
def test_no_value_of_the_wire_makes_an_operator_fail(
    row: tuple[FieldType, str, Value], value: object, name: str
) -> None:
    kind, operator, operand = row
    found = holds(kind, operator, operand, value, name=name)
    positive = NEGATIVES.get(operator)
    if positive is not None:
        assert found is not holds(kind, positive, operand, value, name=name)
    if operator == "is not empty":
        assert found is not is_missing(value)


def test_only_the_rows_that_are_needed_are_looked_at() -> None:
    test = compile_criteria(
        WORKED, parse("(1 and 2) and (3 or 4)", 4), WORKED_FIELDS, WORKED_COLUMNS, BERLIN, TODAY
    )
    assert test(("Sales",)) is False


def test_a_row_that_cannot_be_meant_stops_before_any_record() -> None:
    def build(condition: Condition) -> None:
        compile_criteria((WORKED[0], condition), parse("1 and 2", 2), WORKED_FIELDS, WORKED_COLUMNS, BERLIN, TODAY)

    with pytest.raises(CriteriaError, match=r"row 2: the field Gone\\x1b does not exist"):
        build(Condition(field="Gone\x1b", operator="is", value="x"))
    with pytest.raises(CriteriaError, match=r'row 2: Experience \(=\): "two" is not a number'):
        build(Condition(field="Experience_in_Years", operator="=", value="two"))


def test_a_moment_at_the_rim_of_the_calendar_is_refused() -> None:
    with pytest.raises(CriteriaError, match="outside the calendar"):
        holds(FieldType.DATETIME, "after", "0001-01-01T00:00:00+14:00", "2024-05-10T10:00:00Z")
