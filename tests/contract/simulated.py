"""The simulator on a socket of its own, as tests talk to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from tui_sync.simulator import Organisation, create_app

GRANT = {
    "grant_type": "refresh_token",
    "client_id": "demo-client",
    "client_secret": "demo-secret",
    "refresh_token": "demo-refresh",
}


@contextmanager
def served(organisation: Organisation, *, hub_limits: bool = False) -> Iterator[httpx.Client]:
    """An authorised client of the organisation on a port of its own."""
    # Without the explicit protocol asyncio leaves Nagle's algorithm on, which costs 40 ms a call.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    app = create_app(organisation, hub_limits=hub_limits)
    config = uvicorn.Config(app, log_level="critical", date_header=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=10) as client:
            authorise(client)
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def authorise(client: httpx.Client, **more: str) -> None:
    """Give the client a fresh access token."""
    token = client.post("/oauth/v2/token", data={**GRANT, **more}).json()["access_token"]
    client.headers["Authorization"] = f"Zoho-oauthtoken {token}"


def listed(client: httpx.Client, module: str, **params: str) -> list[dict[str, Any]]:
    """Every row of a listing, page by page."""
    rows: list[dict[str, Any]] = []
    for page in range(1, 30):
        answer = client.get(f"/recruit/v2/{module}", params={**params, "page": str(page)})
        if answer.status_code == 204:
            break
        rows += answer.json()["data"]
        if not answer.json()["info"]["more_records"]:
            break
    return rows


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
