"""Marketing Automation against scripted answers: deliveries, the codes that they meet, and the call limits."""

from __future__ import annotations

import json

import pytest

from tests.contract.hub_script import (
    DO_NOT_MAIL,
    FIELDS,
    JOIN,
    LEADS,
    OK,
    SUBSCRIBE,
    UNSUBSCRIBE,
    delivered,
    emails,
    leads,
    refused,
)
from tests.contract.wire_fixtures import Line, Reply, Script, as_json, scripted_run
from tui_sync.model.errors import (
    BadAnswer,
    CallRejected,
    CredentialsRejected,
    PersonFailed,
    PersonRefused,
    PlanLimitReached,
    SourceGone,
    TuiSyncError,
    Unconfirmed,
)
from tui_sync.model.hub import HubCall, Remove, Unsubscribe


def test_each_call_goes_to_its_endpoint_with_a_lead_in_real_json() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        for path in (SUBSCRIBE, UNSUBSCRIBE, DO_NOT_MAIL):
            script.on(path, OK)
        calls: list[HubCall] = [JOIN, Unsubscribe("3zkey", "a@b.example"), Remove("a@b.example")]
        assert await connection.hub().deliver(calls) == [None, None, None]
        forms = [call.form for call in script.calls if call.path.startswith("/api")]
        lead = {"Lead Email": "a@b.example"}
        assert [json.loads(form.pop("leadinfo")) for form in forms] == [{**lead, "First Name": "Ann"}, lead, lead]
        assert forms == [
            {"resfmt": "JSON", "listkey": "3zkey"}, {"resfmt": "JSON", "listkey": "3zkey"}, {"resfmt": "JSON"},
        ]  # fmt: skip
        assert connection.monitor.hub == 3

    scripted_run(scenario)


@pytest.mark.parametrize("code", ["2004", "2005", "2006", "2007", "903", "2001", 2006])
def test_a_person_whom_the_hub_refuses_is_an_outcome_with_its_code(code: object) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, refused(code, "Lead \x1b[2J refused"))
        answer = await delivered(connection)
        assert isinstance(answer, PersonRefused)
        assert (answer.code, answer.message) == (str(code), r"Lead \x1b[2J refused")

    scripted_run(scenario)


@pytest.mark.parametrize(
    ("call", "path", "code"),
    [
        (JOIN, SUBSCRIBE, "2003"), (JOIN, SUBSCRIBE, "200"),
        (Unsubscribe("3zkey", "a@b.example"), UNSUBSCRIBE, "2103"), (Remove("a@b.example"), DO_NOT_MAIL, "2103"),
    ],
)  # fmt: skip
def test_an_answer_that_things_stand_as_wished_counts_as_done(call: HubCall, path: str, code: str) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(path, refused(code))
        assert await delivered(connection, call) is None

    scripted_run(scenario)


STOPS: dict[str, tuple[Reply, type[TuiSyncError]]] = {
    **{code: (refused(code), PlanLimitReached) for code in ("2302", "980", "910", "914")},
    **{code: (refused(code), SourceGone) for code in ("2002", "2501", "2202", "2205", "2707", "2203")},
    **{code: (refused(code), CallRejected) for code in ("900", "902", "906", "1007", "2704", "INVALID_DATA")},
    "401": (refused("401"), CredentialsRejected),
    "HTTP 401": (refused("401", status=401), CredentialsRejected),
    "HTTP 400": (as_json({}, 400), CallRejected),
    "page": (Reply(b"<html><title>Login</title>"), BadAnswer),
    "no code": (as_json({"message": "?"}), CallRejected),
    "429 for good": (as_json({}, 429), CallRejected),
}


@pytest.mark.parametrize(("reply", "kind"), STOPS.values(), ids=STOPS.keys())
def test_what_would_meet_every_person_alike_stops_the_run(reply: Reply, kind: type[TuiSyncError]) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, reply)
        with pytest.raises(kind) as raised:
            await delivered(connection)
        assert raised.value.sentence
        assert raised.value.hint

    scripted_run(scenario)


@pytest.mark.parametrize("code", ["2101", "2104", "500"])
def test_retry_later_is_tried_once_more_and_then_fails_for_that_person(code: str) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        call = Unsubscribe("3zkey", "a@b.example")
        script.on(UNSUBSCRIBE, refused(code), OK)
        assert await delivered(connection, call) is None
        assert len(connection.monitor.waits) == 1
        script.on(UNSUBSCRIBE, refused(code))
        assert isinstance(await delivered(connection, call), PersonFailed)
        assert len(script.asked(UNSUBSCRIBE)) == 4

    scripted_run(scenario)


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(b'{"code"', cut=3), as_json({}, 500)])
def test_a_lost_answer_is_unconfirmed_and_the_next_person_is_still_asked(reply: Reply) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, reply, OK)
        first, second = await connection.hub().deliver([JOIN, JOIN])
        assert isinstance(first, Unconfirmed)
        assert second is None
        assert len(script.asked(SUBSCRIBE)) == 2

    scripted_run(scenario)


def test_a_475th_call_in_five_minutes_is_the_last_one_before_a_wait() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, OK)
        script.on(LEADS, leads(range(1)))
        hub = connection.hub()
        await hub.deliver([JOIN] * 475)
        assert connection.monitor.waits == []
        await emails(connection)
        await hub.deliver([JOIN])
        assert connection.monitor.seconds == [300]
        why = connection.monitor.waits[0][1]
        assert "waiting for the hub's call limit" in why
        assert "475" in why
        assert connection.monitor.hub == 477

    scripted_run(scenario)


def test_field_calls_have_a_limit_of_their_own() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(FIELDS, as_json({"response": {"code": "0", "fieldname": [{"DISPLAY_NAME": "lead Email"}]}}))
        hub = connection.hub()
        for _ in range(96):
            await hub.fields()
        assert connection.monitor.seconds == [300]

    scripted_run(scenario)


def test_a_locked_endpoint_is_remembered_waited_for_and_asked_again_while_others_go_on() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, refused("2008"), OK)
        script.on(UNSUBSCRIBE, OK)
        assert await delivered(connection) is None
        assert connection.monitor.seconds == [1800]
        assert set(connection.budget.locked) == {"json/listsubscribe"}
        assert await delivered(connection, Unsubscribe("3zkey", "a@b.example")) is None
        assert len(connection.monitor.waits) == 1

    scripted_run(scenario)


def test_an_endpoint_that_stays_locked_stops_the_run() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, refused("2008"))
        with pytest.raises(CallRejected, match="locked") as raised:
            await delivered(connection)
        assert raised.value.code == "2008"
        assert len(script.asked(SUBSCRIBE)) == 4

    scripted_run(scenario)


def test_without_a_budget_nothing_is_counted_and_a_lock_is_waited_for_all_the_same() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(SUBSCRIBE, *[OK] * 500, refused("2008"), OK)
        hub = connection.hub(limited=False)
        await hub.deliver([JOIN] * 501)
        assert connection.monitor.seconds == [1800]

    scripted_run(scenario)
