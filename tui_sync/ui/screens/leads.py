"""The people of one mailing list, by how they stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import ClassVar

from textual.binding import BindingType

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.hub import HubList, Member, MemberState
from tui_sync.model.text import visible
from tui_sync.present.catalogue import lead_object
from tui_sync.present.words import grouped
from tui_sync.services import catalogue
from tui_sync.ui import export
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.lists import LEAD_COLUMNS, LEAD_KEYS, STATE_NAMES, lead_cells, list_kind, state_tabs
from tui_sync.ui.screens import removal
from tui_sync.ui.screens.exporting import LEAD_FORMS, NO_ROW, ask_export
from tui_sync.ui.screens.table_page import AGAIN, ROWS, TablePage
from tui_sync.ui.widgets.record_table import RecordTable

TELL = 0.25
"""Seconds between two looks at how far the reading is."""


class LeadsPage(TablePage):
    """One row a person. Each state is read when it is first shown, page by page."""

    PLACES = ("leads", "matches")
    ABOUT = "The people of one mailing list as the hub has them: active, unsubscribed, bounced. Enter tells all about one."
    BINDINGS: ClassVar[list[BindingType]] = bindings("leads", "matches")

    def __init__(self, mailing: HubList) -> None:
        super().__init__()
        self.mailing = mailing
        self.state = MemberState.ACTIVE
        self.people: dict[MemberState, list[Member]] = {}
        """The states that were read to their end."""

    def make_table(self) -> RecordTable:
        """The people."""
        return RecordTable(
            LEAD_COLUMNS, lead_cells, key=lambda member: member.email, sort_keys=LEAD_KEYS, empty=self.empty, id=ROWS
        )

    def on_mount(self) -> None:
        """Read the active ones."""
        self._show()

    # what is shown

    def _show(self) -> None:
        """Show the people of the state, reading them first where that was not done."""
        known = self.people.get(self.state)
        self.fault = ""
        self.reading = "" if known is not None else f"the people of {visible(self.mailing.name)}"
        self.table.show(known or [])
        self.draw()
        if known is None:
            self.load(partial(self._load, self.state))
        else:
            # Those of another state that are still read would take the place of those shown.
            self.workers.cancel_group(self, "load")

    async def _load(self, state: MemberState) -> None:
        found: list[Member] = []
        told = monotonic()
        try:
            async for page in catalogue.members(self.desk, self.mailing, state):
                found.extend(page)
                if monotonic() - told > TELL:
                    told = monotonic()
                    self.reading = f"the people of {visible(self.mailing.name)}: {grouped(len(found))}"
                    self.draw()
            self.people[state] = found
        except TuiSyncError as fault:
            self.fault, found = str(fault), []
        self.reading = ""
        self.table.show(found)
        self.draw()

    def head(self, width: int) -> Sequence[Line]:
        """The states with their numbers: those read, else as the hub counted them."""
        counted = {
            MemberState.ACTIVE: self.mailing.members, MemberState.UNSUBSCRIBED: self.mailing.unsubscribed,
            MemberState.BOUNCED: self.mailing.bounced,
        }  # fmt: skip
        return state_tabs(self.state, {**counted, **{state: len(found) for state, found in self.people.items()}}, width)

    def nothing(self) -> Sequence[str]:
        """Why nobody is shown."""
        if self.mailing.noted:
            told = "Nobody is in this list: it is noted here only. The first person whom a sync brings creates it at the hub."
            return (told, AGAIN)
        if self.state is MemberState.ACTIVE:
            return ("Nobody is in this list yet. A sync that feeds it brings people.", AGAIN)
        return (f"Nobody is {STATE_NAMES[self.state].lower()} here.", "1 shows the people who are in the list.")

    def where(self) -> Sequence[str]:
        """The list."""
        return ("Lists", self.mailing.name)

    def right(self) -> Line:
        """What kind of list it is."""
        if self.mailing.public:
            return (Span("public: people must confirm", Tone.WARN),)
        return (Span(list_kind(self.mailing), Tone.DIM),)

    # actions

    def why_not(self, name: str) -> str:
        """What the row does not allow."""
        if name in ("open", "remove") and self.table.current is None:
            return "There is nobody here."
        if name == "remove" and self.state is not MemberState.ACTIVE:
            return "Only somebody active can be taken out; these are out already."
        if name == "export" and not self.table.order:
            return NO_ROW
        return ""

    def do_tab(self, state: str) -> None:
        """Show the people of one state."""
        self.state = MemberState(state)
        self._show()

    def do_step_tab(self, step: int) -> None:
        """The next state, or the one before."""
        states = list(MemberState)
        self.do_tab(states[(states.index(self.state) + step) % len(states)])

    def do_reload(self) -> None:
        """Read the people again."""
        self.people.clear()
        self._show()

    def do_open(self) -> None:
        """Everything that is known of the person."""
        self.program.go.people(self.table.current.email)

    def do_remove(self) -> None:
        """Take the person out of the list, after a question."""
        email = self.table.current.email
        removal.take_out_of(self.program, email, self.mailing.name, lambda: self._removed(email))

    def _removed(self, email: str) -> None:
        """The row goes; whoever is unsubscribed is read again when that is looked at, who is active if that is not read yet."""
        known = self.people.get(MemberState.ACTIVE)
        self.people = {} if known is None else {MemberState.ACTIVE: [member for member in known if member.email != email]}
        if self.is_mounted and self.state is MemberState.ACTIVE:
            self._show()

    async def do_export(self) -> None:
        """Write the rows that are shown to a file."""
        try:
            columns = await catalogue.import_columns(self.desk)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        state = self.state
        kind = export.leads_kind(columns, lambda member: lead_object(state, member))
        ask_export(self.program, f"{self.mailing.name} {state}", self.table.shown, kind, LEAD_FORMS)

    def copied(self) -> str:
        """The address."""
        return "" if self.table.current is None else visible(self.table.current.email)
