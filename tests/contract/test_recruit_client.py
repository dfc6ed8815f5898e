"""The Recruit client: against the simulator over a socket, and against scripted answers where that misbehaves better."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from tests.contract.wire_fixtures import (
    NOW,
    Line,
    Reply,
    Script,
    as_json,
    line,
    paged,
    rows,
    scripted_line,
    served,
)
from tui_sync.engine.ports import Page, Query
from tui_sync.model.errors import (
    BadAnswer,
    CallRejected,
    CredentialsRejected,
    SourceGone,
    TuiSyncError,
    Unreachable,
    UsageError,
)
from tui_sync.model.records import Columns, FieldType, Record, Value
from tui_sync.recruit.client import RecruitClient
from tui_sync.recruit.rows import row_reader, settled
from tui_sync.simulator import Fault, Organisation

COLUMNS = Columns(("Email", "Last_Name", "City", "Experience_in_Years", "Languages"))
QUERY = Query(module="Candidates", columns=COLUMNS, stamp="Updated_On")
CANDIDATES = "/recruit/v2/Candidates"
T = TypeVar("T")


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    opened = Organisation.open(tmp_path_factory.mktemp("simulated") / "organisation.db", records=1100, seed=3)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def origin(organisation: Organisation) -> Iterator[str]:
    with served(organisation) as address:
        yield address


@pytest.fixture(autouse=True)
def no_faults(organisation: Organisation) -> Iterator[None]:
    yield
    organisation.faults.clear()


def over(origin: str, scenario: Callable[[Line], Coroutine[Any, Any, T]]) -> T:
    """Run a scenario over a connection to the simulator."""

    async def run() -> T:
        async with line(origin) as connection:
            return await scenario(connection)

    return asyncio.run(run())


def scripted(scenario: Callable[[Script, Line], Coroutine[Any, Any, T]]) -> T:
    """Run a scenario against a scripted server."""

    async def run() -> T:
        async with scripted_line() as (script, connection):
            return await scenario(script, connection)

    return asyncio.run(run())


async def pages(connection: Line, query: Query = QUERY) -> list[Page]:
    return [page async for page in connection.recruit().records(query)]


def ids(found: list[Page]) -> list[str]:
    return [record.id for page in found for record in page.records]


def alter(query: Query, **changes: object) -> Query:
    return msgspec.structs.replace(query, **changes)


# Listing, against the simulator


def test_a_listing_is_read_to_its_end_in_order_and_each_record_once(origin: str, organisation: Organisation) -> None:
    found, connection = over(origin, lambda c: _with(c, pages(c)))
    assert len(found) > 4
    assert [len(page.records) for page in found[:-1]] == [200] * (len(found) - 1)
    assert ids(found) == sorted(ids(found))
    assert len(ids(found)) == len(set(ids(found))) > 1000
    assert abs((found[0].answered - organisation.now()).total_seconds()) < 60
    assert connection.monitor.credits == 3 * connection.monitor.recruit
    assert connection.monitor.recruit <= len(found) + 4


async def _with(connection: Line, work: Coroutine[Any, Any, T]) -> tuple[T, Line]:
    return await work, connection


def test_records_hold_their_values_in_the_order_of_the_columns(origin: str, organisation: Organisation) -> None:
    found = over(origin, pages)
    for record in found[0].records[:50]:
        known = organisation.records.get(int(record.id))
        assert known is not None
        languages = None if known["Languages"] is None else tuple(known["Languages"])
        expected = (known["Email"], known["Last_Name"], known["City"], known["Experience_in_Years"], languages)
        assert record.values == expected
        assert record.modified == known["Updated_On"]
        assert record.opted_out is (known["Email_Opt_Out"] is True)
        assert record.converted is False


def test_converted_candidates_come_in_a_pass_of_their_own(origin: str) -> None:
    async def scenario(connection: Line) -> tuple[list[Page], list[Page]]:
        return await pages(connection), await pages(connection, alter(QUERY, converted=True))

    plain, converted = over(origin, scenario)
    assert converted[0].records
    assert all(record.converted for page in converted for record in page.records)
    assert not set(ids(plain)) & set(ids(converted))


def test_an_incremental_listing_brings_what_changed_and_304_is_one_empty_page(
    origin: str, organisation: Organisation
) -> None:
    everyone = over(origin, pages)
    stamps = sorted(datetime.fromisoformat(r.modified) for page in everyone for r in page.records)
    middle = stamps[len(stamps) // 2]
    found = over(origin, lambda c: pages(c, alter(QUERY, since=middle)))
    assert len(ids(found)) == sum(stamp >= middle for stamp in stamps)
    empty, connection = over(
        origin, lambda c: _with(c, pages(c, alter(QUERY, since=datetime.now(UTC) + timedelta(days=1))))
    )
    assert [list(page.records) for page in empty] == [[]]
    assert connection.monitor.recruit == 1


def test_an_empty_listing_is_one_empty_page(origin: str, organisation: Organisation) -> None:
    venues = alter(QUERY, module="CustomModule2", converted=True, stamp="Modified_Time")
    assert [list(page.records) for page in over(origin, lambda c: pages(c, venues))] == [[]]


def test_a_view_narrows_the_listing(origin: str) -> None:
    async def scenario(connection: Line) -> list[str]:
        views = await connection.recruit().views("Candidates")
        seniors = next(view for view in views if view.name == "Seniors")
        return ids(await pages(connection, alter(QUERY, view_id=seniors.id)))

    found = over(origin, scenario)
    assert 0 < len(found) < len(ids(over(origin, pages)))


def test_a_vanished_view_breaks_the_sync_and_a_wrong_query_does_not(origin: str) -> None:
    with pytest.raises(SourceGone) as raised:
        over(origin, lambda c: pages(c, alter(QUERY, view_id="846336000000299999")))
    assert "tui-sync views Candidates" in raised.value.hint


def test_a_module_that_is_gone_is_refused_with_recruits_code(origin: str) -> None:
    with pytest.raises(CallRejected) as raised:
        over(origin, lambda c: pages(c, alter(QUERY, module="CustomModule9")))
    assert raised.value.code == "INVALID_MODULE"
    assert raised.value.hint == "See: tui-sync modules"


def test_the_deleted_list_is_read_from_a_moment_on(origin: str, organisation: Organisation) -> None:
    async def deleted(connection: Line, since: datetime | None) -> list[str]:
        return [row.id async for page in connection.recruit().deleted("Candidates", since) for row in page]

    victims = [int(record.id) for record in over(origin, pages)[-1].records[:3]]
    now = organisation.seconds()
    for victim in victims:
        organisation.records.delete(victim, now)
    everything, connection = over(origin, lambda c: _with(c, deleted(c, None)))
    assert {str(victim) for victim in victims} <= set(everything)
    assert connection.monitor.credits == 2 * connection.monitor.recruit
    recent = over(origin, lambda c: deleted(c, datetime.fromtimestamp(now, UTC)))
    assert set(recent) == {str(victim) for victim in victims}
    assert over(origin, lambda c: deleted(c, datetime.fromtimestamp(now + 3600, UTC))) == []


def test_one_record_is_read_by_its_id_and_none_where_there_is_none(origin: str) -> None:
    async def scenario(connection: Line) -> tuple[Record, Record | None, Record | None]:
        first = (await pages(connection))[0].records[0]
        recruit = connection.recruit()
        return first, await recruit.record("Candidates", first.id, COLUMNS), await recruit.record("Contacts", first.id, COLUMNS)

    first, same, none = over(origin, scenario)
    assert same == first
    assert none is None


@pytest.mark.parametrize("spelling", ["Job_Openings", "JobOpenings"])
def test_openings_are_found_under_both_spellings_with_their_candidates(origin: str, spelling: str) -> None:
    async def scenario(connection: Line) -> tuple[list[Record], list[Record]]:
        recruit = connection.recruit()
        columns = Columns(("Posting_Title", "Client_Name"))
        query = Query(module=spelling, columns=columns, stamp="Modified_Time")
        openings = [r async for page in recruit.records(query) for r in page.records]
        people = Columns(("Email", "Skill_Set"))
        for opening in openings:
            found = [r async for page in recruit.associated(spelling, opening.id, people) for r in page.records]
            if found:
                return [opening], found
        return openings, []

    openings, people = over(origin, scenario)
    assert all(isinstance(value, str) for value in openings[0].values)
    assert people
    assert all("@" in str(person.values[0]) for person in people if person.values[0])
    assert any(person.values[1] for person in people)
    assert all(person.modified for person in people)


def test_the_openings_of_a_candidate_are_understood_under_their_old_names(origin: str) -> None:
    async def scenario(connection: Line) -> list[Record]:
        recruit = connection.recruit()
        columns = Columns(("Posting_Title", "Client_Name"))
        opening = Query(module="Job_Openings", columns=columns, stamp="Modified_Time")
        async for page in recruit.records(opening):
            for record in page.records:
                async for people in recruit.associated("Job_Openings", record.id, COLUMNS):
                    for person in people.records:
                        found = recruit.associated("Candidates", person.id, columns)
                        return [r async for p in found for r in p.records]
        return []

    found = over(origin, scenario)
    assert found
    assert all(isinstance(value, str) and value for record in found for value in record.values)


# Metadata, against the simulator


def test_modules_of_people_are_listed_and_those_without_an_address_say_so(origin: str) -> None:
    modules, connection = over(origin, lambda c: _with(c, c.recruit().modules()))
    assert [module.name for module in modules] == [
        "Candidates", "Contacts", "CustomModule1", "CustomModule2", "CustomModule3",
    ]  # fmt: skip
    known = {module.name: module for module in modules}
    assert known["Candidates"].stamp == "Updated_On"
    assert known["Contacts"].stamp == known["CustomModule1"].stamp == "Modified_Time"
    assert (known["CustomModule1"].label, known["CustomModule1"].custom) == ("Alumni", True)
    assert (known["CustomModule2"].available, known["CustomModule2"].reason) == (False, "The module has no e-mail field.")
    assert (known["CustomModule3"].available, known["CustomModule3"].has_opt_out) == (True, False)
    assert all(known[name].has_opt_out for name in ("Candidates", "Contacts", "CustomModule1"))
    assert connection.monitor.recruit == 1 + len(modules)


def test_fields_have_types_and_choices_and_are_asked_for_once(origin: str) -> None:
    async def scenario(connection: Line) -> tuple[dict[str, FieldType], tuple[str, ...]]:
        recruit = connection.recruit()
        fields = {field.name: field for field in await recruit.fields("Candidates")}
        assert await recruit.fields("Candidates") == tuple(fields.values())
        await recruit.modules()
        await recruit.fields("Clients")
        await recruit.fields("Job_Openings")
        assert connection.monitor.recruit == 1 + 1 + 5 - 1 + 2
        return {name: field.type for name, field in fields.items()}, fields["Department"].choices

    types, departments = over(origin, scenario)
    assert types["Email"] is FieldType.EMAIL
    assert types["Candidate_Owner"] is FieldType.OWNER
    assert types["Year_of_Passing"] is FieldType.INTEGER
    assert "Information Technology" in departments


# Trouble, against the simulator


@pytest.mark.parametrize("kind", ["cut", "drop", "bad-json"])
def test_a_page_that_breaks_is_asked_for_again(origin: str, organisation: Organisation, kind: Any) -> None:
    whole = ids(over(origin, pages))
    organisation.faults.add(Fault(kind=kind, path=CANDIDATES, after=1, count=2))
    found, connection = over(origin, lambda c: _with(c, pages(c)))
    assert ids(found) == whole
    assert len(connection.monitor.waits) == 2


@pytest.mark.parametrize("as_date", [False, True])
def test_429_is_waited_for_as_long_as_recruit_asks(origin: str, organisation: Organisation, as_date: bool) -> None:
    organisation.faults.add(
        Fault(kind="status", status=429, retry_after=30, retry_as_date=as_date, path=CANDIDATES, count=2)
    )
    found, connection = over(origin, lambda c: _with(c, pages(c)))
    assert len(ids(found)) > 1000
    assert connection.monitor.seconds == [30, 30]
    assert "429" in connection.monitor.waits[0][1]


def test_a_web_page_instead_of_data_is_told_with_its_title(origin: str, organisation: Organisation) -> None:
    organisation.faults.add(Fault(kind="html", path=CANDIDATES))
    with pytest.raises(BadAnswer, match='"Zoho CRM"') as raised:
        over(origin, pages)
    assert "data centre" in raised.value.hint


def test_tokens_that_end_in_the_middle_of_a_run_are_renewed(origin: str, organisation: Organisation) -> None:
    async def scenario(connection: Line) -> list[str]:
        found: list[str] = []
        async for page in connection.recruit().records(QUERY):
            found += [record.id for record in page.records]
            organisation.tokens.revoke_all()
        return found

    assert over(origin, scenario) == ids(over(origin, pages))


def test_an_old_zsc_key_is_told_with_the_place_to_paste_the_new_one(origin: str, organisation: Organisation) -> None:
    async def ask(connection: Line, key: str) -> int:
        return len(await connection.recruit(zsc_key=key).views("Candidates"))

    old = organisation.zsc_key
    assert over(origin, lambda c: ask(c, old)) > 0
    new = organisation.regenerate_zsc_key()
    with pytest.raises(CredentialsRejected, match="ZSC key") as raised:
        over(origin, lambda c: ask(c, old))
    assert "paste" in raised.value.hint
    assert old not in str(raised.value)
    assert over(origin, lambda c: ask(c, new)) > 0
    with pytest.raises(CredentialsRejected):
        over(origin, lambda c: ask(c, "key\nwith line"))


# What a server may do, scripted


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

    scripted(scenario)


def test_pages_are_prefetched_at_most_five_at_once_and_none_after_the_end_is_given() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=n < 12) for n in range(13)), Reply(status=204)))
        found = await pages(connection)
        assert ids(found) == [str(number) for number in range(130)]
        assert len(script.asked(CANDIDATES)) <= 13 + 4

    scripted(scenario)


def test_one_and_two_pages_cost_no_call_beyond_the_end() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(10), more=False))
        assert len(await pages(connection)) == 1
        script.on(CANDIDATES, rows(range(10), more=True), rows(range(10, 20), more=False))
        assert len(await pages(connection)) == 2
        assert len(script.asked(CANDIDATES)) == 3

    scripted(scenario)


def test_a_listing_that_is_left_early_stops_its_prefetching() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=True) for n in range(50))))
        listing = connection.recruit().records(QUERY)
        for _ in range(12):
            await anext(listing)
        await listing.aclose()
        assert len(asyncio.all_tasks()) - sum("handle" in repr(task) for task in asyncio.all_tasks()) == 1
        assert len(script.asked(CANDIDATES)) <= 12 + 5

    scripted(scenario)


def test_an_error_ahead_is_raised_only_when_its_page_is_due() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        denied = as_json({"code": "NO_PERMISSION", "message": "denied", "status": "error"}, 403)
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=n < 4) for n in range(5)), denied))
        assert len(await pages(connection)) == 5
        script.on(CANDIDATES, *paged(*(rows(range(n * 10, n * 10 + 10), more=True) for n in range(5)), denied))
        found = []
        with pytest.raises(CallRejected, match="NO_PERMISSION: denied"):
            async for page in connection.recruit().records(QUERY):
                found.append(page)
        assert len(found) == 5

    scripted(scenario)


def test_one_page_that_comes_again_and_again_ends_the_listing_with_an_error() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(200), more=True))
        with pytest.raises(BadAnswer, match="twice"):
            await pages(connection)

    scripted(scenario)


def test_a_page_that_does_not_say_whether_more_follow_is_the_last_one_if_it_is_not_full() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        full = as_json({"data": [{"id": str(n)} for n in range(200)]})
        script.on(CANDIDATES, full, as_json({"data": [{"id": "900"}]}))
        assert len(ids(await pages(connection))) == 201

    scripted(scenario)


def test_without_a_date_header_the_clock_tells_the_time() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, rows(range(1), more=False))
        assert (await pages(connection))[0].answered == NOW

    scripted(scenario)


ERRORS: dict[str, tuple[Reply, type[TuiSyncError], str]] = {
    "scope": (
        as_json({"code": "OAUTH_SCOPE_MISMATCH", "message": "invalid oauth scope", "status": "error"}, 401),
        CredentialsRejected, "ZohoRecruit.modules.ALL",
    ),
    "error in 200": (as_json({"code": "NO_PERMISSION", "message": "no", "status": "error"}), CallRejected, "NO_PERMISSION"),
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

    scripted(scenario)


def test_a_query_that_a_view_refuses_for_another_reason_is_not_a_vanished_view() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(CANDIDATES, as_json({"code": "INVALID_DATA", "message": "invalid data", "status": "error"}, 400))
        script.on("/recruit/v2/settings/custom_views", as_json({"custom_views": [{"id": "7", "name": "x"}]}))
        with pytest.raises(CallRejected):
            await pages(connection, alter(QUERY, view_id="7"))
        with pytest.raises(SourceGone):
            await pages(connection, alter(QUERY, view_id="8"))

    scripted(scenario)


def test_an_account_without_contacts_and_with_a_hidden_module_says_why() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        modules = [
            {"api_name": "Candidates", "plural_label": "Candidates", "generated_type": "default", "api_supported": True},
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

    scripted(scenario)


def test_an_account_that_spells_job_openings_the_old_way_is_asked_that_way() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on("/recruit/v2/settings/modules", as_json({"modules": [{"api_name": "JobOpenings"}]}))
        script.on("/recruit/v2/JobOpenings", Reply(status=204))
        await pages(connection, alter(QUERY, module="Job_Openings", stamp="Modified_Time"))
        assert script.asked("/recruit/v2/JobOpenings")

    scripted(scenario)


def test_views_are_read_to_the_last_page() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        path = "/recruit/v2/settings/custom_views"
        first = as_json({"custom_views": [{"id": 1, "display_value": "One"}], "info": {"more_records": True}})
        script.on(path, first, as_json({"custom_views": [{"id": "2", "name": "Two"}], "info": {"more_records": False}}))
        views = await connection.recruit().views("Candidates")
        assert [(view.id, view.name) for view in views] == [("1", "One"), ("2", "Two")]

    scripted(scenario)


def test_ids_in_paths_cannot_leave_their_place() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        with pytest.raises(TuiSyncError):
            await connection.recruit().record("Candidates", "../settings/modules?x=1", COLUMNS)
        assert script.calls[-1].path == "/recruit/v2/Candidates/../settings/modules?x=1"
        assert "x" not in script.calls[-1].params

    scripted(scenario)


# Records out of JSON


def read(row: dict[str, object], *names: str, old_names: bool = False) -> Record:
    reader = row_reader(Columns(names), "Updated_On", old_names=old_names)
    return reader.page(json.dumps({"data": [row]}).encode())[0][0]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("x", "x"), (3, 3), (2.5, 2.5), (True, True), (None, None),
        ({"name": "Acme", "id": "1"}, "Acme"), ({"name": None, "id": "1"}, None), ({"name": 7}, "7"),
        (["a", "b"], ("a", "b")), ([], ()), ([{"name": "U", "email": "e"}, 1, None, True], ("U", "1", "null", "true")),
        ({"id": "1"}, '{"id": "1"}'), ([["a"]], ('["a"]',)), (10**30, 10**30),
    ],
)  # fmt: skip
def test_every_json_shape_becomes_a_plain_value(given: object, value: Value) -> None:
    assert settled(given) == value
    assert read({"id": "1", "F": given}, "F").values == (value,)
    assert read({"id": "1", "F": given, "G": "g"}, "F", "G").values == (value, "g")


def test_a_numeric_id_keeps_every_digit() -> None:
    assert read({"id": 846336000000552208}).id == "846336000000552208"
    assert read({"id": 99999999999999999999999}).id == "99999999999999999999999"


def test_flags_stamps_and_missing_fields_are_taken_as_they_are() -> None:
    full = {"id": "1", "Updated_On": "2026-01-01T00:00:00+05:30", "Email_Opt_Out": True, "$converted": True}
    assert read(full, "City", "Email_Opt_Out", "Updated_On") == Record(
        "1", "2026-01-01T00:00:00+05:30", True, True, (None, True, "2026-01-01T00:00:00+05:30")
    )
    odd = {"id": "1", "Updated_On": 5, "Email_Opt_Out": "true", "$converted": None}
    assert read(odd) == Record("1", "", False, False, ())


def test_field_names_that_clash_with_anything_do_no_harm() -> None:
    names = ("f0", "f1", "data", "__class__", "id", "Email", "Email")
    row = {"id": "9", "f0": "a", "f1": "b", "data": "c", "__class__": "d", "Email": "e"}
    assert read(row, *names).values == ("a", "b", "c", "d", "9", "e", "e")


@pytest.mark.parametrize("name", ["", "a,b", 'x"', "x\\", "Clients.Industry", "ü", "a\n"])
def test_a_name_that_no_field_can_have_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError, match="no field"):
        row_reader(Columns((name,)), "Updated_On")


def test_old_names_fill_only_what_is_empty() -> None:
    row: dict[str, object] = {"id": "1", "Potential_Name": "Old", "Account_Name": {"name": "Acme"}, "Skillset": "Java"}
    columns = ("Posting_Title", "Client_Name", "Skill_Set", "City")
    assert read(row, *columns, old_names=True).values == ("Old", "Acme", "Java", None)
    assert read(row, *columns).values == (None, None, None, None)
    assert read({**row, "Posting_Title": "New"}, *columns, old_names=True).values[0] == "New"


def test_the_client_is_what_the_engine_asks_for(tmp_path: Path) -> None:
    from tui_sync.engine.ports import Recruit

    def check(client: RecruitClient) -> Recruit:
        return client

    assert callable(check)
