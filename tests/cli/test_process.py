"""The program as a process of its own: pipes, terminals, locales, and two workspaces over a socket."""

from __future__ import annotations

import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.terminal.pty_screen import Terminal
from tui_sync import bootstrap
from tui_sync.services.schedules import LOCK

RECORDS = "120"


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program with these arguments, and these variables beside a small environment."""
    return subprocess.run(
        [sys.executable, "-m", "tui_sync", *arguments], env=surroundings(**environment),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def surroundings(**environment: str) -> dict[str, str]:
    """A small environment, with a home of its own if one is given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    return {"HOME": "/nonexistent", **kept, **environment}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a small demo organisation, whose syncs have run once."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    made = call("--workspace", str(folder), "demo", "--no-ui", "--records", RECORDS)
    assert (made.returncode, made.stderr) == (0, "")
    return folder


def test_the_demo_has_a_folder_of_its_own_and_names_it_in_what_to_do_next(tmp_path: Path) -> None:
    made = call("demo", "--no-ui", "--records", RECORDS, HOME=str(tmp_path))
    assert (made.returncode, made.stderr) == (0, "")
    step = next(line for line in made.stdout.splitlines() if " outcomes " in line)
    shown = call(*step[step.index("--workspace") :].split(), HOME=str(tmp_path))
    assert shown.returncode == 0
    assert shown.stdout.startswith("Record")
    other = call("syncs", "--json", HOME=str(tmp_path))
    assert (other.returncode, other.stdout) == (2, "")


def test_nothing_but_the_object_is_printed_and_stderr_is_silent(demo: Path) -> None:
    for command, key in (("syncs", "syncs"), ("runs", "runs"), ("lists", "lists"), ("doctor", "findings")):
        ended = call("--workspace", str(demo), command, "--json")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert list(json.loads(ended.stdout)) == [key]


def test_the_workspace_may_be_named_by_the_environment(demo: Path) -> None:
    named = call("runs", "--json", TUI_SYNC_WORKSPACE=str(demo))
    assert named.stdout == call("--workspace", str(demo), "runs", "--json").stdout


def test_a_workspace_below_the_home_folder_is_found_where_no_shell_has_said_what_that_is(demo: Path) -> None:
    named = call("runs", "--json", TUI_SYNC_WORKSPACE=f"~/{demo.name}", HOME=str(demo.parent))
    assert named.stdout == call("--workspace", str(demo), "runs", "--json").stdout
    assert call(f"--workspace=~/{demo.name}", "runs", "--json", HOME=str(demo.parent)).stdout == named.stdout
    assert call(f"--workspace=./~/{demo.name}", "runs", "--json", HOME=str(demo.parent)).returncode == 2


def test_the_home_folder_of_nobody_is_told_as_that() -> None:
    ended = call("runs", TUI_SYNC_WORKSPACE="~nobody-of-that-name/w")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "there is no user nobody-of-that-name" in ended.stderr


@pytest.mark.parametrize("command", [["outcomes", "6", "--format", "jsonl"], ["syncs", "--json"], ["--help"]])
def test_a_reader_that_has_read_enough_ends_the_program_quietly(command: list[str], demo: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "tui_sync", "--workspace", str(demo), *command],
        env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait() == 0


def test_a_full_disk_is_told_in_one_sentence(demo: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync", "--workspace", str(demo), "syncs"], env=surroundings(),
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "No space left" in ended.stderr


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["syncs"], ["syncs", "--json"]])
def test_a_full_disk_is_all_that_is_told_whatever_was_to_be_printed(command: list[str], demo: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync", "--workspace", str(demo), *command], env=surroundings(),
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "Standard output cannot be written: No space left on device.\n")


@pytest.mark.parametrize("where", ["a full disk", "a pipe that nobody reads"])
@pytest.mark.parametrize(("command", "status"), [(["run", "Nobody"], 2), (["run", "Tech clients"], 5), (["daemon", "--once"], 0)])
def test_a_command_whose_messages_nobody_takes_does_its_work_with_its_status(
    command: list[str], status: int, where: str, demo: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(demo, tmp_path / "w")
    with unwritable(where) as stderr:
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync", "--workspace", str(folder), *command], env=surroundings(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, check=False, timeout=60,
        )  # fmt: skip
    assert ended.returncode == status
    assert not (folder / "errors.log").exists()


