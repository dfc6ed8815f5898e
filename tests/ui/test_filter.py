"""The line in which a filter is typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_details import details, page, shown
from tui_sync.ui.widgets import arranging, people_table, record_table


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


@acting
async def test_a_filter_that_is_taken_back_while_it_is_looked_through_leaves_every_row(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few rows are many here, and each takes a turn of the event loop."""
    monkeypatch.setattr(record_table, "QUICK", 5)
    monkeypatch.setattr(arranging, "SLICE", 1)
    monkeypatch.setattr(arranging, "TURN", 0.0)
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        table = page(ui).table
        assert len(table.rows) > record_table.QUICK
        table.filter("nobody has this")
        for _ in range(4):
            await asyncio.sleep(0)
        assert table._looking
        table.filter("")
        await ui.press()
        assert (len(table.order), table._looking) == (len(table.rows), False)


@acting
async def test_what_is_exported_is_what_the_filter_leaves_also_while_it_still_looks(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and names: both are looked through beside the event loop."""
    monkeypatch.setattr(people_table, "PAGE", 1)
    monkeypatch.setattr(people_table, "TURN", 0.0)
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        table, names = page(ui).table, page(ui).people.names
        last = table.rows[-1]
        names.fetch([last])
        name = names.of(last)
        assert name not in ("", last.email)
        names.forget()
        table.filter(name)
        assert last in table.shown
        await ui.press()
        assert [last] == table.shown
        monkeypatch.setattr(record_table, "QUICK", 5)
        table.filter("nobody has this")
        assert table._looking
        assert table.shown == []


@acting
async def test_an_export_asked_for_while_the_filter_looks_says_so_where_it_leaves_nobody(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_table, "QUICK", 5)
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        page(ui).table.filter("nobody has this")
        assert (page(ui).table._looking, page(ui).why_not("export")) == (True, "")
        page(ui).do_export()
        await ui.until_text("There is nothing to export: no row is shown.")


@acting
async def test_the_keys_from_match_to_match_say_that_nothing_was_looked_for_yet(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("5", "n")
        await ui.until_text("No text was looked for yet: / filters")
        await ui.press("slash", '"run"', "enter", "escape", "n")
        assert ui.app.screen.query_one(record_table.RecordTable).cursor > 0
        assert "No text was looked for" not in ui.text()


@acting
async def test_the_keys_that_sort_say_why_they_change_nothing(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("S")
        await ui.until_text("No column is sorted by yet: s takes the next one.")
        await ui.press("s", "S")
        assert "Name▾" in ui.text()
        await ui.press("5", "s")
        await ui.until_text("These rows keep their order.")
