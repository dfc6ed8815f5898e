"""Spoiled answers: whole ones that are wrong, broken ones, and ones without an end."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

from tests.reliability.spoiled import Call, Respond, Wire, proper
from tui_sync.simulator.records import Listing
from tui_sync.simulator.schema import CANDIDATES


def answer(body: object, status: int = 200, *headers: str, kind: str = "application/json") -> Respond:
    """A whole answer; a body that is not bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def respond(wire: Wire, call: Call) -> None:
        await wire.reply(data, status, *headers, kind=kind)

    return respond


def error(code: str, status: int, message: str = "no") -> Respond:
    """An error as Recruit words it."""
    return answer({"code": code, "details": {}, "message": message, "status": "error"}, status)


def refused(code: str, status: int = 200) -> Respond:
    """An error as the hub words it."""
    return answer({"code": code, "message": "no", "status": "error", "uri": "/x", "version": "1"}, status)


def altered(change: Callable[[Any], Any]) -> Respond:
    """The proper answer with its JSON changed."""

    async def respond(wire: Wire, call: Call) -> None:
        await proper(wire, call, change)

    return respond


def raw(data: bytes) -> Respond:
    """Bytes as they are, then the end of the connection."""

    async def respond(wire: Wire, call: Call) -> None:
        await wire.send(data)

    return respond


async def reset(wire: Wire, call: Call) -> None:
    """The connection is reset in the middle of the answer."""
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    wire.reset()


async def reset_after_effect(wire: Wire, call: Call) -> None:
    """The call has its effect, and the connection is reset before the answer."""
    await call.answer()
    wire.reset()


async def cut(wire: Wire, call: Call) -> None:
    """The proper answer, of which half arrives."""
    body = (await call.answer()).content
    await wire.reply(body[: len(body) // 2], 200, f"Content-Length: {len(body)}")


async def silence(wire: Wire, call: Call) -> None:
    """Nothing comes at all, until the client goes away."""
    await wire.gone.wait()


async def drip(wire: Wire, call: Call) -> None:
    """A blank every now and then, until the client goes away: JSON may begin with any number of them."""
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n")
    while not wire.gone.is_set():
        await wire.send(b" ")
        await asyncio.sleep(0.01)


async def endless(wire: Wire, call: Call) -> None:
    """An answer without an end, in chunks."""
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    while not wire.gone.is_set():
        await wire.send(chunk)


def packed(*, keep: float = 1.0, coding: str = "gzip") -> Respond:
    """The proper answer packed with gzip, of which `keep` arrives."""

    async def respond(wire: Wire, call: Call) -> None:
        found = await call.answer()
        data = gzip.compress(found.content) if found.content else b""
        headers = [f"Content-Encoding: {coding}"] if data else []
        await wire.reply(data[: int(len(data) * keep)], found.status_code, *headers)

    return respond


@cache
def blanks(size: int) -> bytes:
    """So many blanks, packed with gzip."""
    pack = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return b"".join(pack.compress(b" " * 0x100000) for _ in range(size // 0x100000)) + pack.flush()


def bomb(size: int, times: int) -> Respond:
    """So many blanks, packed so many times."""

    async def respond(wire: Wire, call: Call) -> None:
        data = blanks(size)
        for _ in range(times - 1):
            data = gzip.compress(data)
        await wire.reply(data, 200, f"Content-Encoding: {', '.join(['gzip'] * times)}")

    return respond


def first(change: Callable[[dict[str, Any]], None]) -> Respond:
    """The proper page with its first record changed."""

    def altering(page: dict[str, Any]) -> dict[str, Any]:
        change(page["data"][0])
        return page

    return altered(altering)


def again(wanted: int) -> Respond:
    """Every page but the first is answered as page `wanted`."""

    async def respond(wire: Wire, call: Call) -> None:
        call.rewrite("page", str(wanted))
        await proper(wire, call)

    return respond


def nested(depth: int) -> bytes:
    """A page whose record holds lists within lists."""
    record = b'{"id":"1","Email":' + b"[" * depth + b"]" * depth + b"}"
    return b'{"data":[' + record + b'],"info":{"more_records":false}}'


def later(seconds: int) -> tuple[str, str]:
    """Retry-After as a date, so many seconds behind the server's own Date."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    until = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    return f"Date: {format_datetime(now, usegmt=True)}", f"Retry-After: {until}"


def deleting() -> Respond:
    """When the second page is asked for, the first record was deleted a moment ago: all behind it move up one place."""

    async def respond(wire: Wire, call: Call) -> None:
        if call.page == 2 and "converted=true" not in call.target:
            records = call.organisation.records
            records.delete(records.ids(Listing(CANDIDATES))[0], call.organisation.seconds())
        await proper(wire, call)

    return respond


def altered_kind(kind: str) -> Respond:
    """The proper answer under another content type."""

    async def respond(wire: Wire, call: Call) -> None:
        found = await call.answer()
        await wire.reply(found.content, found.status_code, kind=kind)

    return respond


def altered_headers(*headers: str) -> Respond:
    """The proper answer with further headers."""

    async def respond(wire: Wire, call: Call) -> None:
        found = await call.answer()
        await wire.reply(found.content, found.status_code, *headers)

    return respond
