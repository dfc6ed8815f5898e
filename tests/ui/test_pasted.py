"""What is pasted into a line to type into."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key, Paste

from tests.ui.driver import Driver, acting, opened
from tui_sync.ui.widgets.entry import Entry


async def paste(ui: Driver, text: str, *, after: str = "") -> None:
    """Paste as a terminal does, right behind a key where one is named."""
    driver = ui.app._driver
    assert driver is not None
    for event in (*([Key(after, None)] if after else []), Paste(text)):
        event.set_sender(ui.app)
        driver.send_message(event)
    await ui.pilot.pause()


def typed(ui: Driver) -> str:
    """What stands in the line that has the keys."""
    assert isinstance(ui.app.focused, Entry), ui.text()
    return ui.app.focused.value


@pytest.mark.parametrize(("text", "taken"), [
    ("Tech\nclients\r\n2026", "Tech clients 2026"),
    ("\n  Graduates \n", "Graduates"),
    ("jo@zylker.com\t", "jo@zylker.com"),
    ("Jo Lind\tjo@zylker.com", "Jo Lind jo@zylker.com"),
    ("\u200ejo@zylker.com\u202c", "jo@zylker.com"),
    ("a \n\n b", "a b"),
    ("صباح 宛先 Müller", "صباح 宛先 Müller"),
    ("\x1b[31mred\x1b[0m", "[31mred [0m"),
    ("\n\t\n", ""),
])  # fmt: skip
@acting
async def test_all_of_a_pasted_text_arrives_in_one_line(ran: Path, text: str, taken: str) -> None:
    async with opened(ran) as ui:
        await ui.press("R", "ctrl+a", "ctrl+k")
        await paste(ui, text)
        assert typed(ui) == taken


@acting
async def test_a_pasted_text_takes_the_place_of_what_is_selected(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"alumni"', "escape", "slash", '"x"', "enter", "slash")
        await paste(ui, "tech\n")
        assert typed(ui) == "tech"
        assert "Tech clients" in ui.text()


@acting
async def test_what_is_pasted_behind_a_key_waits_until_that_key_has_opened_its_line(ran: Path) -> None:
    async with opened(ran) as ui:
        await paste(ui, "grad", after="slash")
        assert typed(ui) == "grad"
        assert "1 of 6" in ui.text()
