"""Writes that are gathered and committed in a thread of their own are the writes that were asked for."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf


class Person(msgspec.Struct, frozen=True):
    key: str
    email: str | None
    age: int
    fields: dict[str, str] = {}


TABLES = {"people": TableSpec(key="key", indexes=("email", "age"))}
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
PEOPLE = st.lists(
    st.builds(Person, key=TEXTS, email=st.none() | TEXTS, age=st.integers(-5, 10**9), fields=st.dictionaries(TEXTS, TEXTS)),
    max_size=8,
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[RowsDB]:
    database = RowsDB(tmp_path / "w.db", TABLES)
    yield database
    database.close()


def rows(db: RowsDB) -> list[tuple[object, ...]]:
    return db.rows.fetch("SELECT doc, [$key], [$email], [$age] FROM people ORDER BY [$key]")


@given(first=PEOPLE, second=PEOPLE)
def test_gathered_documents_become_the_same_rows_as_documents_put_at_once(
    tmp_path_factory: pytest.TempPathFactory, first: list[Person], second: list[Person]
) -> None:
    folder = tmp_path_factory.mktemp("w")
    at_once, gathered = (RowsDB(folder / name, TABLES) for name in ("a.db", "b.db"))

    async def both() -> None:
        for people in (first, second):
            Shelf(at_once, "people", Person).put_many(people)
            with gathered.gathering() as statements:
                Shelf(gathered, "people", Person).put_many(people)
            await gathered.commit(statements)

    asyncio.run(both())
    assert rows(gathered) == rows(at_once)
    at_once.close()
    gathered.close()


def test_nothing_is_there_before_the_commit_and_removals_take_part(db: RowsDB) -> None:
    shelf = Shelf(db, "people", Person)
    shelf.put_many([Person("a", "a@x", 1), Person("b", "b@x", 2)])
    with db.gathering() as statements:
        shelf.put(Person("c", "c@x", 3))
        shelf.remove("a")
    assert sorted(shelf.column("key")) == ["a", "b"]
    asyncio.run(db.commit(statements))
    assert sorted(shelf.column("key")) == ["b", "c"]


def test_a_commit_that_fails_is_told_and_changes_nothing(db: RowsDB) -> None:
    shelf = Shelf(db, "people", Person)
    with db.gathering() as statements:
        shelf.put(Person("a", "a@x", 1))
    statements.append(("INSERT INTO people(doc) VALUES (NULL)", ()))
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        asyncio.run(db.commit(statements))
    assert shelf.count() == 0
    asyncio.run(db.commit(statements[:-1]))
    assert shelf.count() == 1


def test_two_keys_that_differ_behind_a_nul_stay_two(db: RowsDB) -> None:
    shelf = Shelf(db, "people", Person)
    with db.gathering() as statements:
        shelf.put_many([Person("s1/12\x003", None, 1), Person("s1/12", None, 2)])
    asyncio.run(db.commit(statements))
    assert set(shelf.get_many(["s1/12\x003", "s1/12"])) == {"s1/12\x003", "s1/12"}


@pytest.mark.parametrize("times", [1, 2])
def test_who_is_cancelled_within_a_commit_waits_for_its_end(db: RowsDB, tmp_path: Path, times: int) -> None:
    shelf = Shelf(db, "people", Person)
    with db.gathering() as statements:
        shelf.put(Person("a", "a@x", 1))
    other = sqlite3.connect(tmp_path / "w.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def cancelled() -> int:
        commit = asyncio.ensure_future(db.commit(statements))
        for _ in range(9):
            await asyncio.sleep(0)  # it waits for the other process now
        for _ in range(times):
            commit.cancel()
            for _ in range(9):
                await asyncio.sleep(0)
        assert not commit.done()
        other.execute("COMMIT")
        with pytest.raises(asyncio.CancelledError):
            await commit
        return shelf.count()

    assert asyncio.run(cancelled()) == 1
    other.close()


def test_who_writes_during_a_commit_waits_for_it_and_not_for_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_sync.store.rowfile.WAIT", 0.0)  # SQLite itself refuses at once who comes second
    with RowsDB(tmp_path / "w.db", {**TABLES, "others": TableSpec(key="key")}) as db:
        people, others = Shelf(db, "people", Person), Shelf(db, "others", Person)

        async def both() -> int:
            written = 0
            for number in range(5):
                with db.gathering() as statements:
                    people.put_many(Person(f"{number}/{n}", None, n) for n in range(2000))
                commit = asyncio.create_task(db.commit(statements))
                while not commit.done():
                    await asyncio.sleep(0)
                    others.put(Person(str(written), None, number))
                    written += 1
                await commit
            return written

        written = asyncio.run(both())
        assert written > 5
        assert (people.count(), others.count()) == (10_000, written)


def test_a_part_is_set_where_it_is_by_then_and_the_rest_stays(db: RowsDB) -> None:
    shelf = Shelf(db, "people", Person)
    shelf.put_many([Person("a", "a@x", 1, {"s1": "x", "s2": "y"}), Person("b", None, 2, {"s2": "y"}), Person("c", None, 3)])
    with db.gathering() as statements:
        shelf.set_part('$.fields."s1"', "new", ["a", "b", "d"])
    shelf.put(Person("a", "later@x", 4, {"s1": "x"}))
    asyncio.run(db.commit(statements))
    shelf.set_part('$.fields."s2"', "too", ["a", "b", "c"])
    assert shelf.get_many("abc") == {
        "a": Person("a", "later@x", 4, {"s1": "new"}), "b": Person("b", None, 2, {"s2": "too"}), "c": Person("c", None, 3),
    }  # fmt: skip
    assert db.integrity() == []
