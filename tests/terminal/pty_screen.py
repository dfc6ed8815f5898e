"""A driver for programs on a real terminal: a pty with pyte as the screen at its other end.

Nothing here waits for a fixed time before it looks: waiting is reading until something is there, or until a limit. A picture
that a program draws in one is seen whole or not at all. Silence alone says nothing on a busy machine: a program has finished
drawing when it is silent and waits for something.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

LIMIT = 20.0
"""Seconds that anything may take, unless a caller says otherwise."""

LOOK = 0.05
"""Seconds between two looks at what brings about no output."""

QUIET = 0.3
"""Seconds without output and without work after which a program has finished drawing."""

ESCAPE_GAP = 0.15
"""Seconds of silence after Esc: a program knows it by the pause from the beginning of another key."""

KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "insert": "\x1b[2~", "delete": "\x1b[3~", "pgup": "\x1b[5~", "pgdn": "\x1b[6~",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}  # fmt: skip
"""What a terminal sends for the keys with names."""

BEHIND = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
"""Makes the pty the controlling terminal of the program, which then takes this script's place and process id."""

QUESTION = re.compile(rb"\x1b\[\?(\d+)\$p")
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1bP.*?\x1b\\", re.DOTALL)
BEGUN = re.compile(rb"\x1b(\[[<>=?]?[0-9;]*\$?|P([^\x1b]|\x1b[^\\])*\x1b?)?\Z")
"""A sequence at the end of what was read whose rest has not come yet."""

SYNCHRONISED = b"2026"
PICTURE, PICTURE_ENDS = b"\x1b[?%bh" % SYNCHRONISED, b"\x1b[?%bl" % SYNCHRONISED
"""What a program writes before and after a picture that is to be shown in one."""
WORKING = frozenset("RD")
"""States of a thread that has something to do: it runs, waits for a processor, or for the disk."""


