"""Who stays when their record gets another address, since one of the same run carries theirs, and when they leave."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.flaky import PowerCutError, over_a_flaky_line
from tests.engine.stage import LIST, Stage, email_of
from tui_sync.model.outcomes import Cause, Result
from tui_sync.model.sync import Condition, Selection, SelectionKind

IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
FATES: dict[str, tuple[Callable[[Stage], None], Cause]] = {
    "deleted": (lambda stage: stage.recruit.delete("9"), Cause.DELETED),
    "another address": (lambda stage: stage.recruit.edit("9", Email="third@zylker.com"), Cause.ADDRESS_CHANGED),
}


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """The address of one record is that of another one, new since, by now."""
    stage.people(2)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", Email="second@zylker.com")
    stage.recruit.add("8", "eight@zylker.com")
    stage.recruit.add("9", email_of("1"))
    return stage


@pytest.mark.parametrize(("fate", "cause"), FATES.values(), ids=FATES.keys())
def test_whoever_is_kept_by_a_record_that_a_broken_off_run_never_reached_leaves_with_that_record(
    kept: Stage, fate: Callable[[Stage], None], cause: Cause
) -> None:
    over_a_flaky_line(kept).on("eight@zylker.com", "killed")
    with pytest.raises(PowerCutError):
        kept.run("Newsletter")
    fate(kept)
    run = kept.run("Newsletter")
    assert (run.result, kept.removals(run)) == (Result.COMPLETED, {"9": cause})
    assert "p1" not in kept.members()


def test_a_record_that_is_not_selected_any_more_after_such_a_run_keeps_its_person_until_it_is_deleted(kept: Stage) -> None:
    over_a_flaky_line(kept).on("eight@zylker.com", "killed")
    with pytest.raises(PowerCutError):
        kept.run("Newsletter")
    kept.recruit.edit("9", City="Delhi")
    kept.change("Newsletter", selection=IN_PUNE)
    assert kept.removals(kept.run("Newsletter")) == {}
    kept.recruit.delete("9")
    assert kept.removals(kept.run("Newsletter")) == {"9": Cause.DELETED}


@pytest.mark.parametrize(("fate", "cause"), FATES.values(), ids=FATES.keys())
def test_whoever_is_kept_by_a_record_whose_delivery_failed_leaves_with_that_record(
    kept: Stage, fate: Callable[[Stage], None], cause: Cause
) -> None:
    over_a_flaky_line(kept).on(email_of("1"), "failed")
    assert kept.run("Newsletter").result is Result.COMPLETED_WITH_ERRORS
    fate(kept)
    assert kept.removals(kept.run("Newsletter")) == {"9": cause}


def test_whoever_is_kept_by_a_record_of_the_same_run_stays_and_its_values_are_delivered(kept: Stage) -> None:
    run = kept.run("Newsletter")
    assert (kept.removals(run), kept.members()) == ({}, {"p1", "p2", "second", "eight"})
    assert (kept.lead(email_of("1")) or {})["First Name"] == "F9"
    assert kept.space.ledger.pending() == []


@pytest.mark.parametrize("refused", [True, False])
def test_what_the_hub_holds_or_refused_of_a_record_that_keeps_somebody_again_stands(stage: Stage, refused: bool) -> None:
    hub = over_a_flaky_line(stage)
    stage.people(2)
    stage.recruit.add("9", "nine@zylker.com")
    stage.sync("Newsletter", on_delete=LIST, selection=IN_PUNE)
    if refused:
        hub.on("nine@zylker.com", "refused")
    stage.run("Newsletter")
    stage.recruit.edit("9", City="Delhi")
    stage.run("Newsletter")
    stage.recruit.edit("1", Email="nine@zylker.com")
    stage.run("Newsletter")
    stage.recruit.edit("9", City="Pune")
    stage.recruit.edit("1", Email="second@zylker.com")
    stage.run("Newsletter")
    stage.writes.clear()
    stage.run("Newsletter", full=True)
    assert stage.writes == []


def test_who_was_withheld_and_is_kept_by_a_record_that_a_broken_off_run_never_reached_leaves_with_it(stage: Stage) -> None:
    stage.people(30)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    for record in range(1, 13):
        stage.recruit.edit(str(record), Email=f"new{record}@zylker.com")
    assert stage.run("Newsletter").withheld == 12
    stage.recruit.add("8888", "eight@zylker.com")
    stage.recruit.add("9999", email_of("1"))
    over_a_flaky_line(stage).on("eight@zylker.com", "killed")
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    stage.recruit.delete("9999")
    run = stage.run("Newsletter")
    assert (run.result, run.withheld) == (Result.HELD, 12)
