"""The way through the wizard, for tests that begin somewhere in it."""

from __future__ import annotations

from msgspec.structs import replace

from tests.ui.driver import Driver
from tui_sync.services import drafts
from tui_sync.services.desk import Desk
from tui_sync.ui.screens.wizard import WizardPage
from tui_sync.ui.screens.wizard.step import Step


def wizard(ui: Driver) -> WizardPage:
    page = ui.app.screen
    assert isinstance(page, WizardPage)
    return page


async def at(ui: Driver, step: str) -> Step:
    """Wait until a step stands there with everything it asks the connection for."""
    await ui.until(lambda: isinstance(ui.app.screen, WizardPage) and wizard(ui).draft.step == step, step)
    await ui.until(lambda: step == wizard(ui).step.KEY and (wizard(ui).step.loaded or wizard(ui).step.fault), step)
    return wizard(ui).step


async def begin(ui: Driver) -> None:
    await ui.press("n")
    await at(ui, "module")


async def named(ui: Driver, name: str = "Crew") -> None:
    """From the start to the step of name and list, with a name typed and no list chosen."""
    await begin(ui)
    await ui.press("enter")
    await at(ui, "records")
    await ui.press("enter")
    await at(ui, "name and list")
    await ui.press(f'"{name}"')


async def to_review(ui: Driver, name: str = "Crew") -> None:
    """A sync of all candidates into the first list, at the review."""
    await named(ui, name)
    await ui.press("enter", "enter")
    for step in ("policies", "schedule", "mapping"):
        await at(ui, step)
        await ui.press("enter")
    await at(ui, "review")


def unfinished(desk: Desk, *, step: str, **parts: object) -> None:
    """Leave a draft behind in which everything stands but what is said."""
    whole = {"name": "Crew", "module": "Candidates", "list_key": "", "list_name": "", **parts}
    draft = drafts.new(desk)
    drafts.save(desk, replace(draft, step=step, sync=replace(draft.sync, **whole)))
