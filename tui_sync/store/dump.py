"""The whole database as a file of stock TinyDB, and back: `TinyDB(path)` reads a dump, `load` reads a TinyDB file."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
from tinydb.table import Document

from tui_sync.model.errors import UsageError
from tui_sync.model.text import command_line, counted
from tui_sync.store.named import named_file
from tui_sync.store.rows import RowsDB

Tables = dict[str, dict[str, dict[str, Any]]]
"""Table name -> id -> document, as TinyDB's JSONStorage writes it."""

UNNAMED = re.compile("[\0\ud800-\udfff]")
"""What the name of a table cannot hold: it ends names for SQLite, or is half a character."""
WAY_OUT = "Name a file that tui-sync dump or TinyDB wrote."


def dump(db: RowsDB, path: Path, without: Collection[str] = ()) -> int:
    """Write all tables but those of `without` as they are at one moment; returns the number of documents.

    The file is for its owner only and replaces one that is there, whole or not at all. It is plain ASCII, so that stock
    TinyDB reads it under any locale. Raises RunError where it cannot be written, UsageError for a file of a workspace.
    """
    count = 0
    with db.rows.batch("BEGIN"), named_file(path) as file:
        file.write(b"{")
        for number, name in enumerate(sorted(db.tables() - set(without))):
            file.write(f"{', ' if number else ''}{json.dumps(name)}: {{".encode())
            between = ""
            for doc_id, text in db.rows.scan(name):
                document = json.dumps(db.rows.decode(name, doc_id, text))
                file.write(f'{between}"{doc_id}": {document}'.encode())
                between = ", "
                count += 1
            file.write(b"}")
        file.write(b"}\n")
    return count


def load(db: RowsDB, path: Path, without: Collection[str] = ()) -> int:
    """Read a dump, or a file of stock TinyDB, into an empty database in one commit; returns the number of documents.

    Tables of `without` are neither looked at nor read. Raises UsageError, with nothing changed, where the database is
    not empty, the file is not what TinyDB writes, or a document is none of its table.
    """
    tables = {name: documents for name, documents in _read(path).items() if name not in without}
    with db.batch():
        for name in sorted(db.tables() - set(without)):
            if held := len(db.table(name)):
                problem = f'{db.rows.path} is not empty: table "{name}" has ' + f"{counted(held, 'document')}."
                raise UsageError(problem, f"Load into a new workspace: {command_line('--workspace DIR load', str(path))}")
        for name, documents in tables.items():
            strange = [key for key in documents if not re.fullmatch("-?[0-9]+", key)]
            if strange:
                raise _refused(path, f'table "{name}": "{strange[0]}" is not the id of a document')
            for key, document in documents.items() if name in db.readers else ():
                try:
                    db.readers[name](msgspec.json.encode(document).decode())
                except (msgspec.MsgspecError, UnicodeError) as error:  # half a pair of UTF-16 is no text
                    raise foreign(path, f'table "{name}", document {key}: {error}') from error
            try:
                db.table(name).insert_multiple(Document(document, int(key)) for key, document in documents.items())
            except (ValueError, OverflowError) as error:
                raise _refused(path, f'table "{name}": {error}') from error
    return sum(map(len, tables.values()))


def _read(path: Path) -> Tables:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", WAY_OUT) from error
    try:
        tables = _decoded(content)
    except RecursionError as error:
        raise _refused(path, "brackets are nested too deep") from error
    except (ValueError, msgspec.ValidationError) as error:
        raise _refused(path, str(error)) from error
    for name in tables:
        if UNNAMED.search(name):
            raise _refused(path, f"no table can have the name {json.dumps(name)}")
    return tables


def _decoded(content: bytes) -> Tables:
    try:
        return msgspec.json.decode(content, type=Tables)
    except msgspec.MsgspecError:  # it knows no NaN, which stock TinyDB writes
        return msgspec.convert(json.loads(content), Tables)


def foreign(path: Path, problem: str) -> UsageError:
    """The refusal of a file with documents that this program does not write."""
    return UsageError(f"{path} does not fit: {problem}.", WAY_OUT)


def _refused(path: Path, problem: str) -> UsageError:
    return UsageError(f"{path} is not a TinyDB file: {problem}.", WAY_OUT)
