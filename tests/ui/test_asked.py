"""A question takes no key that was typed before it was painted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.driver import acting, held_back, opened
from tests.ui.test_retrieval import edit
from tui_sync.model.sync import Removal
from tui_sync.ui.in_turn import LOST
from tui_sync.ui.screens import retrieval
from tui_sync.ui.screens.ask import Ask


@acting
async def test_a_key_typed_while_people_are_counted_does_not_answer_the_question_about_stronger_policies(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran, size=(100, 40)) as ui:
        desk = ui.app.desk
        await edit(ui, "Partner letter")
        await ui.press(*["down"] * 5, "right")
        await ui.until_text("people are exempt")
        come = held_back(retrieval, "exempt", monkeypatch)
        ui.pilot.send("f4")
        await asyncio.sleep(LOST * 1.2)
        ui.pilot.send("y")
        await asyncio.sleep(0.05)
        come.set()
        await ui.until_text("remove more people than before?")
        assert isinstance(ui.app.screen, Ask)
        assert desk.sync("Partner letter").policies.on_opt_out is Removal.KEEP
        await ui.press("y")
        await ui.until(lambda: desk.sync("Partner letter").policies.on_opt_out is Removal.LIST)


@acting
async def test_what_comes_in_one_piece_with_the_key_that_asks_does_not_answer(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        for key in ("x", "y"):
            ui.pilot.send(key)
        await ui.until_text("Delete the sync Tech clients?")
        await ui.pilot.pause()
        assert ui.app.desk.workspace.syncs.named("Tech clients") is not None
        await ui.press("y")
        await ui.until_text("Tech clients is deleted.")
