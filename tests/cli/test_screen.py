"""From the command line to the screens and back: where they open, on what, and what they leave behind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from tests.terminal.pty_screen import Terminal, surroundings
from tui_sync.cli import screen
from tui_sync.cli.main import execute
from tui_sync.services.desk import Desk
from tui_sync.ui.script import Step

PROGRAM = [sys.executable, "-m", "tui_sync"]
SMALL = ("--records", "40")


class Leaving(msgspec.Struct, frozen=True):
    """What the screens leave behind: as `tui_sync.ui.app` has it."""

    status: int = 0
    message: str = ""
    to_demo: bool = False
    stuck: bool = False


class Visit:
    """What the screens were opened on."""

    def __init__(self, desk: Desk, advance: Callable[[], dict[str, int]] | None, *, first: bool) -> None:
        self.desk, self.advance, self.first = desk, advance, first
        self.syncs = [sync.name for sync in desk.workspace.syncs.all()]
        self.environ = dict(os.environ)


class Screens:
    """Stand for the screens: every opening is noted, then left with the next of `leavings`."""

    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.leavings: list[Leaving | Exception] = []
        self.during: Callable[[Visit], object] = id

    def open_ui(
        self, desk: Desk, *, warm: Callable[[], None], advance: Callable[[], dict[str, int]] | None = None, first: bool = False,
        script: Sequence[Step] = (),
    ) -> Leaving:
        """As in `tui_sync.ui.app`."""
        warm()
        self.visits.append(Visit(desk, advance, first=first))
        self.during(self.visits[-1])
        leaving = self.leavings.pop(0) if self.leavings else Leaving()
        if isinstance(leaving, Exception):
            raise leaving
        return leaving


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Screens:
    """Screens on a terminal, with a home of their own; the environment is put back afterwards."""
    stand_in = Screens()
    module = ModuleType("tui_sync.ui.app")
    monkeypatch.setattr(module, "open_ui", stand_in.open_ui, raising=False)
    monkeypatch.setitem(sys.modules, "tui_sync.ui.app", module)
    monkeypatch.setattr(screen, "refusal", lambda env, **streams: "")
    monkeypatch.setattr(os, "environ", {**os.environ, "HOME": str(tmp_path), "TERM": "xterm"})
    for name in ("TUI_SYNC_WORKSPACE", "XDG_DATA_HOME", "NO_COLOR"):
        os.environ.pop(name, None)
    return stand_in


@pytest.mark.parametrize("command", [(), ("demo",)])
def test_without_a_terminal_it_is_status_2_and_nothing_is_made(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    ended = subprocess.run(
        [*PROGRAM, "--workspace", str(folder), *command], env=surroundings({}),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "standard input is a file or a pipe" in ended.stderr
    assert "tui-sync --help" in ended.stderr
    assert ("tui-sync demo --no-ui" in ended.stderr) == (command == ("demo",))
    assert not folder.exists()


@pytest.mark.parametrize("command", [(), ("demo",)])
def test_on_a_dumb_terminal_it_is_status_2_and_nothing_is_drawn(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    with Terminal([*PROGRAM, "--workspace", str(folder), *command], env={"TERM": "dumb"}, size=(300, 24)) as terminal:
        assert terminal.status() == 2
    assert "TERM=dumb says that this one cannot show them" in terminal.text()
    assert b"\x1b" not in terminal.raw
    assert not folder.exists()


def test_alone_it_opens_on_the_workspace(screens: Screens, tmp_path: Path) -> None:
    assert execute(["--workspace", str(tmp_path / "w")]) == 0
    (visit,) = screens.visits
    assert visit.desk.workspace.folder == tmp_path / "w"
    assert (visit.desk.where, visit.syncs, visit.advance, visit.first) == ("screens", [], None, False)


def test_the_workspace_is_closed_whatever_happens(screens: Screens, tmp_path: Path) -> None:
    screens.leavings = [Leaving(), RuntimeError("a fault of the screens")]
    assert execute(["--workspace", str(tmp_path / "w")]) == 0
    assert execute(["--workspace", str(tmp_path / "w")]) == 1
    for visit in screens.visits:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            visit.desk.workspace.syncs.all()


def test_what_the_screens_leave_is_told_on_stderr_with_their_status(
    screens: Screens, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    screens.leavings = [Leaving(143, "The line broke; the run goes on with: tui-sync run \x1b[2JIT")]
    assert execute(["--workspace", str(tmp_path / "w")]) == 143
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "The line broke" in err
    assert "\x1b" not in err


def test_the_first_demo_opens_with_its_sample_syncs_just_made(screens: Screens, tmp_path: Path) -> None:
    assert execute(["--workspace", str(tmp_path / "w"), "demo", *SMALL]) == 0
    assert execute(["--workspace", str(tmp_path / "w"), "demo"]) == 0
    first, second = screens.visits
    assert len(first.syncs) == 6
    assert (first.first, second.first) == (True, False)
    assert first.desk.where == "screens"


def test_a_day_of_the_demo_can_be_let_pass_from_the_screens(screens: Screens, tmp_path: Path) -> None:
    changed: list[dict[str, int]] = []

    def let_pass(visit: Visit) -> None:
        assert visit.advance is not None
        changed.append(visit.advance())

    screens.during = let_pass
    execute(["--workspace", str(tmp_path / "w"), "demo", *SMALL])
    execute(["--workspace", str(tmp_path / "w")])
    assert len(changed) == 2
    assert all("deletions" in day for day in changed)


def test_from_an_empty_workspace_the_user_can_go_on_to_the_demo(screens: Screens) -> None:
    screens.leavings = [Leaving(to_demo=True), Leaving(5)]
    assert execute([]) == 5
    empty, demo = screens.visits
    assert (empty.syncs, len(demo.syncs), demo.first) == ([], 6, True)
    assert demo.desk.workspace.folder == empty.desk.workspace.folder / "demo"


def test_a_demo_that_cannot_be_is_refused_as_everywhere(screens: Screens, tmp_path: Path) -> None:
    execute(["--workspace", str(tmp_path / "w"), "demo", *SMALL])
    assert execute(["--workspace", str(tmp_path / "w"), "demo", "--records", "41"]) == 2
    assert len(screens.visits) == 1


@pytest.mark.parametrize("way", ["--no-ui", "--advance"])
def test_a_printed_demo_opens_no_screens(way: str, screens: Screens, tmp_path: Path) -> None:
    assert execute(["--workspace", str(tmp_path / "w"), "demo", way, *SMALL]) == 0
    assert not screens.visits


@pytest.mark.parametrize(("no_color", "seen"), [("", None), ("1", "1")])
def test_textual_finds_an_environment_without_animations_and_no_empty_no_color(
    no_color: str, seen: str | None, screens: Screens, tmp_path: Path
) -> None:
    os.environ["NO_COLOR"] = no_color
    execute(["--workspace", str(tmp_path / "w")])
    environ = screens.visits[0].environ
    assert (environ["TEXTUAL_ANIMATIONS"], environ.get("NO_COLOR")) == ("none", seen)
    assert ("TEXTUAL_THEME" in environ) == bool(no_color)
