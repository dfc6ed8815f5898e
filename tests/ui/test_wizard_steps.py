"""The steps of the wizard one by one: where the keys are, what is offered, and what is kept of wrong input."""

from __future__ import annotations

from pathlib import Path

from tests.ui.at_wizard import at, named, to_review, wizard
from tests.ui.driver import acting, opened
from tui_sync.ui.screens.syncs import SyncsPage


@acting
async def test_no_more_lines_are_promised_below_a_form_that_stands_whole(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "enter")
        for step in ("policies", "schedule"):
            await at(ui, step)
            assert "more line" not in ui.text()
            await ui.press("f8")


@acting
async def test_a_name_that_is_refused_in_the_lists_gets_the_keys(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui, "IT graduates")
        page = await at(ui, "name and list")
        await ui.press("tab")
        assert page.query_one("#lists").has_focus
        await ui.press("enter")
        assert page.query_one("#name").has_focus
        assert wizard(ui).draft.step == "name and list"


@acting
async def test_the_key_that_creates_a_list_is_offered_only_where_it_is_no_letter_of_the_name(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        assert "create list" not in ui.lines()[-1]
        await ui.press("tab")
        assert "c create list" in ui.lines()[-1]


@acting
async def test_the_first_screen_stands_on_the_sync_that_was_made_last(made: Path) -> None:
    async with opened(made) as ui:
        await to_review(ui)
        await ui.press("f9")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Crew") is not None)
        await ui.press("escape")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert ui.app.screen.table.current.name == "Crew"  # type: ignore[attr-defined]
