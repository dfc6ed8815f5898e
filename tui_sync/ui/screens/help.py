"""Help: the keys of the screen below, found by typing a part of what one wants to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.events import Resize
from textual.screen import Screen
from textual.widget import Widget

from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import OWN, TITLES, bindings, shown_keys
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import Line, Span, Tone, line, wrapped
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable

COLUMNS = (
    Column("Key", 8, 18),
    Column("Action", 8, 14),
    Column("What it does", 20, 70, grow=True),
    Column("Place", 8, 18, spare=1),
)
MOUSE = "The mouse works too: click a row, a title, a key below. To mark text with it, hold shift while dragging."


class HelpRow(NamedTuple):
    """One action: its keys, its name, what it does, where, its command line, and why it cannot be done at present."""

    keys: str
    label: str
    says: str
    place: str
    twin: str
    why_not: str


class HelpPage(FilteredPage):
    """All keys of one screen, with the command line that does the same below."""

    PLACES = ("matches",)
    BINDINGS: ClassVar[list[BindingType]] = bindings("matches")
    DEFAULT_CSS = """
    HelpPage #about, HelpPage #twin { height: auto; }
    HelpPage.-low #about { display: none; }
    HelpPage.-low #twin { max-height: 3; }
    """

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below

    def body(self) -> Iterable[Widget]:
        """What the screen is for, its keys, the command line of the selected one."""
        yield Lines(id="about")
        yield RecordTable(COLUMNS, self._cells, key=lambda row: row, id="help")
        yield Lines(id="twin")
        yield FilterLine("help")

    def on_mount(self) -> None:
        """Show the keys."""
        table = self.query_one(RecordTable)
        table.show(list(self._rows()))
        self._tell()
        self._tell_of(table.current)

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self._tell()

    def _tell(self) -> None:
        about = self._below.ABOUT if isinstance(self._below, Page) else ""
        width = max(20, self.size.width - 2)
        self.query_one("#about", Lines).show([*(line_ for text in (about, MOUSE) if text
                                                for line_ in wrapped(text, width, Tone.DIM, " ")), ()])  # fmt: skip

    def _rows(self) -> Iterable[HelpRow]:
        page = self._below if isinstance(self._below, Page) else None
        rows = ["table"] if self._below.query(RecordTable) else []
        places = [*(page.PLACES if page is not None else ()), *rows, "anywhere"]
        for place in places:
            for action in actions(place):
                why = page.refusal(action.name) if page is not None and place not in OWN else ""
                yield HelpRow(shown_keys(action), action.label, action.says, TITLES[place], action.twin, why)

    def _cells(self, row: HelpRow) -> Sequence[Cell]:
        tone = Tone.DIM if row.why_not else Tone.PLAIN
        return Span(row.keys, Tone.KEY), Span(row.label, tone), Span(row.says, tone), Span(row.place, Tone.DIM)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """The whole sentence of the selected action, why it cannot be done now, and its command line."""
        event.stop()
        self._tell_of(event.row)

    def _tell_of(self, row: HelpRow | None) -> None:
        self.query_one("#twin", Lines).show([()] if row is None else _whole(row, self.size.width - 2))

    def where(self) -> Sequence[str]:
        """Help, and of what."""
        below = self._below.where() if isinstance(self._below, Page) else ()
        return (*below, "Help")

    def do_help(self) -> None:
        """The same key closes it."""
        self.dismiss()


def _whole(row: HelpRow, width: int) -> list[Line]:
    told: list[Line] = [(), *wrapped(row.says, width, Tone.PLAIN, " ")]
    if row.why_not:
        told += wrapped(f"Not now: {row.why_not}", width, Tone.WARN, " ")
    none = "There is no command for it: it concerns the screen."
    twin = (Span(" Same as: ", Tone.DIM), row.twin) if row.twin else (Span(f" {none}", Tone.DIM),)
    return [*told, line(*twin)]
