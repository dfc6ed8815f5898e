"""One person: the live record beside what the workspace knows, and the names of people in outcomes."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.office import Office
from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import CredentialsRejected, SourceGone, UsageError
from tui_sync.model.outcomes import Outcome, Status
from tui_sync.model.sync import Condition, MappingRow, Selection, SelectionKind
from tui_sync.services import people, running
from tui_sync.services.people import Person

IN_SALES = Condition(field="Department", operator="is", value="Sales")
CRITERIA = Selection(kind=SelectionKind.CRITERIA, conditions=(IN_SALES,), pattern="1")
NAMES = (
    MappingRow(target="Lead Email", source="Email"),
    MappingRow(target="First Name", source="First_Name"),
    MappingRow(target="Last Name", source="Last_Name"),
)


def look(stage: Stage, record: str, email: str, sync: str = "A") -> Person:
    return stage.wait_for(people.look(stage.desk, sync, record, email))


def told(stage: Stage, run: str) -> dict[str, Outcome]:
    return {outcome.record_id: outcome for outcome in running.outcomes(stage.desk, run)}


def test_a_look_at_a_person_shows_the_record_as_it_is_now_and_what_was_delivered(stage: Stage) -> None:
    stage.recruit.add("1", "a@zylker.com", Department="Sales")
    stage.sync("A", selection=CRITERIA)
    stage.run("A")
    stage.recruit.edit("1", City="Lyon", Department=None)
    person = look(stage, "1", "a@zylker.com")
    assert not person.gone
    assert dict(person.fields)["City"] == "Lyon"
    assert dict(person.fields)["Department"] == "(empty)"
    assert person.before == {"First Name": "F1", "City": "Pune"}
    assert person.after == {"First Name": "F1", "City": "Lyon"}
    assert person.truth is not None
    assert person.truth.sentence == "no match: row 1 is false"
    assert [known.sync for known in person.explanation.records] == ["A"]
    assert [name for name, _ in person.explanation.memberships] == ["Zylker"]


def test_a_record_that_recruit_no_longer_has_is_gone_and_the_rest_is_still_told(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A")
    stage.recruit.delete("1")
    person = look(stage, "1", "p1@zylker.com")
    assert (person.gone, person.fields, person.truth, person.after) == (True, (), None, {})
    assert person.before is not None
    assert person.explanation.records


def test_a_sync_without_criteria_has_no_truth_table(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    person = look(stage, "1", "p1@zylker.com")
    assert (person.truth, person.problem, person.before) == (None, "", None)


def test_a_person_without_an_address_is_known_by_the_record_and_not_by_others_without_one(stage: Stage) -> None:
    stage.recruit.add("1", None)
    stage.recruit.add("2", None)
    stage.recruit.add("3", "john@gnail.com")
    stage.sync("A")
    stage.run("A")
    for record, email in (("1", ""), ("3", "john@gnail.com")):
        person = look(stage, record, email)
        assert [known.entry.record for known in person.explanation.records] == [record]
        assert person.explanation.records[0].entry.history[-1].status == "ignored"


def test_a_definition_that_no_longer_fits_says_what_is_missing(stage: Stage) -> None:
    stage.people(1)
    gone = Condition(field="Was_Removed", operator="is", value="x")
    stage.sync("A", selection=Selection(kind=SelectionKind.CRITERIA, conditions=(gone,), pattern="1"))
    stage.change("A", mapping=(*NAMES, MappingRow(target="City", source="Was_Removed")))
    person = look(stage, "1", "p1@zylker.com")
    assert (person.truth, person.problem) == (None, "row 1: Candidates has no field Was_Removed.")
    assert "City" not in person.after


def test_values_are_shown_harmless(stage: Stage) -> None:
    stage.recruit.add("1", "a@zylker.com", City="\x1b[2J\u202e")
    stage.sync("A")
    assert dict(look(stage, "1", "a@zylker.com").fields)["City"] == "\\x1b[2J\\u202e"


def test_an_unknown_sync_and_a_vanished_module_are_told(stage: Stage) -> None:
    with pytest.raises(UsageError, match="not on record"):
        look(stage, "1", "a@zylker.com", sync="nowhere")
    stage.sync("A", module="CustomModule9")
    with pytest.raises(SourceGone, match='no module "CustomModule9"'):
        look(stage, "1", "a@zylker.com")


def test_a_look_works_in_the_demo_organisation_also_after_the_record_was_deleted(office: Office) -> None:
    record = office.candidate("jo@zylker.com", City="Pune")
    office.sync("Newsletter")
    office.run("Newsletter")
    office.edit(record, City="Lyon")
    sync = office.desk.sync("Newsletter")
    person = office.wait_for(people.look(office.desk, sync.id, str(record), "jo@zylker.com"))
    assert (person.before or {})["City"] == "Pune"
    assert person.after["City"] == "Lyon"
    assert person.truth is not None
    assert person.truth.matched
    office.delete(record)
    assert office.wait_for(people.look(office.desk, sync.id, str(record), "jo@zylker.com")).gone


def test_where_recruit_cannot_be_asked_that_is_the_answer(office: Office) -> None:
    record = office.candidate("jo@zylker.com")
    office.sync("Newsletter")
    office.desk.workspace.secrets.set("zsc_key", "of-yesterday")
    with pytest.raises(CredentialsRejected):
        office.wait_for(people.look(office.desk, office.desk.sync("Newsletter").id, str(record), "jo@zylker.com"))


def test_names_are_those_last_delivered_and_only_those_known(stage: Stage) -> None:
    stage.recruit.add("1", "a@zylker.com", First_Name="Asha", Last_Name="Rao")
    stage.recruit.add("2", "b@zylker.com", First_Name=None, Last_Name="\x1b[1mWei")
    stage.recruit.add("3", "c@zylker.com", First_Name=None)
    stage.recruit.add("4", "careers@zylker.com", First_Name="Nobody")
    stage.sync("A")
    stage.change("A", mapping=NAMES)
    stage.run("A")
    stage.recruit.edit("1", First_Name="Other")
    assert people.names(stage.desk, "A", ["1", "2", "3", "4", "5"]) == {"1": "Asha Rao", "2": "\\x1b[1mWei"}


def test_people_who_were_ignored_are_told_by_name_and_the_others_are_not(stage: Stage) -> None:
    stage.recruit.add("1", "a@zylker.com", First_Name="Asha", Last_Name="Rao")
    stage.recruit.add("2", "careers@zylker.com", First_Name="Priya", Last_Name="Nair")
    stage.recruit.add("3", None, First_Name="Tom", Last_Name=None)
    stage.recruit.add("4", "john@gnail.com", First_Name=None)
    stage.recruit.add("5", "a@zylker.com", First_Name="Asha", Last_Name="Rao again")
    stage.sync("A")
    stage.change("A", mapping=NAMES)
    preview = {outcome.record_id: outcome.name for outcome in stage.preview("A").outcomes()}
    outcomes = told(stage, stage.run("A").id)
    assert {record: outcome.name for record, outcome in outcomes.items()} == preview
    winner = next(record for record in ("1", "5") if outcomes[record].status is Status.NEW)
    assert preview[winner] is None
    assert (preview["2"], preview["3"], preview["4"]) == ("Priya Nair", "Tom", None)
    assert {preview["1"], preview["5"]} > {None}


def test_a_mapping_without_names_tells_none(stage: Stage) -> None:
    stage.recruit.add("1", "careers@zylker.com", First_Name="Priya")
    stage.sync("A")
    stage.change("A", mapping=NAMES[:1])
    assert told(stage, stage.run("A").id)["1"].name is None


def test_people_whom_the_hub_refused_or_failed_are_told_by_name(stage: Stage) -> None:
    stage.people(2)
    trouble = over_a_flaky_line(stage)
    trouble.on("p1@zylker.com", "failed")
    stage.sync("A", on_opt_out=LIST)
    outcomes = told(stage, stage.run("A").id)
    assert (outcomes["1"].status, outcomes["1"].name) == (Status.IGNORED, "F1")
    assert outcomes["2"].name is None


def test_a_name_stands_at_the_end_of_the_stored_outcome(stage: Stage) -> None:
    stage.recruit.add("1", "careers@zylker.com", First_Name="Priya")
    stage.sync("A")
    outcome = told(stage, stage.run("A").id)["1"]
    assert msgspec.json.decode(msgspec.json.encode(outcome))[-1] == "Priya"


def test_the_history_of_a_deleted_record_tells_its_removal(stage: Stage) -> None:
    [record, *_] = stage.people(20)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete(record)
    run = stage.run("Newsletter")
    known = stage.space.ledger.entries("Newsletter", [record])[record]
    assert known.deleted
    assert [(past.run, past.status) for past in known.history] == [("1", Status.NEW), (run.id, Status.DELETED)]
