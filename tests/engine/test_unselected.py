"""Records that were selected once and are not any more: they merely stay, unless they are opted out or converted."""

from __future__ import annotations

import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import HUB, LIST, Stage, email_of, reconciled
from tui_sync.model.outcomes import Cause, Reason, Result, Status
from tui_sync.model.sync import Condition, Policies, Removal, Selection, SelectionKind
from tui_sync.services import policies, syncs

IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
ANN = "ann@zylker.com"
OPTED_OUT = (Status.IGNORED, Reason.OPTED_OUT)


def newsletter(stage: Stage, people: int = 3, **policies: Removal) -> list[str]:
    """So many people whom a sync of those in Pune has brought."""
    records = stage.people(people)
    stage.sync("Newsletter", selection=IN_PUNE, **policies)  # type: ignore[arg-type]
    stage.run("Newsletter")
    return records


@pytest.mark.parametrize("scope", [LIST, HUB])
@pytest.mark.parametrize("cause", [Cause.OPTED_OUT, Cause.CONVERTED])
def test_an_opt_out_or_a_conversion_acts_though_it_takes_the_record_out_of_the_selection(
    stage: Stage, cause: Cause, scope: Removal
) -> None:
    newsletter(stage, on_opt_out=scope, on_convert=scope)
    stage.recruit.edit("1", City="Madurai", opted_out=cause is Cause.OPTED_OUT, converted=cause is Cause.CONVERTED)
    stage.recruit.edit("2", City="Madurai")
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({"1": cause}, {"p2", "p3"})
    assert (run.result, run.counts.total, run.counts.deleted, reconciled(run)) == (Result.COMPLETED, 0, 1, True)
    assert (stage.lead(email_of("1")) is None) is (scope is HUB)
    stage.writes.clear()
    run = stage.run("Newsletter", full=True)
    assert (stage.removals(run), stage.writes) == ({}, [])


def test_it_bars_the_person_from_the_list_until_the_flag_is_gone(stage: Stage) -> None:
    newsletter(stage, on_opt_out=LIST)
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    stage.run("Newsletter")
    stage.sync("Everyone")
    assert stage.decisions(stage.run("Everyone"))["1"] == OPTED_OUT
    stage.recruit.edit("1", opted_out=False)
    stage.run("Newsletter")
    assert stage.decisions(stage.run("Everyone"))["1"] == (Status.DUPLICATE, None)
    assert "p1" in stage.members()


def test_who_was_fetched_under_keep_is_exempt_there_too(stage: Stage) -> None:
    newsletter(stage)
    stage.change("Newsletter", policies=Policies(LIST, LIST, LIST))
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    stage.recruit.edit("2", City="Madurai", converted=True)
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({}, {"p1", "p2", "p3"})
    assert stage.space.ledger.bars([email_of("1"), email_of("2")]) == []


def test_a_record_that_was_never_selected_bars_nobody(stage: Stage) -> None:
    stage.recruit.add("1", ANN, City="Madurai", opted_out=True)
    stage.recruit.add("2", ANN)
    stage.sync("Newsletter", selection=IN_PUNE, on_opt_out=LIST)
    assert stage.decisions(stage.run("Newsletter")) == {"2": (Status.NEW, None)}
    stage.recruit.edit("1", City="Chennai")
    stage.run("Newsletter")
    assert (stage.members(), stage.space.ledger.bars([ANN])) == ({"ann"}, [])


def two_of_ann(stage: Stage) -> None:
    """The sync has brought Ann by her second record; the first one, which stands behind it, leaves the selection."""
    stage.recruit.add("1", ANN)
    stage.clock.pass_by(hours=1)
    stage.recruit.add("2", ANN)
    stage.sync("Newsletter", selection=IN_PUNE, on_opt_out=LIST, on_convert=LIST)
    stage.run("Newsletter")


def test_of_a_conversion_nothing_follows_where_another_record_stands_for_the_person(stage: Stage) -> None:
    two_of_ann(stage)
    stage.recruit.edit("1", City="Madurai", converted=True)
    assert stage.removals(stage.run("Newsletter")) == {}
    assert stage.removals(stage.run("Newsletter", full=True)) == {}
    assert (stage.members(), stage.space.ledger.bars([ANN])) == ({"ann"}, [])


def test_an_opt_out_asks_no_other_record_and_once_it_is_over_the_other_one_lets_them_in_again(stage: Stage) -> None:
    two_of_ann(stage)
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    assert stage.removals(stage.run("Newsletter")) == {"1": Cause.OPTED_OUT}
    assert stage.decisions(stage.run("Newsletter", full=True)) == {"2": OPTED_OUT}
    assert stage.members() == set()
    stage.recruit.edit("1", opted_out=False)
    stage.run("Newsletter")
    run = stage.run("Newsletter")
    assert (run.full, stage.decisions(run), stage.members()) == (True, {"2": (Status.DUPLICATE, None)}, {"ann"})


