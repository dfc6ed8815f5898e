"""Policies are never retroactive; opt-outs and conversions set bars that every sync obeys until they end."""

from __future__ import annotations

from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of, reconciled
from tui_sync.model.ledger import Bar, MembershipState
from tui_sync.model.outcomes import Cause, Reason, Status
from tui_sync.model.sync import Condition, Policies, Selection, SelectionKind

NEW, DUPLICATE, IGNORED = Status.NEW, Status.DUPLICATE, Status.IGNORED
IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
OPTED_OUT, CONVERTED = (IGNORED, Reason.OPTED_OUT), (IGNORED, Reason.CONVERTED)


def bars(stage: Stage, record: str) -> list[Bar]:
    return stage.space.ledger.bars([email_of(record)])


def test_people_fetched_under_keep_are_exempt_from_a_stricter_policy(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies(LIST, LIST, HUB))
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.edit("2", converted=True)
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"1": (DUPLICATE, None), "2": (DUPLICATE, None)}
    assert all(str(detail).startswith("exempt") for detail in stage.details(run).values())
    assert (run.counts.deleted, bars(stage, "1"), bars(stage, "2")) == (0, [], [])
    stage.recruit.delete("1")
    run = stage.run("Newsletter")
    assert (run.counts.total, run.counts.deleted) == (0, 0)
    assert stage.members() == {"p1", "p2", "p3"}


def test_an_exempt_person_keeps_getting_changes(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies(LIST))
    stage.recruit.edit("1", opted_out=True, City="Madurai")
    run = stage.run("Newsletter")
    assert str(stage.details(run)["1"]).startswith("exempt")
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": "Madurai"}


def test_what_acts_is_the_weaker_of_the_stored_and_the_current_policy(stage: Stage) -> None:
    stage.people(4)
    stage.sync("Newsletter", on_opt_out=HUB)
    stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies(LIST))
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.delete("2")
    stage.run("Newsletter")
    assert stage.members() == {"p3", "p4"}
    assert stage.lead(email_of("1")) is not None
    assert stage.lead(email_of("2")) is not None
    stage.change("Newsletter", policies=Policies(KEEP))
    stage.recruit.edit("3", opted_out=True)
    stage.recruit.delete("4")
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"3": (DUPLICATE, None)}
    assert stage.members() == {"p3", "p4"}


def test_on_delete_is_set_by_itself(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=KEEP, on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.delete("2")
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"1": (DUPLICATE, None)}
    assert stage.removals(run) == {"2": "deleted"}


def test_opted_out_people_are_imported_like_any_other_under_keep(stage: Stage) -> None:
    stage.recruit.add("1", email_of("1"), opted_out=True)
    stage.sync("Newsletter")
    assert stage.decisions(stage.run("Newsletter")) == {"1": (NEW, None)}


def test_a_removed_opt_out_has_two_outcomes_in_the_run(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", opted_out=True)
    run = stage.run("Newsletter")
    assert (stage.decisions(run), stage.removals(run)) == ({"1": OPTED_OUT}, {"1": "opted_out"})
    assert (run.counts.total, run.counts.ignored, run.counts.deleted) == (1, 1, 1)
    assert reconciled(run)
    run = stage.run("Newsletter", full=True)
    assert (stage.decisions(run), stage.removals(run)) == ({"1": OPTED_OUT}, {})


def test_an_opt_out_bar_is_obeyed_by_another_sync_and_ended_by_a_fetch_without_the_flag(stage: Stage) -> None:
    """The record is not the one that the other sync fetches, so only the bar can keep the person out."""
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_opt_out=LIST)
    stage.sync("Contacts", module="Contacts", on_opt_out=KEEP)
    stage.sync("Elsewhere", "Other", module="Contacts", on_opt_out=KEEP)
    stage.run("Candidates")
    stage.recruit.edit("1", opted_out=True)
    stage.run("Candidates")
    assert [(bar.cause, bar.origin) for bar in bars(stage, "1")] == [(Cause.OPTED_OUT, "Candidates/1")]
    assert stage.decisions(stage.run("Contacts")) == {"900": OPTED_OUT}
    assert stage.decisions(stage.run("Elsewhere")) == {"900": (DUPLICATE, None)}
    stage.recruit.edit("1", opted_out=False)
    stage.run("Candidates")
    assert bars(stage, "1") == []
    assert stage.decisions(stage.run("Contacts", full=True)) == {"900": (DUPLICATE, None)}
    assert stage.members() == {"p1"}


