"""Somebody is taken out of a list by hand beside writes that are not confirmed yet: they stay out until that is lifted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.engine.flaky import FlakyHub, PowerCutError, Trouble, over_a_flaky_line
from tests.engine.stage import HUB, LIST, Stage, email_of
from tui_sync.model.errors import PersonError, RunError
from tui_sync.model.hub import HubCall, Remove
from tui_sync.model.ledger import Membership, MembershipState
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import lifting, people

FIRST = email_of("1")
UNSUBSCRIBED = (Status.IGNORED, Reason.UNSUBSCRIBED)


def member(stage: Stage, name: str = "Newsletter") -> Membership:
    """What the ledger has of the first person in the list of the sync."""
    return stage.space.ledger.members(stage.desk.sync(name).list_key, [FIRST])[FIRST]


def killed_after(stage: Stage, answers: Sequence[str] = ("killed after",), *, known: bool) -> None:
    """A run that was killed as soon as the hub had made its write of the first person: a removal where they were `known`."""
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=LIST)
    trouble = over_a_flaky_line(stage)
    if known:
        stage.run("Newsletter")
        stage.recruit.edit("1", opted_out=True)
    trouble.on(FIRST, *answers)
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")


def test_it_outlasts_a_removal_that_a_killed_run_left_unconfirmed(stage: Stage) -> None:
    killed_after(stage, known=True)
    stage.remove(FIRST)
    stage.recruit.edit("1", opted_out=False)
    assert stage.decisions(stage.run("Newsletter"))["1"] == UNSUBSCRIBED
    assert (member(stage).state, stage.members()) == (MembershipState.BY_HAND, {"p2"})


def test_what_a_killed_run_removed_does_not_pass_for_the_persons_own_doing(stage: Stage) -> None:
    killed_after(stage, known=True)
    stage.remove(FIRST)
    stage.recruit.edit("1", opted_out=False)
    done = stage.wait_for(lifting.lift(stage.desk, FIRST, "asked for it"))
    assert done.staying == ()
    stage.run("Newsletter")
    assert stage.members() == {"p1", "p2"}


def test_it_outlasts_an_addition_that_a_killed_run_left_unconfirmed_where_the_hub_did_not_take_them_out(stage: Stage) -> None:
    killed_after(stage, ("killed after", "failed"), known=False)
    with pytest.raises(RunError, match="did not take"):
        stage.remove(FIRST)
    stage.run("Newsletter")
    stage.recruit.edit("1", City="Chennai")
    assert stage.decisions(stage.run("Newsletter"))["1"] == UNSUBSCRIBED
    assert member(stage).state is MembershipState.BY_HAND


def test_it_outlasts_a_removal_from_the_hub_that_was_under_way_for_another_list(stage: Stage) -> None:
    class Meanwhile(FlakyHub):
        """Somebody is taken out of the other list by hand while the hub is asked to block them."""

        removal_blocks = True

        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            if any(isinstance(call, Remove) for call in calls):
                await people.remove(stage.desk, FIRST, "Other")
                return [None]
            return await super().deliver(calls)

    stage.people(2)
    stage.sync("Newsletter", on_opt_out=HUB)
    stage.sync("Second", "Other")
    for name in ("Newsletter", "Second"):
        stage.run(name)
    stage.recruit.edit("1", opted_out=True)
    stage.open_hub = lambda monitor: Meanwhile(stage, monitor, Trouble())
    assert stage.run("Newsletter").counts.deleted == 1
    assert (member(stage).state, member(stage, "Second").state) == (MembershipState.REMOVED, MembershipState.BY_HAND)
