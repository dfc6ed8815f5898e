"""Versions of the stored documents. Each step lifts a database by one version, in one commit."""

from __future__ import annotations

from collections.abc import Callable

from tui_sync.model.errors import Damaged
from tui_sync.store.rows import RowsDB

STEPS: tuple[Callable[[RowsDB], None], ...] = ()
"""Step n lifts version n + 1 to n + 2; version 1 is the first."""
VERSION = 1 + len(STEPS)


def migrate(db: RowsDB) -> None:
    """Lift the database to this program's version. Raises Damaged where it was written by a newer program."""
    if db.version == 0:
        db.version = VERSION
    if db.version > VERSION:
        raise Damaged(
            f"The workspace was written by a newer tui-sync (documents of version {db.version}, this program knows"
            f" {VERSION}).",
            "Install the newer version.",
        )
    for step in STEPS[db.version - 1 :]:
        with db.batch():
            step(db)
            db.version += 1
