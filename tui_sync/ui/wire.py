"""What goes over the wire: only the cells that differ from what the terminal shows already, and only the styles that change.

Textual sends whole stretches of lines, each piece with its full style and a reset: over SSH a key that moves a cursor costs
two kilobytes. The screens here are composed by textual all the same; their picture is compared cell by cell with the last one.
Measured at 80x24: first screen 4 kB instead of 22, a row down 0.2 kB instead of 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.geometry import Size

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from textual.screen import Screen
    from textual.strip import Strip

NEAR = 4
"""Equal cells between two stretches that are sent again: a move of the cursor costs as much."""


class Look(NamedTuple):
    """A style as a terminal takes it: codes of the attributes, the text's colour, the background's."""

    attributes: str
    ink: str
    paper: str


Cell = tuple[str, Look]
"""A character (with what combines with it; empty: the right half of a wide one) and its look."""

UNKNOWN: Cell = ("\0", Look("", "", ""))
_NONE = Look("", "", "")
_AGREED = re.compile(
    "[\0 -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u21ff\u2500-\u25ff\u2713\u2717"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]?"
)
"""Characters whose width all terminals agree about."""
_VISIBLE_ON_BLANKS = {"4", "7", "9", "21", "53"}


class Shown:
    """What the terminal shows, as far as it was told by this program."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[list[Cell]] = []

    def forget(self) -> None:
        """The terminal may show anything now: the next picture is sent whole."""
        self._size = Size(0, 0)

    def begin(self, size: Size) -> None:
        """A picture of this size comes; after a change of size nothing is known."""
        if size != self._size:
            self._size = size
            self._rows = [[UNKNOWN] * size.width for _ in range(size.height)]

    def changed(self, row: int, column: int, cells: list[Cell]) -> Iterator[tuple[int, list[Cell]]]:
        """The stretches of a row that differ from what is shown, with their first columns; from now on they are shown."""
        if not 0 <= row < len(self._rows):
            return
        known = self._rows[row]
        cells = cells[: len(known) - column]
        if known[column : column + len(cells)] != cells and any(_in_doubt(text) for text, _ in known):
            known[:] = [UNKNOWN] * len(known)
        start = end = -1
        for place, cell in enumerate(cells):
            if known[column + place] == cell:
                continue
            if start >= 0 and place - end > NEAR:
                yield column + start, cells[start:end]
                start = -1
            if start < 0:
                # The right half of a wide character is drawn with its left one.
                start = place - 1 if place and not cell[0] else place
            end = place + 1
        if start >= 0:
            while end < len(cells) and not cells[end][0]:
                end += 1
            yield column + start, cells[start:end]
        known[column : column + len(cells)] = cells


class _Pen:
    """Writes cells and remembers the look that the terminal draws with."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._look = _NONE

    def move(self, row: int, column: int) -> None:
        self.parts.append(f"\x1b[{row + 1};{column + 1}H")

    def write(self, row: int, column: int, cells: Iterable[Cell]) -> None:
        self.move(row, column)
        doubt = False
        for place, (text, look) in enumerate(cells, start=column):
            if doubt and text:
                self.move(row, place)
            if look != self._look:
                self._turn(self._look._replace(paper=look.paper) if text == " " and self._serves_blanks(look) else look)
            self.parts.append(text)
            doubt = _in_doubt(text) if text else doubt

    def _serves_blanks(self, look: Look) -> bool:
        """Whether a blank of this look may be drawn with the ink and the attributes in use."""
        return not look.attributes and _VISIBLE_ON_BLANKS.isdisjoint(self._look.attributes.split(";"))

    def end(self) -> str:
        if self._look != _NONE:
            self.parts.append("\x1b[0m")
        return "".join(self.parts)

    def _turn(self, look: Look) -> None:
        before = self._look
        if look == before:
            return
        codes: list[str] = []
        if look.attributes != before.attributes:
            before = _NONE
            codes += ["0", look.attributes] if look.attributes else ["0"]
        if look.ink != before.ink:
            codes.append(look.ink or "39")
        if look.paper != before.paper:
            codes.append(look.paper or "49")
        self._look = look
        self.parts.append(f"\x1b[{';'.join(codes)}m")


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> list[Cell]:
    """Segments cell by cell. The colour of text does not matter on a blank, so that blanks alike are equal."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = _look(style, system) if style is not None else _NONE
        blank = _blank(look)
        if text.isascii():
            cells += [(char, blank if char == " " else look) for char in text]
        else:
            _add_wide(cells, text, look, blank)
    return cells


