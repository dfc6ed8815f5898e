"""How the people of a run share the width of the screen."""

from __future__ import annotations

import re
from pathlib import Path

from tests.ui.driver import Driver, acting, opened
from tests.ui.test_details import details, page
from tui_sync.model.outcomes import Status


def addresses(ui: Driver) -> list[str]:
    """Those that stand on the screen, as they stand there."""
    return re.findall(r"[\w.]+@[\w.…]+", ui.text())


@acting
async def test_at_80_columns_new_people_have_their_addresses_whole_and_the_record_stands_on_their_own_screen(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        await ui.press("2")
        shown = addresses(ui)
        known = {outcome.email for outcome in ui.app.desk.workspace.runs.outcomes(page(ui).runs[0].id)}
        assert len(shown) >= 10
        assert [address for address in shown if address not in known] == []


@acting
async def test_where_one_reason_is_chosen_its_details_have_the_room_of_the_column_that_would_repeat_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        await ui.press("5", "o")
        assert "the record has no e-mail address" in ui.text()
        assert sum("Empty email" in line for line in ui.lines()) == 1, "it stands among the reasons alone"
        await ui.press("escape")
        assert any("Reason" in line and "Detail" in line for line in ui.lines())


@acting
async def test_the_numbers_in_a_line_of_the_runs_add_up_to_its_total_or_it_has_none(ran: Path) -> None:
    for width in (60, 72, 80, 100, 120):
        async with opened(ran, size=(width, 24)) as ui:
            await details(ui, "IT graduates")
            await ui.press("9")
            [titles] = [line for line in ui.lines() if "Result" in line]
            assert "Total" not in titles or all(part in titles for part in ("New", "Re-added", "Duplicate", "Ignored")), width
            assert "Total" in titles or width < 100


@acting
async def test_columns_stand_where_they_are_while_one_goes_through_the_rows(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        for tab in ("1", "2"):
            await ui.press(tab)
            titles = [line for line in ui.lines() if line.lstrip().startswith("Name")]
            for key in ("pagedown", "end", "home"):
                await ui.press(key)
                assert [line for line in ui.lines() if line.lstrip().startswith("Name")] == titles


@acting
async def test_the_record_has_its_column_where_there_is_room_for_it(ran: Path) -> None:
    async with opened(ran, size=(120, 40)) as ui:
        await details(ui, "IT graduates")
        page(ui).do_tab(Status.NEW)
        await ui.until_text("Record")


@acting
async def test_somebody_stands_in_the_lowest_terminal_whichever_tab_is_shown(ran: Path) -> None:
    async with opened(ran, size=(40, 10)) as ui:
        await details(ui, "All alumni")
        for key, tab in (("1", "[1 Total 150]"), ("2", "[2 New 129]"), ("5", "[5 Ignored 10]"), ("9", "[9 Runs 1]")):
            await ui.press(key)
            [told] = [line for line in ui.lines() if tab in line]
            assert "more" in told
            assert any(line.startswith(" ▌ ") for line in ui.lines())


@acting
async def test_the_first_and_the_last_row_that_are_seen_are_marked_where_there_are_more(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "IT graduates")

        def marks() -> list[str]:
            return [line[0] for line in ui.lines() if line and line[0] in "▾▴"]

        assert len(page(ui).table.rows) > len(ui.lines())
        assert marks() == ["▾"]
        await ui.press("pagedown", "pagedown")
        assert marks() == ["▴", "▾"]
        await ui.press("end")
        assert marks() == ["▴"]
        await ui.press("5", "o")
        assert marks() == [], "all of them stand there"
