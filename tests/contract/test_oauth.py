"""Access tokens: one refresh at a time, early, once more when rejected; errors inside HTTP 200; nothing leaks."""

from __future__ import annotations

import asyncio
import traceback
from datetime import timedelta

import pytest

from tests.contract.wire_fixtures import CREDENTIALS, NOW, Line, Reply, Script, as_json, rows, scripted_line
from tui_sync.engine.ports import Query
from tui_sync.model.errors import BadAnswer, CallRejected, CredentialsRejected, Unreachable
from tui_sync.model.records import Columns
from tui_sync.net.oauth import Credentials, Grant, Tokens, exchange_code

TOKEN = "/oauth/v2/token"
CANDIDATES = "/recruit/v2/Candidates"
QUERY = Query(module="Candidates", columns=Columns(("Email",)), stamp="Updated_On")
INVALID_TOKEN = as_json({"code": "INVALID_TOKEN", "details": {}, "message": "invalid", "status": "error"}, 401)


def granted(token: str, expires_in: object = 3600, **more: object) -> Reply:
    return as_json({"access_token": token, "expires_in": expires_in, "api_domain": "https://evil.example", **more})


def with_script(*replies: Reply) -> tuple[str | Exception, Line, Script]:
    """What asking for a token gives when the accounts server gives these replies."""

    async def scenario() -> tuple[str | Exception, Line, Script]:
        async with scripted_line() as (script, connection):
            script.on(TOKEN, *replies)
            try:
                return await connection.tokens.token(connection.monitor), connection, script
            except Exception as error:  # noqa: BLE001 - the outcome that a test looks at
                return error, connection, script

    return asyncio.run(scenario())


def test_a_refresh_sends_the_secrets_in_the_body_and_keeps_the_token() -> None:
    token, connection, script = with_script(granted("1000.a.b"))
    assert token == "1000.a.b"
    assert connection.cache.kept == ("1000.a.b", NOW + timedelta(hours=1))
    call = script.asked(TOKEN)[0]
    assert call.params == {}
    assert call.form == {
        "grant_type": "refresh_token",
        "client_id": "demo-client",
        "client_secret": "demo-secret",
        "refresh_token": "demo-refresh",
    }


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [(3600, 3600), (None, 3600), ("1800", 1800), (3_600_000, 3600), (-1, 3600), ("soon", 3600), (0, 3600)],
)
def test_a_missing_or_odd_lifetime_is_taken_as_an_hour(expires_in: object, seconds: int) -> None:
    _, connection, _ = with_script(granted("t", expires_in))
    assert connection.cache.kept == ("t", NOW + timedelta(seconds=seconds))


def test_an_answer_without_lifetime_is_taken_as_an_hour() -> None:
    _, connection, _ = with_script(as_json({"access_token": "t"}))
    assert connection.cache.kept == ("t", NOW + timedelta(hours=1))


def test_a_kept_token_is_used_until_a_minute_before_its_end() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            connection.cache.kept = ("kept", NOW + timedelta(seconds=61))
            assert await connection.tokens.token(connection.monitor) == "kept"
            assert script.calls == []
            await connection.clock.sleep(1)
            assert await connection.tokens.token(connection.monitor) == "token-1"

    asyncio.run(scenario())


def test_many_callers_at_once_make_one_refresh() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            asking = [connection.tokens.token(connection.monitor) for _ in range(20)]
            assert set(await asyncio.gather(*asking)) == {"token-1"}
            assert len(script.asked(TOKEN)) == 1

    asyncio.run(scenario())


def test_callers_whose_token_is_rejected_together_renew_it_once() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            script.on(TOKEN, granted("old"), granted("new"), granted("newer"))
            old = await connection.tokens.token(connection.monitor)
            renewing = [connection.tokens.renew(old, connection.monitor) for _ in range(5)]
            assert set(await asyncio.gather(*renewing)) == {"new"}
            assert len(script.asked(TOKEN)) == 2

    asyncio.run(scenario())


def test_a_token_that_another_process_fetched_meanwhile_is_taken() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            connection.cache.kept = ("other process", NOW + timedelta(hours=1))
            assert await connection.tokens.renew("mine", connection.monitor) == "other process"
            assert script.calls == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("invalid_code", "refresh token"), ("invalid_client", "the client id (--client-id)"),
        ("invalid_client", "or its secret (TUI_SYNC_CLIENT_SECRET)"),
        ("invalid_client_secret", "client secret"),
        ("something\x1b[2J", r"something\x1b[2J"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 400, 401])
def test_an_error_inside_the_answer_is_told_with_the_way_out(error: str, told: str, status: int) -> None:
    outcome, connection, script = with_script(as_json({"error": error}, status))
    assert isinstance(outcome, CredentialsRejected)
    assert told in outcome.sentence
    assert "tui-sync connect" in outcome.hint
    assert (len(script.calls), connection.monitor.waits) == (1, [])
    shown = "".join(traceback.format_exception(outcome))
    assert "demo-secret" not in shown
    assert "demo-refresh" not in shown


