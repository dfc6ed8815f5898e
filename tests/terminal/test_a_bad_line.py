"""The program at the end of a line that takes nothing for a while, or that is lost without a word of the kernel."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal.pty_screen import Terminal
from tests.terminal.test_on_a_terminal import PROGRAM, on, stands
from tui_sync import bootstrap
from tui_sync.model.outcomes import Result

STARTED = re.compile(r"started=(\d+)\.")
FLOOD = ("?",) * 80
"""Keys that open and close the help: what the program writes then is more than twice what a line takes that nobody reads."""


def stalled(terminal: Terminal, folder: Path) -> None:
    """Have the line filled by what the program draws, and a run made behind all that; from here on nobody reads."""
    stands(terminal)
    before = len(results(folder))
    terminal.press(*FLOOD, "r")
    terminal.wait_unread(
        lambda: len(results(folder)) > before and Result.RUNNING not in results(folder), what="the end of a run"
    )


def results(folder: Path) -> list[Result]:
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        return [run.result for run in space.runs.all()]


def test_a_run_goes_on_while_the_line_takes_nothing_and_the_screen_is_whole_once_it_does_again(ran: Path) -> None:
    with on(ran) as terminal:
        stalled(terminal, ran)
        terminal.press("?")
        terminal.wait_for("Help")
        terminal.settle()
        assert terminal.lines()[0].startswith(" Syncs > Help")
        assert terminal.lines()[23].endswith("? more")
        terminal.press("esc", "q")
        assert terminal.status() == 0
        raw = bytes(terminal.raw)
        assert raw.rindex(b"\x1b[?1049l") > raw.rindex(b"\x1b[?1049h")


def test_a_signal_ends_the_program_though_nobody_reads_its_line(ran: Path) -> None:
    with on(ran) as terminal:
        stalled(terminal, ran)
        terminal.terminate()
        terminal.wait_unread(lambda: not terminal.running(), what="the end of the program")
        assert terminal.status() == 128 + signal.SIGTERM
        assert gives_back(terminal), "whoever looks again finds their terminal"


@pytest.mark.parametrize("way", ["SIGTERM", "ctrl+c"])
def test_a_slow_line_gives_the_terminal_back_with_the_end_of_the_program(way: str, ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        terminal.press(*FLOOD)
        (terminal.terminate if way == "SIGTERM" else lambda: terminal.press(way))()
        for _ in range(100):  # at 2 kB a second for ten seconds
            if not terminal.running():
                break
            terminal.trickle(200)
        assert terminal.status() == (128 + signal.SIGTERM if way == "SIGTERM" else 0)
        assert gives_back(terminal)


def gives_back(terminal: Terminal) -> bool:
    """Whether the last word of the program about the screen, the cursor and the mouse is that they are the shell's again."""
    raw = bytes(terminal.raw)
    return all(raw.rfind(b"\x1b[?%dl" % mode) > raw.rfind(b"\x1b[?%dh" % mode) for mode in (1000, 1049)) and (
        raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
    )


def test_a_program_that_another_one_stopped_takes_its_terminal_up_again_and_reads_it_once(ran: Path) -> None:
    with on(ran) as terminal:
        stands(terminal)
        threads, before = threads_of(terminal), len(terminal.raw)
        for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
            os.kill(terminal.pid, number)
        terminal.wait_until(lambda: b"Partner letter" in terminal.raw[before:], what="the screen drawn anew")
        stands(terminal)
        assert threads_of(terminal) == threads
        terminal.press("q")
        assert terminal.status() == 0
        assert gives_back(terminal)


def threads_of(terminal: Terminal) -> int:
    return len(list(Path(f"/proc/{terminal.pid}/task").iterdir()))


def test_a_lost_line_ends_the_program_also_where_it_was_not_its_controlling_terminal(ran: Path) -> None:
    with Terminal([PROGRAM, "--workspace", str(ran)], env={"HOME": str(ran)}, controlling=False) as terminal:
        stands(terminal)
        terminal.hang_up()
        assert terminal.status() == 128 + signal.SIGHUP


def test_job_control_of_a_shell_brings_the_screens_to_the_front_whatever_it_did_with_them_before(ran: Path) -> None:
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env={"HOME": str(ran)}) as terminal:
        terminal.type(f"{PROGRAM} --workspace {ran} & echo started=$!.\r")
        terminal.wait_until(lambda: STARTED.search(terminal.text()) is not None, what="the number of the program")
        program = int(STARTED.findall(terminal.text())[-1])
        terminal.wait_until(lambda: is_stopped(program), what="the stop in the background")
        for number in range(3):
            to_the_front(terminal)
            terminal.press("ctrl+z")
            terminal.wait_until(lambda: is_stopped(program), what="the stop")
            terminal.type(f"bg; echo sent{number}=$?.\r")
            terminal.wait_for(f"sent{number}=0.")
            terminal.wait_until(lambda: is_stopped(program), what="the stop in the background")
        to_the_front(terminal)
        stands(terminal)
        terminal.press("q")
        terminal.wait_until(lambda: not Path(f"/proc/{program}").exists(), what="the end of the program")
        terminal.type("exit\r")
        assert terminal.status() == 0
    assert not (ran / "errors.log").exists()


def to_the_front(terminal: Terminal) -> None:
    """Have the shell bring the program to the front; at times textual stops it once more, and the shell says so."""
    before = len(terminal.raw)
    terminal.type("fg\r")

    def drawn() -> bool:
        nonlocal before
        told = bytes(terminal.raw[before:])
        if b"Stopped" in told:
            before = len(terminal.raw)
            terminal.type("fg\r")
        return b"Demo organisation" in told

    terminal.wait_until(drawn, what="the screens")


AFTER = """
import os, signal
from textual.app import App
from tui_sync.ui.broken_line import PatientDriver

class Left(App):
    def on_mount(self):
        self.exit()

Left(driver_class=PatientDriver).run()
os.kill(os.getpid(), signal.SIGTSTP)
print("goes on")
"""
"""A program whose screens have been left, and which still closes its workspace when ctrl+z is pressed."""


def test_a_program_whose_screens_were_left_is_stopped_and_goes_on_as_any_other() -> None:
    with Terminal([sys.executable, "-c", AFTER]) as terminal:
        terminal.wait_until(lambda: is_stopped(terminal.pid), what="the stop")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("goes on")
        assert terminal.status() == 0


def is_stopped(program: int) -> bool:
    return Path(f"/proc/{program}/stat").read_text().rpartition(")")[2].split()[0] == "T"
