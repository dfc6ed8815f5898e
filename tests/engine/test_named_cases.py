"""The contract's named cases, over the embedded hub: each test carries the name of its case.

1 worked criteria, 2 Jane, 3 converted, 5 re-added (embedded hub), 6 same view and two syncs one list, 10 mass deletion,
11 nothing changed and one percent changed, 12 changed address: here. 4 every reason, 5 re-added (demo hub), 15 left on their
own: test_named_case_marketing. 7 clients and job openings: test_named_case_related. 8 limits: test_named_case_limits.
9 broken off: test_named_case_broken_off. 13 new key: test_named_case_new_key. 14 schedule: test_named_case_schedule.
"""

from __future__ import annotations

import pytest

from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of, reconciled
from tui_sync.model.hub import MemberState, Subscribe
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.model.sync import Condition, Policies, Removal, Selection, SelectionKind

NEW, DUPLICATE, RE_ADDED, IGNORED = Status.NEW, Status.DUPLICATE, Status.RE_ADDED, Status.IGNORED
CONDITIONS = (
    Condition(field="Department", operator="is", value="Information Technology"),
    Condition(field="Experience_in_Years", operator=">=", value=2),
    Condition(field="Year_of_Passing", operator="=", value=2015),
    Condition(field="Year_of_Passing", operator="=", value=2016),
)


def worked(pattern: str) -> Selection:
    return Selection(kind=SelectionKind.CRITERIA, conditions=CONDITIONS, pattern=pattern)


def test_worked_criteria_select_exactly_the_right_ones_over_mixed_records(stage: Stage) -> None:
    department = "Information Technology"
    mixed = [
        (department, 2, 2015, True),
        ("information technology", 9, 2016, True),
        (department, 1, 2015, False),
        (department, 2, 2014, False),
        (department, None, 2015, False),
        (department, 5, None, False),
        ("Finance", 9, 2016, False),
        (None, 3, 2015, False),
    ]
    for number, (what, years, passed, _) in enumerate(mixed):
        record = str(number)
        stage.recruit.add(
            record, email_of(record), Department=what, Experience_in_Years=years, Year_of_Passing=passed
        )
    right = {str(number) for number, row in enumerate(mixed) if row[3]}
    stage.sync("Graduates", selection=worked("((1 and 2) and (3 or 4))"))
    run = stage.run("Graduates")
    assert set(stage.decisions(run)) == right
    assert (run.read, run.counts.total, run.counts.new) == (len(mixed), 2, 2)
    stage.sync("Nobody", "Nobody's list", selection=worked("(((1 and 2) and 3) and 4)"))
    assert stage.run("Nobody").counts.total == 0
    stage.sync("Too many", "Other list", selection=worked("(((1 and 2) and 3) or 4)"))
    assert set(stage.decisions(stage.run("Too many"))) == right | {"6"}


def jane_after_three_days(stage: Stage) -> list[str]:
    """Jane's story up to the point at which she looks for a way out; gives the records that stay."""
    records = stage.people(50)
    stage.sync("Newsletter")
    assert stage.run("Newsletter").counts.new == 50
    stage.change("Newsletter", policies=Policies(on_opt_out=LIST))
    stage.clock.pass_by(days=1)
    stage.recruit.delete(*records[:8])
    stage.people(1, first=51)
    run = stage.run("Newsletter")
    assert (run.counts.total, run.counts.new, run.counts.deleted, run.withheld) == (1, 1, 0, 0)
    stage.clock.pass_by(days=1)
    stage.recruit.delete("51")
    run = stage.run("Newsletter")
    assert (run.counts.total, run.counts.deleted) == (0, 1)
    assert stage.removals(run) == {"51": "deleted"}
    return records


def test_jane_the_eight_fetched_under_keep_stay_and_the_new_one_goes(stage: Stage) -> None:
    records = jane_after_three_days(stage)
    assert stage.members() == {f"p{record}" for record in records}


def test_jane_a_new_sync_into_the_list_removes_those_deleted_later(stage: Stage) -> None:
    records = jane_after_three_days(stage)
    stage.sync("Second", on_opt_out=LIST)
    run = stage.run("Second")
    assert (run.counts.total, run.counts.duplicate) == (42, 42)
    member = stage.space.ledger.memberships_of([email_of("50")])[0]
    assert (member.by["Newsletter"].policies.deletion, member.by["Second"].policies.deletion) == (KEEP, LIST)
    stage.recruit.delete("49", "50")
    assert stage.run("Newsletter").counts.deleted == 0
    assert stage.removals(stage.run("Second")) == {"49": "deleted", "50": "deleted"}
    assert stage.members() == {f"p{record}" for record in records[:48]}


