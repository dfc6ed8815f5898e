"""The fix-it queue on the screen: accepting, editing, dismissing, dropping."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import Driver, acting, opened
from tests.ui.tour import details
from tui_sync.services import corrections
from tui_sync.ui.screens.corrections import CorrectionsPage

JOHN, MISS = "john.petersen@gnail.com", "miss.spelt@hotmial.com"


def known(ui: Driver) -> dict[str, str]:
    return {correction.wrong: correction.right for correction in corrections.accepted(ui.app.desk)}


async def queue(ui: Driver) -> CorrectionsPage:
    await ui.press("4")
    page = ui.app.screen
    assert isinstance(page, CorrectionsPage)
    await ui.until(lambda: not page.reading, "the addresses")
    return page


@acting
async def test_the_first_screen_says_how_many_addresses_look_misspelt(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press('"/IT grad"', "enter")
        await ui.until_text("1 address looks misspelt. Press 4 to review.")
        page = await queue(ui)
        assert [doubt.wrong for doubt in page.doubts] == [JOHN, MISS]
        assert "john.petersen@gmail.com?" in ui.text()


@acting
async def test_both_addresses_stand_whole_in_a_narrow_terminal_before_their_numbers(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        await queue(ui)
        [row] = [line for line in ui.lines() if JOHN in line]
        assert "john.petersen@gmail.com?" in row
        assert "Records" not in ui.text()


@acting
async def test_one_is_accepted_and_the_next_run_delivers_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await queue(ui)
        await ui.press("y")
        await ui.until(lambda: known(ui), "the correction")
        assert known(ui) == {JOHN: "john.petersen@gmail.com"}
        assert "Nothing is written to Recruit." in " ".join(ui.text().split())
        sync = ui.app.desk.sync("IT graduates")
        ui.app.runner.run(sync)
        await ui.idle()
        assert ui.app.desk.workspace.ledger.memberships_of(["john.petersen@gmail.com"])


@acting
async def test_enter_on_a_correction_tells_all_about_the_person_before_the_next_run_too(ran: Path) -> None:
    async with opened(ran) as ui:
        await queue(ui)
        await ui.press("y")
        await ui.until(lambda: known(ui), "the correction")
        await ui.press("2", "enter")
        await ui.until_text("knows it from record")
        text = " ".join(ui.text().split())
        assert f"{JOHN} in Recruit is taken for this address: it was corrected." in text
        assert "Nothing is known" not in text


@acting
async def test_the_suggestion_is_edited_and_what_is_no_better_is_refused(ran: Path) -> None:
    async with opened(ran) as ui:
        await queue(ui)
        await ui.press("e", "ctrl+u", '"nonsense"', "enter")
        assert "has no @ sign" in ui.text()
        assert known(ui) == {}
        await ui.press("ctrl+u", '"john@zylker.com"', "enter")
        await ui.until(lambda: known(ui), "the correction")
        assert known(ui) == {JOHN: "john@zylker.com"}


@acting
async def test_all_are_accepted_after_a_question_with_their_number_and_one_is_dropped(ran: Path) -> None:
    async with opened(ran) as ui:
        await queue(ui)
        await ui.press("a")
        assert "Correct 2 addresses as suggested?" in ui.text()
        await ui.press("enter")
        assert known(ui) == {}, "enter leaves everything as it is"
        await ui.press("a", "y")
        await ui.until(lambda: len(known(ui)) == 2, "the corrections")
        await ui.press("2", "d", "y")
        await ui.until(lambda: len(known(ui)) == 1, "one less")


@acting
async def test_an_address_that_is_right_allows_its_domain(ran: Path) -> None:
    async with opened(ran) as ui:
        page = await queue(ui)
        await ui.press("x")
        assert f"Is {JOHN} right as it is?" in ui.text()
        await ui.press("y")
        await ui.until(lambda: len(page.doubts) == 1, "one less")
        assert ui.app.desk.workspace.settings.allowed_domains == ("gnail.com",)


@acting
async def test_the_people_ignored_by_a_sync_lead_to_its_addresses(ran: Path) -> None:
    async with opened(ran) as ui:
        await details("ignored")(ui, ui.app.desk.sync("All alumni"))
        await ui.press("f")
        await ui.until_text(MISS)
        assert JOHN not in ui.text()
        await ui.press("escape")
        assert JOHN in ui.text()


@acting
async def test_nothing_misspelt_says_what_is_gathered_here(made: Path) -> None:
    async with opened(made) as ui:
        await queue(ui)
        assert "No address looks misspelt." in ui.text()
        await ui.press("y")
        assert "There is no address here." in ui.text()
