"""dump and load: the whole database as a file of stock TinyDB, and back."""

from __future__ import annotations

import json
import math
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from tui_sync.model.errors import Damaged, RunError, UsageError
from tui_sync.store.dump import dump, load
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

SPECS = {"people": TableSpec(indexes=("email",), key="key"), "locks": TableSpec(key="name")}


class Person(msgspec.Struct):
    key: str
    email: str


@pytest.fixture
def db(tmp_path: Path) -> Iterator[RowsDB]:
    with RowsDB(tmp_path / "workspace.db", SPECS) as db:
        Shelf(db, "people", Person).put_many(Person(str(n), f"zoë{n}@x.org") for n in range(1100))
        db.table("people").remove(where("key") == "5")
        db.table("Odd \"name\" ☃").insert({"big": 2**80, "inf": -math.inf, "list": [1, {"a": None}]})
        db.table("locks").insert({"name": "run"})
        yield db


def test_stock_tinydb_reads_a_dump(db: RowsDB, tmp_path: Path) -> None:
    assert dump(db, tmp_path / "dump.json") == 1101
    with TinyDB(tmp_path / "dump.json", encoding="ascii") as stock:
        assert stock.tables() == db.tables()
        for name in stock.tables():
            assert [(d.doc_id, d) for d in stock.table(name)] == [(d.doc_id, d) for d in db.table(name)]


def test_a_dump_is_for_its_owner_and_replaces_the_file_whole(db: RowsDB, tmp_path: Path) -> None:
    target = tmp_path / "out" / "dump.json"
    target.parent.mkdir()
    target.write_text("old")
    target.chmod(0o644)
    dump(db, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    db.rows.execute("""UPDATE "people" SET doc = 'broken' WHERE id = 700""")
    before = target.read_bytes()
    with pytest.raises(Damaged, match='document 700 of table "people"'):
        dump(db, target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_a_dump_shows_one_moment_and_blocks_no_writer(
    db: RowsDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RowsDB(tmp_path / "workspace.db", SPECS) as other:
        decode = db.rows.decode

        def decode_and_truncate(name: str, doc_id: int, text: str) -> dict[str, object]:
            other.table("people").truncate()
            return decode(name, doc_id, text)

        monkeypatch.setattr(db.rows, "decode", decode_and_truncate)
        assert dump(db, tmp_path / "dump.json") == 1101
        assert len(db.table("people")) == 0


def test_tables_can_be_left_out(db: RowsDB, tmp_path: Path) -> None:
    dump(db, tmp_path / "dump.json", without={"locks"})
    assert "locks" not in json.loads((tmp_path / "dump.json").read_text())


def test_dump_load_dump_is_the_same_file(db: RowsDB, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    dump(db, first)
    with RowsDB(tmp_path / "new.db", SPECS) as new:
        assert load(new, first) == 1101
        assert dump(new, second) == 1101
        assert first.read_bytes() == second.read_bytes()
        assert next(Shelf(new, "people", Person).find(email="zoë7@x.org")).key == "7"
        assert new.integrity() == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
stock_tables = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=4),
    st.lists(st.dictionaries(st.text(max_size=3), json_values, max_size=3), max_size=3),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(stock_tables)
@example({"0": [{"": "\ud800"}]})
def test_what_stock_tinydb_wrote_comes_back_the_same(tables: dict[str, list[dict[str, object]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with TinyDB(folder / "stock.json") as stock:
            stock.drop_tables()
            for table, documents in tables.items():
                stock.table(table).insert_multiple(documents)
        with RowsDB(folder / "rows.db") as db:
            assert load(db, folder / "stock.json") == sum(map(len, tables.values()))
            dump(db, folder / "again.json")
        assert json.loads((folder / "again.json").read_text()) == json.loads((folder / "stock.json").read_text())


def test_nan_is_taken_as_stock_tinydb_takes_it(tmp_path: Path) -> None:
    (tmp_path / "stock.json").write_text('{"a": {"3": {"x": NaN}}}')
    with RowsDB(tmp_path / "new.db") as db:
        load(db, tmp_path / "stock.json")
        assert math.isnan(db.table("a").get(doc_id=3)["x"])


def test_a_database_that_is_not_empty_is_left_alone(db: RowsDB, tmp_path: Path) -> None:
    (tmp_path / "stock.json").write_text('{"a": {"1": {}}}')
    with pytest.raises(UsageError, match=r"is not empty: table .* document\. Load into a new workspace: "):
        load(db, tmp_path / "stock.json")
    assert len(db.table("people")) == 1099
    assert "a" not in db.tables()


def test_tables_left_out_need_not_be_empty_and_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "stock.json").write_text('{"locks": {"1": {"name": "theirs"}}, "a": {"1": {}}}')
    with RowsDB(tmp_path / "new.db", SPECS) as db:
        db.table("locks").insert({"name": "ours"})
        assert load(db, tmp_path / "stock.json", without={"locks"}) == 1
        assert db.table("locks").all() == [{"name": "ours"}]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("", "Expecting value"),
        ("[1, 2]", "Expected `object`, got `array`"),
        ('{"a": 1}', "Expected `object`, got `int`"),
        ('{"a": {"1": [2]}}', "Expected `object`, got `array`"),
        ('{"a": {"1": {"b": 1}}', "Expecting ',' delimiter"),
        ('{"a": {"x": {}}}', 'table "a": "x" is not the id of a document'),
        ('{"a": {"1": {}, "01": {}}}', 'table "a": Document with ID 1 already exists'),
        ('{"a": {"99999999999999999999": {}}}', 'table "a": '),
        ('{"fine": {"1": {}}, "people": {"1": {"key": "k"}, "2": {"key": "k"}}}', "another document with key 'k'"),
        ("SQLite format 3\0\udcff", "can't decode"),
    ],
)
def test_a_file_that_is_not_tinydbs_is_refused_with_what_is_wrong(tmp_path: Path, content: str, wrong: str) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(content.encode(errors="surrogateescape"))
    with RowsDB(tmp_path / "new.db", SPECS) as db:
        with pytest.raises(UsageError) as raised:
            load(db, file)
        assert raised.value.sentence.startswith(f"{file} is not a TinyDB file: ")
        assert wrong in raised.value.sentence
        assert raised.value.hint == "Name a file that tui-sync dump or TinyDB wrote."
        assert db.tables() == set(SPECS)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ('{"people": {"1": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}}", "brackets are nested too deep"),
        ('{"people": {"1": {"a": NaN, "b": ' + "[" * 100_000 + "]" * 100_000 + "}}}", "brackets are nested too deep"),
        ('{"peo\\u0000ple": {"1": {"a": 1}}}', r'no table can have the name "peo\u0000ple"'),
        ('{"\\ud800": {"1": {"a": NaN}}}', r'no table can have the name "\ud800"'),
    ],
    ids=["deep", "deep with NaN", "NUL", "half a character"],
)
def test_a_file_made_to_break_the_reader_is_refused_like_any_other(tmp_path: Path, content: str, wrong: str) -> None:
    test_a_file_that_is_not_tinydbs_is_refused_with_what_is_wrong(tmp_path, content, wrong)


def test_a_path_that_cannot_be_read_or_written_is_told(db: RowsDB, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read: No such file"):
        load(db, tmp_path / "none.json")
    with pytest.raises(RunError, match=r"dump\.json cannot be written: No such file"):
        dump(db, tmp_path / "none" / "dump.json")
    with pytest.raises(RunError, match="is no file, and none can take its place"):
        dump(db, tmp_path)
