"""The terminal at the end of a line that may break, or take nothing for a while: a laptop sleeps, a network is gone.

Textual writes in a thread of its own, and all else waits for it once thirty writes do: runs and schedules would stand still with
the line, and no signal would end the program. Here pictures are left out while the line takes nothing, and once it does again
the screen is drawn whole. What is written to a broken line goes nowhere, and the program ends in order.
"""

from __future__ import annotations

import os
import select
import signal
import termios
from collections.abc import Callable
from contextlib import suppress
from queue import Empty
from threading import Condition, Thread
from typing import Any

from textual.drivers._writer_thread import MAX_QUEUED_WRITES
from textual.drivers.linux_driver import LinuxDriver

MOST = MAX_QUEUED_WRITES - 2
"""Writes that may wait for the line, so that textual's own queue is never full."""
GRACE = 0.2
"""Seconds that a write waits for room. A slow line takes something within them, and nothing is left out."""
PATIENCE = 2.0
"""Seconds that the end of the program gives a line that takes nothing, each time."""
STEP = 512
"""Bytes that are sent at a time, so that a picture can be broken off."""


class Line:
    """The stream that textual's thread writes to. `again` is called when the line takes something after writes were left out."""

    def __init__(self, fileno: int, encoding: str, again: Callable[[], None]) -> None:
        self._fileno, self._encoding, self._again = fileno, encoding, again
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._stands = False
        self._broken_off = 0
        self._moved = Condition()

    def fileno(self) -> int:
        """The terminal."""
        return self._fileno

    def announce(self) -> bool:
        """Whether there is room for one more write, which counts from then on; every other write is left out."""
        with self._moved:
            if not self._stands:
                self._stands = not self._moved.wait_for(lambda: self._waiting < MOST, GRACE)
            self._waiting += not self._stands
            return not self._stands

    def break_off(self, dropped: int) -> None:
        """Only what is written from here on matters: so many announced writes never come, and what is being sent ends where it
        is. A terminal takes the next sequence, whatever it was in the midst of."""
        with self._moved:
            self._waiting -= dropped
            self._broken_off += 1
            self._pieces.clear()
            self._stands = False
            self._moved.notify_all()

    def write(self, text: str) -> int:
        """Keep an announced piece until the next flush."""
        self._pieces.append(text.encode(self._encoding, "backslashreplace"))
        with self._moved:
            self._waiting -= 1
            self._moved.notify_all()
        return len(text)

    def flush(self) -> None:
        """Send what was kept, as far as there is anybody to take it. It lasts until it is taken, or until the line is lost."""
        broken_off, data = self._broken_off, b"".join(self._pieces)
        self._pieces.clear()
        with suppress(OSError):
            while data and broken_off == self._broken_off:
                try:
                    data = data[os.write(self._fileno, data[:STEP]) :]
                except BlockingIOError:  # another program has set this terminal so that nobody waits for it
                    select.select([], [self._fileno], [])
        with self._moved:
            again = self._stands and not self._waiting
            self._stands = self._stands and not again
            self._moved.notify_all()
        if again:
            self._again()


class PatientDriver(LinuxDriver):
    """Textual's driver over such a line. `stuck`: the line took nothing up to the end."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - textual's
        super().__init__(*arguments, **named)
        self._line = Line(self._file.fileno(), self._file.encoding, self._draw_anew)
        self._file: Any = self._line
        self._watch: Thread | None = None
        self._standing = self.stuck = False

    def start_application_mode(self) -> None:
        """As textual's; from now on a lost line ends the program."""
        before = self._writer_thread
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._standing = self._writer_thread is not before  # in the background it does not begin
        if self._watch is None:
            self._watch = Thread(target=self._await_loss, name="lost line", daemon=True)
            self._watch.start()

    def write(self, data: str) -> None:
        """Write, unless the line takes nothing."""
        if self._line.announce():
            super().write(data)

    def stop_application_mode(self) -> None:
        """As textual's, but pictures that nobody has seen yet are dropped, so that a slow line gives the terminal back soon."""
        self._standing = False
        self._line.break_off(self._dropped())
        self._app._end_update()  # noqa: SLF001 - a picture may have been broken off
        super().stop_application_mode()

    def _dropped(self) -> int:
        """Take what waits for the line out of textual's queue, and tell how many writes that were."""
        if self._writer_thread is None:
            return 0
        dropped = 0
        with suppress(Empty):
            while True:
                self._writer_thread._queue.get_nowait()  # noqa: SLF001 - there is no other way
                dropped += 1
        return dropped

    def close(self) -> None:
        """As textual's, but not for ever: old pictures that nobody takes make room for what gives the terminal back."""
        closing = Thread(target=super().close, name="last words", daemon=True)
        closing.start()
        closing.join(PATIENCE)
        if closing.is_alive():
            with suppress(termios.error):
                termios.tcflush(self.fileno, termios.TCOFLUSH)
                for flow in (termios.TCOOFF, termios.TCOON):  # which wakes whoever waits for room
                    termios.tcflow(self.fileno, flow)
            closing.join(PATIENCE)
        self.stuck = closing.is_alive()

    def _sigtstp_application(self, *arguments: object) -> None:
        """As textual's; a terminal that is the shell's already, as at the end of the program, is not given back again."""
        if self._standing:
            super()._sigtstp_application(*arguments)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *arguments: object) -> None:
        """As textual's where the terminal was given back, or could not be had yet; at the end of the program nothing begins."""
        if self._standing:  # in a turn of the loop: the signal may come amid a write, and would wait for what that holds
            self._loop.call_soon_threadsafe(self._take_up)
        elif self._must_signal_resume or self._writer_thread is None:
            super()._sigcont_application(*arguments)

    def _take_up(self) -> None:
        """Take up again a terminal that had not been given back, since another program stopped this one, or the line was just
        lost: textual alone would read it in two threads, each a part of the keys."""
        if self._standing and not self._hung_up(0):
            self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    def _draw_anew(self) -> None:
        """The terminal shows an old picture: the same as after ctrl+z."""
        self._app.post_message(self.SignalResume())

    def _await_loss(self) -> None:
        """Hang up where the kernel does not: it tells only those whose controlling terminal it was, and textual would read the
        end of the line over and over."""
        if self._hung_up(None):
            os.kill(os.getpid(), signal.SIGHUP)

    def _hung_up(self, milliseconds: int | None) -> bool:
        """Whether the line is lost within that time; None: for however long it stands."""
        line = select.poll()
        line.register(self.fileno, 0)
        return any(what & select.POLLHUP for _, what in line.poll(milliseconds))
