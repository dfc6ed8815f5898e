"""An opt-out whose removal failed stays an opt-out, whatever becomes of its record before the removal is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of
from tui_sync.model.ledger import PendingRemoval
from tui_sync.model.outcomes import Cause, Result
from tui_sync.model.sync import Removal

FIRST = email_of("1")
FATES: dict[str, Callable[[Stage], None]] = {
    "deleted": lambda stage: stage.recruit.delete("1"),
    "another address": lambda stage: stage.recruit.edit("1", Email="new@zylker.com"),
    "no address": lambda stage: stage.recruit.edit("1", Email=None),
}


def opt_out_that_failed(stage: Stage, **policies: Removal) -> None:
    """Three members, of whom the first has opted out and could not be taken out of the list."""
    stage.people(3)
    stage.sync("Newsletter", on_opt_out=LIST, **policies)  # type: ignore[arg-type]
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.edit("1", opted_out=True)
    trouble.on(FIRST, "failed")
    assert stage.run("Newsletter").failed == 1


@pytest.mark.parametrize("fate", FATES.values(), ids=FATES.keys())
def test_it_is_made_up_for_though_a_deletion_or_a_changed_address_removes_nobody(
    stage: Stage, fate: Callable[[Stage], None]
) -> None:
    opt_out_that_failed(stage, on_delete=KEEP)
    fate(stage)
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({"1": Cause.OPTED_OUT}, {"p2", "p3"})


@pytest.mark.parametrize("fate", FATES.values(), ids=FATES.keys())
def test_it_is_made_up_for_though_another_record_carries_the_address(stage: Stage, fate: Callable[[Stage], None]) -> None:
    stage.recruit.add("9", FIRST)
    opt_out_that_failed(stage)
    fate(stage)
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({"1": Cause.OPTED_OUT}, {"p2", "p3"})


def test_it_is_not_withheld_with_the_conversion_of_another_record_of_the_person(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.recruit.add("9", FIRST)
    opt_out_that_failed(stage, on_delete=KEEP, on_convert=HUB)
    monkeypatch.setattr("tui_sync.engine.guard.PEOPLE", 0)
    stage.recruit.delete("1")
    stage.recruit.edit("9", converted=True)
    run = stage.run("Newsletter")
    assert (run.result, stage.removals(run)) == (Result.COMPLETED, {"1": Cause.OPTED_OUT})
    assert stage.lead(FIRST) is None


def test_one_that_was_taken_back_under_another_address_removes_nobody(stage: Stage) -> None:
    opt_out_that_failed(stage, on_delete=KEEP)
    stage.recruit.edit("1", Email="new@zylker.com", opted_out=False)
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({}, {"p1", "p2", "p3", "new"})


def test_a_conversion_that_is_withheld_goes_on_waiting_where_its_record_is_deleted_under_keep(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_sync.engine.guard.PEOPLE", 0)
    stage.people(3)
    stage.sync("Newsletter", on_delete=KEEP, on_convert=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", converted=True)
    assert stage.run("Newsletter").withheld == 1
    stage.recruit.delete("1")
    run = stage.run("Newsletter")
    [waiting] = stage.space.ledger.pending()
    assert isinstance(waiting, PendingRemoval)
    assert (run.withheld, waiting.email, waiting.cause) == (1, FIRST, Cause.CONVERTED)
    assert stage.approve(run).counts.deleted == 1
    assert stage.members() == {"p2", "p3"}
