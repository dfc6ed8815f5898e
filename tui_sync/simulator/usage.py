"""What calls cost: Recruit's credits of any 24 hours, and the hub's calls of any 5 minutes for each endpoint."""

from __future__ import annotations

from tui_sync.simulator.clock import DAY
from tui_sync.simulator.database import Database

WINDOW = 300
"""Seconds over which the hub counts the calls of an endpoint."""
LOCK = 1_800
"""Seconds for which an endpoint is locked after one call too many."""
MOST_CALLS, MOST_FIELD_CALLS = 500, 100
FIELD_ENDPOINTS = frozenset({"lead/allfields", "custom/add"})
_HOUR = 3_600


class Usage:
    """Counts, kept in the file, so that all processes share them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def credits_used(self, now: int) -> int:
        """The Recruit credits of the last 24 hours, by the hour."""
        with self._database.reading() as connection:
            sql = "SELECT coalesce(sum(calls), 0) FROM usage WHERE kind='credits' AND bucket>?"
            return int(connection.execute(sql, (now // _HOUR - DAY // _HOUR,)).fetchone()[0])

    def charge(self, price: int, allowance: int, now: int) -> bool:
        """Charge a call; false (and nothing charged) where the allowance would not suffice."""
        with self._database.writing():
            if self.credits_used(now) + price > allowance:
                return False
            self._count("credits", now // _HOUR, price)
        return True

    def _count(self, kind: str, bucket: int, calls: int) -> None:
        with self._database.writing() as connection:
            sql = "INSERT INTO usage VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET calls=calls+excluded.calls"
            connection.execute(sql, (kind, bucket, calls))

    def hub_call(self, endpoint: str, now: int) -> bool:
        """Count a call of a hub endpoint; false where the endpoint is locked, or is locked by this very call."""
        most = MOST_FIELD_CALLS if endpoint in FIELD_ENDPOINTS else MOST_CALLS
        kind = f"hub:{endpoint}"
        with self._database.writing() as connection:
            locked = connection.execute("SELECT 1 FROM locked WHERE kind=? AND until>?", (kind, now)).fetchone()
            if locked:
                return False
            connection.execute("DELETE FROM usage WHERE kind=? AND bucket<=?", (kind, now - WINDOW))
            sql = "SELECT coalesce(sum(calls), 0) FROM usage WHERE kind=?"
            if connection.execute(sql, (kind,)).fetchone()[0] >= most:
                connection.execute("INSERT OR REPLACE INTO locked VALUES (?, ?)", (kind, now + LOCK))
                return False
            self._count(kind, now, 1)
        return True

    def hub_calls(self, now: int) -> dict[str, int]:
        """The calls of the last 5 minutes by endpoint."""
        sql = "SELECT kind, sum(calls) FROM usage WHERE kind LIKE 'hub:%' AND bucket>? GROUP BY kind"
        with self._database.reading() as connection:
            return {row[0][4:]: row[1] for row in connection.execute(sql, (now - WINDOW,))}
