"""A table of any length: it draws the rows that are seen, and asks for nothing of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_sync.ui.keys import bindings
from tui_sync.ui.present.columns import Cell, Column, Widths, as_line, fit, header, measured, table_line
from tui_sync.ui.present.lines import Line, Span, Tone, first, line
from tui_sync.ui.widgets.arranging import at_once, kept, ordered
from tui_sync.ui.widgets.painting import strip, tones_of

MEASURED = 200
"""Rows that are looked at to find the widths of columns."""
QUICK = 5000
"""Up to so many rows are filtered and sorted at once, more in slices beside the event loop."""
MARGIN = 3
"""Cells left of the first column: the cursor's mark."""


class RecordTable(Widget, can_focus=True):
    """Rows under a cursor, with a filter and a sort order. It holds no state of the rows themselves.

    `cells` gives what stands in a row, called for rows that are drawn, measured or filtered; `key` names a row, so that
    the cursor stays with it when the rows are replaced.
    """

    DEFAULT_CSS = "RecordTable { height: 1fr; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = bindings("table")

    class Moved(Message):
        """The cursor stands on another row, or on none."""

        def __init__(self, table: RecordTable, row: Any) -> None:  # noqa: ANN401 - rows are whatever the screen shows
            super().__init__()
            self.table, self.row = table, row

        @property
        def control(self) -> RecordTable:
            """The table."""
            return self.table

    class Chosen(Moved):
        """A row was chosen, with enter or a click on the row of the cursor."""

    class Unchosen(Message):
        """There was no row to choose."""

    class Unsorted(Moved):
        """There was no order to turn around, or there is no column to sort by."""

    class Arranged(Message):
        """The rows shown are others now: filter, sort order or the rows themselves changed."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[Any], Sequence[Cell]],
        *,
        key: Callable[[Any], object] = id,
        sort_keys: Sequence[Callable[[Any], Any] | None] = (),
        empty: Callable[[], Sequence[Line]] = tuple,
        headed: bool = True,
        id: str | None = None,  # noqa: A002 - textual's name
    ) -> None:
        super().__init__(id=id)
        self.columns, self.cells, self.key, self.empty, self.headed = list(columns), cells, key, empty, headed
        self.sort_keys = list(sort_keys)
        self.rows: Sequence[Any] = ()
        self.order: Sequence[int] = ()
        self.cursor = self.first = 0
        """The rows of the cursor and of the first line. The latter is kept here: textual's own scrolling lays the whole screen
        out anew."""
        self.needle = self.last_needle = ""
        self.sorted_by: int | None = None
        self._sizes: list[int] = []
        self._sized_for: Size | None = None  # the first drawing in another size comes before its event
        self._widths: Widths | None = None
        self.no_match = "Nothing matches. Esc shows everything again."
        self.always_lit = False
        """Whether the cursor's row is lit although another widget has the keys."""
        self._g = self._looking = self.descending = False
        self._drawn: dict[int, Strip] = {}

    # rows

    def show(self, rows: Sequence[Any]) -> None:
        """Replace the rows; the cursor stays on the row of the same key, else on its line."""
        here = self.current
        self.rows = rows
        if len(rows) > QUICK:
            self.order = ()  # the places of other rows, until those of these are found
        self._widths = None
        self._arrange(None if here is None else self.key(here))

    @property
    def current(self) -> Any:  # noqa: ANN401 - see Moved
        """The row under the cursor, None where there is none."""
        return self.rows[self.order[self.cursor]] if self.cursor < len(self.order) else None

    @property
    def shown(self) -> list[Any]:
        """The rows shown, in their order; while they are looked through, those that will be."""
        return [self.rows[place] for place in (self._at_once() if self._looking else self.order)]

    def filter(self, needle: str) -> None:
        """Show the rows that contain the text; one that begins with `!` hides them. Empty shows all."""
        if needle != self.needle:
            self.last_needle = self.needle.lstrip("!") or self.last_needle
            self.needle = needle
            here = self.current
            self._arrange(None if here is None else self.key(here))

    def sort(self, column: int | None, *, descending: bool = False) -> None:
        """Sort by a column, None for the order in which the rows came."""
        self.sorted_by, self.descending = column, descending
        here = self.current
        self._arrange(None if here is None else self.key(here))

    def select(self, key: object) -> None:
        """Put the cursor on the row of that key, if it is shown."""
        for place, index in enumerate(self.order):
            if self.key(self.rows[index]) == key:
                self._move(place)
                return

    def text_of(self, row: Any) -> str:  # noqa: ANN401 - see Moved
        """What the filter looks at: everything that stands in the row, in lower case."""
        return " ".join(part.text for cell in self.cells(row) for part in as_line(cell)).casefold()

    def _arrange(self, stay: object) -> None:
        if len(self.rows) <= QUICK or not (self.needle or self._sort_key()):
            self._take(self._at_once(), stay)
        else:
            self._looking = True
            self.run_worker(self._arrange_many(stay), group=f"arrange-{id(self)}", exclusive=True)

    def _at_once(self) -> Sequence[int]:
        return at_once(self.rows, self._keeps if self.needle else None, self._sort_key(), descending=self.descending)

    async def _arrange_many(self, stay: object) -> None:
        rows = self.rows
        places: Sequence[int] = await kept(rows, self._keeps) if self.needle else range(len(rows))
        key = self._sort_key()
        if key is not None:
            places = await ordered(rows, places, key, descending=self.descending)
        if rows is self.rows and self._looking:  # else what was quick to arrange has come between
            self._take(places, stay)

    def _keeps(self, row: Any) -> bool:  # noqa: ANN401 - see Moved
        inverted = self.needle.startswith("!")
        needle = self.needle[1:] if inverted else self.needle
        return not needle or (needle.casefold() in self.text_of(row)) is not inverted

    def _sort_key(self) -> Callable[[Any], Any] | None:
        if self.sorted_by is None or self.sorted_by >= len(self.sort_keys):
            return None
        return self.sort_keys[self.sorted_by]

    def _take(self, places: Sequence[int], stay: object) -> None:
        """Show these places; among very many the row of the cursor is looked for only around the line where it was."""
        self.order, self._looking = places, False
        if stay is not None:
            about = range(max(0, self.cursor - QUICK), min(len(places), self.cursor + QUICK + 1))
            near = range(len(places)) if len(places) <= QUICK else about
            place = next((n for n in near if self.key(self.rows[places[n]]) == stay), self.cursor)
            self.cursor, self.first = place, self.first and self.first + place - self.cursor  # what is read stays on its line
        self.cursor = max(0, min(self.cursor, len(places) - 1))
        self._settle()
        self.redraw()
        self.post_message(self.Arranged())
        self.post_message(self.Moved(self, self.current))

    # drawing

    @property
    def _top(self) -> int:
        return 1 if self.headed else 0

    def _settle(self) -> None:
        """Columns as wide as the terminal lets them be, the cursor in sight."""
        if self._widths is None:
            self._widths = measured(self.columns, [self.cells(row) for row in self.rows[:MEASURED]])
        self._sized_for = self.size
        self._sizes = fit(self.columns, self._widths.wished, max(10, self.size.width - MARGIN - 1), self._widths.usual)
        self._follow()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """No line is as it was drawn."""
        self._drawn.clear()
        self.refresh()

    def redraw(self) -> None:
        """Draw anew, unless every line would be as it was drawn last: then nothing goes to the terminal."""
        if not self._drawn or any(self._line(y) != drawn for y, drawn in self._drawn.items()):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the table, which is remembered until the next drawing."""
        self._drawn[y] = self._line(y)
        return self._drawn[y]

    def _line(self, y: int) -> Strip:
        """The titles, a row, or what stands where there is none; the first and the last row have a mark where there are more."""
        base, tones, width = self.rich_style, tones_of(self), self.size.width
        if self._sized_for != self.size:
            self._settle()
        if self.headed and y == 0 and (self.rows or self.needle):
            titles = header(self.columns, self._sizes, self.sorted_by, descending=self.descending)
            return strip((Span(" " * MARGIN), *titles), width, base, tones)
        place = self.first + y - self._top
        if place >= len(self.order) or place < 0:
            return strip(self._nothing(y - self._top), width, base, tones)
        row = table_line(self.columns, self._sizes, self.cells(self.rows[self.order[place]]))
        over: Style | None = None
        more = "▾" if place == self.first + self._page - 1 < len(self.order) - 1 else "▴" if place == self.first > 0 else " "
        mark = f"{more}  "
        if place == self.cursor:
            mark = f"{more}▌ "
            over = base + tones[Tone.CURSOR] if self.has_focus or self.always_lit else None
        spans = (Span(mark, Tone.ACCENT), *row)
        return strip(spans, width, base, tones, over=over)

    def _nothing(self, y: int) -> Line:
        if self.order or y < 0:
            return ()
        if self._looking:
            told: Sequence[Line] = (line(Span("   Looking through the rows.", Tone.DIM)),)
        elif self.needle:
            told = (line(Span(f"   {self.no_match}", Tone.DIM)),)
        else:
            told = first(self.empty(), self._page, self.size.width)
        return told[y] if y < len(told) else ()

    def _repaint(self, place: int) -> None:
        self.refresh(Region(0, place - self.first + self._top, self.size.width, 1))

    # moving

    def _move(self, place: int) -> None:
        place = max(0, min(place, len(self.order) - 1))
        if place == self.cursor:
            return
        before, self.cursor = self.cursor, place
        if self._follow():
            self.refresh()
        else:
            self._repaint(before)
            self._repaint(place)
        self.post_message(self.Moved(self, self.current))

    def _follow(self) -> bool:
        """Scroll so that the cursor is seen; tells whether it was necessary."""
        before, page = self.first, self._page
        if self.cursor < self.first:
            self.first = self.cursor
        elif self.cursor >= self.first + page:
            self.first = self.cursor - page + 1
        self.first = max(0, min(self.first, len(self.order) - page))
        return self.first != before

    @property
    def _page(self) -> int:
        return max(1, self.size.height - self._top)

    def on_key(self, event: Key) -> None:
        """Two times g goes to the first row."""
        if event.key == "g":
            if self._g:
                self._move(0)
            self._g = not self._g
            event.stop()
        else:
            self._g = False

    def on_click(self, event: Click) -> None:
        """A click puts the cursor on a row; on the row of the cursor it chooses it; on a title it sorts."""
        self.focus()
        if self.headed and event.y == 0:
            self._sort_at(event.x)
            return
        place = self.first + event.y - self._top
        if 0 <= place < len(self.order):
            if place == self.cursor:
                self.action_choose()
            self._move(place)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(-3)

    def _sort_at(self, x: int) -> None:
        left = MARGIN
        for column, size in enumerate(self._sizes):
            sortable = column < len(self.sort_keys) and self.sort_keys[column] is not None
            if size and sortable and left <= x < left + size:
                self.sort(column, descending=self.sorted_by == column and not self.descending)
            left += size + 2 if size else 0

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        self.post_message(self.Unchosen() if self.current is None else self.Chosen(self, self.current))

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._move(self.cursor + rows)

    def action_page(self, half_pages: int) -> None:
        """Move the cursor by so many halves of a page."""
        self._move(self.cursor + half_pages * max(1, self._page // 2))

    def action_edge(self, edge: str) -> None:
        """Go to the first or the last row."""
        self._move(0 if edge == "first" else len(self.order) - 1)

    def action_match(self, step: int) -> None:
        """Go to the next (1) or the one before (-1) of the rows that the last filter was for."""
        needle = (self.needle.lstrip("!") or self.last_needle).casefold()
        if not needle or not self.order:
            return
        for distance in range(1, min(len(self.order), QUICK) + 1):
            place = (self.cursor + step * distance) % len(self.order)
            if needle in self.text_of(self.rows[self.order[place]]):
                self._move(place)
                return

    def action_sort(self, step: int) -> None:
        """Sort by the next column that can be sorted by; step 0 turns the direction around."""
        choices: list[int | None] = [None, *(place for place, key in enumerate(self.sort_keys) if key is not None)]
        if len(choices) == 1 or (step == 0 and self.sorted_by is None):
            self.post_message(self.Unsorted(self, self.current))
        elif step == 0:
            self.sort(self.sorted_by, descending=not self.descending)
        else:
            self.sort(choices[(choices.index(self.sorted_by) + 1) % len(choices)])
