"""Lists and leads: what the hub has, who is in a list, taking out, creating and exporting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.model.errors import UsageError
from tui_sync.model.hub import HubList, Member, MemberState
from tui_sync.model.ledger import MembershipState
from tui_sync.services import catalogue
from tui_sync.services.desk import Desk
from tui_sync.simulator import Fault
from tui_sync.ui.screens.leads import LeadsPage
from tui_sync.ui.screens.lists import ListsPage
from tui_sync.ui.screens.people import PeoplePage


async def lists(ui: Driver) -> ListsPage:
    await ui.press("2")
    await ui.until_text("Winter campaign")
    assert isinstance(ui.app.screen, ListsPage)
    return ui.app.screen


async def leads(ui: Driver, name: str = "Zylker") -> LeadsPage:
    mailing = await catalogue.mailing_list(ui.app.desk, name)
    ui.app.go.leads(mailing)
    await ui.pilot.pause()
    page = ui.app.screen
    assert isinstance(page, LeadsPage)
    await ui.until(lambda: not page.reading, "the people")
    return page


def line_of(ui: Driver, text: str) -> str:
    return next(line for line in ui.lines() if text in line)


@acting
async def test_every_list_stands_with_its_numbers_its_kind_and_the_syncs_that_feed_it(ran: Path) -> None:
    async with opened(ran, size=(120, 30)) as ui:
        await lists(ui)
        known = await catalogue.mailing_list(ui.app.desk, "Zylker")
        line = line_of(ui, "Zylker")
        assert str(known.members) in line
        assert "private" in line
        assert "IT graduates" in line
        assert "public" in line_of(ui, "Partners")
        assert "no sync" in line_of(ui, "Partners")


@acting
async def test_a_list_opens_its_people_by_state_and_a_person_opens_everything_known(ran: Path) -> None:
    async with opened(ran) as ui:
        await lists(ui)
        await ui.press('"/Zylker"', "enter", "enter")
        await ui.until(lambda: isinstance(ui.app.screen, LeadsPage), "the people")
        page = ui.app.screen
        assert isinstance(page, LeadsPage)
        await ui.until(lambda: not page.reading, "the people")
        active = {member.email for member in page.table.rows}
        assert f"[1 Active {len(active)}]" in ui.text()
        await ui.press("2")
        await ui.until(lambda: not page.reading and page.state is MemberState.UNSUBSCRIBED, "those who left")
        assert page.table.rows
        assert not active & {member.email for member in page.table.rows}
        await ui.press("1")
        email = page.table.current.email
        await ui.press("enter")
        assert isinstance(ui.app.screen, PeoplePage)
        assert email in ui.text()


@acting
async def test_a_hub_that_does_not_answer_says_so_and_is_asked_again(ran: Path) -> None:
    async with opened(ran) as ui:
        connector = ui.app.desk.connect
        assert isinstance(connector, DemoConnector)
        connector.organisation.faults.add(Fault(kind="status", status=400, count=1, path="/api/v1/getmailinglists"))
        await ui.press("2")
        await ui.until_text("Press r to read again.")
        await ui.press("r")
        await ui.until_text("Winter campaign")


@acting
async def test_without_a_connection_the_screen_says_what_to_do(empty: Path) -> None:
    async with opened(empty) as ui:
        await ui.press("2")
        await ui.until_text("Press C in the list of syncs")
        assert "read again." not in ui.text()


@acting
async def test_somebody_is_taken_out_of_the_list_after_a_question(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await leads(ui)
        email, before = page.table.current.email, len(page.table.rows)
        await ui.press("x")
        await ui.until_text(f"Take {email} out of Zylker?")
        await ui.press("y")
        await ui.until(lambda: len(page.table.rows) == before - 1, "one less")
        key = page.mailing.key
        [state] = [m.state for m in ui.app.desk.workspace.ledger.memberships_of([email]) if m.list_key == key]
        assert state is MembershipState.BY_HAND


class Slow:
    """Reads the people of one state only once `go` is set."""

    def __init__(self, state: MemberState, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state, self.go = state, asyncio.Event()
        self._read = catalogue.members
        monkeypatch.setattr(catalogue, "members", self.members)

    async def members(self, desk: Desk, mailing: HubList, state: MemberState) -> AsyncIterator[Sequence[Member]]:
        if state is self.state:
            await self.go.wait()
        async for page in self._read(desk, mailing, state):
            yield page


@acting
async def test_people_of_another_state_that_are_still_read_do_not_take_the_place_of_those_shown(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        page = await leads(ui)
        active = list(page.table.rows)
        slow = Slow(MemberState.UNSUBSCRIBED, monkeypatch)
        await ui.press("2")
        assert page.reading
        await ui.press("1")
        slow.go.set()
        await ui.idle()
        assert page.state is MemberState.ACTIVE
        assert page.table.rows == active


@acting
async def test_who_is_taken_out_while_the_list_is_read_again_leaves_the_others_there(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(ran) as ui:
        page = await leads(ui)
        active = list(page.table.rows)
        slow = Slow(MemberState.ACTIVE, monkeypatch)
        await ui.press("r")
        assert page.reading
        page._removed(active[0].email)
        await ui.pilot.pause()
        assert page.reading, "nobody knows yet who is in the list"
        slow.go.set()
        await ui.until(lambda: not page.reading, "the people")
        assert len(page.table.rows) == len(active)


@acting
async def test_a_list_is_created_and_the_cursor_goes_to_it(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await lists(ui)
        await ui.press("c", '"zylker"')
        assert "There is a list of that name already." in ui.text()
        await ui.press("ctrl+u", '"Spring"', "enter")
        await ui.until(lambda: page.table.current is not None and page.table.current.mailing.name == "Spring", "the list")
        assert "noted" in line_of(ui, "Spring")
        await ui.press("enter")
        await ui.until_text("Nobody is in this list: it is noted here only.")


@acting
async def test_the_people_shown_are_written_in_the_columns_of_the_hubs_import(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(ran) as ui:
        page = await leads(ui)
        emails = [member.email for member in page.table.rows]
        await ui.press("e", "enter", "enter")
        await ui.until_text("Only you can read it.")
        written = (tmp_path / "Zylker-active.csv").read_text().splitlines()
        assert written[0] == "Lead Email,First Name,Last Name"
        assert [line.partition(",")[0] for line in written[1:]] == emails
        await ui.press("e", '"Table"', "enter", "enter")
        table = tmp_path / "Zylker-active.txt"
        await ui.until(table.exists, "the table")
        assert table.read_text().splitlines()[0].split() == ["Lead", "Email", "First", "Name", "Last", "Name"]


@acting
async def test_a_noted_list_is_deleted_unless_a_sync_uses_it_and_that_is_on_record(ran: Path) -> None:
    async with opened(ran) as ui:
        desk = ui.app.desk
        await catalogue.create_list(desk, "Spring")
        await lists(ui)
        await ui.press('"/Zylker"', "enter", "x")
        await ui.until_text("is at the hub; only one that is noted here")
        await ui.press('"/Spring"', "enter", "x")
        await ui.until_text("The noted list Spring is deleted.")
        assert "Spring" not in {known.name for known in await catalogue.lists(desk)}
        assert "deleted the noted list Spring" in [line.what for line in desk.workspace.log.lines()]


@acting
async def test_a_noted_list_that_a_sync_uses_is_kept(ran: Path) -> None:
    async with opened(ran) as ui:
        desk = ui.app.desk
        noted = await catalogue.create_list(desk, "Spring")
        sync = desk.sync("All alumni")
        desk.workspace.syncs.put(msgspec.structs.replace(sync, list_key=noted.key, list_name=noted.name))
        with pytest.raises(UsageError, match='used by "All alumni"'):
            await catalogue.delete_list(desk, "Spring")
