"""The application: what lives as long as the program does - runs, undo, theme, signals - and the way between screens."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import msgspec
from rich.style import Style
from textual.binding import BindingType
from textual.filter import LineFilter

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.sync import SyncState
from tui_sync.model.workspace import NO_CONNECTION, Level
from tui_sync.services.desk import Desk
from tui_sync.services.screen_state import ScreenState, keep_screen_state, screen_state
from tui_sync.ui import keymap
from tui_sync.ui.clipboard import CAP, osc52
from tui_sync.ui.glyphs import Guard
from tui_sync.ui.keys import bindings
from tui_sync.ui.leaving import STANDS_STILL, going_on
from tui_sync.ui.leaving import Leaving as Leaving
from tui_sync.ui.letting_go import LettingGo
from tui_sync.ui.outliving import met, refusal
from tui_sync.ui.passing import Passing
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.present.runs import end_in_words, ends_in_words
from tui_sync.ui.routes import Routes, load_all
from tui_sync.ui.runner import Runner, Watch
from tui_sync.ui.scheduling import Schedules
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.screens.page import Page
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.script import Step, begin
from tui_sync.ui.terminal import Profile, profile
from tui_sync.ui.theme import LOOKS, MONO, fallback
from tui_sync.ui.verbs import NOTHING_BACK, take_back
from tui_sync.ui.wire import Shown

STOPPING = 5.0
"""Seconds that runs get for stopping between two people when the program ends."""
LEAVE = "Leave the program?"
AT_LAST = 2.0
"""Seconds after which the first screen is taken for drawn, whatever is seen."""


class TuiSync(LettingGo[Leaving], Passing[Leaving], inherit_bindings=False):
    """The program on one workspace. `advance` lets a day pass in a demo organisation, None for a real connection;
    `first` has its syncs run at once; `schedules`: whatever is due runs by itself."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False  # nothing here shows what is selected, and a click on what just goes would end the program
    TITLE = "tui_sync"
    BINDINGS: ClassVar[list[BindingType]] = bindings("anywhere")
    CSS = """
    Toast { width: auto; max-width: 95%; padding: 0 1; margin: 0; background: $panel; }
    ToastRack { margin-bottom: 1; scrollbar-size: 0 0; }
    .-filtering ToastRack { margin-bottom: 2; }
    """

    def __init__(
        self, desk: Desk, terminal: Profile, *, advance: Callable[[], dict[str, int]] | None = None, first: bool = False,
        warm: Callable[[], None] = load_all, schedules: bool = False,
    ) -> None:
        super().__init__(ansi_color=None if terminal.colour else True)
        self.desk, self.terminal, self.advance, self.first, self._warm = desk, terminal, advance, first, warm
        self.runner = Runner(desk, self._runs_moved, self._run_ended, self.say)
        self.state: ScreenState = screen_state(desk)
        self.undone: list[tuple[str, Callable[[], object]]] = []
        """What can be taken back: what it was, and how."""
        self.shown = Shown()
        self._standing = False
        self.go = Routes(self)
        self.schedules, self._scheduling = Schedules(self), schedules
        self.zone, self._ahead = desk.workspace.zone, timedelta()
        self._batch: list[Watch] = []
        self._together: set[Watch] = set()
        self._guard = Guard(ascii_only=terminal.ascii)
        for look in LOOKS.values():
            self.register_theme(look.theme)
        self._keymap_read = keymap.read(keymap.path())
        keymap.use(self._keymap_read.keys)
        self.set_keymap(self._keymap_read.keys)
        if terminal.colour:
            self.theme = self.state.theme if self.state.theme in LOOKS else "dark"

    @property
    def tones(self) -> Mapping[Tone, Style]:
        """The look of each tone under the present theme."""
        look = LOOKS.get(self.theme)
        return MONO if not self.terminal.colour or look is None else look.tones

    @property
    def now(self) -> datetime:
        """The present moment as the workspace's clock has it, without a look into the database."""
        return datetime.now(UTC) + self._ahead

    @property
    def organisation(self) -> str:
        """What the workspace is connected to."""
        connection = self.desk.workspace.connection
        return NO_CONNECTION if connection is None else connection.shown

    @property
    def page(self) -> Page | None:
        """The page that is on top, once its widgets stand; what happened until then it reads by itself."""
        top = self.screen_stack[-1] if self.screen_stack else None
        return top if isinstance(top, Page) and top.is_mounted else None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What a theme does not say."""
        return fallback()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and the guard that every drawn line passes."""
        return [*super().get_line_filters(), self._guard]

    def get_default_screen(self) -> Page:
        """The list of syncs."""
        return SyncsPage()

    def on_load(self) -> None:
        """Signals end the program like its own key does, from before the terminal is changed, so that it is always given back."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, number)

    def on_mount(self) -> None:
        """What the first screen shows, and what comes once it stands."""
        self.changed()
        self.desk.tell = self.say
        self.app_resume_signal.subscribe(self, lambda _: self.do_redraw())
        self.call_after_refresh(self._stands)
        # That waits with the screen that was seen first, until it is seen again: a key may have opened another one before.
        self.set_timer(AT_LAST, self._stands)

    def _stands(self) -> None:
        """The first screen stands: what was left for later is done beside it, once."""
        if self._standing:
            return
        self._standing = True
        gc.freeze()
        gc.enable()
        if self._scheduling:
            self.schedules.begin()
        if self._keymap_read.wrong:
            self.say(self._keymap_read.said(partial(self.desk.log, level=Level.WARNING)), Tone.WARN)
        for prepare in (load_all, self._warm):
            self.run_worker(prepare, thread=True, group="ready")

    def copy(self, text: str) -> None:
        """Send a text to the terminal's clipboard; whether it arrives, no terminal tells."""
        sequence = osc52(text, self.terminal.wrap)
        if sequence is None or self._driver is None:
            self.say(f"Too much for a clipboard over a terminal (more than {CAP} bytes). Export it to a file instead.", Tone.WARN)
            return
        self._driver.write(sequence)
        self.say(f"Sent to the clipboard of the terminal, {len(text.encode())} bytes. If it does not arrive, the terminal "
                 "does not allow it: export to a file instead.")

    def copy_to_clipboard(self, text: str) -> None:
        """What textual's own entries copy goes the same way."""
        self._clipboard = text
        self.copy(text)

    # runs

    def _runs_moved(self) -> None:
        if self.page is not None:
            self.page.runs_moved()

    def _run_ended(self, watch: Watch) -> None:
        """Tell how it ended; runs that were started together are told together."""
        if self._exit:
            return
        self._together.discard(watch)
        if watch not in self._batch:
            self.say(*end_in_words(watch), watch.sync.id)
        elif not self._together:
            self.say(*ends_in_words(self._batch))
            self._batch = []
        if self.state.bell and not self._together:
            self.bell()
        self.schedules.poke()
        if self.page is not None:
            self.page.run_ended(watch)

    def run_all(self) -> None:
        """Run every sync that may run, together."""
        able = self.desk.workspace.syncs.in_state(SyncState.ACTIVE, SyncState.COMPLETED)
        self._batch = [self.runner.run(sync) for sync in able]
        self._together = set(self._batch)

    def changed(self) -> None:
        """Something of the workspace was changed here: the present screen reads it anew."""
        self.read_clock()
        self.schedules.poke()
        if self.page is not None:
            self.page.came_back()

    def read_clock(self) -> None:
        """Zone and day of the organisation: another program may change them too."""
        self.zone = self.desk.workspace.zone
        self._ahead = self.desk.clock.now() - datetime.now(UTC)

    # actions of everywhere

    async def action_do(self, name: str) -> None:
        """Actions of everywhere, where the screen has none of its own."""
        screen = self.screen
        if isinstance(screen, Page):
            await screen.action_do(name)
        elif name == "quit":
            await self.do_quit()
        elif name == "suspend" and not self.why_not(name):
            await self.do_suspend()

    def do_redraw(self) -> None:
        """Draw everything anew."""
        self.shown.forget()
        self.screen.refresh()

    def do_bell(self) -> None:
        """Ring the bell at the end of a run, or stop doing so."""
        self.remember(bell=not self.state.bell)
        self.say("The bell rings when a run ends." if self.state.bell else "The bell is silent.", about="the bell")

    def why_not(self, name: str) -> str:
        """Why an action of everywhere cannot be done at present; empty where it can."""
        if name == "undo" and not self.undone:
            return NOTHING_BACK
        if name == "theme" and not self.terminal.colour:
            return "NO_COLOR is set: there is one look without colours."
        if name == "suspend" and self.runner.going_on():
            return STANDS_STILL
        return ""

    def do_undo(self) -> None:
        """Take back the last edit or deletion."""
        self.run_worker(take_back(self, *self.undone.pop()), group="undo")

    async def do_quit(self) -> None:
        """Leave; ask first where runs go on or something is not saved. Asked already, the question is put away."""
        if isinstance(self.screen, Ask) and self.screen.question == LEAVE:
            self.screen.dismiss(False)
            return
        going = self.runner.going_on()
        told = [lost for screen in self.screen_stack if isinstance(screen, Page) and (lost := screen.unsaved())]
        if going:
            told += going_on(len(going))
        if not told:
            await self.leave(0)
            return
        confirm = "stop the runs and leave" if going else "leave all the same"
        self.push_screen(Ask(LEAVE, told, confirm=confirm, decline="stay"), self._quit_confirmed)

    async def _quit_confirmed(self, yes: bool | None) -> None:
        if yes:
            await self.leave(0)

    async def do_suspend(self) -> None:
        """Give the shell back until it brings the program to the front; another program may run the schedules meanwhile."""
        try:
            await self.schedules.end()
            self.action_suspend_process()
        finally:
            if self._scheduling:
                self.schedules.begin()

    def do_help(self) -> None:
        """The keys of this screen."""
        self.go.help()

    def do_palette(self) -> None:
        """Any action or sync by its name."""
        self.go.palette()

    def do_place(self, name: str) -> None:
        """Go to another place."""
        self.go.place(name)

    def do_theme(self) -> None:
        """Choose a theme."""
        choices = [Choice(name, name, look.says) for name, look in LOOKS.items()]
        self.push_screen(Picker("How the screen looks", choices, columns=(Column("Theme"), Column("", most=50)), at=self.theme),
                         self._theme_chosen)

    def _theme_chosen(self, name: str | None) -> None:
        if name is not None:
            self.theme = name
            self.call_later(self.remember, theme=name)  # once it is applied

    def remember(self, **changed: object) -> None:
        """Keep a choice about the screens for the next start."""
        self.state = msgspec.structs.replace(self.state, **changed)
        with self.telling():
            keep_screen_state(self.desk, self.state)

    async def leave(self, status: int, message: str = "", *, to_demo: bool = False) -> None:
        """End the program: runs stop between two people first. What the workspace refuses meanwhile is told behind it."""
        try:
            await self.schedules.end()
        except TuiSyncError as fault:
            if refusal(fault) is None:
                raise
            message = message or str(fault)
        await self.runner.stop_all(STOPPING)
        # The clients of a connection belong to the event loop that used them, and this one ends with the program.
        if self.desk.opened is not None:
            await self.desk.opened.close()
        self.exit(Leaving(status, message, to_demo), return_code=status)

    @property
    def fault(self) -> BaseException | None:
        """What ended the program; of a worker what it met, not that it failed: a damaged workspace is told as one."""
        return None if self._exception is None else met(self._exception)

    def _fatal_error(self) -> None:
        """An error that nobody foresaw ends the program; `open_ui` raises it, so that it is told as every other."""
        self._close_messages_no_wait()

    def _signalled(self, number: int) -> None:
        self.run_worker(self.leave(128 + number), group="leaving", exclusive=True)


def open_ui(
    desk: Desk, *, advance: Callable[[], dict[str, int]] | None = None, first: bool = False,
    warm: Callable[[], None] = load_all, script: Sequence[Step] = (),
) -> Leaving:
    """Open the screens on a workspace and stay until they are left. `warm` is called in a thread once they stand; a script
    is played then.

    Must not be called within an event loop. Raises whatever nobody foresaw, once the terminal is restored.
    """
    terminal = profile(os.environ, sys.stderr.encoding or "ascii")
    program = TuiSync(desk, terminal, advance=advance, first=first, warm=warm, schedules=True)
    left = program.run(auto_pilot=partial(begin, script) if script else None)
    if program.fault is not None:
        raise program.fault
    return msgspec.structs.replace(left or Leaving(program.return_code or 0), stuck=program.stuck)
