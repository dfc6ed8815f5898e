"""Answers of the hub that never arrive, and people whose delivery failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.engine.flaky import FlakyHub, PowerCutError, Trouble, over_a_flaky_line
from tests.engine.office import SUBSCRIBE, Office
from tests.engine.stage import LIST, Stage, email_of, reconciled
from tui_sync.model.errors import PersonError, UsageError
from tui_sync.model.hub import HubCall
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.services import suppression

NEW, DUPLICATE, IGNORED = Status.NEW, Status.DUPLICATE, Status.IGNORED
ANN, BOB = "ann@zylker.com", "bob@zylker.com"


@pytest.mark.parametrize(("kind", "calls"), [("cut", 1), ("drop", 2)])
def test_a_lost_answer_is_looked_up_and_the_call_repeated_only_if_it_had_no_effect(
    office: Office, kind: str, calls: int
) -> None:
    """`cut` reaches the hub and loses the answer, `drop` does not reach it."""
    for email in (ANN, BOB):
        office.candidate(email)
    office.sync("Everyone")
    office.fault(kind=kind, path="/api/v1/json/listsubscribe")
    run = office.run("Everyone")
    assert Counter(office.calls) == Counter({(SUBSCRIBE, ANN): calls, (SUBSCRIBE, BOB): 1})
    assert (run.result, run.counts.new, run.failed) == (Result.COMPLETED, 2, 0)
    assert office.members("Zylker") >= {ANN, BOB}
    assert office.desk.workspace.ledger.intents(office.list_key("Zylker")) == []


def test_a_write_that_fails_twice_is_a_failed_person_and_retry_delivers_them(office: Office) -> None:
    office.candidate(ANN)
    office.sync("Everyone")
    office.fault(kind="status", status=500, count=2, path="/api/v1/json/listsubscribe")
    run = office.run("Everyone")
    assert office.calls == [(SUBSCRIBE, ANN)] * 2
    assert (run.result, run.failed) == (Result.COMPLETED_WITH_ERRORS, 1)
    assert office.decisions(run) == {ANN: (IGNORED, Reason.REFUSED)}
    run = office.retry(run)
    assert office.calls == [(SUBSCRIBE, ANN)]
    assert (run.result, run.failed, run.counts.new, run.counts.ignored) == (Result.COMPLETED, 0, 1, 0)
    assert office.decisions(run) == {ANN: (NEW, None)}


def test_a_failed_person_joins_the_next_incremental_run(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    over_a_flaky_line(stage).on(email_of("2"), "failed")
    run = stage.run("Newsletter")
    assert (run.result, run.failed, run.counts.new) == (Result.COMPLETED_WITH_ERRORS, 1, 2)
    stage.writes.clear()
    run = stage.run("Newsletter")
    assert (run.full, run.read, stage.decisions(run)) == (False, 0, {"2": (NEW, None)})
    assert [call.email for call in stage.writes] == [email_of("2")]
    assert (run.result, run.failed, reconciled(run)) == (Result.COMPLETED, 0, True)
    assert stage.decisions(stage.run("Newsletter")) == {}


def test_a_failed_person_whose_record_is_deleted_meanwhile_joins_nothing(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    over_a_flaky_line(stage).on(email_of("2"), "failed")
    stage.run("Newsletter")
    stage.recruit.delete("2")
    assert stage.decisions(stage.run("Newsletter")) == {}
    assert stage.members() == {"p1"}


def test_retry_that_fails_again_keeps_the_person_for_the_next_run(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    trouble = over_a_flaky_line(stage)
    trouble.on(email_of("1"), "failed", "failed")
    trouble.on(email_of("2"), "failed")
    run = stage.run("Newsletter")
    assert run.failed == 2
    run = stage.retry(run)
    assert (run.result, run.failed, run.counts.new, run.counts.total) == (Result.COMPLETED_WITH_ERRORS, 1, 1, 2)
    assert stage.decisions(stage.run("Newsletter")) == {"1": (NEW, None)}
    with pytest.raises(UsageError, match="a later run has made up for it"):
        stage.retry(run)


def test_a_write_lost_twice_that_did_happen_is_found_by_the_next_run_and_not_sent_again(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    over_a_flaky_line(stage).on(email_of("1"), "dropped", "lost")
    first = stage.run("Newsletter")
    assert (first.result, first.failed) == (Result.COMPLETED_WITH_ERRORS, 1)
    stage.writes.clear()
    assert stage.decisions(stage.run("Newsletter")) == {}
    assert stage.writes == []
    found = stage.desk.run(first.id)
    assert stage.decisions(found) == {"1": (NEW, None), "2": (NEW, None)}
    assert (found.result, found.failed, found.counts.new, found.counts.ignored) == (Result.COMPLETED, 0, 2, 0)


@pytest.mark.parametrize("lost", ["lost", "dropped"])
@pytest.mark.parametrize("known", [True, False])
def test_a_lost_write_is_not_repeated_for_somebody_suppressed_since(stage: Stage, lost: str, known: bool) -> None:
    """An update that was lost after its effect is repeated as a rule, since a lead's fields cannot be looked up."""

    class Meanwhile(FlakyHub):
        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            answers = await super().deliver(calls)
            suppression.suppress(stage.desk, calls[0].email, "asked for it")
            return answers

    stage.people(1)
    stage.sync("Newsletter")
    if known:
        stage.run("Newsletter")
        stage.recruit.edit("1", City="Madurai")
        stage.writes.clear()
    trouble = Trouble()
    trouble.on(email_of("1"), lost)
    stage.open_hub = lambda monitor: Meanwhile(stage, monitor, trouble)
    run = stage.run("Newsletter")
    happened = lost == "lost"
    assert len(stage.writes) == happened
    expected = (NEW, None) if happened and not known else (IGNORED, Reason.DO_NOT_MAIL)
    assert (stage.decisions(run), run.result, reconciled(run)) == ({"1": expected}, Result.COMPLETED, True)
    stage.writes.clear()
    stage.run("Newsletter")
    assert stage.writes == []
    assert stage.space.ledger.intents(stage.desk.sync("Newsletter").list_key) == []


