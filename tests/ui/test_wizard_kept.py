"""What the wizard keeps: as a draft, as unfinished work, after a dropped line and after kill -9."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.ui.at_wizard import at, begin, named, unfinished, wizard
from tests.ui.driver import acting, opened
from tui_sync import bootstrap
from tui_sync.model.sync import Condition, Selection, SelectionKind, SyncState
from tui_sync.services import drafts
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.widgets.record_table import RecordTable


@acting
async def test_a_whole_definition_is_kept_as_a_sync_in_state_draft_and_opens_in_the_wizard_again(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("enter", "enter")
        await at(ui, "policies")
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        sync = ui.app.desk.sync("Crew")
        assert sync.state is SyncState.DRAFT
        assert drafts.left(ui.app.desk) == []
        await ui.press("slash", '"crew"', "enter", "e")
        await at(ui, "review")
        await ui.press("3")
        await at(ui, "name and list")
        await ui.press("end", '" 2"', "f8")
        await at(ui, "policies")
        await ui.press("escape", "escape", "escape", "escape")
        await ui.until_text("Your changes to Crew are kept")
        assert ui.app.desk.sync("Crew") == sync
        await ui.press("e")
        await at(ui, "module")
        assert wizard(ui).draft.sync.name == "Crew 2"
        await ui.press("7")
        await at(ui, "review")
        await ui.press("f9")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Crew 2") is not None)
        assert (ui.app.desk.sync("Crew 2").id, ui.app.desk.sync("Crew 2").state) == (sync.id, SyncState.ACTIVE)


@acting
async def test_what_is_not_whole_is_kept_unfinished_and_says_what_is_missing(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        await ui.until_text("No list is chosen.")
        [left] = drafts.left(ui.app.desk)
        assert (left.sync.name, left.step) == ("Crew", "name and list")
        assert ui.app.desk.workspace.syncs.named("Crew") is None


@acting
async def test_a_wizard_in_which_nothing_was_chosen_leaves_nothing_behind(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        await ui.press("escape")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
    async with opened(made) as ui:
        assert drafts.left(ui.app.desk) == []


@acting
async def test_a_dropped_line_in_the_middle_of_a_word_loses_nothing(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui, "Half a na")
        await ui.app.leave(129)
    desk = bootstrap.open_desk(made, "test")
    assert [(left.sync.name, left.step) for left in drafts.left(desk)] == [("Half a na", "name and list")]
    await bootstrap.close(desk)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.ui.driver import opened
from tests.ui.at_wizard import at, named

async def main():
    async with opened(Path(sys.argv[1])) as ui:
        await named(ui, "Survivor")
        await ui.press("enter", "enter")
        await at(ui, "policies")
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@acting
async def test_after_kill_9_the_next_start_offers_what_was_begun_and_goes_on_where_it_stood(made: Path) -> None:
    killed = [sys.executable, "-c", KILLED, str(made)]
    done = subprocess.run(killed, check=False, cwd=Path(__file__).parents[2])  # noqa: ASYNC221 - the test waits for its end
    assert done.returncode == -signal.SIGKILL
    async with opened(made) as ui:
        await ui.until_text("A new sync was begun and not finished.")
        await ui.press("n")
        await ui.until_text("Go on with Survivor, at Policies")
        await ui.press("enter")
        await at(ui, "policies")
        assert (wizard(ui).draft.sync.name, wizard(ui).draft.sync.list_name) == ("Survivor", "Zylker")


@acting
async def test_after_an_editor_left_without_saving_the_cursor_stands_on_what_is_chosen(made: Path) -> None:
    async with opened(made) as ui:
        rows = (Condition(field="Last_Name", operator="is not empty"),)
        criteria = Selection(kind=SelectionKind.CRITERIA, conditions=rows, pattern="1")
        unfinished(ui.app.desk, step="records", selection=criteria)
        await ui.press("n", "enter")
        step = await at(ui, "records")
        await ui.press("home", "e")
        await ui.until_text("Criteria")
        await ui.press("escape")
        await at(ui, "records")
        assert step.query_one(RecordTable).current is SelectionKind.CRITERIA
