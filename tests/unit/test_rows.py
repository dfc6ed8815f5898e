"""What RowsDB promises beyond TinyDB's API: transactions, indexes, keys, several processes, damage told."""

from __future__ import annotations

import random
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from tinydb import where
from tinydb.queries import QueryInstance

from tui_sync.model.errors import Damaged, RunError
from tui_sync.store import rowfile
from tui_sync.store.rows import RowsDB, TableSpec

PEOPLE = {"people": TableSpec(indexes=("email", "list+state"), key="key")}

MOUNTS = r"""rootfs / rootfs rw 0 0
/dev/sda1 / ext4 rw 0 0
/dev/sdc1 /work ext4 rw 0 0
nas:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local xfs rw 0 0
//nas/s /mnt/my\040share cifs rw 0 0
ann@host:/work /work fuse.sshfs rw 0 0
odd
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workspace.db"


def test_the_file_and_its_companions_are_for_the_owner_only(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert({"a": 1})
        assert db.journal_mode == "wal"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(("workspace.db", "workspace.db-wal", "workspace.db-shm"), 0o600)


def test_commits_are_durable_and_wait_for_others(file: Path) -> None:
    with RowsDB(file) as db:
        assert [db.rows.fetch(f"PRAGMA {name}") for name in ("synchronous", "busy_timeout")] == [[(2,)], [(30_000,)]]


def test_what_is_written_is_there_after_reopening(file: Path) -> None:
    with RowsDB(file) as db:
        db.table("a").insert({"name": "Zoë"})
    with RowsDB(file) as db:
        assert db.table("a").all() == [{"name": "Zoë"}]


def test_a_batch_is_one_commit_over_several_tables(file: Path) -> None:
    with RowsDB(file) as db, RowsDB(file) as other:
        with db.batch():
            db.table("a").insert({"n": 1})
            db.table("b").insert({"n": 2})
            assert other.tables() == set()
        assert other.table("a").all() + other.table("b").all() == [{"n": 1}, {"n": 2}]


def test_an_exception_undoes_the_whole_batch(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert({"n": 0})
        with suppress(KeyError), db.batch():
            db.insert({"n": 1})
            with db.batch():
                db.table("new").insert({"n": 2})
            raise KeyError
        assert db.all() == [{"n": 0}]
        assert db.tables() == {"_default"}


def test_an_inner_batch_that_fails_undoes_its_own_writes_only(file: Path) -> None:
    with RowsDB(file) as db:
        with db.batch():
            db.insert({"n": 1})
            with suppress(KeyError), db.batch():
                db.table("new").insert({"n": 2})
                raise KeyError
            db.table("new").insert({"n": 3})
        assert db.all() + db.table("new").all() == [{"n": 1}, {"n": 3}]


def test_a_write_that_fails_half_way_leaves_nothing(file: Path) -> None:
    with RowsDB(file) as db:
        with pytest.raises(TypeError):
            db.insert_multiple([{"a": 1}, {"a": {1, 2}}])
        assert db.all() == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (where("key") == "k7", "key"),
        (where("email") == "e3", "email"),
        ((where("list") == "l1") & (where("state") == "s1"), "list+state"),
        ((where("list") == "l1") & (where("state") == "s1") & (where("n") > 50), "list+state"),
        ((where("email") == "e3") & ~(where("n") == 3), "email"),
        (where("email") == None, "email"),  # noqa: E711 - TinyDB's way to ask for None
        (where("list") == "l1", ""),
        (where("email").matches("e3"), ""),
        ((where("email") == "e3") | (where("n") == 3), ""),
        (where("email") == ["e3"], ""),
        (where("email")["deep"] == "e3", ""),
    ],
)
def test_equality_on_declared_fields_uses_their_index(
    file: Path, query: QueryInstance, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        {"key": f"k{n}", "email": f"e{n % 9}", "list": f"l{n % 2}", "state": f"s{n % 3}", "n": n} for n in range(100)
    ] + [{"key": "none", "email": None}, {"key": "list", "email": ["e3"]}]
    with RowsDB(file, PEOPLE) as db:
        people = db.table("people")
        people.insert_multiple(documents)
        plans: list[str] = []
        fetch = db.rows.fetch

        def explained(sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
            plans.extend(row[3] for row in fetch("EXPLAIN QUERY PLAN " + sql, values))
            return list(fetch(sql, values))

        monkeypatch.setattr(db.rows, "fetch", explained)
        assert people.search(query) == [document for document in documents if query(document)]
        used = re.search(r"INDEX people (?:unique )?index (\S+)", plans[0])
        assert (used[1] if used else "") == index


def test_an_index_follows_every_change_of_its_document(file: Path) -> None:
    with RowsDB(file, PEOPLE) as db:
        people = db.table("people")
        people.insert_multiple([{"key": "1", "email": "a"}, {"key": "2", "email": "b"}])
        people.update({"email": "c"}, where("email") == "a")
        people.upsert({"key": "2", "email": "d"}, where("key") == "2")
        people.update_multiple([({"list": "x", "state": "y"}, where("email") == "d")])
        assert [len(people.search(where("email") == email)) for email in "abcd"] == [0, 0, 1, 1]
        assert people.count((where("list") == "x") & (where("state") == "y")) == 1
        people.remove(where("email") == "c")
        assert people.get(where("email") == "c") is None


def test_an_index_declared_later_knows_the_documents_that_are_there(file: Path) -> None:
    with RowsDB(file) as db:
        db.table("people").insert_multiple({"key": str(n), "email": f"e{n % 2}"} for n in range(1200))
    with RowsDB(file, PEOPLE) as db:
        assert len(db.table("people").search(where("email") == "e1")) == 600
        with pytest.raises(ValueError, match="another document with key '7'"):
            db.table("people").insert({"key": "7"})


def test_a_process_that_declares_nothing_keeps_the_indexes_right(file: Path) -> None:
    with RowsDB(file, PEOPLE) as db, RowsDB(file) as plain:
        plain.table("people").insert({"key": "1", "email": "a"})
        plain.table("people").update({"email": "b"})
        assert db.table("people").search(where("email") == "b") == [{"key": "1", "email": "b"}]


def test_a_key_is_there_once(file: Path) -> None:
    with RowsDB(file, PEOPLE) as db:
        people = db.table("people")
        people.insert_multiple([{"key": "1"}, {"key": "2"}, {}, {}])
        with pytest.raises(ValueError, match='table "people" has another document with key \'1\''):
            people.insert({"key": "1"})
        with pytest.raises(ValueError, match="another document"):
            people.update({"key": "1"}, where("key") == "2")
        assert people.all() == [{"key": "1"}, {"key": "2"}, {}, {}]


def test_names_that_sql_would_mix_up_are_tables_of_their_own(file: Path) -> None:
    names = {"a", "A", 'quo"te', "per%41cent", "sqlite_x", "a b;--", "Ünï", "_default"}
    with RowsDB(file, {"A": TableSpec(indexes=("id", "doc"), key="key")}) as db:
        for name in names:
            db.table(name).insert({"name": name, "id": 5, "doc": 6, "key": "k"})
        assert db.tables() == names
        assert all(db.table(name).all()[0]["name"] == name for name in names)
        assert db.table("A").count(where("id") == 5) == 1


def test_iteration_pages_so_that_writing_between_two_steps_is_safe(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert_multiple({"n": n} for n in range(1200))
        seen = []
        for document in db:
            seen.append(document["n"])
            db.insert({"n": -1})
            db.remove(doc_ids=[document.doc_id])
        assert seen[:1200] == list(range(1200))
        assert len(seen) < 1300


def test_a_dropped_table_comes_back_with_its_next_write(file: Path) -> None:
    with RowsDB(file, PEOPLE) as db:
        people = db.table("people")
        people.insert({"key": "1"})
        db.drop_table("people")
        assert (db.tables(), len(people), people.all()) == (set(), 0, [])
        people.insert({"key": "2", "email": "a"})
        assert people.search(where("email") == "a") == [{"key": "2", "email": "a"}]


def test_the_version_is_kept_and_joins_a_batch(file: Path) -> None:
    with RowsDB(file) as db:
        assert db.version == 0
        db.version = 3
        with suppress(KeyError), db.batch():
            db.version = 4
            raise KeyError
    with RowsDB(file) as db:
        assert db.version == 3


@pytest.mark.parametrize("content", [b"no database, but as long as one " * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_told_as_damaged(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Damaged, match=r"workspace\.db is damaged: .*\. Run tui-sync doctor\."):
        RowsDB(file, PEOPLE)


def test_a_page_overwritten_later_is_told_by_integrity_and_by_reading(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert_multiple({"text": "x" * 500} for _ in range(100))
    content = bytearray(file.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    file.write_bytes(content)
    with RowsDB(file) as db:
        assert db.integrity()
        with pytest.raises(Damaged, match="Run tui-sync doctor"):
            db.all()


def test_integrity_names_a_document_that_is_not_json(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert_multiple([{"a": 1}, {"a": 2}])
        assert db.integrity() == []
        db.rows.execute("""UPDATE "_default" SET doc = '{"a":' WHERE id = 2""")
        assert db.integrity() == [f'{file} is damaged: document 2 of table "_default" is not a JSON object.']


def test_a_full_disk_is_told_and_changes_nothing(file: Path) -> None:
    with RowsDB(file) as db:
        db.insert({"a": 1})
        db.rows.execute("PRAGMA max_page_count = 10")
        with pytest.raises(RunError, match="was not changed: the disk is full"), db.batch():
            db.insert({"a": "x" * 100_000})
        assert db.all() == [{"a": 1}]
        db.insert({"a": 2})


def test_a_lock_that_is_held_too_long_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowfile, "WAIT", 0.01)
    with RowsDB(file) as db, closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(RunError, match="has been held by another process"):
            db.insert({"a": 1})


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be created: No such file or directory"):
        RowsDB(tmp_path / "none" / "w.db")


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/home/ann/w.db", True),
        ("/home/local/w.db", False),
        ("/home", True),
        ("/homes/w.db", False),
        ("/mnt/my share/w.db", True),
        ("/work/w.db", True),
        ("/", False),
    ],
)
def test_a_network_file_system_is_known_by_its_mount(path: str, network: bool) -> None:
    assert rowfile.on_network(Path(path), MOUNTS) is network


def test_on_a_network_file_system_the_rollback_journal_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RowsDB(file) as db:
        db.insert({"a": 1})
    monkeypatch.setattr(rowfile, "on_network", lambda path, mounts: True)
    with RowsDB(file) as db:
        assert db.journal_mode == "truncate"
        db.insert({"a": 2})
        assert db.all() == [{"a": 1}, {"a": 2}]


WRITER = """
import sys, pathlib
from tui_sync.store.rows import RowsDB, TableSpec
db = RowsDB(pathlib.Path(sys.argv[1]), {"items": TableSpec(indexes=("batch",))})
number = max((d["batch"] for d in db.table("batches")), default=0)
while True:
    number += 1
    with db.batch():
        db.table("items").insert_multiple({"batch": number, "text": "x" * 300} for _ in range(20))
        db.table("batches").insert({"batch": number})
    print(number, flush=True)
