"""Themes: every one can be chosen in the open program, and is there again after the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.color import Color

from tests.ui.driver import PLAIN, acting, opened
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


@pytest.mark.parametrize("name", [name for name in LOOKS if not LOOKS[name].theme.ansi])
@acting
async def test_what_may_be_typed_into_a_line_is_told_in_a_readable_tone(ran: Path, name: str) -> None:
    async with opened(ran) as ui:
        ui.app.theme = name
        await ui.press("colon")
        strips = ui.app.screen._compositor.render_strips()
        [style] = [part.style for strip in strips for part in strip if "ype to find" in part.text]
        assert style is not None
        assert contrast(style.color, style.bgcolor) >= 4.5


@pytest.mark.parametrize("colour", [True, False])
@acting
async def test_where_one_types_is_seen_in_the_colours_of_any_terminal(ran: Path, *, colour: bool) -> None:
    async with opened(ran, terminal=PLAIN._replace(colour=colour)) as ui:
        ui.app.theme = "terminal" if colour else "ansi-dark"
        await ui.press("colon", '"ab"')
        strips = ui.app.screen._compositor.render_strips()
        [styles] = [[part.style for part in strip] for strip in strips if any(part.text == "ab" for part in strip)]
        [cursor] = [style for style in styles if style is not None and style.reverse]
        assert all(shade is None or shade.is_default for shade in (cursor.color, cursor.bgcolor))


def contrast(*colours: Color | None) -> float:
    """That of two colours, as the accessibility guidelines reckon it: 1 to 21."""
    light = []
    for colour in colours:
        assert colour is not None
        parts = [part / 255 for part in colour.get_truecolor()]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


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
