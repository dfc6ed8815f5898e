"""Lists and leads: the mailing lists of the hub, with their people and the syncs that feed them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible
from tui_sync.services import catalogue
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.lists import LIST_COLUMNS, LIST_KEYS, ListRow, list_cells
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.following import Following
from tui_sync.ui.screens.page import TO_CONNECT
from tui_sync.ui.screens.table_page import ROWS, TablePage
from tui_sync.ui.widgets.record_table import RecordTable

NOTED = "Marketing Automation has no call for an empty list: it is noted here, and the first delivery creates it there, private."
MADE = "It is created in this workspace at once."


class ListsPage(Following, TablePage):
    """One row a list."""

    PLACES = ("lists", "matches")
    ABOUT = "The mailing lists of the hub: how many people are in each, and which syncs feed it. Enter shows its people."
    NOTHING = ("The hub has no mailing list yet.", "Press c to create one; a sync brings people into it.")
    BINDINGS: ClassVar[list[BindingType]] = bindings("lists", "matches")

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""

    def make_table(self) -> RecordTable:
        """The lists."""
        return RecordTable(
            LIST_COLUMNS, list_cells, key=lambda row: row.mailing.key, sort_keys=LIST_KEYS, empty=self.empty, id=ROWS
        )

    def on_mount(self) -> None:
        """Ask the hub."""
        self.do_reload()

    def do_reload(self) -> None:
        """Ask the hub for its lists."""
        self.reading, self.fault = "the lists of the hub", ""
        self.draw()
        self.load(self._load)

    def time_passed(self) -> None:
        """An answer that is still under way may be of before the change: it is asked again after that."""
        if not self.reading:
            super().time_passed()

    def follow(self) -> None:
        """Ask the hub again; the rows stand until it has answered, and where it gives no answer."""
        self.load(partial(self._load, afresh=False))

    async def _load(self, *, afresh: bool = True) -> None:
        try:
            found = await catalogue.lists(self.desk)
            feeders = catalogue.feeders(self.desk)
            rows = [ListRow(mailing, feeders.get(mailing.key, ())) for mailing in found]
            self.fault = ""
        except TuiSyncError as fault:
            if not afresh and not self.fault:
                self.program.say(str(fault), Tone.BAD, "the lists")
                return
            unconnected = self.desk.workspace.connection is None
            self.fault, rows = TO_CONNECT if unconnected else str(fault), []
        self.reading = ""
        self.table.show(rows)
        if self._wanted:
            self.table.select(self._wanted)
            self._wanted = ""
        self.draw()

    def where(self) -> Sequence[str]:
        """Lists."""
        return ("Lists",)

    def right(self) -> Line:
        """How many there are."""
        number = len(self.table.rows)
        return (Span("" if self.reading or self.fault else f"{number} list{'' if number == 1 else 's'}", Tone.DIM),)

    def why_not(self, name: str) -> str:
        """Only a list can be opened, and only a hub that answers creates one."""
        if name == "open" and self.table.current is None:
            return "There is no list to open here."
        if name == "create" and self.fault:
            return self.fault
        if name == "delete":
            row: ListRow | None = self.table.current
            return catalogue.why_no_deletion(row.mailing, row.feeders) if row is not None else "There is no list to delete here."
        return ""

    def do_open(self) -> None:
        """Show the people of the list."""
        self.program.go.leads(self.table.current.mailing)

    def do_create(self) -> None:
        """Ask for the name of a new list."""
        check = partial(catalogue.name_mistake, taken=[row.mailing.name for row in self.table.rows])

        def named(name: str | None) -> None:
            if name is not None:
                self.run_worker(self._create(name), group="create")

        hint = NOTED if self.desk.marketing else MADE
        self.program.push_screen(Prompt("Name of the new list", hint=hint, check=check, go="create"), named)

    async def _create(self, name: str) -> None:
        try:
            made = await catalogue.create_list(self.desk, name)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        how = "noted; the first delivery creates it, private" if made.noted else "created"
        self.say(f"The list {made.name} is {how}.")
        self._wanted = made.key
        self.do_reload()

    def do_delete(self) -> None:
        """Delete a noted list: nothing but its name is lost."""
        self.run_worker(self._delete(self.table.current.mailing.name), group="delete")

    async def _delete(self, name: str) -> None:
        try:
            gone = await catalogue.delete_list(self.desk, name)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        self.say(f"The noted list {gone.name} is deleted.")
        self.do_reload()

    def copied(self) -> str:
        """The name of the list."""
        row: ListRow | None = self.table.current
        return "" if row is None else visible(row.mailing.name)
