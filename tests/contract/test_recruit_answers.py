"""The Recruit client against scripted answers: paging, errors wherever they stand, odd accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.contract.wire_fixtures import (
    CANDIDATES,
    COLUMNS,
    NOW,
    QUERY,
    Line,
    Reply,
    Script,
    alter,
    as_json,
    ids,
    paged,
    pages,
    rows,
    scripted_run,
)
from tui_sync.model.errors import (
    BadAnswer,
    CallRejected,
    CredentialsRejected,
    SourceGone,
    TuiSyncError,
    Unreachable,
)


def test_what_is_asked_for_is_exactly_what_is_needed() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, Reply(status=204))
        since = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
        await pages(connection, alter(QUERY, view_id="7", converted=True, since=since))
        await pages(connection)
        full, plain = script.asked(CANDIDATES)
        assert full.params == {
            "fields": "id,Updated_On,Email_Opt_Out,$converted,Email,Last_Name,City,Experience_in_Years,Languages",
            "per_page": "200", "page": "1", "cvid": "7", "converted": "true",
        }  # fmt: skip
        assert full.headers["if-modified-since"] == "2026-01-02T03:04:05+00:00"
        assert "x-zsc-key" not in full.headers
        assert set(plain.params) == {"fields", "per_page", "page"}
        assert "if-modified-since" not in plain.headers

    scripted_run(scenario)


def test_pages_are_prefetched_at_most_five_at_once_and_none_after_the_end_is_given() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        full = [rows(range(n * 10, n * 10 + 10), more=n < 12) for n in range(13)]
        script.on(CANDIDATES, *paged(*full, Reply(status=204)))
        found = await pages(connection)
        assert ids(found) == [str(number) for number in range(130)]
        assert len(script.asked(CANDIDATES)) <= 13 + 4

    scripted_run(scenario)


def test_one_and_two_pages_cost_no_call_beyond_the_end() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(10), more=False))
        assert len(await pages(connection)) == 1
        script.on(CANDIDATES, rows(range(10), more=True), rows(range(10, 20), more=False))
        assert len(await pages(connection)) == 2
        assert len(script.asked(CANDIDATES)) == 3

    scripted_run(scenario)


def test_a_listing_that_is_left_early_stops_its_prefetching() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=True) for n in range(50))))
        listing = connection.recruit().records(QUERY)
        for _ in range(12):
            await anext(listing)
        await listing.aclose()
        assert len(asyncio.all_tasks()) - sum("handle" in repr(task) for task in asyncio.all_tasks()) == 1
        assert len(script.asked(CANDIDATES)) <= 12 + 5

    scripted_run(scenario)


def test_an_error_ahead_is_raised_only_when_its_page_is_due() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        denied = as_json({"code": "NO_PERMISSION", "message": "denied", "status": "error"}, 403)
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=n < 4) for n in range(5)), denied))
        assert len(await pages(connection)) == 5
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=True) for n in range(5)), denied))
        listing = connection.recruit().records(QUERY)
        for _ in range(5):
            await anext(listing)
        with pytest.raises(CallRejected, match="NO_PERMISSION: denied"):
            await anext(listing)

    scripted_run(scenario)


def test_one_page_that_comes_again_and_again_ends_the_listing_with_an_error() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(200), more=True))
        with pytest.raises(BadAnswer, match="twice"):
            await pages(connection)

    scripted_run(scenario)


def test_a_page_that_comes_again_in_the_place_of_a_later_one_ends_the_listing_with_an_error() -> None:
    """As from a cache in between: what should have come would be missed, and nobody told."""

    async def scenario(script: Script, connection: Line) -> None:
        first, second = rows(range(200), more=True), rows(range(200, 400), more=True)
        script.on(CANDIDATES, *paged(first, second, first, rows(range(600, 700), more=False)))
        with pytest.raises(BadAnswer, match="twice"):
            await pages(connection)

    scripted_run(scenario)


async def deletions(connection: Line) -> int:
    """How many rows the deleted list has."""
    return sum([len(page) async for page in connection.recruit().deleted("Candidates", None)])


async def views(connection: Line) -> int:
    """How many views Candidates has."""
    return len(await connection.recruit().views("Candidates"))


LISTINGS = (
    (deletions, f"{CANDIDATES}/deleted", lambda number: {"data": [{"id": str(number), "deleted_time": "2026-01-01T00:00:00Z"}]}),
    (views, "/recruit/v2/settings/custom_views", lambda number: {"custom_views": [{"id": str(number), "name": "All"}]}),
)


@pytest.mark.parametrize(("read", "path", "body"), LISTINGS)
def test_deletions_and_views_that_never_end_or_stop_halfway_are_an_error_too(
    read: Callable[[Line], Awaitable[int]], path: str, body: Callable[[int], dict[str, Any]]
) -> None:
    more = {"info": {"more_records": True}}

    async def scenario(script: Script, connection: Line) -> None:
        script.on(path, as_json(body(1) | more), as_json(body(2)))
        assert await read(connection) == 2
        script.on(path, as_json(body(1) | more))
        with pytest.raises(BadAnswer, match="twice"):
            await asyncio.wait_for(read(connection), 5)
        script.on(path, as_json(body(1) | more), as_json({key: [] for key in body(1)} | more))
        with pytest.raises(BadAnswer, match=r"gave an empty page of the .* and says that more follow"):
            await read(connection)

    scripted_run(scenario)


def test_a_page_that_does_not_say_whether_more_follow_is_the_last_one_if_it_is_not_full() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        full = as_json({"data": [{"id": str(n)} for n in range(200)]})
        script.on(CANDIDATES, full, as_json({"data": [{"id": "900"}]}))
        assert len(ids(await pages(connection))) == 201

    scripted_run(scenario)


def test_without_a_date_header_the_clock_tells_the_time() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(1), more=False))
        assert (await pages(connection))[0].answered == NOW

    scripted_run(scenario)


ERRORS: dict[str, tuple[Reply, type[TuiSyncError], str]] = {
    "scope": (
        as_json({"code": "OAUTH_SCOPE_MISMATCH", "message": "invalid oauth scope", "status": "error"}, 401),
        CredentialsRejected, "ZohoRecruit.modules.ALL",
    ),
    "error in 200": (as_json({"code": "NO_PERMISSION", "message": "no", "status": "error"}), CallRejected, "NO_PERM"),
    "error in a row": (
        as_json({"data": [{"code": "INVALID_DATA", "details": {}, "message": "bad \x1b[2J", "status": "error"}]}),
        CallRejected, r"INVALID_DATA: bad \x1b[2J",
    ),
    "no record list": (as_json({"info": {"more_records": False}}), BadAnswer, "data"),
    "an id that is no text": (as_json({"data": [{"id": 1.5}]}), BadAnswer, "id"),
    "no id": (as_json({"data": [{"Email": "a@b.c"}]}), BadAnswer, "id"),
    "a list": (as_json([1, 2]), BadAnswer, "does not promise"),
    "404 without a word": (as_json("gone", 404), BadAnswer, "404"),
    "dropped for good": (Reply(drop=True), Unreachable, "127.0.0.1"),
    "429 for good": (as_json({}, 429), CallRejected, "429"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "kind", "told"), ERRORS.values(), ids=ERRORS.keys())
def test_errors_are_told_in_a_sentence_wherever_they_stand(reply: Reply, kind: type[TuiSyncError], told: str) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, reply)
        with pytest.raises(kind) as raised:
            await pages(connection)
        assert told in raised.value.sentence
        assert raised.value.hint
        assert "\x1b" not in str(raised.value)

    scripted_run(scenario)


def test_a_query_that_a_view_refuses_for_another_reason_is_not_a_vanished_view() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, as_json({"code": "INVALID_DATA", "message": "invalid data", "status": "error"}, 400))
        script.on("/recruit/v2/settings/custom_views", as_json({"custom_views": [{"id": "7", "name": "x"}]}))
        with pytest.raises(CallRejected):
            await pages(connection, alter(QUERY, view_id="7"))
        with pytest.raises(SourceGone):
            await pages(connection, alter(QUERY, view_id="8"))

    scripted_run(scenario)


def test_an_account_without_contacts_and_with_a_hidden_module_says_why() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        modules = [
            {"api_name": "Candidates", "generated_type": "default", "api_supported": True},
            {"api_name": "CustomModule1", "plural_label": "Secret", "generated_type": "custom", "api_supported": False},
            {"api_name": "LinkingModule1", "plural_label": "Links", "generated_type": "linking", "api_supported": True},
        ]
        script.on("/recruit/v2/settings/modules", as_json({"modules": modules}))
        gone = as_json({"code": "INVALID_MODULE", "message": "hidden", "status": "error"}, 400)
        script.on("/recruit/v2/settings/fields", gone)
        found = {module.name: module for module in await connection.recruit().modules()}
        assert list(found) == ["Candidates", "Contacts", "CustomModule1"]
        assert not any(module.available for module in found.values())
        assert "edition" in found["Contacts"].reason
        assert "may not see it" in found["Candidates"].reason
        assert "does not serve" in found["CustomModule1"].reason

    scripted_run(scenario)


def test_an_account_that_spells_job_openings_the_old_way_is_asked_that_way() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on("/recruit/v2/settings/modules", as_json({"modules": [{"api_name": "JobOpenings"}]}))
        script.on("/recruit/v2/JobOpenings", Reply(status=204))
        await pages(connection, alter(QUERY, module="Job_Openings", stamp="Modified_Time"))
        assert script.asked("/recruit/v2/JobOpenings")

    scripted_run(scenario)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (rb"Ann \ud83d", "Ann \ufffd"), (rb"\uDE00 Ann", "\ufffd Ann"), (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\ud83d\n\u0041", "\ufffd\nA"), (rb"\\ud83d \ud83d", "\\ud83d \ufffd"),
    ],
)  # fmt: skip
def test_a_name_that_ends_within_a_character_keeps_nobody_from_being_read(name: bytes, read: str) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, Reply(b'{"data":[{"id":"1","Last_Name":"%s"},{"id":"2","Last_Name":"Bea"}]}' % name))
        [page] = await pages(connection)
        assert [record.values[COLUMNS.index("Last_Name")] for record in page.records] == [read, "Bea"]
        assert len(script.asked(CANDIDATES)) == 1

    scripted_run(scenario)


def test_a_half_of_a_character_in_a_field_that_nobody_asked_for_does_no_harm() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, Reply(rb'{"data":[{"id":"1","Headline":"\ud83d"}]}'))
        assert ids(await pages(connection)) == ["1"]

    scripted_run(scenario)


def test_views_are_read_to_the_last_page() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        path = "/recruit/v2/settings/custom_views"
        first = as_json({"custom_views": [{"id": 1, "display_value": "One"}], "info": {"more_records": True}})
        script.on(path, first, as_json({"custom_views": [{"id": "2", "name": "Two"}], "info": {"more_records": False}}))
        views = await connection.recruit().views("Candidates")
        assert [(view.id, view.name) for view in views] == [("1", "One"), ("2", "Two")]

    scripted_run(scenario)


def test_a_record_whose_id_is_refused_is_not_there() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        refusal = {"code": "INVALID_DATA", "message": "the id given seems to be invalid", "status": "error"}
        script.on(f"{CANDIDATES}/1", as_json(refusal, 400))
        assert await connection.recruit().record("Candidates", "1", COLUMNS) is None

    scripted_run(scenario)


def test_a_record_whose_field_is_refused_is_not_taken_for_one_that_is_gone() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        refusal = {"code": "INVALID_DATA", "message": "invalid data", "status": "error"}
        script.on(f"{CANDIDATES}/1", as_json(refusal, 400), as_json({"data": [{"id": "1"}]}))
        with pytest.raises(CallRejected):
            await connection.recruit().record("Candidates", "1", COLUMNS)

    scripted_run(scenario)


def test_a_record_that_may_not_be_read_is_not_taken_for_one_that_is_gone() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(f"{CANDIDATES}/1", as_json({"code": "NO_PERMISSION", "message": "no", "status": "error"}, 400))
        with pytest.raises(CallRejected):
            await connection.recruit().record("Candidates", "1", COLUMNS)

    scripted_run(scenario)


def test_ids_in_paths_cannot_leave_their_place() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        with pytest.raises(TuiSyncError):
            await connection.recruit().record("Candidates", "../settings/modules?x=1", COLUMNS)
        assert script.calls[-1].path == "/recruit/v2/Candidates/../settings/modules?x=1"
        assert "x" not in script.calls[-1].params

    scripted_run(scenario)