def test_an_opt_out_bar_on_the_hub_keeps_out_of_every_list_until_the_flag_is_gone(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_opt_out=HUB)
    stage.sync("Elsewhere", "Other", module="Contacts", on_opt_out=KEEP)
    stage.run("Candidates")
    stage.recruit.edit("1", opted_out=True)
    assert stage.removals(stage.run("Candidates")) == {"1": "opted_out"}
    assert stage.decisions(stage.run("Elsewhere")) == {"900": OPTED_OUT}
    stage.recruit.edit("1", opted_out=False)
    stage.run("Candidates")
    assert stage.decisions(stage.run("Elsewhere", full=True)) == {"900": (DUPLICATE, None)}


def test_deleting_the_record_does_not_end_its_bar(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_opt_out=LIST)
    stage.sync("Contacts", module="Contacts")
    stage.recruit.edit("1", opted_out=True)
    stage.run("Candidates")
    stage.recruit.delete("1")
    stage.run("Candidates")
    assert stage.decisions(stage.run("Contacts")) == {"900": OPTED_OUT}


def test_a_deletion_leaves_no_bar(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_delete=LIST)
    stage.sync("Contacts", module="Contacts")
    stage.run("Candidates")
    stage.recruit.delete("1")
    assert stage.removals(stage.run("Candidates")) == {"1": "deleted"}
    assert stage.decisions(stage.run("Contacts")) == {"900": (DUPLICATE, None)}
    assert stage.members() == {"p1"}


def test_a_conversions_bar_on_a_list_ends_with_the_flag_and_the_one_on_the_hub_does_not(stage: Stage) -> None:
    stage.people(2)
    stage.sync("List", on_convert=LIST)
    stage.sync("Hub", "Other", on_convert=HUB)
    stage.run("List")
    stage.recruit.edit("1", converted=True)
    assert stage.decisions(stage.run("List")) == {"1": CONVERTED}
    stage.recruit.edit("1", converted=False)
    assert stage.decisions(stage.run("List")) == {"1": (DUPLICATE, None)}
    stage.recruit.edit("2", converted=True)
    stage.run("Hub")
    stage.recruit.edit("2", converted=False)
    assert stage.decisions(stage.run("List")) == {"2": CONVERTED}
    assert stage.decisions(stage.run("Hub"))["2"] == CONVERTED
    assert [bar.scope for bar in bars(stage, "2")] == ["hub"]


def test_an_opt_out_asks_no_other_record(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_opt_out=LIST)
    stage.sync("Contacts", module="Contacts")
    stage.run("Candidates")
    stage.run("Contacts")
    stage.recruit.edit("1", opted_out=True)
    assert stage.removals(stage.run("Candidates")) == {"1": "opted_out"}
    assert stage.members() == set()


def test_a_record_that_no_longer_matches_stays_in_the_list(stage: Stage) -> None:
    stage.people(2)
    stage.recruit.views_by_id["pune"] = lambda row: row.values["City"] == "Pune"
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", City="Madurai")
    stage.run("Newsletter", full=True)
    assert stage.members() == {"p1", "p2"}


def test_a_record_that_was_never_selected_takes_nobody_along_when_its_address_changes(stage: Stage) -> None:
    stage.recruit.add("1", "ann@zylker.com")
    stage.recruit.add("2", "ann@zylker.com", City="Madurai")
    stage.sync("Newsletter", on_delete=LIST, selection=IN_PUNE)
    stage.run("Newsletter")
    stage.recruit.edit("1", City="Chennai")
    stage.run("Newsletter")
    stage.recruit.edit("2", Email="bob@zylker.com")
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({}, {"ann"})
    stage.recruit.edit("1", Email="cat@zylker.com")
    assert stage.removals(stage.run("Newsletter")) == {"1": Cause.ADDRESS_CHANGED}
    assert stage.members() == set()


def test_a_person_taken_out_by_hand_stays_out_when_the_lead_is_removed_from_the_hub(stage: Stage) -> None:
    stage.people(1)
    stage.sync("First", on_opt_out=HUB)
    stage.sync("Second", "Other")
    stage.run("First")
    stage.run("Second")
    stage.remove(email_of("1"), "Other")
    stage.recruit.edit("1", opted_out=True)
    stage.run("First")
    stage.recruit.edit("1", opted_out=False)
    stage.run("First")
    assert stage.decisions(stage.run("Second")) == {"1": (IGNORED, Reason.UNSUBSCRIBED)}
    states = {m.list_key: m.state for m in stage.space.ledger.memberships_of([email_of("1")])}
    assert states[stage.desk.sync("Second").list_key] is MembershipState.BY_HAND


def test_a_person_ignored_at_a_new_address_gets_every_field_once_they_may_enter(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", Email="b@zylker.com", opted_out=True)
    assert stage.decisions(stage.run("Newsletter")) == {"1": OPTED_OUT}
    stage.recruit.edit("1", opted_out=False)
    assert stage.decisions(stage.run("Newsletter")) == {"1": (NEW, None)}
    assert stage.lead("b@zylker.com") == {"First Name": "F1", "City": "Pune"}
