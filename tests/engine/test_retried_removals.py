"""Whom a retry lets go: failed people whose record shows, by then, that they or their old address have to leave."""

from __future__ import annotations

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import HUB, LIST, Stage, email_of, reconciled
from tui_sync.model.outcomes import Cause, Reason, Result, RunSummary, Status
from tui_sync.model.sync import Condition, Policies, Selection, SelectionKind

IGNORED = Status.IGNORED
NOT_IN_CHENNAI = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="isn't", value="Chennai"),), pattern="1"
)


def updates_failed(stage: Stage, records: list[str], **sync: object) -> RunSummary:
    """A run that could not deliver a change of these records, whose people the sync had brought."""
    stage.sync("Newsletter", **sync)  # type: ignore[arg-type]
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    for record in records:
        stage.recruit.edit(record, City="Madurai")
        trouble.on(email_of(record), "failed")
    run = stage.run("Newsletter")
    assert run.failed == len(records)
    return run


def test_an_address_that_changed_meanwhile_leaves_by_the_retry_that_delivers_the_new_one(stage: Stage) -> None:
    stage.people(3)
    run = updates_failed(stage, ["1"], on_delete=LIST)
    stage.recruit.edit("1", Email="new@zylker.com")
    run = stage.retry(run)
    assert stage.members() == {"new", "p2", "p3"}
    assert (stage.decisions(run), stage.removals(run)) == ({"1": (Status.NEW, None)}, {"1": Cause.ADDRESS_CHANGED})
    assert (run.result, run.counts.deleted, run.failed, reconciled(run)) == (Result.COMPLETED, 1, 0, True)
    stage.writes.clear()
    run = stage.run("Newsletter", full=True)
    assert (stage.writes, stage.removals(run)) == ([], {})


def test_an_old_address_that_another_record_carries_stays(stage: Stage) -> None:
    stage.people(3)
    run = updates_failed(stage, ["1"], on_delete=LIST)
    stage.recruit.add("9", email_of("1"), module="Contacts")
    stage.sync("Contacts", module="Contacts")
    stage.run("Contacts")
    stage.recruit.edit("1", Email="new@zylker.com")
    run = stage.retry(run)
    assert (stage.removals(run), stage.members()) == ({}, {"new", "p1", "p2", "p3"})


def test_a_record_that_left_the_selection_with_its_address_lets_the_old_one_go(stage: Stage) -> None:
    stage.people(2)
    run = updates_failed(stage, ["1"], on_delete=LIST, selection=NOT_IN_CHENNAI)
    stage.recruit.edit("1", Email="new@zylker.com", City="Chennai")
    run = stage.retry(run)
    assert (stage.removals(run), stage.members()) == ({"1": Cause.ADDRESS_CHANGED}, {"p2"})


def test_a_member_who_opted_out_or_was_converted_meanwhile_is_removed_by_the_retry(stage: Stage) -> None:
    stage.people(4)
    run = updates_failed(stage, ["1", "2"], on_opt_out=LIST, on_convert=HUB)
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.edit("2", converted=True)
    run = stage.retry(run)
    assert stage.removals(run) == {"1": Cause.OPTED_OUT, "2": Cause.CONVERTED}
    assert stage.decisions(run) == {"1": (IGNORED, Reason.OPTED_OUT), "2": (IGNORED, Reason.CONVERTED)}
    assert (run.counts.deleted, reconciled(run), stage.members()) == (2, True, {"p3", "p4"})
    stage.writes.clear()
    assert (stage.run("Newsletter").counts.deleted, stage.writes) == (0, [])


def test_many_addresses_that_changed_meanwhile_are_held_and_can_be_approved(stage: Stage) -> None:
    records = stage.people(30)
    run = updates_failed(stage, records[:12], on_delete=LIST)
    for record in records[:12]:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    run = stage.retry(run)
    assert (run.result, run.withheld, run.failed, run.counts.deleted) == (Result.HELD, 12, 0, 0)
    run = stage.approve(run)
    assert (run.result, run.withheld, run.counts.deleted) == (Result.COMPLETED, 0, 12)
    assert stage.members() == {f"new{record}" for record in records[:12]} | {f"p{record}" for record in records[12:]}


def test_who_is_withheld_and_under_another_policy_by_now_is_said_to_stay_and_not_to_have_come_back_alone(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    run = stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies())
    run = stage.approve(run)
    assert (run.withheld, run.counts.deleted, len(stage.members())) == (0, 0, 30)
    assert run.notes[-1] == "12 of them came back, or stay by the rules of now, and were left alone."


def test_what_waits_for_an_approval_is_not_removed_by_a_retry(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    for record in records[:12]:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    for record in records[:9]:
        trouble.on(f"new{record}@zylker.com", "failed")
    run = stage.run("Newsletter")
    assert (run.withheld, run.failed) == (12, 9)
    run = stage.retry(run)
    assert (run.withheld, run.failed, stage.removals(run)) == (12, 0, {})
    assert stage.approve(run).counts.deleted == 12


def test_a_few_who_leave_beside_many_that_wait_for_an_approval_wait_with_them(stage: Stage) -> None:
    records = stage.people(40)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    for record in records[12:15]:
        stage.recruit.edit(record, City="Madurai")
        trouble.on(email_of(record), "failed")
    run = stage.run("Newsletter")
    assert (run.withheld, run.failed) == (12, 3)
    for record in records[12:15]:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    run = stage.retry(run)
    assert (run.withheld, run.failed, stage.removals(run)) == (15, 0, {})
    assert stage.approve(run).counts.deleted == 15


def test_whoever_a_retry_withholds_is_not_said_to_have_come_back(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Newsletter", on_delete=LIST, on_convert=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    moved, kept = records[:9], records[9:12]
    for record in moved:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
        trouble.on(email_of(record), "failed")
        trouble.on(f"new{record}@zylker.com", "failed")
    for record in kept:
        stage.recruit.edit(record, City="Madurai")
        trouble.on(email_of(record), "failed")
    run = stage.run("Newsletter")
    assert (run.withheld, run.failed) == (0, 21)
    for record in moved:
        stage.recruit.edit(record, Email=email_of(record), converted=True)
    for record in kept:
        stage.recruit.edit(record, converted=True)
    run = stage.retry(run)
    assert (run.result, run.withheld, run.failed) == (Result.HELD, 12, 0)
    assert not any("came back" in note for note in run.notes)
    assert stage.approve(run).counts.deleted == 12
    assert stage.members() == {f"p{record}" for record in records[12:]}
