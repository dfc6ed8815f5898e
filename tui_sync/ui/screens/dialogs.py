"""Small questions over a screen: one line of text, one of many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_sync.model.text import visible
from tui_sync.ui.fitting import Fitting
from tui_sync.ui.letting_go import LeftOnce
from tui_sync.ui.outliving import Outliving
from tui_sync.ui.present.columns import Cell, Column, as_line
from tui_sync.ui.present.frame import LOW
from tui_sync.ui.present.lines import Line, Span, Tone, line, wrapped
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable
from tui_sync.ui.wire import Differences

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

T = TypeVar("T")
FRAME = 8
"""Lines of a picker beside its choices, one of them for the reason why one cannot be chosen."""
WIDTH, AROUND = 66, 6
"""Cells of text in a question where the terminal has them, and of the panel's edges beside it (with the border of terminals
of few colours or none)."""
SIXTEEN = "standard"
"""How rich calls the colours of a terminal that has no more than these."""


class Dialog(Outliving, Fitting[T], LeftOnce[T], ModalScreen[T], Generic[T]):
    """A panel over the screen, as wide as a narrow one: a few cells of that on either side would look like a mistake. Escape
    leaves everything as it is; the key that quits does so as everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "app.do('quit')", show=False)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]  # noqa: RUF012 - textual declares it so
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog.-narrow > Vertical { width: 100%; }
    Dialog > Vertical { width: 72; max-width: 100%; height: auto; max-height: 100%; background: $surface; padding: 1 2; }
    Dialog.-low > Vertical { padding: 0 2; }
    Dialog:ansi { background: transparent; }
    Dialog:ansi > Vertical, Dialog.-framed > Vertical { border: round $foreground; }
    Dialog Lines { height: auto; background: $surface; }
    Dialog RecordTable { background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Differences(lambda: cast("TuiSync", self.app).shown)

    def on_mount(self) -> None:
        """In sixteen colours the panel's ground is that of the screen behind it, so that only a line tells them apart."""
        self.set_class(self.app.console.color_system == SIXTEEN and not self.app.is_headless, "-framed")

    @property
    def room(self) -> int:
        """Cells of text in a line of the panel."""
        return min(WIDTH, self.app.size.width - AROUND)

    def told(self, text: str, tone: Tone = Tone.PLAIN) -> list[Line]:
        """A sentence, over as many lines as it needs in this terminal."""
        return [*wrapped(text, self.room, tone)]

    def tell(self) -> None:
        """Draw what the dialog says anew."""

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.tell()

    async def action_do(self, name: str) -> None:
        """Only to leave is an action of every dialog."""
        if name == "cancel":
            self.dismiss(None)


class Prompt(Dialog[str]):
    """One line of text. `check` gives the sentence that refuses a text, empty where it is right; it is told while typing.
    `attempt` does what the text is for, with the dialog open until it gives no such sentence. A `secret` one is not shown; of
    one that is `replaced` all is selected."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "do('cancel')", show=False)]

    def __init__(
        self, title: str, value: str = "", *, hint: str = "", check: Callable[[str], str] = lambda _: "", go: str = "save",
        secret: bool = False, replaced: bool = False, attempt: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        super().__init__()
        self._attempt, self._trying, self._replaced = attempt, False, replaced
        self.heading, self.value, self.hint, self.check, self.go, self.secret = title, value, hint, check, go, secret

    def compose(self) -> ComposeResult:
        """Title, entry, the hint or the mistake."""
        with Vertical():
            yield Lines(self._head(), id="head")
            entry = Entry(self.value, replaced=self._replaced, id="text")
            entry.password = self.secret
            yield entry
            yield Lines(self._below(self.value), id="below")

    def _head(self) -> list[Line]:
        return [*self.told(self.heading, Tone.STRONG), ()]

    def tell(self) -> None:
        """Title, hint or mistake."""
        self.query_one("#head", Lines).show(self._head())
        self.query_one("#below", Lines).show(self._below(self.query_one(Entry).value))

    def _below(self, value: str) -> list[Line]:
        problem = self.check(value) if value != self.value or value else ""
        return self._telling(problem or self.hint, Tone.WARN if problem else Tone.DIM)

    def _telling(self, text: str, tone: Tone) -> list[Line]:
        """A sentence, and what to press."""
        ways = (Span("enter", Tone.KEY), Span(f" {self.go}   "), Span("esc", Tone.KEY), Span(" cancel"))
        return [*self.told(text, tone), (), ways]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is wrong while it is typed."""
        self.query_one("#below", Lines).show(self._below(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the text if nothing is wrong with it."""
        problem = self.check(event.value)
        if problem:
            self.query_one("#below", Lines).show(self._telling(problem, Tone.WARN))
        elif self._attempt is None:
            self.dismiss(event.value)
        elif not self._trying:
            self.run_worker(self._try(self._attempt, event.value), group="attempt")

    async def _try(self, attempt: Callable[[str], Awaitable[str]], value: str) -> None:
        below, self._trying = self.query_one("#below", Lines), True
        below.show(self._telling("It is tried now.", Tone.DIM))
        problem = await attempt(value)
        self._trying = False
        if problem:
            below.show(self._telling(problem, Tone.WARN))
            self.query_one(Entry).select_all()
        else:
            self.dismiss(value)


class Choice(Generic[T]):
    """One of the things to choose from: what is shown of it, and why it cannot be chosen (empty: it can)."""

    def __init__(self, value: T, *cells: Cell, why_not: str = "") -> None:
        self.value, self.cells, self.why_not = value, cells, why_not


class Picker(Dialog[T], Generic[T]):
    """One of many, found by typing a part of it. `other` makes a value of a text that is none of them. The panel of a
    `grown` one is wider on a wide terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "do('cancel')", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Picker > Vertical { max-height: 90%; }
    Picker.-wide.-grown > Vertical { width: 90%; max-width: 130; }
    Picker RecordTable { height: 1fr; margin-top: 1; }
    Picker.-low > Vertical { max-height: 100%; }
    Picker.-low RecordTable { margin-top: 0; }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        *,
        columns: Sequence[Column] = (Column("", most=60, grow=True),),
        at: object = None,
        other: Callable[[str], T] | None = None,
        hint: str = "",
        grown: bool = False,
    ) -> None:
        super().__init__()
        self.set_class(grown, "-grown")
        self.heading, self.choices, self.columns, self.at, self.other, self.hint = title, choices, columns, at, other, hint

    def compose(self) -> ComposeResult:
        """Title, entry, the choices, what to press."""
        with Vertical():
            yield Lines(self.told(self.heading, Tone.STRONG), id="head")
            yield Entry(id="needle", placeholder="type to find")
            yield RecordTable(
                self.columns, self._cells, key=lambda choice: choice.value, empty=self._none,
                headed=any(column.title for column in self.columns), id="choices",
            )  # fmt: skip
            yield Lines(self._below(), id="below")

    def on_mount(self) -> None:
        """Show the choices, the cursor on the present one."""
        table = self.query_one(RecordTable)
        table.can_focus = False
        table.always_lit = True
        table.no_match = "Nothing matches. Type less of it, or something else."
        table.show(self.choices)
        self._fit()
        if self.at is not None:
            table.select(self.at)

    def _fit(self) -> None:
        """As high as its choices and sentences are."""
        said = len(self.told(self.heading)) - 1 + (len(self.told(self.hint)) if self.hint else 0)
        rows = len(self.choices) + self.query_one(RecordTable).headed + (self.other is not None)
        self.query_one(Vertical).styles.height = rows + said + FRAME

    def tell(self) -> None:
        """Title, hint or reason."""
        self.query_one("#head", Lines).show(self.told(self.heading, Tone.STRONG))
        self._explain(self.query_one(RecordTable).current)
        self._fit()

    def _cells(self, choice: Choice[T]) -> Sequence[Cell]:
        if not choice.why_not:
            return choice.cells
        return [tuple(part._replace(tone=Tone.DIM) for part in as_line(cell)) for cell in choice.cells]

    def _none(self) -> Sequence[Line]:
        return [line(Span("   There is nothing to choose from.", Tone.DIM))]

    def _below(self) -> list[Line]:
        ways = (Span("enter", Tone.KEY), Span(" choose   "), Span("esc", Tone.KEY), Span(" cancel"))
        return [*(self.told(self.hint, Tone.DIM) if self.hint else ()), ways]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only those with the text are left, and the text itself where it may be taken as it stands."""
        table, text = self.query_one(RecordTable), event.value.strip()
        if self.other is not None:
            known = any(_said(choice) == text for choice in self.choices)
            blanks = [""] * (len(self.columns) - 1)
            own = [Choice(self.other(text), Span(visible(text)), *blanks)] if text and not known else []
            table.show([*self.choices, *own])
        table.filter(event.value)
        table.action_edge("first")
        if not text and self.at is not None:
            table.select(self.at)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the one under the cursor."""
        event.stop()
        self._take(self.query_one(RecordTable).current)

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A row was clicked."""
        event.stop()
        self._take(event.row)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Say why the one under the cursor cannot be chosen."""
        event.stop()
        self._explain(event.row)

    def _explain(self, choice: Choice[T] | None) -> None:
        why = choice.why_not if choice is not None else ""
        told = [*self.told(why, Tone.WARN), *self._below()[-1:]] if why else self._below()
        self.query_one("#below", Lines).show(told)

    def _take(self, choice: Choice[T] | None) -> None:
        if choice is None:
            return
        if choice.why_not:
            cast("TuiSync", self.app).explain(choice.why_not)
        else:
            self.dismiss(choice.value)

    def action_move(self, rows: int) -> None:
        """Move the cursor while the entry keeps the keys."""
        self.query_one(RecordTable).action_move(rows)


def _said(choice: Choice[T]) -> str:
    """What the first cell of a choice says."""
    return "".join(part.text for part in as_line(choice.cells[0]))
