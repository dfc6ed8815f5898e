"""What the screens remember between two starts: theme, bell, and how the list of syncs was shown."""

from __future__ import annotations

import msgspec

from tui_sync.services.desk import Desk

NAME = "screen"


class ScreenState(msgspec.Struct, frozen=True, kw_only=True):
    """Choices about the screens; none of them changes what a run does."""

    theme: str = "dark"
    bell: bool = False
    filter: str = ""
    sort: int | None = None
    descending: bool = False
    definitions: str = ""
    """Path of the definition file that was looked at last."""


def screen_state(desk: Desk) -> ScreenState:
    """What was remembered, or the defaults. Raises Damaged where the document is something else."""
    return desk.workspace.meta.read(NAME, ScreenState) or ScreenState()


def keep_screen_state(desk: Desk, state: ScreenState) -> None:
    """Remember it."""
    desk.workspace.meta.write(NAME, state)
