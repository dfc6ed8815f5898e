"""Somebody who leaves the list while a long delivery goes on: the call that was to change their fields would bring them back."""

from __future__ import annotations

from collections.abc import Sequence

from tests.engine.flaky import FlakyHub, Trouble
from tests.engine.stage import Stage, email_of
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, Lead, MemberState
from tui_sync.model.outcomes import Reason, Status


class Slow(FlakyHub):
    """A hub whose calls take two minutes each, and that the last person leaves during the first."""

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        stage, answers = self.stage, await super().deliver(calls)
        stage.clock.pass_by(minutes=2)
        if calls[0].email == email_of("1"):
            lead = stage.space.leads.leads([email_of("6")])[email_of("6")]
            placed = lead.placed(stage.desk.sync("Newsletter").list_key, MemberState.UNSUBSCRIBED)
            stage.space.leads.put_leads([Lead(lead.email, lead.fields, placed)])
        return answers

    def __init__(self, stage: Stage, *more: object) -> None:
        super().__init__(stage, *more)  # type: ignore[arg-type]
        self.stage = stage


def test_who_leaves_in_the_midst_of_a_long_delivery_is_not_brought_back_by_it(stage: Stage) -> None:
    records = stage.people(6)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    for record in records:
        stage.recruit.edit(record, City="Madurai")
    stage.writes.clear()
    stage.open_hub = lambda monitor: Slow(stage, monitor, Trouble())
    run = stage.run("Newsletter")
    assert stage.decisions(run)["6"] == (Status.IGNORED, Reason.UNSUBSCRIBED)
    assert [call.email for call in stage.writes] == [email_of(record) for record in "12345"]
    assert stage.members() == {"p1", "p2", "p3", "p4", "p5"}
