"""What a dry run foresees, person by person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_sync.model.outcomes import Outcome
from tui_sync.present.words import grouped
from tui_sync.ui.keys import bindings
from tui_sync.ui.present import outcomes as people
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.lines import Line, Span, Tone, wrapped
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens.exporting import ask_export
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.record_table import RecordTable


class ForeseenPage(FilteredPage):
    """A table of the outcomes of a dry run; nothing of it is recorded anywhere."""

    PLACES = ("foreseen", "matches")
    ABOUT = "What a run made now would do with every record. Nothing of it has happened."
    BINDINGS: ClassVar[list[BindingType]] = bindings("foreseen", "matches")

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watched = watch

    def body(self) -> Iterable[Widget]:
        """The outcomes."""
        columns, sort_keys = people.columns(people.TOTAL)[1:], people.sort_keys(people.TOTAL, lambda _: "")[1:]
        yield RecordTable(columns, _cells, sort_keys=sort_keys, empty=self._nobody, id="foreseen")
        yield FilterLine("foreseen")

    def _nobody(self) -> Sequence[Line]:
        run = self.watched.summary
        if run is None:
            why = "it was not brought to its end"
        else:
            why = "no record matched the selection" if run.full else "nothing has changed since the run before"
        return [*wrapped(f"The dry run foresees nobody: {why}. Esc goes back.", self.size.width - 2, Tone.DIM, "   ")]

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(RecordTable).show(self.watched.foreseen)

    def where(self) -> Sequence[str]:
        """The sync, the dry run, its outcomes."""
        return (self.watched.sync.name, "Dry run", "Outcomes foreseen")

    def right(self) -> Line:
        """How many of them are shown."""
        table = self.query_one(RecordTable)
        return (Span(f"{grouped(len(table.order))} of {grouped(len(self.watched.foreseen))}", Tone.DIM),)

    def on_record_table_arranged(self, event: RecordTable.Arranged) -> None:
        """The count in the title follows the filter."""
        event.stop()
        self.refresh_frame()

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Open the person."""
        event.stop()
        await self.action_do("open")

    def why_not(self, name: str) -> str:
        """Without a row there is nobody to open or to write down."""
        shown = self.query_one(RecordTable).order
        return "" if shown or name not in ("open", "export") else "No row is shown."

    def do_open(self) -> None:
        """What is known of the person."""
        self.program.go.person(self.watched.sync, self.query_one(RecordTable).current)

    def do_export(self) -> None:
        """Write the rows that are shown to a file."""
        ask_export(self.program, f"{self.watched.sync.name} foreseen", self.query_one(RecordTable).shown)

    def copied(self) -> str:
        """The address under the cursor."""
        outcome: Outcome | None = self.query_one(RecordTable).current
        return outcome.email or "" if outcome is not None else ""


def _cells(outcome: Outcome) -> Sequence[Cell]:
    """As in the details, without the name: of people who would be new the workspace knows none."""
    return people.cells(outcome, "", people.TOTAL)[1:]
