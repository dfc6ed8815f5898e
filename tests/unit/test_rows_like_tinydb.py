"""The same operations on RowsDB and on stock TinyDB give the same results and the same exceptions."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.operations import add, delete, increment
from tinydb.operations import set as set_field
from tinydb.queries import Query, QueryInstance
from tinydb.table import Document

from tui_sync.store.rows import RowsDB, TableSpec

SPECS = {"indexed": TableSpec(indexes=("email", "email+state"), key=None)}
TABLES = ("_default", "indexed", "Plain")

Operation = Callable[[TinyDB], Any]


def shown(value: Any) -> Any:  # noqa: ANN401 - any result of any operation
    """A result that can be compared exactly: 1 is not True, a Document is its content and its id."""
    if isinstance(value, Document):
        return ("Document", type(value.doc_id).__name__, value.doc_id, json.dumps(value))
    if isinstance(value, list):
        return [shown(item) for item in value]
    return (type(value).__name__, value)


def outcome(operation: Operation, db: TinyDB) -> Any:  # noqa: ANN401 - a result, or the exception it raised
    try:
        return shown(operation(db))
    except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
        return (type(error).__name__, str(error))


def state(db: TinyDB) -> Any:  # noqa: ANN401 - the content of all tables that have any
    return {name: shown(db.table(name).all()) for name in sorted(db.tables()) if len(db.table(name))}


class Pair:
    """A RowsDB and a stock TinyDB that do the same."""

    def __init__(self, folder: Path, specs: Mapping[str, TableSpec] = MappingProxyType({})) -> None:
        self._folder, self._specs = folder, specs
        self.open()

    def open(self) -> None:
        self.ours = RowsDB(self._folder / "rows.db", self._specs)
        self.stock = TinyDB(self._folder / "stock.json")

    def close(self) -> None:
        self.ours.close()
        self.stock.close()

    def do(self, operation: Operation) -> Any:  # noqa: ANN401 - what both gave
        expected = outcome(operation, self.stock)
        assert outcome(operation, self.ours) == expected
        assert state(self.ours) == state(self.stock)
        return expected


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.close()


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=3,
)
emails = st.sampled_from(["a", "b", "", "A", 0, 1, 1.0, True, False, None, 2**70, 2.5, ["a"], "\N{SNOWMAN}", "x\0y"])
keys = st.sampled_from(["name", "x y", 1, 1.5, True, None, "1", "null"])
documents = st.builds(
    lambda known, free: {**known, **free},
    st.fixed_dictionaries({}, optional={"email": emails, "state": emails, "n": st.integers(-3, 3)}),
    st.dictionaries(keys, values, max_size=2),
)
equal = st.builds(lambda field, value: where(field) == value, st.sampled_from(["email", "state", "n", "name"]), emails)
plain = st.sampled_from(
    [
        where("n") > 0, where("n") <= 1, where("email").exists(), where("email") != "a", where("email").matches("[ab]"),
        where("email").one_of(["a", 1]), where("email").any(["a"]), where("name").test(bool), Query().noop(),
        Query().fragment({"email": "a", "n": 1}), where("email").map(str) == "1", where("name")["deep"] == 1,
    ]
)  # fmt: skip
queries = st.recursive(
    equal | plain,
    lambda inner: st.builds(lambda a, b: a & b, inner, inner) | st.builds(lambda a, b: a | b, inner, inner)
    | st.builds(lambda a: ~a, inner),
    max_leaves=4,
)  # fmt: skip
doc_ids = st.lists(st.integers(-1, 12), max_size=3)
fields = documents | st.sampled_from([set_field("email", "b"), add("n", 1), increment("n"), delete("email")])


def above(table: Any, step: int) -> int:  # noqa: ANN401 - a table of either kind
    """An explicit id that keeps the order of insertion the order of ids, in which alone stock TinyDB and rows agree."""
    return max((document.doc_id for document in table), default=0) + step


def inserting(document: Any) -> Operation:  # noqa: ANN401 - also what is no document
    return lambda db: db.insert(document)


def searching(query: QueryInstance) -> Operation:
    return lambda db: db.table("indexed").search(query)


def unique(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


on_a_table = st.one_of(
    st.builds(lambda d: lambda t: t.insert(d), documents),
    st.builds(lambda d: lambda t: t.insert(MappingProxyType(d)), documents),
    st.builds(lambda d, n: lambda t: t.insert(Document(d, above(t, n))), documents, st.integers(0, 3)),
    st.builds(lambda ds: lambda t: t.insert_multiple(iter(ds)), st.lists(documents, max_size=4)),
    st.builds(lambda d: lambda t: t.insert_multiple([d, Document(d, above(t, 0)), d] if len(t) else []), documents),
    st.builds(lambda d: lambda t: t.insert_multiple([d, "no mapping"]), documents),
    st.builds(lambda d: lambda t: t.insert({**d, "bad": {1, 2}}), documents),
    st.builds(lambda f, q: lambda t: t.update(f, q), fields, queries),
    st.builds(lambda f, i: lambda t: t.update(f, doc_ids=i), fields, doc_ids),
    st.builds(lambda f: lambda t: t.update(f), fields),
    st.builds(lambda pairs: lambda t: t.update_multiple(pairs), st.lists(st.tuples(fields, queries), max_size=3)),
    st.builds(lambda d, q: lambda t: t.upsert(d, q), documents, queries),
    st.builds(lambda d, n: lambda t: t.upsert(Document(d, above(t, n))), documents, st.integers(0, 2)),
    st.builds(lambda d: lambda t: t.upsert(d), documents),
    st.builds(lambda q: lambda t: t.remove(q), queries),
    st.builds(lambda i: lambda t: t.remove(doc_ids=unique(i)), doc_ids),
    st.just(lambda t: t.remove()),
    st.just(lambda t: t.truncate()),
    st.builds(lambda q: lambda t: t.search(q), queries),
    st.builds(lambda q: lambda t: t.get(q), queries),
    st.builds(lambda q: lambda t: t.count(q), queries),
    st.builds(lambda q: lambda t: t.contains(q), queries),
    st.builds(lambda i: lambda t: [t.get(doc_id=i), t.contains(doc_id=i)], st.integers(-1, 9)),
    st.builds(lambda i: lambda t: t.get(doc_ids=i), doc_ids),
    st.just(lambda t: t.get()),
    st.just(lambda t: t.contains()),
    st.just(lambda t: [len(t), list(t), t.all(), t.name]),
)
on_the_database = st.one_of(
    st.builds(lambda name: lambda db: db.drop_table(name), st.sampled_from(TABLES)),
    st.just(lambda db: db.drop_tables()),
    st.just(lambda db: [len(db), list(db), db.all()]),
    st.builds(lambda d: lambda db: db.insert(d), documents),
    st.just("reopen"),
)
in_tables = st.builds(lambda name, step: lambda db: step(db.table(name)), st.sampled_from(TABLES), on_a_table)


@settings(max_examples=150, deadline=None)
@given(st.lists(in_tables | in_tables | in_tables | on_the_database, max_size=20))
def test_any_sequence_of_operations_gives_the_same(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Pair(Path(folder), SPECS)) as pair:
        for step in steps:
            if step == "reopen":
                pair.close()
                pair.open()
            else:
                pair.do(step)


def test_tables_appear_with_their_first_write_and_go_when_dropped(pair: Pair) -> None:
    for step in (
        lambda db: db.tables(),
        lambda db: db.table("a").all(),
        lambda db: db.tables(),
        lambda db: db.table("a").remove(where("x") == 1),
        lambda db: db.table("b").update({"x": 1}),
        lambda db: db.table("c").truncate(),
        lambda db: db.table("d", persist_empty=True).all(),
        lambda db: db.insert({}),
        lambda db: db.tables(),
        lambda db: db.drop_table("a"),
        lambda db: db.drop_table("never there"),
        lambda db: db.tables(),
        lambda db: db.drop_tables(),
        lambda db: db.tables(),
    ):
        pair.do(step)


def test_ids_go_on_after_a_removal_and_start_anew_after_truncate(pair: Pair) -> None:
    for step in (
        lambda db: db.insert_multiple([{}, {}, {}]),
        lambda db: db.remove(doc_ids=[3]),
        lambda db: db.insert({}),
        lambda db: db.insert(Document({}, 10)),
        lambda db: db.insert({}),
        lambda db: db.insert(Document({}, 11)),
        lambda db: db.truncate(),
        lambda db: db.insert({}),
    ):
        pair.do(step)


def test_values_that_only_python_counts_as_json_come_back_the_same(pair: Pair) -> None:
    pair.do(lambda db: db.insert({"big": 2**80, "inf": math.inf, "text": "\ud800", "tuple": (1, 2), "email": "\ud800"}))
    pair.do(lambda db: db.insert({"nan": math.nan}))
    pair.do(lambda db: db.search(where("text") == "\ud800"))
    for bad in ({"a": {1}}, {"a": b"x"}, {"a": object}, {(1, 2): "a"}):
        assert pair.do(inserting(bad))[0] == "TypeError"


@pytest.mark.parametrize("value", [2**63, -(2**63), 2.0**63, 2**80, "\ud800", math.inf, 1, 1.0, True, None, [1], "1"])
def test_odd_values_in_an_indexed_field_are_found_as_without_index(tmp_path: Path, value: Any) -> None:  # noqa: ANN401
    with closing(Pair(tmp_path, SPECS)) as pair:
        pair.do(lambda db: db.table("indexed").insert_multiple([{"email": value}, {"email": "a"}, {}]))
        for same in (value, float(value) if isinstance(value, int) else value):
            assert len(pair.do(searching(where("email") == same))) == 1


def test_a_function_that_fails_leaves_everything_as_it_was(pair: Pair) -> None:
    def fail(document: Any) -> None:  # noqa: ANN401 - TinyDB's signature
        document["n"] += 1
        if document["n"] > 2:
            raise LookupError

    pair.do(lambda db: db.insert_multiple([{"n": 1}, {"n": 2}]))
    assert pair.do(lambda db: db.update(fail))[0] == "LookupError"


def test_the_storage_itself_reads_and_writes_as_a_stock_storage_does(pair: Pair) -> None:
    pair.do(lambda db: [db.storage.read()])
    pair.do(lambda db: db.storage.write({"a": {"1": {"x": 1}, "5": {"x": 2}}, "b": {}}))
    pair.do(lambda db: [db.storage.read(), db.tables(), db.table("a").insert({})])
    pair.do(lambda db: repr(db).replace("RowsDB", "TinyDB"))


def test_the_context_manager_closes(tmp_path: Path) -> None:
    with RowsDB(tmp_path / "rows.db") as db:
        assert isinstance(db, TinyDB)
    with pytest.raises(Exception, match="closed"):
        db.insert({})


def test_the_differences_are_those_of_the_docstring(tmp_path: Path) -> None:
    with RowsDB(tmp_path / "rows.db", SPECS) as db:
        assert db.tables() == {"indexed"}
        assert db.insert_multiple([Document({"n": 1}, 7), {"n": 2}, Document({"n": 3}, 4)]) == [7, 8, 4]
        assert [document.doc_id for document in db] == [4, 7, 8]
        assert db.remove(doc_ids=[7, 7]) == [7]
