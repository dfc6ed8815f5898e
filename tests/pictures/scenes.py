"""What the pictures show: for each its name, the size of the terminal, and the keys that lead there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from tests.terminal.pty_screen import Terminal

Step = Callable[[Terminal], None]
SMALL, NORMAL, WIDE = (60, 16), (80, 24), (120, 40)


class Scene(NamedTuple):
    """One picture."""

    name: str
    size: tuple[int, int] = NORMAL
    steps: tuple[Step, ...] = ()
    env: Mapping[str, str] = {}


def _press(keys: tuple[str, ...], terminal: Terminal) -> None:
    for key in keys:
        if key.startswith('"'):
            terminal.type(key.strip('"'))
        else:
            terminal.press(key)
        terminal.settle(0.1)


def press(*keys: str) -> Step:
    """Press keys; one in quotes is typed."""
    return partial(_press, keys)


def await_text(text: str) -> Step:
    """Wait for a text."""
    return lambda terminal: terminal.wait_for(text)


def on(sync: str) -> Step:
    """Put the cursor on a sync."""
    return press("/", f'"{sync}"', "enter")


SCENES = (
    Scene("syncs"),
    Scene("syncs-wide", WIDE),
    Scene("syncs-small", SMALL),
    Scene("syncs-light", NORMAL, (press("f2", '"light"', "enter"), press("f2")), {}),
    Scene("syncs-mono", NORMAL, (), {"NO_COLOR": "1"}),
    Scene("syncs-ascii", NORMAL, (), {"TUI_SYNC_ASCII": "1", "NO_COLOR": "1"}),
    Scene("help", NORMAL, (press("?"),)),
    Scene("palette", NORMAL, (press(":", '"run"'),)),
)
