"""What the pictures show: for each its name, the size of the terminal, and the keys that lead there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.terminal.pty_screen import Terminal
from tui_sync.simulator import Organisation
from tui_sync.simulator.schema import CANDIDATES

Step = Callable[[Terminal], None]
SMALL, NORMAL, WIDE = (60, 16), (80, 24), (120, 40)


class Scene(NamedTuple):
    """One picture."""

    name: str
    size: tuple[int, int] = NORMAL
    steps: tuple[Step, ...] = ()
    env: Mapping[str, str] = {}
    fresh: bool = False
    """On a demo organisation that was just made: its syncs run."""
    empty: bool = False
    """On a workspace that nobody has used."""
    ready: Callable[[Path], None] | None = None
    """Done to the copy of the workspace beforehand."""


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


def without_the_fair(workspace: Path) -> None:
    """Delete the custom view that the sync Winter campaign is bound to."""
    organisation = Organisation.open(workspace / "organisation.db")
    for view in organisation.views.of(CANDIDATES):
        if view.name == "Winter job fair, alpine":
            organisation.views.remove(str(view.id))
    organisation.close()


REVIEW = (
    press("n"), await_text("standard module"), press("enter"), await_text("Criteria"), press("j", "j", "j", "enter"),
    await_text("Name"), press('"Alpine winter"', "tab", "enter"), await_text("People who opted out"), press("f8"),
    await_text("Next runs"), press("f8"), await_text("First Name"), press("f8"), await_text("Would be"),
)  # fmt: skip

SCENES = (
    Scene("syncs", NORMAL, (press("j", "j"),)),
    Scene("syncs-running", NORMAL, (await_text("%"),), fresh=True),
    Scene("syncs-wide", WIDE, (press("j", "j"),)),
    Scene("syncs-small", SMALL),
    Scene("syncs-light", NORMAL, (press("f2", '"light"', "enter", "j"),)),
    Scene("syncs-dark", NORMAL, (press("f2", '"dark"', "enter", "j"),)),
    Scene("syncs-mono", NORMAL, (press("j"),), {"NO_COLOR": "1"}),
    Scene("syncs-ascii", NORMAL, (press("j"),), {"TUI_SYNC_ASCII": "1", "NO_COLOR": "1"}),
    Scene("wizard", NORMAL, (*REVIEW[:5], await_text("Zylker"), press('"Alpine winter"'))),
    Scene("wizard-review", NORMAL, REVIEW),
    Scene("criteria", NORMAL, (on("graduates"), press("e", "down", "enter"), await_text("of 500"))),
    Scene("criteria-person", NORMAL,
          (on("graduates"), press("e", "down", "enter"), await_text("of 500"), press("t", "enter"), await_text("decide"))),
    Scene("mapping", NORMAL, (on("graduates"), press("e", "enter"), await_text("Suggested"), await_text(" | "))),
    Scene("retrieval", NORMAL, (on("graduates"), press("e", "down", "down", "enter"), await_text("Next runs"))),
    Scene("details", NORMAL, (on("graduates"), press("enter"), await_text("Total"), press("9", "end", "enter", "5"))),
    Scene("details-wide", (150, 44), (on("graduates"), press("enter"), await_text("Total"), press("9", "end", "enter", "5"))),
    Scene("configuration", NORMAL, (on("graduates"), press("enter"), await_text("Total"), press("0"))),
    Scene("person", NORMAL, (on("graduates"), press("enter"), await_text("Total"), press("2", "enter"), await_text("Run"))),
    Scene("people", NORMAL, (press("f", '"otto.outley@zylker.com"', "enter"), await_text("Barred"))),
    Scene("run", NORMAL, (press("w"), await_text(" of ")), fresh=True),
    Scene("dry-run", NORMAL, (on("graduates"), press("d"), await_text("Nothing was changed."))),
    Scene("delete", NORMAL, (on("graduates"), press("x"), await_text("Delete"))),
    Scene("help", NORMAL, (press("?"), await_text("Same as"))),
    Scene("palette", NORMAL, (press(":"), await_text("What do you want"))),
    Scene("lists", NORMAL, (press("2"), await_text("Fed by"))),
    Scene("leads", NORMAL, (press("2"), await_text("Fed by"), press("enter"), await_text("First name"))),
    Scene("suppression", NORMAL, (press("3"), await_text("wrote to legal"))),
    Scene("misspelt", NORMAL, (press("4"), await_text("To review"))),
    Scene("log", NORMAL, (press("5"), await_text("From"))),
    Scene("limits", NORMAL, (press("6"), await_text("Ahead"))),
    Scene("definitions", NORMAL, (press("7", "o", '"~/syncs.toml"', "enter"), await_text("tuesday"))),
    Scene("settings", NORMAL, (press("8"), await_text("Webhook"))),
    Scene("trial", NORMAL, (press("8"), await_text("Webhook"), press("t"), await_text("Every call"))),
    Scene("related", NORMAL, (on("clients"), press("e", "down", "enter"), await_text(" of "))),
    Scene("mend", NORMAL, (on("Winter"), press("r"), await_text("broken"), press("m"), await_text("Take the view")),
          ready=without_the_fair),
    Scene("empty", NORMAL, (await_text("Nothing is synced"),), empty=True),
)
"""All pictures, in the order in which they are drawn."""
