"""The driver of the terminal tests, on a program of a few lines."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator

import pytest

from tests.terminal.pty_screen import Terminal

ECHO = r"""
import os, signal, sys, tty
tty.setraw(0)
def say(text): os.write(1, text.encode())
def size(*_): say("\x1b[2J\x1b[H%d by %d\r\n" % os.get_terminal_size(0))
signal.signal(signal.SIGWINCH, size)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
size()
say("term %s\r\n" % os.environ.get("TERM", "none"))
say("\x1b[1;7;31mloud\x1b[0m \x1b[>1u\x1bPhidden\x1b\\plain\r\n")
while True:
    key = os.read(0, 100)
    if key == b"q": sys.exit(3)
    if key == b"?": say("\x1b[?20")
    elif key == b"!": say("26$p")
    elif key == b"{": say("\x1b[?2026hone half")
    elif key == b"}": say(" and the other\x1b[?2026l")
    elif key == b"*": say("%d\r\n" % sum(range(30_000_000)))
    elif key == b"m": [say("x" * 1000) for _ in range(100)], sys.exit(3)
    else: say(repr(key) + "\r\n")
"""
PROGRAM = [sys.executable, "-c", ECHO]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal(PROGRAM) as opened:
        opened.wait_for("plain")
        yield opened


def test_the_program_sees_a_terminal_of_the_size_asked_for() -> None:
    with Terminal(PROGRAM, size=(60, 16)) as terminal:
        terminal.wait_for("60 by 16")
        assert len(terminal.lines()) == 16


def test_a_new_size_reaches_the_program_and_the_screen(terminal: Terminal) -> None:
    assert terminal.lines()[0] == "80 by 24"
    terminal.resize(100, 30)
    terminal.wait_for("100 by 30")
    assert len(terminal.lines()) == 30


@pytest.mark.parametrize(("env", "told"), [({"TERM": "linux"}, "linux"), ({"TERM": None}, "none"), ({}, "xterm-256color")])
def test_the_environment_is_small_and_can_be_changed(env: dict[str, str | None], told: str) -> None:
    with Terminal(PROGRAM, env=env) as terminal:
        terminal.wait_for(f"term {told}")


def test_a_cell_has_its_attributes(terminal: Terminal) -> None:
    loud, plain = terminal.cell(2, 0), terminal.cell(2, 5)
    assert (loud.data, loud.fg, loud.bold, loud.reverse) == ("l", "red", True, True)
    assert (plain.data, plain.fg, plain.bold, plain.reverse) == ("p", "default", False, False)


def test_sequences_that_a_screen_does_not_show_are_not_shown_but_kept(terminal: Terminal) -> None:
    assert terminal.lines()[2] == "loud plain"
    assert b"\x1bPhidden\x1b\\" in terminal.raw


@pytest.mark.parametrize(
    ("key", "seen"), [("a", "a"), ("enter", r"\r"), ("down", r"\x1b[B"), ("ctrl+c", r"\x03"), ("f5", r"\x1b[15~")]
)
def test_keys_arrive_as_a_terminal_sends_them(terminal: Terminal, key: str, seen: str) -> None:
    terminal.press(key)
    terminal.wait_for(f"b'{seen}'")


def test_escape_is_a_key_of_its_own_even_when_another_follows(terminal: Terminal) -> None:
    terminal.press("esc", "a")
    terminal.wait_for("b'a'")
    assert r"b'\x1b'" in terminal.text()


def test_a_key_that_is_none_is_a_mistake_of_the_test(terminal: Terminal) -> None:
    with pytest.raises(ValueError, match="type"):
        terminal.press("hello")


def test_a_text_is_typed(terminal: Terminal) -> None:
    terminal.type("Zoë")
    terminal.wait_until(lambda: "".join(re.findall("b'(.*)'", terminal.text())) == r"Zo\xc3\xab")


def test_the_question_for_synchronised_output_is_answered_though_it_comes_in_two_pieces(terminal: Terminal) -> None:
    assert terminal.bytes_of(lambda: terminal.press("?")) == b"\x1b[?20"
    terminal.press("!")
    terminal.wait_for(r"b'\x1b[?2026;2$y'")


def test_the_bytes_of_an_action_are_those_written_because_of_it(terminal: Terminal) -> None:
    assert terminal.bytes_of(lambda: terminal.press("a")) == b"b'a'\r\n"
    assert terminal.bytes_of(lambda: None) == b""


def test_what_a_program_works_at_in_silence_is_awaited(terminal: Terminal) -> None:
    assert terminal.bytes_of(lambda: terminal.press("*"), quiet=0.05) == b"449999985000000\r\n"


def test_a_picture_that_is_drawn_in_one_is_seen_whole_or_not_at_all(terminal: Terminal) -> None:
    terminal.press("{")
    terminal.wait_until(lambda: b"one half" in terminal.raw)
    assert "half" not in terminal.text()
    terminal.press("}")
    terminal.wait_for("half")
    assert "one half and the other" in terminal.text()


def test_a_text_that_never_comes_fails_with_the_screen(terminal: Terminal) -> None:
    with pytest.raises(AssertionError, match=r"'nothing' did not come within 0.05 s:\n80 by 24"):
        terminal.wait_for("nothing", 0.05)


def test_waiting_for_a_program_that_ends_stops_at_once(terminal: Terminal) -> None:
    terminal.press("q")
    with pytest.raises(AssertionError, match="before the program ended"):
        terminal.wait_for("nothing", 60)
    assert terminal.status() == 3
    assert not terminal.running()


def test_the_status_is_known_even_if_much_output_was_never_read(terminal: Terminal) -> None:
    terminal.press("m")
    assert terminal.status() == 3
    assert terminal.raw.count(b"x") >= 100_000


def test_a_signal_reaches_the_program(terminal: Terminal) -> None:
    terminal.terminate()
    assert terminal.status() == 7


def test_a_line_that_breaks_hangs_the_program_up(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.status() == -signal.SIGHUP


def test_leaving_the_block_ends_the_program() -> None:
    with Terminal(PROGRAM) as terminal:
        terminal.wait_for("plain")
    assert not terminal.running()
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, 0)
