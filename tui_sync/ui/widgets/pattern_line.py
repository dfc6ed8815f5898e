"""The pattern of the criteria: shown, or typed with the mistake marked under its position."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message
from textual.widgets import Input

from tui_sync.model.criteria import Node, PatternError, parse
from tui_sync.ui.present.criteria import mistake_lines
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.lines import Lines

LABEL = "   Pattern  "
COUNT = 18
"""Cells for the count."""


class PatternLine(Vertical):
    """One line, with others under it while the pattern is typed and wrong. Enter takes a pattern only if it is
    right; who shows this decides what escape does."""

    AROUND = len(LABEL) + COUNT
    """Cells that the pattern does not have."""
    DEFAULT_CSS = """
    PatternLine { height: auto; }
    PatternLine Horizontal { height: auto; }
    PatternLine #pattern-label { width: 12; }
    PatternLine #pattern-text { width: 1fr; }
    PatternLine #pattern-entry { width: 1fr; display: none; }
    PatternLine.-typing #pattern-entry { display: block; }
    PatternLine.-typing #pattern-text { display: none; }
    PatternLine #pattern-count { width: 18; }
    PatternLine #pattern-mistake { display: none; }
    PatternLine.-typing #pattern-mistake { display: block; height: auto; min-height: 1; }
    """

    class Typed(Message):
        """Another pattern stands in the entry; `node` is None where it is wrong."""

        def __init__(self, node: Node | None) -> None:
            super().__init__()
            self.node = node

    class Taken(Message):
        """Enter was pressed on a pattern that is right."""

        def __init__(self, node: Node) -> None:
            super().__init__()
            self.node = node

    def __init__(self) -> None:
        super().__init__(id="pattern")
        self._rows = 0
        self._wrong: PatternError | None = None

    def compose(self) -> ComposeResult:
        """The word, the pattern or its entry, the count, the mistake."""
        with Horizontal():
            yield Lines([(Span(LABEL, Tone.DIM),)], id="pattern-label")
            yield Lines(id="pattern-text")
            yield Entry(id="pattern-entry")
            yield Lines(id="pattern-count")
        yield Lines(id="pattern-mistake")

    def on_mount(self) -> None:
        """Follow the entry when it scrolls: the mark stays under its character."""
        self.watch(self._entry, "scroll_x", self._mark, init=False)

    @property
    def _entry(self) -> Entry:
        return self.query_one("#pattern-entry", Entry)

    @property
    def typing(self) -> bool:
        """Whether the pattern is being typed."""
        return self.has_class("-typing")

    @property
    def mistake(self) -> str:
        """What is wrong with the pattern that is typed; empty where it is right."""
        return "" if self._wrong is None else str(self._wrong)

    @property
    def lines(self) -> int:
        """How many lines it takes while it is typed; one for a mistake is kept free."""
        return 1 + max(1, len(self.query_one("#pattern-mistake", Lines).lines))

    async def take(self) -> None:
        """What enter does."""
        await self._entry.action_submit()

    def show(self, pattern: Iterable[Line], count: Line) -> None:
        """The pattern as it is, and how many it selects."""
        self.query_one("#pattern-text", Lines).show(pattern)
        self.show_count(count)

    def show_count(self, count: Line) -> None:
        """How many the pattern selects, at the right."""
        blanks = COUNT - sum(len(part.text) for part in count)
        self.query_one("#pattern-count", Lines).show([(Span(" " * max(0, blanks)), *count)])

    def open(self, pattern: str, rows: int) -> None:
        """Begin to type, from the present pattern over that many rows."""
        self._rows = rows
        self.add_class("-typing")
        entry = self._entry
        entry.value = pattern
        entry.cursor_position = len(pattern)
        entry.focus()
        self._read(pattern)

    def close(self) -> None:
        """Show the pattern again."""
        self._wrong = None
        self.remove_class("-typing")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read what is typed."""
        event.stop()
        if self.typing:
            self.post_message(self.Typed(self._read(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it if it is right."""
        event.stop()
        node = self._read(event.value)
        if node is not None:
            self.post_message(self.Taken(node))

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """The mark stands elsewhere."""
        self._mark()

    def _read(self, text: str) -> Node | None:
        try:
            node: Node | None = parse(text, self._rows)
            self._wrong = None
        except PatternError as error:
            node, self._wrong = None, error
        self._mark()
        self.call_after_refresh(self._mark)
        return node

    def _mark(self) -> None:
        below = self.query_one("#pattern-mistake", Lines)
        if self._wrong is None or not self.typing:
            below.show([])
            return
        entry = self._entry
        start = len(LABEL) + entry.gutter.left
        below.show(mistake_lines(self._wrong, start, entry.value, round(entry.scroll_offset.x), self.size.width - 1))