def test_jane_takes_the_eight_out_by_hand(stage: Stage) -> None:
    records = jane_after_three_days(stage)
    for record in records[:8]:
        stage.remove(email_of(record))
    assert stage.members() == {f"p{record}" for record in records[8:]}
    stage.people(1)
    run = stage.run("Newsletter", full=True)
    assert stage.decisions(run)["1"] == (IGNORED, Reason.UNSUBSCRIBED)
    assert stage.details(run)["1"] == "taken out by hand"
    assert "p1" not in stage.members()


def converted_later(stage: Stage, policy: Removal) -> None:
    """A candidate is delivered, then converted to a contact; Candidates and Contacts feed a list each."""
    stage.people(2)
    stage.sync("Candidates", on_convert=policy)
    stage.sync("Contacts", "Clients", module="Contacts")
    stage.run("Candidates")
    stage.recruit.edit("1", converted=True)
    stage.recruit.add("900", email_of("1"), module="Contacts")


def test_converted_one_list_stays_and_is_an_ordinary_lead(stage: Stage) -> None:
    converted_later(stage, KEEP)
    run = stage.run("Candidates")
    assert stage.decisions(run)["1"] == (DUPLICATE, None)
    assert run.counts.deleted == 0
    stage.recruit.edit("1", City="Madurai")
    assert stage.decisions(stage.run("Candidates"))["1"] == (DUPLICATE, None)
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": "Madurai"}
    assert stage.decisions(stage.run("Contacts")) == {"900": (DUPLICATE, None)}
    assert stage.members() == {"p1", "p2"}
    assert stage.members("Clients") == {"p1"}


def test_converted_two_lists_leaves_the_one_and_may_enter_the_other(stage: Stage) -> None:
    converted_later(stage, LIST)
    run = stage.run("Candidates")
    assert stage.decisions(run)["1"] == (IGNORED, Reason.CONVERTED)
    assert stage.removals(run) == {"1": "converted"}
    assert (run.counts.total, run.counts.ignored, run.ignored.converted, run.counts.deleted) == (1, 1, 1, 1)
    assert reconciled(run)
    assert stage.members() == {"p2"}
    assert stage.decisions(stage.run("Contacts")) == {"900": (DUPLICATE, None)}
    assert stage.members("Clients") == {"p1"}
    stage.sync("Contacts too", module="Contacts")
    assert stage.decisions(stage.run("Contacts too")) == {"900": (IGNORED, Reason.CONVERTED)}


def test_converted_everywhere_is_removed_and_ignored_by_every_sync_from_then_on(stage: Stage) -> None:
    converted_later(stage, HUB)
    stage.run("Contacts")
    run = stage.run("Candidates")
    assert stage.decisions(run)["1"] == (IGNORED, Reason.CONVERTED)
    assert stage.removals(run) == {"1": "converted"}
    assert stage.lead(email_of("1")) is None
    assert (stage.members(), stage.members("Clients")) == ({"p2"}, set())
    stage.recruit.edit("900", City="Madurai")
    assert stage.decisions(stage.run("Contacts")) == {"900": (IGNORED, Reason.CONVERTED)}
    stage.recruit.edit("1", converted=False)
    assert stage.decisions(stage.run("Candidates"))["1"] == (IGNORED, Reason.CONVERTED)
    stage.recruit.delete("1")
    assert stage.decisions(stage.run("Contacts", full=True)) == {"900": (IGNORED, Reason.CONVERTED)}
    assert stage.lead(email_of("1")) is None


@pytest.mark.parametrize("cause", ["opted_out", "deleted"])
def test_re_added_after_removal_from_the_hub(stage: Stage, cause: str) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=HUB)
    stage.run("Newsletter")
    if cause == "deleted":
        stage.recruit.delete("1")
    else:
        stage.recruit.edit("1", opted_out=True)
    assert stage.removals(stage.run("Newsletter")) == {"1": cause}
    assert stage.lead(email_of("1")) is None
    if cause == "deleted":
        stage.recruit.add("1", email_of("1"))
    else:
        stage.recruit.edit("1", opted_out=False)
    run = stage.run("Newsletter")
    assert stage.decisions(run)["1"] == (RE_ADDED, None)
    assert run.counts.re_added == 1
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": "Pune"}
    assert stage.members() == {"p1", "p2"}


def test_same_view_two_syncs_two_lists(stage: Stage) -> None:
    stage.people(4)
    stage.recruit.views_by_id["even"] = lambda row: str(row.values["First_Name"]) in ("F2", "F4")
    even = Selection(kind=SelectionKind.VIEW, view_id="even", view_name="Even")
    stage.sync("First", selection=even)
    stage.sync("Second", "Other", selection=even)
    first, second = stage.run("First"), stage.run("Second")
    assert (first.counts.new, second.counts.new, second.counts.duplicate) == (2, 0, 2)
    assert stage.members() == stage.members("Other") == {"p2", "p4"}
    assert first.full
    assert stage.run("First").why == "a view tells only by a full fetch who left it"


