"""Terminals of 60 by 16: what does not fit is told, and what matters fits."""

from __future__ import annotations

from pathlib import Path

from tests.ui.at_wizard import unfinished
from tests.ui.driver import acting, opened
from tests.ui.test_retrieval import edit

SMALL = (60, 16)


@acting
async def test_a_form_of_retrieval_details_that_is_taller_than_the_terminal_says_how_much_more_there_is(ran: Path) -> None:
    async with opened(ran, size=SMALL) as ui:
        await edit(ui, "IT graduates")
        await ui.until_text("more lines: pgdn")
        assert all(len(row) < SMALL[0] or row[0] == "─" for row in ui.lines()), "nothing stands at the edge"
        await ui.press(*["pagedown"] * 6)
        await ui.until(lambda: "more line" not in ui.text())
        assert "permanent Do-Not-Mail" in ui.text()
        await ui.pilot.resize_terminal(80, 24)
        await ui.until(lambda: "Next runs" in ui.text() and "permanent Do-Not-Mail" in ui.text())
        assert "more line" not in ui.text()


@acting
async def test_that_all_schedules_are_paused_is_told_beside_the_quotas_too(ran: Path) -> None:
    async with opened(ran, size=SMALL) as ui:
        await ui.press("P")
        await ui.until_text("Pause all schedules?")
        await ui.press("y")
        assert " Paused " in ui.lines()[0]
        assert "Active 5/10" in ui.lines()[0]
        await ui.pilot.resize_terminal(80, 24)
        await ui.until(lambda: "All schedules paused" in ui.lines()[0])


@acting
async def test_what_can_be_edited_and_what_was_begun_stands_whole_in_a_choice(ran: Path) -> None:
    async with opened(ran, size=SMALL) as ui:
        await ui.press("e")
        await ui.until_text("Edit retrieval details: schedule, data, policies")
        await ui.press("escape")
        unfinished(ui.app.desk, step="name and list", name="")
        await ui.press("n")
        await ui.until_text("Go on with the sync without a name, at Name and list")
