"""The first two steps: which module, and which of its records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.widgets import Input

from tui_sync.model.records import Module, View
from tui_sync.model.sync import SelectionKind, Sync
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.wizard import (
    MODULES,
    RECORDS,
    Row,
    criteria_lines,
    module_cells,
    module_lines,
    record_cells,
)
from tui_sync.ui.screens.wizard.step import Step
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable


class TableStep(Step):
    """A step in which a row of a table is chosen."""

    @property
    def table(self) -> RecordTable:
        """The rows."""
        return self.query_one(RecordTable)

    def load(self) -> None:
        """A table without rows tells what is asked for."""
        if not self.table.rows:
            self.fill(())
        super().load()

    def fill(self, rows: Sequence[object]) -> None:
        """Replace the rows; what stands below the table stands close to them."""
        self.table.styles.max_height = len(rows) + 1 if rows else None
        self.table.show(rows)

    def filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterLine).open(self.table.needle)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something is typed."""
        event.stop()
        self.typed(event)

    def typed(self, event: Input.Changed) -> None:
        """Filter while it is typed."""
        self.table.filter(event.value)

    def cleared(self) -> bool:
        """Show all rows again."""
        needle = self.table.needle
        self.query_one(FilterLine).close()
        self.table.filter("")
        return bool(needle)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Tell what one must know of the row."""
        event.stop()
        self.tell()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A row was chosen."""
        event.stop()
        self.choose()

    def choose(self) -> None:
        """Take the row under the cursor and go on."""
        self.take()
        self.post_message(self.Done(self))

    def show(self) -> None:
        """Draw the choice."""
        self.table.refresh()
        self.tell()

    def tell(self) -> None:
        """Draw what stands below the table."""
        width = self.wide
        self.query_one("#below", Lines).show(list(self.below(width)))

    def below(self, width: int) -> Iterator[Line]:  # noqa: ARG002 - subclasses use it
        """What stands below the table."""
        yield from ()


class ModuleStep(TableStep):
    """Which module of Recruit the people come from."""

    KEY: ClassVar[str] = "module"
    READING: ClassVar[str] = "the modules of Recruit"

    def compose(self) -> ComposeResult:
        """The modules, and what is to be known of one."""
        yield RecordTable(MODULES, self._cells, key=lambda module: module.name, empty=self.waiting, id="modules")
        yield Lines(id="below")
        yield FilterLine("modules")

    def _cells(self, module: Module) -> Sequence[Cell]:
        return module_cells(module, self.sync)

    async def ask(self) -> None:
        """The modules."""
        self.fill(await self.page.offered.modules())
        self.table.select(self.sync.module)

    def below(self, width: int) -> Iterator[Line]:
        """What one must know of the module under the cursor."""
        if self.table.current is not None:
            yield from module_lines(self.table.current, width)

    def take(self) -> None:
        """Take the module under the cursor, where it can be synced."""
        module: Module | None = self.table.current
        if module is not None and module.available:
            self.page.take_module(module.name, module.label)

    def problem(self) -> str:
        """A module that cannot be synced is told with its reason."""
        module: Module | None = self.table.current
        if module is not None and not module.available:
            return f"{module.label} cannot be synced. {module.reason}"
        return super().problem()


class RecordsStep(TableStep):
    """All records, those under criteria, or those of a custom view."""

    KEY: ClassVar[str] = "records"
    READING: ClassVar[str] = "the custom views"
    EDITS: ClassVar[str] = "criteria"
    _edits = False
    """Whether the editor is open."""

    def compose(self) -> ComposeResult:
        """The ways to select, and the criteria in words."""
        yield RecordTable(RECORDS, self._cells, key=_key, id="records")
        yield Lines(id="below")
        yield FilterLine("records")

    def _cells(self, row: Row) -> Sequence[Cell]:
        return record_cells(row, self.page.offered.labelled(self.sync))

    async def ask(self) -> None:
        """The custom views of the module."""
        self._offer(await self.page.offered.views(self.sync.module))

    def load(self) -> None:
        """All records and criteria need no call."""
        self._offer(())
        super().load()

    def _offer(self, views: Sequence[View]) -> None:
        self.fill([SelectionKind.ALL, SelectionKind.CRITERIA, *views])
        selected = self.sync.selection
        if self.table.cursor == 0 or not views:
            self.table.select(selected.view_id if selected.kind is SelectionKind.VIEW else selected.kind.value)

    def below(self, width: int) -> Iterator[Line]:
        """The criteria in words, and what is still read."""
        yield from self.waiting()
        if self.sync.selection.conditions:
            yield from criteria_lines(self.page.offered.labelled(self.sync), width, max(3, self.size.height // 2 - 2))

    def take(self) -> None:
        """Take the way under the cursor."""
        row: Row | None = self.table.current
        if row is None:
            return
        if isinstance(row, View):
            changed = {"kind": SelectionKind.VIEW, "view_id": row.id, "view_name": row.name}
        else:
            changed = {"kind": row}
        selection = msgspec.structs.replace(self.sync.selection, **changed)
        self.page.change(msgspec.structs.replace(self.sync, selection=selection))

    def choose(self) -> None:
        """Criteria that have no row yet are edited first."""
        if self.table.current is SelectionKind.CRITERIA and not self.sync.selection.conditions:
            self.edit()
        else:
            super().choose()

    def edit(self) -> None:
        """Open the editor of the criteria; whether it saves or not, the cursor stands on what is chosen then."""
        self._edits = True
        self.page.program.go.criteria(self.page.as_called(), self._edited)

    def came_back(self) -> None:
        """The editor is left, or a dialog, which moves nothing."""
        if self._edits:
            self._edits = False
            chosen = self.sync.selection
            self.table.select(chosen.view_id if chosen.kind is SelectionKind.VIEW else chosen.kind.value)

    def _edited(self, sync: Sync) -> None:
        selection = msgspec.structs.replace(sync.selection, kind=SelectionKind.CRITERIA)
        self.page.change(msgspec.structs.replace(self.sync, selection=selection, labels=sync.labels))
        self.table.select(SelectionKind.CRITERIA.value)
        self.show()


def _key(row: Row) -> str:
    return row.id if isinstance(row, View) else row.value
