"""Typed, fast access to a table of rows: msgspec structs in and out, with no dict in between.

What goes in here is read by TinyDB's API and the other way round: a document is the JSON object of its struct.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar, get_args

import msgspec

from tui_sync.model.errors import Damaged
from tui_sync.model.parts import chunks
from tui_sync.model.records import Scalar
from tui_sync.store.rowfile import Statement, column_sql, table_sql
from tui_sync.store.rows import RowsDB

T = TypeVar("T", bound=msgspec.Struct)
Table: TypeAlias = Callable[[list[T]], Iterator[tuple[Any, ...]]]
"""Makes the values of a row for each of many items."""
CHUNK = 500
"""Values in one IN (...)."""
TOGETHER = 1000
"""Documents that are encoded together."""
ROWS = (1, 4, 16, *range(64, 1025, 64))
"""Documents of one statement, so that few different ones are prepared but once; the last document fills it up. After each
statement a thread that commits waits for the interpreter, which costs more than the documents that stand twice."""
PLAIN = frozenset((str, int, float, bool, type(None)))
"""What a column takes as it is; other types go in as their JSON text."""
OMITTED_AS_NULL = (msgspec.NODEFAULT, None)

# Names are quoted by `table_sql` and `column_sql`; every value is bound.
PUT = """INSERT INTO {table}(doc{columns}) VALUES {rows}
         ON CONFLICT({key}) DO UPDATE SET doc = excluded.doc{settings} WHERE doc IS NOT excluded.doc"""
# Merges into what is there when it is carried out, whatever was read before.
MERGE = """INSERT INTO {table}(doc{columns}) VALUES {rows}
           ON CONFLICT({key}) DO UPDATE SET doc = json_set(doc{parts})"""
PART = """, '$."{field}"', json_extract(excluded.doc, '$."{field}"')"""
# Changes what is there when it is carried out, whatever was read before.
SET = "UPDATE {table} SET doc = json_set(doc, ?, json(?)) WHERE json_type(doc, ?) IS NOT NULL{where}"
COLUMN = "SELECT {column} FROM {table} WHERE true{where} ORDER BY id"
# The plus keeps SQLite from reading the whole table in the order of ids instead of using the index.
AMONG = "SELECT {what} FROM {table} WHERE true{where} ORDER BY +id"
BEGINNING = (
    "SELECT {table}.id, doc FROM json_each(?) AS wanted CROSS JOIN {table}"
    " ON {key} >= wanted.value AND {key} < wanted.value || char(0x10FFFF)"
)
NEWEST = "SELECT {key} FROM {table} WHERE true{where} ORDER BY id DESC LIMIT 1"
LAST = """SELECT {table}.id, value, doc FROM json_each(?) CROSS JOIN {table} ON {table}.id IN
            (SELECT id FROM {table} WHERE {column} IS value ORDER BY id DESC LIMIT ?) ORDER BY {table}.id DESC"""
KEYS = "SELECT {key} FROM {table} WHERE {key} >= ? AND {key} < ? ORDER BY {key} LIMIT ?"
# From each value to the next one above it: SELECT DISTINCT reads the whole index (100 000 entries 8 ms, so 0.01).
DISTINCT = """WITH RECURSIVE found(value) AS (
                SELECT min({column}) FROM {table}
                UNION ALL SELECT (SELECT min({column}) FROM {table} WHERE {column} > value) FROM found WHERE value IS NOT NULL
              ) SELECT value FROM found WHERE value IS NOT NULL"""
REMOVE = "DELETE FROM {table} WHERE true{where}"


class Shelf(Generic[T]):
    """One table of structs of one type, looked up by the key and the indexes that the database declares for it.

    The struct has the fields of the key and the indexes, all scalars (enums and times too); with `omit_defaults` they
    have no default but None, since what a document leaves out is NULL in its column. Else TypeError.
    """

    def __init__(self, db: RowsDB, name: str, struct: type[T]) -> None:
        spec, config = db.rows.specs[name], struct.__struct_config__
        self._types = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        self._groups = {frozenset(group) for group in spec.groups}
        declared = {field for group in self._groups for field in group}
        fits = declared <= {
            name for name, field in self._types.items() if not config.omit_defaults or field.default in OMITTED_AS_NULL
        }
        if spec.key is None or config.array_like or not fits:
            raise TypeError(f'{struct.__name__} does not fit the key and the indexes of table "{name}"')
        self._rows, self.name, self._key, self._declared = db.rows, name, spec.key, declared
        self._encode_lines = msgspec.json.Encoder().encode_lines
        self._decode = msgspec.json.Decoder(struct).decode
        db.readers[name] = self._decode
        self._written: tuple[str, ...] = ()
        self._table = self._tabling(self._written)

    def get(self, key: str) -> T | None:
        """The item of a key, or None."""
        return self.get_many((key,)).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, T]:
        """The items of those keys that are there."""
        found = self._in(self._key, keys, f"{column_sql(self._key)}, doc")
        return {key: self._read(doc_id, text) for doc_id, key, text in found}

    def find(self, **equal: Scalar) -> Iterator[T]:
        """The items with these values, by id; the fields are exactly those of the key or of one index.

        Read a page at a time: writing between two steps is safe, and what is added meanwhile may not appear.
        """
        where, values = self._where(equal)
        return (self._read(doc_id, text) for doc_id, text in self._rows.scan(self.name, "doc", where, values))

    def find_last(self, field: str, values: Iterable[str], most: int) -> dict[str, list[T]]:
        """For each value of an indexed field its last items by id, at most so many, the last first; the others are not read."""
        wanted = {value: list[T]() for value in values}
        sql = LAST.format(table=table_sql(self.name), column=self._column(field))
        for doc_id, value, text in self._rows.fetch(sql, (msgspec.json.encode(list(wanted)).decode(), most)):
            wanted[value].append(self._read(doc_id, text))
        return wanted

    def find_in(self, field: str, values: Iterable[str]) -> list[T]:
        """The items whose indexed field has one of the values; by id within each chunk of values."""
        return [self._read(doc_id, text) for doc_id, text in self._in(field, values, "doc")]

    def find_beginning(self, beginnings: Iterable[str]) -> list[T]:
        """The items whose key begins with one of the texts."""
        if not self._rows.highest(self.name):
            return []
        sql = BEGINNING.format(table=table_sql(self.name), key=column_sql(self._key))
        wanted = msgspec.json.encode(list(dict.fromkeys(beginnings))).decode()
        return [self._read(doc_id, text) for doc_id, text in self._rows.fetch(sql, (wanted,))]

    def keys_beginning(self, beginning: str, most: int = -1) -> list[str]:
        """The keys that begin with a text, in order; at the most so many, -1 for all. No document is read."""
        return self.column_beginning(self._key, beginning, most)

    def column_beginning(self, field: str, beginning: str, most: int = -1) -> list[str]:
        """The values of one indexed field or the key that begin with a text, in order, each as often as it occurs; at the most
        so many, -1 for all. No document is read."""
        sql = KEYS.format(table=table_sql(self.name), key=self._column(field))
        return [row[0] for row in self._rows.fetch(sql, (beginning, beginning + chr(0x10FFFF), most))]

    def distinct(self, field: str) -> list[Any]:
        """The different values of one indexed field or the key, as JSON has them, in order."""
        sql = DISTINCT.format(column=self._column(field), table=table_sql(self.name))
        return [row[0] for row in self._rows.fetch(sql, ())]

    def all(self) -> Iterator[T]:
        """Every item, by id, a page at a time."""
        return self.find()

    def count(self, **equal: Scalar) -> int:
        """How many items have these values; all, without any."""
        return self._rows.count(self.name, *self._where(equal))

    def newest(self, **equal: Scalar) -> str:
        """The key of the item with these values that was inserted last; empty where there is none. No document is read."""
        where, values = self._where(equal)
        sql = NEWEST.format(key=column_sql(self._key), table=table_sql(self.name), where=where)
        return next((row[0] for row in self._rows.fetch(sql, values)), "")

    def column(self, field: str, **equal: Scalar) -> list[Any]:
        """The values of one indexed field or the key, by id, as JSON has them; no document is read."""
        where, values = self._where(equal)
        sql = COLUMN.format(column=self._column(field), table=table_sql(self.name), where=where)
        return [row[0] for row in self._rows.fetch(sql, values)]

    def values(self, field: str, **equal: Scalar) -> Iterator[Any]:
        """What `column` gives, a page at a time: writing between two steps is safe."""
        where, values = self._where(equal)
        return (value for _, value in self._rows.scan(self.name, self._column(field), where, values))

    def put(self, item: T) -> None:
        """Insert the item, or replace the one with its key."""
        self.put_many((item,))

    def put_many(self, items: Iterable[T]) -> None:
        """Insert the items, or replace those with their keys, in one commit or in the batch around it."""
        with self._rows.batch():
            fields = tuple(self._rows.fields(self.name, make=True))
            if fields != self._written:
                self._written, self._table = fields, self._tabling(fields)
            for some in _together(items):
                if self._rows.gathered is None:
                    self._rows.executemany(self._putting(PUT, 1, fields), self._table(some))
                else:
                    self._rows.gathered.extend(self._statements(PUT, some, fields, self._table))

    def merge_many(self, items: Iterable[T], fields: Sequence[str]) -> list[Statement]:
        """What inserts the items, and of those whose key is there by then replaces only these fields: for `RowsDB.commit`.

        The fields are texts that every item has, without NUL, at which SQLite would end them; no column mirrors them, else
        ValueError.
        """
        if self._declared.intersection(fields):
            raise ValueError(f'table "{self.name}" has an index on one of {", ".join(fields)}')
        parts, columns = "".join(PART.format(field=field) for field in fields), tuple(self._rows.fields(self.name))
        table = self._tabling(columns)
        return [made for some in _together(items) for made in self._statements(MERGE, some, columns, table, parts)]

    def set_part(self, path: str, value: object, keys: Iterable[str]) -> None:
        """Replace one part, by its JSON path, of the documents of these keys that have it by then; in one commit or in the batch
        around it. No column may mirror the part."""
        part = msgspec.json.encode(value).decode()
        with self._rows.batch():
            for where, chunk in self._chunks(self._key, keys):
                statement = SET.format(table=table_sql(self.name), where=where), (path, part, path, *chunk)
                if self._rows.gathered is None:
                    self._rows.execute(*statement)
                else:
                    self._rows.gathered.append(statement)

    def _statements(
        self, sql: str, items: list[T], fields: tuple[str, ...], table: Table[T], parts: str = ""
    ) -> Iterator[Statement]:
        """The items in as few statements as `ROWS` and this SQLite allow. What is put twice stands once; what is merged
        twice, too, where the fields are texts."""
        most = min(ROWS[-1], self._rows.most_values // (1 + len(fields)))
        for some in chunks(list(table(items)), most):
            size = min(ROWS[bisect_left(ROWS, len(some))], most)
            filled = chain(some, repeat(some[-1], size - len(some)))
            yield self._putting(sql, size, fields, parts), tuple(chain.from_iterable(filled))

    def remove(self, *keys: str) -> int:
        """Remove the items of these keys; returns how many were there (0 while writes are gathered)."""
        removed = 0
        with self._rows.batch():
            for where, values in self._chunks(self._key, keys):
                if self._rows.gathered is None:
                    removed += self._removed(where, values)
                else:
                    self._rows.gathered.append((REMOVE.format(table=table_sql(self.name), where=where), values))
        return removed

    def _removed(self, where: str, values: tuple[Any, ...]) -> int:
        self._rows.fields(self.name, make=True)
        return self._rows.execute(REMOVE.format(table=table_sql(self.name), where=where), values).rowcount

    def _read(self, doc_id: int, text: str) -> T:
        try:
            return self._decode(text)
        except (msgspec.MsgspecError, TypeError) as error:  # a flipped bit makes a text none at all
            key = self._rows.decode(self.name, doc_id, text).get(self._key)
            place = f'{self._rows.path}: table "{self.name}", key "{key}"'
            raise Damaged(f"{place} does not fit: {error}.", "Run tui-sync doctor.") from error

    def _column(self, field: str) -> str:
        if field not in self._declared:
            raise ValueError(f'table "{self.name}" has no index on {field}')
        return column_sql(field)

    def _where(self, equal: dict[str, Scalar]) -> tuple[str, tuple[Any, ...]]:
        if equal and frozenset(equal) not in self._groups:
            raise ValueError(f'table "{self.name}" has no index on {"+".join(equal)}')
        where = "".join(f" AND {column_sql(field)} IS ?" for field in equal)
        return where, tuple(msgspec.to_builtins(tuple(equal.values())))

    def _chunks(self, field: str, values: Iterable[str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        column, remaining = self._column(field), iter(dict.fromkeys(values))
        while chunk := tuple(islice(remaining, CHUNK)):
            yield f" AND {column} IN ({', '.join('?' * len(chunk))})", tuple(msgspec.to_builtins(chunk))

    def _in(self, field: str, values: Iterable[str], what: str) -> Iterator[tuple[Any, ...]]:
        if not self._rows.highest(self.name):
            return
        for where, chunk in self._chunks(field, values):
            sql = AMONG.format(what=f"id, {what}", table=table_sql(self.name), where=where)
            yield from self._rows.fetch(sql, chunk)

    def _putting(self, sql: str, rows: int, fields: tuple[str, ...], parts: str = "") -> str:
        """The upsert of so many rows. A column that the struct has no field for becomes NULL, as its document has none."""
        key, own = column_sql(self._key), [field for field in fields if field in self._types]
        return sql.format(
            table=table_sql(self.name),
            columns="".join(f", {column_sql(field)}" for field in own),
            rows=", ".join([f"(?{', ?' * len(own)})"] * rows),
            key=key,
            parts=parts,
            settings="".join(f", {name} = excluded.{name}" for name in map(column_sql, fields) if name != key),
        )

    def _tabling(self, fields: tuple[str, ...]) -> Table[T]:
        """What makes the values of the upserts of many items. Encoded together they take half the time of one by one."""
        own = [self._types[field] for field in fields if field in self._types]
        plain = all(PLAIN.issuperset(get_args(field.type) or (field.type,)) for field in own)
        getters, encode_lines = [attrgetter(field.name) for field in own], self._encode_lines

        def table(items: list[T]) -> Iterator[tuple[Any, ...]]:
            documents, columns = encode_lines(items).decode().split("\n"), [list(map(get, items)) for get in getters]
            return zip(documents, *(columns if plain else msgspec.to_builtins(columns)), strict=False)

        return table


def _together(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, TOGETHER)):
        yield some
