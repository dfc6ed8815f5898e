"""The criteria editor as values and lines, without a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.model import definitions
from tui_sync.model.criteria import PatternError, default, display, parse
from tui_sync.model.records import Columns, Field, FieldType, Module, Record, Value
from tui_sync.model.sync import Condition, Selection, SelectionKind, Sync
from tui_sync.services import sampling
from tui_sync.services.sampling import Sample
from tui_sync.ui.present import criteria as shown
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.criteria_refusals import refusal
from tui_sync.ui.present.criteria_tree import person_lines, tree
from tui_sync.ui.present.lines import Line, width_of

DEPARTMENT = Field(name="Department", label="Department", type=FieldType.PICKLIST, choices=("IT", "Sales"))
YEARS = Field(name="Years", label="Experience in Years", type=FieldType.INTEGER)
SINCE = Field(name="Since", label="Since", type=FieldType.DATE)
IMAGE = Field(name="Photo", label="Photo", type=FieldType.IMAGE)
FIELDS = {field.name: field for field in (DEPARTMENT, YEARS, SINCE, IMAGE)}

IT = Condition(field="Department", operator="is", value="IT")
SENIOR = Condition(field="Years", operator=">=", value=2)
FOUR = (IT, SENIOR, Condition(field="Years", operator="=", value=3), Condition(field="Years", operator="=", value=4))


def sample_of(*people: tuple[Value, ...]) -> Sample:
    """A sample of people by department, years and date."""
    records = [
        Record(str(number), "", False, False, (f"p{number}@zylker.com", *values)) for number, values in enumerate(people, start=1)
    ]
    return Sample(
        module=Module(name="Candidates", label="Candidates"),
        fields=tuple(FIELDS.values()),
        columns=Columns(("Email", "Department", "Years", "Since")),
        records=records,
        whole=True,
        zone=ZoneInfo("UTC"),
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )


PEOPLE = sample_of(("IT", 3, "2020-01-01"), ("IT", 1, None), ("Sales", 4, "2024-06-30"))


def of(pattern: str, *conditions: Condition) -> Criteria:
    return Criteria(conditions, parse(pattern, len(conditions)))


def texts(lines: list[Line]) -> list[str]:
    return ["".join(part.text for part in line_) for line_ in lines]


def drawn(edited: Criteria, width: int = 60, person: Record | None = None) -> list[str]:
    truth = None if person is None else sampling.truth(PEOPLE, person, edited.conditions, edited.pattern)
    return texts([one.line for one in tree(edited, FIELDS, width, truth)])


# the value


def test_deleting_a_row_renumbers_the_pattern_and_takes_its_operator_along() -> None:
    after = of("(1 and 2) and (3 or 4)", *FOUR).without(3)
    assert (after.shown, after.conditions) == ("(1 and 2) and 3", (FOUR[0], FOUR[1], FOUR[3]))
    nothing = Criteria().added(IT).without(1)
    assert nothing == Criteria()


def test_a_new_row_is_joined_by_and_to_everything_before_it() -> None:
    assert of("1 or 2", IT, SENIOR).added(IT).shown == "(1 or 2) and 3"


def test_a_connector_changes_only_its_own_place_of_the_pattern() -> None:
    edited = of("(1 and 2) and (3 or 4)", *FOUR)
    assert edited.toggled(4).shown == "(1 and 2) and (3 and 4)"
    assert edited.toggled(3).shown == "(1 and 2) or (3 or 4)"
    assert edited.toggled(1) == edited


def test_the_pattern_is_saved_in_normal_form_and_makes_the_selection_one_by_criteria() -> None:
    sync = Sync(id="1", name="a", module="Candidates", list_key="l", list_name="L", created=datetime(2026, 1, 1, tzinfo=UTC))
    selection = of("1 and (2)", IT, SENIOR).into(sync).selection
    assert selection == Selection(kind=SelectionKind.CRITERIA, conditions=(IT, SENIOR), pattern="(1 and 2)")


def test_an_unreadable_saved_pattern_is_told_and_the_rows_are_kept() -> None:
    edited, told = Criteria.of(Selection(kind=SelectionKind.CRITERIA, conditions=(IT, SENIOR), pattern="1 and 9\x1b[2J"))
    assert edited.shown == "1 and 2"
    assert "row 9 does not exist" in told
    assert "\x1b" not in told


# rows


def test_each_row_has_its_connector_its_count_and_what_is_wrong_with_it() -> None:
    gardening = Condition(field="Department", operator="is", value="Gardening")
    edited = of("(1 and 2) or 3", gardening, Condition(field="Years", operator="between", value=(2, 5)), IT)
    counts = sampling.counts(PEOPLE, edited.conditions, edited.pattern)
    rows = shown.shown_rows(edited, PEOPLE, counts)
    assert [row.connector for row in rows] == ["", "and", "or"]
    assert [row.matches for row in rows] == [0, 2, 2]
    assert (rows[1].operator, rows[1].value) == ("between", "2 and 5")
    assert rows[0].note == '"Gardening" is not a choice of Department.'
    assert not rows[0].wrong


def test_a_row_whose_field_is_gone_is_wrong_counts_nothing_and_keeps_the_criteria_from_being_saved() -> None:
    gone = Condition(field="Gone\x1b]0;x\x07", operator="is", value="1")
    edited = of("1 and 2", IT, gone)
    counts = sampling.counts(PEOPLE, edited.conditions, edited.pattern)
    row = shown.shown_rows(edited, PEOPLE, counts)[1]
    assert row.wrong
    assert row.matches is None
    assert counts.whole is None
    assert "\x1b" not in row.label + row.note
    named = shown.shown_rows(edited, PEOPLE, counts, {gone.field: "Years of age"})[1]
    assert named.note == "Candidates has no field Years of age. Choose another, or delete the row."
    assert refusal("save", edited, 1, PEOPLE).startswith("Row 2: Candidates has no field")


def test_before_the_sample_rows_and_tree_say_the_labels_that_are_known() -> None:
    age = Condition(field="Age", operator=">", value=3)
    edited, labels = of("1 and 2", IT, age), {"Age": "Years of age"}
    assert [row.label for row in shown.shown_rows(edited, None, None, labels)] == ["Department", "Years of age"]
    assert any("2 Years of age > 3" in told for told in texts([one.line for one in tree(edited, {}, 60, labels=labels)]))


def test_the_last_n_days_are_shown_with_their_number() -> None:
    condition = Condition(field="Since", operator="in the last N days", value=1)
    assert shown.operator_and_value(condition) == ("in the last", "1 day")


def test_hints_tell_what_the_sample_holds() -> None:
    assert shown.hint(PEOPLE, YEARS, ">=") == "In the sample: 1 to 4."
    assert shown.hint(PEOPLE, DEPARTMENT, "contains") == "Often in the sample: IT, Sales."
    assert shown.hint(PEOPLE, SINCE, "before") == "Write it as 2026-01-31. In the sample: 2020-01-01 to 2024-06-30."
    assert shown.hint(sample_of((None, None, None)), YEARS, "=") == "Nobody in the sample has a value in Experience in Years."


@pytest.mark.parametrize(
    ("text", "field", "operator", "value"),
    [(" 2 ", YEARS, ">=", 2), ("2.5", YEARS, "=", 2.5), ("two", YEARS, "=", "two"), ("7", SINCE, "in the last N days", 7),
     ("2026-01-31", SINCE, "before", "2026-01-31"), ("7", DEPARTMENT, "is", "7")],
)  # fmt: skip
def test_a_typed_value_becomes_what_the_field_holds(text: str, field: Field, operator: str, value: Value) -> None:
    assert shown.operand_from(text, field, operator) == value


def test_a_typed_number_of_any_size_is_read_again_from_the_file_that_its_sync_is_written_to() -> None:
    value = shown.operand_from("99999999999999999999", YEARS, "=")
    row = Condition(field="Years", operator="=", value=value)
    sync = Sync(id="s1", name="A", module="Candidates", list_key="k", list_name="L", created=datetime(2026, 3, 1, tzinfo=UTC),
                selection=Selection(kind=SelectionKind.CRITERIA, conditions=(row,), pattern="1"))  # fmt: skip
    [again] = definitions.parse(definitions.render([sync], "UTC"), "a.toml")
    assert again.conditions == (row,)
    assert shown.problem(row, PEOPLE) == ""


# the pattern


def mark(text: str, rows: int, *, start: int = 12, first: int = 0, width: int = 80) -> str:
    with pytest.raises(PatternError) as caught:
        parse(text, rows)
    told = texts(shown.mistake_lines(caught.value, start, text, first, width))
    assert all(len(row) <= width for row in told)
    return "\n".join(told)


def test_the_mistake_is_marked_under_its_character() -> None:
    text = "(1 and 2) and (3 or 4"
    told = mark(text, 4)
    assert told.index("^") == 12 + text.index("(3")
    assert told.strip() == '^ missing ")" for the "(" at 15'


def test_a_word_is_marked_in_its_whole_length() -> None:
    assert "    ^^^ unknown word" in mark("1 xor 2", 2)


def test_where_the_right_side_has_no_room_the_sentence_stands_left_of_the_mark() -> None:
    text = "(1 and 2) and (3 or 4) and 5 and 6 and 7 and 9"
    told = mark(text, 7, width=62)
    assert told.endswith("row 9 does not exist. There are rows 1 to 7. ^")
    assert told.index("^") == 12 + text.index("9")


def test_the_mark_follows_a_text_that_is_scrolled() -> None:
    assert mark("1 and 2 and 3 and 9", 3, first=10).index("^") == 12 + 18 - 10


def test_a_mistake_out_of_sight_is_pointed_at_and_marks_no_other_character() -> None:
    assert mark("1 xor 2 and 3", 3, first=8).strip().startswith('< unknown word "xor"')
    assert mark("1 and 2 and 3 and 9", 3, width=28).endswith(">")


@given(st.text(alphabet="123 ()andorx", max_size=60), st.integers(20, 100), st.integers(0, 60))
def test_the_mark_is_always_in_the_line_and_the_sentence_stands_whole(text: str, width: int, first: int) -> None:
    try:
        parse(text, 3)
    except PatternError as wrong:
        error = wrong
    else:
        return
    marks, *below = shown.mistake_lines(error, 12, text, first, width)
    assert all(width_of(told) <= width for told in (marks, *below))
    assert any(mark in part.text for part in marks for mark in "^<>")
    assert error.problem.replace(" ", "") in "".join(texts([marks, *below])).replace(" ", "")


# the tree


def test_the_tree_keeps_what_stands_in_parentheses_together() -> None:
    assert [text.strip() for text in drawn(of("(1 and 2) and (3 or 4)", *FOUR))] == [
        "and",
        "├─ and",
        '│  ├─ 1 Department is "IT"',
        "│  └─ 2 Experience in Years >= 2",
        "└─ or",
        "├─ 3 Experience in Years = 3",
        "└─ 4 Experience in Years = 4",
    ]


def test_a_run_of_rows_is_no_staircase() -> None:
    assert len(drawn(Criteria(FOUR, default(("and", "and", "and"))))) == 5


def test_for_one_person_the_tree_tells_value_answer_and_who_decided() -> None:
    lines = drawn(of("1 and 2", IT, SENIOR), 80, PEOPLE.records[1])
    assert lines[0].split() == ["and", "no"]
    assert lines[1].split()[-2:] == ["IT", "yes"]
    assert lines[2].split()[-3:] == ["1", "decides", "no"]
    assert {len(text) for text in lines} == {80}


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_deepest_tree_of_25_rows_still_shows_every_number(width: int) -> None:
    operators = [("and", "or")[number % 2] for number in range(24)]
    edited = Criteria((SENIOR,) * 25, default(operators))  # type: ignore[arg-type]
    lines = drawn(edited, width, PEOPLE.records[0])
    assert max(map(len, lines)) <= width
    for number in range(1, 26):
        assert any(f" {number} " in text.replace("├", " ").replace("└", " ").replace("─", " ") for text in lines), number


def test_a_person_is_told_harmlessly_and_in_the_width_there_is() -> None:
    said = "no match: row 1, row 2, row 3, row 4, row 5 and row 6 are all false"
    told = texts(person_lines("Eve\x1b[2J", "eve@zylker.com", said, 60))
    assert max(map(len, told)) <= 60
    assert "\x1b" not in "".join(told)
    assert " ".join(" ".join(told).split()).endswith("are all false")


# room


@given(st.integers(0, 25), st.integers(0, 60), st.integers(1, 60))
def test_rows_and_tree_share_the_lines_there_are(rows: int, lines: int, room: int) -> None:
    height = shown.table_height(rows, lines, room)
    assert 1 <= height <= max(room, 4)
    if (rows or len(shown.no_rows())) + 1 + lines <= room:
        assert height == (rows or len(shown.no_rows())) + 1


# refusals


def test_what_cannot_be_done_says_why() -> None:
    assert refusal("edit", Criteria(), 0, None) == "The fields and the sample are still being read."
    assert refusal("delete", Criteria(), 0, PEOPLE) == "There is no row yet. Press a to add one."
    assert refusal("save", Criteria(), 0, PEOPLE) == "Criteria need at least one row. Press a to add one."
    assert "25 rows" in refusal("add", Criteria((IT,) * 25, default(("and",) * 24)), 1, PEOPLE)
    swapped = of("2 and 1", IT, SENIOR)
    assert "edit the pattern instead" in refusal("connector", swapped, 2, PEOPLE)
    assert "nothing before it" in refusal("connector", swapped, 1, PEOPLE)
    assert display(parse("2 and 1", 2)) == swapped.shown
