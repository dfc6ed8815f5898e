"""The embedded hub: mailing lists on the workspace's own rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tui_sync.hub.embedded import Embedded
from tui_sync.model.errors import SourceGone, UsageError
from tui_sync.model.hub import HubCall, Member, MemberState, Remove, Subscribe, Unsubscribe
from tui_sync.store import leads, meta
from tui_sync.store.rows import RowsDB

ACTIVE, UNSUBSCRIBED, BOUNCED = MemberState.ACTIVE, MemberState.UNSUBSCRIBED, MemberState.BOUNCED
JANE, JOHN = "jane@example.com", "john@example.com"


class Calls:
    """Counts the calls that a client tells of."""

    def __init__(self) -> None:
        self.hub = 0

    def called(self, api: Literal["recruit", "hub"], credits: int = 0) -> None:
        assert api == "hub"
        self.hub += 1

    async def wait(self, seconds: float, why: str, *, a_look: bool = False) -> None:
        raise AssertionError("the embedded hub never waits")


class Desk:
    """A hub on a database, driven without an event loop of one's own."""

    def __init__(self, path: Path) -> None:
        self.db, self.calls = RowsDB(path, {**meta.TABLES, **leads.TABLES}), Calls()
        self.store = leads.LeadRows(self.db, meta.Meta(self.db))
        self.hub = Embedded(self.store, self.calls)

    def create(self, name: str) -> str:
        """Create a list; its key."""
        return asyncio.run(self.hub.create_list(name)).key

    def deliver(self, *calls: HubCall) -> None:
        """Make calls that all succeed."""
        assert asyncio.run(self.hub.deliver(calls)) == [None] * len(calls)

    def pages(self, list_key: str, state: MemberState = ACTIVE) -> list[list[Member]]:
        """The members of a list in one state, page by page."""

        async def read() -> list[list[Member]]:
            return [list(page) async for page in self.hub.members(list_key, state)]

        return asyncio.run(read())

    def emails(self, list_key: str, state: MemberState = ACTIVE) -> list[str]:
        """The addresses of a list in one state."""
        return [member.email for page in self.pages(list_key, state) for member in page]

    def fields(self, email: str) -> dict[str, str] | None:
        """A lead's fields; None where there is no such lead."""
        lead = self.store.leads([email]).get(email)
        return None if lead is None else lead.fields


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "workspace.db")
    with desk.db:
        yield desk


def test_a_new_hub_has_no_lists_and_the_first_fields(desk: Desk) -> None:
    assert asyncio.run(desk.hub.lists()) == ()
    names = [field.name for field in asyncio.run(desk.hub.fields())]
    assert names == ["Lead Email", "First Name", "Last Name", "City", "Phone"]


def test_lists_come_by_name_with_their_numbers(desk: Desk) -> None:
    zylker, alumni = desk.create("Zylker"), desk.create("alumni")
    desk.deliver(Subscribe(zylker, JANE, {}), Subscribe(zylker, JOHN, {}))
    desk.deliver(Unsubscribe(zylker, JOHN))
    found = [(one.key, one.name, one.members, one.unsubscribed) for one in asyncio.run(desk.hub.lists())]
    assert found == [(alumni, "alumni", 0, 0), (zylker, "Zylker", 1, 1)]


def test_a_list_created_twice_is_one_list(desk: Desk) -> None:
    key = desk.create("Zylker")
    desk.deliver(Subscribe(key, JANE, {}))
    assert desk.create("Zylker") == key
    assert [one.members for one in asyncio.run(desk.hub.lists())] == [1]


def test_a_created_field_is_there_and_cannot_be_created_again(desk: Desk) -> None:
    asyncio.run(desk.hub.create_field("Notice period", "Number"))
    assert [(f.name, f.kind) for f in asyncio.run(desk.hub.fields())][-1] == ("Notice period", "Number")
    for name in ("Notice period", "City", "Lead Email"):
        with pytest.raises(UsageError, match=name):
            asyncio.run(desk.hub.create_field(name, "Text"))
    assert len(asyncio.run(desk.hub.fields())) == 6