def test_two_syncs_one_list_one_deletes_and_the_other_still_holds_the_person(stage: Stage) -> None:
    stage.people(2)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_delete=LIST)
    stage.sync("Contacts", module="Contacts", on_delete=LIST)
    stage.run("Candidates")
    stage.run("Contacts")
    stage.recruit.delete("1", "2")
    run = stage.run("Candidates")
    assert stage.removals(run) == {"2": "deleted"}
    assert (run.counts.total, run.counts.deleted) == (0, 1)
    assert stage.members() == {"p1"}
    stage.recruit.delete("900")
    assert stage.removals(stage.run("Contacts")) == {"900": "deleted"}
    assert stage.members() == set()
    assert stage.members(state=MemberState.UNSUBSCRIBED) == {"p1", "p2"}


def test_mass_deletion_is_held_then_approved_and_applied(stage: Stage) -> None:
    records = stage.people(100)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:60])
    stage.people(1, first=101)
    run = stage.run("Newsletter")
    assert (run.result, run.withheld, run.counts.deleted, run.counts.new) == (Result.HELD, 60, 0, 1)
    assert set(stage.removals(run, Status.WITHHELD)) == set(records[:60])
    assert len(stage.members()) == 101
    approved = stage.approve(run)
    assert (approved.id, approved.result) == (run.id, Result.COMPLETED)
    assert (approved.withheld, approved.counts.deleted) == (0, 60)
    assert set(stage.removals(approved)) == set(records[:60])
    assert stage.members() == {f"p{record}" for record in [*records[60:], "101"]}
    assert stage.run("Newsletter").counts.deleted == 0


def test_mass_deletion_a_listing_that_comes_back_empty_removes_nobody(stage: Stage) -> None:
    stage.people(30)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    rows, stage.recruit.rows = stage.recruit.rows, {}
    run = stage.run("Newsletter", full=True)
    assert (run.result, run.counts.total, run.counts.deleted, run.withheld) == (Result.COMPLETED, 0, 0, 0)
    assert any("30 records are gone, unconfirmed" in note for note in run.notes)
    assert len(stage.members()) == 30
    stage.recruit.rows = rows
    run = stage.run("Newsletter", full=True)
    assert (run.counts.duplicate, run.notes) == (30, ())


def test_mass_deletion_while_the_selection_is_changed_is_applied_by_the_next_run(stage: Stage) -> None:
    stage.people(20)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    in_pune = Condition(field="City", operator="isn't", value="Pune")
    stage.change("Newsletter", selection=Selection(kind=SelectionKind.CRITERIA, conditions=(in_pune,), pattern="1"))
    stage.recruit.delete("7")
    run = stage.run("Newsletter")
    assert (run.full, run.why) == (True, "mapping, criteria, selection or their time zone changed")
    assert stage.removals(run) == {"7": "deleted"}
    assert stage.members() == {f"p{number}" for number in range(1, 21) if number != 7}


def test_nothing_changed_a_second_run_makes_no_write_call(stage: Stage) -> None:
    stage.people(120)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    for full in (False, True):
        stage.writes.clear()
        run = stage.run("Newsletter", full=full)
        assert (stage.writes, run.calls.hub) == ([], 0)
        assert (run.full, run.counts.duplicate) == (full, 120 if full else 0)


def test_one_percent_changed_makes_calls_for_those_only(stage: Stage) -> None:
    stage.people(200)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.clock.pass_by(days=1)
    stage.recruit.edit("17", City="Madurai")
    stage.recruit.edit("101", First_Name="Anna")
    stage.writes.clear()
    run = stage.run("Newsletter")
    sent = {(call.email, *call.fields.items()) for call in stage.writes if isinstance(call, Subscribe)}
    assert sent == {(email_of("17"), ("City", "Madurai")), (email_of("101"), ("First Name", "Anna"))}
    assert (run.read, run.counts.duplicate) == (2, 2)


@pytest.mark.parametrize("policy", [KEEP, LIST, HUB])
def test_changed_address_enters_by_the_rules_and_the_old_one_follows_on_delete(stage: Stage, policy: Removal) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_delete=policy)
    stage.run("Newsletter")
    stage.recruit.edit("1", Email="B@zylker.com")
    run = stage.run("Newsletter")
    assert stage.decisions(run)["1"] == (NEW, None)
    assert stage.lead("b@zylker.com") == {"First Name": "F1", "City": "Pune"}
    assert stage.removals(run) == ({} if policy is KEEP else {"1": "address_changed"})
    assert stage.members() == {"b", "p2"} | ({"p1"} if policy is KEEP else set())
    assert (stage.lead(email_of("1")) is None) is (policy is HUB)
    old = stage.space.ledger.memberships_of([email_of("1")])[0]
    expected = {KEEP: MembershipState.ACTIVE, LIST: MembershipState.REMOVED, HUB: MembershipState.GONE}
    assert old.state is expected[policy]