def _add_wide(cells: list[Cell], text: str, look: Look, blank: Look) -> None:
    for char in text:
        size = 1 if char.isascii() else get_character_cell_size(char)
        if size == 0 and cells:
            cells[-1] = (cells[-1][0] + char, cells[-1][1])
        elif size:
            cells.append((char, blank if char == " " else look))
            cells += [("", look)] * (size - 1)


@lru_cache(512)
def _look(style: Style, system: ColorSystem) -> Look:
    attributes = [
        code
        for code, holds in (
            ("1", style.bold), ("2", style.dim), ("3", style.italic), ("4", style.underline), ("7", style.reverse),
            ("9", style.strike), ("21", style.underline2), ("53", style.overline),
        )
        if holds
    ]  # fmt: skip
    ink = style.color.downgrade(system).get_ansi_codes() if style.color is not None else ()
    paper = style.bgcolor.downgrade(system).get_ansi_codes(False) if style.bgcolor is not None else ()
    return Look(";".join(attributes), ";".join(ink), ";".join(paper))


@lru_cache(512)
def _blank(look: Look) -> Look:
    if _VISIBLE_ON_BLANKS & set(look.attributes.split(";")):
        return look
    return Look("", "", look.paper)


def _in_doubt(text: str) -> bool:
    """Whether terminals may disagree about the width of a cell: marks that combine, emoji, scripts that shape.

    After such a cell the cursor is put where it belongs, and a line that has one is sent whole when it changes: a terminal
    that measures otherwise shows that character badly, and nothing else.
    """
    return _AGREED.fullmatch(text) is None


class Update(CompositorUpdate):
    """A picture, or a part of one, that is sent as its differences from what is shown."""

    def __init__(self, shown: Shown, size: Size, lines: list[tuple[int, int, Iterable[Strip]]]) -> None:
        self._shown, self._size, self._lines = shown, size, lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same as rich would print it, without regard to what is shown."""
        for row, column, strips in self._lines:
            yield Control.move_to(column, row)
            yield from (segment for strip in strips for segment in strip)

    def render_segments(self, console: Console) -> str:
        """The bytes to send."""
        system = COLOR_SYSTEMS[console.color_system or "truecolor"]
        self._shown.begin(self._size)
        pen = _Pen()
        for row, column, strips in self._lines:
            cells = cells_of((segment for strip in strips for segment in strip), system)
            for start, stretch in self._shown.changed(row, column, cells):
                pen.write(row, start, stretch)
        return pen.end()


class Differences(Compositor):
    """Textual's compositor; what it renders for the terminal becomes an `Update`."""

    def __init__(self, shown: Callable[[], Shown]) -> None:
        super().__init__()
        self._shown = shown
        self.painted = inf
        """The moment at which the first picture was made; infinite before."""

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """As textual's; a simplified one is no update but a picture for a file, and stays as it is."""
        update = super().render_update(full=full, screen_stack=screen_stack, simplify=simplify)
        if not simplify:
            self.painted = min(self.painted, monotonic())
        if isinstance(update, LayoutUpdate) and not simplify:
            top, left = update.region.y, update.region.x
            return Update(self._shown(), self.size, [(top + row, left, line) for row, line in enumerate(update.strips)])
        if isinstance(update, ChopsUpdate):
            return Update(self._shown(), self.size, list(_chopped(update)))
        return update


def _chopped(update: ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """The pieces of lines that were rendered anew: row, column, strips."""
    for row in dict.fromkeys(row for row, _, _ in update.spans):
        for column, strip in update.chops[row].items():
            if strip is not None:
                yield row, column, (strip,)
