"""A form that may be taller than the terminal, and the line that tells how much of it is out of sight."""

from __future__ import annotations

from textual.containers import VerticalScroll

from tui_sync.present.words import counted
from tui_sync.ui.present.lines import Span, Tone, line
from tui_sync.ui.widgets.lines import Lines


class Sheet(VerticalScroll, can_focus=False):
    """Holds the form; the field with the keys is scrolled into sight."""

    DEFAULT_CSS = "Sheet { height: 1fr; scrollbar-size: 0 0; }"


class Below(Lines):
    """Stands below a sheet that is taller than its place, and tells how much more of it is to come."""

    DEFAULT_CSS = "Below { height: 1; display: none; }"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet

    def on_mount(self) -> None:
        """Tell it whenever that changes."""
        for what in ("scroll_y", "virtual_size", "container_size"):
            self.watch(self._sheet, what, self._moved, init=False)

    def _moved(self) -> None:
        """Sizes come one after the other: the one before the last is not to be told."""
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        room = self._sheet.region.height + self.region.height  # as both stand; `display` tells only how they will
        self.display = self._sheet.virtual_size.height > room
        below = round(self._sheet.virtual_size.height - (room - self.display) - self._sheet.scroll_y)
        told = f"   {counted(below, 'more line')}: pgdn" if below > 0 else ""
        self.show([line(Span(told, Tone.DIM))])
