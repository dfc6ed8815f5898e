"""The screen of one person of a run."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import Driver, acting, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Outcome, Status
from tui_sync.simulator import Fault
from tui_sync.ui.screens.person import PersonPage
from tui_sync.ui.widgets.long_lines import LongLines


def outcomes(ui: Driver, name: str, status: Status) -> list[Outcome]:
    """What the last run of a sync did, of one status."""
    desk = ui.app.desk
    [run] = desk.workspace.runs.all(desk.sync(name).id)
    return [outcome for outcome in desk.workspace.runs.outcomes(run.id) if outcome.status is status]


async def person(ui: Driver, name: str, outcome: Outcome) -> PersonPage:
    ui.app.go.person(ui.app.desk.sync(name), outcome, "1")
    await ui.until(lambda: not [worker for worker in ui.app.workers if worker.is_running])
    screen = ui.app.screen
    assert isinstance(screen, PersonPage)
    return screen


def whole(ui: Driver) -> str:
    """The whole text, also what is scrolled out of sight."""
    lines = ui.app.screen.query_one(LongLines)._text
    return "\n".join("".join(span.text for span in line) for line in lines)


def organisation(ui: Driver) -> DemoConnector:
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    return connector


@acting
async def test_it_tells_the_decision_the_deciding_rows_the_values_and_the_record(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "IT graduates", Status.NEW)[0]
        await person(ui, "IT graduates", outcome)
        text = whole(ui)
        assert "Run 1: New" in text
        assert "(1 and 2) and (3 or 4): match: row 1, row 2 and row" in text
        assert 'Department is "Information Technology"' in text
        assert "Mapped values, the same as delivered last" in text
        assert 'Is in the list "Zylker"' in text
        assert outcome.email is not None
        assert outcome.email in text
        assert "Record in Recruit" in text


@acting
async def test_a_value_changed_in_recruit_stands_beside_the_one_delivered(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "IT graduates", Status.NEW)[0]
        entry = ui.app.desk.workspace.ledger.entries(ui.app.desk.sync("IT graduates").id, [outcome.record_id])
        old = (entry[outcome.record_id].delivered or {})["City"]
        org = organisation(ui).organisation
        org.records.edit(int(outcome.record_id), {"City": "Timbuktu"}, org.seconds())
        await person(ui, "IT graduates", outcome)
        [line] = [line for line in whole(ui).splitlines() if line.strip().startswith("City") and "->" in line]
        assert line.split("->")[0].strip().endswith(old)
        assert line.split("->")[1].strip() == "Timbuktu"


@acting
async def test_what_the_workspace_knows_is_there_although_recruit_cannot_be_asked(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "IT graduates", Status.NEW)[0]
        organisation(ui).organisation.faults.add(Fault(kind="status", status=400, path="/recruit", count=9))
        await person(ui, "IT graduates", outcome)
        assert 'Is in the list "Zylker"' in whole(ui)
        assert "Recruit refused the list of modules" in whole(ui)


@acting
async def test_a_record_that_is_gone_says_so(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "All alumni", Status.NEW)[0]
        org = organisation(ui).organisation
        org.records.delete(int(outcome.record_id), org.seconds())
        await person(ui, "All alumni", outcome)
        assert "Recruit has no such record any more." in whole(ui)
        assert "Mapped values, as they were delivered last" in whole(ui)


@acting
async def test_somebody_is_taken_out_of_a_list_only_after_a_question(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "All alumni", Status.NEW)[0]
        ledger, email = ui.app.desk.workspace.ledger, outcome.email or ""
        await person(ui, "All alumni", outcome)
        await ui.press("x")
        await ui.until_text(f"Take {email} out of Alumni?")
        assert "it is an unsubscribe" in ui.text()
        await ui.press("enter")
        assert {member.state for member in ledger.memberships_of([email])} == {MembershipState.ACTIVE}
        await ui.press("x", "y")
        await ui.until_text("Was taken out by hand of the list")
        assert {member.state for member in ledger.memberships_of([email])} == {MembershipState.BY_HAND}
        await ui.press("x")
        await ui.until_text("they are in no list")


@acting
async def test_a_long_record_is_read_by_scrolling_and_fits_small_terminals(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        await person(ui, "IT graduates", outcomes(ui, "IT graduates", Status.NEW)[0])
        assert "more lines" in ui.text()
        first = ui.lines()[2]
        await ui.press("G")
        assert "more lines" not in ui.text()
        assert "Empty: " in ui.text()
        await ui.pilot.resize_terminal(120, 40)
        await ui.pilot.pause()
        await ui.press("home")
        assert ui.lines()[2].startswith(first)
        assert all(len(line) <= 120 for line in ui.lines())


@acting
async def test_the_person_of_an_outcome_is_suppressed_and_lifted(ran: Path) -> None:
    async with opened(ran) as ui:
        outcome = outcomes(ui, "All alumni", Status.NEW)[0]
        await person(ui, "All alumni", outcome)
        await ui.press("s", '"a complaint"', "enter")
        await ui.until(lambda: "On the suppression list: a complaint." in whole(ui), "suppressed")
        await ui.press("L", '"sorted"', "enter")
        await ui.until(lambda: "suppression list" not in whole(ui), "lifted")
