"""The body of the criteria editor: rows, pattern and note above, the tree below or beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.events import Resize

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.records import Record
from tui_sync.services import sampling
from tui_sync.services.sampling import Sample, SampleCounts
from tui_sync.ui.present import criteria as shown
from tui_sync.ui.present.criteria import ShownRow
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.criteria_tree import TreeLine, nobody_chosen, person_lines, tree
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.lines import Line, Span, Tone, line, spread, width_of, wrapped
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.pattern_line import PatternLine
from tui_sync.ui.widgets.record_table import RecordTable

WIDE, LOW = 110, 17
"""Cells from which the tree may stand beside the rows; lines of the body below which `+ add a row` is left out and the
pattern has one line."""


class Contents(NamedTuple):
    """What is to be seen. `trouble` is told in place of the note of a row."""

    edited: Criteria
    sample: Sample | None = None
    counts: SampleCounts | None = None
    person: Record | None = None
    trouble: str = ""
    boxes: Line = ()
    labels: Mapping[str, str] = {}
    """What people call fields, as far as it was known before the sample."""


class CriteriaPanes(Container):
    """Shares its lines between the rows and the tree; where both have no room, the tree goes beside them if the terminal
    is wide, else each is scrolled so that the row under the cursor is seen."""

    DEFAULT_CSS = """
    CriteriaPanes { layout: vertical; height: 1fr; }
    CriteriaPanes #upper { height: auto; }
    CriteriaPanes #lower { height: 1fr; }
    CriteriaPanes #about { height: auto; }
    CriteriaPanes #scrolled { height: 1fr; scrollbar-size: 0 0; }
    CriteriaPanes.-beside { layout: horizontal; }
    CriteriaPanes.-beside #upper { width: 3fr; height: 1fr; }
    CriteriaPanes.-beside #lower { width: 2fr; border-left: solid $panel; }
    CriteriaPanes.-beside #rule { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._contents = Contents(Criteria())
        self._tree: list[TreeLine] = []
        self._head: list[Line] = []

    def compose(self) -> ComposeResult:
        """Rows, pattern, note; tree."""
        with Vertical(id="upper"):
            yield RecordTable(shown.COLUMNS, shown.cells, key=lambda row: row.number, empty=shown.no_rows, id="rows")
            yield Lines(id="add")
            yield PatternLine()
            yield Lines(id="note")
            yield Lines(id="rule")
        with Vertical(id="lower"):
            yield Lines(id="about")
            with VerticalScroll(id="scrolled", can_focus=False):
                yield Lines(id="tree")

    @property
    def table(self) -> RecordTable:
        """The rows."""
        return self.query_one("#rows", RecordTable)

    @property
    def pattern(self) -> PatternLine:
        """The pattern."""
        return self.query_one(PatternLine)

    def row(self) -> ShownRow | None:
        """The row under the cursor."""
        row: ShownRow | None = self.table.current
        return row

    def show(self, contents: Contents, number: int = 0) -> None:
        """Show other contents, the cursor on that row; 0 leaves it where it is."""
        self._contents = contents
        self.table.show(shown.shown_rows(contents.edited, contents.sample, contents.counts, contents.labels))
        if number:
            self.table.select(number)
        self.draw()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Everything is as wide as there is room."""
        self.draw()

    def draw(self) -> None:
        """Draw pattern, note and tree for the present size and row."""
        width, height = self.size
        if not width:
            return
        rows = len(self._contents.edited.conditions)
        self._explain(width)
        lines = len(self._head) + len(self._tree)
        pattern, note = self._pattern(width), self._note(width)
        more = line(Span("       +  add a row", Tone.DIM, "add")) if rows and not self._contents.edited.is_full else ()
        adds = height >= LOW and bool(more or self._contents.boxes)
        room = height - (self.pattern.lines if self.pattern.typing else len(pattern)) - len(note) - adds - 1
        beside = width >= WIDE and rows + 1 + lines > room
        if beside:
            self._explain(width * 2 // 5 - 1)
            pattern, note = self._pattern(width * 3 // 5), self._note(width * 3 // 5)
            lines = 0
        self.set_class(beside, "-beside")
        self.query_one("#add", Lines).display = adds
        self.query_one("#add", Lines).show([self._adding(more, width * 3 // 5 if beside else width)])
        self.table.styles.height = shown.table_height(rows, lines, room)
        self.pattern.show(pattern, shown.whole_count(self._counts()))
        self.query_one("#note", Lines).show(note)
        self.query_one("#rule", Lines).show([rule(width)])
        self.query_one("#about", Lines).show(self._head)
        self.query_one("#tree", Lines).show(one.line for one in self._tree)
        self.call_after_refresh(self._follow)

    def _adding(self, more: Line, width: int) -> Line:
        """The line that adds a row, beside the boxes: where it is narrow the word after them goes."""
        boxes = self._contents.boxes
        roomy = width_of(more) + 2 + width_of(boxes) <= width
        return spread(more, (), boxes if roomy else boxes[:-1], width)

    def _counts(self) -> SampleCounts | None:
        """Those of the contents; none of the whole while what is typed as the pattern cannot be read."""
        counts = self._contents.counts
        return SampleCounts(counts.rows, None, counts.of) if counts is not None and self.pattern.mistake else counts

    def _pattern(self, width: int) -> list[Line]:
        """The pattern in a pane of that width."""
        most = shown.PATTERN_LINES if self.size.height >= LOW else 1
        return shown.pattern_lines(self._contents.edited, max(10, width - PatternLine.AROUND), most)

    def _note(self, width: int) -> list[Line]:
        """What is wrong: of everything, or of the row under the cursor."""
        row = self.row()
        told, tone = self._contents.trouble, Tone.WARN
        if not told and row is not None and row.note:
            told, tone = f"Row {row.number}: {row.note}", Tone.BAD if row.wrong else Tone.WARN
        return [*wrapped(told, width - 2, tone, shown.INDENT)] if told else []

    def _explain(self, width: int) -> None:
        """The tree, and over it whom it is about."""
        edited, sample, person = self._contents.edited, self._contents.sample, self._contents.person
        rows, row = edited.conditions, self.row()
        self._head, truth = (nobody_chosen(width) if rows else []), None
        if sample is not None and person is not None and rows:
            try:
                truth = sampling.truth(sample, person, rows, edited.pattern)
                said = truth.sentence
            except TuiSyncError as fault:
                said = str(fault)
            self._head = person_lines(sampling.person_name(sample, person), shown.email_of(sample, person), said, width)
        fields, current = shown.fields_by_name(sample), 0 if row is None else row.number
        self._tree = tree(edited, fields, width, truth, current, self._contents.labels)

    def _follow(self) -> None:
        """Scroll the tree so that the row under the cursor is seen in it."""
        row = self.row()
        place = next((place for place, one in enumerate(self._tree) if row is not None and one.number == row.number), 0)
        scrolled = self.query_one("#scrolled", VerticalScroll)
        first, height = round(scrolled.scroll_offset.y), max(1, scrolled.size.height)
        if place < height - 1:
            scrolled.scroll_to(y=0, animate=False)
        elif not first <= place < first + height:
            scrolled.scroll_to(y=place - height // 2, animate=False)