@pytest.mark.parametrize("where", ["a full disk", "a pipe that nobody reads", "a lost terminal"])
def test_the_daemon_goes_on_where_nobody_takes_its_messages(where: str, demo: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(demo, tmp_path / "w")
    with unwritable(where) as stderr:
        program = subprocess.Popen(
            [sys.executable, "-m", "tui_sync", "--workspace", str(folder), "daemon"], env=surroundings(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
        )  # fmt: skip
    try:
        end = monotonic() + 30
        while not runs_schedules(folder):
            assert program.poll() is None, f"the daemon ended with {program.returncode}"
            assert monotonic() < end
            sleep(0.05)
        program.terminate()
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.wait()
    assert not (folder / "errors.log").exists()


def runs_schedules(folder: Path) -> bool:
    """Whether some program runs the schedules of a workspace."""
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        return space.locks.held(LOCK)


@contextmanager
def unwritable(where: str) -> Iterator[int]:
    """The descriptor of a stream that takes nothing."""
    if where == "a full disk":
        ours = os.open("/dev/full", os.O_WRONLY)
    else:
        theirs, ours = os.pipe() if where == "a pipe that nobody reads" else pty.openpty()
        os.close(theirs)
    try:
        yield ours
    finally:
        os.close(ours)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["--help"], ["runs", "--help"], ["outcomes", "6"], ["log", "--json"], ["completion", "zsh"]])
def test_a_lost_terminal_at_standard_output_is_told_in_one_line(command: list[str], unbuffered: str, demo: Path) -> None:
    with unwritable("a lost terminal") as stdout:
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync", "--workspace", str(demo), *command], env=surroundings(PYTHONUNBUFFERED=unbuffered),
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "Standard output cannot be written: Input/output error.\n")
    assert not (demo / "errors.log").exists()


