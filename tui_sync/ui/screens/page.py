"""What every full screen has: a title line, a body, the line of keys, and actions that say why they cannot be done."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.ui import verbs
from tui_sync.ui.fitting import Fitting
from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import Action
from tui_sync.ui.letting_go import LeftOnce
from tui_sync.ui.outliving import Outliving
from tui_sync.ui.present.frame import LOW, key_line, title_lines
from tui_sync.ui.present.lines import BLANK, Line, Span, Tone, line
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.long_lines import Aside
from tui_sync.ui.widgets.record_table import RecordTable
from tui_sync.ui.wire import Differences

if TYPE_CHECKING:
    from tui_sync.services.desk import Desk
    from tui_sync.ui.app import TuiSync
    from tui_sync.ui.runner import Watch


NO_FILTER = "Nothing can be filtered here. : finds actions and syncs, f in the list of syncs finds people."

TO_CONNECT = "This workspace has no connection yet. Press C in the list of syncs to connect it, or T there for the demo."

NO_MORE = "Nothing more is told of the row here."


class Page(Outliving, Fitting[None], LeftOnce[None]):
    """A full screen. A subclass names its `PLACES` in the registry, gives BINDINGS from them, a `body`, and a method
    `do_NAME` for every action that is neither one of everywhere nor a verb about its `sync`."""

    PLACES: ClassVar[tuple[str, ...]] = ()
    ABOUT: ClassVar[str] = ""
    """One line for the help: what this screen is for."""
    AUTO_FOCUS: ClassVar[str | None] = "RecordTable"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", 'do("filter")', show=False)]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]  # noqa: RUF012 - textual declares it so
    DEFAULT_CSS = """
    Page { layout: vertical; background: $background; color: $foreground; }
    Page > #title { height: 2; background: $background; }
    Page > #keys { height: 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Differences(lambda: self.program.shown)

    @property
    def program(self) -> TuiSync:
        """The app."""
        return cast("TuiSync", self.app)

    @property
    def desk(self) -> Desk:
        """The workspace's desk."""
        return self.program.desk

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield Lines(id="title")
        yield from self.body()
        yield Lines(id="keys")

    def body(self) -> Iterable[Widget]:
        """The widgets between title and keys."""
        return ()

    # what the frame shows

    def where(self) -> Sequence[str]:
        """The breadcrumb, from the first screen to this one."""
        return ()

    def middle(self) -> Line:
        """What stands in the middle of the title line, where there is room."""
        return BLANK

    def right(self) -> Line:
        """What stands on the right of the title line."""
        return BLANK

    def title_region(self, width: int) -> Sequence[Line]:
        """The title line and the rule below it."""
        return title_lines([visible(name) for name in self.where()], self.middle(), self.right(), width)

    def why_not(self, name: str) -> str:  # noqa: ARG002 - subclasses look at it
        """Why an action cannot be done at present, one sentence; empty where it can."""
        return ""

    def refusal(self, name: str) -> str:
        """Why this screen, or the program for what the screen leaves to it, cannot do an action; empty where it can."""
        own = hasattr(self, f"do_{name.partition('(')[0]}")
        if name == "filter" and not own:
            return NO_FILTER
        if name.startswith("panel("):
            return "" if any(panel.can_shift(int(name[6:-1])) for panel in self.query(Aside)) else NO_MORE
        return self.why_not(name) or ("" if own else self.program.why_not(name))

    def actions(self) -> list[Action]:
        """The actions of this screen, without those of everywhere."""
        return [action for place in self.PLACES for action in actions(place)]

    def refresh_frame(self) -> None:
        """Draw title line and keys anew."""
        if not self.is_mounted:
            return
        width = self.size.width
        self.query_one("#title", Lines).show(self.title_region(width))
        disabled = {action.name: why for action in self.actions() if action.rank and (why := self.why_not(action.name))}
        self.query_one("#keys", Lines).show([key_line(self.actions(), disabled, width)])

    def on_mount(self) -> None:
        """Draw the frame."""
        self.refresh_frame()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Draw the frame for the new width."""
        self.refresh_frame()

    def on_screen_resume(self) -> None:
        """What is below may have changed what is shown here."""
        self.refresh_frame()
        self.came_back()

    def time_passed(self) -> None:
        """Half a minute has passed, or something has run: what depends on that is drawn anew."""

    def sync(self) -> Sync | None:
        """The sync that the verbs of this screen are about."""
        return None

    def unsaved(self) -> str:
        """What would be lost by leaving the program now, in one sentence; empty where nothing would."""
        return ""

    def came_back(self) -> None:
        """Called when this screen is on top again."""

    def runs_moved(self) -> None:
        """Called at most four times a second while runs go on, and when one ends."""

    def run_ended(self, watch: Watch) -> None:  # noqa: ARG002 - subclasses look at it
        """Called when a run of this program has ended."""
        self.came_back()
        self.runs_moved()

    # actions

    async def action_do(self, name: str) -> None:
        """Do an action of the registry, or say why it cannot be done. Two clicks in one piece are meant for one screen: what the
        first one left or covered does nothing more."""
        if not self.is_active:
            return
        why = self.refusal(name)
        self.program.explain(why)  # that of the key before is over where this one does something
        if why:
            return
        method, _, argument = name.rstrip(")").partition("(")
        own = getattr(self, f"do_{method}", None) or getattr(self.program, f"do_{method}", None)
        sync = self.sync()
        if own is not None:
            done = own(*_values(argument))
            if isawaitable(done):
                await done
        elif sync is not None and method in verbs.VERBS:
            verbs.VERBS[method](self.program, sync)
            self.runs_moved()

    def on_record_table_unchosen(self, event: RecordTable.Unchosen) -> None:
        """Say why enter does nothing, where it would do something with a row."""
        event.stop()
        name = next((action.name for action in self.actions() if not action.keys), "")
        self.program.explain(self.refusal(name) if name else "")

    def on_record_table_unsorted(self, event: RecordTable.Unsorted) -> None:
        """Say why a key that sorts does nothing."""
        event.stop()
        sortable = any(key is not None for key in event.table.sort_keys)
        self.program.explain("No column is sorted by yet: s takes the next one." if sortable else "These rows keep their order.")

    async def on_lines_acted(self, event: Lines.Acted) -> None:
        """A key of the key line was clicked."""
        event.stop()
        await self.action_do(event.action)

    def do_back(self) -> Awaitable[None] | None:
        """Leave this screen."""
        self.dismiss()
        return None

    def do_panel(self, lines: int) -> None:
        """Scroll what stands beside the table."""
        for panel in self.query(Aside):
            panel.shift(lines)

    def do_copy(self) -> None:
        """Send what the cursor is on to the clipboard of the terminal."""
        text = self.copied()
        if text:
            self.program.copy(text)
        else:
            self.say("There is nothing here to copy.", Tone.WARN)

    def copied(self) -> str:
        """What `copy` takes."""
        return ""

    def say(self, text: str, tone: Tone = Tone.PLAIN, about: str = "") -> None:
        """Tell something in passing; it takes the place of what was told `about` the same."""
        self.program.say(text, tone, about)


def _values(argument: str) -> list[str | int]:
    """The argument of an action's name: a word in quotes, a number, or nothing."""
    if not argument:
        return []
    return [argument.strip("'")] if argument.startswith("'") else [int(argument)]


def note(text: str) -> Line:
    """A quiet line, indented like the rows of a table."""
    return line(Span("   " + text, Tone.DIM))
