"""Beginning a new sync, or going on with one that was begun and not finished."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_sync.model.draft import Draft
from tui_sync.model.text import visible
from tui_sync.services import drafts
from tui_sync.ui.screens.dialogs import Choice, Picker

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

UNFINISHED = "what was left unfinished"
"""What the messages are about that name the key to go on with it."""
Begun = tuple[str, Draft | None]
"""What to do with unfinished work, and with which."""


def begin(program: TuiSync) -> None:
    """Open the wizard; where unfinished work was left, ask first what becomes of it."""
    left = drafts.left(program.desk)
    if not left:
        program.go.wizard()
        return

    def done(pick: Begun | None) -> None:
        if pick is None:
            return
        way, draft = pick
        if way == "discard" and draft is not None:
            _discard(program, draft)
        else:
            program.go.wizard(draft)

    going: list[Choice[Begun]] = [Choice(("go on", draft), f"Go on with {_called(draft)}, at {visible(draft.step.capitalize())}")
                                  for draft in left]  # fmt: skip
    gone: list[Choice[Begun]] = [Choice(("discard", draft), f"Discard {_called(draft)}") for draft in left]
    choices = [*going, Choice[Begun](("new", None), "Begin a new one"), *gone]
    program.push_screen(Picker("A new sync was begun and not finished.", choices), done)


def _discard(program: TuiSync, draft: Draft) -> None:
    back = partial(drafts.save, program.desk, draft)
    what = f"the discarding of {_called(draft)}"
    drafts.discard(program.desk, draft.key)
    program.undone.append((what, lambda: back().sync))
    program.say(f"{_called(draft)} is discarded. u brings it back.", about=what)


def _called(draft: Draft) -> str:
    return visible(draft.sync.name) or "the sync without a name"
