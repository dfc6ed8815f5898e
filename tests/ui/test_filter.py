"""The line in which a filter is typed."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tests.ui.test_details import details, page, shown


@acting
async def test_beside_a_filter_stands_how_many_rows_it_leaves(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        await ui.press("slash", '"inv"')
        left = len(page(ui).table.order)
        assert 0 < left < shown(ui).counts.total
        assert f"{left} of {shown(ui).counts.total}" in ui.lines()[-2]
        await ui.press("enter", "slash", '"zzz"')
        assert f"0 of {shown(ui).counts.total}" in ui.lines()[-2]
