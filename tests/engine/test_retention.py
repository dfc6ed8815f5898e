"""Retention: old outcomes go, summaries stay, and nothing goes that still waits for somebody."""

from __future__ import annotations

import pytest

from tests.engine.stage import LIST, Stage, email_of
from tui_sync.model.errors import UsageError
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.services import people, retention, settings, syncs


def outcomes(stage: Stage, run: RunSummary) -> int:
    return len(list(stage.space.runs.outcomes(run.id)))


def stored(stage: Stage, run: RunSummary) -> RunSummary:
    found = stage.space.runs.get(run.id)
    assert found is not None
    return found


def test_old_outcomes_go_after_the_next_run_and_the_summary_stays(stage: Stage) -> None:
    stage.people(3)
    stage.sync("A")
    old = stage.run("A")
    stage.clock.pass_by(days=89)
    middle = stage.run("A")
    assert outcomes(stage, old) == 3
    stage.clock.pass_by(days=2)
    newest = stage.run("A", full=True)
    assert (outcomes(stage, old), outcomes(stage, middle), outcomes(stage, newest)) == (0, 3, 3)
    assert stored(stage, old).counts == old.counts
    assert stored(stage, old).kept_until is not None
    assert stored(stage, middle).kept_until is None
    assert [line.what for line in stage.space.log.lines()][-1] == "dropped the outcomes of run 1 of A: older than 90 days"


def test_the_setting_says_how_long(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    old = stage.run("A")
    stage.clock.pass_by(days=8)
    settings.change(stage.desk, "retention-days", "9")
    assert stage.wait_for(retention.prune(stage.desk)) == 0
    settings.change(stage.desk, "retention-days", "7")
    assert stage.wait_for(retention.prune(stage.desk)) == 1
    assert outcomes(stage, old) == 0


def test_outcomes_may_be_kept_for_longer_than_there_are_years(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    settings.change(stage.desk, "retention-days", "1000000")
    run = stage.run("A")
    assert run.result is Result.COMPLETED
    assert outcomes(stage, run) == 2


def test_what_was_charged_goes_when_no_limit_asks_for_it(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A")
    stage.clock.pass_by(days=61)
    stage.run("A")
    assert len({usage.day for usage in stage.space.syncs.usage_in("")}) == 2
    stage.clock.pass_by(days=2)
    stage.run("A")
    days = {usage.day for usage in stage.space.syncs.usage_in("")}
    assert len(days) == 2
    assert min(days) > f"{stage.clock.now() - retention.CHARGED:%Y-%m-%d}"


def test_withheld_removals_keep_their_run_until_they_are_settled(stage: Stage) -> None:
    records = stage.people(40)
    stage.sync("A", on_opt_out=LIST)
    stage.run("A")
    stage.recruit.delete(*records[:20])
    held = stage.run("A")
    assert held.result is Result.HELD
    stage.clock.pass_by(days=200)
    stage.wait_for(retention.prune(stage.desk))
    assert outcomes(stage, held) >= 20
    stage.approve(held)
    stage.wait_for(retention.prune(stage.desk))
    assert outcomes(stage, held) == 0
    assert stored(stage, held).counts.deleted == 20


def test_withheld_removals_of_a_deleted_sync_keep_nothing_and_are_not_told_to_wait_until_it_is_back(stage: Stage) -> None:
    records = stage.people(40)
    before = stage.sync("A", on_opt_out=LIST)
    stage.run("A")
    stage.recruit.delete(*records[:20])
    held = stage.run("A")
    syncs.delete(stage.desk, "A")
    assert people.explain(stage.desk, email_of("1")).pending == ()
    stage.clock.pass_by(days=200)
    stage.wait_for(retention.prune(stage.desk))
    assert outcomes(stage, held) == 0
    syncs.put_back(stage.desk, before)
    assert len(people.explain(stage.desk, email_of("1")).pending) == 1
    for finish in (stage.retry, stage.approve):
        with pytest.raises(UsageError):
            finish(held)
    assert stage.run("A").withheld == 20
    assert len(stage.members()) == 40


@pytest.mark.parametrize("result", [Result.RUNNING, Result.INTERRUPTED])
def test_a_run_that_goes_on_keeps_its_outcomes(result: Result, stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    run = stage.run("A")
    run.result = result
    stage.space.runs.put(run)
    stage.clock.pass_by(days=200)
    assert list(retention.due(stage.desk)) == []


def test_what_is_too_much_for_one_time_goes_on_with_the_next(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAGES", 1)
    stage.people(2)
    stage.sync("A")
    run = stage.run("A")
    stage.space.runs.add(run.id, list(stage.space.runs.outcomes(run.id)))
    pages = len(list(stage.space.runs.pages(run.id)))
    assert pages > 1
    stage.clock.pass_by(days=200)
    assert stage.wait_for(retention.prune(stage.desk, 1)) == 0
    assert stored(stage, run).kept_until is not None, "what is there no more is said from the first step on"
    assert len(list(stage.space.runs.pages(run.id))) == pages - 1
    assert stage.wait_for(retention.prune(stage.desk)) == 1
    assert outcomes(stage, run) == 0
