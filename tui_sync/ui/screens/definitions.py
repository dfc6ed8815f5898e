"""Definitions as code: a file beside the workspace, applied after a question, and the workspace exported to a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.errors import DefinitionError, TuiSyncError
from tui_sync.model.sync import Removal
from tui_sync.model.text import visible
from tui_sync.present.definitions import removal_warning
from tui_sync.present.words import counted
from tui_sync.services import definitions
from tui_sync.services.definitions import Survey
from tui_sync.ui.keys import bindings
from tui_sync.ui.present.definitions import difference, question, stricter
from tui_sync.ui.present.lines import Line, Span, Tone, followed, wrapped
from tui_sync.ui.present.policies import LABELS, strongest
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.page import Page, note
from tui_sync.ui.typed_path import here, is_there, located, objection
from tui_sync.ui.widgets.long_lines import LongLines

SUGGESTED = "syncs.toml"


class DefinitionsPage(Page):
    """The file that was looked at last, or the one that is named."""

    PLACES = ("definitions",)
    ABOUT = "A definition file beside this workspace: + creates, ~ changes, = leaves as it is. Nothing is written before w."
    BINDINGS: ClassVar[list[BindingType]] = bindings("definitions")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.found: Survey | None = None
        self._fault = ""

    def body(self) -> Iterable[Widget]:
        """The difference."""
        yield LongLines(id="difference")

    def on_mount(self) -> None:
        """Compare the file of last time."""
        if self.program.state.definitions:
            self.do_reload()
        self.draw()

    # what is shown

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.program.state.definitions).expanduser()

    def where(self) -> Sequence[str]:
        """Definitions, and the file."""
        named = self.program.state.definitions
        return ("Definitions", Path(named).name) if named else ("Definitions",)

    def right(self) -> Line:
        """Whether they agree."""
        if self.found is None:
            return ()
        return (Span("differs", Tone.WARN) if self.found.differs else Span("agrees", Tone.DIM),)

    def draw(self) -> None:
        """Draw the difference, or why there is none."""
        self.query_one(LongLines).tell(self._lines(self.size.width))
        self.refresh_frame()

    def _lines(self, width: int) -> Iterable[Line]:
        if self._fault:
            yield from wrapped(self._fault, width - 2, Tone.WARN, " ")
        elif self.found is not None:
            yield from difference(self.found, self.program.zone, width)
        elif self.program.state.definitions:
            yield note("Comparing the file with the workspace ...")
        else:
            told = "Syncs as a text file: kept under version control, applied here or by a script."
            yield from wrapped(told, width - 2, indent=" ")
            yield ()
            yield note("o names a file and shows what applying it would change.")
            yield note("e writes the syncs of this workspace to a new file.")

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Lines wrap elsewhere."""
        self.draw()

    def came_back(self) -> None:
        """What was done elsewhere shows."""
        if self.is_mounted and self.found is not None:
            self.do_reload()

    # actions

    def why_not(self, name: str) -> str:
        """Without a file there is nothing to compare, without a difference nothing to apply."""
        if name in ("apply", "reload") and not self.program.state.definitions:
            return "No file is named. Press o."
        if name == "apply":
            if self.found is None:
                return self._fault or "The file is being compared."
            return "" if self.found.differs else "The file and the workspace agree: there is nothing to apply."
        if name == "export":
            return "" if self.desk.workspace.syncs.all() else "There is no sync to export."
        return ""

    def do_reload(self) -> None:
        """Compare anew."""
        self.run_worker(self._compare(), group="compare", exclusive=True)

    async def _compare(self) -> None:
        self._fault = ""
        try:
            self.found = await definitions.survey(self.desk, self.path)
        except TuiSyncError as fault:
            self.found, self._fault = None, self._told(fault)
        self.draw()

    def _told(self, fault: TuiSyncError) -> str:
        """Why there is nothing to compare, and what to do about it."""
        if isinstance(fault, DefinitionError):
            return followed(str(fault), "Mend it and press r, or press o for another file.")
        if not self.path.exists():
            return f"There is no file {visible(str(self.path))}. Put it there and press r, or press o for another one."
        return followed(str(fault), "Press r to compare again, or o for another file.")

    def do_open_file(self) -> None:
        """Ask for the path."""
        folder = here()

        def check(text: str) -> str:
            return objection(text, folder, is_there)

        def named(text: str | None) -> None:
            if text is not None:
                self.program.remember(definitions=str(located(text, folder)))
                self.found = None
                self.do_reload()
                self.draw()

        self.program.push_screen(
            Prompt("Definition file", self.program.state.definitions, hint=f"In {folder}, or anywhere with its path.",
                   check=check, go="compare"), named,
        )  # fmt: skip

    def do_apply(self) -> None:
        """Apply the file, after a question with the numbers."""
        seen = self.found
        if seen is None:
            return
        asked, told = question(seen, self.path.name)
        harder = stricter(seen) if self.desk.marketing else []
        told += [removal_warning(sync) for sync in harder]
        for_good = any(strongest(sync.policies, tuple(LABELS)) is Removal.HUB for sync in harder)

        def done(yes: bool | None) -> None:
            if yes:
                # Of the program: whoever leaves this screen meanwhile has confirmed it all the same.
                self.program.run_worker(self._apply(seen), group="apply")

        self.program.push_screen(Ask(asked, told, confirm="apply it", typed=self.path.name if for_good else ""), done)

    async def _apply(self, seen: Survey) -> None:
        try:
            written = await definitions.apply(self.desk, self.path, seen.items)
        except TuiSyncError as fault:
            self.program.told(fault)
        else:
            changed = sum(item.old is None or bool(item.changes) for item in written)
            self.say(f"{counted(changed, 'sync')} of {self.path.name} applied. Runs start as scheduled.")
        self.program.changed()

    def do_export(self) -> None:
        """Write all syncs to a new file."""
        folder = here()

        def check(text: str) -> str:
            taken = "{} exists. Name another file."
            return objection(text, folder, lambda path: taken.format(visible(str(path))) if path.exists() else "")

        def named(text: str | None) -> None:
            if text is None:
                return
            path = located(text, folder)
            try:
                number = definitions.write_export(self.desk, path)
            except TuiSyncError as fault:
                self.program.told(fault)
                return
            self.say(f"{counted(number, 'sync')} written to {path}.")

        hint = f"A new file in {folder}, or anywhere with its path."
        self.program.push_screen(Prompt("Export all syncs to", SUGGESTED, hint=hint, check=check, go="write"), named)

    def do_line(self, lines: int) -> None:
        """Scroll."""
        self.query_one(LongLines).shift(lines)

    def copied(self) -> str:
        """The path."""
        return self.program.state.definitions
