"""Broken and repaired: each trouble is mended, the sync is active again, and nobody who had left comes back by it."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from tests.engine.listed import FixedClock
from tests.engine.office import Office
from tests.engine.stage import Stage
from tui_sync.model.errors import AlreadyRunning, BadAnswer, UsageError
from tui_sync.model.ledger import Membership, MembershipState, membership_key
from tui_sync.model.limits import Limits
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.model.sync import MappingRow, SelectionKind, SyncState, Trouble
from tui_sync.model.workspace import Settings
from tui_sync.services import editing, lifting, people, repair, syncs
from tui_sync.services.repair import Diagnosis, Mended, Option, Way
from tui_sync.store.workspace import Workspace
from tui_sync.ui.parts import parts_of

ANN = "ann@zylker.com"


def wrong(office: Office, name: str = "News") -> Diagnosis:
    """What is wrong now."""
    return office.wait_for(repair.diagnose(office.desk, name))


def view_sync(office: Office) -> None:
    """A sync of a view that is gone."""
    office.sync("News", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    view = next(view for view in office.org.views.of(office.module("Contacts")) if view.name == "Partner contacts")
    office.org.views.remove(str(view.id))
    assert office.run("News").result is Result.FAILED


def gone_list(office: Office) -> None:
    """A sync whose list is deleted after its first run, and that has told so."""
    office.sync("News")
    office.run("News")
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=True)


def left_list(office: Office) -> None:
    """A sync whose list one of its people has left on their own, as its second run has learned."""
    office.sync("News")
    office.run("News")
    office.leaves(ANN, "Zylker")
    office.run("News")


def test_nothing_is_wrong_with_a_sync_that_works(office: Office) -> None:
    office.sync("News")
    found = wrong(office)
    assert (found.troubles, found.options) == ((), ())
    assert syncs.nothing_to_mend(found.sync) == "Nothing of News is broken."


def test_a_vanished_view_is_replaced_by_another(office: Office) -> None:
    view_sync(office)
    found = wrong(office)
    assert [trouble for trouble, _ in found.troubles] == [Trouble.VIEW]
    names = [option.name for option in found.options if option.way is Way.VIEW]
    assert "Technology contacts" in names
    assert found.options[-1] == Option(Way.ALL)
    mended = office.wait_for(repair.use_view(office.desk, "News", "Technology contacts"))
    assert (mended.sync.state, mended.sync.trouble, mended.sync.reason) == (SyncState.ACTIVE, None, "")
    run = office.run("News")
    assert (run.result, run.full) == (Result.COMPLETED, True)


def test_a_vanished_view_gives_way_to_all_records(office: Office) -> None:
    view_sync(office)
    mended = office.wait_for(repair.use_all(office.desk, "News"))
    assert mended.sync.selection.kind is SelectionKind.ALL
    assert office.run("News").full


def test_a_view_that_is_there_is_not_replaced(office: Office) -> None:
    office.sync("News", "Newsletter", module="Contacts", select="view", view="Partner contacts")
    with pytest.raises(UsageError, match="still there"):
        office.wait_for(repair.use_view(office.desk, "News", "Technology contacts"))
    view_sync_id = office.desk.sync("News").selection.view_id
    with pytest.raises(UsageError, match="still there"):
        office.wait_for(repair.use_list(office.desk, "News", "Alumni"))
    assert office.desk.sync("News").selection.view_id == view_sync_id


def test_a_vanished_list_is_created_anew_and_who_had_left_it_stays_out(office: Office) -> None:
    for name in ("ann", "ben", "cid"):
        office.candidate(f"{name}@zylker.com")
    office.sync("News")
    office.run("News")
    office.leaves("ben@zylker.com", "Zylker")
    office.run("News")
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=True)
    assert office.run("News").result is Result.FAILED
    assert wrong(office).options[0] == Option(Way.CREATE, "Zylker")
    mended = office.wait_for(repair.use_list(office.desk, "News", "Zylker", create=True))
    assert mended.sync.state is SyncState.ACTIVE
    assert mended.staying_out > 0
    run = office.run("News")
    assert (run.result, run.full, run.why) == (Result.COMPLETED, True, repair.NEW_LIST)
    assert office.members("Zylker") == {"ann@zylker.com", "cid@zylker.com"}
    assert office.fields("ann@zylker.com")["firstname"] == "Ann"
    assert not office.run("News").full


def test_a_noted_list_that_vanished_is_created_anew(office: Office) -> None:
    office.note_list("Fresh")
    office.candidate("ann@zylker.com")
    office.sync("News", "Fresh")
    office.run("News")
    office.org.leads.delete_list(office.list_key("Fresh"), with_leads=False)
    assert office.run("News").result is Result.FAILED
    office.wait_for(repair.use_list(office.desk, "News", "Fresh", create=True))
    office.run("News")
    assert office.members("Fresh") == {"ann@zylker.com"}


def test_another_list_takes_the_place_of_one_that_vanished(office: Office) -> None:
    office.candidate("ann@zylker.com")
    gone_list(office)
    with pytest.raises(UsageError, match="--create"):
        office.wait_for(repair.use_list(office.desk, "News", "Nowhere"))
    mended = office.wait_for(repair.use_list(office.desk, "News", "Alumni"))
    assert mended.sync.list_name == "Alumni"
    office.run("News")
    assert "ann@zylker.com" in office.members("Alumni")


def test_nothing_is_repaired_under_a_run(office: Office) -> None:
    gone_list(office)
    office.desk.workspace.locks.take(f"sync:{office.desk.sync('News').id}", "a run of News")
    with pytest.raises(AlreadyRunning):
        office.wait_for(repair.use_list(office.desk, "News", "Alumni"))


def edit(office: Office, **what: object) -> None:
    """Edit the sync as the screens do."""
    before = office.desk.sync("News")
    parts = office.wait_for(parts_of(office.desk, before))
    after = msgspec.structs.replace(before, **what)
    editing.save(office.desk, before, after, module=parts.module, fields=parts.fields, hub_fields=parts.hub_fields)


def test_a_mapping_without_the_vanished_field_mends_the_sync(office: Office) -> None:
    office.sync("News")
    office.run("News")
    office.org.hide("Candidates.City")
    office.run("News")
    assert wrong(office).options == (Option(Way.MAPPING, "City"),)
    edit(office, mapping=(MappingRow(target="Lead Email", source="Email"),))
    assert office.desk.sync("News").state is SyncState.ACTIVE
    assert office.run("News").result is Result.COMPLETED


def test_a_definition_file_mends_it_too(office: Office) -> None:
    office.sync("News")
    office.org.hide("Candidates.City")
    office.run("News")
    office.sync("News", mapping={"Lead Email": "Email"})
    sync = office.desk.sync("News")
    assert (sync.state, sync.trouble, sync.reason) == (SyncState.ACTIVE, None, "")


def test_an_edit_of_something_else_leaves_a_vanished_view_to_be_mended(office: Office) -> None:
    view_sync(office)
    edit(office, name="Other")
    sync = office.desk.sync("Other")
    assert (sync.state, sync.trouble) == (SyncState.BROKEN, Trouble.VIEW)
    assert sync.reason


def test_what_came_back_by_itself_needs_to_be_taken_up_again_only(office: Office) -> None:
    office.sync("News")
    office.org.hide("Candidates")
    office.run("News")
    assert wrong(office).options == (Option(Way.DUPLICATE),)
    office.org.show("Candidates")
    assert wrong(office).options == (Option(Way.ACTIVATE),)


def test_a_full_plan_is_told_until_a_run_shows_otherwise(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.sync("News")
    office.fault(kind="maximum-leads", count=1)
    office.run("News")
    found = wrong(office)
    assert [trouble for trouble, _ in found.troubles] == [Trouble.PLAN]
    assert found.options == (Option(Way.ACTIVATE),)


def test_several_things_that_are_gone_are_mended_one_after_the_other(office: Office) -> None:
    view_sync(office)
    office.org.hide("Contacts.Mailing_City")
    assert [trouble for trouble, _ in wrong(office).troubles] == [Trouble.VIEW, Trouble.MAPPING]
    mended = office.wait_for(repair.use_all(office.desk, "News"))
    assert (mended.sync.state, mended.sync.trouble) == (SyncState.BROKEN, Trouble.MAPPING)
    assert "Mailing City" in mended.left


def test_without_a_free_place_a_mended_sync_is_inactive_and_says_so(office: Office) -> None:
    view_sync(office)
    office.sync("Other")
    office.desk.workspace.meta.write("settings", Settings(limits=Limits(active=1)))
    mended: Mended = office.wait_for(repair.use_all(office.desk, "News"))
    assert (mended.sync.state, mended.sync.trouble) == (SyncState.INACTIVE, None)
    assert mended.sync.reason.startswith("Mended. ")


def test_a_duplicate_of_a_broken_sync_has_nothing_to_mend(office: Office) -> None:
    view_sync(office)
    assert syncs.duplicate(office.desk, "News", "Copy").trouble is None


def test_barred_people_stay_barred_in_the_new_list(office: Office) -> None:
    ann = office.candidate("ann@zylker.com")
    office.sync("News", on_opt_out="remove-from-list")
    office.run("News")
    office.edit(ann, Email_Opt_Out=True)
    office.run("News")
    office.delete(ann)
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=False)
    office.wait_for(repair.use_list(office.desk, "News", "Alumni"))
    contact = {"Email": "ann@zylker.com"}
    office.contact(str(contact["Email"]))
    office.sync("Contacts", "Alumni", module="Contacts")
    assert [str(reason) for _, reason in office.decisions(office.run("Contacts")).values()] == ["opted_out"]


def test_somebody_whom_another_program_brings_into_the_new_list_meanwhile_is_not_noted_as_out_of_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = Membership(key=membership_key("old", ANN), list_key="old", since=stage.clock.now(), state=MembershipState.LEFT)
    stage.space.ledger.put(left)
    moved, another = repair._moved, threading.Thread(target=bring_in, args=(stage.folder,))

    def watched(member: Membership, new: str) -> Membership:
        another.start()
        another.join(timeout=0.5)  # it may have to wait
        return moved(member, new)

    monkeypatch.setattr(repair, "_moved", watched)
    stage.wait_for(repair._carry_over(stage.desk, "old", "new"))
    another.join()
    assert [m.state for m in stage.space.ledger.members("new", [ANN]).values()] == [MembershipState.ACTIVE]


def bring_in(folder: Path) -> None:
    """What a run of another program notes: it has the workspace open for itself."""
    other = Workspace(folder, FixedClock())
    other.ledger.put(Membership(key=membership_key("new", ANN), list_key="new", since=FixedClock().now()))
    other.close()


def test_who_had_left_the_list_before_they_were_taken_out_of_it_by_hand_is_not_let_into_another_one_by_lifting(
    office: Office,
) -> None:
    office.candidate(ANN)
    office.candidate("bob@zylker.com")
    left_list(office)
    office.wait_for(people.remove(office.desk, ANN, "Zylker"))
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=True)
    office.run("News")
    office.wait_for(repair.use_list(office.desk, "News", "Newsletter"))
    office.wait_for(lifting.lift(office.desk, ANN, "asked for it"))
    run = office.run("News", full=True)
    assert office.decisions(run)[ANN] == (Status.IGNORED, Reason.UNSUBSCRIBED)
    assert ANN not in office.members("Newsletter")


def test_who_had_left_the_list_stays_out_of_another_one_out_of_which_a_sync_had_taken_them(office: Office) -> None:
    record = office.candidate(ANN)
    office.candidate("bob@zylker.com")
    office.sync("Letter", "Newsletter", on_opt_out="remove-from-list")
    office.run("Letter")
    office.edit(record, Email_Opt_Out=True)
    assert office.removals(office.run("Letter")) == {ANN: "opted_out"}
    office.edit(record, Email_Opt_Out=False)
    left_list(office)
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=True)
    office.run("News")
    office.wait_for(repair.use_list(office.desk, "News", "Newsletter"))
    run = office.run("News")
    assert office.decisions(run)[ANN] == (Status.IGNORED, Reason.UNSUBSCRIBED)
    assert ANN not in office.members("Newsletter")


def test_a_repair_that_gets_no_answer_half_way_has_forgotten_nothing_of_what_was_delivered(office: Office) -> None:
    office.candidate(ANN)
    gone_list(office)
    office.run("News")
    office.fault(kind="html", path="/recruit/v2/settings/fields", after=1)
    with pytest.raises(BadAnswer):
        office.wait_for(repair.use_list(office.desk, "News", "Newsletter"))
    [entry] = office.desk.workspace.ledger.entries_of([ANN])
    assert entry.delivered is not None
    assert office.desk.workspace.ledger.full_fetch(office.desk.sync("News").id) is None
