"""Commands at a terminal that is stopped, as ctrl+s does it, or at a pipe that nobody reads."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from tests.cli.test_process import surroundings
from tests.ui.test_scheduling import overdue
from tui_sync import bootstrap
from tui_sync.cli import patient as messages
from tui_sync.cli.patient import MOST, Patient
from tui_sync.model.outcomes import Result

STOP, GO_ON = b"\x13", b"\x11"
"""ctrl+s and ctrl+q."""
LIMIT = 30.0


@contextmanager
def stopped(what: str) -> Iterator[tuple[int, Callable[[str], str]]]:
    """The end of a line that takes nothing any more; and what has it go on and gives all that was written up to some text."""
    if what == "a stopped terminal":
        reading, writing = os.openpty()
        os.write(reading, STOP)
    else:
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writing, b"." * 4096)
    until(lambda: not select.select([], [writing], [], 0)[1], "a line that takes nothing")

    def go_on(text: str) -> str:
        if what == "a stopped terminal":
            os.write(reading, GO_ON)
        told = b""
        while text.encode() not in told:
            assert select.select([reading], [], [], LIMIT)[0], f"never came: {text}"
            told += os.read(reading, 65536)
        return told.decode()

    try:
        yield writing, go_on
    finally:
        os.close(reading)
        os.close(writing)


def until(holds: Callable[[], object], what: str) -> None:
    end = monotonic() + LIMIT
    while not holds():
        assert monotonic() < end, f"never came about: {what}"
        sleep(0.02)


def ended(folder: Path) -> list[Result]:
    """How the runs of a workspace ended that have."""
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        return [run.result for run in space.runs.all() if run.finished is not None]


@contextmanager
def begun(folder: Path, stderr: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tui_sync", "--workspace", str(folder), *arguments], env=surroundings(TERM="xterm"),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
    )  # fmt: skip
    try:
        yield program
    finally:
        program.kill()
        program.wait()


@pytest.mark.parametrize("what", ["a stopped terminal", "a pipe that nobody reads"])
def test_a_run_goes_on_to_its_end_and_tells_what_it_has_to_tell_once_it_is_read(what: str, ran: Path) -> None:
    before = len(ended(ran))
    with stopped(what) as (stderr, go_on), begun(ran, stderr, "run", "Tech clients") as program:
        until(lambda: len(ended(ran)) > before, "the end of the run")
        assert program.poll() is None, "what it tells is still to be read"
        go_on("The hub refused")
        assert program.wait(LIMIT) == 5


@pytest.mark.parametrize("what", ["a stopped terminal", "a pipe that nobody reads"])
def test_a_daemon_runs_its_schedules_and_ends_when_it_is_asked_to(what: str, ran: Path) -> None:
    overdue(ran, "Partner letter")
    before = len(ended(ran))
    with stopped(what) as (stderr, _), begun(ran, stderr, "daemon") as program:
        until(lambda: len(ended(ran)) > before, "the end of the run that was due")
        program.terminate()
        assert program.wait(LIMIT) == 0


def test_of_messages_that_nobody_takes_the_newest_wait_in_their_order_and_of_passing_ones_the_last(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped("a pipe that nobody reads") as (writing, go_on):
        patient = Patient(writing)
        patient.say(b"first\n")
        monkeypatch.setattr(messages, "GRACE", LIMIT)
        begun = monotonic()
        for number in range(3):
            patient.say(b"passing %d\n" % number, passing=True)
        patient.say(b"last\n")
        assert monotonic() - begun < LIMIT, "only the first one is waited for"
        assert go_on("last\n").lstrip(".").split("\n") == ["first", "passing 2", "last", ""]
        patient.settle()
        assert not patient._left


def test_a_line_that_another_program_has_set_so_that_nobody_waits_for_it_loses_no_message() -> None:
    with stopped("a pipe that nobody reads") as (writing, go_on):
        os.set_blocking(writing, False)
        patient = Patient(writing)
        patient.say(b"told\n")
        assert go_on("told\n").lstrip(".") == "told\n"


def test_messages_beyond_those_that_may_wait_are_counted() -> None:
    with stopped("a pipe that nobody reads") as (writing, go_on):
        patient = Patient(writing)
        for number in range(MOST + 7):
            patient.say(b"%d\n" % number)
            patient.say(b"passing", passing=True)
        lines = go_on("while nobody read them.)\n").lstrip(".").replace("passing", "").splitlines()
        patient.settle()
    told = [line for line in lines if line.isdigit()]
    assert told == [str(number) for number in range(len(told))]
    assert lines[-1] == f"({MOST + 7 - len(told)} more messages came while nobody read them.)"


def test_ctrl_c_ends_the_wait_for_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    with stopped("a pipe that nobody reads") as (writing, go_on):
        patient, begun, write = Patient(writing), Event(), Patient._write

        def noted(patient: Patient, data: bytes) -> None:
            begun.set()
            write(patient, data)

        monkeypatch.setattr(Patient, "_write", noted)
        patient.say(b"on its way\n")
        assert begun.wait(LIMIT)
        patient.say(b"given up\n")
        monkeypatch.setattr(patient._moved, "wait", lambda _seconds=None: signal.raise_signal(signal.SIGINT))
        patient.settle()
        monkeypatch.undo()
        assert go_on("on its way\n").lstrip(".") == "on its way\n"