"""

INSERTER = """
import sys, pathlib
from tui_sync.store.rows import RowsDB, TableSpec
db = RowsDB(pathlib.Path(sys.argv[1]), {"items": TableSpec(indexes=("who",))})
for n in range(200):
    db.table("items").insert({"who": sys.argv[2], "n": n})
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_kill_at_any_moment_leaves_whole_batches_only(file: Path) -> None:
    moment = random.Random(20)
    confirmed = 0
    for _ in range(15):
        with start(WRITER, str(file)) as child:
            assert child.stdout is not None
            confirmed = int(child.stdout.readline())
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=moment.uniform(0, 0.06))
            child.kill()
            confirmed = max([confirmed, *(int(line) for line in child.stdout if line.endswith("\n"))])
        with RowsDB(file, {"items": TableSpec(indexes=("batch",))}) as db:
            assert db.integrity() == []
            batches = [document["batch"] for document in db.table("batches")]
            items = [document["batch"] for document in db.table("items")]
        assert batches == list(range(1, len(batches) + 1))
        assert len(batches) >= confirmed
        assert items == [batch for batch in batches for _ in range(20)]


def test_two_processes_that_insert_at_once_lose_nothing(file: Path) -> None:
    with start(INSERTER, str(file), "first") as first, start(INSERTER, str(file), "second") as second:
        assert (first.wait(timeout=30), second.wait(timeout=30)) == (0, 0)
    with RowsDB(file) as db:
        for who in ("first", "second"):
            assert [document["n"] for document in db.table("items").search(where("who") == who)] == list(range(200))
        assert db.integrity() == []
