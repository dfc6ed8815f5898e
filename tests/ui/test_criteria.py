"""The criteria editor: rows, pattern, counts over real records, and which row decides for one person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.model.records import Record
from tui_sync.model.sync import Condition, Schedule, Selection, SelectionKind, Sync
from tui_sync.simulator import Fault
from tui_sync.ui.keys import ACTIONS
from tui_sync.ui.screens.criteria import CriteriaPage

NAME = "IT graduates"
PATTERN = "((1 and 2) and (3 or 4))"


@asynccontextmanager
async def editing(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """The editor on the sync of the worked case, its sample read."""
    async with opened(folder, size=size) as ui:
        ui.app.go.criteria(saved(ui))
        await ui.until(lambda: page(ui).sample is not None, "the sample")
        yield ui


def page(ui: Driver) -> CriteriaPage:
    found = next(screen for screen in ui.app.screen_stack if isinstance(screen, CriteriaPage))
    assert isinstance(found, CriteriaPage)
    return found


def saved(ui: Driver) -> Sync:
    sync = ui.app.desk.workspace.syncs.named(NAME)
    assert sync is not None
    return sync


def people(ui: Driver) -> list[dict[str, object]]:
    """The records of the sample by field."""
    sample = page(ui).sample
    assert sample is not None
    return [dict(zip(sample.columns.names, record.values, strict=True)) for record in sample.records]


def line_with(ui: Driver, text: str) -> str:
    return next(line for line in ui.lines() if text in line)


def in_it(person: Mapping[str, object]) -> bool:
    return person["Department"] == "Information Technology"


def two_years(person: Mapping[str, object]) -> bool:
    years = person["Experience_in_Years"]
    return isinstance(years, int) and years >= 2


@acting
async def test_it_shows_rows_pattern_and_tree_and_counts_real_records(made: Path) -> None:
    async with editing(made) as ui:
        known = people(ui)
        assert f"sample: all {len(known)}" in ui.lines()[0]
        row = line_with(ui, "Department           is")
        assert row.split()[-1] == str(sum(map(in_it, known)))
        both = sum(in_it(person) and two_years(person) and person["Year_of_Passing"] in (2015, 2016) for person in known)
        assert line_with(ui, "Pattern").split("(3 or 4)")[1].split() == [str(both), "of", str(len(known))]
        assert '   │  ├─ 1 Department is "Information Technology"' in ui.lines()
        assert "or 4  Year of Passing" in ui.text()


@acting
async def test_a_connector_changes_pattern_and_count_and_can_be_saved_and_taken_back(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("down", "o")
        assert "(1 or 2) and (3 or 4)" in ui.text()
        assert "not saved" in ui.lines()[0]
        await ui.press("w")
        await ui.until_text("effective at the next fetch")
        assert saved(ui).selection.pattern == "((1 or 2) and (3 or 4))"
        assert not any(isinstance(screen, CriteriaPage) for screen in ui.app.screen_stack)
        await ui.press("u")
        assert saved(ui).selection.pattern == PATTERN


@acting
async def test_a_change_is_taken_back_one_at_a_time_before_it_is_saved(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("x", "down", "o", "u")
        assert "1 and (2 or 3)" in ui.text()
        await ui.press("u")
        assert "(1 and 2) and (3 or 4)" in ui.text()
        assert "not saved" not in ui.lines()[0]
        await ui.press("u")
        await ui.until_text("Nothing was changed here.")


@acting
async def test_a_pattern_that_cannot_be_read_has_no_count_in_another_size_either(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("p", "backspace")
        assert line_with(ui, "Pattern").split()[-3:] == ["-", "of", str(len(people(ui)))]
        await ui.pilot.resize_terminal(90, 24)
        await ui.until(lambda: len(ui.lines()[1]) == 90, "the other size")
        assert line_with(ui, "Pattern").split()[-3:] == ["-", "of", str(len(people(ui)))]


@acting
async def test_the_pattern_is_typed_with_its_mistake_marked_and_taken_only_when_right(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("p", "backspace")
        typed = next(n for n, line in enumerate(ui.lines()) if "Pattern" in line)
        pattern, told = ui.lines()[typed : typed + 2]
        assert pattern.index("(3") == told.index("^")
        assert 'missing ")" for the "("' in told
        assert pattern.endswith(f"- of {len(people(ui))}")
        await ui.press("enter")
        assert page(ui).panes.pattern.typing
        await ui.press(*["backspace"] * 11, '"or 3 or 4"', "enter")
        assert "((1 and 2) or 3) or 4" in ui.text()
        assert page(ui).edited.pattern == "(((1 and 2) or 3) or 4)"


@acting
async def test_escape_brings_the_pattern_before_back(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("p", '" and 1"', "escape")
        assert "(1 and 2) and (3 or 4)  " in ui.text()
        assert not page(ui).changed()
        assert isinstance(ui.app.screen, CriteriaPage)


@acting
async def test_connectors_and_tree_follow_the_pattern_that_is_typed_and_stay_where_it_cannot_be_read(made: Path) -> None:
    async with editing(made) as ui:
        before = ui.lines()
        await ui.press("p", *["backspace"] * 22, '"1 or 2 or 3 or 4"')
        for _ in range(2):
            assert line_with(ui, "2  Experience").split()[0] == "or"
            assert "└─ 4 Year" in ui.text()
            assert "├─ 3 Year" in ui.text()
            assert "│" not in ui.text()
            await ui.press("backspace")
        await ui.press("escape")
        assert [line for line in ui.lines() if "─ " in line] == [line for line in before if "─ " in line]
        assert line_with(ui, "2  Experience").split()[0] == "and"


@acting
async def test_a_row_is_added_by_field_operator_and_two_values(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("a", '"passed_out"', "enter", '"between"')
        assert "both ends belong to it" in ui.text()
        await ui.press("enter", '"2014-13-01"')
        assert "is not a day of the calendar" in ui.text()
        await ui.press(*["backspace"] * 5, '"01-01"', "enter", '"2013-01-01"', "enter")
        assert "Swap" in ui.text()
        await ui.press(*["backspace"] * 7, '"9-01-01"', "enter")
        added = page(ui).edited.conditions[4]
        assert added == Condition(field="Passed_Out_On", operator="between", value=("2014-01-01", "2019-01-01"))
        inside = [person for person in people(ui) if "2014-01-01" <= str(person["Passed_Out_On"] or "") <= "2019-01-01"]
        assert line_with(ui, "2014-01-01 and 2019-01-01").split()[-1] == str(len(inside))
        assert "((1 and 2) and (3 or 4)) and 5" in ui.text()


@acting
async def test_escape_goes_back_through_the_dialogs_and_leaves_everything_as_it_was(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("a", '"passed_out"', "enter")
        assert "which operator" in ui.text()
        await ui.press("escape")
        assert "which field" in ui.text()
        await ui.press("escape")
        assert not page(ui).changed()


@acting
async def test_a_field_that_cannot_be_compared_says_why_and_is_not_taken(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("a", '"record_im"', "enter")
        assert "Record Image cannot be used in criteria: an image has nothing to" in ui.text()
        assert "which field" in ui.text()


@acting
async def test_a_value_that_is_no_choice_is_taken_and_marked(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("enter", "enter", '"Gardening"', "enter")
        assert '"Gardening" is not a choice of Department' in ui.text()
        assert "! Gardening" in ui.text()
        await ui.press("w")
        await ui.until_text("effective at the next fetch")
        assert saved(ui).selection.conditions[0].value == "Gardening"


@acting
async def test_another_operator_keeps_the_value_where_it_means_something(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("down", "enter", "up", "enter", '"<="', "enter")
        assert page(ui).edited.conditions[1] == Condition(field="Experience_in_Years", operator="<=", value=2)
        await ui.press("enter", "up", "enter", '"is empty"', "enter")
        assert page(ui).edited.conditions[1] == Condition(field="Experience_in_Years", operator="is empty")


@acting
async def test_a_deleted_row_takes_its_place_in_the_pattern_along(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("down", "down", "x")
        assert page(ui).edited.pattern == "((1 and 2) and 3)"
        await ui.press("x", "x", "x")
        assert "adds the first row" in ui.text()
        await ui.press("w")
        await ui.until_text("at least one row")


@acting
async def test_for_a_person_of_the_sample_the_deciding_row_is_told(made: Path) -> None:
    async with editing(made) as ui:
        sample = page(ui).sample
        assert sample is not None

        def fails_first_row_only(record: Record) -> bool:
            person = dict(zip(sample.columns.names, record.values, strict=True))
            return not in_it(person) and bool(person["Department"]) and two_years(person)

        record = next(record for record in sample.records if fails_first_row_only(record))
        person = dict(zip(sample.columns.names, record.values, strict=True))
        await ui.press("t", f'"{person["Email"]}"', "enter")
        assert "no match: row 1 is false" in ui.text() or "no match: row 3 and row 4" in ui.text()
        answer = line_with(ui, "1 Department is")
        assert answer.split()[-1] == "no"
        assert str(person["Department"]) in answer
        assert line_with(ui, "2 Experience in Years >= 2").split()[-1] == "yes"
        await ui.press("right_square_bracket")
        assert page(ui)._person != record


@acting
async def test_leaving_with_changes_asks_and_stays_unless_told_to_discard(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("x", "escape")
        await ui.until_text("Leave without saving?")
        await ui.press("enter")
        assert page(ui).changed()
        await ui.press("escape", "y")
        assert not any(isinstance(screen, CriteriaPage) for screen in ui.app.screen_stack)
        assert saved(ui).selection.pattern == PATTERN


@acting
async def test_a_refused_save_is_told_and_nothing_typed_is_lost(made: Path) -> None:
    async with editing(made) as ui:
        syncs = ui.app.desk.workspace.syncs
        syncs.put(msgspec.structs.replace(saved(ui), schedule=Schedule(at="10:00")))
        await ui.press("x", "w")
        await ui.until_text("was changed meanwhile")
        assert page(ui).changed()
        assert len(page(ui).edited.conditions) == 3
        assert saved(ui).selection.pattern == PATTERN


@acting
async def test_the_wizard_gets_the_changed_sync_and_nothing_is_written(made: Path) -> None:
    async with opened(made) as ui:
        got: list[Sync] = []
        ui.app.go.criteria(msgspec.structs.replace(saved(ui), id="", name="", selection=Selection()), got.append)
        await ui.until(lambda: page(ui).sample is not None)
        assert "New sync > Criteria" in ui.lines()[0]
        assert "Each row compares one field with a value" in ui.text()
        await ui.press("a", '"city"', "enter", "enter", '"Pune"', "enter", "w")
        assert [sync.selection.conditions for sync in got] == [(Condition(field="City", operator="is", value="Pune"),)]
        assert got[0].selection.pattern == "1"
        assert saved(ui).selection.pattern == PATTERN


@acting
async def test_a_recruit_that_cannot_be_asked_is_told_and_read_again_on_a_key(made: Path) -> None:
    async with opened(made) as ui:
        connector = ui.app.desk.connect
        assert isinstance(connector, DemoConnector)
        connector.organisation.faults.add(Fault(kind="html", path="/recruit/v2/settings", count=5))
        ui.app.go.criteria(saved(ui))
        await ui.until_text("Press r to read again")
        assert "Experience in Years >= 2" in ui.text()
        connector.organisation.faults.clear()
        await ui.press("f5")
        await ui.until_text("sample: all")
        assert "Press r to read again" not in ui.text()


@acting
async def test_a_key_for_filtering_says_that_nothing_is_filtered_here(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("slash")
        await ui.until_text("Nothing can be filtered here.")


@acting
async def test_a_resize_keeps_row_person_and_what_is_typed(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("down", "down", "right_square_bracket", "p", '" and 9"')
        for size in ((60, 16), (120, 40), (60, 16)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
        assert "(1 and 2) and (3 or 4) and 9" in ui.text()
        assert "row 9 does not exist" in ui.text()
        assert page(ui).number == 3
        assert "3 Year of Passing" in ui.text()


@acting
async def test_without_rows_it_teaches_how_to_begin_on_the_smallest_terminal(made: Path) -> None:
    async with opened(made, size=(60, 16)) as ui:
        ui.app.go.criteria(msgspec.structs.replace(saved(ui), selection=Selection(kind=SelectionKind.CRITERIA)))
        await ui.until(lambda: page(ui).sample is not None)
        assert "a adds the first row." in ui.text()
        assert "…" not in ui.text()


@acting
async def test_25_rows_fit_every_size_and_no_more_are_offered(made: Path) -> None:
    async with opened(made, size=(60, 16)) as ui:
        rows = tuple(Condition(field="Experience_in_Years", operator=">=", value=number) for number in range(25))
        pattern = " and ".join(map(str, range(1, 26)))
        ui.app.go.criteria(msgspec.structs.replace(saved(ui), selection=Selection(conditions=rows, pattern=pattern)))
        await ui.until(lambda: page(ui).sample is not None)
        await ui.press("end")
        for size in ((60, 16), (80, 24), (120, 40)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            assert any(line.startswith(" ▌ and 25") for line in ui.lines()), size
            assert any("25 Experience in Years >= 24" in line for line in ui.lines()), size
        await ui.press("a")
        await ui.until_text("There are 25 rows")


@pytest.mark.parametrize("action", ACTIONS["criteria"], ids=lambda action: action.name)
def test_every_action_of_the_place_can_be_done(action: object) -> None:
    name = str(getattr(action, "name", "")).partition("(")[0]
    assert callable(getattr(CriteriaPage, f"do_{name}", None))
