"""More lines than there is room for, scrolled by the screen's keys or the wheel."""

from __future__ import annotations

from collections.abc import Iterable

from textual.events import MouseScrollDown, MouseScrollUp, Resize
from textual.strip import Strip

from tui_sync.present.words import grouped
from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import first_key
from tui_sync.ui.present.lines import ELLIPSIS, Line, Span, Tone, clip_line, line
from tui_sync.ui.widgets.lines import Lines

WHEEL = 3
"""Lines that one notch of the wheel moves."""


class LongLines(Lines):
    """Shows a window of its text; while there is more below, the last line says how much."""

    DEFAULT_CSS = "LongLines { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._text: list[Line] = []
        self._first = self._height = 0

    def tell(self, lines: Iterable[Line]) -> None:
        """Replace the text; it stays where it was scrolled to."""
        self._text = list(lines)
        self.shift(0)

    def shift(self, lines: int) -> None:
        """Scroll by so many lines, as far as there are any."""
        self._first += lines
        self.show(self._window())

    def _window(self) -> list[Line]:
        self._height = self.size.height
        height = max(1, self._height)
        self._first = max(0, min(self._first, len(self._text) - height))
        seen = self._text[self._first : self._first + height]
        below = len(self._text) - self._first - height
        return [*seen[:-1], self.more(seen[-1], below)] if below > 0 else seen

    def render_line(self, y: int) -> Strip:
        """A line of the window: the first drawing in another height comes before its event."""
        if self._height != self.size.height:
            self.lines = self._window()
        return super().render_line(y)

    def can_shift(self, lines: int) -> bool:
        """Whether there is something to scroll to in that direction."""
        height = self.size.height
        return self._first + height < len(self._text) if lines > 0 and height else lines < 0 < self._first

    def more(self, last: Line, below: int) -> Line:  # noqa: ARG002 - the panel keeps it
        """What stands in place of the `last` line that is seen while there are `below` more."""
        return line(Span(f" {grouped(below + 1)} more lines: down or pgdn", Tone.DIM))

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Another part of it fits now."""
        self.shift(0)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Down."""
        event.stop()
        self.shift(WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Up."""
        event.stop()
        self.shift(-WHEEL)


class Aside(LongLines):
    """What is to be said of the row under a table's cursor, beside the table or below it. The place `panel` of the registry has
    the keys that scroll it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._about = ""

    def tell_of(self, about: str, lines: Iterable[Line]) -> None:
        """Replace the text; that of another row is shown from its first line."""
        if about != self._about:
            self._about, self._first = about, 0
        self.tell(lines)

    def more(self, last: Line, below: int) -> Line:  # noqa: ARG002 - how many does not matter
        """The last line, and the key that shows what is below it."""
        told = f" {ELLIPSIS} {first_key(actions('panel')[0])} more"
        return (*clip_line(last, self.size.width - 1 - len(told)), Span(told, Tone.DIM))
