"""What befalls the files of a workspace while its screens are open: one sentence says it, nothing is written into the void."""

from __future__ import annotations

import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal.pty_screen import Terminal
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.services.schedules import LOCK
from tui_sync.store.workspace import FILE

RESTORED = b"\x1b[?1049l"
"""What gives the terminal back as it was."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "w"
    assert execute(["--workspace", str(folder), "demo", "--no-ui", "--records", "120"]) == 0
    return folder


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "w"))


@contextmanager
def screens(workspace: Path) -> Iterator[Terminal]:
    """The list of syncs, wide enough for a path in one line."""
    program = [sys.executable, "-m", "tui_sync", "--workspace", str(workspace), "demo"]
    with Terminal(program, (200, 30), {"HOME": str(workspace.parent)}) as terminal:
        terminal.wait_for("? more")
        terminal.settle()
        terminal.wait_until(lambda: leads(workspace), what="that it runs the schedules")
        yield terminal


def leads(workspace: Path) -> bool:
    """Whether somebody runs the schedules."""
    desk = bootstrap.open_desk(workspace, "test")
    try:
        return desk.workspace.locks.held(LOCK)
    finally:
        desk.workspace.close()


def well_left(terminal: Terminal, workspace: Path, status: int) -> None:
    """The program ends with that status, the terminal is restored, and nothing was unforeseen."""
    assert terminal.status() == status
    assert RESTORED in terminal.raw
    assert b"Something went wrong" not in terminal.raw
    assert not (workspace / "errors.log").exists()


def removed(workspace: Path) -> None:
    shutil.rmtree(workspace)


def put_in_its_place(workspace: Path) -> None:
    copy = workspace / "copy"
    shutil.copy(workspace / FILE, copy)
    copy.rename(workspace / FILE)


@pytest.mark.parametrize("befall", [removed, put_in_its_place])
def test_a_workspace_that_is_no_longer_where_it_was_is_not_written_to(
    workspace: Path, befall: Callable[[Path], None]
) -> None:
    with screens(workspace) as terminal:
        befall(workspace)
        terminal.press("r")
        terminal.wait_for("was moved, replaced or removed while it was open. Leave, and open the workspace again.")
        terminal.press("ctrl+c")
        well_left(terminal, workspace, 1)
    if workspace.exists():
        desk = bootstrap.open_desk(workspace, "test")
        assert {run.id for run in desk.workspace.runs.all()} == set("123456")
        desk.workspace.close()


def test_a_database_that_is_overwritten_under_the_screens_ends_them_with_the_way_out(workspace: Path) -> None:
    with screens(workspace) as terminal:
        for path in workspace.glob(f"{FILE}*"):
            if path.name in (FILE, f"{FILE}-wal"):
                with path.open("r+b") as file:
                    file.write(b"\xa5" * path.stat().st_size)
        terminal.press("r")
        terminal.wait_for("is damaged")
        terminal.wait_for("Run tui-sync doctor.")
        well_left(terminal, workspace, 1)


def test_a_disk_that_is_full_under_the_screens_is_told_and_once_there_is_room_all_goes_on(workspace: Path) -> None:
    with screens(workspace) as terminal:
        most = resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (60_000, most))
        terminal.press("r")
        terminal.wait_for("cannot be read or written. Check the disk.")
        terminal.press("A")
        terminal.wait_for("organisation.db cannot be read or written. Check the disk.")
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (most, most))
        terminal.press("r")
        terminal.wait_for("All alumni: 0 new.")
        terminal.press("ctrl+c")
        well_left(terminal, workspace, 0)


def test_a_demo_whose_organisation_is_gone_says_so_and_makes_no_other_in_its_place(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / bootstrap.ORGANISATION).unlink()
    assert execute(["--workspace", str(workspace), "run", "All alumni"]) == 1
    assert execute(["--workspace", str(workspace), "demo", "--advance"]) == 1
    assert capsys.readouterr().err.count("The demo organisation is gone") == 2
    assert not (workspace / bootstrap.ORGANISATION).exists()


def room(terminal: Terminal, most: int = resource.RLIM_INFINITY) -> None:
    """Let no file of the program grow beyond so many bytes."""
    resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.mark.parametrize("keys", [("s",), ("f2", "down", "enter"), ("P", "y"), ("p",)], ids="-".join)
def test_a_choice_that_a_full_disk_cannot_keep_is_told_and_the_screens_stay_open(workspace: Path, keys: tuple[str, ...]) -> None:
    with screens(workspace) as terminal:
        terminal.press("j")
        room(terminal, 4096)
        for key in keys:  # a question takes no key that comes in one piece with the one that asks
            terminal.press(key)
            terminal.settle()
        terminal.wait_for("disk")
        room(terminal)
        terminal.press("R", "x", "enter")
        terminal.wait_for("is called")
        terminal.press("ctrl+c")
        well_left(terminal, workspace, 0)


@pytest.mark.parametrize(("way", "status"), [("ctrl+c", 0), ("SIGTERM", 143)])
def test_a_full_disk_keeps_nobody_from_leaving(workspace: Path, way: str, status: int) -> None:
    with screens(workspace) as terminal:
        room(terminal, 4096)
        (terminal.terminate if way == "SIGTERM" else lambda: terminal.press(way))()
        well_left(terminal, workspace, status)
        assert b"disk" in terminal.raw.rpartition(RESTORED)[2]
