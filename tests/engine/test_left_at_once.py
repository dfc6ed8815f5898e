"""Somebody whose adding was not confirmed and who left the list before it was looked up: they are not added again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.engine.flaky import FlakyHub, PowerCutError, Trouble
from tests.engine.stage import LIST, Stage, email_of
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, MemberState
from tui_sync.model.outcomes import Reason, Status

FIRST = email_of("1")


def stands(stage: Stage, state: MemberState) -> None:
    """The first person has left the list, or their mail came back."""
    lead = stage.space.leads.leads([FIRST])[FIRST]
    key = stage.desk.sync("Newsletter").list_key
    stage.space.leads.put_leads([type(lead)(lead.email, lead.fields, lead.placed(key, state))])


@pytest.mark.parametrize("state", [MemberState.UNSUBSCRIBED, MemberState.BOUNCED])
def test_who_leaves_while_the_run_that_added_them_goes_on_is_not_added_again(stage: Stage, state: MemberState) -> None:
    class Leaving(FlakyHub):
        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            if calls[0].email == email_of("3"):
                stands(stage, state)
            return await super().deliver(calls)

    stage.people(3)
    stage.sync("Newsletter")
    trouble = Trouble()
    trouble.on(FIRST, "lost")
    stage.open_hub = lambda monitor: Leaving(stage, monitor, trouble)
    run = stage.run("Newsletter")
    assert [call.email for call in stage.writes] == [email_of(record) for record in "123"]
    assert (stage.decisions(run)["1"], run.failed) == ((Status.NEW, None), 0)
    stage.recruit.edit("1", City="Chennai")
    out = Reason.UNSUBSCRIBED if state is MemberState.UNSUBSCRIBED else Reason.BOUNCED
    assert stage.decisions(stage.run("Newsletter"))["1"] == (Status.IGNORED, out)
    assert stage.members() == {"p2", "p3"}


def test_who_left_before_a_run_that_was_killed_is_gone_on_with_was_added_by_it_and_stays_out(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    trouble = Trouble()
    trouble.on(FIRST, "killed after")
    stage.open_hub = lambda monitor: FlakyHub(stage, monitor, trouble)
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    stands(stage, MemberState.UNSUBSCRIBED)
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"1": (Status.NEW, None), "2": (Status.NEW, None)}
    assert [call.email for call in stage.writes] == [FIRST, email_of("2")]
    assert stage.members() == {"p2"}


def test_whom_a_sync_had_taken_out_before_is_added_though_they_stand_there_as_unsubscribed(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=LIST)
    trouble = Trouble()
    stage.open_hub = lambda monitor: FlakyHub(stage, monitor, trouble)
    stage.run("Newsletter")
    for out in (True, False):
        stage.recruit.edit("1", opted_out=out)
        if not out:
            trouble.on(FIRST, "dropped")
        stage.run("Newsletter")
    assert stage.members() == {"p1", "p2"}
