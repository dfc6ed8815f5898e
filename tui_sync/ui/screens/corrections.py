"""The fix-it queue: addresses that look misspelt, each with what it probably means, and the corrections in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from tui_sync.model.corrections import Correction
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible
from tui_sync.present.corrections import coming
from tui_sync.present.words import counted
from tui_sync.services import corrections
from tui_sync.services.corrections import Doubt
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line, Tone
from tui_sync.ui.present.lists import (
    CORRECTION_COLUMNS,
    CORRECTION_KEYS,
    DOUBT_COLUMNS,
    DOUBT_KEYS,
    correction_cells,
    correction_tabs,
    doubt_cells,
)
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.following import Following
from tui_sync.ui.screens.table_page import ROWS, TablePage
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.people_table import PeopleTable, View
from tui_sync.ui.widgets.record_table import RecordTable

REVIEW, ACCEPTED = "review", "accepted"
EVERYWHERE = "It holds for every sync, from the next run on. Nothing is written to Recruit."


class CorrectionsPage(Following, TablePage):
    """One row an address; `needle` filters them from the start."""

    PLACES = ("corrections", "matches")
    ABOUT = "Addresses of ignored people that look misspelt. An accepted correction holds for every sync; Recruit keeps its own."
    BINDINGS: ClassVar[list[BindingType]] = bindings("corrections", "matches")

    def __init__(self, needle: str = "") -> None:
        super().__init__()
        self._needle = needle
        self.tab = REVIEW
        self.doubts: list[Doubt] = []

    def make_table(self) -> RecordTable:
        """The addresses."""
        return PeopleTable(self._view(), id=ROWS)

    def _view(self) -> View:
        if self.tab == ACCEPTED:
            return View(CORRECTION_COLUMNS, self._accepted_cells, lambda c: c.wrong, CORRECTION_KEYS, self.empty)
        return View(DOUBT_COLUMNS, doubt_cells, lambda d: d.wrong, DOUBT_KEYS, self.empty)

    def _accepted_cells(self, correction: Correction) -> Sequence[Cell]:
        return correction_cells(correction, self.program.now, self.program.zone)

    def on_mount(self) -> None:
        """Look for the addresses."""
        if self._needle:
            self.query_one(FilterLine).recall(self._needle)
            self.table.filter(self._needle)
        self.do_reload()

    def came_back(self) -> None:
        """Whatever was done elsewhere shows."""
        if self.is_mounted:
            self.do_reload()

    def do_reload(self) -> None:
        """Look through what the syncs know, beside the event loop."""
        self.reading, self.fault = "" if self.doubts else "what the syncs know", ""
        self.load(self._load)

    async def _load(self) -> None:
        try:
            self.doubts = await corrections.queue(self.desk)
        except TuiSyncError as fault:
            self.fault = str(fault)
        self.reading = ""
        self._fill()

    def _fill(self) -> None:
        self.table.show(corrections.accepted(self.desk) if self.tab == ACCEPTED else self.doubts)
        self.draw()

    def head(self, width: int) -> Sequence[Line]:
        """The two halves with their numbers."""
        return correction_tabs(self.tab == ACCEPTED, len(self.doubts), len(corrections.accepted(self.desk)), width)

    def nothing(self) -> Sequence[str]:
        """Why there is no row."""
        if self.tab == ACCEPTED:
            return ("No correction was accepted yet. Press 1 for the addresses to review.",)
        gathered = "What runs ignore as a misspelling of a large provider's domain is gathered here."
        return ("No address looks misspelt.", f"{gathered} Press r to look again.")

    def where(self) -> Sequence[str]:
        """Fix-it."""
        return ("Misspelt addresses",)

    def why_not(self, name: str) -> str:
        """What the half or the row does not allow."""
        if name in ("accept", "edit", "open", "dismiss", "drop") and self.table.current is None:
            return "There is no address here."
        if name in ("accept", "accept_all", "dismiss") and self.tab == ACCEPTED:
            return "These are accepted already. Press 1 for those to review."
        if name == "accept_all" and not self.table.order:
            return "There is no address to review here."
        if name == "drop" and self.tab == REVIEW:
            return "Only an accepted correction can be dropped: press 2."
        return ""

    # actions

    def do_tab(self, tab: str) -> None:
        """Show one of the halves."""
        self.tab = tab
        table = self.query_one(PeopleTable)
        table.turn(self._view(), ())
        self._fill()

    def do_step_tab(self, step: int) -> None:  # noqa: ARG002 - there are two
        """The other half."""
        self.do_tab(REVIEW if self.tab == ACCEPTED else ACCEPTED)

    async def do_open(self) -> None:
        """Accept the suggestion; of an accepted correction tell all about the person."""
        if self.tab == ACCEPTED:
            self.program.go.people(self.table.current.wrong)  # by the right one nothing is known before the next run
        else:
            await self.do_accept()

    async def do_accept(self) -> None:
        """Take the suggestion."""
        doubt: Doubt = self.table.current
        await self._accept(doubt.wrong, doubt.suggestion)

    async def _accept(self, wrong: str, right: str) -> None:
        try:
            done, syncs = await corrections.accept(self.desk, wrong, right)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        self.say(f"{done.wrong} is corrected to {done.right}. {coming(syncs)}", about=done.wrong)
        self.do_reload()

    def do_edit(self) -> None:
        """Type the right address."""
        row: Doubt | Correction = self.table.current
        right = row.suggestion if isinstance(row, Doubt) else row.right

        def check(text: str) -> str:
            return corrections.problem(self.desk, row.wrong, text)

        def typed(text: str | None) -> None:
            if text is not None:
                self.run_worker(self._accept(row.wrong, text), group="accept")

        self.program.push_screen(
            Prompt(f"The right address for {visible(row.wrong)}", right, hint=EVERYWHERE, check=check, go="correct"), typed
        )

    def do_accept_all(self) -> None:
        """Take every suggestion that is shown, after a question with their number."""
        doubts: list[Doubt] = self.table.shown

        def answered(yes: bool | None) -> None:
            if yes:
                with self.program.telling():
                    syncs = corrections.accept_all(self.desk, doubts)
                    self.say(f"{counted(len(doubts), 'address', 'addresses')} corrected. {coming(syncs)}")
                self.do_reload()

        question = f"Correct {counted(len(doubts), 'address', 'addresses')} as suggested?"
        self.program.push_screen(Ask(question, (EVERYWHERE,), confirm="correct them", decline="leave them"), answered)

    def do_dismiss(self) -> None:
        """The address is right as it is: its domain is allowed, after a question."""
        doubt: Doubt = self.table.current
        alike = sum(other.domain == doubt.domain for other in self.doubts)

        def answered(yes: bool | None) -> None:
            if yes:
                self._allow(doubt.domain)

        means = (
            f"No address at {visible(doubt.domain)} is taken for misspelt any more; {counted(alike, 'is', 'are')} listed here. "
            "The next run of every sync looks at all records again."
        )
        question = f"Is {visible(doubt.wrong)} right as it is?"
        self.program.push_screen(Ask(question, (means,), confirm="it is right", decline="leave it"), answered)

    def _allow(self, domain: str) -> None:
        try:
            corrections.allow(self.desk, domain)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        self.say(f"Addresses at {domain} are taken as they are.", Tone.PLAIN)
        self.do_reload()

    def do_drop(self) -> None:
        """Take a correction back, after a question."""
        known: Correction = self.table.current

        def answered(yes: bool | None) -> None:
            if yes:
                with self.program.telling():
                    self.say(f"The correction is dropped. {coming(corrections.drop(self.desk, known.wrong))}", about=known.wrong)
                self._fill()
                self.do_reload()

        means = "The next run ignores the address again; whom it brought follows what their sync does with a changed address."
        question = f"Take {visible(known.wrong)} as it stands again?"
        self.program.push_screen(Ask(question, (means,), confirm="drop the correction", decline="keep it"), answered)

    def copied(self) -> str:
        """The address as Recruit has it."""
        return "" if self.table.current is None else visible(self.table.current.wrong)
