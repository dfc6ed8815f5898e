"""One record may let two people go in one run: the one of its old address, and the one of its new address, who opted out."""

from __future__ import annotations

import pytest

from tests.engine.flaky import PowerCutError, Trouble, over_a_flaky_line
from tests.engine.stage import LIST, Stage, email_of, reconciled
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Cause, Result, Status
from tui_sync.services import running

FIRST, SECOND = email_of("1"), email_of("2")


def two_leave_by_the_second_record(stage: Stage) -> Trouble:
    """Two members; the record of the second takes the address of the first over and is opted out."""
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.edit("2", Email=FIRST, opted_out=True)
    return trouble


def active(stage: Stage) -> set[str]:
    """Who is in the list as the ledger has it."""
    key = stage.desk.sync("Newsletter").list_key
    found = stage.space.ledger.memberships_in(key)
    return {member.email.partition("@")[0] for member in found if member.state is MembershipState.ACTIVE}


@pytest.mark.parametrize("of_first", ["lost", "dropped"])
@pytest.mark.parametrize("of_second", ["lost", "dropped"])
def test_both_removals_are_looked_up_by_themselves_where_their_answers_were_lost(
    stage: Stage, of_first: str, of_second: str
) -> None:
    trouble = two_leave_by_the_second_record(stage)
    trouble.on(FIRST, of_first)
    trouble.on(SECOND, of_second)
    run = stage.run("Newsletter")
    assert (run.result, run.counts.deleted, reconciled(run)) == (Result.COMPLETED, 2, True)
    assert (stage.members(), active(stage), stage.space.ledger.pending()) == (set(), set(), [])


def test_a_run_that_is_gone_on_with_tells_both(stage: Stage) -> None:
    two_leave_by_the_second_record(stage).on(SECOND, "killed")
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    run = stage.run("Newsletter")
    told = {o.email: o.cause for o in running.outcomes(stage.desk, run.id, Status.DELETED)}
    assert told == {FIRST: Cause.OPTED_OUT, SECOND: Cause.ADDRESS_CHANGED}
    assert (run.counts.deleted, stage.members()) == (2, set())


def test_a_retry_of_one_leaves_the_other_told(stage: Stage) -> None:
    two_leave_by_the_second_record(stage).on(SECOND, "failed")
    run = stage.run("Newsletter")
    assert (run.counts.deleted, run.failed) == (1, 1)
    run = stage.retry(run)
    assert (run.counts.deleted, run.failed, stage.members()) == (2, 0, set())


def test_one_that_is_withheld_waits_for_its_approval_beside_one_that_failed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_sync.engine.guard.PEOPLE", 0)
    two_leave_by_the_second_record(stage).on(FIRST, "failed")
    run = stage.run("Newsletter")
    assert (run.result, run.withheld, run.failed, run.counts.deleted) == (Result.HELD, 1, 1, 0)
    run = stage.retry(run)
    assert (run.withheld, run.failed, stage.members()) == (1, 0, {"p2"})
    run = stage.approve(run)
    assert (run.withheld, run.counts.deleted, stage.members()) == (0, 2, set())
