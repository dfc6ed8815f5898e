"""More lines than there is room for, scrolled by the screen's keys or the wheel."""

from __future__ import annotations

from collections.abc import Iterable

from textual.events import MouseScrollDown, MouseScrollUp, Resize

from tui_sync.present.words import grouped
from tui_sync.ui.present.lines import Line, Span, Tone, line
from tui_sync.ui.widgets.lines import Lines

WHEEL = 3
"""Lines that one notch of the wheel moves."""


class LongLines(Lines):
    """Shows a window of its text; while there is more below, the last line says how much."""

    DEFAULT_CSS = "LongLines { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._text: list[Line] = []
        self._first = 0

    def tell(self, lines: Iterable[Line]) -> None:
        """Replace the text; it stays where it was scrolled to."""
        self._text = list(lines)
        self.shift(0)

    def shift(self, lines: int) -> None:
        """Scroll by so many lines, as far as there are any."""
        height = max(1, self.size.height)
        self._first = max(0, min(self._first + lines, len(self._text) - height))
        seen = self._text[self._first : self._first + height]
        below = len(self._text) - self._first - height
        if below > 0:
            more = line(Span(f" {grouped(below + 1)} more lines: down or pgdn", Tone.DIM))
            seen = [*seen[:-1], more]
        self.show(seen)

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
