"""Edit retrieval details: schedule, data, policies."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.engine.ports import Monitor
from tui_sync.model.errors import RunError, Unreachable
from tui_sync.model.sync import Frequency, Policies, Removal, SyncState
from tui_sync.services.policies import exempt
from tui_sync.ui.screens.retrieval import RetrievalPage
from tui_sync.ui.screens.syncs import SyncsPage


async def edit(ui: Driver, name: str) -> None:
    """Open the screen and wait until it can save."""
    ui.app.go.retrieval(ui.app.desk.sync(name))
    page = ui.app.screen
    assert isinstance(page, RetrievalPage)
    await ui.until(lambda: page._parts, "the fields")


@acting
async def test_the_whole_form_stands_on_a_small_terminal(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        text = ui.text()
        for part in ("● weekly", "● Mon", "Asia/Kolkata", "Next runs", "People who opted out", "permanent Do-Not-Mail"):
            assert part in text
        assert sum("Mon " in line and "09:00" in line for line in ui.lines()) == 5


@acting
async def test_a_changed_schedule_is_saved_and_can_be_taken_back(ran: Path) -> None:
    async with opened(ran) as ui:
        before = ui.app.desk.sync("IT graduates")
        await edit(ui, "IT graduates")
        await ui.press("right")
        assert "not saved" in ui.lines()[0]
        assert "Day of the month" in ui.text()
        await ui.press("down", '"31"')
        assert "in short months the last day" in ui.text()
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        after = ui.app.desk.sync("IT graduates").schedule
        assert (after.frequency, after.day, after.on) == (Frequency.MONTHLY, 31, "")
        await ui.press("u")
        back = ui.app.desk.sync("IT graduates")
        assert msgspec.structs.replace(back, since=before.since) == before, "only its slots count from a new moment"


@acting
async def test_u_takes_back_the_changes_of_the_form_one_by_one_and_not_the_edit_that_was_saved_before(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press("right", "f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        saved = ui.app.desk.sync("IT graduates")
        await edit(ui, "IT graduates")
        page = ui.app.screen
        assert isinstance(page, RetrievalPage)
        seen = [page._schedule.typed]
        for keys in (("left",), ("down", "1"), ("down", "ctrl+a", '"10:15"'), ("up", "2")):
            await ui.press(*keys)
            seen.append(page._schedule.typed)
        assert "● Tue" in ui.text()
        for before in seen[-2::-1]:
            assert "not saved" in ui.lines()[0]
            await ui.press("u")
            assert page._schedule.typed == before
        assert "● monthly" in ui.text()
        assert "not saved" not in ui.lines()[0]
        assert ui.app.focused is page.query("Options").first(), "the row that had the keys is there no more"
        await ui.press("u")
        assert "Nothing was changed here." in ui.text()
        assert ui.app.desk.sync("IT graduates") == saved
        await ui.press("escape", "u")
        assert ui.app.desk.sync("IT graduates").schedule.frequency is Frequency.WEEKLY


@acting
async def test_u_takes_back_a_policy_that_was_chosen_in_the_form(ran: Path) -> None:
    async with opened(ran) as ui:
        before = ui.app.desk.sync("IT graduates")
        await edit(ui, "IT graduates")
        page = ui.app.screen
        assert isinstance(page, RetrievalPage)
        page._policies.query("Options").first().focus()
        await ui.press("left")
        assert page._policies.value.on_opt_out is Removal.KEEP
        await ui.press("u")
        assert page._policies.value == before.policies
        assert "● remove from list" in ui.text()


@acting
async def test_a_mistake_is_told_while_it_is_typed_and_cannot_be_saved(ran: Path) -> None:
    async with opened(ran) as ui:
        before = ui.app.desk.sync("IT graduates")
        await edit(ui, "IT graduates")
        await ui.press("down", "down", "end", '"7"')
        assert '"09:007" is not a time' in ui.text()
        assert "They stand here once everything above is right." in ui.text()
        await ui.press("f4")
        assert isinstance(ui.app.screen, RetrievalPage)
        assert ui.app.desk.sync("IT graduates") == before
        await ui.press("backspace", "f4")
        await ui.until(lambda: "Nothing was changed." in ui.text())


@acting
async def test_the_time_zone_is_found_by_a_part_of_its_name(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press("down", "down", "down", "enter")
        await ui.until_text("Time zone of the schedule")
        await ui.press('"new_york"', "enter")
        await ui.until_text("America/New_York")
        await ui.press("f4")
        await ui.until(lambda: ui.app.desk.sync("IT graduates").schedule.timezone == "America/New_York")


@acting
async def test_a_stronger_policy_says_what_it_means_and_waits_for_the_typed_name(ran: Path) -> None:
    async with opened(ran) as ui:
        before = ui.app.desk.sync("IT graduates")
        await edit(ui, "IT graduates")
        await ui.press(*["down"] * 5, "right", "f4")
        await ui.until_text("May IT graduates remove more people than before?")
        for part in ("permanent Do-Not-Mail", "not retroactive", "Type IT graduates to save"):
            assert part in " ".join(ui.text().split())
        await ui.press('"yes"', "enter")
        assert ui.app.desk.sync("IT graduates") == before
        await ui.until_text("That is not IT graduates.")
        await ui.press("ctrl+u", '"IT graduates"', "enter")
        await ui.until(lambda: ui.app.desk.sync("IT graduates").policies == Policies(Removal.HUB))


@acting
async def test_the_keys_of_a_row_of_choices_are_named_only_where_they_act(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.until(lambda: "right next value" in ui.lines()[-1])
        await ui.press("down", "down")
        await ui.until(lambda: "next value" not in ui.lines()[-1])
        await ui.press("up")
        await ui.until(lambda: "right next value" in ui.lines()[-1])


@acting
async def test_an_unsubscribe_is_confirmed_with_another_key_than_the_one_that_asked(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press(*["down"] * 7, "2", "f4")
        await ui.until_text("Leaving a list is an unsubscribe")
        await ui.press("f4", "enter")
        assert isinstance(ui.app.screen, RetrievalPage)
        assert ui.app.desk.sync("IT graduates").policies.on_convert is Removal.KEEP
        await ui.press("f4")
        await ui.until_text("Leaving a list is an unsubscribe")
        await ui.press("y")
        await ui.until(lambda: ui.app.desk.sync("IT graduates").policies.on_convert is Removal.LIST)


@acting
async def test_a_policy_that_removes_fewer_people_is_saved_without_a_question(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press(*["down"] * 5, "left", "f4")
        await ui.until(lambda: ui.app.desk.sync("IT graduates").policies.on_opt_out is Removal.KEEP)
        assert isinstance(ui.app.screen, SyncsPage)


@acting
async def test_leaving_with_something_unsaved_asks_and_staying_keeps_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press("right", "escape")
        await ui.until_text("Leave without saving?")
        await ui.press("escape")
        assert "● monthly" in ui.text()
        await ui.press("ctrl+c")
        await ui.until_text("what was changed is not saved")
        await ui.press("escape", "escape", "y")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert ui.app.desk.sync("IT graduates").schedule.frequency is Frequency.WEEKLY


@acting
async def test_without_a_change_escape_leaves_at_once(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "Tech clients")
        await ui.press("escape")
        assert isinstance(ui.app.screen, SyncsPage)


@acting
async def test_a_completed_sync_that_becomes_recurring_is_active_again(ran: Path) -> None:
    async with opened(ran) as ui:
        assert ui.app.desk.sync("All alumni").state is SyncState.COMPLETED
        await edit(ui, "All alumni")
        await ui.press("right", "f4")
        await ui.until_text("It is active again")
        assert ui.app.desk.sync("All alumni").state is SyncState.ACTIVE


@acting
async def test_converting_is_without_effect_where_nobody_is_converted(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "Tech clients")
        assert "Without effect: Contacts are never converted." in ui.text()
        await ui.press(*["down"] * 7, "right")
        assert "not saved" not in ui.lines()[0]


@acting
async def test_what_was_changed_elsewhere_meanwhile_is_not_overwritten(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        sync = ui.app.desk.sync("IT graduates")
        ui.app.desk.workspace.syncs.put(
            msgspec.structs.replace(sync, schedule=msgspec.structs.replace(sync.schedule, at="10:00"))
        )
        await ui.press("right", "f4")
        await ui.until_text("changed meanwhile: at")
        assert isinstance(ui.app.screen, RetrievalPage)
        assert ui.app.desk.sync("IT graduates").schedule.frequency is Frequency.WEEKLY


@acting
async def test_a_connection_that_does_not_answer_is_told_and_asked_again(ran: Path) -> None:
    async with opened(ran) as ui:
        connection, failing = ui.app.desk.connect, [True]

        class Down:
            def __init__(self) -> None:
                self.close = connection.close
                self.hub = connection.hub

            def recruit(self, monitor: Monitor) -> object:
                if failing:
                    raise Unreachable("Recruit cannot be reached.", "Look at the network.")
                return connection.recruit(monitor)

        ui.app.desk._opened = Down()  # type: ignore[assignment]
        ui.app.go.retrieval(ui.app.desk.sync("IT graduates"))
        await ui.until_text("Press f5 to read again")
        assert "Recruit cannot be reached." in ui.text()
        failing.clear()
        await ui.press("f5")
        await ui.until(lambda: "Press f5" not in ui.text())


@acting
async def test_any_size_keeps_what_was_typed(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        await ui.press("down", "down", "ctrl+u", '"7:15"')
        for size in ((60, 16), (120, 40), (80, 24)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            assert "7:15" in ui.text()
        assert ui.app.focused is not None
        await ui.press("f4")
        await ui.until(lambda: ui.app.desk.sync("IT graduates").schedule.at == "07:15")


@acting
async def test_a_click_takes_a_choice(ran: Path) -> None:
    async with opened(ran) as ui:
        await edit(ui, "IT graduates")
        row = next(place for place, line in enumerate(ui.lines()) if "● weekly" in line)
        await ui.pilot.click(offset=(ui.lines()[row].index("daily"), row))
        await ui.pilot.pause()
        assert "● daily" in ui.lines()[row]
        assert "On    " not in ui.text()


@acting
async def test_who_is_exempt_is_told_as_the_policies_are_chosen_and_the_policies_can_be_applied_to_them(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full_disk(_: object) -> None:
        raise RunError("No space is left.")

    async with opened(ran, size=(100, 40)) as ui:
        desk = ui.app.desk
        await edit(ui, "Partner letter")
        await ui.press("f12")
        await ui.until_text("Nobody is exempt")
        page = ui.app.screen
        assert isinstance(page, RetrievalPage)
        people = (await exempt(desk, desk.sync("Partner letter"), Policies(Removal.LIST))).people
        assert people > 30
        await ui.press(*["down"] * 5, "right")
        await ui.until_text(f"{people} people are exempt")
        await ui.press("f4")
        await ui.until_text(f"This is not retroactive: {people} people whom the sync has fetched")
        await ui.press("escape")
        await ui.press("f12")
        await ui.until_text(f"Apply the policies of Partner letter to the {people} people exempt, too?")
        assert "Leaving a list is an unsubscribe" in " ".join(ui.text().split())
        await ui.press("enter")
        assert desk.sync("Partner letter").policies == Policies(Removal.KEEP, Removal.KEEP)
        await ui.press("f12")
        await ui.until_text("too?")
        await ui.press("y")
        await ui.until_text("Its next run fetches everything")
        assert desk.sync("Partner letter").policies.on_opt_out is Removal.LIST
        assert (await exempt(desk, desk.sync("Partner letter"))).people == 0
        with monkeypatch.context() as full:
            full.setattr(desk.workspace.db, "commit", full_disk)
            await ui.press("u")
            await ui.until_text("No space is left.")
        await ui.press("u")
        await ui.until_text("Taken back: that the policies of Partner letter act on everybody")
        assert (await exempt(desk, desk.sync("Partner letter"))).people == people


@acting
async def test_do_not_mail_for_those_exempt_waits_for_the_typed_name(ran: Path) -> None:
    async with opened(ran, size=(100, 40)) as ui:
        await edit(ui, "Partner letter")
        await ui.press(*["down"] * 5, "right", "right")
        await ui.until_text("people are exempt")
        await ui.press("f12")
        await ui.until_text("Type Partner letter to apply them")
        assert "permanent Do-Not-Mail" in " ".join(ui.text().split())


@acting
async def test_u_takes_back_that_policies_were_applied_where_nothing_was_to_be_saved_first(ran: Path) -> None:
    async with opened(ran, size=(100, 40)) as ui:
        desk = ui.app.desk
        await edit(ui, "Partner letter")
        await ui.press(*["down"] * 5, "right")
        await ui.press("f4", "y")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        people = (await exempt(desk, desk.sync("Partner letter"))).people
        await edit(ui, "Partner letter")
        await ui.until_text(f"{people} people exempt")
        await ui.press("f12", "y")
        await ui.until_text("Its next run fetches everything")
        await ui.press("u")
        await ui.until_text("Taken back: that the policies of Partner letter act on everybody")
        assert (await exempt(desk, desk.sync("Partner letter"))).people == people
