"""Screens that are left, and those that are not there yet: what happens in that very moment ends nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset

from tests.ui.at_wizard import begin, wizard
from tests.ui.driver import Driver, acting, opened
from tests.ui.test_criteria import editing, saved
from tests.ui.test_criteria import page as criteria
from tests.ui.test_details import details, page
from tui_sync.model.mapping import HubField
from tui_sync.services import catalogue
from tui_sync.services.desk import Desk
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.details import DetailsPage
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt
from tui_sync.ui.screens.person import PersonPage
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.widgets.lines import Lines


@acting
async def test_what_a_screen_does_when_its_parts_have_just_gone_ends_nothing(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[PersonPage]()

    def late(person: PersonPage) -> None:
        drawn.append(person)
        person.draw()

    monkeypatch.setattr(PersonPage, "on_unmount", late, raising=False)
    async with opened(ran) as ui:
        await details(ui, "Tech clients")
        await ui.press("enter", "escape")
        assert len(drawn) == 1
        assert isinstance(ui.app.screen, DetailsPage)
        await goes_on(ui)


@acting
async def test_a_screen_that_asks_something_of_a_step_that_is_being_left_goes_on(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        await begin(ui)
        step = wizard(ui).step

        def line(_: int) -> None:
            monkeypatch.setattr(step, "_pruning", True)
            step.query_one("#gone")

        monkeypatch.setattr(step, "line", line)
        wizard(ui).post_message(Lines.Acted("line(1)"))
        await ui.until(lambda: step._pruning, "the step to go")
        monkeypatch.undo()
        wizard(ui).post_message(Lines.Acted("next"))
        await ui.until(lambda: wizard(ui).draft.step == "records", "the next step")


@acting
async def test_a_run_that_moves_or_ends_while_a_screen_opens_waits_until_its_parts_stand(ran: Path) -> None:
    async with opened(ran) as ui:
        sync = ui.app.desk.workspace.syncs.named("Tech clients")
        assert sync is not None
        ui.app.go.details(sync)
        ui.app._runs_moved()
        ui.app.changed()
        ui.app.schedules.turned()
        await ui.pilot.pause()
        assert page(ui).shown is not None
        await goes_on(ui)


@acting
async def test_what_is_chosen_twice_leaves_its_own_screen_alone(ran: Path) -> None:
    chosen = list[int | None]()
    async with opened(ran) as ui:
        await details(ui, "Tech clients")
        ui.app.push_screen(Picker("Which?", [Choice(1, "one"), Choice(2, "two")]), chosen.append)
        await ui.pilot.pause()
        picker = ui.app.screen
        picker.dismiss(1)
        picker.dismiss(2)
        await ui.pilot.pause()
        assert isinstance(ui.app.screen, DetailsPage)
        assert chosen == [1]


@acting
async def test_what_is_done_under_a_question_leaves_the_question_and_is_gone_behind_it(ran: Path) -> None:
    named = list[str | None]()
    async with opened(ran) as ui:

        async def attempt(_: str) -> str:
            ui.app.push_screen(Ask("Leave?", confirm="leave"))
            return ""

        ui.app.push_screen(Prompt("Name", "new", attempt=attempt), named.append)
        await ui.press("enter")
        assert isinstance(ui.app.screen, Ask)
        await ui.press("escape")
        assert isinstance(ui.app.screen, SyncsPage)
        assert named == ["new"]


@acting
@pytest.mark.parametrize("way", ["a row", "the key line"])
async def test_what_two_clicks_in_one_piece_open_is_opened_once(ran: Path, way: str) -> None:
    async with opened(ran) as ui:
        row = next(y for y, line in enumerate(ui.lines()) if ("\u258c" if way == "a row" else "enter open") in line)
        for _ in range(2):
            click(ui, 3, row)
        await ui.pilot.pause()
        assert [type(screen) for screen in ui.app.screen_stack] == [SyncsPage, DetailsPage]


@acting
async def test_what_two_clicks_in_one_piece_save_is_saved_once_and_nothing_else_is_told(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.mapping(ui.app.desk.sync("Tech clients"))
        await ui.until_text("y accept")
        await ui.press("y")
        for _ in range(2):
            click(ui, ui.lines()[-1].index("save"), 23)
        await ui.until_text("Saved: effective")
        assert len(ui.app._notifications) == 1


@acting
async def test_whether_to_leave_without_saving_is_asked_no_longer_once_it_is_saved(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = list[bool](), catalogue.hub_fields
    async with editing(made) as ui:

        async def slow(desk: Desk) -> tuple[HubField, ...]:
            criteria(ui).do_back()
            for _ in range(50):  # turns of the loop, in which the question is mounted
                await asyncio.sleep(0)
            asked.append(isinstance(ui.app.screen, Ask) and ui.app.screen.is_mounted)
            return await ask(desk)

        monkeypatch.setattr(catalogue, "hub_fields", slow)
        await ui.press("down", "o", "w")
        assert asked == [True]
        assert isinstance(ui.app.screen, SyncsPage)
        assert saved(ui).selection.pattern == "((1 or 2) and (3 or 4))"


@acting
async def test_a_click_while_the_wizard_changes_its_step_is_for_the_one_that_comes(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        await begin(ui)
        done = list[str]()
        monkeypatch.setattr(wizard(ui), "do_next", lambda: done.append(wizard(ui).draft.step))
        async with wizard(ui)._moving:
            clicked = asyncio.create_task(wizard(ui).action_do("next"))
            await ui.pilot.pause()
            assert not done
        await clicked
        assert done == ["module"]


@acting
async def test_a_click_on_what_has_just_gone_ends_nothing(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(ran) as ui:
        gone = Lines()
        monkeypatch.setattr(ui.app.screen, "get_widget_and_offset_at", lambda *_: (gone, Offset(0, 0)))
        click(ui, 3, 3)
        await ui.pilot.pause()
        await goes_on(ui)


def click(ui: Driver, x: int, y: int) -> None:
    """Click, with whatever comes next right behind it."""
    for kind in (MouseDown, MouseUp):
        ui.app.post_message(kind(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y))


async def goes_on(ui: Driver) -> None:
    """See that the program still does what a key says."""
    await ui.press("question_mark")
    await ui.until_text("Help")


@acting
async def test_a_key_for_a_screen_that_another_one_covers_meanwhile_is_not_for_that_one(ran: Path) -> None:
    async with opened(ran) as ui:
        for turns in range(5, 8):  # of the loop, in which the key is on its way
            ui.pilot.send("escape")
            for _ in range(turns):
                await asyncio.sleep(0)
            ui.app.go.details(ui.app.desk.sync("Tech clients"))
            await ui.until(lambda: ui.app.screen.is_mounted, "the screen")
            await ui.press("question_mark")
            await ui.until_text("Help")
            await ui.press("escape", "home", "escape", "home")
            assert isinstance(ui.app.screen, SyncsPage)
