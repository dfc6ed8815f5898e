"""Sending: what is repeated, what is not, where the token goes, and what people are told."""

from __future__ import annotations

import asyncio
import json
import traceback
from datetime import timedelta
from email.utils import format_datetime

import httpx
import msgspec
import pytest

from tests.contract.wire_fixtures import (
    NOW,
    FakeClock,
    FakeMonitor,
    Line,
    Reply,
    Script,
    as_json,
    line,
    scripted,
    scripted_line,
    unused_origin,
)
from tui_sync.model.datacentres import DATA_CENTRES
from tui_sync.model.errors import BadAnswer, CallRejected, Cancelled, TuiSyncError, Unconfirmed, Unreachable, UsageError
from tui_sync.net.answers import LONGEST_PAUSE, answered_at, pause_asked
from tui_sync.net.authorised import Authorised
from tui_sync.net.client import checked_origin, open_client
from tui_sync.net.datacentres import data_centre
from tui_sync.net.sending import PAUSES, Answer, Request, Sender

READ = Request(path="/thing")
WRITE = Request(path="/thing", method="POST", form={"name": "value"}, write=True)
OK = as_json({"ok": True})
SECRET = "1000.very.secret"


def decode(status: int, body: bytes) -> object:
    return msgspec.json.decode(body)


async def send(script: Script, request: Request = READ, monitor: FakeMonitor | None = None) -> Answer[object]:
    """Send one call to the scripted server, with a secret header."""
    clock = FakeClock()
    async with open_client() as http:
        sender = Sender(http, script.origin, "", clock)
        return await sender.send(request, decode, monitor or FakeMonitor(clock), {"Authorization": SECRET})


def sent(*replies: Reply, request: Request = READ) -> tuple[Answer[object] | TuiSyncError, list[float], int]:
    """What came of a call that meets these replies: answer or error, the waits, the number of attempts."""

    async def scenario() -> tuple[Answer[object] | TuiSyncError, list[float], int]:
        monitor = FakeMonitor(FakeClock())
        async with scripted() as script:
            script.on("/thing", *replies)
            try:
                came: Answer[object] | TuiSyncError = await send(script, request, monitor)
            except TuiSyncError as error:
                came = error
            return came, monitor.seconds, len(script.asked("/thing"))

    return asyncio.run(scenario())


