"""log: who changed what from where, and what each run did."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import NEWSLETTER, Program
from tui_sync.model.errors import Unreachable


def lines(tui: Program, *more: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tui("log", "--json", *more).json("log")
    return found


def told(tui: Program, *more: str) -> list[str]:
    return [line["what"] for line in lines(tui, *more)]


def test_a_run_is_told_with_its_counts_and_calls(tui: Program) -> None:
    tui.people(3)
    tui.recruit.add("9", None)
    tui.apply()
    tui("run", "Newsletter")
    newest = lines(tui)
    assert newest[0]["what"] == "Newsletter: active -> completed"
    assert newest[1]["what"].startswith("run 1 of Newsletter: completed, 3 new, 1 ignored; 0 calls to Recruit, 1 to the hub")
    assert (newest[1]["where"], newest[1]["level"]) == ("command line", "info")


def test_a_failed_run_is_an_error_with_what_stopped_it(tui: Program) -> None:
    def down(_: int) -> None:
        raise Unreachable("Recruit cannot be reached.", "See: tui-sync doctor")

    tui.people(1)
    tui.apply()
    tui.recruit.on_page = down
    assert tui("run", "Newsletter").status == 1
    tui("settings", "set", "limit-day", "9")
    graver = lines(tui, "--level", "warning")
    assert [line["level"] for line in graver] == ["error"]
    assert graver[0]["what"].endswith("Recruit cannot be reached. See: tui-sync doctor")


def test_a_held_run_is_a_warning_and_its_approval_is_on_record(tui: Program) -> None:
    tui.people(40)
    tui.apply(NEWSLETTER + 'on_delete = "remove-from-list"\nfrequency = "daily"\n')
    tui("run", "Newsletter")
    tui.recruit.delete(*map(str, range(1, 21)))
    assert tui("run", "Newsletter").status == 4
    assert lines(tui)[0]["level"] == "warning"
    tui("approve", "2")
    assert told(tui)[0].startswith("approved the removals of run 2 of Newsletter: completed")


def test_a_run_that_a_limit_refuses_is_a_warning(tui: Program) -> None:
    tui.people(1)
    tui.apply()
    tui.apply(NEWSLETTER.replace("Newsletter", "Second"))
    tui("settings", "set", "limit-day", "1")
    tui.clock.pass_by(days=1)
    tui("run", "Newsletter")
    assert tui("run", "Second").status == 3
    assert lines(tui)[0]["level"] == "warning"
    assert told(tui)[0].startswith("a run of Second was refused: ")


def test_an_edit_tells_the_value_before_and_after(tui: Program) -> None:
    tui.people(1)
    tui.apply(NEWSLETTER + 'frequency = "weekly"\non = "monday"\nat = "09:00"\ntimezone = "Asia/Kolkata"\n')
    daily = 'frequency = "daily"\nat = "08:00"\ntimezone = "Asia/Kolkata"\n'
    tui.apply(NEWSLETTER.replace("remove-from-list", "keep") + daily)
    assert told(tui)[0] == (
        'changed Newsletter: on_opt_out: "remove-from-list" -> default; '
        "schedule: every Monday 09:00 Asia/Kolkata -> every day 08:00 Asia/Kolkata"
    )


def test_every_action_that_writes_is_on_record(tui: Program, tmp_path: Path) -> None:
    tui.people(1)
    tui.apply(NEWSLETTER + 'frequency = "daily"\n')
    for arguments in (
        ("rename", "Newsletter", "News"), ("duplicate", "News", "Copy"), ("deactivate", "News"), ("activate", "News"),
        ("delete", "Copy"), ("create-list", "Winter"), ("remove", "1@example.org", "--list", "Zylker"),
        ("settings", "set", "limit-day", "9"), ("dump", str(tmp_path / "dump.json")),
    ):  # fmt: skip
        before = len(told(tui))
        assert tui(*arguments).status == 0
        assert len(told(tui)) == before + 1, arguments


def test_the_newest_line_stands_first_and_a_limit_keeps_the_newest(tui: Program) -> None:
    for number in ("7", "8", "9"):
        tui("settings", "set", "limit-day", number)
    assert told(tui, "--limit", "2") == ["setting limit-day: 8 -> 9", "setting limit-day: 7 -> 8"]


def test_following_prints_the_last_lines_and_then_what_comes(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "tui_sync", "--workspace", str(tmp_path / "w"))

    def set_limit(number: int) -> None:
        subprocess.run([*program, "settings", "set", "limit-day", str(number)], check=True, capture_output=True)

    set_limit(7)
    with subprocess.Popen([*program, "log", "--follow", "--json"], stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        seen = [json.loads(follower.stdout.readline())["what"]]
        set_limit(8)
        seen.append(json.loads(follower.stdout.readline())["what"])
        follower.terminate()
    assert seen == ["setting limit-day: 10 -> 7", "setting limit-day: 7 -> 8"]


def test_the_log_is_bounded(tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_sync.store.log.KEPT", 3)
    for number in range(1, 9):
        tui("settings", "set", "limit-day", str(number))
    assert told(tui) == [f"setting limit-day: {number - 1} -> {number}" for number in (8, 7, 6)]
