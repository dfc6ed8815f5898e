"""What comes on the screen stands where it will stay, from the first frame on."""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import pyte
import pytest

from tests.terminal.pty_screen import UNKNOWN_TO_PYTE, Terminal

PROGRAM = str(Path(sys.executable).with_name("tui-sync"))
FRAME = b"\x1b[?2026l"
"""What ends a frame on a terminal that shows frames whole."""


def frames(written: bytes, size: tuple[int, int]) -> list[list[str]]:
    """The screens that were shown one after another, without those that were like the one before."""
    screen = pyte.Screen(*size)
    stream = pyte.ByteStream(screen)
    shown: list[list[str]] = [[]]
    for piece in written.split(FRAME):
        stream.feed(UNKNOWN_TO_PYTE.sub(b"", piece))
        shown.append([row.rstrip() for row in screen.display])
    return [later for earlier, later in pairwise(shown) if later != earlier]


def on(folder: Path, size: tuple[int, int]) -> Terminal:
    return Terminal([PROGRAM, "--workspace", str(folder)], size, {"HOME": str(folder)})


def heads(terminal: Terminal, title: str) -> bool:
    return title in terminal.screen.display[0]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50)])
def test_the_columns_of_the_first_screen_stand_from_its_first_frame_on(ran: Path, size: tuple[int, int]) -> None:
    with on(ran, size) as terminal:
        terminal.wait_for("? more")
        terminal.settle()
        titles = [frame[2] for frame in frames(bytes(terminal.raw), size) if "Name" in frame[2]]
    assert len(set(titles)) == 1, titles


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 50)])
def test_screens_that_wait_for_nothing_come_in_one_frame(ran: Path, size: tuple[int, int]) -> None:
    with on(ran, size) as terminal:
        terminal.wait_for("? more")
        terminal.settle()
        for key, title in (("?", "Help"), ("6", "Limits"), ("7", "Definitions"), ("8", "Settings")):
            terminal.press(key)
            terminal.wait_until(partial(heads, terminal, title), what=title)
            terminal.settle()
            shown = [frame for frame in frames(bytes(terminal.raw), size) if title in frame[0]]
            first, last = shown[0], shown[-1]
            assert first == last, "\n".join(f"{a}\n> {b}" for a, b in zip(first, last, strict=True) if a != b)
            terminal.press("esc")
            terminal.wait_until(partial(heads, terminal, "Syncs  "), what="the list")
