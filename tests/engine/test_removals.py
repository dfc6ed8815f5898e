"""The guard, approvals, pending removals, changed addresses, and whose address another record still carries."""

from __future__ import annotations

import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import HUB, LIST, Stage, email_of
from tui_sync.engine.removals import without_outdated
from tui_sync.model.errors import UsageError
from tui_sync.model.ledger import RecordEntry
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.model.sync import Condition, Selection, SelectionKind

NEW, DUPLICATE, IGNORED, WITHHELD = Status.NEW, Status.DUPLICATE, Status.IGNORED, Status.WITHHELD


def delivered(stage: Stage, count: int) -> list[str]:
    """So many people, delivered by a sync that removes from the list whatever happens; their records."""
    records = stage.people(count)
    stage.sync("Newsletter", on_opt_out=LIST, on_convert=LIST)
    stage.run("Newsletter")
    return records


def names(records: list[str]) -> set[str]:
    return {f"p{record}" for record in records}


@pytest.mark.parametrize(("managed", "leaving", "held"), [(100, 10, False), (50, 11, True), (110, 11, False)])
def test_removals_are_held_above_ten_people_and_ten_percent(
    stage: Stage, managed: int, leaving: int, held: bool
) -> None:
    records = delivered(stage, managed)
    stage.recruit.delete(*records[:leaving])
    run = stage.run("Newsletter")
    assert (run.result is Result.HELD) is held
    assert (run.withheld, run.counts.deleted) == ((leaving, 0) if held else (0, leaving))


def test_deletions_conversions_and_changed_addresses_meet_the_guard_together(stage: Stage) -> None:
    records = delivered(stage, 40)
    stage.recruit.delete(*records[:4])
    for record in records[4:8]:
        stage.recruit.edit(record, converted=True)
    for record in records[8:12]:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    run = stage.run("Newsletter")
    assert (run.withheld, run.counts.deleted, run.counts.new) == (12, 0, 4)
    assert set(stage.removals(run, WITHHELD).values()) == {"deleted", "converted", "address_changed"}
    assert stage.approve(run).counts.deleted == 12
    assert stage.members() == names(records[12:]) | {f"new{record}" for record in records[8:12]}


def test_opt_out_removals_are_never_withheld(stage: Stage) -> None:
    records = delivered(stage, 30)
    for record in records[:20]:
        stage.recruit.edit(record, opted_out=True)
    stage.recruit.delete(*records[20:25])
    run = stage.run("Newsletter")
    assert (run.result, run.counts.deleted, run.withheld) == (Result.COMPLETED, 25, 0)
    assert stage.members() == names(records[25:])


def test_opt_outs_go_on_beside_removals_that_are_withheld(stage: Stage) -> None:
    records = delivered(stage, 40)
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.delete(*records[1:15])
    stage.recruit.edit("40", City="Madurai")
    run = stage.run("Newsletter")
    assert (run.result, run.withheld) == (Result.HELD, 14)
    assert stage.removals(run) == {"1": "opted_out"}
    assert stage.lead(email_of("40")) == {"First Name": "F40", "City": "Madurai"}


def test_withheld_removals_meet_the_guard_of_the_next_run(stage: Stage) -> None:
    records = delivered(stage, 100)
    stage.recruit.delete(*records[:20])
    first = stage.run("Newsletter")
    stage.recruit.delete(*records[20:25])
    second = stage.run("Newsletter")
    assert (second.result, second.withheld) == (Result.HELD, 25)
    with pytest.raises(UsageError):
        stage.approve(first)
    stage.people(200, first=1001)
    third = stage.run("Newsletter")
    assert (third.result, third.withheld, third.counts.deleted) == (Result.HELD, 25, 0)
    assert stage.approve(third).counts.deleted == 25
    assert stage.space.ledger.pending() == []


def test_withheld_removals_are_made_once_they_are_no_longer_many(stage: Stage) -> None:
    records = delivered(stage, 40)
    stage.recruit.delete(*records[:12])
    assert stage.run("Newsletter").withheld == 12
    for record in records[:4]:
        stage.recruit.add(record, email_of(record))
    run = stage.run("Newsletter")
    assert (run.result, run.withheld) == (Result.COMPLETED, 0)
    assert set(stage.removals(run)) == set(records[4:12])
    assert stage.members() == names(records[:4] + records[12:])


def test_withheld_conversions_come_back_with_the_candidate(stage: Stage) -> None:
    records = delivered(stage, 30)
    for record in records[:12]:
        stage.recruit.edit(record, converted=True)
    run = stage.run("Newsletter")
    assert (run.withheld, run.ignored.converted) == (12, 12)
    for record in records[:6]:
        stage.recruit.edit(record, converted=False)
    run = stage.run("Newsletter")
    assert set(stage.removals(run)) == set(records[6:12])
    assert stage.members() == names(records[:6] + records[12:])


