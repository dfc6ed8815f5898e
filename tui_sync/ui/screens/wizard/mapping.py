"""The step that shows which Recruit field fills which field of the hub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult

from tui_sync.model.mapping import suggest
from tui_sync.model.sync import MappingRow, Sync
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line, Tone, wrapped
from tui_sync.ui.present.wizard import ROWS, mapping_cells, mapping_lines, step_of
from tui_sync.ui.screens.wizard.selection import TableStep
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable


class MappingStep(TableStep):
    """The rows of the mapping; a new sync begins with e-mail, first and last name."""

    KEY: ClassVar[str] = "mapping"
    READING: ClassVar[str] = "the fields of Recruit and of the hub"
    EDITS: ClassVar[str] = "mapping"

    def compose(self) -> ComposeResult:
        """The rows, and what may be added."""
        yield RecordTable(ROWS, self._cells, key=lambda row: row.target, empty=self.waiting, id="rows")
        yield Lines(id="below")
        yield FilterLine("rows")

    def _cells(self, row: MappingRow) -> Sequence[Cell]:
        return mapping_cells(row, self.page.offered.fields(self.sync.module))

    async def ask(self) -> None:
        """Fields of both sides; the first rows of a new sync come from them."""
        known = await self.page.offered.about(self.sync)
        self.page.begin_mapping(known)

    def show(self) -> None:
        """Draw the rows."""
        self.fill(self.sync.mapping)
        self.tell()

    def below(self, width: int) -> Iterator[Line]:
        """What is wrong, and what could be filled as well."""
        if not self.loaded:
            if self.sync.mapping:
                yield from self.waiting()
            return
        wrong = [found.sentence for found in self.page.problems() if step_of(found.key) == self.KEY]
        for sentence in wrong:
            yield from wrapped(sentence, width, Tone.WARN, " ")
        fields, hub_fields = self.page.offered.fields(self.sync.module), self.page.offered.hub_fields_read
        yield from mapping_lines(self.sync.mapping, suggest(fields, hub_fields, self.sync.mapping), fields, hub_fields, width)

    def edit(self) -> None:
        """Open the editor of the mapping."""
        self.page.program.go.mapping(self.page.as_called(), self._edited)

    def _edited(self, sync: Sync) -> None:
        self.page.change(msgspec.structs.replace(self.sync, mapping=sync.mapping))
        self.page.offered.forget_hub_fields()
        self.load()
