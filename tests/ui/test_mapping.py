"""The mapping editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.ui.driver import Driver, acting, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.model.errors import Unreachable
from tui_sync.model.sync import MappingRow, Sync
from tui_sync.services import catalogue, sampling
from tui_sync.simulator import Fault
from tui_sync.ui.screens.mapping import MappingPage
from tui_sync.ui.screens.syncs import SyncsPage

NAME = "IT graduates"


async def edit(ui: Driver, name: str = NAME) -> MappingPage:
    """Open the editor and wait for the sample."""
    ui.app.go.mapping(ui.app.desk.sync(name))
    page = ui.app.screen
    assert isinstance(page, MappingPage)
    await ui.until(lambda: page._arriving, "the sample")
    return page


def mapped(ui: Driver, name: str = NAME) -> dict[str, str]:
    return {row.target: row.source for row in ui.app.desk.sync(name).mapping}


@acting
async def test_each_row_shows_real_values_as_they_will_arrive(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui)
        [row] = [line for line in ui.lines() if "Current Job Title" in line]
        assert row.count("|") == 2
        assert "5 of " in ui.lines()[0]
        assert "hub fields" in ui.lines()[0]


@acting
async def test_reading_again_shows_the_values_of_now_and_no_longer_that_there_are_none(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        take, sync = sampling.take, ui.app.desk.sync(NAME)
        none = replace(await take(ui.app.desk, sync.module), records=[])

        async def refused(*_: object, **__: object) -> sampling.Sample:
            raise Unreachable("recruit.zoho.com cannot be reached.")

        async def emptied(*_: object, **__: object) -> sampling.Sample:
            return none

        monkeypatch.setattr(sampling, "take", refused)
        ui.app.go.mapping(sync)
        await ui.until_text("There are no values to show.")
        monkeypatch.setattr(sampling, "take", take)
        await ui.press("r")
        await ui.until_text(" | ")
        assert "There are no values to show." not in ui.text()
        monkeypatch.setattr(sampling, "take", emptied)
        await ui.press("r")
        await ui.until(lambda: " | " not in ui.text(), "the values of now")


@acting
async def test_values_too_long_for_their_column_stand_whole_below_at_every_size(ran: Path) -> None:
    for size in ((80, 24), (60, 16)):
        async with opened(ran, size=size) as ui:
            page = await edit(ui)
            values = [word for value in page._arriving["Email"] for word in value.split()]
            assert len(values) == 3
            told = "\n".join(ui.lines()[next(n for n, line in enumerate(ui.lines()) if "It will arrive as" in line):])
            assert all(value in told for value in values)
            assert "|" not in told
            assert "one without an e-mail is ignored." in " ".join(told.split())
            await ui.press("down")
            assert "b changes it for First Name." in " ".join(ui.text().split())


@acting
async def test_a_suggestion_is_passed_over_under_the_word_that_help_has_for_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui)
        await ui.until_text("Suggested: ")
        [offer] = [line for line in ui.lines() if "y accept" in line and "N " in line]
        assert "N skip" in offer


@acting
async def test_another_field_of_the_hub_is_filled_and_saved_and_taken_back(ran: Path) -> None:
    async with opened(ran) as ui:
        before = mapped(ui)
        await edit(ui)
        await ui.press("a")
        await ui.until_text("Fill which field of the hub")
        await ui.press('"country"', "enter")
        await ui.until_text("What fills Country")
        assert any("▌ Country" in line for line in ui.lines())
        await ui.press("enter")
        assert "not saved" in ui.lines()[0]
        assert mapped(ui) == before
        await ui.press("w")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert mapped(ui) == {**before, "Country": "Country"}
        await ui.press("u")
        assert mapped(ui) == before


@acting
async def test_a_field_that_cannot_be_mapped_says_why_and_cannot_be_chosen(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui)
        await ui.press("down", "down", "down", "enter")
        await ui.until_text("What fills City")
        await ui.press('"Created_By"')
        await ui.until_text("holds a user of Recruit and cannot be mapped")
        await ui.press("enter")
        assert "What fills City" in ui.text()


@acting
async def test_the_email_row_stays(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await edit(ui)
        await ui.press("home", "x")
        await ui.until_text("The e-mail names the person; its row cannot go.")
        assert not page.changed()


@acting
async def test_a_row_is_deleted_and_a_blank_is_turned_around(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui)
        await ui.press("end", "x", "b", "w")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        rows = ui.app.desk.sync(NAME).mapping
        assert [row.target for row in rows] == ["Lead Email", "First Name", "Last Name", "City"]
        assert [row.overwrite_blank for row in rows] == [False, False, False, True]


@acting
async def test_u_takes_back_the_last_change_of_the_screen_and_no_edit_from_before(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui)
        await ui.press("end", "x", "w")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        saved = mapped(ui)
        page = await edit(ui)
        await ui.press("b", "down", "x", "b")
        assert len(page._mapping) == len(saved) - 1
        await ui.press("u", "u")
        assert {row.target: row.source for row in page._mapping} == saved
        await ui.press("u", "u")
        await ui.until_text("Nothing was changed here.")
        assert mapped(ui) == saved


@acting
async def test_a_recruit_that_cannot_be_asked_is_told_and_nothing_pretends_to_be_read(ran: Path) -> None:
    async with opened(ran) as ui:
        connector = ui.app.desk.connect
        assert isinstance(connector, DemoConnector)
        connector.organisation.faults.add(Fault(kind="html", path="/recruit/v2/settings", count=5))
        ui.app.go.mapping(ui.app.desk.sync(NAME))
        await ui.until_text("Press r to read")
        assert "reading" not in ui.text()
        connector.organisation.faults.clear()
        await ui.press("r")
        await ui.until_text(" | ")


@acting
async def test_suggestions_come_one_at_a_time_to_be_taken_or_passed_over(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await edit(ui)
        first = page._suggestion
        assert first is not None
        assert f"Suggested: {first.row.target}" in ui.text()
        await ui.press("N")
        second = page._suggestion
        assert second is not None
        assert second.row.target != first.row.target
        await ui.press("y", "w")
        await ui.until(lambda: second.row.target in mapped(ui))
        assert first.row.target not in mapped(ui)


@acting
async def test_a_field_is_created_at_the_hub_only_after_a_question_and_then_filled(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await edit(ui)
        await ui.press("c", '"city"')
        await ui.until_text("The hub has a field of this name already.")
        await ui.press("ctrl+u", '"Hobby"', "enter")
        await ui.until_text("Create the field Hobby?")
        await ui.press("enter")
        assert "Hobby" not in [field.name for field in await catalogue.hub_fields(ui.app.desk)]
        await ui.press("c", '"Hobby"', "enter")
        await ui.until_text("Create the field Hobby?")
        await ui.press("y")
        await ui.until_text("What fills Hobby")
        assert "Hobby" in [field.name for field in await catalogue.hub_fields(ui.app.desk)]
        await ui.press('"Street"', "enter")
        assert page.changed()
        await ui.press("w")
        await ui.until(lambda: mapped(ui).get("Hobby") == "Street")


@acting
async def test_a_row_that_is_wrong_says_why_and_is_not_saved(ran: Path) -> None:
    async with opened(ran) as ui:
        sync = ui.app.desk.sync(NAME)
        gone = MappingRow(target="Country", source="Fax_Machine")
        ui.app.desk.workspace.syncs.put(replace(sync, mapping=(*sync.mapping, gone)))
        await edit(ui)
        await ui.press("end")
        assert "The module has no field Fax_Machine." in ui.text()
        await ui.press("home", "down", "b", "w")
        assert isinstance(ui.app.screen, MappingPage)
        assert not any(row.overwrite_blank for row in ui.app.desk.sync(NAME).mapping)


@acting
async def test_leaving_with_something_unsaved_asks(ran: Path) -> None:
    async with opened(ran) as ui:
        before = mapped(ui)
        await edit(ui)
        await ui.press("end", "x", "escape")
        await ui.until_text("Leave without saving?")
        await ui.press("enter")
        assert isinstance(ui.app.screen, MappingPage)
        await ui.press("escape", "y")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert mapped(ui) == before


@acting
async def test_the_wizard_gets_the_mapping_and_nothing_is_stored(ran: Path) -> None:
    async with opened(ran) as ui:
        stored = ui.app.desk.sync(NAME)
        taken: list[Sync] = []
        ui.app.push_screen(MappingPage(replace(stored, id="", name="", mapping=()), taken.append))
        await ui.until_text("Lead Email")
        await ui.until_text("First Name")
        assert "New sync > Mapping" in ui.lines()[0]
        await ui.press("w")
        await ui.until(lambda: taken)
        assert [row.target for row in taken[0].mapping] == ["Lead Email", "First Name", "Last Name"]
        assert ui.app.desk.sync(NAME) == stored


@acting
async def test_the_cursor_stays_with_its_row_at_any_size(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await edit(ui)
        await ui.press("down", "down")
        for size in ((60, 16), (120, 40), (40, 10), (80, 24)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            assert page._row is not None
            assert page._row.target == "Last Name"
