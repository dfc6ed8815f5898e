"""A terminal that knows when each piece of output came, and what the screen showed then."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyte

from tests.terminal.pty_screen import QUESTION, SYNCHRONISED, Terminal


class Cost(NamedTuple):
    """What a key costs: bytes, and seconds from the key to the last of them."""

    sent: int
    seconds: float


class TimedTerminal(Terminal):
    """While `deferred`, output is kept and drawn later, so that drawing does not delay what is measured."""

    def __init__(
        self, argv: Sequence[str], size: tuple[int, int] = (80, 24), env: Mapping[str, str | None] | None = None
    ) -> None:
        self.deferred = False
        self.kept: list[tuple[float, bytes]] = []
        self.begun = time.monotonic()
        super().__init__(argv, size, env)

    def _draw(self, data: bytes) -> None:
        if not self.deferred:
            self.kept.append((time.monotonic(), b""))
            super()._draw(data)
            return
        self.kept.append((time.monotonic(), data))
        for mode in QUESTION.findall(data):
            os.write(self._end, b"\x1b[?%b;%b$y" % (mode, b"2" if mode == SYNCHRONISED else b"0"))

    def first_paint(self, seconds: float = 3.0) -> Cost:
        """From the start to the last change of the screen's text, and the bytes until then.

        What changes later than so many seconds after the first byte counts no more; nor does a cursor that blinks.
        """
        self.deferred = True
        self.wait_until(lambda: bool(self.raw), what="the first byte")
        self.watch(seconds)
        self.deferred = False
        screen = pyte.Screen(self.screen.columns, self.screen.lines)
        pieces, self.kept, self.screen = self.kept, [], screen
        self._stream = pyte.ByteStream(screen)
        stands, shown, sent = Cost(0, 0.0), "", 0
        for moment, data in pieces:
            sent += len(data)
            super()._draw(QUESTION.sub(b"", data))
            if self.text() != shown:
                shown, stands = self.text(), Cost(sent, moment - self.begun)
        return stands

    def cost_of(self, action: Callable[[], object], quiet: float = 0.3) -> Cost:
        """What an action costs on a screen that is otherwise still."""
        self.deferred, self.kept, begun = True, [], time.monotonic()
        sent = len(self.bytes_of(action, quiet))
        pieces, self.kept, self.deferred = self.kept, [], False
        for _, data in pieces:
            super()._draw(QUESTION.sub(b"", data))
        return Cost(sent, pieces[-1][0] - begun if pieces else 0.0)

    def seconds_until(self, condition: Callable[[], bool], action: Callable[[], object], limit: float = 20) -> float:
        """From an action until the screen fulfils a condition, on a screen where other things may move."""
        begun = time.monotonic()
        action()
        self.wait_until(condition, limit)
        return self.kept[-1][0] - begun if self.kept else 0.0

    def cursor_row(self) -> int:
        """The line with the mark of the cursor; -1 where there is none."""
        return next((row for row, text in enumerate(self.lines()) if "▌" in text[:3]), -1)

    def memory(self) -> float:
        """MiB of the program that are in memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Gaps(NamedTuple):
    """Milliseconds between two turns of an event loop whose clock sleeps five, over a stretch of time."""

    middle: float
    late: float
    worst: float
    turns: int


def turns_in(file: Path) -> Sequence[float]:
    """The moments that `ticking` noted."""
    moments = array("d")
    moments.frombytes(file.read_bytes())
    return moments


def gaps(moments: Sequence[float], start: float, end: float) -> Gaps:
    """The gaps whose ends lie between two moments: median, 99th of a hundred, longest."""
    within = [1000 * (after - before) for before, after in pairwise(moments) if start <= after <= end]
    within.sort()
    if not within:
        return Gaps(0.0, 0.0, 0.0, 0)
    return Gaps(within[len(within) // 2], within[int(len(within) * 0.99)], within[-1], len(within))
