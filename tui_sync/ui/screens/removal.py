"""Taking one person out of a list by hand: which list, what it means, then the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.services import people
from tui_sync.services.people import Explanation
from tui_sync.ui.present.person import lists_in, taking_out
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Choice, Picker

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync


def why_not(known: Explanation | None) -> str:
    """Why nobody can be taken out of a list here; empty where somebody can."""
    if known is None or not known.email:
        return "There is no address to take out of a list."
    return "" if lists_in(known.memberships) else "As far as this workspace knows, they are in no list."


def take_out(program: TuiSync, known: Explanation, done: Callable[[], None]) -> None:
    """Ask for the list where there are several, then whether; `done` is called when the person is out."""
    lists = lists_in(known.memberships)

    def chosen(name: str | None) -> None:
        if name is not None:
            take_out_of(program, known.email, name, done)

    if len(lists) == 1:
        chosen(lists[0])
    else:
        program.push_screen(Picker(f"Take {known.email} out of", [Choice(name, name) for name in lists]), chosen)


def take_out_of(program: TuiSync, email: str, name: str, done: Callable[[], None]) -> None:
    """Ask whether; `done` is called when the person is out. The call belongs to the program: it is made to its end when
    the screen is left."""

    async def remove() -> None:
        try:
            await people.remove(program.desk, email, name)
        except TuiSyncError as fault:
            program.told(fault)
            return
        program.say(f"{email} is out of {name}, and no sync brings them back.", about=email)
        done()

    def answered(yes: bool | None) -> None:
        if yes:
            program.run_worker(remove(), group="remove")

    question, details = taking_out(email, name, marketing=program.desk.marketing)
    program.push_screen(Ask(question, details, confirm="take them out", decline="leave them"), answered)
