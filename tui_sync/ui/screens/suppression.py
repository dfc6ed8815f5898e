"""The suppression list: people whom no sync adds or updates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible
from tui_sync.present.words import counted
from tui_sync.services import suppression
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.lists import SUPPRESSED_COLUMNS, SUPPRESSED_KEYS, suppressed_cells
from tui_sync.ui.screens import keeping_out
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.exporting import NO_ROW, ask_export
from tui_sync.ui.screens.following import Following
from tui_sync.ui.screens.table_page import ROWS, TablePage
from tui_sync.ui.typed_path import here, is_there, located, objection
from tui_sync.ui.widgets.record_table import RecordTable

MOST_TOLD = 600
"""Characters of what is wrong with a file that are shown in passing."""
IMPORTING = "A CSV file with the columns email and reason. All of it is taken, or nothing; nobody is taken off the list."


class SuppressionPage(Following, TablePage):
    """One row a person."""

    PLACES = ("suppression", "matches")
    ABOUT = "People whom no sync adds or updates, whatever Recruit and the hub say. No sync takes anybody off this list."
    NOTHING = (
        "Nobody is suppressed.",
        "Press a to add an address, i to read a CSV file. No sync adds or updates those people from then on.",
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings("suppression", "matches")

    def make_table(self) -> RecordTable:
        """The people."""
        return RecordTable(
            SUPPRESSED_COLUMNS, self._cells, key=lambda mark: mark.email, sort_keys=SUPPRESSED_KEYS, empty=self.empty, id=ROWS
        )

    def _cells(self, mark: object) -> Sequence[Cell]:
        return suppressed_cells(mark, self.program.now, self.program.zone)  # type: ignore[arg-type]

    def on_mount(self) -> None:
        """Show them."""
        self.reading = "the suppression list"
        self.do_reload()

    def came_back(self) -> None:
        """Whatever was done elsewhere shows."""
        if self.is_mounted:
            self.do_reload()

    def do_reload(self) -> None:
        """Read the list anew."""
        self.load(self._load)

    async def _load(self) -> None:
        marks = await suppression.read_listing(self.desk)
        self.reading = ""
        if marks != self.table.rows:
            self.table.show(marks)
        self.draw()

    def where(self) -> Sequence[str]:
        """Suppression."""
        return ("Suppression",)

    def right(self) -> Line:
        """How many there are."""
        return (Span(counted(len(self.table.rows), "person", "people"), Tone.DIM),)

    def why_not(self, name: str) -> str:
        """What needs a row."""
        if name in ("open", "lift") and self.table.current is None:
            return "There is nobody here. Press a to add an address."
        return NO_ROW if name == "export" and not self.table.order else ""

    def do_open(self) -> None:
        """Everything that is known of the person."""
        self.program.go.people(self.table.current.email)

    def do_add(self) -> None:
        """Ask for an address, then for the reason."""

        def added(email: str | None) -> None:
            if email is not None:
                keeping_out.suppress(self.program, email.strip(), self.came_back)

        self.program.push_screen(
            Prompt("Whom do you want to suppress?", hint="An e-mail address.", check=suppression.address_check, go="next"), added
        )

    def do_lift(self) -> None:
        """Ask for the reason, then lift what keeps the person out."""
        keeping_out.lift(self.program, self.table.current.email, self.came_back)

    def do_import(self) -> None:
        """Ask for a file and add everybody in it."""
        folder = here()

        def check(text: str) -> str:
            return objection(text, folder, is_there)

        def named(text: str | None) -> None:
            if text is not None:
                # Of the program: whoever leaves this screen meanwhile has asked for the file all the same.
                self.program.run_worker(self._read(located(text, folder)), group="import")

        self.program.push_screen(Prompt("Read which file?", hint=IMPORTING, check=check, go="import"), named)

    async def _read(self, path: Path) -> None:
        try:
            done = await suppression.read(self.desk, path)
        except TuiSyncError as fault:
            told = str(fault)
            more = f"{told[:MOST_TOLD]} ... All of it: tui-sync suppression import FILE" if len(told) > MOST_TOLD else told
            self.say(more, Tone.BAD)
            return
        added = counted(done.added, "person", "people")
        self.say(f"{added} added; {done.changed} have another reason now, {done.same} were there already.")
        self.came_back()

    def do_export(self) -> None:
        """Write the rows that are shown to a file."""
        ask_export(self.program, "suppression", self.table.shown)

    def copied(self) -> str:
        """The address."""
        return "" if self.table.current is None else visible(self.table.current.email)
