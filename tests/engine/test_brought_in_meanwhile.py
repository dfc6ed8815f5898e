"""Somebody who is to leave the hub, and whom another sync brings into another list before their turn comes: they stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.engine.flaky import FlakyHub, Trouble
from tests.engine.stage import HUB, Stage, email_of
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, Remove
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Result
from tui_sync.services import running

WAITS = 2


def bringing(stage: Stage, bring: Callable[[], None]) -> None:
    """Have the sync of the contacts run as soon as the first person was removed, after what is brought about for it."""
    waiting = [bring]

    class Meanwhile(FlakyHub):
        removal_blocks = True

        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            answers = await super().deliver(calls)
            if waiting and isinstance(calls[0], Remove):
                waiting.pop()()
                await running.start(stage.desk, "Contacts", stage.control())
            return answers

    stage.open_hub = lambda monitor: Meanwhile(stage, monitor, Trouble())


def both(stage: Stage, people: int) -> list[str]:
    """A sync that removes from the hub, and one of the contacts into another list; both have run."""
    records = stage.people(people)
    stage.sync("Candidates", on_delete=HUB)
    stage.sync("Contacts", "Other", module="Contacts")
    bringing(stage, lambda: stage.recruit.add("c", email_of("2"), module="Contacts"))
    for name in ("Candidates", "Contacts"):
        stage.run(name)
    stage.writes.clear()
    return records


@pytest.mark.parametrize("cause", ["deleted", "address_changed"])
def test_a_removal_that_waits_for_its_turn_is_not_made_once_another_record_has_brought_the_person_in(
    stage: Stage, cause: str
) -> None:
    records = both(stage, 4)
    for record in records[:WAITS]:
        if cause == "deleted":
            stage.recruit.delete(record)
        else:
            stage.recruit.edit(record, Email=f"new{record}@zylker.com")
    run = stage.run("Candidates")
    assert stage.removals(run) == {"1": cause}
    assert [call.email for call in stage.writes if isinstance(call, Remove)] == [email_of("1")]
    assert (stage.members("Other"), run.result, run.spared) == ({"p2"}, Result.COMPLETED, int(cause == "deleted"))
    assert stage.space.ledger.pending() == []
    assert {m.state for m in stage.space.ledger.memberships_of([email_of("2")])} == {MembershipState.ACTIVE}


def test_an_approved_removal_is_not_made_once_another_record_has_brought_the_person_in(stage: Stage) -> None:
    records = both(stage, 30)
    stage.recruit.delete(*records[:12])
    run = stage.approve(stage.run("Candidates"))
    assert (run.result, run.counts.deleted, run.withheld) == (Result.COMPLETED, 11, 0)
    assert "1 of them came back, or stay by the rules of now, and were left alone." in run.notes
    assert stage.members("Other") == {"p2"}
    assert stage.space.ledger.pending() == []
