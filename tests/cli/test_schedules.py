"""pause-all, resume-all, health and daemon."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Program
from tests.cli.test_process import surroundings
from tui_sync import bootstrap
from tui_sync.model import hub
from tui_sync.model.errors import Unreachable
from tui_sync.model.workspace import Connection, ConnectionKind
from tui_sync.services.desk import Desk
from tui_sync.store.workspace import Workspace

PATIENCE = 60.0
"""Seconds after which a daemon that says nothing is ended."""
DAILY = """
[[sync]]
name = "Newsletter"
module = "Candidates"
list = "Zylker"
frequency = "daily"
"""


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def daily(tui: Program) -> Program:
    """A workspace with one daily sync, which has not run."""
    tui.people(3)
    tui.apply(DAILY)
    return tui


def newest(tui: Program) -> dict[str, object]:
    run: dict[str, object] = tui("runs", "--json").json("runs")[0]
    return run


def test_once_catches_up_everything_that_is_due_and_tells_a_line_a_run(daily: Program) -> None:
    ended = daily("daemon", "--once")
    assert (ended.status, ended.out) == (0, "")
    assert "run 1 of Newsletter: completed, 3 new" in ended.err
    again = daily("daemon", "--once")
    assert (again.status, again.err) == (0, "")
    assert len(daily("runs", "--json").json("runs")) == 1
    daily.clock.pass_by(days=3)
    late = daily("daemon", "--once")
    assert "3 runs missed" in late.err
    assert "to the hub. Catches up: due" in late.err
    assert daily("log", "--json").json("log")[0]["where"] == "daemon"


def test_a_delivery_that_takes_long_is_told_beforehand(daily: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "limited", property(lambda _desk: True))
    monkeypatch.setattr(hub, "CALLS", 1)
    told = daily("daemon", "--once").err.splitlines()
    [long] = [line for line in told if "calls to the hub take at least" in line]
    [end] = [line for line in told if "run 1 of Newsletter" in line]
    assert "Newsletter: " in long
    assert told.index(long) < told.index(end)


def test_once_fails_where_a_run_fails(daily: Program) -> None:
    def fail(page: int) -> None:
        raise Unreachable("The host gave no answer.")

    daily.recruit.on_page = fail
    ended = daily("daemon", "--once")
    assert ended.status == 1
    assert "Newsletter is failing; it was well before. Its last run has failed: The host gave no answer." in ended.err


def test_the_pause_of_all_schedules_is_told_everywhere_and_ended_by_its_twin(daily: Program) -> None:
    paused = daily("pause-all")
    assert paused.status == 0
    assert "All schedules are paused since" in paused.err
    daily.clock.pass_by(days=2)
    assert (daily("daemon", "--once").status, daily("runs", "--json").json("runs")) == (0, [])
    assert daily("health", "--json").json("health")["paused"]["by"]
    resumed = daily("resume-all")
    assert "All schedules go on" in resumed.err
    assert "were not paused" in daily("resume-all").err
    assert "run 1 of Newsletter" in daily("daemon", "--once").err


def test_health_says_how_every_sync_is_and_whether_anybody_runs_the_schedules(daily: Program) -> None:
    nobody = daily("health")
    assert nobody.status == 1
    assert nobody.lines == [
        "  Newsletter: well", "! No daemon and no screen runs the schedules. Start one: tui-sync daemon"
    ]  # fmt: skip
    daily("daemon", "--once")
    well = daily("health")
    assert (well.status, well.lines) == (0, ["  Newsletter: well"])
    daily.clock.pass_by(hours=3)
    assert "since 2026-03-02" in daily("health").out
    daily.clock.pass_by(days=2)
    late = daily("health", "--json").json("health")
    assert (late["well"], late["syncs"][0]["condition"]) == (False, "late")
    assert late["syncs"][0]["way"] == "tui-sync run Newsletter"


def test_a_webhook_is_tried_only_if_one_is_set(daily: Program) -> None:
    ended = daily("health", "--test-webhook")
    assert (ended.status, ended.err) == (2, "No webhook is set. Set one: tui-sync settings set webhook URL\n")


@pytest.mark.parametrize("command", [("daemon", "--once"), ("health",), ("health", "--json")])
def test_a_workspace_without_a_sync_is_named_so_that_a_folder_nobody_meant_is_noticed(
    command: tuple[str, ...], tui: Program
) -> None:
    ended = tui(*command)
    assert (ended.status, ended.err.count("\n")) == (0, 1)
    way = "Name another one with --workspace or TUI_SYNC_WORKSPACE, or begin in it"
    assert f"The workspace {tui.folder} has no sync yet. {way}: tui-sync connect\n" in ended.err
    with closing(Workspace(tui.folder, tui.clock)) as space:
        space.write_connection(Connection(kind=ConnectionKind.ZOHO))
    assert f"has no sync yet. {way}: tui-sync apply FILE.toml\n" in tui(*command).err
    tui.apply(DAILY)
    assert "has no sync" not in tui(*command).err


def demo(folder: Path, *arguments: str) -> Ended:
    """The program on a demo workspace, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tui_sync", "--workspace", str(folder), *arguments], env=surroundings(), capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def begun(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A daemon on the workspace, which ends with the block whatever happens there."""
    with subprocess.Popen(
        [sys.executable, "-m", "tui_sync", "--workspace", str(folder), "daemon"], env=surroundings(), stderr=subprocess.PIPE,
        text=True,
    ) as daemon:  # fmt: skip
        late = threading.Timer(PATIENCE, daemon.kill)
        late.start()
        try:
            yield daemon
        finally:
            late.cancel()
            daemon.kill()


