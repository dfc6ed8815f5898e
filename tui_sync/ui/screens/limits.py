"""The organisation's limits: what is used of them, who waits for them, and what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.present.limits import forecast_words
from tui_sync.services.forecast import Outlook, outlook
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.limits import limits_lines
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.syncs import quota_line
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.long_lines import LongLines


class LimitsPage(Page):
    """Everything about the limits as one text."""

    PLACES = ("limits",)
    ABOUT = "What the plan allows and what is used of it: initiations this month, syncs today, places; and what is to come."
    BINDINGS: ClassVar[list[BindingType]] = bindings("limits")
    AUTO_FOCUS = ""

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield LongLines(id="limits")

    def on_mount(self) -> None:
        """Read and show."""
        self.reload()

    def reload(self) -> None:
        """Read everything anew."""
        self._outlook: Outlook = outlook(self.desk)
        self.draw()

    def draw(self) -> None:
        """Draw what was read."""
        self.query_one(LongLines).tell(limits_lines(self._outlook, self.size.width))
        self.refresh_frame()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.draw()

    def came_back(self) -> None:
        """Whatever was done elsewhere shows."""
        if self.is_mounted:
            self.reload()

    def time_passed(self) -> None:
        """Another program may have changed something."""
        self.came_back()

    def run_ended(self, watch: Watch) -> None:  # noqa: ARG002 - the signature of every page
        """A run has cost something."""
        self.reload()

    def where(self) -> Sequence[str]:
        """Limits."""
        return ("Limits",)

    def middle(self) -> Line:
        """The organisation."""
        return (Span(self.program.organisation, Tone.DIM),)

    def right(self) -> Line:
        """The quotas, as on the first screen."""
        return quota_line(self._outlook.quota)

    def do_line(self, lines: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(lines)

    def copied(self) -> str:
        """The forecast."""
        return " ".join(forecast_words(self._outlook))
