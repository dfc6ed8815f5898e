"""A server of ready-made Recruit pages, so that the server is not what is measured.

python -m tests.benchmarks.page_server --records 100000 [--latency-ms 300] [--port 0]

Answers what a run asks: the token, the module list, the fields, the pages of Candidates (`converted=true`: none), the
deleted list (empty). POST /version/0|1|2: 0 the first load; 1 one percent edited; 2 as 1, and If-Modified-Since gives
only those edited. It prints `ready PORT` and ends with its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from email.utils import formatdate
from urllib.parse import parse_qs

import msgspec

from tests.benchmarks.records import record

PER_PAGE = 200
TYPES = {"Email": "email", "Experience_in_Years": "integer", "Email_Opt_Out": "boolean", "Mobile": "phone"}
METADATA = {
    "/oauth/v2/token": {"access_token": "bench", "expires_in": 3600, "token_type": "Bearer"},
    "/recruit/v2/settings/modules": {
        "modules": [{"api_name": "Candidates", "plural_label": "Candidates", "module_name": "Candidates",
                     "api_supported": True, "generated_type": "default", "id": "1", "viewable": True}]
    },
    "/recruit/v2/settings/fields": {
        "fields": [{"api_name": name, "field_label": name.replace("_", " "), "data_type": TYPES.get(name, "text"),
                    "id": str(number), "pick_list_values": [], "custom_field": False}
                   for number, name in enumerate(record(0)) if not name.startswith("$")]
    },
}  # fmt: skip


def pages_of(rows: list[bytes]) -> list[bytes]:
    """The bodies of all pages."""
    starts = range(0, len(rows), PER_PAGE)
    return [
        b'{"data":[%s],"info":{"more_records":%s,"page":%d,"per_page":%d,"count":%d}}'
        % (
            b",".join(rows[start : start + PER_PAGE]),
            b"true" if start + PER_PAGE < len(rows) else b"false",
            start // PER_PAGE + 1,
            PER_PAGE,
            len(rows[start : start + PER_PAGE]),
        )
        for start in starts
    ]


class Pages:
    """The bodies by version."""

    def __init__(self, records: int) -> None:
        first = [msgspec.json.encode(record(number)) for number in range(records)]
        edited = {number: msgspec.json.encode(record(number, 1)) for number in range(0, records, 100)}
        self.full = (pages_of(first), pages_of([edited.get(n, row) for n, row in enumerate(first)]))
        self.changed = pages_of(list(edited.values()))
        self.version = 0

    def answer(self, target: str, since: bool) -> bytes | None:
        """The body of an answer; None is 204."""
        path, _, query = target.partition("?")
        if path.startswith("/version/"):
            self.version = int(path.rpartition("/")[2])
            return b"{}"
        if path in METADATA:
            return msgspec.json.encode(METADATA[path])
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        if path != "/recruit/v2/Candidates" or asked.get("converted") == "true":
            return None
        pages = self.changed if since and self.version == 2 else self.full[min(self.version, 1)]
        number = int(asked.get("page", "1"))
        return pages[number - 1] if number <= len(pages) else None


class Protocol(asyncio.Protocol):
    """HTTP/1.1 as far as the benchmark needs it."""

    pages: Pages
    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].decode("latin-1").lower()
            size = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + size:
                return
            target = self.buffer.split(b" ", 2)[1].decode()
            self.buffer = self.buffer[end + 4 + size :]
            body = self.pages.answer(target, "if-modified-since" in head)
            date = formatdate(usegmt=True).encode()
            answer = (
                b"HTTP/1.1 204 No Content\r\nDate: %s\r\nContent-Length: 0\r\n\r\n" % date
                if body is None
                else b"HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (date, len(body), body)
            )
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, answer)


async def serve(port: int) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Protocol, "127.0.0.1", port)
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=float, default=0)
    given = parser.parse_args()
    Protocol.latency = given.latency_ms / 1000
    Protocol.pages = Pages(given.records)
    asyncio.run(serve(given.port))


if __name__ == "__main__":
    main()
