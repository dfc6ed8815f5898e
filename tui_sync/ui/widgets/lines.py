"""Lines of styled text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_sync.ui.present.lines import BLANK, ELLIPSIS, Line, Span, Tone, clip_line
from tui_sync.ui.widgets.painting import strip, tones_of


class Lines(Widget):
    """Shows lines as they are given, from the top; where they do not fit, the last one that does says that there are more."""

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; }"

    class Acted(Message):
        """A span with an action was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class Widened(Message):
        """There is another width for the lines than before: who made them for that one makes them anew."""

    def __init__(self, lines: Iterable[Line] = (), *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id, classes=classes)
        self.lines: list[Line] = list(lines)
        self._width = 0

    def show(self, lines: Iterable[Line]) -> None:
        """Replace the lines; those that differ are drawn anew."""
        old, self.lines = self.lines, list(lines)
        if self.styles.auto_dimensions and len(old) != len(self.lines):
            self.refresh(layout=True)
            return
        for row in range(max(len(old), len(self.lines))):
            if old[row : row + 1] != self.lines[row : row + 1]:
                self.refresh(Region(0, min(row, max(0, self.size.height - 1)), self.size.width, 1))  # the last tells of more

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - textual's signature
        """As many lines as there are."""
        return len(self.lines)

    def render_line(self, y: int) -> Strip:
        """One line, on the widget's own background."""
        spans = self.lines[y] if y < len(self.lines) else BLANK
        if y == self.size.height - 1 and any(self.lines[y + 1 :]):
            spans = clip_line((*spans, Span(f" {ELLIPSIS}", Tone.DIM)), self.size.width - 1)
        return strip(spans, self.size.width, self.rich_style, tones_of(self))

    def on_resize(self, event: Resize) -> None:
        """Lines are cut elsewhere now."""
        self.refresh()
        if event.size.width != self._width:
            self._width = event.size.width
            self.post_message(self.Widened())

    def on_click(self, event: Click) -> None:
        """Do what the span under the mouse is for."""
        action = event.style.meta.get("act")
        if action:
            event.stop()
            self.post_message(self.Acted(str(action)))


class Flowing(Lines):
    """Lines that are made for the width they get, before they are drawn in it."""

    def __init__(
        self, make: Callable[[int], Iterable[Line]] = lambda _: (), *, id: str | None = None, classes: str | None = None,  # noqa: A002 - textual's name
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._make, self._made_for = make, -1

    def tell(self, make: Callable[[int], Iterable[Line]]) -> None:
        """Replace the lines by what is made for the width."""
        self._make = make
        if self._made_for >= 0:
            self.show(make(self._made_for))

    def _fit(self, width: int) -> None:
        if width != self._made_for:
            self._made_for, self.lines = width, list(self._make(width))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as there are in that width."""
        self._fit(width)
        return super().get_content_height(container, viewport, width)

    def render_line(self, y: int) -> Strip:
        """One line, made for the width that is there."""
        self._fit(self.size.width)
        return super().render_line(y)
