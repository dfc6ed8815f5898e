"""OAuth tokens: issued, checked and expired as the accounts server does, kept in the file for every process."""

from __future__ import annotations

import secrets

from tui_sync.simulator.database import Database

LIFETIME = 3_600
"""Seconds that an access token lives."""
MOST_LIVE = 30
"""Live access tokens of one refresh token; one more drops the oldest."""
MOST_REFRESHES = 100
REFRESH_WINDOW = 600
"""More refreshes than that in so many seconds are refused for a while."""
ALL_SCOPES = (
    "ZohoRecruit.modules.ALL,ZohoRecruit.settings.ALL,ZohoRecruit.setup.operation.READ,ZohoSearch.securesearch.READ,"
    "ZohoMarketingAutomation.lead.ALL,ZohoMarketingAutomation.campaign.ALL"
)


class TooManyRefreshesError(Exception):
    """A refresh token was used too often in a short time."""


class Tokens:
    """The access tokens of the organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, refresh: str, scopes: str, now: int) -> str:
        """A new access token. TooManyRefreshesError where its refresh token asked too often."""
        value = f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
        with self._database.writing() as connection:
            connection.execute("DELETE FROM token WHERE issued<=?", (now - LIFETIME,))
            connection.execute("DELETE FROM usage WHERE kind='refresh' AND bucket<=?", (now - REFRESH_WINDOW,))
            used = connection.execute("SELECT coalesce(sum(calls), 0) FROM usage WHERE kind='refresh'").fetchone()[0]
            if used >= MOST_REFRESHES:
                raise TooManyRefreshesError
            connection.execute(
                "INSERT INTO usage VALUES ('refresh', ?, 1) ON CONFLICT DO UPDATE SET calls=calls+1", (now,)
            )
            connection.execute(
                "INSERT INTO token (value, refresh, scopes, issued) VALUES (?, ?, ?, ?)", (value, refresh, scopes, now)
            )
            connection.execute(
                "DELETE FROM token WHERE refresh=? AND id NOT IN "
                "(SELECT id FROM token WHERE refresh=? ORDER BY id DESC LIMIT ?)",
                (refresh, refresh, MOST_LIVE),
            )
        return value

    def scopes(self, value: str, now: int) -> str | None:
        """The scopes of a live access token, or None where it is unknown or too old."""
        with self._database.reading() as connection:
            sql = "SELECT scopes FROM token WHERE value=? AND issued>?"
            row = connection.execute(sql, (value, now - LIFETIME)).fetchone()
        return row[0] if row else None

    def use_code(self, code: str) -> bool:
        """Use up a grant code; false where it was used before."""
        with self._database.writing() as connection:
            done = connection.execute("INSERT OR IGNORE INTO grant_code VALUES (?)", (code,))
            return done.rowcount == 1