def test_a_closed_standard_input_is_one_at_which_nobody_can_be_asked(demo: Path) -> None:
    closed = [sys.executable, "-c", "import os, sys; os.close(0); os.execv(sys.argv[1], sys.argv[1:])", sys.executable]
    ended = subprocess.run(
        [*closed, "-m", "tui_sync", "--workspace", str(demo), "zsc-key"], env=surroundings(), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "There is no ZSC key to paste" in ended.stderr


def test_a_locale_without_the_letters_is_no_obstacle(demo: Path) -> None:
    ended = call("--workspace", str(demo), "leads", "Zylker", PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_user_whose_name_is_no_text_is_no_obstacle(tmp_path: Path) -> None:
    made = call("--workspace", str(tmp_path / "w"), "suppress", "a@example.com", "--reason", "asked", LOGNAME="J\udcfcrgen")
    assert (made.returncode, made.stderr.count("\n")) == (0, 1)
    logged = json.loads(call("--workspace", str(tmp_path / "w"), "log", "--json").stdout)["log"]
    assert logged[0]["who"] == "J\\udcfcrgen"


def test_at_a_terminal_the_progress_of_a_run_is_shown_and_cleared(demo: Path, tmp_path: Path) -> None:
    printed = tmp_path / "printed"
    run = f'exec {shlex.quote(sys.executable)} -m tui_sync --workspace "{demo}" run "IT graduates" --json > "{printed}"'
    with Terminal(["sh", "-c", run], env={"TERM": "xterm"}) as terminal:
        assert terminal.status() in (0, 5)
    drawn = terminal.raw.decode()
    assert json.loads(printed.read_text())["run"]["sync"] == "IT graduates"
    assert "IT graduates: fetching from Recruit" in drawn
    assert "\x1b[K" in drawn.rsplit("IT graduates:", 1)[1]


def test_nothing_was_changed_since_a_file_that_the_demo_made_for_itself(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.toml"
    file.write_text(call("--workspace", str(demo), "export").stdout, encoding="utf-8")
    planned = json.loads(call("--workspace", str(demo), "plan", str(file), "--json").stdout)["changes"]
    assert [item["applied"] for item in planned] == [None] * len(planned)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tui_sync", "--workspace", str(tmp_path / "zoho"), "simulate", "--port", "0",
         "--records", RECORDS],
        env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stderr is not None
    yield program.stdout.readline().strip()
    program.send_signal(signal.SIGINT)
    _, said = program.communicate()
    assert said.startswith("Listening; ctrl+c ends it.\n")


def connect(folder: Path, url: str, **secrets: str) -> subprocess.CompletedProcess[str]:
    """Connect a workspace to the simulator."""
    origins = [word for end in ("recruit", "accounts", "hub") for word in (f"--{end}-url", url)]
    return call(
        "--workspace", str(folder), "connect", "--data-centre", "eu", "--client-id", "demo-client", *origins, **secrets
    )


def test_a_workspace_is_connected_over_a_socket_and_keeps_no_secret_in_sight(served: str, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    secrets = {"TUI_SYNC_CLIENT_SECRET": "demo-secret", "TUI_SYNC_REFRESH_TOKEN": "demo-refresh"}
    made = connect(folder, served, **secrets)
    assert (made.returncode, made.stderr) == (0, "")
    assert "Modules of Recruit: To sync: Candidates" in made.stdout
    assert "demo-secret" not in made.stdout
    lists = json.loads(call("--workspace", str(folder), "lists", "--json").stdout)["lists"]
    assert "Zylker" in {known["name"] for known in lists}


def test_who_connects_at_a_terminal_reads_what_comes_next(served: str, tmp_path: Path) -> None:
    origins = [word for end in ("recruit", "accounts", "hub") for word in (f"--{end}-url", served)]
    argv = [sys.executable, "-m", "tui_sync", "--workspace", str(tmp_path / "w"), "connect", "--data-centre", "eu"]
    secrets = {"TUI_SYNC_CLIENT_SECRET": "demo-secret", "TUI_SYNC_REFRESH_TOKEN": "demo-refresh"}
    with Terminal([*argv, "--client-id", "demo-client", *origins], size=(120, 24), env=secrets) as terminal:
        terminal.wait_for("The workspace is connected.")
        assert "tui-sync modules" in terminal.text()
        assert terminal.status() == 0


def test_wrong_credentials_are_status_1_and_change_nothing(served: str, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    made = connect(folder, served, TUI_SYNC_CLIENT_SECRET="wrong", TUI_SYNC_REFRESH_TOKEN="demo-refresh")
    assert (made.returncode, made.stderr.count("\n")) == (1, 1)
    assert not folder.exists()


def test_a_workspace_that_cannot_be_made_is_told_before_a_code_is_spent(served: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    made = connect(tmp_path / "file" / "w", served, TUI_SYNC_CLIENT_SECRET="demo-secret", TUI_SYNC_REFRESH_TOKEN="wrong")
    assert (made.returncode, made.stderr.count("\n")) == (1, 1)
    assert "is no folder. Name another workspace: --workspace DIR" in made.stderr


def test_a_missing_secret_is_named_with_the_scopes_where_nobody_can_be_asked(tmp_path: Path) -> None:
    made = connect(tmp_path / "workspace", "http://127.0.0.1:9")
    assert (made.returncode, list(tmp_path.iterdir())) == (2, [])
    for named in ("TUI_SYNC_CLIENT_SECRET", "TUI_SYNC_REFRESH_TOKEN", "ZohoRecruit.modules.ALL", "api-console.zoho.eu"):
        assert named in made.stderr


def test_a_secret_is_never_sent_over_a_plain_connection_to_another_machine(tmp_path: Path) -> None:
    secrets = {"TUI_SYNC_CLIENT_SECRET": "demo-secret", "TUI_SYNC_REFRESH_TOKEN": "demo-refresh"}
    made = connect(tmp_path / "workspace", "http://zoho.example", **secrets)
    assert (made.returncode, made.stderr.count("\n")) == (2, 1)


def test_a_zsc_key_comes_from_the_environment_and_never_from_an_argument(demo: Path) -> None:
    issued = call("--workspace", str(demo), "zsc-key", "--regenerate")
    key = issued.stdout.strip()
    assert (issued.returncode, len(key)) == (0, 64)
    assert call("--workspace", str(demo), "run", "IT graduates").returncode == 1
    wrong = call("--workspace", str(demo), "zsc-key", TUI_SYNC_ZSC_KEY="of-another-organisation")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "stays in place" in wrong.stderr
    pasted = call("--workspace", str(demo), "zsc-key", TUI_SYNC_ZSC_KEY=key)
    assert (pasted.returncode, pasted.stdout) == (0, "")
    assert key not in pasted.stderr + call("--workspace", str(demo), "log").stdout
    assert call("--workspace", str(demo), "run", "IT graduates").returncode in (0, 5)
    assert call("--workspace", str(demo), "zsc-key").returncode == 2, "nobody is there to be asked"
    assert call("--workspace", str(demo), "zsc-key", key).returncode == 2


def test_a_connection_to_zoho_keeps_a_zsc_key_without_using_it_and_issues_none(served: str, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    connect(folder, served, TUI_SYNC_CLIENT_SECRET="demo-secret", TUI_SYNC_REFRESH_TOKEN="demo-refresh")
    kept = call("--workspace", str(folder), "zsc-key", TUI_SYNC_ZSC_KEY="any-key-at-all")
    assert (kept.returncode, "not used by API v2" in kept.stderr) == (0, True)
    assert call("--workspace", str(folder), "modules").returncode == 0, "it is not sent: the simulator would refuse it"
    assert call("--workspace", str(folder), "zsc-key", "--regenerate").returncode == 2


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    ended = call("--version", PYTHONPATH=paths)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_answer_to_a_shell_that_finds_no_room_ends_without_a_traceback() -> None:
    asked = surroundings(_TUI_SYNC_COMPLETE="bash_complete", COMP_LINE="tui-sync r")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync"], env=asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert (ended.returncode, ended.stderr) == (1, "")
