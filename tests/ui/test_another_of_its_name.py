"""A question about a sync is about that sync, though another program gives its name to another one before it is answered."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.ui.driver import Driver, acting, opened
from tui_sync import bootstrap
from tui_sync.model.sync import Sync
from tui_sync.services import syncs
from tui_sync.ui.screens.syncs import SyncsPage


def under_the_cursor(ui: Driver) -> Sync:
    page = ui.app.screen
    assert isinstance(page, SyncsPage)
    sync = page.sync()
    assert sync is not None
    return sync


def take_its_name(folder: Path, sync: Sync) -> Sync:
    """Call the sync otherwise and give its name to a copy, as another program does."""
    desk = bootstrap.open_desk(folder, "another program")
    with closing(desk.workspace):
        syncs.rename(desk, sync.name, "Called otherwise")
        return syncs.duplicate(desk, "Called otherwise", sync.name)


@acting
async def test_the_sync_that_was_asked_about_is_deleted(ran: Path) -> None:
    async with opened(ran) as ui:
        sync, stored = under_the_cursor(ui), ui.app.desk.workspace.syncs
        await ui.press("x")
        copy = take_its_name(ran, sync)
        await ui.press("y")
        assert stored.get(copy.id) == copy
        assert {known.id for known in stored.every() if known.deleted is not None} == {sync.id}


@acting
async def test_the_sync_that_was_asked_about_is_renamed(ran: Path) -> None:
    async with opened(ran) as ui:
        sync, stored = under_the_cursor(ui), ui.app.desk.workspace.syncs
        await ui.press("R")
        copy = take_its_name(ran, sync)
        await ui.press('" of all years"', "enter")
        assert stored.get(copy.id) == copy
        assert stored.named(f"{sync.name} of all years") == stored.get(sync.id)


@acting
async def test_the_sync_whose_first_run_was_asked_about_is_run(made: Path) -> None:
    async with opened(made) as ui:
        sync = under_the_cursor(ui)
        await ui.press("r")
        await ui.until_text("for the first time?")
        take_its_name(made, sync)
        await ui.press("y")
        await ui.idle()
        assert [run.sync_id for run in ui.app.desk.workspace.runs.all()] == [sync.id]


@acting
async def test_a_sync_that_was_deleted_and_made_anew_while_a_question_about_it_stood_is_left_alone(ran: Path) -> None:
    async with opened(ran) as ui:
        sync, stored = under_the_cursor(ui), ui.app.desk.workspace.syncs
        await ui.press("x")
        copy = take_its_name(ran, sync)
        desk = bootstrap.open_desk(ran, "another program")
        with closing(desk.workspace):
            syncs.delete(desk, "Called otherwise")
        await ui.press("y")
        assert stored.get(copy.id) == copy
        await ui.until_text(f'"{sync.name}" was deleted meanwhile.')
