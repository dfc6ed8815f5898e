"""A screen that is drawn for the size of its terminal from the first time on."""

from __future__ import annotations

from typing import TypeVar

from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

T = TypeVar("T")


class Fitting(Screen[T]):
    """Has the classes of its breakpoints before it is laid out. Textual 8.2 sets them after that, and shows what it has laid out
    without them: in a wide terminal columns and lines would jump once whenever a screen comes."""

    def on_compose(self) -> None:
        """The size that the terminal has."""
        self._take_size(self.app.size)

    def on_resize(self, event: Resize) -> None:
        """Another one; textual's own handler, which lays out, comes after this one."""
        self._take_size(event.size)

    def _take_size(self, size: Size) -> None:
        """Of each row of breakpoints the farthest one that is reached."""
        for length, breakpoints in ((size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS)):
            reached = [name for least, name in breakpoints or () if least <= length]
            for _, name in breakpoints or ():
                self.set_class(name == reached[-1], name)
