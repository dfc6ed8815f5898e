"""Alerts posted to a webhook over a real socket."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.engine.listed import FixedClock
from tui_sync.model.health import Alert, Condition
from tui_sync.net import webhook
from tui_sync.net.webhook import post_alert

ALERT = Alert(
    sync="Newsletter", before=Condition.WELL, after=Condition.FAILING, sentence="Its last run has failed.", run="12",
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)  # fmt: skip


class Listener:
    """A webhook on this machine: answers with these statuses in turn, the last one for good, and keeps what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.bodies, self.hosts = list(statuses), [], []  # type: ignore[var-annotated]
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.bodies.append(json.loads(body))
                listener.hosts.append(self.headers["Host"])
                status = listener.statuses.pop(0) if len(listener.statuses) > 1 else listener.statuses[0]
                self.send_response(status)
                self.send_header("Location", listener.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the library's signature
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.location = f"http://127.0.0.1:{self.port}/elsewhere"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def listening() -> Iterator[list[Listener]]:
    """Put a listener here to have it closed."""
    opened: list[Listener] = []
    yield opened
    for listener in opened:
        listener.close()


def post(url: str, *, private: bool = True, clock: FixedClock | None = None) -> str:
    return asyncio.run(post_alert(url, private, "demo", ALERT, clock or FixedClock()))


def test_an_alert_is_one_small_object_without_personal_data(listening: list[Listener]) -> None:
    listening.append(hook := Listener(204))
    assert post(f"http://localhost:{hook.port}/T0/secret") == ""
    assert hook.bodies == [
        {
            "workspace": "demo", "sync": "Newsletter", "before": "well", "after": "failing",
            "sentence": "Its last run has failed.", "run": "12", "time": "2026-03-02T09:00:00+00:00",
        }
    ]  # fmt: skip
    assert hook.hosts == [f"localhost:{hook.port}"]


def test_a_failure_is_repeated_once_after_a_pause(listening: list[Listener]) -> None:
    listening.append(hook := Listener(500, 200))
    clock = FixedClock()
    before = clock.now()
    assert post(f"http://127.0.0.1:{hook.port}/", clock=clock) == ""
    assert (len(hook.bodies), (clock.now() - before).total_seconds()) == (2, webhook.PAUSE)


@pytest.mark.parametrize(("status", "why"), [(500, "answered 500."), (404, "answered 404."), (307, "a redirect, which is not")])
def test_what_stays_wrong_is_told_and_no_redirect_is_followed(status: int, why: str, listening: list[Listener]) -> None:
    listening.append(hook := Listener(status))
    assert why in post(f"http://127.0.0.1:{hook.port}/")
    assert len(hook.bodies) == 2


def test_a_name_that_leads_into_a_private_network_is_refused_before_anything_is_sent(
    listening: list[Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.append(hook := Listener(200))

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))
        return [public, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert "leads to this machine or a private network" in post(f"https://hooks.example.com:{hook.port}/", private=False)
    assert hook.bodies == []


def test_a_name_that_nobody_knows_and_a_closed_port_are_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert post(f"http://127.0.0.1:{port}/") == "The webhook cannot be reached: it refuses the connection."
    assert "its name is not known" in post("https://hooks.invalid/")


def test_one_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert post(f"http://127.0.0.1:{silent.getsockname()[1]}/") == "The webhook does not answer in time."


@pytest.mark.parametrize("host", ["xn--", "xn--xn--", "xn--zz--", "xn--http://"])
def test_a_name_of_broken_punycode_is_refused_and_nothing_is_raised(host: str) -> None:
    assert "no address of the form https://host/path" in post(f"https://{host}/")


def test_a_name_that_no_resolver_takes_is_told_and_nothing_is_raised() -> None:
    assert "name is not valid" in post(f"https://{'a' * 64}.example.com/")


def test_an_answer_that_redirects_to_no_address_is_told_and_nothing_is_raised(listening: list[Listener]) -> None:
    listening.append(hook := Listener(302))
    hook.location = "https://xn--"
    assert "redirects to an address that is not valid" in post(f"http://127.0.0.1:{hook.port}/")
    assert len(hook.bodies) == 2


def test_the_call_goes_to_the_address_that_was_looked_at_though_the_name_leads_elsewhere_a_moment_later(
    listening: list[Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.extend((first := Listener(200), second := Listener(200)))
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's signature
        if host != "hooks.example.com":
            return real(host, port, *rest, **named)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (("127.0.0.1", "127.0.0.2")[len(asked) > 1], port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(webhook, "check_webhook", lambda *_: "")
    assert post(f"http://hooks.example.com:{first.port}/") == ""
    assert (len(asked), len(first.bodies), second.bodies) == (1, 1, [])
    assert first.hosts == [f"hooks.example.com:{first.port}"]


def test_an_address_that_is_not_permitted_any_more_is_not_called(listening: list[Listener]) -> None:
    listening.append(hook := Listener(200))
    assert "https" in post(f"http://127.0.0.1:{hook.port}/", private=False)
    assert hook.bodies == []
