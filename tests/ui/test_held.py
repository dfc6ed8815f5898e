"""A run that waits for an approval, where it is told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_details import details, mass_deletion, page, shown
from tui_sync.model.outcomes import Result


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


@acting
async def test_the_title_says_of_the_sync_what_the_list_of_syncs_says_of_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await mass_deletion(ui, "All alumni")
        assert "! held" in ui.lines()[0]
        await ui.press("escape")
        assert any("! held" in line for line in ui.lines() if "All alumni" in line)
        run = ui.app.desk.workspace.runs.all(ui.app.desk.sync("All alumni").id)[0]
        for result in (Result.FAILED, Result.CANCELLED, Result.INTERRUPTED):
            ui.app.desk.workspace.runs.put(msgspec.structs.replace(run, result=result))
            await details(ui, "All alumni")
            assert str(result) in ui.lines()[0]
            await ui.press("escape")


@acting
async def test_once_approved_everybody_stands_in_the_columns_of_the_tab_that_is_shown(ran: Path) -> None:
    async with opened(ran) as ui:
        number = await mass_deletion(ui, "All alumni")
        await ui.press("7")
        assert any(line.split()[:3] == ["Name", "E-mail", "Cause"] for line in ui.lines())
        await ui.press("a")
        await ui.until_text(f"Remove {number} of ")
        await ui.press("y")
        await ui.idle()
        await ui.press("escape")
        assert "[1 Total" in ui.text()
        assert {"Status", "Why"} <= {column.title for column in page(ui).table.columns}


@acting
async def test_a_run_without_the_tab_of_the_one_before_shows_everybody_in_their_columns(ran: Path) -> None:
    async with opened(ran) as ui:
        await mass_deletion(ui, "All alumni")
        await ui.press("7", "left_square_bracket")
        assert "[1 Total" in ui.text()
        assert any(line.split() == ["Name", "E-mail", "Status", "Why"] for line in ui.lines()), ui.text()
        assert "Ignored" in ui.lines()[9]


@acting
async def test_a_retry_of_a_run_that_broke_off_says_that_the_next_run_does_what_is_left(ran: Path) -> None:
    async with opened(ran) as ui:
        run = ui.app.desk.workspace.runs.all(ui.app.desk.sync("All alumni").id)[0]
        for result, told in ((Result.FAILED, "The next run does what is left."), (Result.COMPLETED, "Everybody of this run was")):
            ui.app.desk.workspace.runs.put(msgspec.structs.replace(run, result=result))
            await details(ui, "All alumni")
            await ui.press("t")
            await ui.until_text(told)
            await ui.press("escape")


@acting
async def test_from_an_approval_that_was_refused_enter_leads_to_its_run(ran: Path) -> None:
    async with opened(ran) as ui:
        await mass_deletion(ui, "All alumni")
        run = shown(ui).id
        await ui.press("a")
        await ui.until_text("Remove ")
        space = ui.app.desk.workspace
        for removal in space.ledger.pending(run_id=run):
            space.ledger._pending.remove(removal.key)
        await ui.press("y")
        await ui.until_text(f"Run {run} has no removals that wait for approval.")
        await ui.press("enter")
        await ui.until(lambda: "Run" in ui.lines()[2] and shown(ui).id == run)
