"""The program as such: its help, its table of commands, wrong usage, and what it does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest

from tests.cli.conftest import Program
from tui_sync import __version__, bootstrap
from tui_sync.cli.main import COMMANDS, cli, execute

HEAVY = ("textual", "httpx", "starlette", "uvicorn", "email_validator", "tinydb", "sqlite3", "tui_sync.engine.run")
ENTRIES = [(name, sentence) for section in COMMANDS.values() for name, (_, sentence) in section.items()]


def loaded(*arguments: str) -> tuple[int, set[str]]:
    """The status of the program in a new process, and the modules it has loaded."""
    script = (
        "import sys; from tui_sync.cli.main import execute; status = execute(sys.argv[1:])\n"
        "print('\\n'.join(sys.modules), file=sys.stderr); sys.exit(status)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    return ended.returncode, set(ended.stderr.split())


@pytest.mark.parametrize(("name", "sentence"), ENTRIES)
def test_every_command_is_there_and_its_help_begins_with_the_sentence_of_the_list(name: str, sentence: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").split("\n\n")[0] == sentence


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name, _ in ENTRIES)


def test_the_help_says_what_happens_without_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--help"]) == 0
    assert "Without a command the screens open." in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--version"]) == 0
    assert capsys.readouterr().out == f"tui-sync {__version__}\n"


def test_a_home_folder_that_neither_the_environment_nor_the_system_names_is_told_as_that(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: int) -> NoReturn:
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert execute(["--workspace", "~/w", "runs"]) == 2
    assert "where your home folder is, neither HOME nor the system says" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("rnu",), ("run",), ("run", "a", "b"), ("--colour",), ("runs", "--format", "xml"), ("remove", "a@example.org"),
        ("demo", "--records", "0"), ("connect", "--data-centre", "moon"),
        ("outcomes", "1", "--status", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_status_2(arguments: tuple[str, ...], tui: Program) -> None:
    ended = tui(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "--help" in ended.err


def test_an_argument_of_bytes_that_are_no_text_is_wrong_usage(tui: Program) -> None:
    ended = tui("explain", "\udcff@example.org")
    assert (ended.status, ended.out) == (2, "")


def test_no_secret_is_taken_as_an_option(tui: Program) -> None:
    for option in ("--client-secret", "--refresh-token", "--zsc-key"):
        assert tui("connect", "--data-centre", "us", option, "x").status == 2


def test_a_workspace_that_is_a_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert execute(["--workspace", str(tmp_path / "file"), "syncs"]) == 2


def test_the_help_loads_nothing_heavy() -> None:
    status, modules = loaded("--help")
    assert status == 0
    assert not modules.intersection(HEAVY)
    assert not any(name.startswith(("tui_sync.services", "tui_sync.bootstrap")) for name in modules)


def test_a_demo_that_is_printed_loads_no_screens(tmp_path: Path) -> None:
    status, modules = loaded("--workspace", str(tmp_path / "demo"), "demo", "--no-ui", "--records", "20")
    assert status == 0
    assert not modules.intersection({"textual", "tui_sync.ui.app"})


def test_listing_the_syncs_loads_no_network_and_no_screens(tmp_path: Path) -> None:
    bootstrap.open_desk(tmp_path, "test").workspace.close()
    status, modules = loaded("--workspace", str(tmp_path), "syncs", "--json")
    assert status == 0
    assert not modules.intersection({"textual", "httpx", "starlette", "uvicorn"})


NEEDING = (
    "health", "syncs --json", "runs", "log", "limits", "settings", "suppression", "export", "doctor", "daemon --once",
    "run Newsletter", "dump file.json", "explain 1@example.org", "pause-all",
)  # fmt: skip


@pytest.mark.parametrize("command", NEEDING)
def test_a_folder_without_a_workspace_is_named_and_none_is_made_there(command: str, tui: Program, tmp_path: Path) -> None:
    """A path that was typed wrong in cron: an empty workspace would be well."""
    for folder in (tmp_path / "mistyped", tmp_path / "there"):
        (tmp_path / "there").mkdir(exist_ok=True)
        tui.folder = folder
        ended = tui(*command.split())
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(f"There is no workspace in {folder}. Name another one with --workspace")
        assert not (tmp_path / "mistyped").exists()
        assert not list((tmp_path / "there").iterdir())


@pytest.mark.parametrize("command", ["settings set limit-day 7", "suppress 1@example.org --reason asked"])
def test_what_a_new_workspace_is_given_makes_it(command: str, tui: Program, tmp_path: Path) -> None:
    tui.folder = tmp_path / "new"
    assert tui(*command.split()).status == 0
    assert tui("syncs").status == 0


@pytest.mark.parametrize("command", [("--workspace", "w", "syncs"), ("doctor", "--restore", "kept.db")])
def test_a_folder_that_is_gone_under_a_command_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    bootstrap.open_desk(tmp_path / "w", "test").workspace.close()
    script = "import os, sys; os.rmdir(os.getcwd()); from tui_sync.cli.main import execute; sys.exit(execute(sys.argv[1:]))"
    environment = {"HOME": str(tmp_path), "TUI_SYNC_WORKSPACE": str(tmp_path / "w")}
    ended = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    told = "The folder that this command was called in is gone. Change to another one, or give whole paths.\n"
    assert (ended.returncode, ended.stderr) == (1, told)
