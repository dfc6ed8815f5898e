"""A line to type into."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.widgets import Input

from tui_sync.model.text import visible

PRINTABLE = r"[^\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
"""What may be typed or pasted: everything but what steers a terminal or turns the reading direction around."""
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
TURNS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def in_one_line(text: str) -> str:
    """A pasted text as one line that may be typed: a blank for what breaks lines or steers a terminal, nothing for it at the
    ends or for what turns the reading direction."""
    first, *others = BREAKS.split(TURNS.sub("", text))
    return " ".join(part for each in (first, *others) if (part := each.strip(" "))) if others else first


class Entry(Input):
    """An input of one line without frame and without a blinking cursor; it takes no text that could steer a terminal. Where it is
    `replaced`, a number or a moment, which nobody writes on, all of it is selected when it gets the keys."""

    DEFAULT_CSS: ClassVar[str] = """
    Entry { height: 1; border: none; padding: 0 1; background: $panel; color: $foreground; }
    Entry:focus { border: none; background: $entry; background-tint: $foreground 0%; }
    Entry > .input--placeholder { color: $quiet; }
    Entry > .input--selection { color: $background; background: $foreground; }
    Entry:ansi > .input--placeholder { text-style: dim; }
    Entry:ansi > .input--cursor { color: ansi_default; background: ansi_default; text-style: reverse; }
    Entry:ansi > .input--selection { color: ansi_default; background: ansi_default; text-style: reverse; }
    Entry:ansi { text-style: underline; background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "app.do('quit')", show=False)]

    def __init__(
        self, value: str = "", *, placeholder: str = "", replaced: bool = False, id: str | None = None,  # noqa: A002 - textual's name
        classes: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            visible(value), placeholder=visible(placeholder), restrict=PRINTABLE, select_on_focus=replaced, compact=True,
            id=id, classes=classes,
        )  # fmt: skip
        self.cursor_blink = False

    def _on_paste(self, event: Paste) -> None:
        """All of a pasted text is taken, in one line: textual takes the first of several lines, and nothing of a text with a
        tab or a mark in it."""
        event.text = in_one_line(event.text)
