"""What a sync is bound to vanishes or gets another name: it is broken with its cause, never silently empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.office import Office
from tests.engine.stage import KEEP, Stage
from tui_sync.engine.job import fingerprint
from tui_sync.model.errors import DefinitionError
from tui_sync.model.hub import EmbeddedHub
from tui_sync.model.mapping import LEAD_EMAIL
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import MappingRow, Selection, SelectionKind, SyncState, Trouble
from tui_sync.services import catalogue, definitions, repair, running

MAPPED = {"Lead Email": "Email", "City": "City"}


def view_id(office: Office, name: str) -> str:
    """The id of a view of the contacts."""
    return str(next(view.id for view in office.org.views.of(office.module("Contacts")) if view.name == name))


VANISHED: dict[str, tuple[Trouble, Callable[[Office], None], str]] = {
    "the module": (Trouble.MODULE, lambda office: office.org.hide("Candidates"), "module"),
    "a field of the criteria": (
        Trouble.CRITERIA, lambda office: office.org.hide("Candidates.Current_Employer"), "Current_Employer"
    ),
    "a field that is mapped": (Trouble.MAPPING, lambda office: office.org.hide("Candidates.City"), "City"),
    "a field of the hub": (Trouble.MAPPING, lambda office: office.org.leads.remove_field("City"), "City"),
    "the field of the opt-out": (
        Trouble.OPT_OUT, lambda office: office.org.hide("Candidates.Email_Opt_Out"), "Email_Opt_Out"
    ),
    "the list": (
        Trouble.LIST, lambda office: office.org.leads.delete_list(office.list_key("Zylker"), with_leads=False), "Zylker"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("trouble", "vanish", "named"), VANISHED.values(), ids=VANISHED.keys())
def test_what_vanished_breaks_the_sync_before_anything_is_sent(
    office: Office, trouble: Trouble, vanish: Callable[[Office], None], named: str
) -> None:
    office.candidate("ann@zylker.com")
    office.sync("Newsletter", mapping=MAPPED, on_opt_out="remove-from-list")
    assert office.run("Newsletter").result is Result.COMPLETED
    office.candidate("ben@zylker.com")
    vanish(office)
    run = office.run("Newsletter")
    sync = office.desk.sync("Newsletter")
    assert (run.result, sync.state, sync.trouble, office.calls) == (Result.FAILED, SyncState.BROKEN, trouble, [])
    assert sync.field_shown(named) in sync.reason
    assert run.message.endswith("Mend it: tui-sync repair Newsletter")


def test_a_vanished_related_module_or_field_breaks_the_criteria(office: Office) -> None:
    rows = [{"field": "Clients.Industry", "operator": "is", "value": "Software"}]
    office.sync("News", "Newsletter", module="Contacts", select="criteria", conditions=rows)
    office.org.hide("Clients.Industry")
    office.run("News")
    assert (office.desk.sync("News").trouble, "Industry" in office.desk.sync("News").reason) == (Trouble.CRITERIA, True)
    office.org.hide("Clients")
    found = office.wait_for(repair.diagnose(office.desk, "News"))
    assert [trouble for trouble, _ in found.troubles] == [Trouble.CRITERIA]


def test_a_vanished_view_breaks_the_sync_before_a_record_is_read(office: Office) -> None:
    office.sync("View", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    office.org.views.remove(view_id(office, "Partner contacts"))
    run = office.run("View")
    sync = office.desk.sync("View")
    assert (run.result, sync.trouble, run.read) == (Result.FAILED, Trouble.VIEW, 0)
    assert sync.reason == 'The view "Partner contacts" is no longer in Recruit\'s Contacts.'


def test_names_follow_a_renamed_view_and_list_and_the_run_goes_on(office: Office) -> None:
    office.sync("View", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    office.org.views.rename(view_id(office, "Partner contacts"), "Our\x1b[1m partners")
    office.org.leads.update_list(office.list_key("Newsletter"), "Letters", public=False)
    run = office.run("View")
    sync = office.desk.sync("View")
    assert run.result is Result.COMPLETED
    assert (sync.selection.view_name, sync.list_name) == ("Our\x1b[1m partners", "Letters")
    assert run.notes == (
        'The view "Partner contacts" is called "Our\\x1b[1m partners" now.', 'The list "Newsletter" is called "Letters" now.',
    )  # fmt: skip
    assert office.run("View").notes == ()
    told = [line.what for line in office.desk.workspace.log.lines()]
    assert 'View: The list "Newsletter" is called "Letters" now.' in told


def test_a_dry_run_tells_of_new_names_and_writes_none(office: Office) -> None:
    office.sync("View", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    office.org.leads.update_list(office.list_key("Newsletter"), "Letters", public=False)
    preview = office.wait_for(running.preview(office.desk, "View", office.control()))
    assert preview.summary.notes == ('The list "Newsletter" is called "Letters" now.',)
    assert office.desk.sync("View").list_name == "Newsletter"


def test_fields_that_every_hub_has_are_not_asked_for(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.change("A", mapping=(MappingRow(target=LEAD_EMAIL, source="Email"),))
    hub = stage.space.leads.hub()
    assert hub is not None
    stage.space.leads.write_hub(EmbeddedHub(hub.lists, {}))
    assert stage.run("A").result is Result.COMPLETED


def test_a_person_stays_barred_while_the_field_of_the_opt_out_is_away(office: Office) -> None:
    ann = office.candidate("ann@zylker.com")
    office.sync("Strict", on_opt_out="remove-from-list")
    office.run("Strict")
    office.edit(ann, Email_Opt_Out=True)
    assert office.removals(office.run("Strict")) == {"ann@zylker.com": "opted_out"}
    office.org.hide("Candidates.Email_Opt_Out")
    office.sync("Lax", on_opt_out="keep")
    assert [str(reason) for _, reason in office.decisions(office.run("Lax")).values()] == ["opted_out"]
    assert "ann@zylker.com" not in office.members("Zylker")


def test_a_run_that_ends_well_clears_what_was_told(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A", on_delete=KEEP)
    stage.change("A", state=SyncState.INACTIVE, trouble=Trouble.PLAN, reason="full")
    stage.run("A")
    sync = stage.desk.sync("A")
    assert (sync.state, sync.trouble, sync.reason) == (SyncState.INACTIVE, None, "")


def test_a_renamed_view_counts_as_the_same_selection(stage: Stage) -> None:
    stage.sync("A", selection=Selection(kind=SelectionKind.VIEW, view_id="1", view_name="Old"))
    old = stage.desk.sync("A")
    stage.change("A", selection=Selection(kind=SelectionKind.VIEW, view_id="1", view_name="New"))
    assert fingerprint(stage.desk.sync("A")) == fingerprint(old)


def test_a_list_that_is_only_noted_is_there(office: Office) -> None:
    office.note_list("Fresh")
    office.candidate("ann@zylker.com")
    office.sync("A", "Fresh")
    assert office.run("A").result is Result.COMPLETED
    assert [known.name for known in office.wait_for(catalogue.lists(office.desk)) if known.name == "Fresh"] == ["Fresh"]
    assert office.run("A").result is Result.COMPLETED


def test_the_export_applies_also_where_a_view_and_a_list_are_gone(office: Office) -> None:
    office.sync("View", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    office.sync("List")
    office.org.views.remove(view_id(office, "Partner contacts"))
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=False)
    for name in ("View", "List"):
        office.run(name)
    path = office.folder / "export.toml"
    path.write_text(definitions.export(office.desk), encoding="utf-8")
    before = office.desk.workspace.syncs.all()
    assert [sync.state for sync in before] == [SyncState.BROKEN, SyncState.BROKEN]
    found = office.wait_for(definitions.apply(office.desk, path))
    assert [item.changes for item in found] == [(), ()]
    assert office.desk.workspace.syncs.all() == before


def exported(office: Office) -> Path:
    """The workspace's syncs as a file: one of whatever may vanish."""
    rows = [{"field": "Current_Employer", "operator": "is", "value": "Zylker"}]
    office.sync("News of today", mapping=MAPPED, on_opt_out="remove-from-list", select="criteria", conditions=rows)
    path = office.folder / "export.toml"
    path.write_text(definitions.export(office.desk), encoding="utf-8")
    return path


