"""Questions over a screen: what of them stands in the smallest terminals, and what they say to a text that confirms nothing."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.record_table import RecordTable

SMALL = (40, 10)


@acting
async def test_the_palette_has_rows_to_choose_from_in_the_smallest_terminal(ran: Path) -> None:
    async with opened(ran, size=SMALL) as ui:
        await ui.press(":")
        await ui.until_text("What do you want to do")
        assert ui.app.screen.query_one(RecordTable).size.height >= 4
        shown = [line for line in ui.lines() if "Run sync" in line or "New sync" in line]
        assert len(shown) == 2
        assert "enter choose" in ui.lines()[-1]
        assert "……" not in ui.text()


@acting
async def test_both_ways_out_of_a_question_stand_whole_in_the_smallest_terminal(ran: Path) -> None:
    async with opened(ran, size=SMALL) as ui:
        await ui.press("x")
        await ui.until_text("Delete the sync")
        assert "enter or esc" in ui.text()
        assert "delete it   y" in ui.text()
        await ui.press("y")
        await ui.until(lambda: not isinstance(ui.app.screen, Ask))
        await ui.until(lambda: any("is deleted" in told.message for told in ui.app._notifications))


@acting
async def test_another_text_than_the_one_to_be_typed_is_told_to_be_another_and_nothing_is_lost(ran: Path) -> None:
    async with opened(ran) as ui:
        said: list[bool | None] = []
        ui.app.push_screen(Ask("Remove everybody?", confirm="remove them", typed="Zylker"), said.append)
        await ui.until_text("Type Zylker to remove them")
        await ui.press('"Zylka"', "enter")
        await ui.until_text("That is not Zylker. Type it as it stands here, or press esc.")
        assert said == []
        await ui.press("backspace")
        await ui.until_text("Type Zylker to remove them")
        await ui.press('"er"', "enter")
        await ui.until(lambda: said == [True])


@acting
async def test_what_is_to_be_typed_confirms_as_it_reads_however_its_blanks_and_accents_are_kept(ran: Path) -> None:
    async with opened(ran) as ui:
        said: list[bool | None] = []
        kept = "Mu\u0308ller  und\N{NO-BREAK SPACE}Co "
        ui.app.push_screen(Ask("Remove everybody?", confirm="remove them", typed=kept), said.append)
        await ui.until_text("und Co")
        ui.app.screen.query_one(Entry).value = "M\u00fcller und Co"
        await ui.press("enter")
        await ui.until(lambda: said == [True])
