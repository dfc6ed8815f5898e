"""People who are in by an address that is taken for misspelt by now: their records count as they did, one beside the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.stage import LIST, Stage
from tui_sync.model.outcomes import Reason, Result
from tui_sync.model.sync import Condition, Selection, SelectionKind
from tui_sync.services import corrections, settings

ANN = "ann@gnail.com"
IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
CHANGES: dict[str, Callable[[Stage], None]] = {
    "selected": lambda stage: stage.recruit.edit("2", converted=True),
    "selected no more": lambda stage: stage.recruit.edit("2", converted=True, City="Chennai"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("full", [True, False])
def test_a_converted_record_of_theirs_lets_nobody_go_for_whom_an_unconverted_one_stands(
    stage: Stage, change: Callable[[Stage], None], full: bool
) -> None:
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    stage.recruit.add("1", ANN)
    stage.recruit.add("2", ANN)
    stage.sync("Newsletter", on_convert=LIST, selection=IN_PUNE)
    stage.run("Newsletter")
    settings.reset(stage.desk, "allowed-domains")
    if not full:
        stage.run("Newsletter")
        stage.recruit.edit("1", First_Name="Ann")
    change(stage)
    run = stage.run("Newsletter")
    assert (stage.removals(run), stage.members()) == ({}, {"ann"})
    assert {reason for _, reason in stage.decisions(run).values()} == {Reason.INVALID_PATTERN}


@pytest.mark.parametrize("approved", [True, False])
def test_wrong_addresses_that_were_corrected_are_not_told_as_come_back_where_their_removals_waited(
    stage: Stage, approved: bool
) -> None:
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    for number in range(12):
        stage.recruit.add(str(number), f"p{number}@gnail.com")
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    settings.reset(stage.desk, "allowed-domains")
    stage.run("Newsletter")
    corrections.accept_all(stage.desk, stage.wait_for(corrections.queue(stage.desk)))
    run = stage.run("Newsletter")
    assert (run.result, run.withheld) == (Result.HELD, 12)
    if approved:
        run = stage.approve(run)
    else:
        stage.people(200, first=100)  # so many that the guard lets the twelve pass
        stage.run("Newsletter")
        run = stage.run("Newsletter")
    assert (run.result, run.counts.deleted, run.notes) == (Result.COMPLETED, 12, ())
