"""The wizard: from the first step to a finished run, back and forth without loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.at_wizard import at, begin, named, to_review, unfinished, wizard
from tests.ui.driver import acting, opened
from tui_sync import bootstrap
from tui_sync.model.sync import Condition, Removal, Selection, SelectionKind, SyncState
from tui_sync.services import catalogue, drafts
from tui_sync.ui.screens.wizard import WizardPage


@acting
async def test_a_sync_is_made_step_by_step_and_its_first_run_brings_people(made: Path) -> None:
    async with opened(made) as ui:
        await to_review(ui)
        text = ui.text()
        assert "Candidates, all records" in text
        assert "Initiating uses 1 of 44 left this month, 1 of 4 left today; Active becomes 7 of 10." in " ".join(text.split())
        assert "records" in text
        await ui.press("pagedown")
        assert "Álvaro Ibáñez" in ui.text()
        assert drafts.left(ui.app.desk)[0].step == "review"
        await ui.press("f9")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Crew") is not None)
        sync = ui.app.desk.sync("Crew")
        assert (sync.state, sync.module, sync.list_name) == (SyncState.ACTIVE, "Candidates", "Zylker")
        assert {row.target for row in sync.mapping} == {"Lead Email", "First Name", "Last Name"}
        assert drafts.left(ui.app.desk) == []
        await ui.until_text("No program runs the schedules.")
        await ui.first_run()
        await ui.idle()
        [run] = ui.app.desk.workspace.runs.all(sync.id)
        assert run.counts.new > 100
        assert drafts.left(ui.app.desk) == []


@acting
async def test_going_back_and_forth_loses_nothing(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("enter", "down", "enter")
        await at(ui, "policies")
        await ui.press("right", "enter")
        await at(ui, "schedule")
        await ui.press("right", "enter")
        await at(ui, "mapping")
        before = wizard(ui).draft.sync
        for step in ("schedule", "policies", "name and list", "records", "module"):
            await ui.press("escape")
            await at(ui, step)
        for step in ("records", "name and list", "policies", "schedule", "mapping"):
            await ui.press("f8")
            await at(ui, step)
        assert wizard(ui).draft.sync == before
        assert (before.name, before.list_name) == ("Crew", "Newsletter")
        assert before.policies.on_opt_out is Removal.LIST
        assert before.schedule.frequency == "daily"


@acting
async def test_another_module_takes_its_own_selection_and_the_first_one_gets_its_own_back(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        await ui.press("enter")
        await at(ui, "records")
        await ui.press("down", "down", "down", "enter")
        await at(ui, "name and list")
        chosen = wizard(ui).draft.sync.selection
        assert chosen.kind is SelectionKind.VIEW
        await ui.press("2")
        await ui.press("escape")
        await at(ui, "records")
        await ui.press("escape")
        await at(ui, "module")
        await ui.press("down", "enter")
        await at(ui, "records")
        assert (wizard(ui).draft.sync.module, wizard(ui).draft.sync.selection) == ("Contacts", Selection())
        await ui.press("escape")
        await at(ui, "module")
        await ui.press("home", "enter")
        await at(ui, "records")
        assert wizard(ui).draft.sync.selection == chosen


@acting
async def test_a_module_without_an_email_field_says_so_and_is_not_taken(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        await ui.press("slash", '"venues"', "enter", "enter")
        await ui.until_text("Training Venues cannot be synced. The module has no e-mail field.")
        await ui.press("f8")
        assert wizard(ui).draft.sync.module == ""
        assert (await at(ui, "module")).problem()


@acting
async def test_a_name_that_is_taken_is_told_while_it_is_typed_and_holds_the_step(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui, "IT graduates")
        assert 'There is a sync "IT graduates" already.' in ui.text()
        await ui.press("enter", "enter")
        page = await at(ui, "name and list")
        assert page.query_one("#name").has_focus
        await ui.press('"2"')
        assert "already" not in ui.lines()[5]
        await ui.press("enter", "f8")
        await at(ui, "policies")


@acting
async def test_a_text_typed_into_the_lists_goes_to_no_other_step(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("enter", '"12he lay7"')
        await ui.until_text("Here / finds a list by its name")
        page = await at(ui, "name and list")
        assert page.query_one("#lists").has_focus


@acting
async def test_an_editor_opened_from_the_wizard_bears_no_name_that_is_refused(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui, "IT graduates")
        await ui.press("f7", "down", "enter")
        await ui.until_text("New sync > Criteria")


@acting
async def test_left_and_right_stop_at_the_ends_of_a_policy_and_are_named(made: Path) -> None:
    async with opened(made, size=(60, 16)) as ui:
        await named(ui)
        await ui.press("enter", "enter")
        await at(ui, "policies")
        await ui.until_text("right next value")
        await ui.until_text("more lines: pgdn")
        await ui.press("left")
        assert wizard(ui).draft.sync.policies.on_opt_out is Removal.KEEP
        await ui.press("right", "right", "right")
        assert wizard(ui).draft.sync.policies.on_opt_out is Removal.HUB
        await ui.press("pagedown")
        await ui.until(lambda: "more lines" not in ui.text())


@acting
async def test_a_new_list_is_noted_and_chosen_and_says_when_it_comes_into_being(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "c")
        await ui.until_text("No call of Marketing Automation makes an empty list")
        await ui.press('"zylker"')
        await ui.until_text("There is a list of that name already.")
        await ui.press('" two"', "enter")
        await ui.until(lambda: wizard(ui).draft.sync.list_name == "zylker two")
        await ui.until_text("to be created, private, with its first person")
        assert "zylker two" in {known.name for known in await catalogue.lists(ui.app.desk)}


@acting
async def test_a_list_that_is_looked_for_in_vain_can_be_created_under_that_name(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "slash", '"Crew list"')
        await ui.until_text("No such list. Enter, then c creates it")
        await ui.press("enter", "c", "enter")
        await ui.until(lambda: wizard(ui).draft.sync.list_name == "Crew list")


@acting
async def test_a_public_list_warns_that_people_must_confirm(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("tab", "slash", '"partners"', "enter", "enter")
        await at(ui, "policies")
        await ui.press("escape")
        await at(ui, "name and list")
        await ui.until_text("This list is public: people must confirm")


@acting
async def test_the_review_names_what_is_missing_and_enter_goes_there(made: Path) -> None:
    desk = bootstrap.open_desk(made, "test")
    unfinished(desk, step="review", name="", list_key="gone", list_name="Old list")
    await bootstrap.close(desk)
    async with opened(made) as ui:
        await ui.press("n", "enter")
        await at(ui, "review")
        assert "2 things are still to be done" in ui.text()
        assert 'The list "Old list" is no longer there.' in ui.text()
        await ui.press("f9")
        await ui.until_text("A sync needs a name")
        assert ui.app.desk.workspace.syncs.named("") is None
        await ui.press("enter")
        await at(ui, "name and list")
        assert "! Name" not in ui.lines()[0]
        assert "▌ Name and list" in ui.text()


@acting
async def test_the_review_is_read_with_the_keys_of_vim(made: Path) -> None:
    async with opened(made, size=(60, 16)) as ui:
        await to_review(ui)
        await ui.until_text("more lines")
        await ui.press("G")
        assert "more lines" not in ui.text()
        assert "Sync       Crew" not in ui.text()
        await ui.press("g", "g")
        assert "Sync       Crew" in ui.text()
        await ui.press("j")
        assert "Sync       Crew" not in ui.text()


@acting
async def test_removing_from_the_hub_asks_for_the_typed_name(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        await ui.press("enter", "enter")
        await at(ui, "policies")
        await ui.press("right", "right")
        await ui.press("f8")
        await at(ui, "schedule")
        await ui.press("7")
        await ui.press("f8")
        await at(ui, "mapping")
        await ui.press("f8")
        await at(ui, "review")
        await ui.press("f9")
        await ui.until_text("Type Crew to initiate it")
        assert "Do-Not-Mail" in ui.text()
        await ui.press('"crew"', "enter")
        await ui.until_text("That is not Crew.")
        assert ui.app.desk.workspace.syncs.named("Crew") is None
        await ui.press("ctrl+u", '"Crew"', "enter")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Crew") is not None)


@acting
async def test_the_dry_run_of_an_unsaved_sync_leaves_no_trace_and_comes_back_to_the_review(made: Path) -> None:
    async with opened(made) as ui:
        await to_review(ui)
        await ui.press("d")
        await ui.idle()
        await ui.until_text("Nothing was changed.")
        await ui.press("escape")
        await at(ui, "review")
        assert ui.app.desk.workspace.runs.all() == []


@pytest.mark.parametrize("again", ["f5", "r", "ctrl+r"])
@acting
async def test_a_connection_that_does_not_answer_is_told_and_asked_again_on_a_key(made: Path, again: str) -> None:
    desk = bootstrap.open_desk(made, "test")
    key = desk.workspace.secrets.get("zsc_key") or ""
    desk.workspace.secrets.set("zsc_key", "wrong")
    await bootstrap.close(desk)
    async with opened(made) as ui:
        await begin(ui)
        assert wizard(ui).step.fault
        await ui.until_text("Press f5 to read again.")
        ui.app.desk.workspace.secrets.set("zsc_key", key)
        await ui.press(again)
        await ui.until_text("custom module")
        assert not wizard(ui).step.fault


@acting
async def test_names_from_elsewhere_steer_nothing(made: Path) -> None:
    desk = bootstrap.open_desk(made, "test")
    unfinished(desk, step="records", selection=Selection(
        kind=SelectionKind.CRITERIA, pattern="(1 and 2)",
        conditions=(Condition(field="[/oops]", operator="is", value="\x1b[31mred"), Condition(field="A", operator="is empty")),
    ))  # fmt: skip
    await bootstrap.close(desk)
    async with opened(made) as ui:
        await ui.press("n", "enter")
        await at(ui, "records")
        assert "[/oops]" in ui.text()
        assert "\\x1b[31mred" in ui.text()
        assert "\x1b" not in ui.text()


@acting
async def test_a_resize_keeps_what_is_typed_and_where_the_keys_are(made: Path) -> None:
    async with opened(made) as ui:
        await named(ui)
        for size in ((60, 16), (120, 40), (80, 24)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            assert "Crew" in ui.text()
            assert "Review" in ui.text()
        await ui.press('"s"')
        assert wizard(ui).draft.sync.name == "Crews"


@acting
async def test_every_action_of_the_wizard_does_something_or_says_why_not(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        page = wizard(ui)
        for action in super(WizardPage, page).actions():
            method = action.name.partition("(")[0]
            assert hasattr(page, f"do_{method}"), action.name
        await ui.press("f9")
        await ui.until_text("Go on to the review first")


@acting
async def test_criteria_and_mapping_are_made_in_their_editors_and_come_back_into_the_draft(made: Path) -> None:
    async with opened(made) as ui:
        await begin(ui)
        await ui.press("enter")
        await at(ui, "records")
        await ui.press("down", "enter")
        await ui.until_text("New sync > Criteria")
        await ui.until_text("sample:")
        await ui.press("a", '"Department"', "enter")
        await ui.until_text("which operator")
        await ui.press("enter")
        await ui.press('"Information"', "enter")
        await ui.press("w")
        await at(ui, "records")
        chosen = wizard(ui).draft.sync.selection
        assert (chosen.kind, len(chosen.conditions)) == (SelectionKind.CRITERIA, 1)
        assert 'where Department is "Information Technology"' in ui.text()
        await ui.press("enter")
        await at(ui, "name and list")
        await ui.press('"IT"', "enter", "enter", "f8")
        await at(ui, "schedule")
        await ui.press("f8")
        await at(ui, "mapping")
        assert [line for line in ui.lines() if "Lead Email" in line and "the person is ignored" in line]
        await ui.press("e")
        await ui.until_text("Suggested:")
        await ui.press("y", "w")
        await at(ui, "mapping")
        assert len(wizard(ui).draft.sync.mapping) == 4
