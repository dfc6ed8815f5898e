"""Marketing Automation against scripted answers: reading lists, creating lists and fields."""

from __future__ import annotations

import json

import pytest

from tests.contract.hub_script import (
    FIELDS,
    LEADS,
    LISTS,
    NEW_FIELD,
    NEW_LIST,
    OK,
    SUBSCRIBE,
    delivered,
    emails,
    leads,
    lists,
    refused,
)
from tests.contract.wire_fixtures import Line, Reply, Script, as_json, scripted_run
from tui_sync.model.errors import (
    BadAnswer,
    CallRejected,
    PersonError,
    PersonRefused,
    PlanLimitReached,
    SourceGone,
    TuiSyncError,
    Unconfirmed,
)
from tui_sync.model.hub import HubList, Member, MemberState, Subscribe, Unsubscribe


def test_members_are_read_by_state_to_the_end_and_their_addresses_are_folded() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, leads(range(200)), leads(range(199, 352)))
        found = [page async for page in connection.hub().members("3zkey", MemberState.UNSUBSCRIBED)]
        assert [len(page) for page in found] == [200, 153]
        assert found[0][0] == Member("p0@x.example", "Ann", "")
        first, second = (call.form for call in script.asked(LEADS))
        assert first == {
            "resfmt": "JSON", "listkey": "3zkey", "status": "unsub", "fromindex": "1", "range": "200",
        }  # fmt: skip
        assert second["fromindex"] == "200"

    scripted_run(scenario)


@pytest.mark.parametrize("length", [200, 100, 20])
def test_a_page_that_the_hub_may_have_shortened_is_not_taken_for_the_last(length: int) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, leads(range(length)), leads(range(length - 1, length + 3)))
        assert len(set(await emails(connection))) == length + 3
        assert script.asked(LEADS)[1].form["fromindex"] == str(length)

    scripted_run(scenario)


@pytest.mark.parametrize(
    ("code", "calls"), [("992", 1), ("993", 1), ("2401", 1), ("3003", 1), ("2203", 2), ("2502", 2)]
)
def test_a_code_for_nobody_is_an_empty_list_and_a_doubtful_one_is_asked_once_more(code: str, calls: int) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, refused(code))
        assert await emails(connection, MemberState.BOUNCED) == []
        assert len(script.asked(LEADS)) == calls
        script.on(LEADS, leads(range(200)), refused(code))
        assert len(await emails(connection)) == 200

    scripted_run(scenario)


@pytest.mark.parametrize(("left", "everybody"), [(1, 263), (3, 263), (20, 207)])
def test_who_moves_up_a_page_because_others_left_meanwhile_is_not_missed(left: int, everybody: int) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, leads(range(200)), leads(range(199 + left, everybody)), leads(range(99 + left, everybody)))
        assert len(set(await emails(connection))) == everybody
        assert [call.form["fromindex"] for call in script.asked(LEADS)] == ["1", "200", "100"]

    scripted_run(scenario)


def test_a_hub_that_gives_its_members_in_no_order_is_read_to_the_end() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        other = leads(range(1000, 1200))
        script.on(LEADS, leads(range(200)), other, other, leads(range(3)), leads(range(3)))
        assert len(set(await emails(connection))) == 400

    scripted_run(scenario)


def test_a_doubtful_code_that_passes_loses_nobody() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, refused("2502"), leads(range(3)))
        assert len(await emails(connection)) == 3

    scripted_run(scenario)


@pytest.mark.parametrize("code", ["2002", "2501", "2202", "2205", "2707"])
def test_a_vanished_list_breaks_the_sync_when_it_is_read(code: str) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, refused(code))
        with pytest.raises(SourceGone):
            await emails(connection)

    scripted_run(scenario)


def test_one_page_that_comes_again_and_again_ends_the_reading_with_an_error() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, leads(range(200)))
        with pytest.raises(BadAnswer, match="twice"):
            await emails(connection)

    scripted_run(scenario)


def test_a_read_is_repeated_where_a_write_is_not() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LEADS, as_json({}, 503), Reply(drop=True), leads(range(3)))
        assert len(await emails(connection)) == 3
        assert connection.monitor.seconds == [1, 2]

    scripted_run(scenario)


def test_all_lists_are_read_page_by_page_and_none_twice() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LISTS, lists(*(f"L{n}" for n in range(20))), lists("L19", "L20", "L21"), refused("2401"))
        names = [known.name for known in await connection.hub().lists()]
        assert names == [f"L{n}" for n in range(22)]
        assert [call.form["fromindex"] for call in script.asked(LISTS)] == ["1", "20"]

    scripted_run(scenario)


def test_a_list_that_moves_up_a_page_because_another_was_deleted_meanwhile_is_not_missed() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        left = [f"L{n}" for n in range(1, 23)]
        script.on(LISTS, lists(*(f"L{n}" for n in range(20))), lists(*left[19:]), lists(*left[:20]), lists(*left[19:]))
        assert [known.name for known in await connection.hub().lists()] == left

    scripted_run(scenario)


def test_lists_that_move_whenever_they_are_read_are_an_error_and_break_no_sync() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        first = lists(*(f"L{n}" for n in range(20)))
        script.on(LISTS, first, lists("L21"), first, lists("L22"))
        with pytest.raises(BadAnswer, match="The hub's lists change while they are read"):
            await connection.hub().lists()

    scripted_run(scenario)


def test_a_hub_without_lists_has_none() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LISTS, refused("2401"))
        assert await connection.hub().lists() == ()

    scripted_run(scenario)