FAILURES = {
    "500": as_json({}, 500),
    "503": Reply(b"<html>busy</html>", 503),
    "cut body": Reply(b'{"ok": true}', cut=5),
    "cut JSON": Reply(b'{"ok": tr'),
    "no JSON": Reply(b"hello"),
    "no UTF-8": Reply(b'{"ok": "\xff"}'),
    "empty body": Reply(b""),
    "dropped connection": Reply(drop=True),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_read_is_repeated_up_to_five_times_after_growing_pauses(failure: Reply) -> None:
    came, waits, attempts = sent(*[failure] * 5, OK)
    assert isinstance(came, Answer)
    assert came.value == {"ok": True}
    assert waits == [1, 2, 4, 8, 8]
    assert attempts == 6


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_read_that_keeps_failing_ends_in_a_sentence_with_the_host(failure: Reply) -> None:
    came, waits, attempts = sent(failure)
    assert isinstance(came, (Unreachable, BadAnswer, CallRejected))
    assert "127.0.0.1" in came.sentence
    assert came.hint
    assert SECRET not in "".join(traceback.format_exception(came))
    assert (len(waits), attempts) == (len(PAUSES), 6)


def test_what_a_repetition_waits_for_is_told_without_a_full_stop_so_that_the_moment_can_stand_in_it() -> None:
    async def scenario() -> list[tuple[float, str]]:
        monitor = FakeMonitor(FakeClock())
        async with scripted() as script:
            script.on("/thing", as_json({}, 500), OK)
            await send(script, READ, monitor)
        return monitor.waits

    assert asyncio.run(scenario()) == [(1, "waiting for the next try: 127.0.0.1 answered 500")]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_write_whose_answer_is_lost_is_unconfirmed_and_not_repeated(failure: Reply) -> None:
    came, waits, attempts = sent(failure, OK, request=WRITE)
    assert isinstance(came, Unconfirmed)
    assert (waits, attempts) == ([], 1)


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_429_is_waited_for_and_repeated_by_reads_and_writes_alike(request_: Request) -> None:
    came, waits, attempts = sent(as_json({}, 429, Retry_After="7"), as_json({}, 429), OK, request=request_)
    assert isinstance(came, Answer)
    assert waits == [7, 2]
    assert attempts == 3


def test_retry_after_as_a_date_is_read_against_the_servers_own_clock() -> None:
    servers = NOW + timedelta(hours=5)
    dates = {"Date": format_datetime(servers, usegmt=True)}
    later = format_datetime(servers + timedelta(seconds=42), usegmt=True)
    came, waits, _ = sent(as_json({}, 503, Retry_After=later, **dates), OK)
    assert isinstance(came, Answer)
    assert waits == [42]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), ("99999999", LONGEST_PAUSE), ("9" * 400, LONGEST_PAUSE), ("-5", None),
        ("soon", None), ("", None), ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0), ("Mon, 02 Mar 2026 09:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2099 09:00:30 GMT", LONGEST_PAUSE), ("Mon, 99 Mar 2026 09:00:30 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)  # fmt: skip
def test_retry_after_is_understood_bounded_or_ignored(asked: str, seconds: float | None) -> None:
    assert pause_asked(httpx.Headers({"Retry-After": asked}), NOW) == seconds


def test_the_servers_time_is_the_last_valid_date_header() -> None:
    headers = httpx.Headers([("Date", "Mon, 02 Mar 2020 09:00:00 GMT"), ("Date", "Mon, 02 Mar 2026 10:00:00 +0100")])
    assert answered_at(headers) == NOW
    assert answered_at(httpx.Headers({"Date": "today"})) is None


NOT_REPEATED = {
    "page": (Reply(b"<html><title>Zoho\x1b[31m CRM</title></html>"), r'"Zoho\x1b[31m CRM"'),
    "page by its type": (Reply(b"oops", headers={"Content-Type": "text/html"}), "web page"),
    "redirect": (Reply(status=302, headers={"Location": "https://evil.example/x"}), "evil.example"),
    "deep JSON": (Reply(b"[" * 100_000), "does not promise"),
    "broken punycode": (Reply(status=302, headers={"Location": "https://xn--"}), "redirects to an address that is not valid"),
    "no punycode": (Reply(status=302, headers={"Location": "https://xn--xn--/"}), "redirects to an address that is not valid"),
}


@pytest.mark.parametrize(("reply", "told"), NOT_REPEATED.values(), ids=NOT_REPEATED.keys())
def test_a_page_or_a_redirect_is_a_bad_answer_at_once(reply: Reply, told: str) -> None:
    came, waits, attempts = sent(reply)
    assert isinstance(came, BadAnswer)
    assert told in came.sentence
    assert came.hint
    assert (waits, attempts) == ([], 1)


def test_a_redirect_never_carries_the_token_to_another_host() -> None:
    async def scenario() -> None:
        async with scripted() as other, scripted() as script:
            script.on("/thing", Reply(status=307, headers={"Location": f"{other.origin}/thing"}))
            with pytest.raises(BadAnswer, match="redirects to"):
                await send(script)
            assert script.asked("/thing")[0].headers["authorization"] == SECRET
            assert other.calls == []

    asyncio.run(scenario())


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_connection_that_is_not_opened_is_repeated_and_then_unreachable(request_: Request) -> None:
    async def scenario(origin: str) -> None:
        clock = FakeClock()
        monitor = FakeMonitor(clock)
        async with open_client() as http:
            sender = Sender(http, origin, "", clock)
            with pytest.raises(Unreachable, match="refuses the connection") as raised:
                await sender.send(request_, decode, monitor)
        assert "HTTPS_PROXY" in raised.value.hint
        assert monitor.seconds == list(PAUSES)

    with unused_origin() as origin:
        asyncio.run(scenario(origin))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (httpx.ConnectTimeout, Unreachable), (httpx.ConnectError, Unreachable), (httpx.ReadTimeout, Unconfirmed),
        (httpx.WriteError, Unconfirmed), (httpx.RemoteProtocolError, Unconfirmed), (ConnectionResetError, Unconfirmed),
    ],
)  # fmt: skip
def test_only_what_was_sent_can_be_unconfirmed(error: type[Exception], outcome: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(f"Illegal header value {SECRET}")

    async def scenario() -> None:
        clock = FakeClock()
        async with open_client(httpx.MockTransport(fail)) as http:
            sender = Sender(http, "https://hub.example", "", clock)
            with pytest.raises(outcome) as raised:
                await sender.send(WRITE, decode, FakeMonitor(clock), {"Authorization": SECRET})
        assert SECRET not in "".join(traceback.format_exception(raised.value))

    asyncio.run(scenario())


def test_a_call_after_the_client_was_closed_is_refused_in_a_sentence() -> None:
    async def scenario() -> None:
        async with line("http://localhost", httpx.MockTransport(lambda _: httpx.Response(200))) as connection:
            await connection.http.aclose()
            with pytest.raises(Unreachable, match="the program ends"):
                await authorised(connection).call(READ, decode)

    asyncio.run(scenario())


def test_a_cancelled_run_stops_waiting() -> None:
    async def scenario() -> None:
        monitor = FakeMonitor(FakeClock())
        monitor.cancelled = True
        async with scripted() as script:
            script.on("/thing", as_json({}, 503))
            with pytest.raises(Cancelled):
                await send(script, READ, monitor)
            assert len(script.calls) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "address",
    [
        "http://recruit.zoho.com", "http://10.0.0.1:80", "http://127.0.0.1.example", "ftp://127.0.0.1", "",
        "https://recruit.zoho.com/recruit/v2", "https://user:secret@recruit.zoho.com", "recruit.zoho.com",
        "https://", "http://[::1", "https://h?x=1", "https://h:99999", "http://127.0.0.1:0", "https://h:-1",
    ],
)  # fmt: skip
def test_an_address_that_is_no_origin_or_plain_http_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(UsageError) as raised:
        checked_origin(address)
    assert "secret" not in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001"), ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:80", "http://[::1]"), ("http://localhost:9", "http://localhost:9"),
        (" https://Recruit.zoho.eu ", "https://recruit.zoho.eu"), ("https://h:443", "https://h"),
    ],
)  # fmt: skip
def test_an_origin_is_kept_in_its_short_form(address: str, origin: str) -> None:
    assert checked_origin(address) == origin


