"""Mending a broken sync: from the first screen and from the details, each way out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, held_back, opened
from tests.ui.test_passing import told
from tui_sync.demonstration import DemoConnector
from tui_sync.model.sync import SelectionKind, SyncState, Trouble
from tui_sync.services import repair, running
from tui_sync.simulator import Organisation
from tui_sync.simulator.schema import CONTACTS
from tui_sync.ui import verbs
from tui_sync.ui.screens.mapping import MappingPage
from tui_sync.ui.screens.syncs import SyncsPage


def organisation(ui: Driver) -> Organisation:
    """The organisation of the demo workspace."""
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    return connector.organisation


async def broken(ui: Driver, name: str) -> None:
    """Run the sync, so that it tells what is gone, and put the cursor on it."""
    desk = ui.app.desk
    await running.start(desk, name, running.control(desk, lambda _: None))
    assert desk.sync(name).state is SyncState.BROKEN
    page = ui.app.screen
    assert isinstance(page, SyncsPage)
    page.reload()
    page.table.select(desk.sync(name).id)
    await ui.pilot.pause()


@acting
async def test_where_nothing_is_broken_the_key_says_so(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("m")
        await ui.until_text("is broken.")


@acting
async def test_a_vanished_view_is_told_and_replaced_by_all_records(ran: Path) -> None:
    async with opened(ran) as ui:
        views = organisation(ui).views
        views.remove(next(str(view.id) for view in views.of(CONTACTS) if view.name == "Partner contacts"))
        await broken(ui, "Partner letter")
        assert "Press m to mend it." in " ".join(ui.text().split())
        await ui.press("m")
        await ui.until_text("Take all records of the module")
        await ui.press('"all records"', "enter")
        await ui.until(lambda: ui.app.desk.sync("Partner letter").state is SyncState.ACTIVE)
        assert ui.app.desk.sync("Partner letter").selection.kind is SelectionKind.ALL
        await ui.until_text("is active again")
        await ui.press("p")
        await ui.until_text("is inactive now")
        assert len(told(ui)) == 1, "that it is active is said no more"


@acting
async def test_a_vanished_list_is_created_under_a_name_that_is_asked_for(ran: Path) -> None:
    async with opened(ran) as ui:
        leads = organisation(ui).leads
        leads.delete_list(next(one.key for one in leads.lists() if one.name == "Alumni"), with_leads=False)
        await broken(ui, "All alumni")
        await ui.press("enter")
        await ui.until_text("Press m to mend it.")
        await ui.press("m")
        await ui.until_text("Memberships belong to the list that is gone")
        await ui.press("enter")
        await ui.until_text("Name of the new list")
        await ui.press('" 2"', "enter")
        await ui.until(lambda: ui.app.desk.sync("All alumni").state is SyncState.ACTIVE)
        assert ui.app.desk.sync("All alumni").list_name == "Alumni 2"


@acting
async def test_a_vanished_field_opens_the_mapping_at_its_row_and_saving_mends_the_sync(ran: Path) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1.Job_Title")
        await broken(ui, "All alumni")
        assert ui.app.desk.sync("All alumni").trouble is Trouble.MAPPING
        await ui.press("m")
        await ui.until_text("Edit the mapping, at Job Title")
        await ui.press("enter")
        await ui.until(lambda: isinstance(ui.app.screen, MappingPage) and "reading" not in ui.lines()[0])
        page = ui.app.screen
        assert isinstance(page, MappingPage)
        await ui.until(lambda: not page.why_not("save"))
        assert page._row is not None
        assert page._row.target == "Job Title"
        await ui.press("x", "w")
        await ui.until(lambda: ui.app.desk.sync("All alumni").state is SyncState.ACTIVE)


@acting
async def test_what_is_there_again_is_taken_up_again(ran: Path) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1")
        await broken(ui, "All alumni")
        organisation(ui).show("CustomModule1")
        await ui.press("m")
        await ui.until_text("Take it up again")
        await ui.press("enter")
        await ui.until(lambda: ui.app.desk.sync("All alumni").state is SyncState.ACTIVE)


@acting
async def test_the_key_that_takes_up_again_says_what_is_still_broken(ran: Path) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1")
        await broken(ui, "All alumni")
        await ui.press("p")
        await ui.until_text("is still broken")
        assert "Press m to mend it." in " ".join(ui.text().split())
        assert ui.app.desk.sync("All alumni").state is SyncState.BROKEN
        organisation(ui).show("CustomModule1")
        await ui.press("p")
        await ui.until_text("All alumni is active now.")
        assert ui.app.desk.sync("All alumni").state is SyncState.ACTIVE


@acting
async def test_two_broken_syncs_that_are_taken_up_one_after_the_other_are_both_looked_at(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1")
        views = organisation(ui).views
        views.remove(next(str(view.id) for view in views.of(CONTACTS) if view.name == "Partner contacts"))
        for name in ("All alumni", "Partner letter"):
            await broken(ui, name)
        organisation(ui).show("CustomModule1")
        come = held_back(repair, "activate", monkeypatch)
        for name in ("All alumni", "Partner letter"):
            verbs.pause(ui.app, ui.app.desk.sync(name))
        await asyncio.sleep(0)
        come.set()
        await ui.until_text("Partner letter is still broken")
        await ui.until(lambda: ui.app.desk.sync("All alumni").state is SyncState.ACTIVE)
