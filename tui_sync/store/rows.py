"""TinyDB over SQLite rows: TinyDB's API, where a write costs what it changes and survives other processes and a kill.

One document is one row: `id`, `doc` (its JSON text) and one column for each indexed field, filled in Python. A column
mirrors its document whoever writes: columns are read from the file, so a process with fewer declared indexes fills the
others too.

Differences from stock TinyDB: documents are ordered by id, not by the time of insertion; a generated id is above every
id in use; `remove(doc_ids=...)` takes a repeated id once; a declared table exists from the opening on; a table has no
query cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import msgspec
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from tui_sync.model.errors import Damaged, RunError
from tui_sync.store.rowfile import INSERT, UPDATE, Rows, Statement, TableSpec, column_sql, indexable, table_sql
from tui_sync.store.trouble import is_busy, problems, writer
from tui_sync.store.writer import Writer

__all__ = ["RowTable", "RowsDB", "TableSpec"]

FETCH = "SELECT doc FROM {table} WHERE id = ?"
DELETE = "DELETE FROM {table} WHERE id = ?"
CLEAR = "DELETE FROM {table}"


def equalities(query: object) -> dict[str, Any]:
    """The fields and values that every match has, by a query's hash, where TinyDB keeps `where(f) == v` and `&`."""
    match query:
        case ("==", (str(field),), value) if value is None or indexable(value) is not None:
            return {field: value}
        case ("and", frozenset() as parts):
            return {field: value for part in parts for field, value in equalities(part).items()}
    return {}


