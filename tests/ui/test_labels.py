"""Screens name the fields of Recruit as people know them, also where nobody can be asked."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.ui.at_wizard import at, unfinished, wizard
from tests.ui.driver import Driver, acting, opened
from tests.ui.test_details import details
from tui_sync.demonstration import DemoConnector
from tui_sync.model.sync import Condition, Selection, SelectionKind
from tui_sync.simulator import Fault
from tui_sync.ui.screens.person import PersonPage

NAME = "IT graduates"
YEARS = Condition(field="Experience_in_Years", operator=">=", value=2)
CHEF = Condition(field="Job_Openings.Posting_Title", operator="is", value="Chef")


def silenced(ui: Driver) -> None:
    """Recruit answers nothing about its fields and records any more."""
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    connector.organisation.faults.add(Fault(kind="html", path="/recruit/v2", count=99))


@acting
async def test_the_configuration_says_labels_without_asking_anybody(made: Path) -> None:
    async with opened(made) as ui:
        silenced(ui)
        await details(ui, NAME)
        await ui.press("0")
        await ui.until_text("Experience in Years >= 2")
        assert "from First Name" in ui.text()
        assert "First_Name" not in ui.text()


@acting
async def test_the_mapping_editor_says_labels_also_where_recruit_gives_no_answer(made: Path) -> None:
    async with opened(made) as ui:
        silenced(ui)
        ui.app.go.mapping(ui.app.desk.sync(NAME))
        await ui.until_text("instead of data")
        [row] = [line for line in ui.lines() if line.split()[:2] == ["First", "Name"]]
        assert row.split()[:4] == ["First", "Name", "First", "Name"]


@acting
async def test_the_review_says_the_labels_of_a_draft_that_was_begun_before_they_were_kept(made: Path) -> None:
    async with opened(made) as ui:
        chosen = Selection(kind=SelectionKind.CRITERIA, conditions=(YEARS, CHEF), pattern="(1 or 2)")
        mailing = ui.app.desk.sync(NAME)
        unfinished(ui.app.desk, step="review", selection=chosen, list_key=mailing.list_key, list_name=mailing.list_name)
        kept = ui.app.desk.workspace.drafts.all()
        await ui.press("n", "enter")
        await at(ui, "review")
        assert "1 Experience in Years >= 2" in ui.text()
        assert '2 Job Openings: Posting Title is "Chef"' in ui.text()
        await ui.press("G")
        await ui.until_text("First Name from First Name")
        await ui.press("2")
        await at(ui, "records")
        assert "Experience in Years >= 2" in ui.text()
        assert [draft.sync.selection for draft in kept] == [wizard(ui).draft.sync.selection]


@acting
async def test_the_criteria_that_decide_about_a_person_are_told_in_labels(ran: Path) -> None:
    async with opened(ran) as ui:
        sync = ui.app.desk.sync(NAME)
        ui.app.desk.workspace.syncs.put(replace(sync, labels={}))
        await details(ui, NAME)
        await ui.press("enter")
        await ui.until(lambda: isinstance(ui.app.screen, PersonPage) and ui.app.screen.person is not None, "the record")
        await ui.until_text("Experience in Years >= 2")
        assert "Experience_in_Years" not in ui.text()
