"""What wide terminals have room for."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import Driver, acting, opened
from tests.ui.test_details import details, page
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import Aside

WHOLE = "Nothing more is told of the row here."


@acting
async def test_a_key_of_the_panel_says_why_it_does_nothing_where_none_is_shown(ran: Path) -> None:
    async with opened(ran, size=(80, 24)) as ui:
        await details(ui, "IT graduates")
        await ui.press("1", "J")
        await ui.until_text(WHOLE)


@acting
async def test_the_panel_beside_a_person_without_an_address_tells_what_their_record_tells(ran: Path) -> None:
    async with opened(ran, size=(160, 50)) as ui:
        await details(ui, "All alumni")
        await ui.press("5", "o")
        assert "(none)" in ui.text()
        assert "Nothing is known" not in ui.text()
        beside = " ".join(line.partition("│")[2] for line in ui.lines())
        assert 'The sync "All alumni" knows it from record' in " ".join(beside.split())
        await ui.press("enter")
        assert "knows it from record" in ui.text()
        assert "Nothing is known" not in ui.text()


@acting
async def test_tables_without_people_take_the_room_of_the_panel_beside_them(ran: Path) -> None:
    async with opened(ran, size=(160, 50)) as ui:
        await details(ui, "All alumni")
        await ui.press("1")
        assert page(ui).query_one("#beside").size.width > 40
        for key in ("9", "0"):
            await ui.press(key)
            assert page(ui).table.size.width == 160


@acting
async def test_the_palette_is_wider_where_there_is_room_and_names_what_it_opens(ran: Path) -> None:
    async with opened(ran, size=(160, 50)) as ui:
        await ui.press("colon")
        text = ui.text()
        assert "Run it and fetch everything; who is in its list is read too." in text
        assert any("Open sync" in row and "All alumni" in row for row in ui.lines())
        await ui.pilot.resize_terminal(80, 24)
        await ui.pilot.pause()
        assert all(len(row) <= 80 for row in ui.lines())


@acting
async def test_a_panel_that_is_longer_than_its_place_is_read_to_its_end_and_begins_anew_with_another_row(ran: Path) -> None:
    async with opened(ran, size=(110, 24)) as ui:
        await ui.press("end")
        assert ui.lines()[-2].endswith("… J more")
        assert "Refused" not in ui.text()
        while "J more" in ui.text():
            await ui.press("J")
        assert "Deleted   " in ui.lines()[-2]
        assert "Refused   " in ui.text()
        await ui.press("J")
        await ui.until_text(WHOLE)
        await ui.press("up")
        panel = ui.app.screen.query_one("#below", Aside)
        assert panel.lines[0][0].text.strip() == "Top rated newsletter"
        await ui.press("down")
        assert panel.lines[-1][-1].text == " … J more"


@acting
async def test_the_panel_beside_a_person_is_read_to_its_end(ran: Path) -> None:
    async with opened(ran, size=(140, 10)) as ui:
        await details(ui, "IT graduates")
        await ui.press("1")
        assert "… J more" in ui.text()
        while "J more" in ui.text():
            await ui.press("J")
        assert "Run 1: Ignored, Empty email." in ui.lines()[-2]
        await ui.press("K")
        assert "J more" in ui.text()


@acting
async def test_what_stands_beside_a_table_is_wrapped_anew_whenever_its_place_has_another_width(ran: Path) -> None:
    async with opened(ran, size=(160, 50)) as ui:
        await narrower(ui, "#below")
        await details(ui, "All alumni")
        await ui.press("5")
        await narrower(ui, "#beside")


async def narrower(ui: Driver, name: str) -> None:
    """Make a place narrow, and see its sentences wrapped for it."""
    place = ui.app.screen.query_one(name, Lines)
    before = len(place.lines)
    place.styles.min_width = place.styles.width = 30
    await ui.until(lambda: len(place.lines) > before, "more lines than before")
