"""A screen about one table whose rows are filtered and looked through."""

from __future__ import annotations

from textual.widgets import Input

from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.record_table import RecordTable

NOT_SOUGHT = "No text was looked for yet: / filters, then n and N go through the rows with it."


class FilteredPage(Page):
    """A subclass has a RecordTable and a FilterLine in its body, and `matches` among its PLACES."""

    @property
    def table(self) -> RecordTable:
        """The rows."""
        return self.query_one(RecordTable)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while it is typed."""
        event.stop()
        self.table.filter(event.value)

    def on_record_table_arranged(self, event: RecordTable.Arranged) -> None:
        """How many rows the filter has left stands beside it."""
        event.stop()
        self.query_one(FilterLine).count()

    def refusal(self, name: str) -> str:
        """Where no text was looked for yet there is no match to go to."""
        sought = self.table.needle.lstrip("!") or self.table.last_needle
        return NOT_SOUGHT if name in ("next_match", "last_match") and not sought else super().refusal(name)

    def reveal(self, key: object) -> None:
        """Put the cursor on the row of that key; a filter that hides it is over."""
        table = self.table
        if key not in map(table.key, table.shown) and key in map(table.key, table.rows):
            self.query_one(FilterLine).action_close()
        table.select(key)

    def do_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterLine).open(self.table.needle)

    def do_next_match(self) -> None:
        """The next row with the text."""
        self.table.action_match(1)

    def do_last_match(self) -> None:
        """The row with the text before."""
        self.table.action_match(-1)

    def do_back(self) -> None:
        """Show all rows again, or leave."""
        if self.table.needle:
            self.query_one(FilterLine).action_close()
        else:
            super().do_back()
