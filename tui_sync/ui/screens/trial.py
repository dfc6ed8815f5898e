"""Test connection: every call that runs need, each with what came of it as soon as it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.services.desk import Quiet
from tui_sync.services.privileges import Trial, Tried
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.settings import trial_lines
from tui_sync.ui.screens.page import Page
from tui_sync.ui.widgets.long_lines import LongLines


class TrialPage(Page):
    """Tries the calls when it is opened. Leaving it stops the trial."""

    PLACES = ("trial",)
    ABOUT = "Every call that runs need is tried, one after the other. Nothing is written at Recruit or the hub."
    BINDINGS: ClassVar[list[BindingType]] = bindings("trial")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[Tried] = []
        self.done = False

    def body(self) -> Iterable[Widget]:
        """The calls."""
        yield LongLines(id="calls")

    def on_mount(self) -> None:
        """Begin."""
        self.refresh_frame()
        self.do_test()

    def do_test(self) -> None:
        """Try every call."""
        self.tried, self.done = [], False
        self.draw()
        self.run_worker(self._try(), group="trial", exclusive=True)

    async def _try(self) -> None:
        connection = self.desk.workspace.connection
        if connection is None:
            return
        try:
            monitor = Quiet(self.desk.clock, self.desk.tell)
            trial = Trial(self.desk.connect, connection.hub, monitor, self.desk.clock.now(), fresh=True)
            async for one in trial.calls():
                self.tried.append(one)
                self.draw()
        except TuiSyncError as fault:
            self.program.told(fault)
        self.done = True
        self.draw()

    def draw(self) -> None:
        """Draw what came of the calls."""
        if self.is_mounted:
            self.query_one(LongLines).tell(trial_lines(self.tried, done=self.done, width=self.size.width))

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.refresh_frame()
        self.draw()

    def where(self) -> Sequence[str]:
        """Under the settings."""
        return ("Settings", "Test connection")

    def do_line(self, lines: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(lines)

    def copied(self) -> str:
        """What came of every call."""
        return "\n".join(f"{one.what}: {one.says}" for one in self.tried)