def test_lists_fields_and_people_are_there_after_opening_the_workspace_again(tmp_path: Path) -> None:
    first = Desk(tmp_path / "workspace.db")
    with first.db:
        key = first.create("Zylker")
        asyncio.run(first.hub.create_field("Notice period", "Number"))
        first.deliver(Subscribe(key, JANE, {"Notice period": "30"}))
    again = Desk(tmp_path / "workspace.db")
    with again.db:
        assert again.create("Zylker") == key
        assert again.emails(key) == [JANE]
        assert again.fields(JANE) == {"Notice period": "30"}


def test_a_subscribed_person_is_a_lead_and_an_active_member_of_that_list_only(desk: Desk) -> None:
    zylker, alumni = desk.create("Zylker"), desk.create("Alumni")
    desk.deliver(Subscribe(zylker, JANE, {"First Name": "Jane", "Last Name": "Doe", "City": "Chennai"}))
    assert desk.pages(zylker) == [[Member(JANE, "Jane", "Doe", {"First Name": "Jane", "Last Name": "Doe", "City": "Chennai"})]]
    assert desk.pages(zylker, UNSUBSCRIBED) == desk.pages(zylker, BOUNCED) == desk.pages(alumni) == []
    assert desk.fields(JANE) == {"First Name": "Jane", "Last Name": "Doe", "City": "Chennai"}
    assert desk.fields(JOHN) is None


def test_members_come_in_pages_of_at_most_500_and_each_once(desk: Desk) -> None:
    key = desk.create("Zylker")
    people = [f"p{number}@example.com" for number in range(1203)]
    for start in range(0, len(people), 200):
        desk.deliver(*(Subscribe(key, email, {"First Name": email}) for email in people[start : start + 200]))
    pages = desk.pages(key)
    assert [len(page) for page in pages] == [500, 500, 203]
    assert sorted(desk.emails(key)) == sorted(people)
    assert all(member.first_name == member.email for page in pages for member in page)


def test_people_may_leave_while_the_pages_are_read(desk: Desk) -> None:
    key = desk.create("Zylker")
    people = [f"p{number}@example.com" for number in range(1100)]
    desk.deliver(*(Subscribe(key, email, {}) for email in people))

    async def read_and_unsubscribe() -> list[str]:
        found: list[str] = []
        async for page in desk.hub.members(key, ACTIVE):
            await desk.hub.deliver([Unsubscribe(key, member.email) for member in page])
            found += [member.email for member in page]
        return found

    assert sorted(asyncio.run(read_and_unsubscribe())) == sorted(people)
    assert desk.emails(key) == []
    assert len(desk.emails(key, UNSUBSCRIBED)) == 1100


def test_a_second_subscribe_adds_and_replaces_fields_and_keeps_the_others(desk: Desk) -> None:
    zylker, alumni = desk.create("Zylker"), desk.create("Alumni")
    desk.deliver(Subscribe(zylker, JANE, {"First Name": "Jane", "City": "Chennai"}))
    desk.deliver(Subscribe(alumni, JANE, {"City": "Mumbai", "Phone": "1"}))
    assert desk.fields(JANE) == {"First Name": "Jane", "City": "Mumbai", "Phone": "1"}
    assert desk.emails(zylker) == desk.emails(alumni) == [JANE]


def test_one_address_twice_in_one_delivery_is_one_lead_with_the_fields_of_both(desk: Desk) -> None:
    key = desk.create("Zylker")
    first = Subscribe(key, JANE, {"First Name": "Jane", "City": "Chennai"})
    desk.deliver(first, Subscribe(key, JANE, {"City": "Pune"}))
    assert desk.fields(JANE) == {"First Name": "Jane", "City": "Pune"}
    assert desk.emails(key) == [JANE]


