"""Screens that stand open and what other programs do meanwhile: lists, suppression, log, corrections and people follow it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.driver import PATIENCE, Driver, acting, opened
from tests.ui.test_elsewhere import changing
from tui_sync.model.errors import RunError
from tui_sync.model.hub import HubList
from tui_sync.services import catalogue, corrections, suppression
from tui_sync.services.desk import Desk
from tui_sync.ui import scheduling
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.widgets import record_table
from tui_sync.ui.widgets.entry import Entry


def table(ui: Driver) -> record_table.RecordTable:
    page = ui.app.screen
    assert isinstance(page, FilteredPage)
    return page.table


@pytest.mark.parametrize("few", [True, False])
@acting
async def test_the_suppression_list_follows_another_program_and_keeps_cursor_filter_and_a_dialog_that_is_open(
    few: bool, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    monkeypatch.setattr(record_table, "QUICK", 5000 if few else 2)
    with changing(ran) as desk:
        for name in ("ann", "bob", "cem"):
            suppression.suppress(desk, f"{name}@example.org", "asked")
        async with opened(ran, schedules=True) as ui:
            await ui.press("3")
            await ui.until_text("bob@example.org")
            table(ui).select("bob@example.org")
            await ui.press("slash", '"exam"')
            suppression.suppress(desk, "dora@example.org", "asked")
            suppression.suppress(desk, "eve@zylker.org", "asked")
            await ui.until_text("dora@example.org")
            assert "eve@" not in ui.text()
            assert table(ui).current.email == "bob@example.org"
            await ui.press('"ple"')
            assert "/ example" in ui.text()
            await ui.press("enter", "escape", "a", '"half@typ"')
            suppression.suppress(desk, "fay@example.org", "asked")
            await ui.until(lambda: ui.app.schedules._logged == desk.workspace.log.newest())
            assert "half@typ" in ui.text()
            await ui.press("escape")
            await ui.until_text("fay@example.org")
            assert table(ui).current.email == "bob@example.org"


@acting
async def test_a_list_is_not_read_again_at_a_turn_that_follows_no_change(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(ran) as ui:
        await ui.press("3")
        read: list[object] = []
        monkeypatch.setattr(ui.app.screen, "do_reload", lambda: read.append(1))
        ui.app.schedules.turned()
        assert not read
        ui.app.desk.log("something")
        ui.app.schedules.turned()
        ui.app.schedules.turned()
        assert len(read) == 1


@acting
async def test_what_could_not_be_read_at_a_turn_is_read_at_the_next(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(ran) as ui:
        await ui.press("3")
        read: list[object] = []

        def refused() -> None:
            read.append(1)
            if len(read) == 1:
                raise RunError("The workspace is held.")

        monkeypatch.setattr(ui.app.screen, "do_reload", refused)
        ui.app.desk.log("something")
        with pytest.raises(RunError):
            ui.app.schedules.turned()
        ui.app.schedules.turned()
        ui.app.schedules.turned()
        assert len(read) == 2


@acting
async def test_lists_that_change_while_they_are_read_are_read_again(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(ran) as ui:
        asked, answered, lists, number = asyncio.Event(), asyncio.Event(), catalogue.lists, list[object]()

        async def slow(desk: Desk) -> tuple[HubList, ...]:
            number.append(1)
            asked.set()
            found = await lists(desk)
            await answered.wait()
            return found

        monkeypatch.setattr(catalogue, "lists", slow)
        ui.app.go.place("lists")
        await asyncio.wait_for(asked.wait(), PATIENCE)
        with changing(ran) as desk:
            desk.log("something")
        ui.app.schedules.turned()
        answered.set()
        await ui.until_text("Winter campaign")
        ui.app.schedules.turned()
        await ui.until(lambda: len(number) == 2, "another question")


@acting
async def test_the_log_shows_lines_of_another_program_and_the_cursor_stays_on_its_own(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        await ui.press("5")
        here = table(ui).current
        with changing(ran) as desk:
            desk.log("something was done elsewhere")
        await ui.until_text("something was done elsewhere")
        assert table(ui).current == here


@acting
async def test_an_address_tells_what_another_program_does_with_the_person_while_another_one_is_typed(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    email = "otto.outley@zylker.com"
    async with opened(ran, schedules=True) as ui:
        await ui.press("f", f'"{email}"', "enter")
        assert "because I said so" not in ui.text()
        await ui.press("slash", "ctrl+u", '"half"')
        with changing(ran) as desk:
            suppression.suppress(desk, email, "because I said so")
        await ui.until_text("because I said so")
        assert ui.app.screen.query_one(Entry).value == "half"
        assert ui.app.screen.query_one(Entry).has_focus


@acting
async def test_lists_follow_another_program_and_stand_where_the_hub_gives_no_answer(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        await ui.press("2")
        await ui.until_text("Winter campaign")
        table(ui).action_edge("last")
        here = table(ui).current
        with changing(ran) as desk:
            await catalogue.create_list(desk, "Another one")
            await ui.until_text("Another one")
            assert table(ui).current.mailing.key == here.mailing.key

            async def unreachable(_desk: Desk) -> None:
                raise RunError("The hub cannot be reached.")

            monkeypatch.setattr(catalogue, "lists", unreachable)
            desk.log("something")
            await ui.until_text("The hub cannot be reached.")
        assert "Another one" in ui.text()


@acting
async def test_addresses_to_review_follow_another_program(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        await ui.press("4")
        await ui.until_text("miss.spelt@hotmial.com")
        with changing(ran) as desk:
            await corrections.accept(desk, "john.petersen@gnail.com", "john.petersen@gmail.com")
        await ui.until(lambda: "john.petersen@gnail.com" not in ui.text())
        assert table(ui).current.wrong == "miss.spelt@hotmial.com"
