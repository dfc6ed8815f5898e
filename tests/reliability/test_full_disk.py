"""No room left: files that may not grow, and a small disk that is full."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.company import ENVIRONMENT, HOME, LIMITED, SYNC, Company

SIZES = (0, 4096, 33_000, 70_000, 300_000, 800_000)
"""Bytes that any file may have. The shared memory of SQLite takes 32 768."""
PEOPLE = 1500


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with Company(tmp_path, seed=1, hub="embedded") as company:
        company.add(PEOPLE)
        yield company


def clear(company: Company, told: tuple[int, str, str]) -> None:
    """The command failed with one sentence."""
    status, _, err = told
    assert status == 1, err
    assert err.count("\n") == 1
    assert "disk" in err
    assert "Something went wrong" not in err
    assert not (company.workspace / "errors.log").exists()


def test_a_run_that_finds_no_room_leaves_the_last_commit_and_the_next_one_finishes(company: Company) -> None:
    for most in SIZES:
        clear(company, company.tried("run", SYNC, most=most))
        assert company.wrong() == []
        assert company.standing().items() <= company.expected().items()
    company.run()
    assert company.standing() == company.expected()
    told = json.loads(company.call("runs", "--json"))["runs"]
    assert sum(run["counts"]["new"] for run in told) == PEOPLE


def test_an_edit_and_a_dump_that_find_no_room_change_nothing(company: Company) -> None:
    company.run()
    old = company.folder / "dump.json"
    company.call("dump", str(old))
    before = old.read_bytes()
    for most in SIZES[:3]:
        clear(company, company.tried("dump", str(old), most=most))
        assert old.read_bytes() == before
    for most in SIZES[:2]:
        clear(company, company.tried("rename", SYNC, "Nobody", most=most))
        assert company.wrong() == []
    assert SYNC in company.call("syncs")
    company.call("rename", SYNC, "Somebody")
    company.call("dump", str(old))
    assert [path.name for path in company.folder.glob("*dump*")] == ["dump.json"]


def test_a_backup_that_finds_no_room_leaves_nothing_and_the_edit_is_made(company: Company) -> None:
    company.run()
    backups = company.workspace / "backups"
    for path in backups.iterdir():
        path.unlink()
    assert company.tried("rename", SYNC, "Renamed", most=200_000) == (0, "", 'It is called "Renamed" now.\n')
    assert list(backups.iterdir()) == []
    assert "no backup was made today" in company.call("log")
    assert company.wrong() == []
    company.call("rename", "Renamed", SYNC)
    assert len(list(backups.iterdir())) == 1


@pytest.mark.parametrize("arguments", [("demo", "--no-ui"), ("simulate", "--port", "0")], ids=["demo", "simulate"])
def test_an_organisation_that_finds_no_room_is_told_as_that(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    program = [sys.executable, "-m", "tui_sync", "--workspace", str(tmp_path / "w"), *arguments]
    command = [sys.executable, "-c", LIMITED, "900000", *program]
    done = subprocess.run(command, cwd=HOME, env=ENVIRONMENT, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "organisation.db" in done.stderr
    assert "disk" in done.stderr
    assert not (tmp_path / "w" / "errors.log").exists()


def test_a_full_disk_says_so_and_all_is_well_after_room_is_made(company: Company) -> None:
    """On a small disk of a namespace of its own, which an ordinary user may make where the system allows it."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-Urm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    disk = company.folder / "disk"
    disk.mkdir()
    done = subprocess.run(
        [unshare, "-Urm", sys.executable, "-m", "tests.reliability.small_disk", str(company.workspace), str(disk)],
        cwd=HOME, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *steps, told = [json.loads(line) for line in done.stdout.splitlines()]
    full = [step for step in steps if step["free"] < 3000]
    assert len(full) >= 4
    for step in full:
        assert (step["status"], step["err"].count("\n"), "disk" in step["err"]) == (1, 1, True), step
        assert step["free"] > 20 or "the disk is full" in step["err"], step
    assert any("the disk is full" in step["err"] for step in full)
    [last] = [step for step in steps if step["free"] >= 3000]
    assert (last["status"], last["err"]) == (0, "")
    assert sum(run["counts"]["new"] for run in told["runs"]) == PEOPLE
    assert told["runs"][0]["result"] == "completed"
