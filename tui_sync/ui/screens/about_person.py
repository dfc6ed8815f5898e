"""What the screens about one person have in common: what can be done with them."""

from __future__ import annotations

from abc import abstractmethod

from textual.events import Resize

from tui_sync.services.people import Explanation
from tui_sync.ui.screens import keeping_out, removal
from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.long_lines import LongLines


class AboutPerson(Page):
    """One long text about a person, who can be taken out of lists, suppressed and let in again."""

    known: Explanation | None = None
    """What the workspace knows of them."""

    @abstractmethod
    def draw(self) -> None:
        """Draw the whole text."""

    @abstractmethod
    def changed(self) -> None:
        """Something was done with the person: read everything anew."""

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.draw()

    def why_not(self, name: str) -> str:
        """Only somebody in a list can be taken out of one; only who is kept out can be let in."""
        if name in ("suppress", "lift"):
            return keeping_out.why_not(self.program, name, "" if self.known is None else self.known.email)
        return removal.why_not(self.known) if name == "remove" else ""

    def do_line(self, lines: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(lines)

    def do_remove(self) -> None:
        """Take them out of a list."""
        if self.known is not None:
            removal.take_out(self.program, self.known, self.changed)

    def do_suppress(self) -> None:
        """Put them on the suppression list."""
        if self.known is not None:
            keeping_out.suppress(self.program, self.known.email, self.changed)

    def do_lift(self) -> None:
        """Lift what keeps them out."""
        if self.known is not None:
            keeping_out.lift(self.program, self.known.email, self.changed)