def test_many_conversions_out_of_the_selection_are_held_as_any(stage: Stage) -> None:
    records = newsletter(stage, 30, on_opt_out=LIST, on_convert=LIST)
    for record in records[:12]:
        stage.recruit.edit(record, City="Madurai", converted=True)
    stage.recruit.edit(records[12], City="Madurai", opted_out=True)
    run = stage.run("Newsletter")
    assert (run.result, run.withheld, stage.removals(run)) == (Result.HELD, 12, {records[12]: Cause.OPTED_OUT})
    run = stage.run("Newsletter", full=True)
    assert run.withheld == 12
    stage.recruit.edit(records[0], converted=False)
    run = stage.approve(run)
    assert (run.counts.deleted, len(stage.members())) == (11, 18)


def test_a_failed_person_who_left_the_selection_with_an_opt_out_is_removed_by_the_retry(stage: Stage) -> None:
    trouble = over_a_flaky_line(stage)
    newsletter(stage, on_opt_out=LIST)
    stage.recruit.edit("1", First_Name="Anna")
    trouble.on(email_of("1"), "failed")
    run = stage.run("Newsletter")
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    run = stage.retry(run)
    assert (stage.removals(run), stage.members()) == ({"1": Cause.OPTED_OUT}, {"p2", "p3"})


