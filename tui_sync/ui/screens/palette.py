"""The command palette: every action of the present screen, and every sync, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui_sync.model.text import visible
from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import OWN, TITLES, Action, first_key
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.lines import Span, Tone
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.screens.page import Page
from tui_sync.ui.titles import title_of

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

COLUMNS = (
    Column("Action", 12, 22), Column("What it does", 8, 60, grow=True), Column("Key", 5, 12), Column("Place", 8, 18, spare=1),
)  # fmt: skip
ELSEWHERE = {
    "syncs": "esc goes back to it.", "details": "enter on a sync opens them.",
    "run": "w on a sync that runs, or d on any, leads there.", "foreseen": "o at the end of a dry run leads there.",
    "person": "enter on a person in the details of a sync.",
    "people": "f in the list of syncs.", "criteria": "e on a sync.", "mapping": "e on a sync.", "retrieval": "e on a sync.",
    "wizard": "n in the list of syncs.", "lists": "2 in the list of syncs.", "leads": "enter on a list, 2 in the list of syncs.",
    "log": "5 in the list of syncs.", "settings": "8 in the list of syncs.", "trial": "t in the settings.",
    "suppression": "3 in the list of syncs.", "corrections": "4 in the list of syncs.",
    "limits": "6 in the list of syncs.", "definitions": "7 in the list of syncs.",
}  # fmt: skip
"""Place -> the way to it."""
UNLISTED = ("palette", "back", "leave")
"""Actions that the palette does not offer: itself, what escape does to it too, and a second key for leaving the program, which
an action of everywhere does."""
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

    here = list(_here(page))
    choices = [*(choice for choice in here if not choice.why_not), *_syncs(program),
               *(choice for choice in here if choice.why_not), *_elsewhere(page)]
    title = "What do you want to do, or which sync do you want to open?"
    program.push_screen(Picker(title, choices, columns=COLUMNS, grown=True), picked)


def _places(page: Page) -> list[str]:
    """This screen's, the other places, everywhere. A widget's own actions are none of the screen: they need its cursor."""
    return list(dict.fromkeys(place for place in (*page.PLACES, "places", "anywhere") if place not in OWN))


def _here(page: Page) -> Iterator[Choice[Pick]]:
    """Actions of this screen, then of everywhere."""
    for place in _places(page):
        for action in actions(place):
            if action.name not in UNLISTED:
                yield _choice(place, action, page.refusal(action.name))


def _elsewhere(page: Page) -> Iterator[Choice[Pick]]:
    """Actions of other screens, which are done there; of several that read alike the first."""
    known = {action.says for place in _places(page) for action in actions(place)}
    alike: set[tuple[str, str, str]] = set()
    for place in ELSEWHERE:
        for action in actions(place):
            read = title_of(place, action), action.says, first_key(action)
            if action.says not in known and action.name not in UNLISTED and read not in alike:
                alike.add(read)
                yield _choice(place, action, f"{TITLES[place]}: {ELSEWHERE[place]}")


def _choice(place: str, action: Action, why_not: str) -> Choice[Pick]:
    cells = (title_of(place, action), action.says, Span(first_key(action), Tone.KEY), Span(TITLES[place], Tone.DIM))
    return Choice(("do", action.name), *cells, why_not=why_not)


def _syncs(program: TuiSync) -> Iterator[Choice[Pick]]:
    for sync in program.desk.workspace.syncs.all():
        yield Choice(("sync", sync.id), "Open sync", visible(sync.name), "", Span("Syncs", Tone.DIM))
