"""People read what Recruit calls a module; definitions and programs know it by its API name."""

from __future__ import annotations

from msgspec.structs import replace

from tests.engine.office import Office
from tui_sync.model.outcomes import Result
from tui_sync.present import syncs as present
from tui_sync.services import catalogue, definitions, repair, syncs

ALUMNI = {"name": "Graduates", "module": "CustomModule1", "list": "Alumni", "frequency": "daily"}


def test_a_sync_keeps_what_recruit_calls_its_module_and_its_file_keeps_the_api_name(office: Office) -> None:
    office.apply(ALUMNI)
    sync = office.desk.sync("Graduates")
    assert (sync.module, sync.module_label) == ("CustomModule1", "Alumni")
    text = definitions.export(office.desk)
    assert ('module = "CustomModule1"' in text, 'module = "Alumni"' in text) == (True, False)
    [item] = office.wait_for(definitions.plan(office.desk, office.folder / "definitions.toml"))
    assert item.changes == ()


def test_listing_and_definition_in_words_say_the_label_and_json_says_the_api_name(office: Office) -> None:
    office.apply(ALUMNI)
    sync, [row] = office.desk.sync("Graduates"), syncs.listing(office.desk)
    zone = office.desk.workspace.zone
    assert present.sync_row(row, zone)[1] == "Alumni"
    assert dict(present.definition_fields(sync, row, zone))["From"] == "Alumni, all records"
    assert present.sync_object(row)["module"] == "CustomModule1"
    assert present.definition_object(sync, row)["module"] == "CustomModule1"


def test_a_sync_from_before_labels_were_kept_reads_on_and_has_one_after_its_next_run(office: Office) -> None:
    office.apply(ALUMNI)
    office.desk.workspace.syncs.put(replace(office.desk.sync("Graduates"), module_label=""))
    assert syncs.listing(office.desk)[0].module_shown == "CustomModule1"
    run = office.run("Graduates")
    assert (run.result, run.notes) == (Result.COMPLETED, ())
    assert office.desk.sync("Graduates").module_label == "Alumni"


def test_a_module_that_was_renamed_in_recruit_is_called_by_its_new_name_and_the_run_says_so(office: Office) -> None:
    office.apply(ALUMNI)
    office.desk.workspace.syncs.put(replace(office.desk.sync("Graduates"), module_label="Former students"))
    assert office.run("Graduates").notes == ('The module "Former students" is called "Alumni" now.',)
    assert office.desk.sync("Graduates").module_label == "Alumni"


def test_a_module_that_vanished_is_named_as_people_know_it(office: Office) -> None:
    office.apply(ALUMNI)
    office.org.hide("CustomModule1")
    office.run("Graduates")
    assert office.desk.sync("Graduates").reason == 'Recruit has no module "Alumni" for this connection any more.'
    found = office.wait_for(repair.diagnose(office.desk, "Graduates"))
    assert "Alumni" in found.troubles[0][1]


def test_why_a_module_is_gone_is_a_sentence_of_its_own(office: Office) -> None:
    office.apply({**ALUMNI, "module": "Contacts"})
    office.org.hide("Contacts")
    office.run("Graduates")
    why = "The account's edition of Recruit does not have Contacts."
    assert office.desk.sync("Graduates").reason == f'Recruit has no module "Contacts" for this connection any more. {why}'


def test_the_address_of_a_module_is_named_as_its_other_email_field_where_the_usual_one_is_missing(office: Office) -> None:
    office.org.hide("Candidates.Email")
    candidates = office.wait_for(catalogue.module(office.desk, "Candidates"))
    assert (candidates.email, candidates.email_label) == ("Secondary_Email", "Secondary Email")