class Terminal:
    """A program on a terminal of its own; as a context manager it ends the program (and only it) at the end of the block.

    `size` is columns and rows. `env` is added to a small environment; None takes a variable away. `controlling`: the kernel
    tells the program of signals from the keyboard, of another size and of a lost line. `folder`: where it is started.
    """

    def __init__(
        self, argv: Sequence[str], size: tuple[int, int] = (80, 24), env: Mapping[str, str | None] | None = None, *,
        controlling: bool = True, folder: Path | None = None,
    ) -> None:
        self.raw = bytearray()
        """Everything that the program has written."""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = self._picture = b""
        self._end, theirs = pty.openpty()
        self._open = True
        self._give_size(*size)
        self._program = subprocess.Popen(
            [*((sys.executable, "-I", "-S", "-c", BEHIND) if controlling else ()), *argv], env=surroundings(env or {}),
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=folder,
        )  # fmt: skip
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()
        if self._program.poll() is None:
            self._program.kill()
        self._program.wait()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._program.pid

    def press(self, *keys: str) -> None:
        """Press keys one after another: single characters, names of KEYS, ctrl+letter. Raises ValueError for others."""
        for key in keys:
            self._write(_sequence(key))
            if key == "esc":
                self.settle(ESCAPE_GAP)

    def type(self, text: str) -> None:
        """Type the characters of a text."""
        for char in text:
            self._write(char)

    def burst(self, *keys: str) -> None:
        """Send keys in one piece, as they come over a slow line."""
        self._write("".join(map(_sequence, keys)))

    def send(self, text: str) -> None:
        """Send a text in one piece, as it is: also what marks a part of it as pasted, and bytes as names of files have them."""
        self._write(text)

    def wait_for(self, text: str, seconds: float = LIMIT) -> None:
        """Read until the text stands in a line of the screen. Raises AssertionError, with the screen, where it does not."""
        self.wait_until(lambda: text in self.text(), seconds, f"{text!r}")

    def wait_until(self, condition: Callable[[], bool], seconds: float = LIMIT, what: str = "what was awaited") -> None:
        """Read until the condition holds; it is asked after each piece of output, and now and then where none comes. Raises
        AssertionError, with the screen."""
        end = time.monotonic() + seconds
        while not condition():
            over = not self._read(min(LOOK, end - time.monotonic())) and (not self._open or time.monotonic() >= end)
            if over and not condition():
                why = f"within {seconds} s" if self._open else "before the program ended"
                raise AssertionError(f"{what} did not come {why}:\n{self.text()}")

    def wait_unread(self, condition: Callable[[], bool], seconds: float = LIMIT, what: str = "what was awaited") -> None:
        """Wait until the condition holds while nobody reads what the program writes. Raises AssertionError."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"{what} did not come within {seconds} s, with nobody reading"
            time.sleep(LOOK)

    def trickle(self, size: int) -> None:
        """Read at most so many bytes, and wait a moment: a line that is so slow."""
        self._read(LOOK, size)
        time.sleep(LOOK)

    def settle(self, quiet: float = QUIET, seconds: float = LIMIT) -> None:
        """Read until for `quiet` seconds nothing has come and the program had nothing to do. Raises AssertionError where that
        never is so."""
        end, since = time.monotonic() + seconds, time.monotonic()
        while self._open and (left := since + quiet - time.monotonic()) > 0:
            if self._read(min(LOOK, left)) or self._works():
                since = time.monotonic()
            assert time.monotonic() < end, f"the program still works or writes after {seconds} s:\n{self.text()}"

    def watch(self, seconds: float) -> int:
        """Read for so long; gives the bytes that came."""
        before, end = len(self.raw), time.monotonic() + seconds
        while self._open and time.monotonic() < end:
            self._read(end - time.monotonic())
        return len(self.raw) - before

    def bytes_of(self, action: Callable[[], object], quiet: float = QUIET, seconds: float = LIMIT) -> bytes:
        """What the program writes because of the action: everything until `quiet` seconds after the last byte."""
        before = len(self.raw)
        action()
        self.settle(quiet, seconds)
        return bytes(self.raw[before:])

    def lines(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines())

    def cell(self, row: int, column: int) -> pyte.screens.Char:
        """One cell, counted from 0: `data`, `fg`, `bg`, `bold`, `reverse` and so on."""
        return self.screen.buffer[row][column]

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the kernel tells the program."""
        self.screen.resize(rows, columns)
        self._give_size(columns, rows)

    def hang_up(self) -> None:
        """Break the line, as a lost SSH connection does: the program gets SIGHUP, and nothing can be read any more."""
        self._close()

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._program.send_signal(signal.SIGTERM)

    def hides(self) -> bool:
        """Whether what is typed does not show, as where a program asks for a secret. Until it has seen to that, what was typed
        ahead may be dropped."""
        return not termios.tcgetattr(self._end)[3] & termios.ECHO

    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._program.poll() is None

    def status(self, seconds: float = LIMIT) -> int:
        """Read until the program ends and give its exit status, -N where signal N ended it. Raises AssertionError."""
        end = time.monotonic() + seconds
        while self._open and time.monotonic() < end:
            self._read(end - time.monotonic())
        try:
            return self._program.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program has not ended within {seconds} s:\n{self.text()}") from None

    def _works(self) -> bool:
        """Whether a thread of the program has something to do."""
        threads = Path(f"/proc/{self.pid}/task")
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            return any((task / "stat").read_text().rpartition(")")[2].split()[0] in WORKING for task in threads.iterdir())
        return threads.exists()

    def _give_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _write(self, keys: str) -> None:
        os.write(self._end, os.fsencode(keys))

    def _read(self, seconds: float, most: int = 1 << 16) -> bool:
        """Read what is there, or comes within that time; False where nothing does. The end of the program closes the line."""
        if not self._open or not select.select([self._end], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._end, most)
        except OSError as error:
            if error.errno != errno.EIO:  # what Linux answers when the last writer is gone
                raise
            data = b""
        if not data:
            self._close()
            return False
        self.raw += data
        self._draw(data)
        return True

    def _draw(self, data: bytes) -> None:
        data = self._rest + data
        begun = BEGUN.search(data)
        cut = begun.start() if begun else len(data)
        self._rest, data = data[cut:], data[:cut]
        for mode in QUESTION.findall(data):
            with suppress(OSError):  # whoever asked may have ended since
                os.write(self._end, b"\x1b[?%b;%b$y" % (mode, b"2" if mode == SYNCHRONISED else b"0"))
        data = self._picture + data
        begun_at = data.rfind(PICTURE)
        whole = len(data) if begun_at < 0 or data.find(PICTURE_ENDS, begun_at) >= 0 else begun_at
        self._picture, data = data[whole:], data[:whole]
        self._show(data)

    def _show(self, data: bytes) -> None:
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))

    def _close(self) -> None:
        if self._open:
            self._open = False
            os.close(self._end)
            self._show(self._picture)


def surroundings(env: Mapping[str, str | None]) -> dict[str, str]:
    """A small environment of a terminal with 256 colours, with these variables beside it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    asked = {"HOME": "/nonexistent", "LANG": "C.UTF-8", "TERM": "xterm-256color", **kept, **env}
    return {name: value for name, value in asked.items() if value is not None}


def _sequence(key: str) -> str:
    if key in KEYS:
        return KEYS[key]
    if re.fullmatch(r"ctrl\+[a-z]", key):
        return chr(ord(key[-1]) & 31)
    if len(key) != 1:
        raise ValueError(f"no key is called {key!r}; a text is typed with type()")
    return key
