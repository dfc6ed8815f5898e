"""Two runs of one record at a time: the one that fetched first knows less, and undoes nothing that the other has learned."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.stage import HUB, LIST, Stage, email_of
from tui_sync.engine.alone import list_lock
from tui_sync.model.events import Waiting
from tui_sync.model.outcomes import Reason, RunSummary, Status
from tui_sync.model.sync import Removal
from tui_sync.services import running

OPTED_OUT = (Status.IGNORED, Reason.OPTED_OUT)


def overlapping(stage: Stage, slow: str, quick: str, meanwhile: str) -> RunSummary:
    """`slow` has read its pages when the record opts out; `quick` runs from end to end before `slow` goes on."""

    async def both() -> RunSummary:
        place = list_lock(stage.desk.sync(slow).list_key)
        assert not stage.space.locks.take(place, "another run")
        waits = asyncio.Event()
        control = running.control(stage.desk, lambda event: waits.set() if isinstance(event, Waiting) else None)
        first = asyncio.create_task(running.start(stage.desk, slow, control))
        await waits.wait()
        stage.clock.pass_by(minutes=1)
        stage.recruit.edit(meanwhile, opted_out=True)
        stage.space.locks.release(place)
        await running.start(stage.desk, quick, stage.control())
        return await first

    stage.clock.pass_by(minutes=20)
    return stage.wait_for(both())


@pytest.mark.parametrize(("policy", "other"), [(LIST, "Zylker"), (HUB, "Zylker"), (HUB, "Other")])
def test_an_opt_out_that_another_run_has_seen_since_this_one_fetched_stands(stage: Stage, policy: Removal, other: str) -> None:
    stage.people(3)
    stage.sync("Slow", "Zylker", on_opt_out=policy)
    stage.sync("Quick", other, on_opt_out=policy)
    for name in ("Slow", "Quick"):
        stage.run(name)
    stage.recruit.edit("1", City="Chennai")
    run = overlapping(stage, "Slow", "Quick", "1")
    assert stage.decisions(run)["1"] == OPTED_OUT
    assert (stage.members(), stage.members(other)) == ({"p2", "p3"}, {"p2", "p3"})
    assert [bar.email for bar in stage.space.ledger.bars([email_of("1")])] == [email_of("1")]


def test_it_ends_with_the_next_version_of_the_record_that_shows_it_gone(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Slow", on_opt_out=LIST)
    stage.sync("Quick", on_opt_out=LIST)
    for name in ("Slow", "Quick"):
        stage.run(name)
    stage.recruit.edit("1", City="Chennai")
    overlapping(stage, "Slow", "Quick", "1")
    stage.recruit.edit("1", opted_out=False)
    stage.run("Slow")
    assert (stage.members(), stage.space.ledger.bars([email_of("1")])) == ({"p1", "p2"}, [])


def test_a_bar_is_as_new_as_the_last_version_of_the_record_that_was_seen_with_the_flag(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.recruit.edit("1", opted_out=True)
    stage.run("Newsletter")
    [before] = stage.space.ledger.bars([email_of("1")])
    stage.recruit.edit("1", City="Chennai")
    stage.run("Newsletter")
    [after] = stage.space.ledger.bars([email_of("1")])
    assert (after.key, after.since, after.modified) == (before.key, before.since, stage.recruit.rows["1"].modified)