def test_a_list_shows_its_counts_and_whether_it_is_public() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        row = {
            "listkey": "3zk", "listname": "News", "noofcontacts": "12", "noofunsubcnt": 3, "noofbouncecnt": None,
            "is_public": True, "segments": [], "created_date": 1,
        }  # fmt: skip
        script.on(LISTS, as_json({"code": 0, "status": "success", "list_of_details": [row]}))
        assert await connection.hub().lists() == (
            HubList(key="3zk", name="News", members=12, unsubscribed=3, bounced=0, public=True),
        )

    scripted_run(scenario)


def test_a_count_that_no_list_can_have_is_none() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        row = {"listkey": "3zk", "listname": "News", "noofcontacts": "9" * 5000}
        script.on(LISTS, as_json({"code": 0, "status": "success", "list_of_details": [row]}))
        [found] = await connection.hub().lists()
        assert found.members == 0

    scripted_run(scenario)


def test_a_noted_list_is_created_private_with_its_first_lead_and_then_gets_the_fields() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LISTS, lists("Other"))
        script.on(NEW_LIST, as_json({"status": "success", "listkey": "3znew", "code": "0", "listname": "Zylker"}))
        script.on(SUBSCRIBE, OK)
        noted = await connection.hub().create_list("Zylker")
        assert noted.noted
        assert await emails(connection, key=noted.key) == []
        assert await delivered(connection, Unsubscribe(noted.key, "a@b.example")) is None
        first = Subscribe(noted.key, "a@b.example", {"First Name": "Ann"})
        second = Subscribe(noted.key, "c@d.example", {})
        assert list(await connection.hub().deliver([first, second])) == [None, None]
        (created,) = script.asked(NEW_LIST)
        assert created.form == {
            "resfmt": "JSON", "emailids": "a@b.example", "listname": "Zylker",
            "signupform": "private", "mode": "newlist",
        }  # fmt: skip
        assert [call.form["listkey"] for call in script.asked(SUBSCRIBE)] == ["3znew", "3znew"]
        assert connection.book.hub_key(noted.key) == "3znew"
        script.on(LISTS, lists("new"))
        assert [(known.key, known.name) for known in await connection.hub().lists()] == [(noted.key, "new")]

    scripted_run(scenario)


def test_a_list_that_a_crash_left_behind_is_found_by_its_name() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(LISTS, lists("zylker "))
        script.on(SUBSCRIBE, OK)
        noted = await connection.hub().create_list("Zylker")
        assert await connection.hub().lists() == (noted,)
        assert await delivered(connection, Subscribe(noted.key, "a@b.example", {})) is None
        assert script.asked(NEW_LIST) == []
        assert connection.book.hub_key(noted.key) == "3zzylker "

    scripted_run(scenario)


def test_a_new_lists_first_lead_is_delivered_again_whole_if_anything_was_lost() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        noted = await connection.hub().create_list("Zylker")
        call = Subscribe(noted.key, "a@b.example", {"First Name": "Ann"})
        script.on(LISTS, lists("Other"), lists("Other", "Zylker"))
        script.on(NEW_LIST, as_json({"status": "success", "listkey": "3zZylker", "code": "0"}))
        script.on(SUBSCRIBE, Reply(drop=True), OK)
        assert isinstance(await delivered(connection, call), Unconfirmed)
        assert await emails(connection, key=noted.key) == []
        assert await delivered(connection, call) is None
        assert len(script.asked(NEW_LIST)) == 1
        assert json.loads(script.asked(SUBSCRIBE)[1].form["leadinfo"])["First Name"] == "Ann"

    scripted_run(scenario)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused("2302"), PlanLimitReached), (refused("2205"), CallRejected), (refused("903"), PersonRefused),
        (as_json({"status": "success", "code": "0"}), BadAnswer),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_created_says_why(reply: Reply, kind: type[TuiSyncError]) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        noted = await connection.hub().create_list("Zylker")
        script.on(LISTS, refused("2401"))
        script.on(NEW_LIST, reply)
        call = Subscribe(noted.key, "a@b.example", {})
        if issubclass(kind, PersonError):
            assert isinstance(await delivered(connection, call), kind)
        else:
            with pytest.raises(kind):
                await delivered(connection, call)
        assert connection.book.hub_key(noted.key) == ""

    scripted_run(scenario)


def test_fields_come_by_their_usual_names() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        names = ("lead Email", "first name", "LAST NAME", "city")
        rows = [{"DISPLAY_NAME": name, "FIELD_NAME": "x", "no": "1", "FIELD_ID": "4"} for name in names]
        script.on(FIELDS, as_json({"response": {"message": "success", "code": "0", "fieldname": rows}}))
        found = [field.name for field in await connection.hub().fields()]
        assert found == ["Lead Email", "First Name", "Last Name", "city"]

    scripted_run(scenario)


@pytest.mark.parametrize("nested", [True, False])
def test_a_field_is_created_or_the_refusal_told(nested: bool) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        script.on(NEW_FIELD, as_json({"response": {"message": "Success", "code": "200", "fieldname": "City"}}))
        await connection.hub().create_field("City", "Text")
        assert script.asked(NEW_FIELD)[0].form == {"type": "json", "fieldname": "City", "fieldtype": "Text"}
        body = {"code": "916", "message": "A field of this name exists", "status": "error"}
        script.on(NEW_FIELD, as_json({"response": body} if nested else body))
        with pytest.raises(CallRejected, match="916: A field of this name exists"):
            await connection.hub().create_field("City", "Text")

    scripted_run(scenario)
