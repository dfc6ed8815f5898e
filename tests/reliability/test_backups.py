"""Backups: when they are made, which are kept, and how one is put back."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.engine.stage import Stage
from tests.reliability.company import HOME
from tui_sync import bootstrap
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services import restoring, syncs
from tui_sync.store import migrations
from tui_sync.store.backups import MIGRATION, Backups, problems_of
from tui_sync.store.rows import RowsDB
from tui_sync.store.workspace import FILE, Workspace

OPEN = """
import sys
from contextlib import closing
from pathlib import Path

from tests.engine.listed import FixedClock
from tui_sync.store.workspace import Workspace

with closing(Workspace(Path(sys.argv[1]), FixedClock())):
    print("open", flush=True)
    sys.stdin.read()
"""
"""Has a workspace open until its input ends."""
KILLED_DOCTOR = """
import os, sys
from pathlib import Path

from tui_sync.services import restoring
from tui_sync.store.backups import Backups

restoring.problems = lambda _: os._exit(1)
restoring.wrong_with(Path(sys.argv[1]), Backups(Path(sys.argv[2])))
"""



@pytest.fixture
def tui(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program on a workspace with one sync that has brought ten people in."""
    program = Program(tmp_path / "workspace", capsys)
    Workspace(program.folder, program.clock).close()
    monkeypatch.setattr(bootstrap, "open_desk", program.open)
    program.people(10)
    program.apply()
    assert program("run", "Newsletter").status == 0
    return program


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A workspace that is open for days."""
    opened = Stage(tmp_path / "stage")
    yield opened
    opened.close()


def copies(tui: Program) -> list[str]:
    return [backup.path.name for backup in Backups(tui.folder / FILE).all()]


def scribble(tui: Program) -> None:
    """Damage the database so that it does not open."""
    with (tui.folder / FILE).open("r+b") as file:
        file.write(b"no database any more")


def test_a_backup_clears_what_one_that_was_killed_has_left_and_not_what_a_living_process_writes(stage: Stage) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    backups = stage.space.backups
    backups.folder.mkdir(exist_ok=True)
    left = [backups.folder / f".daily-20260101T000000Z.db.{ended.pid}.new{end}" for end in ("", "-journal")]
    written = backups.folder / f".daily-20260101T000000Z.db.{os.getppid()}.new"
    elsewhere = backups.folder / f".daily-20260102T000000Z.db.{ended.pid}.new"  # by a process of that number on another machine
    for path in (*left, written, elsewhere):
        path.touch()
    for path in (*left, written):
        os.utime(path, (0, 0))
    backups.make(MIGRATION, stage.clock.now())
    assert [path.exists() for path in (*left, written, elsewhere)] == [False, False, True, True]


def test_a_copy_that_was_looked_at_by_a_killed_doctor_does_not_stay(stage: Stage) -> None:
    backups = stage.space.backups
    copy = backups.make(MIGRATION, stage.clock.now())
    subprocess.run([sys.executable, "-c", KILLED_DOCTOR, str(copy), str(backups.file)], check=False)
    [left] = backups.folder.glob(".doctor.*")
    assert (left / FILE).stat().st_size > 0
    os.utime(left, (0, 0))
    backups.make(MIGRATION, stage.clock.now() + timedelta(days=1))
    assert not left.exists()


def test_a_run_whose_number_is_none_is_damage_that_the_doctor_tells(tui: Program) -> None:
    with closing(sqlite3.connect(tui.folder / FILE, isolation_level=None)) as database:
        database.execute("UPDATE runs SET doc = json_set(doc, '$.id', '1q')")
    ended = tui("doctor")
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.startswith("! The database is damaged: ")


def test_the_first_change_of_a_day_makes_a_copy_for_the_owner_only_and_reading_makes_none(tui: Program) -> None:
    made = copies(tui)
    tui.clock.pass_by(days=1)
    assert tui("syncs").status == 0
    assert copies(tui) == made
    tui("rename", "Newsletter", "News")
    tui("rename", "News", "Newsletter")
    assert len(copies(tui)) == len(made) + 1
    path = tui.folder / "backups" / copies(tui)[0]
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert problems_of(path) == []
    with RowsDB(path) as copy:
        assert [row["name"] for row in copy.table("syncs").all()] == ["Newsletter"]


def test_the_last_seven_days_are_kept(tui: Program) -> None:
    for day in range(10):
        tui.clock.pass_by(days=1)
        tui("rename", f"News {day - 1}" if day else "Newsletter", f"News {day}")
    names = copies(tui)
    assert len(names) == 7
    assert names == sorted(names, reverse=True)


def test_a_migration_keeps_the_database_before_it(tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(db: RowsDB) -> None:
        db.table("syncs").update({"name": "Migrated"})

    version = migrations.VERSION
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    monkeypatch.setattr(migrations, "VERSION", version + 1)
    assert "Migrated" in tui("syncs").out
    [before] = [one for one in Backups(tui.folder / FILE).all() if one.kind == MIGRATION]
    with RowsDB(before.path) as copy:
        assert (copy.version, copy.table("syncs").all()[0]["name"]) == (version, "Newsletter")


def test_a_damaged_database_is_not_copied_and_nothing_is_written_into_it(tui: Program) -> None:
    made = copies(tui)
    tui.clock.pass_by(days=1)
    path = tui.folder / FILE
    content = bytearray(path.read_bytes())
    content[-8192:] = b"\xff" * 8192
    path.write_bytes(content)
    ended = tui("rename", "Newsletter", "News")
    assert (ended.status, ended.err.count("\n"), "tui-sync doctor" in ended.err) == (1, 1, True)
    assert copies(tui) == made


def test_a_folder_that_takes_no_backup_stops_no_work_and_is_in_the_log(tui: Program) -> None:
    for one in (tui.folder / "backups").iterdir():
        one.unlink()
    (tui.folder / "backups").rmdir()
    (tui.folder / "backups").write_text("in the way")
    assert tui("rename", "Newsletter", "News").status == 0
    assert "no backup was made today" in tui("log").out


def test_a_program_that_goes_on_past_midnight_makes_one_before_its_first_change_of_the_new_day(stage: Stage) -> None:
    stage.sync("Newsletter")
    assert stage.space.backups.all() == []
    for day in (1, 2):
        stage.clock.pass_by(days=1)
        list(stage.space.log.lines())
        assert len(stage.space.backups.all()) == day - 1
        syncs.rename(stage.desk, stage.space.syncs.all()[0].name, f"News {day}")
        stage.desk.log("something else")
        assert len(stage.space.backups.all()) == day
    with RowsDB(stage.space.backups.all()[0].path) as copy:
        assert [row["name"] for row in copy.table("syncs").all()] == ["News 1"]


def test_that_no_backup_can_be_made_is_noted_once_a_day_however_many_programs_try_it(stage: Stage) -> None:
    stage.space.write_connection(Connection(kind=ConnectionKind.ZOHO, hub=HubKind.EMBEDDED))
    stage.space.backups.folder.write_text("in the way")

    def noted() -> int:
        return sum(line.what.startswith("no backup was made today") for line in stage.space.log.lines())

    for day in (1, 2):
        for _ in range(3):
            stage.wait_for(restoring.daily(stage.desk))
        other = Workspace(stage.folder, stage.clock)
        other.log.add("something", "test")
        other.close()
        assert noted() == day
        stage.clock.pass_by(days=1)
    stage.space.backups.folder.unlink()
    stage.wait_for(restoring.daily(stage.desk))
    assert (noted(), len(stage.space.backups.all())) == (2, 1)


def test_programs_that_go_on_for_days_make_it_beside_the_event_loop(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.sync("Newsletter")
    stage.space.write_connection(Connection(kind=ConnectionKind.ZOHO, hub=HubKind.EMBEDDED))
    where: list[threading.Thread] = []
    make = Backups.make

    def noting(self: Backups, kind: str, now: object) -> Path:
        where.append(threading.current_thread())
        return make(self, kind, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Backups, "make", noting)
    for _ in range(2):
        stage.wait_for(restoring.daily(stage.desk))
    syncs.rename(stage.desk, "Newsletter", "News")
    assert len(where) == 1
    assert where[0] is not threading.main_thread()
    stage.clock.pass_by(days=1)
    stage.wait_for(restoring.daily(stage.desk))
    assert len(stage.space.backups.all()) == 2


def test_the_doctor_puts_the_last_good_backup_back_and_says_what_is_lost(tui: Program) -> None:
    tui.clock.pass_by(days=1)
    tui("rename", "Newsletter", "News")
    tui.recruit.add("11", "11@example.org")
    assert tui("run", "News").status == 0
    assert [run["id"] for run in tui("runs", "--json").json("runs")] == ["2", "1"]
    path = tui.folder / FILE
    content = bytearray(path.read_bytes())
    content[28:32] = b"\xff" * 4
    path.write_bytes(content)
    scribble(tui)
    for command in ("syncs", "runs", "limits", "log", "export"):
        ended = tui(command)
        assert (ended.status, ended.out, ended.err.count("\n"), "tui-sync doctor" in ended.err) == (1, "", 1, True)
    seen = tui("doctor")
    assert seen.status == 1
    assert "tui-sync doctor --restore" in seen.out
    back = tui("doctor", "--restore")
    assert back.status == 0
    assert "cannot be read from the damaged file" in back.out
    [kept] = tui.folder.glob("workspace.db.damaged-*Z")
    assert kept.read_bytes().startswith(b"no database any more")
    assert tui("syncs", "--json").json("syncs")[0]["name"] == "Newsletter"
    assert tui("doctor").status == 0
    again = tui("run", "Newsletter", "--json").json("run")
    assert (again["full"], again["counts"]["total"]) == (True, 11)
    assert "put daily-" in tui("log").out


def test_without_damage_only_a_named_file_is_put_back_and_the_lost_runs_are_named(tui: Program) -> None:
    tui.clock.pass_by(days=1)
    tui("rename", "Newsletter", "News")
    tui("run", "News")
    refused = tui("doctor", "--restore")
    assert (refused.status, "whole" in refused.err) == (2, True)
    backup = tui.folder / "backups" / copies(tui)[0]
    done = tui("doctor", "--restore", str(backup))
    assert done.status == 0
    assert 'Lost: run 2 of "News"' in done.out
    assert tui("syncs", "--json").json("syncs")[0]["name"] == "Newsletter"
    [kept] = tui.folder.glob("workspace.db.replaced-*Z")
    tui("doctor", "--restore", str(kept))
    assert tui("syncs", "--json").json("syncs")[0]["name"] == "News"


def test_a_workspace_of_a_newer_version_is_not_taken_for_damaged_and_replaced_by_a_named_backup_only(tui: Program) -> None:
    tui("rename", "Newsletter", "News")
    with closing(sqlite3.connect(tui.folder / FILE)) as newer:
        newer.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    for arguments in (("doctor",), ("doctor", "--restore"), ("syncs",)):
        ended = tui(*arguments)
        assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
        assert ended.err.endswith("Install the newer version.\n")
    assert not list(tui.folder.glob("workspace.db.*Z"))
    assert tui("doctor", "--restore", str(tui.folder / "backups" / copies(tui)[0])).status == 0
    assert len(list(tui.folder.glob("workspace.db.replaced-*Z"))) == 1
    assert tui("syncs").status == 0


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(content: bytes | None, tui: Program, tmp_path: Path) -> None:
    other = tmp_path / "other"
    if content is not None:
        other.write_bytes(content)
    before = (tui.folder / FILE).read_bytes()
    ended = tui("doctor", "--restore", str(other))
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert (tui.folder / FILE).read_bytes() == before


def test_a_workspace_that_another_program_has_open_is_not_put_back(tui: Program) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, str(tui.folder)], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        backups = Backups(tui.folder / FILE)
        assert backups.in_use()
        ended = tui("doctor", "--restore", str(backups.all()[0].path))
        assert (ended.status, "open. End it first" in ended.err) == (1, True)
        other.communicate()
    assert not backups.in_use()


@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_database_that_is_gone_is_not_begun_anew_over_its_backups(how: str, tui: Program) -> None:
    path = tui.folder / FILE
    path.unlink()
    if how == "empty":
        path.touch()
    ended = tui("syncs")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert f"is {how}, though there are backups of it. Run tui-sync doctor." in ended.err
    assert tui("doctor").status == 1
    assert tui("doctor", "--restore").status == 0
    assert tui("doctor").status == 0


def test_without_a_good_backup_the_doctor_names_the_dump(tui: Program) -> None:
    for one in (tui.folder / "backups").iterdir():
        one.write_bytes(b"cut")
    scribble(tui)
    assert "tui-sync --workspace DIR load FILE" in tui("doctor").out
    assert tui("doctor", "--restore").status == 1


def test_a_workspace_of_a_newer_program_is_refused_and_its_database_stays(tui: Program) -> None:
    with RowsDB(tui.folder / FILE) as db:
        db.version = 99
    ended = tui("syncs")
    assert (ended.status, "newer" in ended.err) == (1, True)
