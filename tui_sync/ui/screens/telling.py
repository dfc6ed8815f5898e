"""A text over the screen, whole and wrapped, to be read and copied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.screens.dialogs import Dialog
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import LongLines

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

FRAME = 4
"""Lines of the dialog beside the text: its edges, a blank line and the keys."""


class Telling(Dialog[None]):
    """Shows a text under a heading, with sentences below it; `y` copies the text alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "do('cancel')", show=False),
        Binding("y", "copy", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]
    DEFAULT_CSS = "Telling LongLines { background: $surface; width: 1fr; }"

    def __init__(self, heading: str, text: str, sentences: Iterable[str] = ()) -> None:
        super().__init__()
        self.heading, self.text, self.sentences = heading, text, tuple(sentences)

    def compose(self) -> ComposeResult:
        """Heading and text, the ways out."""
        with Vertical():
            yield LongLines(id="told")
            yield Lines([(), (Span("y", Tone.KEY), Span(" copy   "), Span("esc", Tone.KEY), Span(" close"))])

    def on_mount(self) -> None:
        """Show the text."""
        self.tell()

    def tell(self) -> None:
        """Heading, text, sentences."""
        lines: list[Line] = [*self.told(self.heading, Tone.STRONG), (), *self.told(self.text)]
        for sentence in self.sentences:
            lines += [(), *self.told(sentence, Tone.DIM)]
        told = self.query_one(LongLines)
        told.styles.height = max(1, min(len(lines), self.app.size.height - FRAME))
        told.tell(lines)

    def action_scroll(self, lines: int) -> None:
        """Read on where the terminal is too small for all of it."""
        self.query_one(LongLines).shift(lines)

    def action_copy(self) -> None:
        """Send the text to the clipboard of the terminal."""
        cast("TuiSync", self.app).copy(self.text)
