"""The steps of the wizard one by one: where the keys are, what is offered, and what is kept of wrong input."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui import tour
from tests.ui.at_wizard import at, begin, named, to_review, wizard
from tests.ui.driver import Driver, acting, held_back, opened
from tui_sync.services import catalogue
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.screens.wizard import WizardPage


@acting
async def test_no_more_lines_are_promised_below_a_form_that_stands_whole(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "enter")
        for step in ("policies", "schedule"):
            await at(ui, step)
            assert "more line" not in ui.text()
            await ui.press("f8")


@acting
async def test_a_name_that_is_refused_in_the_lists_gets_the_keys(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui, "IT graduates")
        page = await at(ui, "name and list")
        await ui.press("tab")
        assert page.query_one("#lists").has_focus
        await ui.press("enter")
        assert page.query_one("#name").has_focus
        assert wizard(ui).draft.step == "name and list"


@acting
async def test_the_key_that_creates_a_list_is_offered_only_where_it_is_no_letter_of_the_name(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        assert "create list" not in ui.lines()[-1]
        await ui.press("tab")
        assert "c create list" in ui.lines()[-1]


@acting
async def test_the_keys_of_a_row_of_choices_are_named_only_where_they_act(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "enter")
        await at(ui, "policies")
        await ui.press("f8")
        await at(ui, "schedule")
        await ui.until(lambda: "right next value" in ui.lines()[-1])
        await ui.press("down")
        await ui.until(lambda: "next value" not in ui.lines()[-1])
        await ui.press("up")
        await ui.until(lambda: "right next value" in ui.lines()[-1])


@acting
async def test_the_first_screen_stands_on_the_sync_that_was_made_last(made: Path) -> None:
    async with opened(made) as ui:
        await to_review(ui)
        await ui.press("f9")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Crew") is not None)
        await ui.press("escape")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert ui.app.screen.table.current.name == "Crew"  # type: ignore[attr-defined]


@acting
async def test_a_sync_that_is_made_or_brought_back_is_shown_although_a_filter_hid_it(made: Path) -> None:
    async with opened(made) as ui:
        await ui.press("slash", '"Winter"', "enter")
        await to_review(ui)
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        assert ui.app.screen.table.current.name == "Crew"  # type: ignore[attr-defined]
        assert "Tech clients" in ui.text()
        assert not any(line.startswith(" / ") for line in ui.lines())
        await ui.press("x", "y", "slash", '"Winter"', "enter", "u")
        assert ui.app.screen.table.current.name == "Crew"  # type: ignore[attr-defined]


WRONG = {"at": "l", "timezone": "Nowhere/Else", "after": "soon"}


async def wrongly_timed(ui: Driver) -> None:
    """In the step of the schedule, with wrong input in three fields."""
    await named(ui)
    await ui.press("tab", "enter")
    await at(ui, "policies")
    await ui.press("f8")
    await at(ui, "schedule")
    await ui.press("tab", '"l"', "tab", "ctrl+u", '"Nowhere/Else"', "tab", "right", "tab", '"soon"')


@acting
async def test_wrong_input_in_the_schedule_is_kept_named_and_not_ticked_and_gets_the_keys(made: Path) -> None:
    async with opened(made) as ui:
        await wrongly_timed(ui)
        assert wizard(ui).draft.typed.items() >= WRONG.items()
        await ui.press("escape")
        await at(ui, "policies")
        assert "! Schedule" in ui.text()
        assert "✓ Schedule" not in ui.text()
        await ui.press("f8")
        await at(ui, "schedule")
        for text in WRONG.values():
            assert text in ui.text()
        assert 'Type a date and time, such as "2026-01-31 09:00".' in " ".join(ui.text().split())
        await ui.press("tab", "tab", "tab", "f8")
        assert wizard(ui).draft.step == "schedule"
        await ui.press("ctrl+u", "f8", "ctrl+u", "tab", "left")
        assert wizard(ui).draft.typed == {}
        await ui.press("escape")
        await at(ui, "policies")
        assert "✓ Schedule" in ui.text()


@acting
async def test_wrong_input_in_the_schedule_survives_the_program_and_makes_no_draft_without_it(made: Path) -> None:
    async with opened(made) as ui:
        await wrongly_timed(ui)
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, SyncsPage))
        await ui.until(lambda: any("Still to be done: " in shown.message for shown in ui.app._notifications))
        assert ui.app.desk.workspace.syncs.named("Crew") is None
    async with opened(made) as ui:
        await ui.press("n", "enter")
        await at(ui, "schedule")
        assert wizard(ui).draft.typed.items() >= WRONG.items()
        assert "Nowhere/Else" in ui.text()


@acting
async def test_a_custom_module_is_called_by_its_label_from_the_wizard_to_the_list_of_syncs(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        await ui.press("down", "down", "enter")
        await at(ui, "records")
        assert "everybody in Alumni" in ui.text()
        await ui.press("enter")
        await at(ui, "name and list")
        await ui.press('"Crew"', "enter", "enter")
        for step in ("policies", "schedule", "mapping"):
            await at(ui, step)
            await ui.press("enter")
        await at(ui, "review")
        assert "Alumni, all records" in ui.text()
        await ui.press("f4")
        await ui.until_text("Crew is kept as a draft")
        sync = ui.app.desk.sync("Crew")
        assert (sync.module, sync.module_label) == ("CustomModule1", "Alumni")
        assert "Crew" in ui.text()
        assert "CustomModule1" not in ui.text()


@acting
async def test_policies_schedule_and_the_first_people_of_the_sample_stand_on_the_first_page_of_the_review(ran: Path) -> None:
    async with opened(ran) as ui:
        sync = ui.app.desk.sync("IT graduates")
        await tour.wizard("review")(ui, sync)
        text = ui.text()
        parts = ("\n To list ", "\n Policies ", "permanent Do-Not-Mail", "\n Schedule ", "\n Price ", "\n First run ", "Would be",
                 "Noemi Quist")  # fmt: skip
        assert sorted(parts, key=text.index) == list(parts)
        assert "(none)" in text
        await ui.press("G")
        assert "Mapping " in ui.text()
        assert "Next runs " in ui.text()


@acting
async def test_a_row_that_is_suggested_is_named_by_its_label_as_those_above_are(ran: Path) -> None:
    async with opened(ran) as ui:
        await tour.wizard("mapping")(ui, ui.app.desk.sync("IT graduates"))
        assert "Company Name from Current Employer." in ui.text()


@acting
async def test_what_there_is_to_choose_stands_in_the_lowest_terminal(made: Path) -> None:
    async with opened(made, size=(40, 10)) as ui:
        await begin(ui)
        await at(ui, "module")
        assert "step 1 of 7" in ui.lines()[0]
        assert {"Candidates", "Contacts", "Alumni"} <= {word for line in ui.lines() for word in line.split()}
        await ui.press("enter", "enter", "A", "tab")
        await at(ui, "name and list")
        assert any("Zylker" in line for line in ui.lines())
        await ui.pilot.resize_terminal(80, 24)
        await ui.pilot.pause()
        assert "step 3 of 7" not in ui.text()


@acting
async def test_a_list_that_comes_into_being_leaves_the_keys_where_they_are_meanwhile(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        await named(ui)
        come = held_back(catalogue, "create_list", monkeypatch)
        await ui.press("tab", "c", '"Crew list"')
        ui.pilot.send("enter")
        await ui.until(lambda: isinstance(ui.app.screen, WizardPage), "the step")
        await ui.press("shift+tab", '" of"')
        come.set()
        await ui.until(lambda: wizard(ui).draft.sync.list_name == "Crew list")
        await ui.press('" 2027"')
        assert wizard(ui).draft.sync.name == "Crew of 2027"
        await at(ui, "name and list")
        assert wizard(ui).step.query_one("#name").has_focus


@acting
async def test_a_list_that_comes_into_being_is_taken_on_another_step_too(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(made) as ui:
        await named(ui)
        come = held_back(catalogue, "create_list", monkeypatch)
        await ui.press("tab", "c", '"Crew list"')
        ui.pilot.send("enter")
        await ui.until(lambda: isinstance(ui.app.screen, WizardPage), "the step")
        ui.pilot.send("f7")
        await at(ui, "records")
        come.set()
        await ui.until(lambda: wizard(ui).draft.sync.list_name == "Crew list")
        await at(ui, "records")