def reads(daemon: subprocess.Popen[str], text: str) -> str:
    """The first line of the daemon that has the text."""
    assert daemon.stderr is not None
    for line in daemon.stderr:
        if text in line:
            return line
    raise AssertionError(f"{text} never came")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_daemon_runs_what_is_due_until_a_signal_and_ends_well(number: signal.Signals, made: Path) -> None:
    with begun(made) as daemon:
        assert "completed" in reads(daemon, "of All alumni")
        held = demo(made, "health", "--json").json("health")
        assert f"process {daemon.pid}, the daemon" in held["run_by"]
        daemon.send_signal(number)
        assert daemon.wait(timeout=20) == 0
    assert demo(made, "health", "--json").json("health")["run_by"] is None


def test_the_daemon_says_at_its_start_that_its_workspace_has_no_sync(tmp_path: Path) -> None:
    bootstrap.open_desk(tmp_path / "w", "test").workspace.close()
    with begun(tmp_path / "w") as daemon:
        assert f"The workspace {tmp_path / 'w'} has no sync yet." in reads(daemon, "has no sync")
        daemon.terminate()
        assert daemon.wait(timeout=20) == 0


def test_a_second_daemon_waits_and_says_for_whom_and_a_killed_one_leaves_its_place_free(made: Path) -> None:
    with begun(made) as first:
        reads(first, "of All alumni")
        with begun(made) as second:
            assert f"The schedules are run by process {first.pid}" in reads(second, "schedules")
            once = demo(made, "daemon", "--once")
            assert (once.status, f"process {first.pid}" in once.err) == (0, True)
            assert f"process {second.pid}, the daemon" in demo(made, "health", "--json").json("health")["waiting"]
            os.kill(first.pid, signal.SIGKILL)
            first.wait(timeout=20)
            assert "No daemon" not in demo(made, "health").out, "the second one is about to take over"
            assert "has taken over the schedules" in reads(second, "taken over")
            assert f"process {second.pid}, the daemon" in demo(made, "health", "--json").json("health")["run_by"]
            second.terminate()
            assert "The daemon has stopped." in reads(second, "stopped")
            assert second.wait(timeout=20) == 0
    assert demo(made, "health", "--json").json("health")["waiting"] is None


def test_a_run_that_a_signal_stops_is_gone_on_with_by_the_next_daemon(made: Path) -> None:
    with begun(made) as daemon:
        deadline = 200
        while not json.loads(demo(made, "runs", "--json").out)["runs"] and deadline:
            deadline -= 1
        daemon.terminate()
        assert daemon.wait(timeout=20) == 0
    ended = demo(made, "daemon", "--once")
    assert ended.status == 0
    runs = json.loads(demo(made, "runs", "--json").out)["runs"]
    assert [(run["id"], run["result"]) for run in runs] == [("1", "completed")]


def test_the_listing_says_that_a_run_is_deferred_late_or_paused(daily: Program) -> None:
    daily.apply(DAILY + DAILY.replace("Newsletter", "Second").replace("Zylker", "Other"))
    daily("settings", "set", "limit-day", "2")
    daily("daemon", "--once")
    daily.clock.pass_by(days=1)
    daily("settings", "set", "limit-day", "1")
    once = daily("daemon", "--once")
    assert (once.status, "is deferred to 2026-03-04 00:00" in once.err) == (0, True)
    deferred, first = daily("syncs", "--json").json("syncs")
    assert (deferred["condition"], deferred["deferred"], first["condition"]) == ("deferred", deferred["next"], "well")
    assert "active, deferred" in daily("syncs").out
    assert "Second: deferred. The day's limit is used up" in daily("health").out
    daily("pause-all")
    assert "all schedules paused" in daily("syncs").out


def test_who_makes_a_sync_active_at_a_terminal_reads_that_nobody_runs_the_schedules(
    daily: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(call: Callable[[], Ended]) -> str:
        terminal = Terminal()
        with monkeypatch.context() as patched:
            patched.setattr("sys.stderr", terminal)
            assert call().status == 0
        return terminal.getvalue()

    told = "No daemon and no screen runs the schedules. Start one: tui-sync daemon\n"
    assert told not in said(lambda: daily("deactivate", "Newsletter"))
    assert said(lambda: daily("activate", "Newsletter")).endswith(told)
    assert said(lambda: daily.apply(DAILY.replace("Newsletter", "Another"))).endswith(told)
    assert daily("daemon", "--once").status == 0
    assert told not in said(lambda: daily.apply(DAILY.replace("Newsletter", "Third")))