@pytest.mark.parametrize(("error", "way"), [
    ("invalid_code", "Make a new grant"), ("access_denied", "Make a new grant"), ("invalid_client", "Enter them again"),
])  # fmt: skip
def test_where_the_same_secrets_would_meet_the_same_a_new_grant_is_named(error: str, way: str) -> None:
    outcome, _, _ = with_script(as_json({"error": error}))
    assert isinstance(outcome, CredentialsRejected)
    assert outcome.hint.startswith(way)


def test_too_many_refreshes_are_waited_for_and_told() -> None:
    denied = as_json({"error": "Access Denied", "error_description": "too many", "status": "failure"}, 400)
    token, connection, _ = with_script(denied, denied, granted("t"))
    assert token == "t"
    assert connection.monitor.seconds == [60, 60]
    assert "asked too often" in connection.monitor.waits[0][1]
    outcome, _, _ = with_script(denied)
    assert isinstance(outcome, CallRejected)


@pytest.mark.parametrize("answer", [{}, {"access_token": ""}, {"access_token": "a\nb"}, {"access_token": "é"}])
def test_an_answer_without_a_usable_token_is_a_bad_answer(answer: dict[str, str]) -> None:
    outcome, connection, _ = with_script(as_json(answer))
    assert isinstance(outcome, BadAnswer)
    assert connection.cache.kept is None


def test_an_accounts_server_that_fails_is_asked_again() -> None:
    token, connection, _ = with_script(Reply(drop=True), as_json({}, 503), granted("t"))
    assert token == "t"
    assert connection.monitor.seconds == [1, 2]
    assert isinstance(with_script(Reply(drop=True))[0], Unreachable)


def test_the_granted_scopes_are_known_where_the_answer_names_them() -> None:
    _, connection, _ = with_script(granted("t", scope="ZohoRecruit.modules.ALL"))
    assert connection.tokens.scope == "ZohoRecruit.modules.ALL"


def test_a_rejected_token_is_renewed_once_in_the_middle_of_a_run() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            script.on(TOKEN, granted("old"), granted("new"))
            script.on(CANDIDATES, rows(range(200), more=True), INVALID_TOKEN, rows(range(200, 210), more=False))
            pages = [page async for page in connection.recruit().records(QUERY)]
            assert [len(page.records) for page in pages] == [200, 10]
            sent = [call.headers["authorization"] for call in script.asked(CANDIDATES)]
            assert sent == ["Zoho-oauthtoken old", "Zoho-oauthtoken old", "Zoho-oauthtoken new"]

    asyncio.run(scenario())


def test_a_fresh_token_that_is_rejected_too_stops_the_run() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            script.on(CANDIDATES, INVALID_TOKEN)
            with pytest.raises(CredentialsRejected, match="fresh token") as raised:
                await anext(connection.recruit().records(QUERY))
            assert "tui-sync connect" in raised.value.hint
            assert (len(script.asked(TOKEN)), len(script.asked(CANDIDATES))) == (2, 2)

    asyncio.run(scenario())


def test_a_code_is_exchanged_once_and_brings_the_refresh_token() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):

            async def exchange() -> Grant:
                return await exchange_code(
                    connection.http,
                    connection.origin,
                    connection.clock,
                    connection.monitor,
                    client_id="id",
                    client_secret="secret",
                    code="code",
                )

            script.on(TOKEN, granted("t", refresh_token="r", scope="a b"))
            assert await exchange() == Grant("t", 3600, "r", "a b")
            assert script.calls[0].form == {
                "grant_type": "authorization_code", "client_id": "id", "client_secret": "secret", "code": "code",
            }  # fmt: skip
            script.on(TOKEN, as_json({"error": "invalid_code"}))
            with pytest.raises(CredentialsRejected, match="grant code"):
                await exchange()
            script.on(TOKEN, granted("t"))
            with pytest.raises(CredentialsRejected, match="no refresh token"):
                await exchange()
            script.on(TOKEN, Reply(drop=True))
            before = len(script.calls)
            with pytest.raises(BadAnswer) as raised:
                await exchange()
            assert "--code" in raised.value.hint
            assert len(script.calls) == before + 1

    asyncio.run(scenario())


def test_a_workspace_without_its_secrets_says_so_without_a_call() -> None:
    async def scenario() -> None:
        async with scripted_line() as (script, connection):
            bare = Credentials("demo-client", "", "")
            tokens = Tokens(connection.http, connection.origin, bare, connection.cache, connection.clock)
            with pytest.raises(CredentialsRejected, match=r"has no client secret or refresh token.*tui-sync connect"):
                await tokens.token(connection.monitor)
            assert script.asked(TOKEN) == []

    asyncio.run(scenario())


def test_secrets_that_are_no_text_are_told_not_raised() -> None:
    async def scenario() -> None:
        async with scripted_line() as (_, connection):
            broken = Credentials("id", "\udce9", "refresh")
            tokens = Tokens(connection.http, connection.origin, broken, connection.cache, connection.clock)
            with pytest.raises(CredentialsRejected, match="not valid text"):
                await tokens.token(connection.monitor)

    asyncio.run(scenario())


def test_no_representation_shows_a_secret() -> None:
    shown = repr(CREDENTIALS) + repr(Grant("token-secret", 3600, "refresh-secret", "scopes"))
    assert "secret" not in shown
    assert "demo" not in shown
