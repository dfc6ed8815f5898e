"""Themes: every one can be chosen in the open program, and is there again after the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.ui.driver import acting, opened
from tui_sync.services.screen_state import keep_screen_state, screen_state
from tui_sync.ui.theme import LOOKS, TERMINAL


@acting
async def test_every_theme_is_chosen_in_the_open_program_and_kept(ran: Path) -> None:
    async with opened(ran) as ui:
        for name in (*reversed(LOOKS), *LOOKS):
            ui.app.do_theme()
            await ui.pilot.pause()
            await ui.press(f'"{name}"', "enter")
            assert ui.app.theme == name
            assert screen_state(ui.app.desk).theme == name
            await ui.press("r", "enter", "escape", ":", "escape")
            assert "All alumni" in ui.text()


@pytest.mark.parametrize("name", LOOKS)
@acting
async def test_the_program_opens_in_the_theme_that_was_kept(ran: Path, name: str) -> None:
    async with opened(ran) as ui:
        ui.app.remember(theme=name)
    async with opened(ran) as ui:
        assert ui.app.theme == name
        assert "IT graduates" in ui.text()


@acting
async def test_a_theme_that_lacks_a_colour_takes_that_of_the_dark_one(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TERMINAL.theme, "variables", {})
    async with opened(ran) as ui:
        keep_screen_state(ui.app.desk, replace(ui.app.state, theme="terminal"))
    async with opened(ran) as ui:
        assert "IT graduates" in ui.text()
