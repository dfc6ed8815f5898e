"""Messages in passing: each stands only as long as what it says holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from tests.ui.at_wizard import at, begin, named, to_review, unfinished
from tests.ui.driver import Driver, acting, opened
from tui_sync import bootstrap
from tui_sync.services import settings
from tui_sync.ui.passing import Message
from tui_sync.ui.screens.settings import SettingsPage


def told(ui: Driver) -> list[str]:
    """The messages that stand."""
    return [shown.message for shown in ui.app._notifications]


@acting
async def test_of_messages_about_the_same_sync_only_the_last_one_stands(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter", "p")
        await ui.until_text("Tech clients is inactive now")
        await ui.press("p")
        await ui.until_text("Tech clients is active now")
        assert len(told(ui)) == 1
        assert "is inactive now" not in ui.text()


@acting
async def test_what_was_taken_back_is_no_longer_said_to_be_deleted(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter", "x", "y")
        await ui.until_text("Tech clients is deleted. u brings it back.")
        await ui.press("u")
        await ui.until_text("Taken back: the deletion of Tech clients.")
        assert told(ui) == ["Taken back: the deletion of Tech clients."]
        assert "u brings it back" not in ui.text()


@acting
async def test_a_setting_that_was_taken_back_is_told_once(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("8")
        page = ui.app.screen
        assert isinstance(page, SettingsPage)
        page._change(lambda: settings.change(ui.app.desk, "timezone", "Asia/Kolkata"))
        await ui.until_text("u takes it back.")
        await ui.press("u")
        await ui.until_text("Taken back:")
        assert len(told(ui)) == 1


@acting
async def test_of_two_changes_of_a_setting_only_the_last_one_is_said_to_be_taken_back(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("8")
        page = ui.app.screen
        assert isinstance(page, SettingsPage)
        for zone in ("Asia/Kolkata", "Europe/Lisbon"):
            page._change(lambda zone=zone: settings.change(ui.app.desk, "timezone", zone))  # type: ignore[misc]
            await ui.until_text(f"{zone}. u takes it back.")
        assert len(told(ui)) == 1
        await ui.press("u")
        await ui.until_text("Taken back:")
        assert len(told(ui)) == 1


@acting
async def test_schedules_that_go_on_are_not_said_to_be_paused(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("P", "y")
        await ui.until_text("All schedules are paused. P takes them up again.")
        await ui.press("P", "y")
        await ui.until_text("All schedules go on.")
        assert told(ui) == ["All schedules go on."]


@acting
async def test_the_bell_is_said_either_to_ring_or_to_be_silent(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("f3", "f3")
        assert told(ui) == ["The bell is silent."]


@acting
async def test_who_is_let_in_again_is_not_said_to_be_suppressed(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("3", "a", '"Nobody.New@Zylker.com"', "enter", '"asked for it"', "enter")
        await ui.until_text("nobody.new@zylker.com is on the suppression list")
        await ui.press("L", '"a mistake"', "enter")
        await ui.until_text("They are off the suppression list")
        assert len(told(ui)) == 1


@acting
async def test_a_dropped_correction_is_not_said_to_hold(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("4")
        await ui.until_text("1 To review 2")
        await ui.press("y")
        await ui.until_text("is corrected to")
        await ui.press("2", "d", "y")
        await ui.until_text("The correction is dropped.")
        assert len(told(ui)) == 1


@acting
async def test_a_draft_that_was_initiated_is_not_said_to_wait_for_that(ran: Path) -> None:
    async with opened(ran) as ui:
        await to_review(ui)
        await ui.press("f4")
        await ui.until_text("Crew is kept as a draft.")
        await ui.press("p")
        await ui.until_text("Crew is active")
        assert len(told(ui)) == 1


@acting
async def test_what_a_step_lacked_is_not_said_any_more_once_it_is_there(ran: Path) -> None:
    async with opened(ran) as ui:
        await named(ui, " ")
        await ui.press("enter")
        await ui.until_text("A sync needs a name that is not empty.")
        await ui.press('"Crew"', "enter")
        assert not told(ui), "the name is there"
        await ui.press("f7", "4")
        await ui.until_text("No list is chosen. Choose one, or create one.")
        await ui.press("3", "tab", "enter")
        await at(ui, "policies")
        assert not told(ui), "and the list"


@acting
async def test_that_records_are_looked_at_is_not_said_any_more_when_the_question_stands(made: Path) -> None:
    async with opened(made) as ui:
        await ui.press("slash", '"graduates"', "enter", "r")
        await ui.until_text("for the first time?")
        assert not told(ui)
        assert "Looking at some records" not in ui.text()


@acting
async def test_that_the_connection_is_asked_is_not_said_any_more_when_it_has_answered(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.mending(ui.app.desk.sync("Tech clients"))
        await ui.until_text("Nothing of Tech clients is broken.")
        assert told(ui) == ["Nothing of Tech clients is broken."]


@acting
async def test_a_message_hides_neither_a_filter_nor_how_many_rows_it_leaves(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("enter", "slash", '"in"')
        ui.app.say("A sentence that is as long as the whole width of the screen, and so would stand over all of the filter line.")
        await ui.until_text("as the whole width")
        [typed] = [line for line in ui.lines() if line.startswith(" / in")]
        assert " of 150" in typed


def test_a_message_that_goes_while_a_screen_comes_has_a_moment_left_there(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Message("One.", timeout=5)
    monkeypatch.setattr("textual.notifications.time", lambda: message.raised_at + 4.99995)
    assert not message.has_expired
    monkeypatch.setattr("textual.notifications.time", lambda: message.raised_at + 5.00005)
    assert Toast(message)._timeout > 0, "with less textual's timer never comes back"
    assert message.has_expired


@acting
async def test_nothing_is_kept_of_a_message_that_was_taken_back_after_it_had_gone(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.say("One.", about="x")
        await ui.until_text("One.")
        [one] = ui.app._notifications
        for text in ("Two.", "Three."):
            ui.app.say(text)
            await ui.until_text(text)
        assert told(ui) == ["Two.", "Three."]
        ui.app.unsay("x")
        await ui.pilot.pause()
        assert not [name for name, kept in vars(ui.app).items() if isinstance(kept, (set, dict)) and one.identity in kept]


@acting
async def test_where_n_does_something_else_it_is_not_said_to_go_on_with_a_new_sync(ran: Path) -> None:
    desk = bootstrap.open_desk(ran, "test")
    unfinished(desk, step="records")
    desk.workspace.close()
    async with opened(ran) as ui:
        await ui.until_text("Press n to go on with it.")
        await ui.press("enter")
        await ui.until_text("[1 Total")
        assert "Press n" not in ui.text()


@acting
async def test_an_unfinished_sync_that_one_goes_on_with_is_not_said_to_wait(ran: Path) -> None:
    async with opened(ran) as ui:
        await begin(ui)
        await ui.press("enter", "escape", "escape")
        await ui.until_text("kept, unfinished")
        await ui.press("n", "enter")
        assert "kept, unfinished" not in ui.text()


@acting
async def test_who_is_let_in_again_is_not_said_to_be_out_of_the_list(ran: Path) -> None:
    async with opened(ran) as ui:
        desk = ui.app.desk
        email = next(desk.workspace.ledger.memberships_in(desk.sync("IT graduates").list_key)).email
        ui.app.go.people(email)
        await ui.press("x", "y")
        await ui.until(lambda: any("brings them back." in one for one in told(ui)), "that they are out")
        await ui.press("L", '"a mistake"', "enter")
        [said] = told(ui)
        assert "brings them back." not in said


@acting
async def test_a_message_that_is_taken_back_leaves_no_gap_below_another(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.say("which stays")
        await ui.until_text("which stays")
        await ui.press("w")
        await ui.until_text("goes on.")
        await ui.press("escape")
        await ui.until(lambda: "goes on." not in ui.text(), "the end of the second message")
        await ui.until(lambda: "which stays" in ui.lines()[-2], "the line above that of the keys")


@acting
async def test_a_message_stands_once_beneath_a_dialog_when_the_one_below_it_has_ended(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.say("the first message, which stays")
        await ui.until_text("which stays")
        ui.app.say("the second one")
        await ui.until_text("the second one")
        await ui.press("x")
        await ui.until_text("Delete the sync")
        for toast in ui.app.screen.query(Toast):
            if "second" in toast._notification.message:
                toast._expire()
        await ui.until(lambda: "the second one" not in ui.text(), "the end of the second message")
        assert ui.text().count("which stays") == 1
        await ui.press("escape")
        await ui.until(lambda: "Delete the sync" not in ui.text(), "the end of the dialog")
        await ui.until_text("which stays")
