"""A question over a screen before something that changes much: yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tui_sync.model.text import alike
from tui_sync.ui.in_turn import Asking
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.frame import LOW
from tui_sync.ui.present.lines import Line, Span, Tone, width_of
from tui_sync.ui.screens.dialogs import Dialog
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import LongLines
from tui_sync.ui.wire import Differences

EDGES = 4
"""Lines of the panel's edges (with the border of terminals of few colours or none), two of them where the terminal is low."""


class Ask(Asking, Dialog[bool]):
    """A question before something that changes much. The key that confirms is not the one that asked; cancel is the
    default: enter does nothing. `typed` is a text that must be typed to confirm; another one is told to be another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("ask"),
        Binding("enter", "do('cancel')", show=False),
        Binding("y", "confirm", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(8)", show=False),
        Binding("pageup", "scroll(-8)", show=False),
    ]

    def __init__(
        self, question: str, details: Iterable[str] = (), *, confirm: str, decline: str = "cancel", typed: str = ""
    ) -> None:
        super().__init__()
        self.question, self.details, self.typed = question, tuple(details), typed
        self.confirm, self.decline = confirm, decline
        self._other = False
        """Whether something else was typed than what confirms."""

    def compose(self) -> ComposeResult:
        """The question, what it means, the two ways out."""
        with Vertical():
            yield LongLines(id="said")
            if self.typed:
                yield Lines(self._asked(), id="asked")
                yield Entry(id="typed")
            else:
                yield Lines(self._ways(), id="asked")

    def on_mount(self) -> None:
        """The first picture has all that is asked: from then on it takes an answer."""
        self.tell()

    @property
    def painted(self) -> float:
        """When it was painted first."""
        return cast("Differences", self._compositor).painted

    def _said(self) -> list[Line]:
        said = [*self.told(self.question, Tone.STRONG), ()]
        for sentence in self.details:
            said += [*self.told(sentence), ()]
        return said

    def _asked(self) -> list[Line]:
        if self._other:
            return self.told(f"That is not {self.typed}. Type it as it stands here, or press esc.", Tone.WARN)
        return self.told(f"Type {self.typed} to {self.confirm}; esc leaves everything as it is.")

    def _ways(self) -> list[Line]:
        """The two ways out, beside one another where there is room."""
        yes = (Span(f" {self.confirm} ", Tone.PLAIN, "confirm"), Span("  "), Span("y", Tone.KEY, "confirm"))
        no = (Span(f" {self.decline} ", Tone.CURSOR, "cancel"), Span("  "), Span("enter", Tone.KEY, "cancel"))
        both = (*no, Span(" or "), Span("esc", Tone.KEY, "cancel"))
        beside = (*both, Span("     "), *yes)
        return [beside] if width_of(beside) <= self.room else [both, yes]

    def tell(self) -> None:
        """Question and details; what is never scrolled away stands below."""
        asked = self._asked() if self.typed else self._ways()
        edges = EDGES if self.app.size.height >= LOW else EDGES // 2
        said, room = self._said(), self.app.size.height - len(asked) - bool(self.typed) - edges
        long = self.query_one(LongLines)
        long.styles.height = min(len(said), max(1, room))
        long.tell(said)
        self.query_one("#asked", Lines).show(asked)

    def action_scroll(self, lines: int) -> None:
        """Read on where the terminal is too small for all of it."""
        self.query_one(LongLines).shift(lines)

    def action_confirm(self) -> None:
        """Yes."""
        if not self.typed:
            self.dismiss(True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The typed text confirms only if it is the one asked for; none at all is as good as escape."""
        if not event.value.strip() or _reads_as(event.value, self.typed):
            self.dismiss(bool(event.value.strip()))
            return
        self._other = True
        self.tell()

    def on_input_changed(self) -> None:
        """It is typed anew."""
        if self._other:
            self._other = False
            self.tell()

    async def on_lines_acted(self, event: Lines.Acted) -> None:
        """One of the ways out was clicked."""
        self.dismiss(event.action == "confirm")


def _reads_as(typed: str, asked: str) -> bool:
    """Whether it is what stands on the screen, where several blanks are one and nobody sees how accents are composed."""
    return alike(" ".join(typed.split()), " ".join(asked.split()))
