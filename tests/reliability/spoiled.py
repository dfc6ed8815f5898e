"""A server on a loopback socket that hands calls to the simulator, and spoils some of its answers byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tui_sync.simulator import Organisation, create_app

Respond = Callable[["Wire", "Call"], Awaitable[None]]
"""Answers one call in its own way; the connection is closed behind it."""
FOR_GOOD = 10_000
SKIPPED = frozenset({"content-length", "connection", "transfer-encoding"})


@dataclass
class Call:
    """One call as it came, and what the simulator would answer."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    organisation: Organisation
    ask: Callable[[str], Awaitable[httpx.Response]]
    """What the simulator answers to this call at a target."""

    async def answer(self) -> httpx.Response:
        """What the simulator answers to this call."""
        return await self.ask(self.target)

    @property
    def page(self) -> int:
        """The page of a listing that is asked for; 1 where none is named."""
        return int(httpx.URL(self.target).params.get("page", "1"))

    def rewrite(self, name: str, value: str) -> None:
        """Let the simulator be asked with another parameter."""
        url = httpx.URL(self.target)
        self.target = str(url.copy_set_param(name, value))

    @property
    def path(self) -> str:
        """The path without its parameters."""
        return self.target.partition("?")[0]


class Wire:
    """What a spoiled answer is written with."""

    def __init__(self, writer: asyncio.StreamWriter, gone: asyncio.Event) -> None:
        self._writer, self.gone = writer, gone

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def reply(self, body: bytes, status: int = 200, *headers: str, kind: str = "application/json") -> None:
        """Send a whole answer; further headers as `Name: value`."""
        length = [] if any(h.lower().startswith(("content-length", "transfer-encoding")) for h in headers) else [
            f"Content-Length: {len(body)}"
        ]  # fmt: skip
        lines = [f"HTTP/1.1 {status} Spoiled", f"Content-Type: {kind}", "Connection: close", *length, *headers]
        if status in (204, 304):
            lines = [lines[0], "Connection: close", *headers]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def reset(self) -> None:
        """Break the connection off with a reset."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class Spoil:
    """Spoil the calls of a path, from the one after the first `after` ones on, `count` of them."""

    path: str
    respond: Respond
    count: int = FOR_GOOD
    after: int = 0


@dataclass
class Spoiled:
    """The server: its origin, what spoils it, and the calls that it got."""

    organisation: Organisation
    origin: str = ""
    spoils: list[Spoil] = field(default_factory=list)
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    """Path and body of every call, in their order."""
    applied: list[tuple[str, bytes]] = field(default_factory=list)
    """Those that the simulator was asked to answer: the ones with an effect."""
    tokens: set[str] = field(default_factory=set)
    """Every Authorization header that came in."""

    def __post_init__(self) -> None:
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(create_app(self.organisation)), base_url="http://simulator")

    def spoil(self, *spoils: Spoil) -> None:
        """Spoil calls from now on, each by the first of these that fits."""
        self.spoils = list(spoils)

    def heal(self) -> None:
        """Answer everything properly again."""
        self.spoils = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection with one call."""
        gone = asyncio.Event()
        # A client that went away in the middle is what some of the faults are about.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            call = Call(method, target, headers, body, self.organisation, lambda at: self._answer(method, at, headers, body))
            self.calls.append((call.path, body))
            self.tokens.add(headers.get("authorization", ""))
            watch = asyncio.create_task(_until_gone(reader, gone))
            try:
                await self._respond(Wire(writer, gone), call)
            finally:
                watch.cancel()
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    async def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        self.applied.append((target.partition("?")[0], body))
        kept = {name: value for name, value in headers.items() if name not in ("connection", "accept-encoding")}
        return await self._http.request(method, target, headers=kept, content=body)

    async def _respond(self, wire: Wire, call: Call) -> None:
        for spoil in self.spoils:
            if spoil.count > 0 and fits(spoil.path, call.path):
                if spoil.after > 0:
                    spoil.after -= 1
                    continue
                spoil.count -= 1
                await spoil.respond(wire, call)
                return
        await proper(wire, call)


def fits(pattern: str, path: str) -> bool:
    """Whether a path is meant: exactly, or as a folder where the pattern ends in a stroke."""
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern


async def _until_gone(reader: asyncio.StreamReader, gone: asyncio.Event) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read(1)
    gone.set()


async def proper(wire: Wire, call: Call, alter: Callable[[Any], Any] | None = None) -> None:
    """Answer as the simulator does; `alter` changes the JSON of it."""
    answer = await call.answer()
    body = answer.content
    if alter is not None and body:
        body = json.dumps(alter(json.loads(body))).encode()
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name not in SKIPPED | {"content-type"}]
    await wire.reply(body, answer.status_code, *headers, kind=answer.headers.get("content-type", "application/json"))


@contextmanager
def spoiled(organisation: Organisation, tls: ssl.SSLContext | None = None) -> Iterator[Spoiled]:
    """The server in a thread of its own, until the block ends."""
    server = Spoiled(organisation)
    loop = asyncio.new_event_loop()
    ready, ended = threading.Event(), asyncio.Event()

    async def serve() -> None:
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=tls)
        server.origin = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        ready.set()
        await ended.wait()
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
