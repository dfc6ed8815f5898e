"""Calls that carry the access token: a fresh token is fetched before it ends, and once more when it is not accepted."""

from __future__ import annotations

from typing import TypeVar

from tui_sync.engine.ports import Monitor
from tui_sync.model.errors import CredentialsRejected
from tui_sync.net.oauth import Tokens
from tui_sync.net.sending import Answer, Decode, Request, Sender, TokenRejectedError

T = TypeVar("T")


class Authorised:
    """Sends calls with the connection's token. `secrets` are further headers whose values appear in no message."""

    def __init__(self, sender: Sender, tokens: Tokens, monitor: Monitor, secrets: dict[str, str] | None = None) -> None:
        self._sender, self._tokens, self._monitor = sender, tokens, monitor
        self._secrets = secrets or {}
        self.host = sender.host

    async def call(self, request: Request, decode: Decode[T]) -> Answer[T]:
        """The answer to a call; raises what `Sender.send` raises, and CredentialsRejected."""
        token = await self._tokens.token(self._monitor)
        try:
            return await self._send(request, decode, token)
        except TokenRejectedError:
            token = await self._tokens.renew(token, self._monitor)
        try:
            return await self._send(request, decode, token)
        except TokenRejectedError:
            raise CredentialsRejected(
                f"{self.host} does not accept a fresh token either: the connection was revoked, or lacks a scope.",
                "Connect again with the scopes that it prints: tui-sync connect",
            ) from None

    async def _send(self, request: Request, decode: Decode[T], token: str) -> Answer[T]:
        headers = {**self._secrets, "Authorization": f"Zoho-oauthtoken {token}"}
        return await self._sender.send(request, decode, self._monitor, headers)
