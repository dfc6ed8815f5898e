"""One address: every sync, list and outcome that this workspace knows of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input

from tui_sync.present.people import is_known
from tui_sync.services import people
from tui_sync.ui.keys import Action, bindings
from tui_sync.ui.present.lines import Line, Span, Tone, line, wrapped
from tui_sync.ui.present.person import known_lines
from tui_sync.ui.screens.about_person import AboutPerson
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.screens.following import Following
from tui_sync.ui.screens.page import note
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import LongLines

TYPING = (
    Action("look_up", "enter", "look it up", "Tell everything about the address that is typed.", "", 10),
    Action("back", "escape", "back", "Go back.", "", 20),
)
"""What the line of keys shows while an address is typed."""


class Address(Horizontal):
    """The line in which the address is typed."""

    DEFAULT_CSS = """
    Address { height: 2; padding: 0 1 1 1; }
    Address Lines { width: 9; }
    """

    def __init__(self, email: str) -> None:
        super().__init__()
        self._email = email

    def compose(self) -> ComposeResult:
        """A word and the entry."""
        yield Lines([line("Address")])
        yield Entry(self._email, placeholder="name@example.com", id="address")


class PeoplePage(Following, AboutPerson):
    """Type an address; enter tells everything about it. With `email` that is told at once."""

    PLACES = ("people",)
    ABOUT = "One address: which syncs know it, which lists it is in, what every run did with it, and what keeps it out."
    BINDINGS: ClassVar[list[BindingType]] = bindings("people")
    AUTO_FOCUS = ""

    def __init__(self, email: str = "") -> None:
        super().__init__()
        self.email = email

    def body(self) -> Iterable[Widget]:
        """The address, what is known of it."""
        yield Address(self.email)
        yield LongLines(id="known")

    def on_mount(self) -> None:
        """Tell what is known of the address that was given; without one, or of an unknown one, let one be typed."""
        self.set_focus(self.query_one(Entry))
        if self.email:
            self.find()
        self.draw()

    def find(self) -> None:
        """Look the address up; the keys go from the entry to the screen where something is known."""
        self.known = people.explain(self.desk, self.email, thorough=True)
        if is_known(self.known):
            self.set_focus(None)
        elif near := people.like(self.desk, self.email):
            title = "Which of the known addresses like it do you mean?"
            self.program.push_screen(Picker(title, [Choice(address, address) for address in near]), self._meant)
        self.draw()

    def _meant(self, email: str | None) -> None:
        if email is not None:
            self.email = self.query_one(Entry).value = email
            self.find()

    def draw(self) -> None:
        """Draw what is known."""
        self.query_one(LongLines).tell(self._lines(self.size.width))
        self.refresh_frame()

    def _lines(self, width: int) -> Iterable[Line]:
        if self.known is None:
            yield note("Type an e-mail address and press enter.")
            return
        names = {sync.id: sync.name for sync in self.desk.workspace.syncs.every()}
        yield from known_lines(self.known, names, self.program.zone, width)
        if is_known(self.known):
            return
        yield ()
        near = people.like(self.desk, self.email)
        if near:
            yield line(Span(" Known addresses like it:", Tone.DIM))
            yield from (line(f"   {address}") for address in near)
        else:
            told = "No sync has fetched it, and it is in no list that was read. Type another address and press enter."
            yield from wrapped(told, width - 2, Tone.DIM, " ")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: look it up."""
        event.stop()
        self.do_look_up()

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """Other keys act while an address is typed."""
        self.refresh_frame()

    def actions(self) -> list[Action]:
        """Two while an address is typed, else those of this place."""
        return list(TYPING) if isinstance(self.focused, Input) else super().actions()

    def do_look_up(self) -> None:
        """Tell everything about the address that is typed."""
        self.email = self.query_one(Entry).value.strip()
        if self.email:
            self.find()

    def came_back(self) -> None:
        """What was done elsewhere shows."""
        if self.is_mounted and self.known is not None:
            self.known = people.explain(self.desk, self.email, thorough=True)
            self.draw()

    def where(self) -> Sequence[str]:
        """People, and whom."""
        return ("People", self.email) if self.known is not None and is_known(self.known) else ("People",)

    def do_find(self) -> None:
        """Type another address."""
        entry = self.query_one(Entry)
        entry.focus()
        entry.action_end()

    def changed(self) -> None:
        """Read everything anew."""
        self.came_back()

    def copied(self) -> str:
        """The address."""
        return self.email