def test_approve_skips_those_who_came_back(stage: Stage) -> None:
    records = delivered(stage, 40)
    stage.recruit.delete(*records[:5])
    for record in records[5:10]:
        stage.recruit.edit(record, converted=True)
    for record in records[10:15]:
        stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    run = stage.run("Newsletter")
    assert run.withheld == 15
    stage.recruit.add("1", email_of("1"))
    stage.recruit.edit("6", converted=False)
    stage.recruit.edit("11", Email=email_of("11"))
    approved = stage.approve(run)
    assert (approved.result, approved.counts.deleted, approved.withheld) == (Result.COMPLETED, 12, 0)
    assert set(stage.removals(approved)) == set(records[:15]) - {"1", "6", "11"}
    assert stage.members() >= {"p1", "p6", "p11"}
    assert any("3 of them came back" in note for note in approved.notes)


def test_approve_skips_those_whom_another_sync_brought_meanwhile(stage: Stage) -> None:
    records = delivered(stage, 30)
    stage.recruit.delete(*records[:12])
    run = stage.run("Newsletter")
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Contacts", module="Contacts")
    stage.run("Contacts")
    assert stage.approve(run).counts.deleted == 11
    assert "p1" in stage.members()


def test_approve_removes_people_whom_another_sync_remembers_by_the_deleted_records_alone(stage: Stage) -> None:
    records = delivered(stage, 30)
    stage.sync("Second")
    stage.run("Second")
    stage.recruit.delete(*records[:12])
    assert stage.approve(stage.run("Newsletter")).counts.deleted == 12
    assert stage.members() == names(records[12:])


def test_nothing_to_approve_is_told(stage: Stage) -> None:
    delivered(stage, 1)
    with pytest.raises(UsageError, match="no removals that wait for approval"):
        stage.approve(stage.run("Newsletter"))


def test_gone_unconfirmed_is_told_and_nobody_is_removed(stage: Stage) -> None:
    records = delivered(stage, 5)
    del stage.recruit.rows["1"]
    run = stage.run("Newsletter", full=True)
    assert (run.counts.total, run.counts.deleted) == (4, 0)
    assert any(note.startswith("1 record is gone, unconfirmed") for note in run.notes)
    assert stage.members() == names(records)
    stage.recruit.report_deleted("1")
    assert stage.removals(stage.run("Newsletter")) == {"1": "deleted"}


def test_a_listed_record_is_alive_though_the_deleted_list_names_it(stage: Stage) -> None:
    records = delivered(stage, 2)
    stage.recruit.report_deleted("1")
    run = stage.run("Newsletter", full=True)
    assert (run.counts.duplicate, run.counts.deleted) == (2, 0)
    assert stage.members() == names(records)
    stage.recruit.delete("1")
    assert stage.removals(stage.run("Newsletter")) == {"1": "deleted"}


def test_one_deletion_acts_once(stage: Stage) -> None:
    """Though the next fetch, which reaches back, sees it again, and nothing holds the person any more."""
    delivered(stage, 2)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Contacts", module="Contacts")
    stage.run("Contacts")
    stage.recruit.delete("1", "2")
    stage.clock.pass_by(minutes=-10)
    assert stage.removals(stage.run("Newsletter")) == {"2": "deleted"}
    stage.recruit.delete("900")
    stage.run("Contacts")
    assert stage.removals(stage.run("Newsletter")) == {}
    assert stage.members() == {"p1"}


@pytest.mark.parametrize("gone", [None, "", "   ", "no address"])
def test_an_address_changed_to_none_is_ignored_and_the_old_one_leaves(stage: Stage, gone: str | None) -> None:
    delivered(stage, 2)
    stage.recruit.edit("1", Email=gone)
    run = stage.run("Newsletter")
    reason = Reason.INVALID_PATTERN if gone == "no address" else Reason.EMPTY_EMAIL
    assert stage.decisions(run) == {"1": (IGNORED, reason)}
    assert stage.removals(run) == {"1": "address_changed"}
    assert stage.members() == {"p2"}
    stage.recruit.edit("1", Email=email_of("1"))
    assert stage.decisions(stage.run("Newsletter")) == {"1": (DUPLICATE, None)}
    assert stage.members() == {"p1", "p2"}


def test_a_changed_address_that_another_record_of_the_fetch_takes_over_stays(stage: Stage) -> None:
    delivered(stage, 2)
    stage.recruit.edit("1", Email="b@zylker.com")
    stage.recruit.edit("2", Email=email_of("1"))
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"1": (NEW, None), "2": (DUPLICATE, None)}
    assert stage.removals(run) == {"2": "address_changed"}
    assert stage.members() == {"b", "p1"}


def test_a_changed_address_leaves_though_another_sync_still_remembers_it_of_the_same_record(stage: Stage) -> None:
    delivered(stage, 2)
    stage.sync("Second", on_delete=LIST)
    stage.run("Second")
    stage.recruit.edit("1", Email="b@zylker.com")
    assert stage.removals(stage.run("Newsletter")) == {"1": "address_changed"}
    assert stage.members() == {"b", "p2"}


