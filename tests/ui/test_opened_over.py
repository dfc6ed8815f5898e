"""What is opened over a screen while that waits for the connection stays, and that screen is left after it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from tests.ui.at_wizard import at, named, wizard
from tests.ui.driver import Driver, acting, held_back, opened
from tests.ui.test_criteria import editing, page, saved
from tests.ui.test_limits import allow
from tests.ui.test_mapping import edit
from tests.ui.test_mending import broken, organisation
from tui_sync.model.sync import Frequency, SelectionKind
from tui_sync.services import catalogue, drafts, repair
from tui_sync.simulator.schema import CONTACTS
from tui_sync.ui import verbs
from tui_sync.ui.screens import starting
from tui_sync.ui.screens.help import HelpPage
from tui_sync.ui.screens.mapping import MappingPage
from tui_sync.ui.screens.syncs import SyncsPage


async def help_meanwhile(ui: Driver, come: asyncio.Event, told: str) -> None:
    """Open the help, then let the answer come: the help still stands there. Then close it."""
    await asyncio.sleep(0)
    ui.app.do_help()
    come.set()
    await ui.until_text(told)
    assert isinstance(ui.app.screen, HelpPage)
    await ui.press("escape")


async def filter_meanwhile(ui: Driver, come: asyncio.Event, told: str) -> None:
    """Type a filter, then let the answer come: what is typed goes on into the filter."""
    await asyncio.sleep(0)
    await ui.press("slash", '"al"')
    come.set()
    await ui.until_text(told)
    await ui.press('"l"')
    assert isinstance(ui.app.screen, SyncsPage)
    assert ui.app.screen.table.needle == "all"


@acting
@pytest.mark.parametrize("whole", [True, False])
async def test_over_the_wizard_that_keeps_a_draft(made: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    async with opened(made) as ui:
        await named(ui)
        if whole:
            await ui.press("enter", "enter")
            await at(ui, "policies")
        come = held_back(wizard(ui).offered, "about", monkeypatch)
        wizard(ui).do_save_draft()
        await help_meanwhile(ui, come, "is kept")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert bool(drafts.left(ui.app.desk)) is not whole


@acting
async def test_over_criteria_that_are_saved(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with editing(made) as ui:
        before = saved(ui)
        await ui.press("down", "o")
        come = held_back(catalogue, "hub_fields", monkeypatch)
        page(ui).do_save()
        await help_meanwhile(ui, come, f"The criteria of {before.name} are saved")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert saved(ui).selection != before.selection


@acting
async def test_over_a_mapping_whose_new_field_is_made(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(ran) as ui:
        screen, come = await edit(ui), held_back(catalogue, "create_field", monkeypatch)
        ui.app.run_worker(screen._create("Hobby"), group="create-field")
        await help_meanwhile(ui, come, "The hub has the field Hobby now.")
        assert isinstance(ui.app.screen, MappingPage)
        assert "Hobby" in [field.name for field in screen._hub_fields]


@acting
async def test_who_went_elsewhere_while_it_was_asked_what_is_gone_is_not_asked_there(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed there would choose a way out."""
    async with opened(ran) as ui:
        views = organisation(ui).views
        views.remove(next(str(view.id) for view in views.of(CONTACTS) if view.name == "Partner contacts"))
        await broken(ui, "Partner letter")
        come = held_back(repair, "diagnose", monkeypatch)
        ui.app.go.mending(ui.app.desk.sync("Partner letter"))
        await help_meanwhile(ui, come, "Partner letter was not mended: you went elsewhere")
        await ui.press("enter")
        assert ui.app.desk.sync("Partner letter").selection.kind is SelectionKind.VIEW


@acting
async def test_who_types_a_filter_while_it_was_asked_what_is_gone_is_not_asked(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1")
        await broken(ui, "All alumni")
        come = held_back(repair, "diagnose", monkeypatch)
        ui.app.go.mending(ui.app.desk.sync("All alumni"))
        await asyncio.sleep(0)
        await filter_meanwhile(ui, come, "All alumni was not mended: you went elsewhere")


@acting
async def test_who_types_a_filter_while_the_first_run_is_looked_at_is_not_asked(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        come = held_back(starting, "_foreseen", monkeypatch)
        ui.app.go.first_run(ui.app.desk.sync("All alumni"))
        await filter_meanwhile(ui, come, "All alumni was not run: you went elsewhere")
        assert not ui.app.runner.going_on()


@acting
async def test_who_went_elsewhere_while_a_broken_sync_was_looked_at_is_not_asked_for_a_place_there(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        organisation(ui).hide("CustomModule1")
        await broken(ui, "All alumni")
        organisation(ui).show("CustomModule1")
        sync = ui.app.desk.sync("All alumni")
        daily = msgspec.structs.replace(sync.schedule, frequency=Frequency.DAILY)
        ui.app.desk.workspace.syncs.put(msgspec.structs.replace(sync, schedule=daily))
        allow(ui, active=1)
        come = held_back(repair, "activate", monkeypatch)
        verbs.pause(ui.app, ui.app.desk.sync("All alumni"))
        await help_meanwhile(ui, come, "The only place of active syncs is taken.")
        assert isinstance(ui.app.screen, SyncsPage)