class RowTable(Table):
    """A table of TinyDB whose operations touch only the rows they mean."""

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        self._rows = cast("Rows", storage)
        self._following = 1
        super().__init__(storage, name, cache_size, persist_empty)

    def _matching(self, cond: QueryLike | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """(id, document) of each match, by the best declared index for the query; writing in between is safe."""
        known = equalities(getattr(cond, "_hash", None))
        groups = self._rows.specs.get(self.name, TableSpec()).groups
        best = max((group for group in groups if known.keys() >= set(group)), key=len, default=())
        where = "".join(f" AND {column_sql(field)} IS ?" for field in best)
        for doc_id, text in self._rows.scan(self.name, "doc", where, tuple(known[field] for field in best)):
            document = self._rows.decode(self.name, doc_id, text)
            if cond is None or cond(document):
                yield doc_id, document

    def _chosen(self, cond: QueryLike | None, doc_ids: Iterable[int] | None) -> Iterator[tuple[int, dict[str, Any]]]:
        if doc_ids is None:
            yield from self._matching(cond)
            return
        for doc_id in doc_ids:
            for row in self._rows.fetch(FETCH.format(table=table_sql(self.name)), (doc_id,)):
                yield doc_id, self._rows.decode(self.name, doc_id, row[0])

    def search(self, cond: QueryLike) -> list[Document]:
        """All matches."""
        return [self.document_class(document, doc_id) for doc_id, document in self._matching(cond)]

    def get(
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> Any:  # noqa: ANN401 - one signature for the seven overloads of TinyDB
        """The document of an id or the first match, or None; the list of those that exist for `doc_ids`."""
        if doc_id is None and doc_ids is not None:
            found = self._chosen(None, sorted(set(doc_ids)))
            return [self.document_class(document, number) for number, document in found]
        if doc_id is None and cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        for number, document in self._chosen(cond, None if doc_id is None else [doc_id]):
            return self.document_class(document, number)
        return None

    def __len__(self) -> int:
        """How many documents there are."""
        return self._rows.count(self.name)

    def __iter__(self) -> Iterator[Document]:
        """All documents, by id."""
        return (self.document_class(document, doc_id) for doc_id, document in self._matching())

    def insert(self, document: Mapping[Any, Any]) -> int:
        """Insert one document; returns its id. A Document keeps its own."""
        if isinstance(document, self.document_class):
            self._following = 1
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[Any, Any]]) -> list[int]:
        """Insert all or none; returns their ids."""
        doc_ids = []
        with self._rows.batch():
            write = self._rows.writer(self.name, INSERT)
            self._following = max(self._following, self._rows.highest(self.name) + 1)
            for document in documents:
                if not isinstance(document, Mapping):
                    raise ValueError("Document is not a Mapping")
                doc_id = document.doc_id if isinstance(document, self.document_class) else self._following
                self._following = max(self._following, doc_id + 1)
                write(doc_id, dict(document))
                doc_ids.append(doc_id)
        return doc_ids

    def update(
        self,
        fields: Mapping[Any, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Set the fields in (or call the function on) the documents of the ids, else the matches, else all."""
        return self._change([(fields, None)], self._chosen(cond, doc_ids))

    def update_multiple(self, updates: Iterable[tuple[Any, QueryLike]]) -> list[int]:
        """Apply each (fields, query) to the documents that match it by then; returns an id for each application."""
        return self._change(list(updates), self._matching())

    def _change(
        self, updates: list[tuple[Any, QueryLike | None]], found: Iterable[tuple[int, dict[str, Any]]]
    ) -> list[int]:
        changed = []
        with self._rows.batch():
            write = self._rows.writer(self.name, UPDATE)
            for doc_id, document in found:
                applied = 0
                for fields, cond in updates:
                    if cond is None or cond(document):
                        fields(document) if callable(fields) else document.update(fields)
                        applied += 1
                if applied:
                    write(doc_id, document)
                changed += [doc_id] * applied
        return changed

    def upsert(self, document: Mapping[Any, Any], cond: QueryLike | None = None) -> list[int]:
        """Update the matches, or insert the document where there is none; returns the ids."""
        with self._rows.batch():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove the documents of the ids, else the matches; returns the ids of those that were there."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        removed = []
        with self._rows.batch():
            self._rows.fields(self.name, make=True)
            for doc_id, _ in self._chosen(cond, doc_ids):
                self._rows.execute(DELETE.format(table=table_sql(self.name)), (doc_id,))
                removed.append(doc_id)
        return removed

    def truncate(self) -> None:
        """Remove all documents; ids start anew."""
        with self._rows.batch():
            self._rows.fields(self.name, make=True)
            self._rows.execute(CLEAR.format(table=table_sql(self.name)))
        self._following = 1

    def _update_table(self, updater: Callable[[dict[int, Any]], None]) -> None:
        """What methods of TinyDB that are not overridden here write by: the whole file, in one transaction."""
        with self._rows.batch():
            super()._update_table(updater)


class RowsDB(TinyDB):
    """TinyDB over rows. `tables` declares keys and indexes; other tables work too, without."""

    table_class: type[Table] = RowTable

    def __init__(self, path: Path, tables: Mapping[str, TableSpec] = MappingProxyType({})) -> None:
        self.rows = Rows(path, tables)
        self._writer = Writer(path, self.rows.turn)
        self.readers: dict[str, Callable[[str], object]] = {}
        """What decodes the documents of a table whose type is known."""
        super().__init__(storage=lambda: self.rows)

    def batch(self) -> AbstractContextManager[None]:
        """All writes inside are one atomic, durable commit; in another batch they join it. An exception undoes them.

        Never await inside: what another task writes meanwhile would join the batch.
        """
        return self.rows.batch()

    @contextmanager
    def gathering(self) -> Iterator[list[Statement]]:
        """Writes of shelves inside are not made but gathered for `commit`; reads see what is committed. Never await inside."""
        statements: list[Statement] = []
        self.rows.gathered = statements
        try:
            yield statements
        finally:
            self.rows.gathered = None

    def held_by(self) -> str:
        """Which other process writes at this moment, in words; empty where none does, and where the file has another trouble,
        which the write itself meets and tells."""
        rows = self.rows
        if rows.in_batch or not rows.turn.acquire(blocking=False):
            return writer(rows.path)
        try:
            rows.begin("BEGIN IMMEDIATE", 0.0)
            rows.execute("ROLLBACK")
        except RunError as fault:
            return (writer(rows.path) or "another program") if is_busy(fault) else ""
        finally:
            rows.turn.release()
        return ""

    def make(self, tables: Iterable[str], *statements: Statement) -> None:
        """Make statements within the batch around them, or gather them, too; tables that are missing are made first."""
        for name in tables:
            self.rows.fields(name, make=True)
        if self.rows.gathered is not None:
            self.rows.gathered.extend(statements)
            return
        for sql, values in statements:
            self.rows.execute(sql, values)

    async def commit(self, statements: Sequence[Statement]) -> None:
        """Make gathered writes in one durable commit; the event loop goes on meanwhile. Raises what a batch raises."""
        self.rows.ready_to_write()  # the day's backup is not for the writer's thread
        await self._writer.commit(statements)

    def close(self) -> None:
        """Close the file; a commit under way ends first."""
        self._writer.close()
        super().close()

    def tables(self) -> set[str]:
        """The names of the tables."""
        return self.rows.names()

    def drop_table(self, name: str) -> None:
        """Remove a table with its documents; a declared one comes back with its next write."""
        self._tables.pop(name, None)
        self.rows.execute("DROP TABLE IF EXISTS " + table_sql(name))

    @property
    def journal_mode(self) -> str:
        """How commits are kept: "wal", or "truncate" on a network file system."""
        return self.rows.journal_mode

    @property
    def others(self) -> int:
        """A number that is another one after each commit of another connection."""
        return int(self.rows.fetch("PRAGMA data_version")[0][0])

    @property
    def version(self) -> int:
        """The number of the file's schema; 0 in a new file."""
        return int(self.rows.fetch("PRAGMA user_version")[0][0])

    @version.setter
    def version(self, number: int) -> None:
        self.rows.execute(f"PRAGMA user_version = {number:d}")

    def integrity(self) -> list[str]:
        """What is wrong with the file, a sentence each; empty where all is well. Reads everything."""
        found: list[str] = []
        try:
            found += problems(self.rows.fetch("PRAGMA integrity_check"))
            for name in sorted(self.tables()):
                found += self._wrong_in(name)
        except Damaged as error:
            found.append(error.sentence)
        return found

    def _wrong_in(self, name: str) -> Iterator[str]:
        """What is wrong with the documents of a table: no JSON, or not what its columns say."""
        fields = self.rows.fields(name)
        for doc_id, text, *columns in self.rows.scan(name, ", ".join(["doc", *map(column_sql, fields)])):
            place = f'{self.rows.path} is damaged: document {doc_id} of table "{name}"'
            try:
                document = self.rows.decode(name, doc_id, text)
                self.readers.get(name, str)(text)
            except Damaged as error:
                yield error.sentence
                continue
            except msgspec.MsgspecError as error:
                yield f"{place} does not fit: {error}."
                continue
            for field, column in zip(fields, columns, strict=True):
                if indexable(document.get(field)) != column:
                    yield f"{place} and its index disagree on {field}."
