"""The access token of a connection, shared by all processes: satisfies `engine.ports.TokenCache`."""

from __future__ import annotations

from datetime import datetime

from tui_sync.store.secrets import Secrets

NAME = "access_token"


class TokenFile:
    """Keeps the token among the workspace's secrets, in the file even where the others are in the keyring."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def read(self) -> tuple[str, datetime] | None:
        """The token and when it expires; None where there is none that can be used."""
        expires, _, token = (self._secrets.get(NAME) or "").partition(" ")
        try:
            return (token, datetime.fromisoformat(expires)) if token else None
        except ValueError:
            return None

    def write(self, token: str, expires: datetime) -> None:
        """Keep a new token."""
        self._secrets.set(NAME, f"{expires.isoformat()} {token}")

    def forget(self) -> None:
        """Drop the token: the connection has changed."""
        self._secrets.delete(NAME)


class TokenMemory:
    """A token kept nowhere: for a connection that is only being tried."""

    def __init__(self) -> None:
        self._held: tuple[str, datetime] | None = None

    def read(self) -> tuple[str, datetime] | None:
        """The token and when it expires."""
        return self._held

    def write(self, token: str, expires: datetime) -> None:
        """Keep a new token."""
        self._held = (token, expires)
