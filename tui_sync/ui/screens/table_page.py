"""A screen that is one table: its filter, and what is told while rows are read or where there are none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual.events import Resize
from textual.widget import Widget

from tui_sync.ui.present.lines import Line, Tone, line, wrapped
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.screens.page import note
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable

AGAIN = "Press r to read again."
"""What one does where rows may have come, or could not be read."""
ROWS = "rows"
"""The id of the table."""


class TablePage(FilteredPage):
    """A subclass makes its table (id `ROWS`), tells what stands above it, and fills it."""

    NOTHING: ClassVar[Sequence[str]] = ()
    """What an empty table says: what is, then what to do."""
    DEFAULT_CSS = "TablePage > #head { height: auto; max-height: 50%; }"

    def __init__(self) -> None:
        super().__init__()
        self.reading = ""
        """What is being read at present; empty: nothing."""
        self.fault = ""
        """Why the rows could not be read."""

    def make_table(self) -> RecordTable:
        """The table."""
        return RecordTable((), tuple, id=ROWS)

    def body(self) -> Iterable[Widget]:
        """What stands above, the table, the filter."""
        yield Lines(id="head")
        yield self.make_table()
        yield FilterLine(ROWS)

    def head(self, width: int) -> Sequence[Line]:  # noqa: ARG002 - subclasses look at it
        """What stands above the table."""
        return ()

    def nothing(self) -> Sequence[str]:
        """What an empty table says."""
        return self.NOTHING

    def empty(self) -> Sequence[Line]:
        """What stands where there is no row."""
        width = max(20, self.size.width - 4)
        if self.fault:
            again = (line(), note(AGAIN)) if self.desk.workspace.connection is not None else ()
            return [line(), *wrapped(self.fault, width, Tone.BAD, "   "), *again]
        if self.reading:
            return [line(), note(f"Reading {self.reading} ...")]
        return [line(), *(row for sentence in self.nothing() for row in wrapped(sentence, width, Tone.DIM, "   "))]

    def draw(self) -> None:
        """Draw what stands above the table, and the frame."""
        if self.is_mounted:
            self.query_one("#head", Lines).show(self.head(self.size.width))
            self.table.refresh()
            self.refresh_frame()

    def load(self, work: Callable[[], Awaitable[None]]) -> None:
        """Read rows beside the event loop; a reading that goes on is given up. `work` is called only when it begins."""
        self.run_worker(work, group="load", exclusive=True)

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.draw()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """What can be done depends on the row."""
        event.stop()
        self.refresh_frame()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Open the row."""
        event.stop()
        self.run_worker(self.action_do("open"), group="open")
