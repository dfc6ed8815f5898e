"""People read what Recruit calls a field; definitions and programs know it by its API name."""

from __future__ import annotations

from msgspec.structs import replace

from tests.engine.office import Office
from tui_sync.model.labels import labelled, labels_of
from tui_sync.model.outcomes import Result
from tui_sync.model.records import Field, FieldType
from tui_sync.model.sync import MappingRow, Sync
from tui_sync.present import syncs as present
from tui_sync.services import definitions, running, syncs

LABELS = {"Current_Employer": "Current Employer", "Email": "Email", "First_Name": "First Name", "City": "City"}
EXPERIENCE = {"field": "Experience_in_Years", "operator": ">", "value": 2}
OPENING = {"field": "Job_Openings.Posting_Title", "operator": "is", "value": "Chef"}


def words(office: Office, name: str = "A") -> list[tuple[str, str | int | None]]:
    sync = office.desk.sync(name)
    row = next(row for row in syncs.listing(office.desk) if row.name == name)
    return present.definition_fields(sync, row, office.desk.workspace.zone)


def test_a_sync_is_told_in_labels_and_its_json_and_its_file_in_api_names(office: Office) -> None:
    office.sync("A", conditions=[EXPERIENCE, OPENING], select="criteria")
    told = words(office)
    assert ("  1", "Experience in Years > 2") in told
    assert ("  2", 'Job Openings: Posting Title is "Chef"') in told
    assert ("  First Name", "from First Name") in told
    sync, [row] = office.desk.sync("A"), syncs.listing(office.desk)
    whole = present.definition_object(sync, row)
    assert [condition["field"] for condition in whole["conditions"]] == ["Experience_in_Years", "Job_Openings.Posting_Title"]  # type: ignore[attr-defined]
    assert whole["mapping"] == {"Lead Email": "Email", "First Name": "First_Name", "City": "City"}
    text = definitions.export(office.desk)
    assert ('field = "Experience_in_Years"' in text, "Experience in Years" in text) == (True, False)
    [item] = office.wait_for(definitions.plan(office.desk, office.folder / "definitions.toml"))
    assert item.changes == ()


def test_a_sync_from_before_labels_were_kept_shows_api_names_and_has_labels_after_its_next_run(office: Office) -> None:
    office.sync("A")
    office.desk.workspace.syncs.put(replace(office.desk.sync("A"), labels={}))
    assert ("  First Name", "from First_Name") in words(office)
    run = office.run("A")
    assert (run.result, run.notes) == (Result.COMPLETED, ())
    assert office.desk.sync("A").labels == LABELS


def test_a_field_that_was_renamed_in_recruit_is_called_by_its_new_name_after_a_run_that_fetches_no_more_for_it(
    office: Office,
) -> None:
    office.sync("A")
    office.run("A")
    office.desk.workspace.syncs.put(replace(office.desk.sync("A"), labels={**LABELS, "City": "Town"}))
    assert "only what changed" in office.run("A").why
    assert office.desk.sync("A").labels == LABELS


def test_a_field_that_vanished_keeps_the_label_that_people_know(office: Office) -> None:
    office.sync("A")
    office.org.hide("Candidates.First_Name")
    office.run("A")
    assert ("  First Name", "from First Name") in words(office)


def test_what_breaks_a_sync_is_told_in_the_labels_that_people_know(office: Office) -> None:
    office.sync("A")
    office.org.hide("Candidates.First_Name")
    assert office.run("A").result is Result.FAILED
    assert office.desk.sync("A").reason == "The mapping no longer fits: The module has no field First Name."


def test_a_vanished_field_of_the_criteria_is_told_in_the_label_that_people_know(office: Office) -> None:
    office.sync("A", select="criteria", conditions=[EXPERIENCE])
    office.run("A")
    office.org.hide("Candidates.Experience_in_Years")
    assert office.run("A").result is Result.FAILED
    told = 'The criteria no longer fit Recruit: row 1: Candidates has no field "Experience in Years".'
    assert office.desk.sync("A").reason == told


def test_a_dry_run_writes_no_labels(office: Office) -> None:
    office.sync("A")
    old = replace(office.desk.sync("A"), labels={})
    office.desk.workspace.syncs.put(old)
    office.wait_for(running.preview(office.desk, "A", office.control()))
    assert office.desk.sync("A") == old


def test_a_copy_and_a_sync_that_was_put_back_are_told_in_labels_too(office: Office) -> None:
    office.sync("A")
    syncs.duplicate(office.desk, "A", "B")
    assert ("  First Name", "from First Name") in words(office, "B")
    before = syncs.delete(office.desk, "A")
    syncs.put_back(office.desk, before)
    assert ("  First Name", "from First Name") in words(office)


def field(name: str, label: str) -> Field:
    return Field(name=name, label=label, type=FieldType.TEXT)


def test_two_fields_of_one_label_are_told_apart_by_their_api_names() -> None:
    found = labels_of([field("Email", "E-mail"), field("Mail2", "e-mail "), field("City", "City"), field("Odd", " ")])
    assert found == {"Email": "E-mail (Email)", "Mail2": "e-mail  (Mail2)", "City": "City"}


def test_a_sync_carries_the_labels_of_the_fields_that_it_names_and_of_no_other(office: Office) -> None:
    office.sync("A")
    sync: Sync = replace(office.desk.sync("A"), mapping=(MappingRow(target="Lead Email", source="Email"),))
    known = labelled(sync, [field("Email", "Mail"), field("Phone", "Telephone")])
    assert known.labels == {"Email": "Mail", "Current_Employer": "Current Employer"}
    assert (known.field_shown("Email"), known.field_shown("Phone")) == ("Mail", "Phone")
