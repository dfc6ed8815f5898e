"""Shelf: structs in and out of a table of rows, in step with TinyDB's API on the same table."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import where

from tui_sync.model.errors import Damaged
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf


class Standing(StrEnum):
    ACTIVE = "active"
    GONE = "gone"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    email: str | None = None
    list: str = "zylker"
    state: Standing = Standing.ACTIVE
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    age: int = 0


class Entry(msgspec.Struct, frozen=True):
    key: str
    email: str


SPECS = {
    "people": TableSpec(indexes=("email", "list+state", "since"), key="key"),
    "entries": TableSpec(indexes=("email",), key="key"),
}
ADA = Person(key="1", email="ada@x.org", age=36)
BOB = Person(key="2", email="bob@x.org", state=Standing.GONE, since=datetime(2026, 2, 1, 9, 30, tzinfo=UTC))
CYD = Person(key="3", list="other")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[RowsDB]:
    with RowsDB(tmp_path / "workspace.db", SPECS) as db:
        yield db


@pytest.fixture
def people(db: RowsDB) -> Shelf[Person]:
    shelf = Shelf(db, "people", Person)
    shelf.put_many([ADA, BOB, CYD])
    return shelf


def test_items_are_found_by_key(people: Shelf[Person]) -> None:
    assert people.get("2") == BOB
    assert people.get("4") is None
    assert people.get_many(["3", "1", "3", "none"]) == {"1": ADA, "3": CYD}
    assert people.get_many([]) == {}


def test_items_are_found_by_the_values_of_an_index(people: Shelf[Person]) -> None:
    assert list(people.find(email="ada@x.org")) == [ADA]
    assert list(people.find(email=None)) == [CYD]
    assert list(people.find(state=Standing.ACTIVE, list="zylker")) == [ADA]
    assert list(people.find(list="zylker", state="gone")) == [BOB]
    assert list(people.find(key="2")) == [BOB]
    assert people.find_in("email", ["bob@x.org", "ada@x.org", "no"]) == [ADA, BOB]
    assert list(people.all()) == [ADA, BOB, CYD]


def test_the_last_items_of_each_value_are_found_without_the_others(people: Shelf[Person]) -> None:
    people.put_many([Person(key="4", email="ada@x.org"), Person(key="5", email="ada@x.org"), Person(key="6", email="bob@x.org")])
    last = people.find_last("email", ["bob@x.org", "ada@x.org", "no"], 2)
    assert {email: [person.key for person in found] for email, found in last.items()} == {
        "bob@x.org": ["6", "2"], "ada@x.org": ["5", "4"], "no": [],
    }  # fmt: skip
    assert people.find_last("email", ["ada@x.org"], 0) == {"ada@x.org": []}
    assert people.find_last("email", [], 2) == {}


def test_times_and_enums_are_kept_in_their_columns_as_json_has_them(people: Shelf[Person]) -> None:
    assert people.column("since") == ["2026-01-01T00:00:00Z", "2026-02-01T09:30:00Z", "2026-01-01T00:00:00Z"]
    assert list(people.find(since="2026-02-01T09:30:00Z")) == [BOB]
    assert people.column("state") == ["active", "gone", "active"]


def test_counts_and_columns_need_no_documents(db: RowsDB, people: Shelf[Person]) -> None:
    db.rows.execute("""UPDATE "people" SET doc = 'unreadable'""")
    assert (people.count(), people.count(list="zylker", state="active"), people.count(email="no")) == (3, 1, 0)
    assert people.column("key") == ["1", "2", "3"]
    assert people.column("key", list="other", state="active") == ["3"]


def test_the_different_values_of_an_index_are_told_once_each_in_order(db: RowsDB, people: Shelf[Person]) -> None:
    people.put_many([Person(key="4", email="ada@x.org"), Person(key="5", email="")])
    assert people.distinct("email") == ["", "ada@x.org", "bob@x.org"]
    assert people.distinct("since") == ["2026-01-01T00:00:00Z", "2026-02-01T09:30:00Z"]
    people.remove("1", "2", "4", "5")
    assert people.distinct("email") == []
    assert Shelf(db, "entries", Entry).distinct("key") == []


def test_a_field_without_index_is_refused(people: Shelf[Person]) -> None:
    for ask in (
        lambda: people.find(age=36),
        lambda: people.find(list="zylker"),
        lambda: people.count(email="a", list="b"),
        lambda: people.column("age"),
        lambda: people.find_in("age", ["36"]),
    ):
        with pytest.raises(ValueError, match="no index on"):
            ask()


def test_putting_a_known_key_replaces_its_item_and_keeps_its_id(db: RowsDB, people: Shelf[Person]) -> None:
    changed = msgspec.structs.replace(ADA, email="new@x.org", age=37)
    people.put(changed)
    assert list(people.all()) == [changed, BOB, CYD]
    assert list(people.find(email="ada@x.org")) == []
    assert [found.doc_id for found in db.table("people").search(where("email") == "new@x.org")] == [1]


def test_putting_an_item_that_is_there_writes_nothing(db: RowsDB, people: Shelf[Person]) -> None:
    before = db.rows.fetch("SELECT total_changes()")
    people.put_many([ADA, BOB])
    assert db.rows.fetch("SELECT total_changes()") == before


def test_of_two_items_with_one_key_the_last_stays(people: Shelf[Person]) -> None:
    people.put_many([Person(key="9", age=1), Person(key="9", age=2)])
    assert people.get("9") == Person(key="9", age=2)


def test_items_are_removed_by_key(people: Shelf[Person]) -> None:
    assert people.remove("1", "none", "3") == 2
    assert people.remove("2") == 1
    assert people.count() == people.remove("1") == 0


def test_more_values_than_one_statement_takes(people: Shelf[Person]) -> None:
    many = [Person(key=f"k{n}", email=f"e{n}") for n in range(1234)]
    people.put_many(many)
    assert people.get_many(item.key for item in many) == {item.key: item for item in many}
    assert len(people.find_in("email", (f"e{n}" for n in range(5000)))) == 1234
    assert people.remove(*(item.key for item in many)) == 1234


def test_gathered_items_are_parted_into_as_many_statements_as_sqlite_needs(db: RowsDB, people: Shelf[Person]) -> None:
    db.rows.most_values = 20
    with db.gathering() as gathered:
        people.put_many(Person(key=f"k{number}", email=f"e{number}") for number in range(50))
    asyncio.run(db.commit(gathered))
    assert max(len(values) for _, values in gathered) <= 20
    assert people.count() == 53


@pytest.mark.parametrize("number", [1, 2, 5, 63, 65, 700, 1000])
def test_gathered_items_of_a_table_are_one_statement_and_each_one_row(db: RowsDB, people: Shelf[Person], number: int) -> None:
    many = [Person(key=f"new{n}", email=f"e{n}") for n in range(number)]
    with db.gathering() as gathered:
        people.put_many(many)
    asyncio.run(db.commit(gathered))
    assert len(gathered) == 1
    assert people.count() == 3 + number
    assert people.get_many(item.key for item in many) == {item.key: item for item in many}


def test_writing_between_two_steps_of_an_iteration_is_safe(people: Shelf[Person]) -> None:
    people.put_many(Person(key=f"k{n}", list="big") for n in range(1300))
    seen = []
    for item in people.find(list="big", state=Standing.ACTIVE):
        seen.append(item.key)
        people.put(msgspec.structs.replace(item, state=Standing.GONE))
        people.put(Person(key=f"later {item.key}", list="big"))
    assert seen[:1300] == [f"k{n}" for n in range(1300)]
    assert people.count(list="big", state=Standing.GONE) == len(seen) < 2600


def test_putting_joins_a_batch(db: RowsDB, people: Shelf[Person]) -> None:
    def put_and_fail() -> None:
        with db.batch():
            people.put(Person(key="4"))
            people.remove("1")
            db.table("entries").insert({"key": "a"})
            raise LookupError

    with pytest.raises(LookupError):
        put_and_fail()
    assert list(people.all()) == [ADA, BOB, CYD]
    assert len(db.table("entries")) == 0


def test_an_item_that_cannot_be_written_undoes_the_ones_before_it(people: Shelf[Person]) -> None:
    with pytest.raises(UnicodeEncodeError):
        people.put_many([Person(key="4"), Person(key="5", list="\ud800")])
    assert list(people.all()) == [ADA, BOB, CYD]


def test_tinydb_reads_what_a_shelf_wrote(db: RowsDB, people: Shelf[Person]) -> None:
    table = db.table("people")
    assert table.search(where("email") == "bob@x.org") == [msgspec.to_builtins(BOB)]
    live = (where("list") == "zylker") & (where("state") == Standing.ACTIVE)
    assert table.search(live) == [msgspec.to_builtins(ADA)]


def test_a_shelf_reads_what_tinydb_wrote(db: RowsDB, people: Shelf[Person]) -> None:
    db.table("people").update({"state": Standing.GONE, "age": 1}, where("email") == "ada@x.org")
    db.table("people").insert({"key": "7", "email": "new@x.org", "list": "zylker", "state": "gone"})
    found = list(people.find(list="zylker", state=Standing.GONE))
    assert [item.key for item in found] == ["1", "2", "7"]
    assert found[0].age == 1


def test_a_document_that_does_not_fit_is_told_with_table_key_and_path(db: RowsDB, people: Shelf[Person]) -> None:
    db.table("people").update({"age": "old"}, where("key") == "2")
    with pytest.raises(Damaged, match=r'"people", key "2" does not fit: Expected `int`, got `str` - at `\$\.age`'):
        people.get("2")
    db.rows.execute("""UPDATE "people" SET doc = '[' WHERE id = 2""")
    with pytest.raises(Damaged, match='document 2 of table "people" is not a JSON object'):
        list(people.all())


def test_a_document_that_damage_has_made_none_is_told_as_damage(db: RowsDB, people: Shelf[Person]) -> None:
    db.rows.execute("PRAGMA writable_schema = ON")
    db.rows.execute("UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'people'")
    db.rows.execute("PRAGMA writable_schema = RESET")
    db.rows.execute("""UPDATE "people" SET doc = NULL WHERE id = 2""")
    with pytest.raises(Damaged, match='document 2 of table "people" is not a JSON object'):
        list(people.all())


def test_a_column_of_a_newer_program_stays_right(tmp_path: Path) -> None:
    class Wide(msgspec.Struct):
        key: str
        email: str
        note: str

    newer = {"entries": TableSpec(indexes=("email", "note"), key="key")}
    with RowsDB(tmp_path / "w.db", newer) as new, RowsDB(tmp_path / "w.db", SPECS) as old:
        wide, narrow = Shelf(new, "entries", Wide), Shelf(old, "entries", Entry)
        wide.put(Wide("1", "a", "hello"))
        narrow.put_many([Entry("1", "b"), Entry("2", "c")])
        assert wide.column("note") == [None, None]
        assert narrow.column("email") == ["b", "c"]
        assert new.table("entries").search(where("note") == "hello") == []


class Listed(msgspec.Struct, array_like=True):
    key: str
    email: str


class Shortened(msgspec.Struct, omit_defaults=True):
    key: str
    email: str = ""


class Sparse(msgspec.Struct, omit_defaults=True):
    key: str
    email: str | None = None
    note: str = ""


@pytest.mark.parametrize("struct", [Listed, Shortened])
def test_a_struct_whose_documents_could_differ_from_their_columns_is_refused(
    db: RowsDB, struct: type[msgspec.Struct]
) -> None:
    with pytest.raises(TypeError, match='does not fit the key and the indexes of table "entries"'):
        Shelf(db, "entries", struct)


def test_defaults_that_are_no_index_may_be_left_out(db: RowsDB) -> None:
    shelf = Shelf(db, "entries", Sparse)
    shelf.put(Sparse("1"))
    assert db.table("entries").all() == [{"key": "1"}]
    assert list(shelf.find(email=None)) == [Sparse("1")]


texts = st.text(max_size=4)
steps = st.lists(
    st.tuples(st.sampled_from(["put", "insert", "update", "remove"]), st.sampled_from("abc"), texts),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_both_ways_in_always_see_the_same(steps: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, RowsDB(Path(folder) / "w.db", SPECS) as db:
        shelf, table = Shelf(db, "entries", Entry), db.table("entries")
        known: dict[str, str] = {}
        for step, key, email in steps:
            if step == "put":
                shelf.put(Entry(key, email))
                known[key] = email
            elif step == "insert":
                table.upsert({"key": key, "email": email}, where("key") == key)
                known[key] = email
            elif step == "update":
                table.update({"email": email})
                known = dict.fromkeys(known, email)
            else:
                assert shelf.remove(key) == (known.pop(key, None) is not None)
            assert {item.key: item.email for item in shelf.all()} == known
            assert {document["key"]: document["email"] for document in table} == known
            assert sorted(map(str, shelf.column("email"))) == sorted(known.values())
            for name, value in known.items():
                assert table.get(where("key") == name)["email"] == value
                assert Entry(name, value) in list(shelf.find(email=value))


@pytest.mark.parametrize("key", ["1", "9", "with \0 in it"])
def test_merging_replaces_some_fields_of_what_is_there_and_inserts_the_rest(
    db: RowsDB, people: Shelf[Person], key: str
) -> None:
    people.put(Person(key="with \0 in it", email="eve@x.org"))
    before = people.get(key)
    statements = people.merge_many([Person(key=key, email="new@x.org", age=37)], ("age",))
    assert people.get(key) == before, "nothing is written yet"
    asyncio.run(db.commit(statements))
    after = people.get(key)
    assert after is not None
    assert after == (Person(key=key, email="new@x.org", age=37) if before is None else msgspec.structs.replace(before, age=37))
    assert not db.integrity()


def test_a_field_with_a_column_cannot_be_merged(people: Shelf[Person]) -> None:
    with pytest.raises(ValueError, match="index"):
        people.merge_many([ADA], ("email",))
