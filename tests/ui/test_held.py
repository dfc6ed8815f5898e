"""A run that waits for an approval, where it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_details import mass_deletion


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
@acting
async def test_what_to_do_about_withheld_removals_is_read_whole_at_every_size(ran: Path, size: tuple[int, int]) -> None:
    async with opened(ran, size=size) as ui:
        number = await mass_deletion(ui, "All alumni")
        told = " ".join(ui.text().split())
        assert f"{number} people are to be removed once you approve: 7 shows them, a approves." in told
        await ui.press("escape")
        ui.app.screen.query_one("#syncs").select(ui.app.desk.sync("All alumni").id)  # type: ignore[attr-defined]
        await ui.pilot.pause()
        told = " ".join("".join(part.text for row in ui.app.screen.query_one("#below").lines for part in row).split())  # type: ignore[attr-defined]
        assert f"{number} removals are withheld." in told
        left = told.index("Press enter to look and approve.")
        assert left < told.index("Last run"), "it comes before what can be spared"
        assert "approve." in ui.text()
