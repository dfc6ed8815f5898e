"""The Recruit client against the simulator, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.contract.wire_fixtures import (
    CANDIDATES,
    COLUMNS,
    NOW,
    QUERY,
    Line,
    alter,
    both,
    ids,
    line,
    over,
    pages,
    served,
)
from tui_sync.engine.ports import Page, Query
from tui_sync.model.errors import (
    BadAnswer,
    CallRejected,
    CredentialsRejected,
    SourceGone,
)
from tui_sync.model.records import Columns, FieldType, Record
from tui_sync.simulator import Fault, Organisation, create_app
from tui_sync.simulator.faults import Kind


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


def test_a_listing_is_read_to_its_end_in_order_and_each_record_once(origin: str, organisation: Organisation) -> None:
    found, connection = over(origin, lambda c: both(c, pages(c)))
    assert len(found) > 4
    assert [len(page.records) for page in found[:-1]] == [200] * (len(found) - 1)
    assert ids(found) == sorted(ids(found))
    assert len(ids(found)) == len(set(ids(found))) > 1000
    assert abs((found[0].answered - organisation.now()).total_seconds()) < 60
    assert connection.monitor.credits == 3 * connection.monitor.recruit
    assert connection.monitor.recruit <= len(found) + 4


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
        origin, lambda c: both(c, pages(c, alter(QUERY, since=datetime.now(UTC) + timedelta(days=1))))
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
    everything, connection = over(origin, lambda c: both(c, deleted(c, None)))
    assert {str(victim) for victim in victims} <= set(everything)
    assert connection.monitor.credits == 2 * connection.monitor.recruit
    recent = over(origin, lambda c: deleted(c, datetime.fromtimestamp(now, UTC)))
    assert set(recent) == {str(victim) for victim in victims}
    assert over(origin, lambda c: deleted(c, datetime.fromtimestamp(now + 3600, UTC))) == []


def test_one_record_is_read_by_its_id_and_none_where_there_is_none(origin: str) -> None:
    async def scenario(connection: Line) -> tuple[Record, Record | None, Record | None]:
        first = (await pages(connection))[0].records[0]
        recruit = connection.recruit()
        found = [await recruit.record(module, first.id, COLUMNS) for module in ("Candidates", "Contacts")]
        return first, found[0], found[1]

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


def test_modules_of_people_are_listed_and_those_without_an_address_say_so(origin: str) -> None:
    modules, connection = over(origin, lambda c: both(c, c.recruit().modules()))
    assert [module.name for module in modules] == [
        "Candidates", "Contacts", "CustomModule1", "CustomModule2", "CustomModule3",
    ]  # fmt: skip
    known = {module.name: module for module in modules}
    assert known["Candidates"].stamp == "Updated_On"
    assert known["Contacts"].stamp == known["CustomModule1"].stamp == "Modified_Time"
    assert (known["CustomModule1"].label, known["CustomModule1"].custom) == ("Alumni", True)
    assert not known["CustomModule2"].available
    assert known["CustomModule2"].reason == "The module has no e-mail field."
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


@pytest.mark.parametrize("kind", ["cut", "drop", "bad-json"])
def test_a_page_that_breaks_is_asked_for_again(origin: str, organisation: Organisation, kind: Kind) -> None:
    whole = ids(over(origin, pages))
    organisation.faults.add(Fault(kind=kind, path=CANDIDATES, after=1, count=2))
    found, connection = over(origin, lambda c: both(c, pages(c)))
    assert ids(found) == whole
    assert 1 <= len(connection.monitor.waits) <= 2, "a call left from the listing before may meet a fault too"


@pytest.mark.parametrize("kind", ["cut", "drop", "bad-json"])
def test_in_process_a_page_that_breaks_is_asked_for_again_too(organisation: Organisation, kind: Kind) -> None:
    async def scenario() -> None:
        transport = httpx.ASGITransport(create_app(organisation))
        async with line("http://localhost", transport) as connection:
            whole = ids(await pages(connection))
            organisation.faults.add(Fault(kind=kind, path=CANDIDATES, after=1, count=2))
            assert ids(await pages(connection)) == whole
            assert len(connection.monitor.waits) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize("as_date", [False, True])
def test_429_is_waited_for_as_long_as_recruit_asks(origin: str, organisation: Organisation, as_date: bool) -> None:
    organisation.faults.add(
        Fault(kind="status", status=429, retry_after=30, retry_as_date=as_date, path=CANDIDATES, count=2)
    )
    found, connection = over(origin, lambda c: both(c, pages(c)))
    assert len(ids(found)) > 1000
    assert set(connection.monitor.seconds) == {30}
    assert "429" in connection.monitor.waits[0][1]


def test_a_web_page_instead_of_data_is_told_with_its_title(origin: str, organisation: Organisation) -> None:
    organisation.faults.add(Fault(kind="html", path=CANDIDATES, count=9))  # a call left from another test may meet it too
    with pytest.raises(BadAnswer, match='"Zoho CRM"') as raised:
        over(origin, pages)
    assert "data centre" in raised.value.hint


def test_a_token_that_ends_in_the_middle_of_a_run_is_renewed(origin: str) -> None:
    async def scenario(connection: Line) -> list[str]:
        found: list[str] = []
        async for page in connection.recruit().records(QUERY):
            if not found:
                connection.cache.write("1000.ended.long.ago", NOW + timedelta(hours=1))
            found += [record.id for record in page.records]
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
