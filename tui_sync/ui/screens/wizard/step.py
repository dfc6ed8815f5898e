"""What the steps of the wizard have in common: each shows its part of the draft, says what is wrong, and hands it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical
from textual.events import Resize
from textual.message import Message

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.sync import Sync
from tui_sync.ui.outliving import Outliving
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.wizard import step_of, waiting_lines

if TYPE_CHECKING:
    from tui_sync.ui.screens.wizard.page import WizardPage


class Step(Outliving, Vertical):
    """One step. The draft belongs to the page: a step reads it there and gives every change to `page.change`.

    `KEY` is its name in drafts, `READING` what it has to ask the connection for, in words; empty: nothing.
    """

    KEY: ClassVar[str] = ""
    READING: ClassVar[str] = ""
    EDITS: ClassVar[str] = ""
    """What its editor is for; empty: it has none."""
    DEFAULT_CSS = """
    Step { height: 1fr; padding-top: 1; }
    Step > Lines { height: auto; }
    Step > #below { max-height: 60%; margin-top: 1; }
    """

    class Done(Message):
        """The last choice of the step was made: the wizard may go on."""

        def __init__(self, step: Step) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""
        """Why the connection could not be asked."""
        self.loaded = False

    @property
    def page(self) -> WizardPage:
        """The wizard."""
        return cast("WizardPage", self.screen)

    @property
    def sync(self) -> Sync:
        """The definition as it is at present."""
        return self.page.draft.sync

    @property
    def wide(self) -> int:
        """Cells for sentences."""
        return max(20, (self.size.width or self.app.size.width) - 2)

    def on_mount(self) -> None:
        """Show what is known, ask for the rest."""
        self.load()
        if self.page.focused is None:
            self.call_after_refresh(self.enter)

    def load(self) -> None:
        """Ask the connection, beside whatever the person does."""
        self.fault, self.loaded = "", False
        self.show()
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            await self.ask()
        except TuiSyncError as fault:
            self.fault = str(fault)
        self.loaded = not self.fault
        await self.arrived()
        self.page.refresh_frame()

    async def ask(self) -> None:
        """Ask the connection for what the step shows. May raise TuiSyncError, which is told."""

    async def arrived(self) -> None:
        """The answers are there, or `fault` tells why not."""
        self.show()

    def show(self) -> None:
        """Draw everything from the draft."""

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.show()

    def waiting(self) -> Sequence[Line]:
        """What stands in a table whose rows are still asked for."""
        return waiting_lines(self.READING, self.fault, self.wide) if not self.loaded else ()

    def take(self) -> None:
        """Take what the cursor is on before the wizard goes on."""

    def problem(self) -> str:
        """Why the wizard cannot go on from here; empty where it can."""
        return next((found.sentence for found in self.page.problems() if step_of(found.key) == self.KEY), "")

    def held(self) -> None:
        """The wizard does not go on: put the keys where something is wrong."""

    def edit(self) -> None:
        """Open the editor of this step."""

    def line(self, lines: int) -> None:
        """Scroll by so many lines, or go on to what stands below."""

    def enter(self) -> None:
        """Put the keys where the step begins."""
        first = next((widget for widget in self.query("*") if widget.focusable), None)
        self.screen.set_focus(first)

    def came_back(self) -> None:
        """Called when the wizard is on top again."""

    def cleared(self) -> bool:
        """Show everything again where a filter is set; whether one was."""
        return False
