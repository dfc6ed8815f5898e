"""What is sent: whatever was shown before, afterwards the terminal shows the picture."""

from __future__ import annotations

import io

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_sync.ui.wire import Shown, Update

WIDTH, HEIGHT = 12, 3
SIZE = Size(WIDTH, HEIGHT)
CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="256", width=WIDTH)
STYLES = [
    Style(), Style(bold=True), Style(reverse=True), Style(underline=True), Style(color="red"), Style(bgcolor="blue"),
    Style(color="green", bgcolor="black", bold=True), Style(dim=True, color="color(200)"),
]  # fmt: skip
Picture = list[list[tuple[str, int]]]

characters = st.sampled_from([" ", " ", "a", "b", "é", "─", "漢"])
THAI = "\u0e2a\u0e21\u0e34\u0e17"
lines = st.lists(st.tuples(characters, st.integers(0, len(STYLES) - 1)), min_size=WIDTH, max_size=WIDTH)
pictures = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def strip_of(line: list[tuple[str, int]]) -> Strip:
    """The cells of a line that fit, filled up with blanks."""
    segments, used = [], 0
    for char, style in line:
        size = 2 if char == "漢" else 1
        if used + size > WIDTH:
            break
        segments.append(Segment(char, STYLES[style]))
        used += size
    return Strip([*segments, Segment(" " * (WIDTH - used), Style())])


def update(shown: Shown, picture: Picture, rows: range = range(HEIGHT)) -> str:
    return Update(shown, SIZE, [(row, 0, (strip_of(picture[row]),)) for row in rows]).render_segments(CONSOLE)


def looks(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """What a person sees: of a blank only what shows on a blank."""
    seen = []
    for row in range(HEIGHT):
        cells = []
        for column in range(WIDTH):
            cell = screen.buffer[row][column]
            plain = cell.data == " " and not (cell.reverse or cell.underscore)
            cells.append((cell.data, cell.bg) if plain else tuple(cell))
        seen.append(cells)
    return seen


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    return screen, pyte.Stream(screen)


@given(st.lists(pictures, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_after_any_pictures_the_terminal_shows_the_last_one(shows: list[Picture]) -> None:
    screen, stream = terminal()
    shown = Shown()
    for picture in shows:
        stream.feed(update(shown, picture))
    whole, plain = terminal()
    plain.feed(update(Shown(), shows[-1]))
    assert looks(screen) == looks(whole)


@given(pictures)
@settings(max_examples=50, deadline=None)
def test_a_picture_that_is_shown_already_sends_nothing(picture: Picture) -> None:
    shown = Shown()
    update(shown, picture)
    assert update(shown, picture) == ""


def test_one_changed_cell_costs_a_few_bytes() -> None:
    shown = Shown()
    before = [[("a", 0)] * WIDTH for _ in range(HEIGHT)]
    after = [list(line) for line in before]
    after[1][5] = ("b", 0)
    update(shown, before)
    assert update(shown, after) == "\x1b[2;6Hb"


def test_after_something_else_wrote_on_the_terminal_everything_is_sent_again() -> None:
    shown = Shown()
    picture = [[("a", 0)] * WIDTH for _ in range(HEIGHT)]
    first = update(shown, picture)
    shown.forget()
    assert update(shown, picture) == first


def test_a_part_of_the_screen_leaves_the_rest_alone() -> None:
    shown = Shown()
    picture = [[("a", 0)] * WIDTH for _ in range(HEIGHT)]
    update(shown, picture)
    other = [[("b", 0)] * WIDTH for _ in range(HEIGHT)]
    sent = update(shown, other, range(1, 2))
    assert sent.count("b") == WIDTH
    assert "\x1b[2;1H" in sent


def test_a_script_that_terminals_measure_differently_spoils_nothing_beside_it() -> None:
    screen, stream = terminal()
    shown = Shown()
    lines_ = [f"{THAI}   end".ljust(WIDTH), "plain".ljust(WIDTH), " " * WIDTH]
    strips = [Strip([Segment(text, Style())]) for text in lines_]
    stream.feed(Update(shown, SIZE, [(row, 0, (one,)) for row, one in enumerate(strips)]).render_segments(CONSOLE))
    assert screen.display[0].rstrip().endswith("end")
    blank = Strip([Segment(" " * WIDTH, Style())])
    stream.feed(Update(shown, SIZE, [(0, 0, (blank,))]).render_segments(CONSOLE))
    assert not screen.display[0].strip()