def test_the_removal_of_an_opt_out_reaches_as_far_as_its_policy_beside_that_of_a_conversion(stage: Stage) -> None:
    stage.recruit.add("1", ANN)
    stage.clock.pass_by(hours=1)
    stage.recruit.add("2", ANN)
    stage.sync("Newsletter", selection=IN_PUNE, on_opt_out=HUB, on_convert=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("2", converted=True)
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    assert stage.removals(stage.run("Newsletter")) == {"1": Cause.OPTED_OUT}
    assert stage.lead(ANN) is None


def test_an_opt_out_is_not_withheld_with_the_conversion_of_another_record_of_the_person(stage: Stage) -> None:
    records = stage.people(30)
    stage.recruit.add("99", email_of("1"))
    stage.sync("Newsletter", selection=IN_PUNE, on_opt_out=LIST, on_convert=LIST)
    stage.run("Newsletter")
    for record in records[:12]:
        stage.recruit.edit(record, converted=True)
    stage.recruit.edit("99", City="Madurai", opted_out=True)
    run = stage.run("Newsletter")
    assert (run.withheld, "p1" in stage.members()) == (11, False)


@pytest.mark.parametrize("city", ["Pune", "Madurai"])
def test_who_waits_for_an_approval_as_converted_and_is_opted_out_instead_leaves_at_once(stage: Stage, city: str) -> None:
    records = newsletter(stage, 30, on_opt_out=LIST, on_convert=LIST)
    for record in records[:12]:
        stage.recruit.edit(record, converted=True, City=city)
    assert stage.run("Newsletter").withheld == 12
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("1", converted=False, opted_out=True)
    assert stage.removals(stage.run("Newsletter")) == {"1": Cause.OPTED_OUT}
    assert "p1" not in stage.members()


def held_by_two(stage: Stage) -> None:
    """Somebody whom a second sync found in the list already, without anything to send; their record left its selection."""
    stage.recruit.add("1", ANN)
    stage.sync("All")
    stage.sync("Pune", selection=IN_PUNE, on_opt_out=LIST, on_delete=LIST)
    for name in ("All", "Pune"):
        stage.change(name, mapping=tuple(row for row in stage.desk.sync(name).mapping if row.source == "Email"))
        stage.run(name)
    stage.recruit.edit("1", City="Madurai")
    stage.run("Pune")
    stage.clock.pass_by(hours=1)


def test_who_needed_no_call_leaves_by_an_opt_out_too(stage: Stage) -> None:
    held_by_two(stage)
    stage.recruit.edit("1", opted_out=True)
    assert stage.removals(stage.run("Pune")) == {"1": Cause.OPTED_OUT}
    assert stage.members() == set()


def test_who_needed_no_call_leaves_by_a_changed_address_too(stage: Stage) -> None:
    held_by_two(stage)
    syncs.delete(stage.desk, "All")
    stage.recruit.edit("1", Email="bob@zylker.com")
    assert stage.removals(stage.run("Pune")) == {"1": Cause.ADDRESS_CHANGED}
    assert stage.members() == set()


def test_a_removal_that_failed_is_made_by_the_next_run_that_sees_the_record(stage: Stage) -> None:
    two_of_ann(stage)
    over_a_flaky_line(stage).on(ANN, "failed")
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    stage.run("Newsletter")
    assert stage.members() == {"ann"}
    stage.recruit.edit("1", Last_Name="x")
    stage.run("Newsletter", full=True)
    assert stage.members() == set()


@pytest.mark.parametrize("first", ["1", "2"])
def test_another_record_of_the_person_in_the_same_fetch_is_told_as_opted_out_as_well(stage: Stage, first: str) -> None:
    two_of_ann(stage)
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    stage.recruit.edit(first, Last_Name="Changed")
    foreseen = stage.preview("Newsletter", full=True)
    run = stage.run("Newsletter", full=True)
    assert stage.decisions(run) == {"2": OPTED_OUT}
    assert (stage.removals(run), stage.members(), run.counts) == ({"1": Cause.OPTED_OUT}, set(), foreseen.summary.counts)


PUNE = Selection(kind=SelectionKind.VIEW, view_id="pune", view_name="Pune")


def letter(stage: Stage, people: int = 3, **policies: Removal) -> list[str]:
    """So many people whom a sync by the view of those in Pune who did not opt out has brought."""
    stage.recruit.views_by_id["pune"] = lambda row: row.values["City"] == "Pune" and not row.opted_out
    records = stage.people(people)
    stage.sync("Letter", selection=PUNE, **policies)  # type: ignore[arg-type]
    stage.run("Letter")
    return records


@pytest.mark.parametrize("scope", [LIST, HUB])
@pytest.mark.parametrize("cause", [Cause.OPTED_OUT, Cause.CONVERTED])
def test_an_opt_out_or_a_conversion_acts_though_the_record_left_the_view_by_it(
    stage: Stage, cause: Cause, scope: Removal
) -> None:
    letter(stage, on_opt_out=scope, on_convert=scope)
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("1", City="Madurai", opted_out=cause is Cause.OPTED_OUT, converted=cause is Cause.CONVERTED)
    stage.recruit.edit("2", City="Madurai")
    run = stage.run("Letter")
    assert (stage.removals(run), stage.members()) == ({"1": cause}, {"p2", "p3"})
    assert (run.result, run.counts.total, run.counts.deleted, reconciled(run)) == (Result.COMPLETED, 1, 1, True)


def test_outside_a_view_only_what_changed_is_looked_at_and_strangers_are_left_alone(stage: Stage) -> None:
    letter(stage, on_opt_out=LIST)
    stage.clock.pass_by(hours=1)
    stage.recruit.add("9", "stranger@zylker.com", City="Madurai", opted_out=True)
    stage.recruit.queries.clear()
    run = stage.run("Letter")
    since = [(query.view_id, query.converted, query.since is not None) for query in stage.recruit.queries]
    assert since == [("pune", False, False), ("pune", True, False), ("", False, True), ("", True, True)]
    assert (run.read, "9" in stage.details(run)) == (3, False)
    assert stage.space.ledger.bars(["stranger@zylker.com"]) == []


def test_outside_a_view_nothing_is_read_where_neither_opt_out_nor_conversion_acts(stage: Stage) -> None:
    letter(stage, on_delete=LIST)
    stage.recruit.queries.clear()
    stage.run("Letter")
    assert {query.view_id for query in stage.recruit.queries} == {"pune"}


def test_a_full_fetch_that_is_asked_for_looks_at_all_records_outside_a_view(stage: Stage) -> None:
    """Under keep nobody looked whether those who left had opted out."""
    letter(stage)
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("1", opted_out=True)
    stage.run("Letter")
    stage.clock.pass_by(hours=1)
    stage.change("Letter", policies=Policies(LIST))
    stage.run("Letter")
    assert stage.members() == {"p1", "p2", "p3"}
    stage.wait_for(policies.apply_to_exempt(stage.desk, stage.desk.sync("Letter")))
    run = stage.run("Letter")
    assert (stage.removals(run), stage.members()) == ({"1": Cause.OPTED_OUT}, {"p2", "p3"})


def test_who_left_the_view_by_an_opt_out_under_weaker_policies_leaves_under_the_stricter_ones(stage: Stage) -> None:
    letter(stage, on_opt_out=LIST)
    stage.change("Letter", policies=Policies())
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("1", opted_out=True)
    stage.run("Letter")
    stage.clock.pass_by(hours=1)
    stage.change("Letter", policies=Policies(LIST))
    run = stage.run("Letter")
    assert (stage.removals(run), stage.members()) == ({"1": Cause.OPTED_OUT}, {"p2", "p3"})


def test_who_clears_the_box_outside_the_view_is_barred_no_more(stage: Stage) -> None:
    letter(stage, on_opt_out=LIST)
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("1", City="Madurai", opted_out=True)
    stage.run("Letter")
    assert len(stage.space.ledger.bars([email_of("1")])) == 1
    stage.recruit.edit("1", opted_out=False)
    stage.run("Letter")
    assert (stage.space.ledger.bars([email_of("1")]), stage.members()) == ([], {"p2", "p3"})
