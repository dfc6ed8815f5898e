"""A number or a moment is typed anew, not written on: 31 over 27 is 31."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tests.ui.test_criteria import editing
from tests.ui.test_retrieval import edit
from tests.ui.test_settings import at_line
from tui_sync.services import settings
from tui_sync.ui.screens.retrieval import RetrievalPage
from tui_sync.ui.widgets.entry import Entry


@acting
async def test_what_is_typed_in_a_schedule_takes_the_place_of_what_stood_in_the_field(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        page = ui.app.screen
        assert isinstance(page, RetrievalPage)
        await ui.press("right", "down", '"27"', "down", '"23:55"', "down", '"Europe/Paris"')
        await ui.press("shift+tab", "shift+tab", '"31"', "tab", '"07:15"', "tab", '"Asia/Tokyo"')
        schedule = page._schedule.value
        assert schedule is not None
        assert (schedule.day, schedule.at, schedule.timezone) == (31, "07:15", "Asia/Tokyo")


@acting
async def test_a_digit_more_is_written_behind_a_number_after_the_cursor_was_moved(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press("right", "down", '"2"', "tab", "shift+tab", "end", "7")
        assert isinstance(ui.app.focused, Entry)
        assert ui.app.focused.value == "27"


@acting
async def test_a_number_of_the_settings_is_typed_anew_and_names_are_written_on(ran: Path) -> None:
    async with opened(ran) as ui:
        await at_line(ui, "limit-day")
        await ui.press("enter", '"12"', "enter")
        assert settings.settings(ui.app.desk).limits.day == 12
        await at_line(ui, "role-names")
        await ui.press("enter", '", crew"', "enter")
        assert len(settings.settings(ui.app.desk).role_names or ()) > 1


@acting
async def test_a_number_of_a_criteria_row_is_typed_anew(made: Path) -> None:
    async with editing(made) as ui:
        await ui.press("down", "down", "enter", "enter", '"2020"', "enter")
        assert "2020" in next(line for line in ui.lines() if "Year of Passing" in line)
        assert "2015" not in ui.text()
