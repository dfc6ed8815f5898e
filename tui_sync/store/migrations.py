"""Versions of the stored documents. Each step lifts a database by one version, in one commit."""

from __future__ import annotations

from collections.abc import Callable

from tui_sync.model.errors import Damaged, WrittenByNewer
from tui_sync.store.rows import RowsDB


def _full_fetches(db: RowsDB) -> None:
    """What asks for a full fetch stands beside the cursors: a sync in its first run has none yet."""
    for cursor in db.table("cursors"):
        if cursor.get("full_because"):
            db.table("full_fetches").insert({"sync": cursor["sync"], "because": cursor["full_because"], "token": ""})


STEPS: tuple[Callable[[RowsDB], None], ...] = (_full_fetches,)
"""Step n lifts version n + 1 to n + 2; version 1 is the first."""
VERSION = 1 + len(STEPS)
FARTHEST = VERSION + 100
"""No program to come that meets this one's files is farther ahead: beyond it the number itself is what is damaged."""


def migrate(db: RowsDB, keep: Callable[[], object]) -> None:
    """Lift the database to this program's version; `keep` makes a copy of it before anything is changed.

    Raises WrittenByNewer where it was written by a newer program, Damaged where no program has such a version, RunError where
    the copy cannot be made.
    """
    if db.version == 0:
        db.version = VERSION
    if not 0 < db.version <= FARTHEST:
        raise Damaged(f"{db.rows.path} is damaged: it is said to be of version {db.version}.", "Run tui-sync doctor.")
    if db.version > VERSION:
        raise WrittenByNewer(
            f"The workspace was written by a newer tui-sync (documents of version {db.version}, this program knows"
            f" {VERSION}).",
            "Install the newer version.",
        )
    if db.version < VERSION:
        keep()
    for number, step in enumerate(STEPS, start=1):
        if db.version > number:
            continue  # who only opens it waits for nobody who writes
        with db.batch():
            if db.version == number:  # another program that opens it too may have lifted it
                step(db)
                db.version = number + 1
