"""One run while it goes on: phases, counts, rate, what it waits for. Leaving the screen does not stop it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.sync import Sync
from tui_sync.ui.keys import Action, bindings
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.runs import run_lines
from tui_sync.ui.present.states import result_span
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens.foreseen import ForeseenPage
from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.long_lines import LongLines

KINDS = {"run": "Run", "dry run": "Dry run", "approval": "Approval", "retry": "Retry"}


class RunPage(Page):
    """Shows a run that this program makes, from its first call to its end."""

    PLACES = ("run",)
    ABOUT = "A run: fetch, plan, guard, deliver, commit. It goes on whichever screen you look at."
    BINDINGS: ClassVar[list[BindingType]] = bindings("run")
    AUTO_FOCUS = None

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watched = watch

    def body(self) -> Iterable[Widget]:
        """The lines of the run."""
        yield LongLines(id="run")

    def on_mount(self) -> None:
        """Show it as it is."""
        self.runs_moved()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Bars and sentences are as wide as there is room."""
        self.runs_moved()

    def runs_moved(self) -> None:
        """Draw it anew."""
        if self.watched.price is not None:  # the question stands here, to which the message leads
            self.program.unsay(self.watched.sync.id)
        now, zone = self.program.now, self.program.zone
        self.query_one("#run", LongLines).tell(run_lines(self.watched, now, zone, self.size.width))
        self.refresh_frame()

    def where(self) -> Sequence[str]:
        """The sync, and which kind of run it is."""
        return (self.watched.sync.name, KINDS[self.watched.kind])

    def right(self) -> Line:
        """How it stands."""
        return (result_span(self.watched.result),)

    def sync(self) -> Sync | None:
        """The sync of the run."""
        return self.watched.sync

    def why_not(self, name: str) -> str:
        """What a run that goes on or has ended does not allow."""
        if name == "cancel" and (self.watched.ended or self.watched.cancelling):
            return "The run has ended." if self.watched.ended else "It is stopping already."
        if name == "agree" and self.watched.price is None:
            return "The run asks nothing."
        if name == "outcomes" and self.watched.kind != "dry run":
            return "Only a dry run keeps its outcomes here. Press enter for the people of a run."
        if name == "outcomes" and not self.watched.ended:
            return "The dry run has not ended."
        if name == "open" and self.watched.kind == "dry run":
            return "A dry run has no number and left nothing behind. Press o for the outcomes it foresees."
        if name == "open" and not self.watched.run_id and self.watched.summary is None:
            return "The run did not begin, so there are no people of it." if self.watched.ended else "The run has no number yet."
        return ""

    def actions(self) -> list[Action]:
        """Agreeing to a price stands there only while one is asked about."""
        return [action for action in super().actions() if action.name != "agree" or self.watched.price is not None]

    def do_line(self, lines: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(lines)

    def do_agree(self) -> None:
        """Its price is worth it."""
        self.watched.answer(True)

    def do_cancel(self) -> None:
        """Stop it between two people."""
        self.program.runner.cancel(self.watched)
        self.runs_moved()

    def do_open(self) -> None:
        """The people of the run."""
        run = self.watched.summary
        sync = self.desk.workspace.syncs.get(self.watched.sync.id)
        if sync is not None:
            self.dismiss()
            self.program.go.details(sync, run.id if run is not None else self.watched.run_id)

    def do_outcomes(self) -> None:
        """What a dry run foresees, person by person."""
        self.program.push_screen(ForeseenPage(self.watched))
