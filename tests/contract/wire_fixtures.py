"""Means for the wire tests: a scripted HTTP server, the simulator on a socket, stand-ins for clock and workspace."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import msgspec
import uvicorn

from tui_sync.engine.ports import Page, Query
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.errors import Cancelled
from tui_sync.model.hub import HubList
from tui_sync.model.records import Columns
from tui_sync.net.client import open_client
from tui_sync.net.oauth import Credentials, Tokens
from tui_sync.recruit.client import RecruitClient
from tui_sync.simulator import Organisation, create_app

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COLUMNS = Columns(("Email", "Last_Name", "City", "Experience_in_Years", "Languages"))
QUERY = Query(module="Candidates", columns=COLUMNS, stamp="Updated_On")
CANDIDATES = "/recruit/v2/Candidates"
T = TypeVar("T")
CREDENTIALS = Credentials("demo-client", "demo-secret", "demo-refresh")


class Seen(msgspec.Struct):
    """One call as the scripted server got it."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


class Reply(msgspec.Struct):
    """What the scripted server answers. `cut` sends so many bytes of the body only, `drop` nothing at all."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = {}
    cut: int | None = None
    drop: bool = False


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """A reply with a JSON body; `retry_after` becomes Retry-After."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


def rows(numbers: range, *, more: bool) -> Reply:
    """A page of records with these numbers as ids."""
    data = [{"id": str(number), "Email": f"p{number}@example.com"} for number in numbers]
    return as_json({"data": data, "info": {"more_records": more}})


class Script:
    """A server that answers each path from its own list of replies; the last one stays."""

    def __init__(self) -> None:
        self.origin = ""
        self.calls: list[Seen] = []
        self._replies: dict[str, list[Reply]] = {}
        self.on("/oauth/v2/token", as_json({"access_token": "token-1", "expires_in": 3600}))

    def on(self, path: str, *replies: Reply) -> None:
        """Answer a path with these replies, in their order."""
        self._replies[path] = list(replies)

    def asked(self, path: str) -> list[Seen]:
        """The calls of a path, in their order."""
        return [call for call in self.calls if call.path == path]

    def _reply(self, call: Seen) -> Reply:
        self.calls.append(call)
        replies = self._replies.get(call.path)
        if replies is None:
            return as_json({"code": "INVALID_URL_PATTERN", "message": "unknown", "status": "error"}, 404)
        number = call.params.get("page")
        if number is not None and number.isdecimal() and len(replies) > 1 and replies[0].headers.get("X-Paged"):
            return replies[min(int(number), len(replies)) - 1]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection with one call."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.rstrip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            parts = urlsplit(target)
            params, form = dict(parse_qsl(parts.query)), dict(parse_qsl(body.decode(), keep_blank_values=True))
            reply = self._reply(Seen(method, unquote(parts.path), params, headers, form))
            if not reply.drop:
                writer.write(_bytes(reply))
                await writer.drain()
        finally:
            writer.close()


