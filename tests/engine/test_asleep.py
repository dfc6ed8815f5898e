"""A machine that was asleep while another one took its place: it sends and records nothing more when it wakes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.engine.flaky import FlakyHub, Trouble
from tests.engine.stage import Stage, email_of
from tui_sync.engine.alone import locks_of
from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall
from tui_sync.model.outcomes import Result, Status

PEOPLE = 6


def takes_the_place(stage: Stage, *names: str) -> None:
    """Another machine takes over these locks."""
    shelf = stage.space.locks._shelf
    for name in names:
        mine = shelf.get(name)
        assert mine is not None
        shelf.put(msgspec.structs.replace(mine, host="elsewhere"))


def falls_asleep(stage: Stage, *names: str, answered: bool) -> None:
    """Have this machine sleep at the call for the third person, before it is made or once it was answered."""

    class Sleepy(FlakyHub):
        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            answers = await super().deliver(calls)
            if calls[0].email == email_of("3" if answered else "2"):
                takes_the_place(stage, *names)
            return answers

    stage.open_hub = lambda monitor: Sleepy(stage, monitor, Trouble())


@pytest.mark.parametrize("place", [0, 1], ids=["sync", "list"])
def test_a_run_whose_sync_or_list_another_machine_has_taken_over_makes_no_call_more(stage: Stage, place: int) -> None:
    stage.people(PEOPLE)
    sync = stage.sync("Newsletter")
    falls_asleep(stage, locks_of(sync)[place], answered=True)
    run = stage.run("Newsletter")
    assert "another program took its place" in run.message
    assert [call.email for call in stage.writes] == [email_of(record) for record in "123"]
    assert sorted(stage.decisions(run)) == ["1", "2"]
    assert [intent.email for intent in stage.space.ledger.intents(sync.list_key)] == [email_of("3")]


def test_whoever_took_over_a_run_goes_on_with_it_and_sends_nobody_twice(stage: Stage) -> None:
    stage.people(PEOPLE)
    sync = stage.sync("Newsletter")
    falls_asleep(stage, *locks_of(sync), answered=True)
    asleep = stage.run("Newsletter")
    assert stage.desk.run(asleep.id).result is Result.RUNNING
    for name in locks_of(sync):
        stage.space.locks._shelf.remove(name)
    stage.open_hub = lambda monitor: FlakyHub(stage, monitor, Trouble())
    run = stage.run("Newsletter")
    assert (run.id, run.result, run.counts.new, run.counts.total) == (asleep.id, Result.COMPLETED, PEOPLE, PEOPLE)
    assert [call.email for call in stage.writes] == [email_of(str(number + 1)) for number in range(PEOPLE)]
    assert stage.decisions(run) == dict.fromkeys("123456", (Status.NEW, None))
