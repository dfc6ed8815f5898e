"""The panel right of the details' table on a wide terminal."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tests.ui.test_details import details, page


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
