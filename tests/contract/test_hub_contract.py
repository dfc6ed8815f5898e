"""What every hub promises: one suite, run on each of them. A further hub is one more entry in `HUBS`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.contract.wire_fixtures import FakeClock, FakeMonitor, line, served
from tui_sync.engine.ports import Hub
from tui_sync.hub.embedded import Embedded
from tui_sync.model.errors import PersonRefused, SourceGone
from tui_sync.model.hub import HubCall, HubList, MemberState, Remove, Subscribe, Unsubscribe
from tui_sync.simulator import Organisation
from tui_sync.store.workspace import Workspace

Scenario = Callable[[Hub], Awaitable[None]]
Play = Callable[[Scenario], None]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    organisation = Organisation.open(tmp_path_factory.mktemp("hub") / "organisation.db", records=50)
    with served(organisation) as origin:
        yield origin
    organisation.close()


@asynccontextmanager
async def marketing(origin: str, folder: Path) -> AsyncIterator[Hub]:
    """Marketing Automation, as the simulator plays it, over a socket."""
    async with line(origin) as connection:
        yield connection.hub()


@asynccontextmanager
async def embedded(origin: str, folder: Path) -> AsyncIterator[Hub]:
    """The embedded hub in a workspace of its own."""
    clock = FakeClock()
    with closing(Workspace(folder, clock)) as space:
        yield Embedded(space.leads, FakeMonitor(clock))


HUBS = {"marketing-automation": marketing, "embedded": embedded}


@pytest.fixture(params=list(HUBS))
def play(request: pytest.FixtureRequest, simulator: str, tmp_path: Path) -> Play:
    """Plays a scenario on one hub."""

    def run(scenario: Scenario) -> None:
        async def on_stage() -> None:
            async with HUBS[request.param](simulator, tmp_path) as hub:
                await scenario(hub)

        asyncio.run(on_stage())

    return run


async def members(hub: Hub, mailing: HubList, state: MemberState = MemberState.ACTIVE) -> dict[str, str]:
    """First names by address."""
    return {m.email: m.first_name async for page in hub.members(mailing.key, state) for m in page}


async def make(hub: Hub, *calls: HubCall) -> list[object]:
    """The answers to calls, made as many at once as the hub takes."""
    answers: list[object] = []
    for start in range(0, len(calls), hub.batch):
        answers += await hub.deliver(calls[start : start + hub.batch])
    return answers


async def filled(hub: Hub, name: str, *emails: str) -> HubList:
    """A new list with these people in it."""
    mailing = await hub.create_list(name)
    calls = [Subscribe(mailing.key, email, {"First Name": f"First {email[0]}"}) for email in emails]
    assert await make(hub, *calls) == [None] * len(emails)
    return mailing


def test_a_new_list_is_listed_and_takes_its_first_lead_with_its_fields(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        mailing = await hub.create_list("Created first")
        assert mailing in await hub.lists()
        assert await members(hub, mailing) == {}
        calls = [Subscribe(mailing.key, f"{who}@new.example", {"First Name": who}) for who in ("ada", "bob")]
        assert await make(hub, *calls) == [None, None]
        assert await members(hub, mailing) == {"ada@new.example": "ada", "bob@new.example": "bob"}
        (found,) = [known for known in await hub.lists() if known.name == "Created first"]
        assert (found.key, found.members, found.noted, found.public) == (mailing.key, 2, False, False)

    play(scenario)


def test_subscribing_again_updates_the_lead(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        mailing = await filled(hub, "Updated", "a@upd.example")
        assert await make(hub, Subscribe(mailing.key, "a@upd.example", {"First Name": "Zoë & Ü"})) == [None]
        assert await make(hub, Subscribe(mailing.key, "a@upd.example", {})) == [None]
        assert await members(hub, mailing) == {"a@upd.example": "Zoë & Ü"}

    play(scenario)


def test_unsubscribing_moves_a_person_from_the_active_to_the_unsubscribed(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        mailing = await filled(hub, "Left", "a@left.example", "b@left.example")
        assert await make(hub, Unsubscribe(mailing.key, "a@left.example")) == [None]
        assert set(await members(hub, mailing)) == {"b@left.example"}
        assert set(await members(hub, mailing, MemberState.UNSUBSCRIBED)) == {"a@left.example"}
        assert await members(hub, mailing, MemberState.BOUNCED) == {}
        assert await make(hub, Unsubscribe(mailing.key, "a@left.example")) == [None]

    play(scenario)


def test_subscribing_someone_unsubscribed_makes_them_active_again(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        mailing = await filled(hub, "Back", "a@back.example")
        await make(hub, Unsubscribe(mailing.key, "a@back.example"), Subscribe(mailing.key, "a@back.example", {}))
        assert set(await members(hub, mailing)) == {"a@back.example"}
        assert await members(hub, mailing, MemberState.UNSUBSCRIBED) == {}

    play(scenario)


def test_removing_takes_a_person_out_of_every_list(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        first = await filled(hub, "Removed one", "a@rem.example", "b@rem.example")
        second = await filled(hub, "Removed two", "a@rem.example")
        assert await make(hub, Remove("a@rem.example")) == [None]
        assert set(await members(hub, first)) == {"b@rem.example"}
        assert await members(hub, second) == {}
        assert await make(hub, Remove("a@rem.example"), Remove("nobody@rem.example")) == [None, None]

    play(scenario)


def test_someone_removed_stays_out_where_removal_blocks_and_comes_back_where_it_deletes(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        mailing = await filled(hub, "Removed and back", "a@again.example")
        await make(hub, Remove("a@again.example"))
        (answer,) = await make(hub, Subscribe(mailing.key, "a@again.example", {}))
        if hub.removal_blocks:
            assert isinstance(answer, PersonRefused)
            assert answer.code == "2006"
        else:
            assert answer is None
            assert set(await members(hub, mailing)) == {"a@again.example"}

    play(scenario)


def test_all_members_of_a_long_list_are_given_page_by_page(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        emails = [f"p{number:03}@long.example" for number in range(230)]
        mailing = await filled(hub, "Long", *emails)
        assert sorted(await members(hub, mailing)) == emails

    play(scenario)


def test_a_list_that_is_not_there_breaks_the_sync(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        gone = HubList(key="3znothing", name="Gone")
        with pytest.raises(SourceGone):
            await members(hub, gone)
        with pytest.raises(SourceGone):
            await make(hub, Subscribe(gone.key, "a@gone.example", {}))
        with pytest.raises(SourceGone):
            await make(hub, Unsubscribe(gone.key, "a@gone.example"))

    play(scenario)


def test_the_standard_fields_are_known_and_a_new_one_can_be_filled(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        await hub.create_field("Passing Year", "Integer")
        names = [field.name for field in await hub.fields()]
        assert {"Lead Email", "First Name", "Last Name", "Passing Year"} <= set(names)
        mailing = await filled(hub, "Fields", "a@fields.example")
        assert await make(hub, Subscribe(mailing.key, "a@fields.example", {"Passing Year": "2015"})) == [None]

    play(scenario)


def test_a_list_of_any_name_can_be_created(play: Play) -> None:
    async def scenario(hub: Hub) -> None:
        name = 'Ünïcode & "quoted" + 100 %'
        mailing = await filled(hub, name, "a@name.example")
        assert [known.name for known in await hub.lists() if known.key == mailing.key] == [name]

    play(scenario)
