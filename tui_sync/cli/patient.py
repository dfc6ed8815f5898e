"""Messages to a terminal that is stopped (ctrl+s), or into a pipe that nobody reads, wait beside the work, which goes on."""

from __future__ import annotations

import os
import select
from collections import deque
from contextlib import suppress
from threading import Condition, Thread

GRACE = 0.2
"""Seconds that a message waits for being taken, while those before it were: so it stands before what is printed after it."""
PATIENCE = 2.0
"""Seconds that the end of a program whom a signal stopped gives what was not taken."""
MOST = 1000
"""Messages that may wait; those that come while so many do are counted."""


class Patient:
    """Writes in a thread of its own, in order. What cannot be written (a lost terminal, a pipe without a reader) goes nowhere."""

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._left: deque[tuple[bytes, bool]] = deque()
        """What is to be written, and whether it matters only until the next is; the first of it is on its way."""
        self._untold = 0
        """Messages that found no room since; their number is told after what waits."""
        self._stands = False
        self._moved = Condition()
        self._thread: Thread | None = None

    def say(self, data: bytes, *, passing: bool = False) -> None:
        """Write it, or leave it to be written; of what is `passing` only the last one waits."""
        with self._moved:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="messages", daemon=True)
                self._thread.start()
            if passing and len(self._left) > 1 and self._left[-1][1]:
                self._left.pop()
            if self._untold or len(self._left) >= MOST:
                self._untold += not passing
                return
            self._left.append((data, passing))
            self._moved.notify_all()
            if not self._stands:
                self._stands = not self._moved.wait_for(lambda: not self._left, GRACE)

    def settle(self, seconds: float | None = None) -> None:
        """Wait until all is written; what is not within so many seconds, or by ctrl+c, is given up."""
        with self._moved:
            with suppress(KeyboardInterrupt):
                self._moved.wait_for(lambda: not self._left, seconds)
            self._left.clear()

    def _work(self) -> None:
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self._left)
                now = self._left[0]
            with suppress(OSError):
                self._write(now[0])
            with self._moved:
                if self._left and self._left[0] is now:  # else it was given up
                    self._left.popleft()
                if self._untold and not self._left:
                    self._left.append((b"(%d more messages came while nobody read them.)\n" % self._untold, False))
                    self._untold = 0
                self._stands = self._stands and bool(self._left)
                self._moved.notify_all()

    def _write(self, data: bytes) -> None:
        """However long that lasts."""
        while data:
            try:
                data = data[os.write(self._fileno, data) :]
            except BlockingIOError:  # another program has set this terminal so that nobody waits for it
                select.select([], [self._fileno], [])
