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
