"""The log: who changed what from where, and what each run did; newest first, followed if wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from tui_sync.model.workspace import Level, LogLine
from tui_sync.present.log import log_row, log_text
from tui_sync.services import log
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.lines import Line, Span, Tone, line, wrapped
from tui_sync.ui.present.log import LEVEL_WORDS, LOG_COLUMNS, NONE_OF, log_cells
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.screens.telling import Telling
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.record_table import RecordTable

LOOK = 1.0
"""Seconds between two looks for new lines while they are followed."""
PAGE = 300
"""Lines read at once: about 3 ms."""


class LogPage(FilteredPage):
    """All lines that are kept; new ones come on top. While they are followed, the cursor stays with the newest."""

    PLACES = ("log", "matches")
    ABOUT = "Who changed what from where, and what each run did. f stays with the newest, v shows only the grave ones."
    BINDINGS: ClassVar[list[BindingType]] = bindings("log", "matches")

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[LogLine] = []
        self.level = Level.INFO
        self.following: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """The lines, the filter."""
        yield RecordTable(LOG_COLUMNS, self._cells, key=lambda line: line.key, empty=self._empty, id="lines")
        yield FilterLine("lines")

    def on_mount(self) -> None:
        """Show the newest lines, read the others beside the event loop."""
        self.lines = log.older(self.desk, "", PAGE)
        self._show()
        self.refresh_frame()
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        while self.lines and (more := log.older(self.desk, self.lines[-1].key, PAGE)):
            self.lines += more
            await asyncio.sleep(0)
        self._show()

    def _show(self) -> None:
        self.table.show(log.graver(self.lines, self.level))

    def _look(self) -> None:
        """Take in what is new; where nothing is, nothing is drawn."""
        fresh = log.newer(self.desk, self.lines[0].key if self.lines else "")
        if not fresh:
            return
        top = self.following is not None and self.table.cursor == 0
        self.lines = [*fresh[::-1], *self.lines]
        self._show()
        if top:
            self.table.action_edge("first")

    def _cells(self, one: LogLine) -> Sequence[Span | str | Line]:
        return log_cells(one, self.program.now, self.program.zone)

    def _empty(self) -> Sequence[Line]:
        if self.level is Level.INFO:
            told = "Nothing is on record yet: every change and every run will stand here. Esc goes back."
        else:
            told = f"There are no {NONE_OF[self.level]}. v shows everything again."
        return [(), *wrapped(told, self.size.width - 2, Tone.DIM, "   ")]

    def where(self) -> Sequence[str]:
        """The log."""
        return ("Log",)

    def right(self) -> Line:
        """Which lines, and whether they are followed."""
        tone = Tone.DIM if self.level is Level.INFO else Tone.WARN
        return line(Span(LEVEL_WORDS[self.level], tone), Span("   following" if self.following else "", Tone.ACCENT))

    def came_back(self) -> None:
        """What was done elsewhere shows."""
        if self.is_mounted:
            self._look()

    def time_passed(self) -> None:
        """This program or another one may have written some."""
        self._look()

    def why_not(self, name: str) -> str:
        """A line is needed to be shown."""
        return "There is no line to show." if name == "open" and self.table.current is None else ""

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Show the whole line."""
        event.stop()
        await self.action_do("open")

    def do_open(self) -> None:
        """Show the whole line."""
        one: LogLine | None = self.table.current
        if one is not None:
            who = "  ".join(part for part in log_row(one, self.program.zone)[:4] if part)
            self.program.push_screen(Telling(who, one.what))

    def do_follow(self) -> None:
        """Look for new lines once a second, or stop doing so."""
        if self.following is None:
            self.following = self.set_interval(LOOK, self._look)
            self._look()
            self.table.action_edge("first")
        else:
            self.following.stop()
            self.following = None
        self.refresh_frame()

    def do_level(self) -> None:
        """Only graver lines, or all again."""
        self.level = log.LEVELS[(log.LEVELS.index(self.level) + 1) % len(log.LEVELS)]
        self._show()
        self.refresh_frame()

    def copied(self) -> str:
        """The line."""
        one: LogLine | None = self.table.current
        return "" if one is None else log_text(one, self.program.zone)