@pytest.mark.parametrize("lost", ["lost", "dropped"])
def test_a_lost_removal_is_looked_up_and_repeated_only_if_it_had_no_effect(stage: Stage, lost: str) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete("1")
    trouble.on(email_of("1"), lost)
    stage.writes.clear()
    run = stage.run("Newsletter")
    assert (stage.removals(run), len(stage.writes)) == ({"1": "deleted"}, 1)
    assert stage.space.ledger.pending() == []


def test_a_removal_that_fails_joins_the_next_run_and_retry(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete("1", "2")
    for record in "12":
        trouble.on(email_of(record), "failed", *(["failed"] if record == "2" else []))
    run = stage.run("Newsletter")
    assert (run.result, run.failed, run.counts.deleted) == (Result.COMPLETED_WITH_ERRORS, 2, 0)
    run = stage.retry(run)
    assert (run.failed, stage.removals(run)) == (1, {"1": "deleted"})
    assert stage.removals(stage.run("Newsletter")) == {"2": "deleted"}
    assert stage.members() == {"p3"}


def test_an_approval_that_breaks_off_is_counted_as_far_as_it_got_and_finished_by_another(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    run = stage.run("Newsletter")
    trouble.on(email_of("5"), "killed after")
    with pytest.raises(PowerCutError):
        stage.approve(run)
    half = stage.desk.run(run.id)
    assert (half.result, half.counts.deleted, half.withheld) == (Result.HELD, 4, 8)
    stage.writes.clear()
    whole = stage.approve(half)
    assert (whole.result, whole.counts.deleted, whole.withheld, whole.notes[1:]) == (Result.COMPLETED, 12, 0, ())
    assert {call.email for call in stage.writes} == {email_of(record) for record in records[5:12]}
    assert len(stage.members()) == 18


def test_who_failed_by_a_record_that_has_another_address_since_is_delivered_by_the_other_record(stage: Stage) -> None:
    stage.recruit.add("2", ANN)
    stage.sync("A")
    stage.run("A")
    stage.clock.pass_by(days=1)
    stage.recruit.add("1", BOB)
    stage.clock.pass_by(hours=1)
    stage.recruit.edit("2", Email=BOB)
    over_a_flaky_line(stage).on(BOB, "failed")
    assert stage.decisions(stage.run("A")) == {"1": (IGNORED, Reason.FILE_DUPLICATE), "2": (IGNORED, Reason.REFUSED)}
    stage.clock.pass_by(days=1)
    stage.recruit.edit("2", Email=ANN)
    stage.run("A")
    assert stage.run("A").full
    assert stage.members() == {"ann", "bob"}