def _bytes(reply: Reply) -> bytes:
    headers = {"Content-Length": str(len(reply.body)), "Connection": "close", **reply.headers}
    if reply.status in (204, 304):
        del headers["Content-Length"]
    lines = [f"HTTP/1.1 {reply.status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + reply.body[: reply.cut]


def paged(*replies: Reply) -> tuple[Reply, ...]:
    """Replies that are chosen by the page that a call asks for, not by the order in which calls arrive."""
    return tuple(msgspec.structs.replace(reply, headers={**reply.headers, "X-Paged": "1"}) for reply in replies)


@asynccontextmanager
async def scripted() -> AsyncIterator[Script]:
    """A scripted server on a loopback socket."""
    script = Script()
    server = await asyncio.start_server(script.handle, "127.0.0.1", 0)
    script.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield script


@contextmanager
def unused_origin() -> Iterator[str]:
    """An origin where nobody listens, nor can while it is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def served(organisation: Organisation, credentials: Credentials = CREDENTIALS) -> Iterator[str]:
    """The simulator on a loopback socket, whose account has these credentials; gives its origin."""
    # asyncio switches the 40 ms of delayed sending off only for sockets that name their protocol.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    app = create_app(
        organisation, client_secret=credentials.client_secret, refresh_token=credentials.refresh_token
    )
    config = uvicorn.Config(app, log_config=None, lifespan="off", date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FakeMonitor:
    """Counts calls, and notes waits, which are over at once: the clock moves on instead."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.recruit = self.hub = self.credits = 0
        self.waits: list[tuple[float, str]] = []
        self.cancelled = False

    def called(self, api: Literal["recruit", "hub"], credits: int = 0) -> None:
        if api == "recruit":
            self.recruit += 1
        else:
            self.hub += 1
        self.credits += credits

    async def wait(self, seconds: float, why: str, *, a_look: bool = False) -> None:
        if self.cancelled:
            raise Cancelled("The run was cancelled.")
        self.waits.append((seconds, why))
        await self.clock.sleep(seconds)

    @property
    def seconds(self) -> list[float]:
        return [seconds for seconds, _ in self.waits]


class FakeCache:
    """A token in memory."""

    def __init__(self, kept: tuple[str, datetime] | None = None) -> None:
        self.kept = kept

    def read(self) -> tuple[str, datetime] | None:
        return self.kept

    def write(self, token: str, expires: datetime) -> None:
        self.kept = (token, expires)


class FakeBook:
    """Noted lists in memory."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}

    def noted(self) -> dict[str, HubList]:
        return {key: HubList(key=key, name=key[6:], noted=not hub_key) for key, hub_key in self.keys.items()}

    def note(self, name: str) -> HubList:
        self.keys.setdefault(f"noted:{name}", "")
        return self.noted()[f"noted:{name}"]

    def hub_key(self, list_key: str) -> str:
        return self.keys.get(list_key, list_key)

    def created(self, list_key: str, hub_key: str) -> None:
        self.keys[list_key] = hub_key


class FakeBudget:
    """Counts calls an endpoint by the fake clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.calls: dict[str, list[datetime]] = {}
        self.locked: dict[str, datetime] = {}

    def reserve(self, endpoint: str, limit: int, window: float) -> float:
        now = self.clock.now()
        until = self.locked.get(endpoint, now)
        if until > now:
            return (until - now).total_seconds()
        recent = [at for at in self.calls.get(endpoint, []) if now - at < timedelta(seconds=window)]
        if len(recent) >= limit:
            return (recent[-limit] + timedelta(seconds=window) - now).total_seconds()
        self.calls[endpoint] = [*recent, now]
        return 0.0

    def lock(self, endpoint: str, seconds: float) -> None:
        self.locked[endpoint] = self.clock.now() + timedelta(seconds=seconds)


class Line:
    """A connection to one origin for all three services, with its stand-ins."""

    def __init__(self, http: httpx.AsyncClient, origin: str, credentials: Credentials = CREDENTIALS) -> None:
        self.http, self.origin = http, origin
        self.clock = FakeClock()
        self.monitor = FakeMonitor(self.clock)
        self.cache, self.book, self.budget = FakeCache(), FakeBook(), FakeBudget(self.clock)
        self.tokens = Tokens(http, origin, credentials, self.cache, self.clock)

    def recruit(self, zsc_key: str = "") -> RecruitClient:
        """Recruit over this connection."""
        return RecruitClient(self.http, self.origin, self.tokens, self.monitor, self.clock, zsc_key=zsc_key)

    def hub(self, *, limited: bool = True) -> MarketingHub:
        """The hub over this connection, with its call limit counted or not."""
        budget = self.budget if limited else None
        return MarketingHub(self.http, self.origin, self.tokens, self.monitor, self.clock, self.book, budget)


@asynccontextmanager
async def line(origin: str, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Line]:
    """An open connection to an origin."""
    async with open_client(transport) as http:
        yield Line(http, origin)


@asynccontextmanager
async def scripted_line() -> AsyncIterator[tuple[Script, Line]]:
    """A scripted server and a connection to it."""
    async with scripted() as script, line(script.origin) as connection:
        yield script, connection


def over(origin: str, scenario: Callable[[Line], Coroutine[Any, Any, T]]) -> T:
    """What a scenario over a connection to the origin gives."""

    async def run() -> T:
        async with line(origin) as connection:
            return await scenario(connection)

    return asyncio.run(run())


def scripted_run(scenario: Callable[[Script, Line], Coroutine[Any, Any, T]]) -> T:
    """What a scenario against a scripted server gives."""

    async def run() -> T:
        async with scripted_line() as (script, connection):
            return await scenario(script, connection)

    return asyncio.run(run())


async def both(connection: Line, work: Coroutine[Any, Any, T]) -> tuple[T, Line]:
    """What the work gives, and the connection it went over."""
    return await work, connection


async def pages(connection: Line, query: Query = QUERY) -> list[Page]:
    """All pages of a query."""
    return [page async for page in connection.recruit().records(query)]


def ids(found: list[Page]) -> list[str]:
    """The ids of all records, in their order."""
    return [record.id for page in found for record in page.records]


def alter(query: Query, **changes: object) -> Query:
    """The query with some parts changed."""
    return msgspec.structs.replace(query, **changes)
