"""Editing a saved sync: what may change, what may not, and what somebody else changed meanwhile."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from tests.engine.listed import FIELDS
from tests.engine.stage import LIST, MAPPING, Stage
from tui_sync.model.errors import UsageError
from tui_sync.model.records import Module
from tui_sync.model.sync import (
    Condition,
    Frequency,
    MappingRow,
    Policies,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
    SyncState,
)
from tui_sync.services import catalogue, editing, syncs
from tui_sync.services.log import edit_words

CANDIDATES = Module(name="Candidates", label="Candidates")
IN_SALES = Condition(field="Department", operator="is", value="Sales")


def save(stage: Stage, before: Sync, **changes: Any) -> Sync:  # noqa: ANN401 - any attribute of a sync
    """Save the sync with these changes."""
    after = msgspec.structs.replace(before, **changes)
    known = stage.wait_for(catalogue.hub_fields(stage.desk))
    return editing.save(stage.desk, before, after, module=CANDIDATES, fields=FIELDS, hub_fields=known)


def test_name_policies_schedule_mapping_and_criteria_can_be_edited_after_initiation(stage: Stage) -> None:
    before = stage.sync("A", selection=Selection(kind=SelectionKind.CRITERIA, conditions=(IN_SALES,), pattern="1"))
    more = (IN_SALES, Condition(field="City", operator="is", value="Pune"))
    saved = save(
        stage, before, name=" Renamed ", policies=Policies(LIST), schedule=Schedule(frequency=Frequency.WEEKLY, on="monday"),
        mapping=MAPPING[:2], selection=Selection(kind=SelectionKind.CRITERIA, conditions=more, pattern="(1 or 2)"),
    )  # fmt: skip
    assert stage.desk.sync("Renamed") == saved
    assert (saved.id, saved.state, saved.initiated) == (before.id, SyncState.ACTIVE, before.initiated)
    [line] = stage.dump()["log"].values()
    told, _, keys = line["what"].partition(": ")
    assert told == "changed Renamed"
    edits = dict(edit.split(": ", 1) for edit in keys.split("; "))
    assert set(edits) == {"name", "on_opt_out", "schedule", "conditions[2]", "pattern", "mapping.City"}
    assert edits["name"] == '"A" -> "Renamed"'
    assert edits["on_opt_out"] == 'default -> "remove-from-list"'
    assert edits["schedule"].endswith("-> every Monday at the time of initiation, Asia/Kolkata")


def test_the_edited_definition_is_in_force_at_the_next_run(stage: Stage) -> None:
    stage.people(2)
    before = stage.sync("A")
    stage.run("A")
    city = (*MAPPING, MappingRow(target="Phone", source="Phone"))
    stage.recruit.edit("1", Phone="123")
    save(stage, before, mapping=city)
    run = stage.run("A")
    assert (run.full, run.why) == (True, "mapping, criteria, selection or their time zone changed")
    assert (stage.lead("p1@zylker.com") or {})["Phone"] == "123"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("list", {"list_key": "other", "list_name": "Other"}),
        ("select", {"selection": Selection(kind=SelectionKind.VIEW, view_id="1", view_name="Everyone")}),
    ],
)
def test_what_is_fixed_at_initiation_is_refused(stage: Stage, key: str, changes: dict[str, object]) -> None:
    before = stage.sync("A")
    with pytest.raises(UsageError, match=f"{key} of an initiated sync cannot be changed"):
        save(stage, before, **changes)
    assert stage.desk.sync("A") == before


def test_the_refusal_names_a_selection_of_all_records_too(stage: Stage) -> None:
    before = stage.sync("A")
    with pytest.raises(UsageError, match=re.escape('select of an initiated sync cannot be changed ("all" to "view")')):
        save(stage, before, selection=Selection(kind=SelectionKind.VIEW, view_id="1", view_name="Everyone"))


def test_another_module_is_refused(stage: Stage) -> None:
    before = stage.sync("A")
    after = msgspec.structs.replace(before, module="Contacts")
    contacts = Module(name="Contacts", label="Contacts")
    known = stage.wait_for(catalogue.hub_fields(stage.desk))
    with pytest.raises(UsageError, match="module of an initiated sync cannot be changed"):
        editing.save(stage.desk, before, after, module=contacts, fields=FIELDS, hub_fields=known)


def test_the_log_names_the_module_of_a_draft_as_people_call_it(stage: Stage) -> None:
    before = stage.sync("A")
    after = msgspec.structs.replace(before, module="CustomModule1", module_label="Alumni")
    assert edit_words(before, after, stage.desk.workspace.zone) == "module: Candidates -> Alumni"


def test_a_draft_may_get_another_list(stage: Stage) -> None:
    stage.sync("A")
    stage.change("A", state=SyncState.DRAFT, initiated=None)
    other = stage.sync("B", "Other")
    saved = save(stage, stage.desk.sync("A"), list_key=other.list_key, list_name="Other")
    assert (saved.list_name, saved.state) == ("Other", SyncState.DRAFT)


def test_a_change_made_elsewhere_meanwhile_is_not_overwritten(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", policies=Policies(LIST), schedule=Schedule(frequency=Frequency.MONTHLY, day=3))
    with pytest.raises(UsageError, match='"A" was changed meanwhile') as refused:
        save(stage, before, name="B")
    assert all(key in refused.value.sentence for key in ("on_opt_out", "frequency", "day"))
    assert "Open it again" in refused.value.hint
    assert stage.desk.sync("A").policies == Policies(LIST)


def test_a_run_that_ended_meanwhile_is_no_obstacle_and_its_state_stays(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", state=SyncState.BROKEN, reason="the view is gone")
    saved = save(stage, before, policies=Policies(LIST))
    assert (saved.state, saved.reason, saved.policies) == (SyncState.BROKEN, "the view is gone", Policies(LIST))


def test_a_sync_deleted_meanwhile_is_not_brought_back_by_an_edit(stage: Stage) -> None:
    before = stage.sync("A")
    syncs.delete(stage.desk, "A")
    with pytest.raises(UsageError, match="deleted meanwhile"):
        save(stage, before, name="B")
    assert stage.space.syncs.all() == []


def test_a_problem_is_refused_with_its_sentence(stage: Stage) -> None:
    before = stage.sync("A")
    with pytest.raises(UsageError, match="The hub has no field Shoe size"):
        save(stage, before, mapping=(*MAPPING, MappingRow(target="Shoe size", source="City")))
    with pytest.raises(UsageError, match="A weekly sync needs its week day"):
        save(stage, before, schedule=Schedule(frequency=Frequency.WEEKLY))
    broken = Selection(kind=SelectionKind.CRITERIA, conditions=(IN_SALES,), pattern="1 and")
    with pytest.raises(UsageError, match="Pattern, column"):
        save(stage, before, selection=broken)
    assert stage.desk.sync("A") == before


def test_a_taken_name_is_refused(stage: Stage) -> None:
    stage.sync("B")
    with pytest.raises(UsageError, match='There is a sync "B" already'):
        save(stage, stage.sync("A"), name="B")


def test_a_completed_sync_that_becomes_recurring_is_active_again(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A", frequency=Frequency.ONCE)
    stage.run("A")
    completed = stage.desk.sync("A")
    assert completed.state is SyncState.COMPLETED
    assert save(stage, completed, name="B").state is SyncState.COMPLETED
    saved = save(stage, stage.desk.sync("B"), schedule=Schedule(frequency=Frequency.DAILY, at="09:00"))
    assert saved.state is SyncState.ACTIVE
    assert syncs.listing(stage.desk)[0].next is not None


def test_saving_without_a_change_writes_and_tells_nothing(stage: Stage) -> None:
    before = stage.sync("A")
    assert save(stage, before) == before
    assert stage.dump()["log"] == {}
