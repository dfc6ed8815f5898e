"""Fault switches: a bounded number of calls answered with a failure, and the middleware that does it.

A fault stands in a queue until its count is used up; the first one whose path prefix fits a call acts. `after` lets so
many fitting calls pass first. Control calls (/simulator/...) are never touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from threading import Lock
from typing import Literal

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Kind = Literal["status", "slow", "cut", "drop", "html", "bad-json", "maximum-leads"]
SUBSCRIBING = frozenset(f"/api/v1/{name}" for name in ("json/listsubscribe", "addlistandleads", "addleadsinbulk"))
"""The calls that may meet the plan's maximum of leads."""
HTML_PAGE = (
    "<!DOCTYPE html><html><head><title>Zoho CRM</title></head><body><h1>Sorry, an error occurred</h1>"
    "<p>The page you are looking for is not available.</p></body></html>"
)


class Fault(msgspec.Struct, kw_only=True):
    """One switch.

    `status` answers with that HTTP status (429 and 500 have Recruit's bodies); `retry_after` adds the header, as
    seconds, or as an HTTP date that many seconds ahead with `retry_as_date`. `slow` waits `seconds`, then answers.
    `cut` sends half the body, `drop` the head of an answer only, `html` a page with status 200, `bad-json` no JSON,
    `maximum-leads` the hub's refusal with code `code` on subscribing calls.
    """

    kind: Kind
    count: int = 1
    path: str = ""
    after: int = 0
    status: int = 500
    retry_after: float | None = None
    retry_as_date: bool = False
    seconds: float = 1.0
    code: str = "2302"


class Faults:
    """The switches that are on, for this process."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        with self._lock:
            self._queue.append(msgspec.structs.replace(fault))

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._queue.clear()

    def active(self) -> list[Fault]:
        """The switches that are on, with what is left of their counts."""
        with self._lock:
            return [msgspec.structs.replace(fault) for fault in self._queue]

    def take(self, path: str) -> Fault | None:
        """The fault that meets a call of this path, counted down; None where the call is answered properly."""
        with self._lock:
            for fault in self._queue:
                if not path.startswith(fault.path) or (fault.kind == "maximum-leads" and path not in SUBSCRIBING):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.count -= 1
                if fault.count <= 0:
                    self._queue.remove(fault)
                return fault
        return None


_BODIES = {
    429: '{"code":"TOO_MANY_REQUESTS","details":{},"message":"Too many requests fired","status":"error"}',
    500: '{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}',
}


def _answer(fault: Fault, now: datetime) -> Response | None:
    """The whole answer of a fault that replaces one; None for those that spoil the true answer."""
    if fault.kind == "html":
        return HTMLResponse(HTML_PAGE)
    if fault.kind == "bad-json":
        return Response('{"data":[{"id":"8463', media_type="application/json")
    if fault.kind != "status":
        return None
    headers = {}
    if fault.retry_after is not None:
        when = now + timedelta(seconds=fault.retry_after)
        headers["retry-after"] = format_datetime(when, usegmt=True) if fault.retry_as_date else f"{fault.retry_after:g}"
    return Response(_BODIES.get(fault.status, _BODIES[500]), fault.status, headers, "application/json")


class FaultMiddleware:
    """Lets the switches act on calls before the application sees them, and stamps every answer with `Date`.

    A dropped connection is a head without a body followed by ConnectionResetError: over a socket the server closes
    the connection, in process the call fails with that error. A cut body ends early in process, too.
    """

    def __init__(self, app: ASGIApp, faults: Faults, now: Callable[[], datetime]) -> None:
        self._app = app
        self._faults = faults
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = self._now()

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(now, usegmt=True).encode()
                message = {**message, "headers": [*message.get("headers", []), (b"date", date)]}
            await send(message)

        fault = None if scope["path"].startswith("/simulator/") else self._faults.take(scope["path"])
        if fault is None:
            await self._app(scope, receive, dated)
        else:
            await self._spoil(fault, now, scope, receive, dated)

    async def _spoil(self, fault: Fault, now: datetime, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = _answer(fault, now)
        if replaced is not None:
            await replaced(scope, receive, send)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        elif fault.kind == "cut":
            await self._app(scope, receive, _halved(send))
        elif fault.kind == "drop":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
            raise ConnectionResetError("the simulated connection was dropped")
        else:
            await self._app({**scope, "maximum_leads": fault.code}, receive, send)


def _halved(send: Send) -> Send:
    async def cut(message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            message = {**message, "body": body[: len(body) // 2]}
        await send(message)

    return cut