def test_a_changed_address_under_the_hub_policy_asks_the_records_of_every_list(stage: Stage) -> None:
    stage.people(2)
    for record in ("1", "2"):
        stage.recruit.add(f"90{record}", email_of(record), module="Contacts")
    stage.sync("Newsletter", on_delete=HUB)
    stage.sync("Contacts", "Clients", module="Contacts")
    for name in ("Newsletter", "Contacts"):
        stage.run(name)
    stage.recruit.delete("1")
    stage.recruit.edit("2", Email="b@zylker.com")
    assert stage.removals(stage.run("Newsletter")) == {}
    assert stage.members("Clients") == {"p1", "p2"}


def test_a_deleted_sync_holds_nobody(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("900", email_of("1"), module="Contacts")
    stage.sync("Candidates", on_delete=LIST)
    stage.sync("Contacts", module="Contacts")
    for name in ("Candidates", "Contacts"):
        stage.run(name)
    stage.change("Contacts", deleted=stage.clock.now())
    stage.recruit.delete("1")
    assert stage.removals(stage.run("Candidates")) == {"1": "deleted"}


def test_a_sync_whose_selection_the_person_never_matched_removes_nobody(stage: Stage) -> None:
    stage.people(1)
    elsewhere = Condition(field="City", operator="is", value="Madurai")
    selection = Selection(kind=SelectionKind.CRITERIA, conditions=(elsewhere,), pattern="1")
    stage.sync("Everyone")
    stage.sync("Madurai", on_delete=LIST, selection=selection)
    for name in ("Everyone", "Madurai"):
        stage.run(name)
    stage.recruit.delete("1")
    assert stage.removals(stage.run("Madurai")) == {}
    assert stage.members() == {"p1"}


def test_an_opt_out_whose_removal_failed_is_made_up_for_though_another_record_carries_the_address(stage: Stage) -> None:
    for record in "12":
        stage.recruit.add(record, "ann@zylker.com")
    stage.sync("A", on_opt_out=LIST)
    stage.run("A")
    stage.clock.pass_by(days=1)
    stage.recruit.edit("1", opted_out=True)
    trouble = over_a_flaky_line(stage)
    trouble.on("ann@zylker.com", "failed")
    assert stage.run("A").failed == 1
    stage.clock.pass_by(days=1)
    assert stage.run("A").counts.deleted == 1
    assert stage.members() == set()


def test_who_is_no_longer_opted_out_comes_back_though_only_a_lesser_record_of_theirs_has_changed(stage: Stage) -> None:
    stage.recruit.add("1", "ann@zylker.com", opted_out=True)
    stage.recruit.add("2", "ann@zylker.com")
    stage.sync("A", on_opt_out=LIST)
    stage.run("A")
    assert stage.members() == set()
    stage.clock.pass_by(days=1)
    stage.recruit.edit("1", opted_out=False, converted=True)
    assert stage.decisions(stage.run("A")) == {"1": (Status.IGNORED, Reason.FILE_DUPLICATE)}
    again = stage.run("A")
    assert (again.full, again.why.startswith("a record no longer keeps somebody out")) == (True, True)
    assert stage.members() == {"ann"}
    assert not stage.run("A").full


def two_syncs_of_two_records_with_one_address(stage: Stage) -> None:
    """A removes from the list, B keeps; A has seen record 1 deleted, B has not."""
    for record in "12":
        stage.recruit.add(record, "ann@zylker.com")
    stage.sync("A", on_delete=LIST)
    stage.sync("B")
    stage.run("A")
    stage.run("B")
    stage.clock.pass_by(days=1)
    stage.recruit.delete("1")
    assert stage.removals(stage.run("A")) == {}
    stage.clock.pass_by(days=1)


def test_what_another_sync_remembers_of_a_record_that_this_one_saw_deleted_holds_nobody(stage: Stage) -> None:
    two_syncs_of_two_records_with_one_address(stage)
    stage.recruit.delete("2")
    assert stage.removals(stage.run("A")) == {"2": "deleted"}
    assert stage.members() == set()


def test_a_record_that_another_sync_saw_restored_since_holds_its_person(stage: Stage) -> None:
    two_syncs_of_two_records_with_one_address(stage)
    stage.recruit.add("1", "ann@zylker.com")
    stage.run("B")
    stage.recruit.delete("2")
    assert stage.removals(stage.run("A")) == {}
    assert stage.members() == {"ann"}


def entry(sync: str, record: str, modified: str, *, deleted: bool = False) -> RecordEntry:
    return RecordEntry(key=f"{sync}/{record}", email="ann@zylker.com", modified=modified, matched=True, deleted=deleted)


@pytest.mark.parametrize(
    ("modified", "stays"),
    [
        ("2026-03-01T10:00:00+01:00", False), ("2026-02-01T10:00:00+01:00", False), ("2026-03-01T11:00:00+01:00", True),
        ("2026-03-01T09:00:00Z", False), ("2026-03-01T09:00:01Z", True), ("", True), ("no stamp", True),
    ],
)  # fmt: skip
def test_an_entry_is_outdated_by_a_deletion_of_the_same_or_a_later_version_of_its_record(modified: str, stays: bool) -> None:
    gone = entry("A", "1", "2026-03-01T10:00:00+01:00", deleted=True)
    other, own = entry("B", "2", ""), entry("B", "1", modified)
    assert without_outdated([gone, other, own]) == ([other, own] if stays else [other])
