"""Files that somebody named, to be written over what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tui_sync.model.errors import UsageError
from tui_sync.store.secrets import FILE as SECRETS
from tui_sync.store.secrets import private_file
from tui_sync.store.workspace import FILE, ORGANISATION

DATABASE = b"SQLite format 3\0"
"""How every file of SQLite begins."""


@contextmanager
def named_file(path: Path) -> Iterator[BinaryIO]:
    """`private_file` for a path that somebody named. Raises UsageError for a database and for secrets: by a slip the workspace
    that they belong to, this one or another, would be lost."""
    if _is_kept(path):
        raise UsageError(f"{path} belongs to a workspace, and nothing else can take its place.", "Name another file.")
    with private_file(path) as file:
        yield file


def _is_kept(path: Path) -> bool:
    """Whether a database or secrets stand there. A database that this program may have open is known by its name: closing a
    second descriptor would drop the locks on it."""
    try:
        if not path.is_file() or path.resolve().name in (FILE, ORGANISATION, SECRETS):
            return path.is_file()
        with path.open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except OSError:  # told by whoever writes there
        return False
