"""Everything wrong with a definition at once: keys, their order, and sentences."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.unit.definition_samples import CATALOGUE, NOW, PEOPLE, field
from tui_sync.model.definitions import Problem, problems, tidied
from tui_sync.model.mapping import default_rows
from tui_sync.model.records import Field, Module
from tui_sync.model.sync import (
    Condition,
    Frequency,
    MappingRow,
    Policies,
    Removal,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
)

CANDIDATES, _, ALUMNI, ROOMS = CATALOGUE.modules
GOOD = Sync(
    id="s1", name="Graduates", module="Candidates", list_key="key-z", list_name="Zylker",
    mapping=default_rows(PEOPLE), created=NOW,
)  # fmt: skip
DEPARTMENT = Condition(field="Department", operator="is", value="Sales")


def found(
    sync: Sync, module: Module | None = CANDIDATES, fields: tuple[Field, ...] = PEOPLE
) -> list[Problem]:
    return problems(sync, module=module, fields=fields, hub_fields=CATALOGUE.hub_fields)


def keys(**changes: Any) -> list[str]:  # noqa: ANN401 - any attribute of a sync
    return [problem.key for problem in found(msgspec.structs.replace(GOOD, **changes))]


def chosen(*conditions: Condition, pattern: str) -> Selection:
    return Selection(kind=SelectionKind.CRITERIA, conditions=conditions, pattern=pattern)


def test_a_sound_definition_has_no_problem() -> None:
    assert found(GOOD) == []
    assert keys(selection=chosen(DEPARTMENT, pattern="1")) == []
    assert keys(schedule=Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")) == []


def test_an_empty_draft_lacks_module_name_and_list_in_the_order_of_the_wizard() -> None:
    blank = Sync(id="", name=" ", module="", list_key="", list_name="", created=NOW)
    assert [problem.key for problem in found(blank, None, ())] == ["module", "name", "list"]


def test_problems_come_in_the_order_of_the_wizard() -> None:
    wrong = keys(
        selection=chosen(DEPARTMENT, Condition(field="Nowhere", operator="is", value="x"), pattern="1 and"),
        name="", list_key="", mapping=(*GOOD.mapping, MappingRow(target="City", source="Candidate_Owner")),
        schedule=Schedule(frequency=Frequency.MONTHLY, at="9", timezone="Mars/Base"),
    )  # fmt: skip
    assert wrong == ["conditions[2]", "pattern", "name", "list", "day", "at", "timezone", "mapping.City"]


@pytest.mark.parametrize(
    ("condition", "part", "words"),
    [
        (Condition(field="Nowhere", operator="is", value="x"), "field", 'Candidates has no field "Nowhere".'),
        (Condition(field="Clients.Industry", operator="is", value="x"), "field", "no related module"),
        (Condition(field="Birthday", operator="contains", value="x"), "operator", "without an operator"),
        (Condition(field="Year_of_Passing", operator="=", value="soon"), "value", '"soon" is not a number.'),
    ],
)
def test_a_wrong_row_names_its_number_and_the_cell_that_is_meant(condition: Condition, part: str, words: str) -> None:
    [problem] = found(msgspec.structs.replace(GOOD, selection=chosen(DEPARTMENT, condition, pattern="1 and 2")))
    assert (problem.key, problem.part) == ("conditions[2]", part)
    assert words in problem.sentence


def test_a_related_field_may_be_used_where_the_connection_has_it() -> None:
    row = Condition(field="Job_Openings.Posting_Title", operator="is", value="Chemist")
    sync = msgspec.structs.replace(GOOD, selection=chosen(row, pattern="1"))
    assert found(sync, fields=(*PEOPLE, field("Job_Openings.Posting_Title"))) == []
    [problem] = found(sync)
    assert "not available on this connection" in problem.sentence
    mapped = msgspec.structs.replace(GOOD, mapping=(*GOOD.mapping, MappingRow(target="City", source="Clients.City")))
    assert [p.key for p in found(mapped, fields=(*PEOPLE, field("Clients.City")))] == ["mapping.City"]


def test_a_pattern_is_told_with_its_position() -> None:
    [problem] = found(msgspec.structs.replace(GOOD, selection=chosen(DEPARTMENT, pattern="1 and 7")))
    assert problem.key == "pattern"
    assert "column 7: row 7 does not exist" in problem.sentence


def test_criteria_need_rows_and_a_view_must_be_chosen() -> None:
    assert keys(selection=Selection(kind=SelectionKind.CRITERIA)) == ["conditions"]
    assert keys(selection=Selection(kind=SelectionKind.VIEW)) == ["view"]
    rows = [DEPARTMENT] * 26
    assert keys(selection=chosen(*rows, pattern=" and ".join(map(str, range(1, 27))))) == ["conditions"]


@pytest.mark.parametrize(
    ("schedule", "key"),
    [
        (Schedule(frequency=Frequency.WEEKLY), "on"),
        (Schedule(frequency=Frequency.WEEKLY, on="Montag"), "on"),
        (Schedule(frequency=Frequency.MONTHLY), "day"),
        (Schedule(frequency=Frequency.MONTHLY, day=32), "day"),
        (Schedule(at="24:00"), "at"),
        (Schedule(at="9:00"), "at"),
        (Schedule(timezone="America"), "timezone"),
    ],
)
def test_a_schedule_names_what_it_lacks(schedule: Schedule, key: str) -> None:
    assert keys(schedule=schedule) == [key]


def test_what_the_selection_and_the_frequency_do_not_use_is_no_problem_and_is_tidied_away() -> None:
    left_over = msgspec.structs.replace(
        GOOD, name=" Graduates ", schedule=Schedule(frequency=Frequency.DAILY, on="monday", day=40),
        selection=Selection(view_id="11", view_name="Everyone", conditions=(DEPARTMENT,), pattern="7"),
    )  # fmt: skip
    assert found(left_over) == []
    assert tidied(left_over) == msgspec.structs.replace(GOOD, schedule=Schedule(frequency=Frequency.DAILY))


def test_a_module_that_cannot_be_synced_says_why_and_nothing_is_asked_of_its_fields() -> None:
    sync = msgspec.structs.replace(GOOD, module="CustomModule2", selection=chosen(DEPARTMENT, pattern="1"))
    [problem] = found(sync, ROOMS, ())
    assert (problem.key, problem.sentence) == ("module", "CustomModule2 cannot be synced: it has no e-mail field.")
    assert [problem.key for problem in found(sync, None, ())] == ["module"]


def test_a_module_without_opt_out_takes_no_policy_about_it() -> None:
    sync = msgspec.structs.replace(
        GOOD, module="CustomModule1", policies=Policies(Removal.LIST), mapping=(MappingRow(target="Lead Email", source="Mail"),)
    )
    [problem] = found(sync, ALUMNI, CATALOGUE.fields["CustomModule1"])
    assert problem.key == "on_opt_out"


def test_hostile_names_are_harmless_in_sentences() -> None:
    sync = msgspec.structs.replace(
        GOOD, module="\x1b[31mX", mapping=(*GOOD.mapping, MappingRow(target="\x1b[2J", source="\u202eevil"))
    )
    told = [*found(sync, None), *found(msgspec.structs.replace(sync, module="Candidates"))]
    assert len(told) == 2
    assert all("\x1b" not in problem.sentence and "\u202e" not in problem.sentence for problem in told)
