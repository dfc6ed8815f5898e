"""Sending one call until it is answered: what is repeated and when, and what a failure comes to.

A read is repeated after 429, 5xx, a cut or invalid body and a lost connection, up to `len(PAUSES)` times. A write is
repeated only where it cannot have happened: the connection was not opened, or the API said 429. Where its answer was
lost it is `Unconfirmed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Generic, TypeVar

import httpx
import msgspec

from tui_sync.engine.ports import Clock, Monitor
from tui_sync.model.errors import BadAnswer, CallRejected, RunError, Throttled, Unconfirmed, Unreachable
from tui_sync.model.text import visible
from tui_sync.net import body
from tui_sync.net.answers import answered_at, cause_of, is_page, page_title, pause_asked
from tui_sync.net.client import checked_origin, read_url

PAUSES = (1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds before each repetition, where the server does not ask for another pause."""
DOCTOR = "See: tui-sync doctor"
NETWORK = "Check the network, and the proxy where there is one (HTTPS_PROXY), then try again."
BETWEEN = "Look for a proxy or a login page in between, else check data centre and address: tui-sync connect"

T = TypeVar("T")
Decode = Callable[[int, bytes], T]
"""Makes the answer's value of its HTTP status and body. It may raise the errors of the model, `AttemptError` to have
the call repeated, `TokenRejectedError`, and whatever msgspec raises."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call: `path` stands behind the API's root, `form` is sent as a form body. `write`: it changes something."""

    path: str
    method: str = "GET"
    params: dict[str, str] = {}
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}
    credits: int = 0
    write: bool = False


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """The value of an answer, and the server's own time of it (aware UTC)."""

    value: T
    at: datetime


class AttemptError(Exception):
    """One attempt failed and may be repeated, after `pause` seconds where the server asked for that.

    `error` is what it comes to in the end; `reached` says that the call may have had its effect.
    """

    def __init__(self, error: RunError, *, reached: bool, pause: float | None = None) -> None:
        super().__init__(error.sentence)
        self.error, self.reached, self.pause = error, reached, pause


class TokenRejectedError(Exception):
    """The API does not accept the access token; a fresh one may help."""


async def free(request: Request) -> None:
    """The admission of calls that are neither counted nor limited."""


class Sender:
    """Sends calls to one API root: an origin and the `prefix` of its paths.

    `admit` is awaited before every attempt (it counts calls and keeps limits); `gate` bounds attempts under way.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        origin: str,
        prefix: str,
        clock: Clock,
        *,
        admit: Callable[[Request], Awaitable[None]] = free,
        gate: AbstractAsyncContextManager[object] | None = None,
    ) -> None:
        self._http, self._clock, self._admit = http, clock, admit
        self._root = checked_origin(origin) + prefix
        self._gate = gate or nullcontext()
        self.host = visible(httpx.URL(self._root).host, 100)

    async def send(
        self, request: Request, decode: Decode[T], monitor: Monitor, headers: dict[str, str] | None = None
    ) -> Answer[T]:
        """The answer to a call. `headers` are secret ones and appear nowhere else.

        Raises Unreachable, BadAnswer, CallRejected, for a write Unconfirmed, and what `decode` raises.
        """
        for pause in (*PAUSES, None):
            try:
                return await self._attempt(request, decode, {**request.headers, **(headers or {})})
            except AttemptError as failed:
                if request.write and failed.reached:
                    raise Unconfirmed(f"{failed.error.sentence} The call may have had its effect.") from None
                if pause is None:
                    raise failed.error from None
                wait, why = failed.pause if failed.pause is not None else pause, failed.error.sentence
            await monitor.wait(wait, f"waiting for the next try: {why.rstrip('.')}")
        raise AssertionError  # the last pause is None

    async def _attempt(self, request: Request, decode: Decode[T], headers: dict[str, str]) -> Answer[T]:
        await self._admit(request)
        async with self._gate:
            if self._http.is_closed:  # a screen still asks while the program ends; httpx takes that for a mistake of the program
                raise Unreachable(f"{self.host} was not asked: the program ends.", "Start it again.")
            response = await self._exchange(request, headers)
        status = response.status
        if status == httpx.codes.TOO_MANY_REQUESTS:
            said = f"{self.host} answered 429: too many calls at once, or the allowance of the day is used up."
            throttled = Throttled(said, "Try again later.", status=status)
            raise AttemptError(throttled, reached=False, pause=pause_asked(response.headers, self._clock.now()))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            rejected = CallRejected(f"{self.host} answered {status}.", "Try again later.", status=status)
            raise AttemptError(rejected, reached=True, pause=pause_asked(response.headers, self._clock.now()))
        self._look(response)
        value = self._decoded(decode, response)
        return Answer(value, answered_at(response.headers) or self._clock.now())

    async def _exchange(self, request: Request, headers: dict[str, str]) -> body.Received:
        """The answer, read whole within bounds. Errors of the library stay out of the chain: they may quote headers."""
        call = self._http.stream(
            request.method, self._root + request.path, params=request.params, data=request.form, headers=headers
        )
        try:
            async with asyncio.timeout(body.SECONDS), call as response:
                return await body.read(response)
        except body.TooLargeError:
            most = body.LARGEST // 1024 // 1024
            raise BadAnswer(f"{self.host} sent more than {most} MB for one call, which was not read on.", DOCTOR) from None
        except body.PackingError:
            raise BadAnswer(f"{self.host} packed its answer in a way that it was not asked for.", DOCTOR) from None
        except body.CutError:
            raise self._cut() from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            unreachable = Unreachable(f"{self.host} cannot be reached: {cause_of(error)}.", NETWORK)
            raise AttemptError(unreachable, reached=False) from None
        except (httpx.RequestError, OSError) as error:
            unreachable = Unreachable(f"{self.host} gave no answer: {cause_of(error)}.", DOCTOR)
            raise AttemptError(unreachable, reached=True) from None
        except (httpx.InvalidURL, ValueError, IndexError):  # httpx reads the target of a redirect that it does not follow
            said = f"{self.host} redirects to an address that is not valid; the token is not sent there."
            raise BadAnswer(said, BETWEEN) from None

    def _cut(self) -> AttemptError:
        cut = BadAnswer(f"{self.host} answered with a body that is cut or no JSON.", DOCTOR)
        return AttemptError(cut, reached=True)

    def _look(self, response: body.Received) -> None:
        """Raises BadAnswer for a redirect and for a web page: neither is data, and no repetition mends them."""
        if response.location is not None:
            target = _host_of(response.location) or "another page of the same host"
            raise BadAnswer(f"{self.host} redirects to {target}; the token is not sent there.", BETWEEN)
        if is_page(response.headers, response.body):
            title = page_title(response.body)
            raise BadAnswer(
                f"{self.host} answered {response.status} with a web page{title} instead of data.", BETWEEN
            )

    def _decoded(self, decode: Decode[T], response: body.Received) -> T:
        try:
            return decode(response.status, response.body)
        except (msgspec.ValidationError, RecursionError) as error:
            what = visible(str(error), 120)
            raise BadAnswer(f"{self.host} answered with JSON that the API does not promise: {what}.", DOCTOR) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            mended = body.whole_characters(response.body)
            if mended == response.body:
                raise self._cut() from None
        return self._decoded(decode, msgspec.structs.replace(response, body=mended))


def _host_of(location: str) -> str:
    """The host of a redirect's target, made visible; empty for a relative one."""
    target = read_url(location)
    return "an address that is not valid" if target is None else visible(target.host, 100)
