"""One person of a run: what was decided and why, the record as it is now, the values before and after, the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.outcomes import LABELS, Outcome
from tui_sync.model.sync import Sync
from tui_sync.services import people
from tui_sync.services.people import Person
from tui_sync.ui.keys import bindings
from tui_sync.ui.names import Names
from tui_sync.ui.present.lines import Line, Span, Tone, wrapped
from tui_sync.ui.present.person import known_lines, live_lines, outcome_lines, section
from tui_sync.ui.present.states import STATUS_TONES
from tui_sync.ui.screens.about_person import AboutPerson
from tui_sync.ui.screens.following import Following
from tui_sync.ui.widgets.long_lines import LongLines


class PersonPage(Following, AboutPerson):
    """The person behind one outcome. What the workspace knows is there at once, the record when Recruit has answered."""

    PLACES = ("person",)
    ABOUT = "One person: what the run did and why, what was delivered and would be now, every list, the record in Recruit."
    BINDINGS: ClassVar[list[BindingType]] = bindings("person")
    AUTO_FOCUS = ""

    def __init__(self, sync: Sync, outcome: Outcome, run_id: str = "") -> None:
        super().__init__()
        self._sync, self.outcome, self.run_id = sync, outcome, run_id
        self.name_shown = ""
        self.person: Person | None = None
        self.fault = ""

    def body(self) -> Iterable[Widget]:
        """One long text."""
        yield LongLines(id="person")

    def on_mount(self) -> None:
        """Show what is known, ask for the rest."""
        names = Names(self.desk, self._sync.id)
        names.fetch([self.outcome])
        self.name_shown = names.of(self.outcome)
        self.reload()

    def reload(self) -> None:
        """Read everything anew."""
        self.known = people.behind(self.desk, self._sync.id, self.outcome.record_id, self.outcome.email or "")
        self.draw()
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            self.person = await people.look(self.desk, self._sync.id, self.outcome.record_id, self.outcome.email or "")
            self.known, self.fault = self.person.explanation, ""
        except TuiSyncError as fault:
            self.fault = str(fault)
        self.draw()

    def follow(self) -> None:
        """What the workspace knows; Recruit is not asked again for it."""
        self.known = people.behind(self.desk, self._sync.id, self.outcome.record_id, self.outcome.email or "")
        self.draw()

    def draw(self) -> None:
        """Draw the whole text."""
        width = self.size.width
        self.query_one(LongLines).tell(self._lines(width))
        self.refresh_frame()

    def _lines(self, width: int) -> Iterable[Line]:
        yield from outcome_lines(self.outcome, self.run_id, width)
        if self.known is not None:
            names = {sync.id: sync.name for sync in self.desk.workspace.syncs.every()}
            yield from section("Known here")
            yield from list(known_lines(self.known, names, self.program.zone, width))
        if self.fault:
            yield from section("Record in Recruit")
            yield from wrapped(self.fault, width - 4, Tone.BAD, "   ")
        elif self.person is None:
            yield from section("Record in Recruit")
            yield (Span("   Reading it ...", Tone.DIM),)
        else:
            yield from live_lines(self.person, width)

    def where(self) -> Sequence[str]:
        """The sync and the person."""
        return (self._sync.name, self.name_shown or self.outcome.email or f"record {self.outcome.record_id}")

    def right(self) -> Line:
        """What the run did with them."""
        return (Span(LABELS[self.outcome.status], STATUS_TONES[self.outcome.status]),)

    def sync(self) -> Sync:
        """The sync that fetched them."""
        return self._sync

    def changed(self) -> None:
        """Read everything anew."""
        if self.is_mounted:
            self.reload()

    def copied(self) -> str:
        """The address."""
        return self.outcome.email or ""
