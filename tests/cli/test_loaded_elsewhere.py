"""A workspace that was made on another machine, or by hand: what this one does not know is told, and no command breaks of it."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cli.conftest import NEWSLETTER, Program
from tui_sync.store.backups import Backups
from tui_sync.store.workspace import FILE, Workspace


@pytest.mark.parametrize(
    "command",
    [
        ("run", "Newsletter"), ("run", "Newsletter", "--dry-run"), ("run", "Newsletter", "--full"), ("syncs",),
        ("show", "Newsletter"), ("show", "Newsletter", "--json"), ("health",), ("health", "--json"), ("limits",), ("export",),
        ("policies", "Newsletter"), ("deactivate", "Newsletter"), ("duplicate", "Newsletter", "Copy"), ("doctor",),
        ("explain", "1@example.org"), ("retry", "1"), ("repair", "Newsletter"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_breaks_of_a_time_zone_that_this_machine_does_not_know(tui: Program, command: tuple[str, ...]) -> None:
    tui.people(1)
    tui.apply(NEWSLETTER + 'frequency = "daily"\nat = "10:00"\n')
    assert tui("run", "Newsletter").status == 0
    with closing(Workspace(tui.folder, tui.clock)) as space:
        [sync] = space.syncs.all()
        schedule = msgspec.structs.replace(sync.schedule, timezone="Mars/Base")
        space.syncs.put(msgspec.structs.replace(sync, schedule=schedule))
    ended = tui(*command)
    assert "Something went wrong" not in ended.err
    assert ended.status in (0, 1, 2)
    if command == ("health",):
        assert 'Newsletter: broken. The time zone "Mars/Base" is not known here.' in ended.out
    if command == ("syncs",):
        assert "active, broken" in ended.out
    if command[0] == "run":
        assert 'The time zone "Mars/Base" is not known here. Name one such as Europe/Berlin.' in ended.err


@pytest.mark.parametrize(
    ("table", "document", "told"),
    [
        ("syncs", {"name": "Newsletter"}, 'table "syncs", document 99: Object missing required field `id`'),
        ("runs", {"id": "9", "result": "lost"}, 'table "runs", document 99: '),
        ("syncs", {"id": "9", "name": "\ud800"}, 'table "syncs", document 99: '),
        ("meta", {"value": 1}, 'table "meta", document 99: Object missing required field `name`'),
        ("meta", {"name": "settings", "value": {"timezone": 5}}, "document settings is damaged: Expected `str`, got `int`"),
    ],
)
def test_a_dump_whose_documents_do_not_fit_is_refused_with_their_place_and_leaves_the_workspace_empty(
    tui: Program, tmp_path: Path, table: str, document: dict[str, Any], told: str
) -> None:
    tui.people(1)
    tui.apply()
    file = tmp_path / "dump.json"
    tui("dump", str(file))
    tables = json.loads(file.read_text())
    tables.setdefault(table, {})["99"] = document
    file.write_text(json.dumps(tables))
    tui.folder = tmp_path / "other"
    ended = tui("load", str(file))
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith(f"{file} does not fit: ")
    assert told in ended.err
    assert tui("doctor").status == 0
    assert json.loads(tui("syncs", "--json").out) == {"syncs": []}


def test_a_workspace_whose_time_zone_this_machine_does_not_know_is_told_with_the_setting_and_is_not_damaged(
    tui: Program, tmp_path: Path
) -> None:
    tui.people(1)
    tui.apply()
    assert tui("settings", "set", "timezone", "Europe/Berlin").status == 0
    file = tmp_path / "dump.json"
    tui("dump", str(file))
    file.write_text(file.read_text().replace("Europe/Berlin", "Mars/Base"))
    tui.folder = tmp_path / "other"
    assert tui("load", str(file)).status == 0
    told = (
        'The time zone "Mars/Base" of the workspace is not known here. '
        "Set another one: tui-sync settings set timezone Europe/Berlin"
    )
    for command in ("syncs", "show Newsletter", "run Newsletter", "health", "limits", "log", "daemon --once"):
        ended = tui(*command.split())
        assert (ended.status, ended.out, ended.err) == (2, "", f"{told}\n"), command
    looked = tui("doctor")
    assert looked.status == 0
    assert f"! {told}" in looked.out.splitlines()
    assert tui(*told.rpartition("tui-sync ")[2].split()).status == 0
    assert tui("run", "Newsletter").status == 0


def test_a_file_that_is_put_back_may_lie_where_nothing_can_be_written(tui: Program, tmp_path: Path) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    shutil.copyfile(tui.folder / FILE, medium / "kept.db")  # with a log that SQLite would make anew beside it
    before = medium.stat().st_mtime_ns
    done = tui("doctor", "--restore", str(medium / "kept.db"))
    assert (done.status, done.err) == (0, "")
    assert "kept.db is in place." in done.out
    assert medium.stat().st_mtime_ns == before


def test_a_file_whose_last_changes_stand_beside_it_is_put_back_once_they_are_joined(tui: Program, tmp_path: Path) -> None:
    tui.people(1)
    tui.apply()
    with closing(Workspace(tui.folder, tui.clock)) as space:
        space.log.add("the last change", "test")
        copied = tmp_path / "copied"
        copied.mkdir(mode=0o700)
        for end in ("", "-wal"):
            shutil.copyfile(tui.folder / f"{FILE}{end}", copied / f"{FILE}{end}")
    refused = tui("doctor", "--restore", str(copied / FILE))
    assert (refused.status, refused.out) == (2, "")
    assert f"is not whole by itself: what was changed last stands in {FILE}-wal." in refused.err
    here, tui.folder = tui.folder, copied
    assert tui("doctor").status == 0
    tui.folder = here
    assert tui("doctor", "--restore", str(copied / FILE)).status == 0
    assert "the last change" in tui("log").out


def test_what_two_files_have_replaced_within_one_second_is_kept_both_times(tui: Program, tmp_path: Path) -> None:
    backups, first, second = Backups(tui.folder / FILE), tmp_path / "1.db", tmp_path / "2.db"
    there = backups.file.read_bytes()
    for file in (first, second):
        shutil.copyfile(backups.file, file)
        file.write_bytes(there + file.name.encode())
    kept = [backups.put_back(file, ".replaced-20261127T120000Z") for file in (first, second)]
    assert [path.name for path in kept] == [f"{FILE}.replaced-20261127T120000Z", f"{FILE}.replaced-20261127T120000Z-2"]
    assert [path.read_bytes() for path in kept] == [there, first.read_bytes()]
    assert backups.file.read_bytes() == second.read_bytes()
