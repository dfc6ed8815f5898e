"""What an action is, how keys are called, and the actions of some places; `ui/keys.py` is the registry of all.

Nothing here imports textual, which reads parts of the environment while it is imported.
"""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """What a key does.

    `label` stands in the key line, `says` in help and palette, `twin` is the command line that does the same (empty: it
    concerns the screen only). The key line shows actions by `rank`, the lowest first; 0 keeps it out of there.
    """

    name: str
    keys: str
    label: str
    says: str
    twin: str = ""
    rank: int = 0


def scrolling(rank: int = 0) -> tuple[Action, ...]:
    """The keys of a text that scrolls; `rank` is that of a page down in the key line."""
    return (
        Action("line(1)", "down,j", "down", "Scroll down."),
        Action("line(-1)", "up,k", "up", "Scroll up."),
        Action("line(16)", "pagedown,ctrl+d", "page down", "A page down.", "", rank),
        Action("line(-16)", "pageup,ctrl+u", "page up", "A page up."),
        Action("line(-9999)", "home,g", "first line", "To the top; also g g."),
        Action("line(9999)", "end,G", "last line", "To the end."),
    )


PLACE_ACTIONS: dict[str, tuple[Action, ...]] = {
    "definitions": (
        Action("open_file", "o", "open file", "Name a definition file and see what applying it would change.",
               "tui-sync plan FILE", 10),
        Action("apply", "w", "apply", "Create and change syncs as the file says, after a question with the numbers.",
               "tui-sync apply FILE", 20),
        Action("export", "e", "export", "Write all syncs to a new definition file.", "tui-sync export", 30),
        Action("reload", "r,f5", "read again", "Compare the file with the workspace anew.", "tui-sync plan FILE", 40),
        *scrolling(),
    ),
    "lists": (
        Action("open", "", "people", "The people of the list.", "tui-sync leads LIST", 10),
        Action("create", "c", "create list", "Create a mailing list.", "tui-sync create-list NAME", 20),
        Action("delete", "x,d,delete", "delete", "Delete a list that is only noted here and that no sync uses.",
               "tui-sync delete-list NAME", 25),
        Action("reload", "r,f5", "read again", "Ask the hub again.", "tui-sync lists", 30),
    ),
    "panel": (
        Action("panel(4)", "J", "panel down", "Scroll what is told of the row, beside the table or below it."),
        Action("panel(-4)", "K", "panel up", "Scroll it up."),
    ),
    "choices": (
        Action("choice(1)", "right,l,space", "next value", "In a row of choices: the next one; a digit takes one by its number.",
               "", 12),
        Action("choice(-1)", "left,h", "value before", "In a row of choices: the one before.", "", 13),
    ),
}
"""Place -> its actions, a part of the registry."""

SHOWN = {
    "question_mark": "?", "colon": ":", "slash": "/", "escape": "esc", "left_square_bracket": "[",
    "right_square_bracket": "]", "pagedown": "pgdn", "pageup": "pgup", "exclamation_mark": "!",
}  # fmt: skip
"""Keys as people write them, where textual writes them otherwise."""
NAMED = {shown: key for key, shown in SHOWN.items()}
KEYS = frozenset({
    "enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "up", "down", "left", "right",
    *SHOWN, *(f"f{number}" for number in range(1, 13)),
})  # fmt: skip
"""Keys that have a name, as textual writes it."""


def key_named(text: str) -> str:
    """The key of a name as people or textual write it (`esc`, `?`, `ctrl+r`), as textual does; empty where there is none."""
    modifiers, plus, key = text.rpartition("+")
    if text == "+" or (not plus and len(text) == 1):
        return NAMED.get(text, text)
    name = NAMED.get(key, key)
    good = name in KEYS or len(key) == 1
    return f"{modifiers}{plus}{name}" if good and set(modifiers.split("+")) <= {"", "ctrl", "shift", "alt"} else ""