def test_an_unsubscribed_person_leaves_that_list_and_stays_a_lead(desk: Desk) -> None:
    zylker, alumni = desk.create("Zylker"), desk.create("Alumni")
    desk.deliver(Subscribe(zylker, JANE, {"First Name": "Jane"}), Subscribe(alumni, JANE, {}))
    desk.deliver(Unsubscribe(zylker, JANE))
    assert (desk.emails(zylker), desk.emails(alumni)) == ([], [JANE])
    assert desk.pages(zylker, UNSUBSCRIBED) == [[Member(JANE, "Jane", fields={"First Name": "Jane"})]]
    desk.deliver(Subscribe(zylker, JANE, {}))
    assert (desk.emails(zylker), desk.emails(zylker, UNSUBSCRIBED)) == ([JANE], [])


def test_a_removed_person_is_no_lead_any_more_and_in_no_list_in_any_state(desk: Desk) -> None:
    zylker, alumni = desk.create("Zylker"), desk.create("Alumni")
    desk.deliver(*(Subscribe(key, email, {"City": "Pune"}) for key in (zylker, alumni) for email in (JANE, JOHN)))
    desk.deliver(Unsubscribe(alumni, JANE))
    desk.deliver(Remove(JANE))
    assert desk.fields(JANE) is None
    assert desk.emails(zylker) == desk.emails(alumni) == [JOHN]
    assert desk.emails(alumni, UNSUBSCRIBED) == []
    desk.deliver(Remove(JANE), Subscribe(zylker, JOHN, {}))
    desk.deliver(Subscribe(zylker, JANE, {"Phone": "1"}))
    assert desk.fields(JANE) == {"Phone": "1"}


def test_a_list_that_is_gone_is_told_and_nobody_is_subscribed(desk: Desk) -> None:
    key = desk.create("Zylker")
    with pytest.raises(SourceGone):
        desk.pages("unknown")
    with pytest.raises(SourceGone):
        desk.deliver(Subscribe(key, JANE, {}), Subscribe("unknown", JOHN, {}))
    with pytest.raises(SourceGone):
        desk.deliver(Unsubscribe("unknown", JANE))
    assert desk.emails(key) == []
    assert desk.fields(JANE) is desk.fields(JOHN) is None


def test_one_delivery_is_one_call_however_many_people_it_takes(desk: Desk) -> None:
    key = desk.create("Zylker")
    desk.deliver(*(Subscribe(key, f"p{number}@example.com", {}) for number in range(200)))
    desk.deliver(Unsubscribe(key, "p1@example.com"), Remove("p2@example.com"))
    assert desk.calls.hub == 2


def test_an_exception_inside_the_batch_around_it_undoes_every_write(desk: Desk) -> None:
    key = desk.create("Zylker")
    desk.deliver(Subscribe(key, JANE, {"City": "Chennai"}), Subscribe(key, JOHN, {"City": "Delhi"}))

    async def broken_off() -> None:
        with desk.db.batch():
            await desk.hub.create_list("Alumni")
            await desk.hub.create_field("Notice period", "Number")
            await desk.hub.deliver([Subscribe(key, JANE, {"City": "Pune"}), Subscribe(key, "new@example.com", {})])
            await desk.hub.deliver([Unsubscribe(key, JANE), Remove(JOHN)])
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        asyncio.run(broken_off())
    assert [one.name for one in asyncio.run(desk.hub.lists())] == ["Zylker"]
    assert len(asyncio.run(desk.hub.fields())) == 5
    assert sorted(desk.emails(key)) == [JANE, JOHN]
    assert desk.emails(key, UNSUBSCRIBED) == []
    assert [desk.fields(email) for email in (JANE, JOHN)] == [{"City": "Chennai"}, {"City": "Delhi"}]
    assert desk.fields("new@example.com") is None
