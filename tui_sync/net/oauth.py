"""Access tokens from Zoho's accounts server: refreshed by one caller at a time, shared by all processes.

The accounts server reports errors inside HTTP 200 as well as with 4xx, so the body decides. Zoho allows few refreshes
in a short time: a token is used until a minute before its end, or until an API rejects it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import msgspec

from tui_sync.engine.ports import Clock, Monitor, TokenCache
from tui_sync.model.errors import BadAnswer, CallRejected, CredentialsRejected, RunError, Unconfirmed
from tui_sync.model.text import visible
from tui_sync.net.sending import AttemptError, Request, Sender

EARLY = timedelta(seconds=60)
"""How long before its end a token is no longer used."""
LIFETIME = 3600
"""Seconds that a token lives where the answer does not say, and at most: some answers count in milliseconds."""
THROTTLED_PAUSE = 60.0
"""Seconds to wait where the accounts server says that it was asked too often."""
CONNECT = "Enter them again: tui-sync connect"
ANEW = "Make a new grant in the API console, which this names: tui-sync connect"

_REASONS = {
    "invalid_client": (
        "does not accept the client id (--client-id) or its secret (TUI_SYNC_CLIENT_SECRET); the client may also belong to "
        "another data centre, or was deleted"
    ),
    "invalid_client_secret": "does not accept the client secret",
    "invalid_code": (
        "does not accept the refresh token or grant code: it was revoked, used before, has ended, or belongs to another client "
        "or data centre"
    ),
    "invalid_redirect_uri": "does not accept the redirect address of the client",
    "access_denied": "says that access was denied: somebody refused it or took it back",
}
GRANTS = frozenset({"invalid_code", "access_denied"})
"""Errors that the same secrets will meet again."""


class Credentials(msgspec.Struct, frozen=True):
    """The secrets of a connection; never shown."""

    client_id: str
    client_secret: str
    refresh_token: str

    def __repr__(self) -> str:
        """No secret."""
        return "Credentials(...)"


class Grant(msgspec.Struct, frozen=True):
    """What the accounts server gave. `scope` is empty where the answer does not name the granted scopes."""

    access_token: str
    seconds: float
    refresh_token: str = ""
    scope: str = ""

    def __repr__(self) -> str:
        """No token."""
        return f"Grant(seconds={self.seconds}, scope={self.scope!r})"


class _Answer(msgspec.Struct):
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: float | str | None = None
    scope: str | None = None
    error: str | None = None


_decoder = msgspec.json.Decoder(_Answer)


class Tokens:
    """The access token of one connection, for all its clients in this process."""

    def __init__(
        self, http: httpx.AsyncClient, accounts: str, credentials: Credentials, cache: TokenCache, clock: Clock
    ) -> None:
        self._sender = Sender(http, accounts, "/oauth/v2", clock)
        self._credentials, self._cache, self._clock = credentials, cache, clock
        self._lock = asyncio.Lock()
        self.scope = ""
        """The granted scopes as the last token answer named them; empty where it did not."""

    async def token(self, monitor: Monitor) -> str:
        """A token that lives for a minute at least. Raises CredentialsRejected, Unreachable or BadAnswer."""
        cached = self._cached()
        if cached is not None:
            return cached
        async with self._lock:
            return self._cached() or await self._refresh(monitor)

    async def fresh(self, monitor: Monitor) -> str:
        """A new token, whatever the cache holds. Raises CredentialsRejected, Unreachable or BadAnswer."""
        async with self._lock:
            return await self._refresh(monitor)

    async def renew(self, rejected: str, monitor: Monitor) -> str:
        """A token other than the rejected one; another caller may have fetched it already."""
        async with self._lock:
            cached = self._cached()
            return cached if cached is not None and cached != rejected else await self._refresh(monitor)

    def _cached(self) -> str | None:
        known = self._cache.read()
        return known[0] if known is not None and known[1] - EARLY > self._clock.now() else None

    async def _refresh(self, monitor: Monitor) -> str:
        if not (self._credentials.client_secret and self._credentials.refresh_token):
            raise CredentialsRejected("The workspace has no client secret or refresh token: a file never carries them.", CONNECT)
        form = {
            "grant_type": "refresh_token",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "refresh_token": self._credentials.refresh_token,
        }
        grant = await _ask(self._sender, form, monitor, write=False)
        self.scope = grant.scope
        self._cache.write(grant.access_token, self._clock.now() + timedelta(seconds=grant.seconds))
        return grant.access_token


def scopes_of(answer: str) -> tuple[str, ...]:
    """The scopes in a token answer, which separates them by blanks or commas."""
    return tuple(answer.replace(",", " ").split())


async def exchange_code(
    http: httpx.AsyncClient,
    accounts: str,
    clock: Clock,
    monitor: Monitor,
    *,
    client_id: str,
    client_secret: str,
    code: str,
) -> Grant:
    """The grant for a code of the API console, with its refresh token. A code works once.

    Raises CredentialsRejected, Unreachable or BadAnswer.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
    }
    try:
        grant = await _ask(Sender(http, accounts, "/oauth/v2", clock), form, monitor, write=True)
    except Unconfirmed as lost:
        raise BadAnswer(lost.sentence, "Make a new code in the API console, then: tui-sync connect --code") from None
    if not grant.refresh_token:
        raise CredentialsRejected(
            "The code brought no refresh token.", "Make a new code in the API console, then: tui-sync connect --code"
        )
    return grant


async def _ask(sender: Sender, form: dict[str, str], monitor: Monitor, *, write: bool) -> Grant:
    def decode(status: int, body: bytes) -> Grant:
        return _grant(sender.host, status, body)

    try:
        form = {name: value.encode().decode() for name, value in form.items()}
    except UnicodeEncodeError:
        raise CredentialsRejected("The connection's secrets are not valid text.", CONNECT) from None
    request = Request(method="POST", path="/token", form=form, write=write)
    return (await sender.send(request, decode, monitor)).value


def _grant(host: str, status: int, body: bytes) -> Grant:
    """The grant of a token answer, or the error that it reports."""
    answer = _decoder.decode(body)
    if answer.error is not None or status >= httpx.codes.BAD_REQUEST:
        raise _refusal(host, status, answer.error or "")
    token = answer.access_token or ""
    if not token or not token.isascii() or not token.isprintable():
        raise BadAnswer(f"{host} gave no access token.", "Check data centre and address, then: tui-sync connect")
    return Grant(token, _seconds(answer.expires_in), answer.refresh_token or "", answer.scope or "")


def _refusal(host: str, status: int, error: str) -> Exception:
    """What an error of the accounts server comes to; `Access Denied` is its word for too many refreshes."""
    code = visible(error, 80)
    if error.casefold() == "access denied":
        throttled: RunError = CallRejected(
            f"{host} gives no token at present: it was asked too often.", "Try again in some minutes.", code=code
        )
        return AttemptError(throttled, reached=False, pause=THROTTLED_PAUSE)
    reason = _REASONS.get(error, f"refuses the connection's secrets with {code or status}")
    return CredentialsRejected(f"{host} {reason}.", ANEW if error in GRANTS else CONNECT)


def _seconds(expires_in: float | str | None) -> float:
    try:
        seconds = float(expires_in or 0)
    except ValueError:
        return LIFETIME
    return min(seconds, LIFETIME) if seconds > 0 else LIFETIME
