"""The line in which a filter is typed; it is seen only while one is typed or set."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tui_sync.present.words import grouped
from tui_sync.ui.present.lines import Span, Tone
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable


class FilterLine(Horizontal):
    """Opens over the line of keys. Every change is an `Input.Changed`; enter gives the keys back to the table, escape
    empties it."""

    DEFAULT_CSS = """
    FilterLine { height: 1; display: none; background: $surface; }
    FilterLine.-open { display: block; }
    FilterLine Lines { width: 3; background: $surface; }
    FilterLine Entry { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down,enter", "done", show=False),
    ]

    def __init__(self, table_id: str) -> None:
        super().__init__(id="filter")
        self._table_id = table_id

    def compose(self) -> ComposeResult:
        """A slash, the entry, how many rows are shown."""
        yield Lines([(Span(" / ", Tone.KEY),)])
        yield Entry(placeholder="text to show, !text to hide")
        yield Lines(id="found")

    def open(self, value: str) -> None:
        """Begin to type; what is typed replaces the filter that is set."""
        self.recall(value)
        entry = self.query_one(Entry)
        entry.focus()
        entry.action_select_all()

    def recall(self, value: str) -> None:
        """Show the filter that is set; none where it is empty."""
        self._stand(True)
        entry = self.query_one(Entry)
        with entry.prevent(Input.Changed):
            entry.value = value

    def _stand(self, there: bool) -> None:
        """Be there or not; messages in passing stand above it, so that they hide neither the text nor the count."""
        self.set_class(there, "-open")
        self.screen.set_class(there, "-filtering")

    def count(self) -> None:
        """Say how many of the table's rows are shown."""
        table, found = self._table(), self.query_one("#found", Lines)
        told = f" {grouped(len(table.order))} of {grouped(len(table.rows))} "
        found.styles.width = len(told)
        found.show([(Span(told, Tone.DIM),)])

    def close(self) -> None:
        """Empty it and put it away."""
        self.query_one(Entry).value = ""
        self._stand(False)

    def action_close(self) -> None:
        """Show everything again."""
        self.close()
        self._table().filter("")
        self._table().focus()

    def action_done(self) -> None:
        """Keep the filter and go to the rows."""
        if not self.query_one(Entry).value:
            self._stand(False)
        self._table().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the same."""
        event.stop()
        self.action_done()

    def _table(self) -> RecordTable:
        return self.screen.query_one(f"#{self._table_id}", RecordTable)