@pytest.mark.parametrize(("trouble", "vanish", "named"), VANISHED.values(), ids=VANISHED.keys())
def test_the_export_applies_where_what_a_sync_is_bound_to_is_gone_and_says_so(
    office: Office, trouble: Trouble, vanish: Callable[[Office], None], named: str
) -> None:
    path = exported(office)
    vanish(office)
    other = '\n[[sync]]\nname = "Contacts"\nmodule = "Contacts"\nlist = "Newsletter"\n'
    path.write_text(path.read_text(encoding="utf-8") + other, encoding="utf-8")
    before = office.desk.sync("News of today")
    found = office.wait_for(definitions.apply(office.desk, path))
    assert [(item.changes, item.old is None) for item in found] == [((), False), ((), True)]
    assert office.desk.sync("News of today") == before
    if trouble is not Trouble.LIST:
        [warning] = found[0].warnings
        assert named in warning
        assert warning.endswith('. Mend it: tui-sync repair "News of today"')
    assert office.desk.sync("Contacts").state is SyncState.ACTIVE


REFUSED = {
    "the module": ("key module", "tui-sync modules"),
    "a field of the criteria": ('key conditions[1].field: Candidates has no field "Current_Employer"', "fields Candidates"),
    "a field that is mapped": ('key mapping."City": the module has no field City', "name a field that is there: tui-sync fields"),
    "a field of the hub": ('key mapping."City": the hub has no field City', "create it there, or choose another"),
    "the field of the opt-out": ("key on_opt_out", 'Leave it at "keep".'),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_changes_such_a_sync_is_refused_with_the_place_and_the_way_out(office: Office, what: str) -> None:
    path, (place, way_out) = exported(office), REFUSED[what]
    VANISHED[what][1](office)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[sync.mapping]", 'at = "09:30"\n[sync.mapping]'), encoding="utf-8")
    before = office.desk.workspace.syncs.all()
    with pytest.raises(DefinitionError) as refused:
        office.wait_for(definitions.apply(office.desk, path))
    for part in (f'{path}, sync "News of today", ', place, way_out):
        assert part in str(refused.value)
    assert office.desk.workspace.syncs.all() == before
