"""A record that changes its address twice lets two people go; a run and an approval tell of both."""

from __future__ import annotations

import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import LIST, Stage, email_of
from tui_sync.model.outcomes import Result, Status
from tui_sync.services import running


@pytest.mark.parametrize("network", [True, False])
@pytest.mark.parametrize("back", [True, False])
def test_both_people_whom_a_record_lets_go_by_changing_its_address_twice_are_told_of(
    stage: Stage, back: bool, network: bool
) -> None:
    """`back`: the record has its first address again by the time of the approval, so only the second one leaves."""
    records = stage.people(40)[:12]
    stage.sync("Newsletter", on_opt_out=LIST, on_convert=LIST)
    stage.run("Newsletter")
    if network:
        over_a_flaky_line(stage)
    for number in ("second", "third"):
        for record in records:
            stage.recruit.edit(record, Email=f"{number}{record}@zylker.com")
        run = stage.run("Newsletter")
    assert (run.result, run.withheld) == (Result.HELD, 24)
    if back:
        stage.recruit.edit("1", Email=email_of("1"))
    run = stage.approve(run)
    left = {*map(email_of, records), *(f"second{record}@zylker.com" for record in records)} - ({email_of("1")} if back else set())
    assert {o.email for o in running.outcomes(stage.desk, run.id, Status.DELETED)} == left
    assert (run.result, run.counts.deleted, run.withheld, run.failed) == (Result.COMPLETED, len(left), 0, 0)
    assert not {email.partition("@")[0] for email in left} & stage.members()
