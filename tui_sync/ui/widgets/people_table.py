"""A table whose rows may be the people of a run: their names are looked up for the rows that are seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from textual.geometry import Region
from textual.strip import Strip

from tui_sync.ui.names import Names
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import Line
from tui_sync.ui.widgets.record_table import MEASURED, RecordTable

PAGE = 200
"""Names asked for at once: about 2 ms."""
TURN = 0.005
"""Seconds after which the event loop gets its turn."""


class View(NamedTuple):
    """One way in which the table is used: its columns, what stands in a row, and what an empty one says."""

    columns: Sequence[Column]
    cells: Callable[[Any], Sequence[Cell]]
    key: Callable[[Any], object]
    sort_keys: Sequence[Callable[[Any], Any] | None]
    empty: Callable[[], Sequence[Line]]
    names: Names | None = None
    """Set where the rows are outcomes whose first column is the name."""
    text: Callable[[Any], str] | None = None
    """What a filter looks at, in lower case, where that is quicker made than the cells."""


class PeopleTable(RecordTable):
    """Shows one view at a time. Names are fetched before rows are drawn; a filter or an order by name looks at what is
    known at once, and again when the names of all rows are there."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(view.columns, view.cells, key=view.key, sort_keys=view.sort_keys, empty=view.empty, id=id)
        self.view = view
        self._naming = False
        """Whether rows are shown, or missing, for want of names that are still looked up."""

    def turn(self, view: View, rows: Sequence[Any], at: int = 0, sort: tuple[int | None, bool] = (None, False)) -> None:
        """Show other rows in another way: the cursor on the line `at`, sorted by a column, descending or not."""
        self.rows, self.order, self.view = (), (), view
        self.columns, self.cells, self.key, self.empty = list(view.columns), view.cells, view.key, view.empty
        self.sort_keys, self.cursor = list(view.sort_keys), at
        self.headed = any(column.title for column in view.columns)
        self.sorted_by, self.descending = sort
        self.show(rows)

    def text_of(self, row: Any) -> str:  # noqa: ANN401 - see RecordTable.Moved
        """What the filter looks at."""
        return super().text_of(row) if self.view.text is None else self.view.text(row)

    def show(self, rows: Sequence[Any]) -> None:
        """Replace the rows; the names of the first ones tell how wide the column is."""
        if self.view.names is not None:
            self.view.names.fetch(rows[:MEASURED])
        super().show(rows)

    @property
    def shown(self) -> list[Any]:
        """The rows shown, in their order; the names that these hang on are looked up first."""
        if not self._naming or self.view.names is None:
            return super().shown
        for start in range(0, len(self.rows), PAGE):
            self.view.names.fetch(self.rows[start : start + PAGE])
        return [self.rows[place] for place in self._at_once()]

    def redraw(self) -> None:
        """Draw anew where something differs, names included."""
        self._fetch_seen()
        super().redraw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, after one look-up for the names that are missing in them."""
        self._fetch_seen()
        return super().render_lines(crop)

    def _fetch_seen(self) -> None:
        if self.view.names is not None:
            first = self.first
            seen = self.order[first : first + self.size.height]
            self.view.names.fetch([self.rows[place] for place in seen])

    def _arrange(self, stay: object) -> None:
        names, known = self.view.names, 0 if self.view.names is None else self.view.names.known
        super()._arrange(stay)
        self._naming = names is not None and bool(self.needle or self.sorted_by == 0)
        if names is not None and self._naming:
            self.run_worker(self._arrange_named(stay, names, known), group=f"names-{id(self)}", exclusive=True)

    async def _arrange_named(self, stay: object, names: Names, known: int) -> None:
        """Once more, when the names of all rows are known, unless those `known` before were all."""
        rows, begun = self.rows, perf_counter()
        for start in range(0, len(rows), PAGE):
            names.fetch(rows[start : start + PAGE])
            if perf_counter() - begun > TURN:
                await asyncio.sleep(0)
                begun = perf_counter()
        if rows is self.rows:
            self._naming = False
            if names.known != known:
                super()._arrange(stay)
