"""What a signal or a lost line leaves of a run, in the screens, in `run` and in the daemon: the next one goes on with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.company import DEFINITION, SUBSCRIBE, SYNC, Company
from tests.terminal.pty_screen import LIMIT, Terminal
from tui_sync.simulator import Fault

PROGRAM = str(Path(sys.executable).with_name("tui-sync"))
PEOPLE, QUICK = 100, 5
SLOW = 0.2
"""Seconds that the hub takes for a person, after the first ones: whoever comes late on a busy machine finds the run going on."""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """People to bring in, and a hub that is slow enough for a signal in the middle."""
    with Company(tmp_path, seed=1) as company:
        company.add(PEOPLE)
        company.org.faults.add(Fault(kind="slow", path=f"/api/v1/{SUBSCRIBE}", after=QUICK, seconds=SLOW, count=10_000))
        yield company


def is_delivering(company: Company) -> bool:
    """Whether the hub has taken some people, and not all."""
    return QUICK <= sum(company.written().values()) < PEOPLE


def until_it_delivers(company: Company) -> None:
    """Wait until the run is among its people; looking is a call to the simulator."""
    end = time.monotonic() + LIMIT
    while not is_delivering(company):
        assert time.monotonic() < end, "the run never delivered"


def interrupted(company: Company) -> str:
    """The number of the one run there is, which was interrupted among its people and tells whom it has brought in."""
    [run] = json.loads(company.call("runs", "--json"))["runs"]
    assert run["result"] == "interrupted"
    assert 0 < run["counts"]["new"] < PEOPLE
    assert company.wrong() == []
    return str(run["id"])


def ends_well(company: Company, number: str) -> None:
    """The same run goes on to its end; everybody was sent once."""
    [run] = json.loads(company.call("runs", "--json"))["runs"]
    assert (run["id"], run["result"], run["counts"]["new"]) == (number, "completed", PEOPLE)
    assert company.written() == company.due
    assert company.standing() == company.expected()
    assert company.wrong() == []


def screens(company: Company) -> Terminal:
    return Terminal([PROGRAM, "--workspace", str(company.workspace)], (80, 24), {"HOME": str(company.folder)})


@pytest.mark.parametrize("how", ["SIGHUP", "SIGTERM", "SIGINT", "line"])
def test_the_screens_leave_a_run_interrupted_and_the_next_start_offers_it(how: str, company: Company) -> None:
    with screens(company) as terminal:
        terminal.wait_for(SYNC)
        terminal.press("r")
        terminal.wait_for("for the first time?")
        terminal.press("y")
        terminal.wait_until(lambda: is_delivering(company), what="the delivery")
        if how == "line":
            terminal.hang_up()
            assert terminal.status() == 128 + signal.SIGHUP
        else:
            os.kill(terminal.pid, signal.Signals[how])
            assert terminal.status() == 128 + signal.Signals[how]
            raw = bytes(terminal.raw)
            for gone, back in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l")):
                assert raw.rfind(back) >= raw.rfind(gone), f"{gone!r} was not taken back"
    number = interrupted(company)
    company.org.faults.clear()
    with screens(company) as terminal:
        terminal.wait_for(f"Interrupted: {SYNC}. Press r on it")
        terminal.press("r")
        terminal.wait_until(lambda: has_ended(terminal.text()), what="the end of the run")  # while it goes on, q asks first
        terminal.press("q")
        assert terminal.status() == 0
    ends_well(company, number)


def has_ended(text: str) -> bool:
    return f"New {PEOPLE}" in text and "running" not in text


def test_leaving_while_a_run_goes_on_asks_and_stops_between_two_people(company: Company) -> None:
    with screens(company) as terminal:
        terminal.wait_for(SYNC)
        terminal.press("r")
        terminal.wait_for("for the first time?")
        terminal.press("y")
        terminal.wait_until(lambda: is_delivering(company), what="the delivery")
        terminal.press("q")
        terminal.wait_for("One run goes on.")
        terminal.press("y")
        assert terminal.status() == 0
    interrupted(company)


def test_a_terminal_lost_under_a_command_leaves_the_run_interrupted(company: Company) -> None:
    command = [PROGRAM, "--workspace", str(company.workspace), "run", SYNC]
    with Terminal(command, (80, 24), {"HOME": str(company.folder)}) as terminal:
        terminal.wait_until(lambda: is_delivering(company), what="the delivery")
        terminal.hang_up()
        assert terminal.status() == 128 + signal.SIGHUP
    assert not (company.workspace / "errors.log").exists()
    number = interrupted(company)
    company.org.faults.clear()
    company.call("run", SYNC)
    ends_well(company, number)


@pytest.mark.parametrize(("name", "result"), [("SIGINT", "cancelled"), ("SIGTERM", "cancelled"), ("SIGHUP", "interrupted")])
def test_a_signal_ends_a_command_between_two_people_and_nobody_is_sent_twice(name: str, result: str, company: Company) -> None:
    with company.start("run", SYNC) as program:
        until_it_delivers(company)
        program.send_signal(signal.Signals[name])
        _, err = program.communicate(timeout=LIMIT)
    assert program.returncode == 128 + signal.Signals[name]
    assert err.splitlines()[-1].startswith(("The run was cancelled;", "Stopped at once;"))
    assert "Traceback" not in err
    [run] = json.loads(company.call("runs", "--json"))["runs"]
    assert (run["result"], company.wrong()) == (result, [])
    company.org.faults.clear()
    company.call("run", SYNC)
    assert company.written() == company.due
    assert company.standing() == company.expected()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_daemon_leaves_a_run_interrupted_and_the_next_goes_on_with_it(name: str, company: Company, tmp_path: Path) -> None:
    once = tmp_path / "once.toml"
    once.write_text(DEFINITION.replace('frequency = "daily"\nat = "00:00"\n', 'frequency = "once"\n'))
    company.call("apply", str(once))
    with company.start("daemon") as program:
        until_it_delivers(company)
        program.send_signal(signal.Signals[name])
        assert (program.wait(LIMIT), program.communicate()[0]) == (0, "")
    number = interrupted(company)
    company.org.faults.clear()
    company.call("daemon", "--once")
    ends_well(company, number)


def test_under_nohup_a_lost_line_stops_nothing(company: Company) -> None:
    nohup = shutil.which("nohup")
    assert nohup is not None
    command = [sys.executable, "-m", "tui_sync", "--workspace", str(company.workspace), "run", SYNC]
    with subprocess.Popen([nohup, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        until_it_delivers(company)
        program.send_signal(signal.SIGHUP)
        company.org.faults.clear()
        program.communicate(timeout=LIMIT)
    assert program.returncode == 0
    assert company.written() == company.due
