"""Hub calls counted an endpoint over all processes of a workspace: satisfies `engine.ports.CallBudget`."""

from __future__ import annotations

import time

import msgspec

from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"calls": TableSpec(key="endpoint")}


class Endpoint(msgspec.Struct, frozen=True):
    """When an endpoint was called (seconds since the epoch, real time), and until when the hub has locked it."""

    endpoint: str
    calls: list[float]
    locked_until: float = 0.0
    locked_for: float = 1800.0
    """Seconds from the lock to its end."""

    def by(self, now: float) -> Endpoint:
        """The same by a clock that may have been set back since: what it has still to come may have been just now."""
        calls, until = [min(at, now) for at in self.calls], min(self.locked_until, now + self.locked_for)
        return msgspec.structs.replace(self, calls=calls, locked_until=until)


class CallBudget:
    """Keeps every endpoint under its limit. Real time, not the demo's: the limit is the hub's."""

    def __init__(self, db: RowsDB) -> None:
        self._db = db
        self._shelf = Shelf(db, "calls", Endpoint)

    def reserve(self, endpoint: str, limit: int, window: float) -> float:
        """Count one call now and give 0.0, or give the seconds to wait before asking again."""
        now = time.time()
        with self._db.batch():
            stored = self._shelf.get(endpoint) or Endpoint(endpoint, [])
            known = stored.by(now)
            recent = [at for at in known.calls if now - window < at]
            if known.locked_until <= now and len(recent) < limit:
                self._shelf.put(Endpoint(endpoint, [*recent, now]))
                return 0.0
            if known != stored:
                self._shelf.put(known)
        return known.locked_until - now if known.locked_until > now else max(recent[-limit] + window - now, 0.01)

    def lock(self, endpoint: str, seconds: float) -> None:
        """The hub has locked the endpoint for that long."""
        with self._db.batch():
            known = self._shelf.get(endpoint) or Endpoint(endpoint, [])
            self._shelf.put(Endpoint(endpoint, known.calls, time.time() + seconds, seconds))
