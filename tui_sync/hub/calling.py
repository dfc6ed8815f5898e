"""Calls to Marketing Automation under its limits: 500 in 5 minutes an endpoint, then a lock of half an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import httpx
import msgspec

from tui_sync.engine.ports import CallBudget, Clock, Monitor
from tui_sync.hub.wire import FIELDS, LOCKED, NEW_FIELD, UNAUTHORISED, Nested, Reply
from tui_sync.model.errors import CallRejected, Throttled
from tui_sync.model.hub import CALLS, WINDOW
from tui_sync.net.authorised import Authorised
from tui_sync.net.datacentres import HUB_PREFIX
from tui_sync.net.oauth import Tokens
from tui_sync.net.sending import Request, Sender, TokenRejectedError

MOST_FIELD_CALLS = 95
"""What `CALLS` is, for the calls of fields, of which the hub takes fewer."""
LOCK = 1800.0
"""Seconds for which the hub locks an endpoint."""
MOST_LOCKS = 4
"""Locks that one call waits for; more mean that something else uses the endpoint up."""

R = TypeVar("R", bound=Reply | Nested)


class HubApi:
    """Makes calls for one run or command. Without a `budget` calls are not limited (the in-process demo)."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        origin: str,
        tokens: Tokens,
        monitor: Monitor,
        clock: Clock,
        budget: CallBudget | None,
    ) -> None:
        self._monitor, self._budget = monitor, budget
        sender = Sender(http, origin, HUB_PREFIX, clock, admit=self._admit)
        self._api = Authorised(sender, tokens, monitor)

    async def ask(self, endpoint: str, form: dict[str, str], read: Callable[[bytes], R], *, write: bool = False) -> R:
        """The hub's reply, whatever its code; a lock is waited for, a token renewed.

        Raises Unreachable, BadAnswer, CredentialsRejected, CallRejected, for a write Unconfirmed.
        """
        request = Request(path=f"/{endpoint}", method="POST", form=form, write=write)

        def decode(status: int, body: bytes) -> R:
            return _reply(read, endpoint, status, body)

        for _ in range(MOST_LOCKS):
            reply = (await self._api.call(request, decode)).value
            if _code(reply) != LOCKED:
                return reply
            await self._locked(endpoint)
        raise Throttled(
            f"The hub has locked the call {endpoint} {MOST_LOCKS} times in a row.",
            "Something else uses up the hub's call limit; find it, then run again.",
            code=LOCKED,
        )

    async def _admit(self, request: Request) -> None:
        """Wait for the endpoint's turn, and count the call."""
        endpoint = request.path.removeprefix("/")
        most = MOST_FIELD_CALLS if endpoint in (FIELDS, NEW_FIELD) else CALLS
        why = f"waiting for the hub's call limit: {most} calls of {endpoint} in 5 minutes"
        while self._budget is not None and (seconds := self._budget.reserve(endpoint, most, WINDOW)) > 0:
            locked = seconds > WINDOW  # no count of our own makes anybody wait longer
            await self._monitor.wait(seconds, f"waiting for the hub's call limit: it has locked {endpoint}" if locked else why)
        self._monitor.called("hub")

    async def _locked(self, endpoint: str) -> None:
        """Remember the lock for all processes, or wait for its end here where nobody counts."""
        if self._budget is not None:
            self._budget.lock(endpoint, LOCK)
        else:
            await self._monitor.wait(LOCK, f"waiting for the hub's call limit: it has locked {endpoint}")


def _code(reply: Reply | Nested) -> str:
    return reply.inner().outcome() if isinstance(reply, Nested) else reply.outcome()


def _reply(read: Callable[[bytes], R], endpoint: str, status: int, body: bytes) -> R:
    """The reply in a body. A refusal often lacks what a success has, so its code is looked at first."""
    if status == httpx.codes.UNAUTHORIZED:
        raise TokenRejectedError
    reply = read(body)
    code = _code(reply)
    if code == UNAUTHORISED:
        raise TokenRejectedError
    if not code:
        said = f"The hub answered the call {endpoint} with {status} and no code."
        raise CallRejected(said, "See: tui-sync doctor", status=status)
    return reply


def reader(kind: type[R]) -> Callable[[bytes], R]:
    """Reads a body as a reply of that kind; raises msgspec's errors."""
    return msgspec.json.Decoder(kind).decode
