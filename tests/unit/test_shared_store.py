"""What all processes of a workspace share: the call budget, noted lists, the version of the documents."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.engine.listed import FixedClock
from tui_sync.model.errors import Damaged, WrittenByNewer
from tui_sync.store import migrations
from tui_sync.store.locks import process_start
from tui_sync.store.rows import RowsDB
from tui_sync.store.workspace import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr("tui_sync.store.budget.time.time", lambda: moment[0])
    return moment


def test_an_endpoint_takes_its_limit_in_any_window_over_all_processes(tmp_path: Path, now: list[float]) -> None:
    first, second = (Workspace(tmp_path, FixedClock()) for _ in range(2))
    for number in range(475):
        assert (first, second)[number % 2].budget.reserve("subscribe", 475, 300) == 0.0
        now[0] += 0.1
    wait = first.budget.reserve("subscribe", 475, 300)
    assert wait == pytest.approx(300 - 47.5)
    assert second.budget.reserve("unsubscribe", 475, 300) == 0.0
    now[0] += wait + 0.01
    assert second.budget.reserve("subscribe", 475, 300) == 0.0
    assert first.budget.reserve("subscribe", 475, 300) > 0
    for space in (first, second):
        space.close()


def test_an_endpoint_that_the_hub_has_locked_is_left_alone_by_every_process(tmp_path: Path, now: list[float]) -> None:
    first, second = (Workspace(tmp_path, FixedClock()) for _ in range(2))
    first.budget.lock("subscribe", 1800)
    assert second.budget.reserve("subscribe", 475, 300) == 1800
    assert second.budget.reserve("unsubscribe", 475, 300) == 0.0
    now[0] += 1801
    assert second.budget.reserve("subscribe", 475, 300) == 0.0
    for space in (first, second):
        space.close()


@pytest.mark.parametrize("back", [2.0, 3600.0, 10.0**8])
def test_calls_that_were_made_before_the_clock_was_set_back_are_counted_on(tmp_path: Path, now: list[float], back: float) -> None:
    space = Workspace(tmp_path, FixedClock())
    now[0] = 2 * 10.0**8
    for _ in range(475):
        assert space.budget.reserve("subscribe", 475, 300) == 0.0
    now[0] -= back
    assert space.budget.reserve("subscribe", 475, 300) == pytest.approx(300)
    now[0] += 301
    assert space.budget.reserve("subscribe", 475, 300) == 0.0
    space.close()


def test_the_lock_of_an_endpoint_lasts_no_longer_for_a_clock_that_was_set_back(tmp_path: Path, now: list[float]) -> None:
    space = Workspace(tmp_path, FixedClock())
    now[0] = 10.0**8
    space.budget.lock("subscribe", 1800)
    now[0] = 1_000.0
    assert space.budget.reserve("subscribe", 475, 300) == 1800
    now[0] += 1801
    assert space.budget.reserve("subscribe", 475, 300) == 0.0
    space.close()


def test_a_noted_list_keeps_its_key_when_the_hub_gives_it_one(tmp_path: Path) -> None:
    space = Workspace(tmp_path, FixedClock())
    noted = space.lists.note("Winter")
    assert (noted.noted, space.lists.hub_key(noted.key)) == (True, "")
    assert space.lists.note("WINTER").key == noted.key
    space.lists.created(noted.key, "hub-1")
    assert space.lists.hub_key(noted.key) == "hub-1"
    assert not space.lists.noted()[noted.key].noted
    assert space.lists.hub_key("another") == "another"
    space.close()


def test_a_workspace_of_a_newer_program_is_refused_untouched(tmp_path: Path) -> None:
    space = Workspace(tmp_path, FixedClock())
    space.db.version = migrations.VERSION + 1
    space.close()
    with pytest.raises(WrittenByNewer, match="newer tui-sync"):
        Workspace(tmp_path, FixedClock())


@pytest.mark.parametrize("version", [-1, 11_993_090])
def test_a_version_that_no_program_has_is_damage(tmp_path: Path, version: int) -> None:
    space = Workspace(tmp_path, FixedClock())
    space.db.version = version
    space.close()
    with pytest.raises(Damaged, match="is said to be of version"):
        Workspace(tmp_path, FixedClock())


def test_each_migration_lifts_the_documents_by_one_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace(tmp_path, FixedClock()).close()

    def rename(db: RowsDB) -> None:
        db.table("syncs").insert({"id": "s9", "name": "made by the step"})

    version = migrations.VERSION
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, rename))
    monkeypatch.setattr(migrations, "VERSION", version + 1)
    space = Workspace(tmp_path, FixedClock())
    assert space.db.version == version + 1
    assert [document["name"] for document in space.db.table("syncs")] == ["made by the step"]
    space.close()
    reopened = Workspace(tmp_path, FixedClock())
    assert len(reopened.db.table("syncs")) == 1
    reopened.close()


def test_of_two_programs_that_open_an_old_workspace_at_once_one_migrates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace(tmp_path, FixedClock()).close()

    def step(db: RowsDB) -> None:
        db.table("syncs").insert({"id": "s9", "name": "made by the step"})

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    batch, others = RowsDB.batch, [None]

    def overtaken(db: RowsDB) -> AbstractContextManager[None]:
        if others:
            others.clear()
            Workspace(tmp_path, FixedClock()).close()
        return batch(db)

    monkeypatch.setattr(RowsDB, "batch", overtaken)
    space = Workspace(tmp_path, FixedClock())
    assert (space.db.version, [row["id"] for row in space.db.table("syncs")]) == (migrations.VERSION, ["s9"])
    space.close()


def test_a_migration_that_fails_leaves_the_version_and_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace(tmp_path, FixedClock()).close()

    def half(db: RowsDB) -> None:
        db.table("syncs").insert({"id": "s9", "name": "half"})
        raise RuntimeError("broken step")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, half))
        patched.setattr(migrations, "VERSION", migrations.VERSION + 1)
        with pytest.raises(RuntimeError):
            Workspace(tmp_path, FixedClock())
    space = Workspace(tmp_path, FixedClock())
    assert (space.db.version, len(space.db.table("syncs"))) == (migrations.VERSION, 0)
    space.close()


def test_a_full_fetch_that_the_first_version_was_asked_for_is_asked_for_still(tmp_path: Path) -> None:
    space = Workspace(tmp_path, FixedClock())
    cursor = {"watermark": "2026-03-01T00:00:00Z", "full_at": "2026-03-01T00:00:00Z", "definition": "d", "read": 1}
    space.db.table("cursors").insert({**cursor, "sync": "s1", "full_because": "a setting changed"})
    space.db.table("cursors").insert({**cursor, "sync": "s2"})
    space.db.version = 1
    space.close()
    lifted = Workspace(tmp_path, FixedClock())
    asked = lifted.ledger.full_fetch("s1")
    assert (asked and asked.because, lifted.ledger.full_fetch("s2")) == ("a setting changed", None)
    assert lifted.ledger.cursor("s1") is not None
    lifted.close()


@pytest.mark.parametrize("reused", [True, False])
def test_a_lock_of_another_user_is_taken_over_only_where_its_process_is_not_the_same_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reused: bool
) -> None:
    space, other = Workspace(tmp_path, FixedClock()), os.getppid()

    def forbidden(pid: int, signal: int) -> None:
        raise PermissionError

    assert space.locks.take("list:x", "a run") == ""
    mine = space.locks._shelf.get("list:x")
    assert mine is not None
    space.locks._shelf.put(replace(mine, pid=other, started="7" if reused else process_start(other)))
    monkeypatch.setattr("tui_sync.store.locks.os.kill", forbidden)
    assert (space.locks.take("list:x", "another run") == "") is reused
    space.close()


def test_a_program_that_got_the_number_of_one_that_was_killed_takes_over_its_lock(tmp_path: Path) -> None:
    """As in a container that is started again: its program has the number that the killed one had."""
    space = Workspace(tmp_path, FixedClock())
    space.locks.take("list:x", "a run")
    mine = space.locks._shelf.get("list:x")
    assert mine is not None
    space.locks._shelf.put(replace(mine, started="7"))
    space.locks._held.clear()
    assert space.locks.take("list:x", "another run") == ""
    space.close()


@pytest.mark.parametrize("silent", [True, False])
def test_a_lock_of_another_container_is_taken_over_only_once_its_holder_is_silent(tmp_path: Path, silent: bool) -> None:
    """Numbers of processes are counted anew in each container, so that of the holder says nothing here."""
    space = Workspace(tmp_path, FixedClock())
    space.locks.take("list:x", "a run")
    mine = space.locks._shelf.get("list:x")
    assert mine is not None
    space.locks._shelf.put(replace(mine, started="7", pids="pid:[1]", beat=1.0 if silent else mine.beat))
    space.locks._held.clear()
    assert (space.locks.take("list:x", "another run") == "") is silent
    space.close()


def test_a_process_that_was_asleep_keeps_no_lock_alive_that_another_machine_has_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = Workspace(tmp_path, FixedClock())
    for name in ("list:mine", "list:theirs"):
        space.locks.take(name, "a run")
    mine = space.locks._shelf.get("list:mine")
    assert mine is not None
    space.locks._shelf.put(replace(mine, beat=1.0))
    theirs = replace(mine, name="list:theirs", host="elsewhere", beat=1.0)
    space.locks._shelf.put(theirs)
    monkeypatch.setattr("tui_sync.store.locks.BEAT", 0.0)
    space.locks.beat()
    assert space.locks._shelf.get("list:theirs") == theirs
    assert space.locks._shelf.get("list:mine") != replace(mine, beat=1.0)
    space.close()


HOLDER = """
import sys
from pathlib import Path
from tests.engine.listed import FixedClock
from tui_sync.store.workspace import Workspace
space = Workspace(Path(sys.argv[1]), FixedClock())
assert space.locks.take("list:x", "a run") == ""
"""


def test_the_lock_of_a_program_that_has_ended_is_free_though_its_parent_never_asks_for_its_end(tmp_path: Path) -> None:
    """As in a container whose first process looks after nobody: the number of the program stays taken."""
    Workspace(tmp_path, FixedClock()).close()
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        space = Workspace(tmp_path, FixedClock())
        assert space.locks._shelf.get("list:x") is not None
        os.kill(ended.pid, 0)
        assert space.locks.take("list:x", "another run") == ""
        space.close()
    assert ended.returncode == 0
