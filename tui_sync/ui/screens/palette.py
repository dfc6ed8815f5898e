"""The command palette: every action of the present screen, and every sync, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui_sync.model.text import visible
from tui_sync.ui.keys import ACTIONS, TITLES, shown_keys
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.lines import Span, Tone
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.screens.page import Page

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

COLUMNS = (Column("Action", 20, 60, grow=True), Column("Key", 5, 12), Column("Place", 8, 18, spare=1))
Pick = tuple[str, str]
"""("do", name of an action) or ("sync", id of a sync)."""


def open_palette(program: TuiSync) -> None:
    """Ask for an action or a sync, and do it or open it."""
    page = program.screen
    if not isinstance(page, Page):
        return

    async def picked(pick: Pick | None) -> None:
        if pick is None:
            return
        kind, name = pick
        if kind == "do":
            await page.action_do(name)
            return
        sync = program.desk.workspace.syncs.get(name)
        if sync is not None:
            program.go.details(sync)

    choices = [*_actions(page), *_syncs(program)]
    program.push_screen(Picker("What do you want to do, or which sync do you want to open?", choices, columns=COLUMNS), picked)


def _actions(page: Page) -> Iterator[Choice[Pick]]:
    for place in dict.fromkeys((*page.PLACES, "places", "anywhere")):
        for action in ACTIONS[place]:
            if action.name in ("palette", "back"):
                continue
            why = page.why_not(action.name) if place in page.PLACES else ""
            yield Choice(
                ("do", action.name), action.says, Span(shown_keys(action).split(", ")[0], Tone.KEY),
                Span(TITLES[place], Tone.DIM), why_not=why,
            )  # fmt: skip


def _syncs(program: TuiSync) -> Iterator[Choice[Pick]]:
    for sync in program.desk.workspace.syncs.all():
        yield Choice(("sync", sync.id), f"Open {visible(sync.name)}", "", Span("Syncs", Tone.DIM))
