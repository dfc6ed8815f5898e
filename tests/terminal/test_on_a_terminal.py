"""The program on a real terminal: what goes over the wire, and what happens when the line breaks."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal.pty_screen import Terminal
from tests.ui.hostile import infest
from tui_sync import bootstrap
from tui_sync.model.outcomes import Result
from tui_sync.services.desk import Desk
from tui_sync.services.schedules import LOCK

PROGRAM = str(Path(sys.executable).with_name("tui-sync"))
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
"""A sequence that sets the colour of text or background."""
HARMLESS = re.compile(
    rb"\x1b(?:\[[?>=<]?[0-9;]*\$?[A-Za-z]|[=>78]|\]0;[^\x07\x1b]*\x07|\]22;[a-z]*\x07|P[^\x1b]*\x1b\\)"
)
"""The sequences that a full-screen program needs: nothing that writes to a clipboard or renames a window to foreign text."""


def on(folder: Path, size: tuple[int, int] = (80, 24), **env: str | None) -> Terminal:
    """The program on a workspace."""
    return Terminal([PROGRAM, "--workspace", str(folder)], size, {"HOME": str(folder), **env})


def stands(terminal: Terminal) -> None:
    """Wait until the first screen stands and nothing more is drawn."""
    terminal.wait_for("? more")
    terminal.settle(0.6)


def runs_of(folder: Path) -> list[Result]:
    desk = bootstrap.open_desk(folder, "test")
    results = [run.result for run in desk.workspace.runs.all()]
    desk.workspace.close()
    return results


def test_an_idle_screen_sends_nothing(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        for keys in ((), ("enter",), ("enter",), ("?", "/"), ("esc", "esc", "esc", "esc", "n")):
            terminal.press(*keys)
            terminal.settle(0.5)
            assert terminal.bytes_of(lambda: None, quiet=1.0) == b"", keys


def test_a_log_that_is_followed_sends_nothing_while_nothing_is_new(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.press("5", "f")
        terminal.wait_for("following")
        terminal.settle(0.5)
        assert terminal.bytes_of(lambda: None, quiet=2.5) == b""


def test_the_first_picture_costs_a_quarter_of_textuals_own(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        assert len(terminal.raw) < 6000


def test_a_key_costs_less_than_a_kilobyte(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        for key in ("j", "j", "k", "down", "G", "home"):
            cost = len(terminal.bytes_of(lambda key=key: terminal.press(key)))  # type: ignore[misc]
            assert 0 < cost < 1000, f"{key}: {cost} bytes"


@pytest.mark.parametrize(("term", "framed"), [("xterm", True), ("xterm-256color", False)])
def test_a_dialog_has_a_frame_where_the_colours_do_not_tell_it_from_the_screen(ran: Path, term: str, *, framed: bool) -> None:
    with on(ran, TERM=term) as terminal:
        stands(terminal)
        terminal.press("x")
        terminal.wait_for("Delete the sync")
        [line] = [text for text in terminal.lines() if "Delete the sync" in text]
        assert ("│" in line) is framed
        assert all(text in terminal.text() for text in ("It stops for good.", "delete it"))


def test_no_color_means_not_one_colour_code(ran: Path) -> None:
    with on(ran, NO_COLOR="1") as terminal:
        stands(terminal)
        terminal.press("j", "?")
        terminal.settle()
        assert not COLOUR.search(bytes(terminal.raw))
        terminal.press("esc")
        terminal.wait_for("All alumni")
        row = next(n for n, text in enumerate(terminal.lines()) if "Partner letter" in text)
        assert terminal.cell(row, 5).reverse


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "screen", "tmux-256color", "linux", "vt100", "rxvt"])
def test_every_common_terminal_shows_the_syncs(term: str, ran: Path) -> None:
    with on(ran, TERM=term) as terminal:
        stands(terminal)
        assert "IT graduates" in terminal.text()
        assert "active" in terminal.text()


def test_the_size_is_that_of_the_terminal_whatever_the_environment_was_told_once(ran: Path) -> None:
    with on(ran, COLUMNS="40", LINES="10") as terminal:
        stands(terminal)
        assert terminal.lines()[23].endswith("? more")
        terminal.resize(100, 30)
        terminal.wait_until(lambda: terminal.lines()[29].endswith("? more"))
        assert len(terminal.lines()[1]) == 100


def test_the_ascii_mode_sends_nothing_but_ascii(ran: Path) -> None:
    with on(ran, LANG="C", LC_ALL="C") as terminal:
        stands(terminal)
        assert "* active" in terminal.text()
        for key in ("enter", "0", "?", "esc", "esc", "e", "esc"):
            terminal.press(key)
            terminal.settle()
        assert bytes(terminal.raw).isascii()


def test_a_dumb_terminal_is_refused_with_the_way_out(ran: Path) -> None:
    with on(ran, TERM="dumb") as terminal:
        assert terminal.status() == 2
        assert "tui-sync --help" in terminal.text() or "tui-sync syncs" in terminal.text()


def test_the_terminal_is_given_back_as_it_was(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.press("q")
        assert terminal.status() == 0
        raw = bytes(terminal.raw)
        assert raw.rindex(b"\x1b[?1049l") > raw.rindex(b"\x1b[?1049h")
        assert raw.rindex(b"\x1b[?25h") > raw.rindex(b"\x1b[?25l")


def test_sigterm_ends_it_with_its_status_and_the_terminal_restored(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.terminate()
        assert terminal.status() == 128 + 15
        assert b"\x1b[?1049l" in terminal.raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_the_first_screen_stands_gives_the_terminal_back_too(number: signal.Signals, ran: Path) -> None:
    with on(ran) as terminal:
        terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw)
        os.kill(terminal.pid, number)
        assert terminal.status() == 128 + number
        assert b"\x1b[?1049l" in terminal.raw
        assert b"\x1b[?25h" in terminal.raw


def test_a_lost_line_leaves_a_run_that_the_next_start_offers_to_go_on_with(made: Path) -> None:
    with on(made) as terminal:
        stands(terminal)
        terminal.press("j", "r")  # the first one is due at once and has run by itself
        terminal.wait_for("for the first time?")
        terminal.press("y")
        terminal.wait_until(lambda: len(runs_of(made)) == 2, what="the run")  # which may be over before it is seen
        terminal.hang_up()
        assert terminal.status() == 128 + 1
    assert set(runs_of(made)) <= {Result.INTERRUPTED, Result.COMPLETED}


def test_a_line_lost_while_much_is_drawn_does_not_hold_the_program(made: Path) -> None:
    with on(made) as terminal:
        stands(terminal)
        terminal.press("A")
        terminal.settle(0.05)
        terminal.hang_up()
        assert terminal.status() == 128 + 1


def test_text_of_strangers_sends_no_sequence_of_its_own(ran: Path) -> None:
    desk = bootstrap.open_desk(ran, "test")
    asyncio.run(infested(desk))
    with on(ran) as terminal:
        stands(terminal)
        terminal.press("/")
        terminal.type("app.quit")
        terminal.press("enter")
        for key in ("enter", "5", "enter", "end", "esc", "9", "0", "?", "esc", "R", "esc", "e", "esc", ":", "esc", "e", "enter"):
            terminal.press(key)
            terminal.settle(0.1)
        terminal.wait_for("Mapping")
        terminal.settle()
        assert "[/x] [@click=app" in terminal.text()
        foreign = HARMLESS.sub(b"", bytes(terminal.raw))
        assert b"\x1b" not in foreign, foreign[foreign.index(b"\x1b") :][:40]
        assert not set(foreign) & {0x07, 0x00, 0x0B, 0x0C, 0x7F}
        assert b"pwn\x07" not in terminal.raw


@pytest.mark.parametrize(
    ("env", "begins"),
    [
        ({}, b"\x1b]52;c;"),
        ({"TMUX": "/run/tmux-0/default,1,0", "TERM": "tmux-256color"}, b"\x1bPtmux;\x1b\x1b]52;c;"),
        ({"STY": "1.pts", "TERM": "screen-256color"}, b"\x1bP\x1b]52;c;"),
    ],
)
def test_copying_reaches_the_terminal_through_whatever_stands_between(ran: Path, env: dict[str, str], begins: bytes) -> None:
    with on(ran, (80, 24), **env) as terminal:
        stands(terminal)
        name = next(line for line in terminal.lines() if "▌" in line)[3:].split("  ")[0]
        sent = terminal.bytes_of(lambda: terminal.press("y"))
        assert begins + b64encode(name.encode()) in sent
        assert "Sent to the clipboard of the terminal" in terminal.text()


async def infested(desk: Desk) -> None:
    await infest(desk)
    await bootstrap.close(desk)


def test_keys_that_come_in_one_piece_are_done_one_after_the_other(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.burst("/", *"winter", "enter", "R", *" x", "enter")
        terminal.wait_for("is called Winter campaign x now")
        assert "New sync" not in terminal.text()
        terminal.burst("enter", "9", "?")
        terminal.wait_for("Winter campaign x > Help")


def test_enter_that_is_pressed_before_the_program_has_the_terminal_opens_what_the_cursor_is_on(ran: Path) -> None:
    with on(ran) as terminal:
        terminal.press("enter")  # the terminal is not raw yet and makes a line feed of it
        terminal.wait_for("9 Runs")
        terminal.press("esc")
        terminal.wait_until(lambda: "9 Runs" not in terminal.text(), what="the list")
        stands(terminal)
        terminal.type("\n")
        terminal.wait_for("9 Runs")


def test_nothing_is_bound_to_keys_that_multiplexers_and_flow_control_eat() -> None:
    from tui_sync.ui.keys import ACTIONS

    eaten = {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+i", "ctrl+m", "ctrl+h"}
    for place, actions in ACTIONS.items():
        for action in actions:
            assert not set(action.keys.split(",")) & eaten, f"{place}.{action.name}"


@pytest.mark.parametrize(("way", "status"), [("ctrl+c", 0), ("SIGTERM", 143), ("quit", 0)])
def test_a_script_in_its_longest_pause_holds_nobody_who_leaves(ran: Path, tmp_path: Path, way: str, status: int) -> None:
    script = tmp_path / "a.keys"
    script.write_text("press j\nquit\nwait 600" if way == "quit" else "press j\nsay Look.\nwait 600")
    with Terminal([PROGRAM, "--workspace", str(ran), "demo", "--script", str(script)], env={"HOME": str(ran)}) as terminal:
        if way != "quit":
            terminal.wait_for("Look.")
            (terminal.terminate if way == "SIGTERM" else lambda: terminal.press(way))()
        assert terminal.status() == status
        assert b"\x1b[?1049l" in terminal.raw
        assert b"Traceback" not in terminal.raw
    assert not (ran / "errors.log").exists()


def test_ctrl_z_gives_the_shell_back_and_leaves_the_schedules_to_others_until_the_screens_are_taken_up_again(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.wait_until(lambda: runs_schedules(ran))
        terminal.press("ctrl+z")
        terminal.wait_until(lambda: Path(f"/proc/{terminal.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
        terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.raw)
        assert not runs_schedules(ran)
        before = len(terminal.raw)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_until(lambda: b"Partner letter" in terminal.raw[before:], what="the screen drawn anew")
        terminal.wait_until(lambda: runs_schedules(ran))
        terminal.press("ctrl+c")
        assert terminal.status() == 0


def runs_schedules(folder: Path) -> bool:
    """Whether some program runs the schedules of a workspace."""
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        return space.locks.held(LOCK)


def test_what_is_pasted_over_a_slow_line_arrives_behind_the_keys_before_it(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.send("/te\x1b[200~ch\ncli\x1b[201~ents\r")
        terminal.wait_for("/ tech clients")
        terminal.wait_for("1 of 6")
