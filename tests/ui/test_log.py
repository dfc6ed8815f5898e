"""The log screen: newest first, filtered by text and level, followed, each line whole on enter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.model.workspace import Level
from tui_sync.ui.screens import log as screen
from tui_sync.ui.screens.log import LogPage
from tui_sync.ui.screens.telling import Telling


def shown(ui: Driver) -> list[str]:
    page = ui.app.screen
    assert isinstance(page, LogPage)
    return [line.what for line in page.table.shown]


@acting
async def test_the_newest_line_stands_first_and_all_of_them_are_there(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PAGE", 4)
    async with opened(ran) as ui:
        every = [line.what for line in ui.app.desk.workspace.log.lines()]
        assert len(every) > 8
        await ui.press("5")
        await ui.until(lambda: len(shown(ui)) == len(every), "the older lines")
        assert shown(ui) == every[::-1]
        assert "run 6 of All alumni" in ui.text()


@acting
async def test_graver_lines_alone_and_everything_again(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.desk.log("something failed", Level.ERROR)
        ui.app.desk.log("something waits", Level.WARNING)
        await ui.press("5", "v")
        assert shown(ui)[:2] == ["something waits", "something failed"]
        assert all("refused by the hub" in what for what in shown(ui)[2:])
        assert "warnings and errors" in ui.lines()[0]
        assert any("✗ something failed" in line for line in ui.lines())
        await ui.press("v")
        assert shown(ui) == ["something failed"]
        await ui.press("v")
        assert len(shown(ui)) > 2


@acting
async def test_lines_that_come_stand_on_top_and_move_nothing_of_what_is_read_further_down(ran: Path) -> None:
    async with opened(ran) as ui:
        for number in range(60):
            ui.app.desk.log(f"line {number}")
        await ui.press("5", "pagedown", "pagedown", "up")
        before = ui.lines()
        ui.app.desk.log("something new")
        ui.app.schedules.turned()
        await ui.until(lambda: "something new" in shown(ui))
        await ui.pilot.pause()
        assert ui.lines() == before
        await ui.press("home")
        ui.app.desk.log("something newer")
        ui.app.schedules.turned()
        await ui.until_text("something newer")


@acting
async def test_enter_shows_the_whole_line_and_y_copies_it(ran: Path) -> None:
    async with opened(ran) as ui:
        long = "changed a sync: " + " ".join(f"word{number}" for number in range(60))
        ui.app.desk.log(long)
        await ui.press("5", "enter")
        assert isinstance(ui.app.screen, Telling)
        assert "word59" in ui.text()
        assert "word40" in ui.text()
        await ui.press("y")
        assert f"Sent to the clipboard of the terminal, {len(long)} bytes" in " ".join(ui.text().split())
        await ui.press("escape")
        assert isinstance(ui.app.screen, LogPage)


@acting
async def test_new_lines_come_on_top_while_they_are_followed_and_nothing_is_drawn_without_any(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("5", "f")
        page = ui.app.screen
        assert isinstance(page, LogPage)
        assert "following" in ui.lines()[0]
        drawn = []
        page.table.refresh = lambda *regions, **more: drawn.append(regions)  # type: ignore[method-assign, assignment]
        page._look()
        assert drawn == []
        ui.app.desk.log("just now")
        page._look()
        assert drawn
        assert shown(ui)[0] == "just now"
        assert page.table.cursor == 0
        await ui.press("f")
        assert page.following is None


@acting
async def test_a_filter_stays_while_lines_come(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("5", "slash", '"winter"', "enter")
        before = shown(ui)
        assert before
        assert all("Winter" in what for what in before)
        page = ui.app.screen
        assert isinstance(page, LogPage)
        ui.app.desk.log("changed Winter campaign")
        ui.app.desk.log("something else")
        page._look()
        assert shown(ui) == ["changed Winter campaign", *before]
        await ui.press("escape")
        assert len(shown(ui)) > len(before) + 1


@acting
async def test_an_empty_log_says_what_it_is_for(empty: Path) -> None:
    async with opened(empty) as ui:
        await ui.press("5")
        assert "every change and every run will stand here" in ui.text()


@acting
async def test_a_log_without_errors_says_so_in_a_whole_sentence(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("5", "v", "v")
        assert "There are no errors. v shows everything again." in ui.text()
