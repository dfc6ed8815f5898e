"""The step that names the sync and chooses the list that its people go to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantFocus, Key
from textual.widgets import Input

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.hub import HubList
from tui_sync.services import catalogue
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line, Span, Tone, wrapped
from tui_sync.ui.present.wizard import LISTS, list_cells, list_lines
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.wizard.selection import TableStep
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from tui_sync.ui.screens.wizard.page import WizardPage

FREE = "A name that no other sync of this workspace has."
NOTED = ("No call of Marketing Automation makes an empty list, so this one is noted here: it is created there, private, with the "
         "first person whom the sync brings.")  # fmt: skip
KEPT = "It is created in this workspace at once, and stays there if you do not go on."
NEW = HubList(key="", name="")
"""The row that makes a list."""
OWN_KEYS = frozenset("jkgGcsS/?:nN")
"""What acts in the lists: moving, sorting, looking for one, creating one, help and palette."""
TYPED = "Here / finds a list by its name and c creates one; f7 and f8 go to the steps beside."
SHARED = "People go to this list. Several syncs may use one list."


class TargetStep(TableStep):
    """Name and list."""

    KEY: ClassVar[str] = "name and list"
    READING: ClassVar[str] = "the lists of the hub"
    DEFAULT_CSS = """
    TargetStep > #naming { height: 1; }
    TargetStep > #naming > Lines { width: 10; }
    TargetStep > #naming > Entry { width: 1fr; max-width: 60; }
    TargetStep > #chosen { margin: 1 0; }
    """

    def compose(self) -> ComposeResult:
        """The name with what is wrong with it, the list, and all lists to choose from."""
        with Horizontal(id="naming"):
            yield Lines([(Span(" Name     ", Tone.DIM),)])
            yield Entry(self.sync.name, placeholder="how the sync is called", id="name")
        yield Lines(id="called")
        yield Lines(id="chosen")
        table = RecordTable(LISTS, self._cells, key=lambda known: known.key, empty=self.waiting, id="lists")
        table.no_match = "No such list. Enter, then c creates it; esc shows all lists again."
        yield table
        yield FilterLine("lists")

    def _cells(self, known: HubList) -> Sequence[Cell]:
        return list_cells(known, self.sync)

    async def ask(self) -> None:
        """The lists of the hub."""
        self.fill([*await self.page.offered.lists(), NEW])
        if self.sync.list_key:
            self.table.select(self.sync.list_key)

    def tell(self) -> None:
        """The sentences beside name and list."""
        width = self.wide
        wrong = self._wrong_name() if self.sync.name else ""
        told = wrapped(wrong or FREE, width, Tone.WARN if wrong else Tone.DIM, " " * 10)
        self.query_one("#called", Lines).show(told)
        self.query_one("#chosen", Lines).show(list(self._chosen(width)))

    def _wrong_name(self) -> str:
        return next((found.sentence for found in self.page.problems() if found.key == "name"), "")

    def _chosen(self, width: int) -> Iterator[Line]:
        yield from list_lines(self.page.offered.mailing_list(self.sync.list_key), self.sync, width)
        gone = next((found.sentence for found in self.page.problems() if found.key == "list"), "")
        if self.sync.list_key:
            yield from wrapped(gone or SHARED, width, Tone.WARN if gone else Tone.DIM, " " * 10)

    def typed(self, event: Input.Changed) -> None:
        """The name, or a filter, while it is typed."""
        if event.input.id != "name":
            super().typed(event)
            return
        self.page.change(msgspec.structs.replace(self.sync, name=event.value))
        self.tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """From the name to the lists; a name that cannot be keeps the keys."""
        event.stop()
        wrong = self._wrong_name() if event.input.id == "name" else ""
        self.page.program.explain(wrong)
        if not wrong:
            self.table.focus()

    def held(self) -> None:
        """To the name, where that is what is wrong."""
        if not self.sync.name.strip() or self._wrong_name():
            self.query_one("#name").focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """Letters are typed into the name, and act in the lists: the key line says which."""
        self.call_after_refresh(self.page.refresh_frame)

    def on_key(self, event: Key) -> None:
        """A text typed into the lists does nothing: none of its letters goes to another step."""
        if self.table.has_focus and event.is_printable and event.character not in OWN_KEYS:
            event.stop()
            self.page.program.explain(TYPED)

    def take(self) -> None:
        """Take the list under the cursor, if the cursor is there."""
        known: HubList | None = self.table.current
        if known is not None and known.key and self.table.has_focus:
            self.page.change(msgspec.structs.replace(self.sync, list_key=known.key, list_name=known.name))
            self.show()

    def choose(self) -> None:
        """The last row makes a list."""
        if self.table.current is NEW:
            self.create()
        else:
            super().choose()

    def line(self, step: int) -> None:
        """From the name down to the lists."""
        if step > 0:
            self.table.focus()

    def create(self) -> None:
        """Ask for the name of a new list."""
        check = partial(catalogue.name_mistake, taken=[known.name for known in self.table.rows if known.key])

        def done(name: str | None) -> None:
            if name is not None:
                self.page.run_worker(self._create(self.page, name), group="create", exclusive=True)

        hint = NOTED if self.page.desk.marketing else KEPT
        self.page.program.push_screen(Prompt("Name of the new list", self.table.needle.lstrip("!"), hint=hint, check=check,
                                             go="create"), done)  # fmt: skip

    async def _create(self, page: WizardPage, name: str) -> None:
        """Create it and take it, whichever step is shown by then. Who types on meanwhile keeps the keys."""
        try:
            created = await page.offered.create_list(name)
        except TuiSyncError as fault:
            page.program.told(fault)
            return
        page.change(msgspec.structs.replace(page.draft.sync, list_key=created.key, list_name=created.name))
        if page.step is not self:
            return
        if not isinstance(page.focused, Input):
            self.cleared()
        self.load()
