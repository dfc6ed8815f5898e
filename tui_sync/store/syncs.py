"""Saved definitions and what counts against the limits, on rows: satisfies `engine.ports.Syncs`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import meant
from tui_sync.model.workspace import Usage, UsageKind
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"syncs": TableSpec(key="id", indexes=("state",)), "usage": TableSpec(key="key")}


class Syncs:
    """Syncs by id; deleted ones stay, out of the listing. `zone` gives the organisation's time zone."""

    def __init__(self, db: RowsDB, zone: Callable[[], ZoneInfo]) -> None:
        self._shelf = Shelf(db, "syncs", Sync)
        self._usage = Shelf(db, "usage", Usage)
        self._zone = zone

    def get(self, sync_id: str) -> Sync | None:
        """One sync, deleted ones included."""
        return self._shelf.get(sync_id)

    def all(self) -> list[Sync]:
        """All syncs that are not deleted, oldest first."""
        return [sync for sync in self._shelf.all() if sync.deleted is None]

    def in_state(self, *states: SyncState) -> list[Sync]:
        """The syncs in these states that are not deleted, oldest first; the others are not read."""
        return [sync for sync in self._shelf.find_in("state", states) if sync.deleted is None]

    def every(self) -> list[Sync]:
        """All syncs, deleted ones included, oldest first."""
        return list(self._shelf.all())

    def named(self, name: str) -> Sync | None:
        """The not-deleted sync of that name."""
        return meant(name.strip(), self.all())

    def put(self, sync: Sync) -> None:
        """Write one."""
        self._shelf.put(sync)

    def note_run(self, sync_id: str, at: datetime) -> None:
        """Record that the sync ran on the organisation's day of `at`."""
        self._note(sync_id, at, UsageKind.RUN)

    def note_initiation(self, sync_id: str, at: datetime) -> None:
        """Record that the sync was initiated on the organisation's day of `at`."""
        self._note(sync_id, at, UsageKind.INITIATED)

    def usage_in(self, period: str) -> list[Usage]:
        """What is on record of a month (`2026-03`) or a day (`2026-03-02`) of the organisation's zone, or at all (empty)."""
        return self._usage.find_beginning((period,))

    def forget_usage(self, before: str) -> None:
        """Drop what is on record of the days before that one (`2026-03-02`)."""
        self._usage.remove(*(key for key in self._usage.keys_beginning("") if key < before))

    def _note(self, sync_id: str, at: datetime, kind: UsageKind) -> None:
        day = at.astimezone(self._zone()).date().isoformat()
        self._usage.put(Usage(key=f"{day}/{sync_id}/{kind}", day=day, sync=sync_id, kind=kind))
