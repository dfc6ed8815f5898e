"""Whom a bar kept out: once it is over, people come in by records that did not change, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.flaky import PowerCutError, over_a_flaky_line
from tests.engine.stage import HUB, LIST, Stage, email_of
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import lifting, running, syncs

ANN = "ann@zylker.com"
OPTED_OUT = (Status.IGNORED, Reason.OPTED_OUT)


def barred_from_the_hub(stage: Stage) -> None:
    """Ann, a candidate, has opted out, which keeps her contact out of another list, too."""
    stage.people(2)
    stage.recruit.add("8", ANN)
    stage.recruit.add("9", ANN, module="Contacts")
    stage.sync("Candidates", on_opt_out=HUB)
    stage.sync("Contacts", "Other", module="Contacts")
    stage.recruit.edit("8", opted_out=True)
    assert stage.decisions(stage.run("Candidates"))["8"] == OPTED_OUT
    assert stage.decisions(stage.run("Contacts")) == {"9": OPTED_OUT}


def test_the_end_of_a_bar_has_the_syncs_look_again_whose_records_of_the_person_did_not_change(stage: Stage) -> None:
    barred_from_the_hub(stage)
    stage.recruit.edit("8", opted_out=False)
    stage.run("Candidates")
    assert stage.members("Other") == set()
    run = stage.run("Contacts")
    assert (run.full, "no longer keeps somebody out" in run.why, stage.members("Other")) == (True, True, {"ann"})
    assert not stage.run("Contacts").full
    assert not stage.run("Candidates").full


@pytest.mark.parametrize("flag", ["opted_out", "converted"])
def test_whom_a_sync_removed_from_the_hub_comes_back_into_the_other_lists_once_the_bar_is_over(stage: Stage, flag: str) -> None:
    stage.people(2)
    stage.recruit.add("8", ANN)
    stage.recruit.add("9", ANN, module="Contacts")
    stage.sync("Candidates", on_opt_out=HUB, on_convert=HUB)
    stage.sync("Contacts", "Other", module="Contacts")
    stage.run("Candidates")
    stage.run("Contacts")
    stage.recruit.edit("8", **{flag: True})
    stage.run("Candidates")
    assert stage.members("Other") == set()
    stage.recruit.edit("8", **{flag: False})
    stage.run("Candidates")
    if flag == "converted":
        stage.wait_for(lifting.lift(stage.desk, ANN, "asked by phone"))
    assert stage.decisions(stage.run("Contacts"))["9"][0] in (Status.DUPLICATE, Status.RE_ADDED)
    stage.run("Candidates")
    assert (stage.members(), stage.members("Other")) == ({"ann", "p1", "p2"}, {"ann"})


def test_it_is_asked_for_though_the_run_that_ends_the_bar_dies(stage: Stage) -> None:
    trouble = over_a_flaky_line(stage)
    barred_from_the_hub(stage)
    stage.recruit.edit("8", opted_out=False)
    trouble.on(ANN, "killed")
    with pytest.raises(PowerCutError):
        stage.run("Candidates")
    stage.run("Candidates")
    assert stage.run("Contacts").full
    assert (stage.members(), stage.members("Other")) == ({"ann", "p1", "p2"}, {"ann"})


def test_it_is_not_asked_for_where_the_person_is_in_the_list_or_the_sync_was_deleted(stage: Stage) -> None:
    barred_from_the_hub(stage)
    syncs.delete(stage.desk, "Contacts")
    stage.recruit.add("9", email_of("1"), module="Contacts")
    stage.sync("Second", module="Contacts")
    stage.run("Second")
    stage.recruit.edit("8", opted_out=False)
    stage.run("Candidates")
    assert stage.space.ledger.full_fetch("Contacts") is None
    assert not stage.run("Second").full


def test_a_record_with_another_address_by_now_that_ends_a_bar_lets_in_who_carries_the_old_one(stage: Stage) -> None:
    stage.recruit.add("1", ANN, opted_out=True)
    stage.recruit.add("2", ANN)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.run("Newsletter")
    stage.recruit.edit("1", Email="bob@zylker.com", opted_out=False)
    stage.run("Newsletter")
    run = stage.run("Newsletter")
    assert (run.full, stage.members()) == (True, {"ann", "bob"})


@pytest.fixture
def failed(stage: Stage) -> Stage:
    """Ann's delivery failed; a lesser record of hers was ignored beside the one that failed."""
    stage.people(2)
    stage.sync("Newsletter", on_convert=LIST)
    stage.run("Newsletter")
    stage.recruit.add("7", ANN)
    stage.clock.pass_by(minutes=1)
    stage.recruit.add("8", ANN)
    over_a_flaky_line(stage).on(ANN, "failed")
    assert stage.run("Newsletter").failed == 1
    stage.clock.pass_by(hours=1)
    return stage


FATES: dict[str, Callable[[Stage], None]] = {
    "another address": lambda stage: stage.recruit.edit("8", Email="new@zylker.com"),
    "deleted": lambda stage: stage.recruit.delete("8"),
    "converted": lambda stage: stage.recruit.edit("8", converted=True),
}


@pytest.mark.parametrize("retried", [True, False])
@pytest.mark.parametrize("fate", FATES.values(), ids=FATES.keys())
def test_who_failed_comes_in_by_a_lesser_record_though_a_retry_looks_at_the_one_that_failed_alone(
    failed: Stage, fate: Callable[[Stage], None], retried: bool
) -> None:
    fate(failed)
    if retried:
        failed.retry(running.listing(failed.desk)[0])
    failed.run("Newsletter")
    failed.run("Newsletter")
    assert "ann" in failed.members()


def test_who_failed_comes_in_by_a_lesser_record_also_where_a_lesser_one_still_was_fetched(failed: Stage) -> None:
    failed.recruit.add("6", ANN)
    failed.recruit.edit("6", converted=True)
    failed.recruit.edit("8", Email="new@zylker.com")
    failed.run("Newsletter")
    failed.run("Newsletter")
    assert "ann" in failed.members()


def test_nothing_is_asked_for_where_the_one_that_failed_is_delivered_by_the_next_run(failed: Stage) -> None:
    failed.run("Newsletter")
    assert "ann" in failed.members()
    assert not failed.run("Newsletter").full