def test_plain_http_ignores_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with scripted() as script:
            script.on("/thing", OK)
            assert (await send(script)).value == {"ok": True}

    with unused_origin() as origin:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, origin)
        asyncio.run(scenario())


def test_every_data_centre_has_hosts_of_one_domain_and_a_console() -> None:
    assert list(DATA_CENTRES) == ["us", "eu", "in", "au", "cn", "jp"]
    for known in DATA_CENTRES.values():
        domain = known.recruit.removeprefix("https://recruit.")
        assert known.accounts == f"https://accounts.{domain}"
        assert known.console == f"https://api-console.{domain}"
        assert known.hub.endswith(f".{domain}")
    assert DATA_CENTRES["au"].recruit == "https://recruit.zoho.com.au"


def test_own_addresses_replace_those_of_the_data_centre() -> None:
    own = data_centre("eu", recruit="http://127.0.0.1:8001/")
    assert own.recruit == "http://127.0.0.1:8001"
    assert own.accounts == "https://accounts.zoho.eu"
    with pytest.raises(UsageError, match="plain http"):
        data_centre("eu", hub="http://hub.example")
    with pytest.raises(UsageError, match="moon"):
        data_centre("moon")


def test_the_program_names_itself_and_sends_the_token_in_zohos_form() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            script.on("/thing", OK)
            await authorised(connection).call(READ, decode)
            headers = script.asked("/thing")[0].headers
            assert headers["user-agent"].startswith("tui-sync/")
            assert headers["authorization"] == "Zoho-oauthtoken token-1"

    asyncio.run(scenario())


def authorised(connection: Line) -> Authorised:
    sender = Sender(connection.http, connection.origin, "", connection.clock)
    return Authorised(sender, connection.tokens, connection.monitor)


def test_forms_are_encoded_so_that_no_value_can_add_a_parameter() -> None:
    async def scenario() -> None:
        hostile = "a&b=c d+é\n%00"
        async with scripted_line() as (script, connection):
            script.on("/thing", OK)
            form = {"leadinfo": json.dumps({"Last Name": hostile})}
            request = Request(path="/thing", method="POST", form=form, write=True)
            await authorised(connection).call(request, decode)
            assert json.loads(script.asked("/thing")[0].form["leadinfo"]) == {"Last Name": hostile}
            assert script.asked("/thing")[0].headers["content-type"] == "application/x-www-form-urlencoded"

    asyncio.run(scenario())


def test_the_demo_needs_no_socket() -> None:
    async def scenario() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(b'{"access_token": "t"}')))
        async with line("http://localhost", transport) as connection:
            assert (await authorised(connection).call(READ, decode)).value == {"access_token": "t"}

    asyncio.run(scenario())
