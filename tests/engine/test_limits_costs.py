"""What costs nothing, what costs a day, what needs a place."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.limited import a_full_day, allow, away, initiated, state, used
from tests.engine.stage import Stage
from tui_sync.model.errors import LimitRefused
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Frequency, Removal, Schedule, Sync, SyncState
from tui_sync.services import drafts, editing, limits, syncs


def test_a_sync_that_counts_for_the_day_runs_as_often_as_it_likes(stage: Stage) -> None:
    allow(stage, day=1)
    initiated(stage, "A")
    for _ in range(3):
        assert stage.run("A").result == "completed"
    assert limits.why_no_run(stage.desk, stage.desk.sync("A")) == ""
    assert used(stage) == (1, 1, 1)


def test_a_completed_sync_runs_again_without_a_place_and_counts_for_the_day(stage: Stage) -> None:
    stage.sync("Once", frequency=Frequency.ONCE)
    assert stage.run("Once").result == "completed"
    stage.clock.pass_by(days=1)
    allow(stage, active=1, day=1)
    stage.sync("Other")
    assert stage.run("Once").result == "completed"
    assert (state(stage, "Once"), used(stage)) == (SyncState.COMPLETED, (0, 1, 1))
    with pytest.raises(LimitRefused):
        stage.run("Other")


def test_dry_runs_edits_and_drafts_cost_nothing(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    a_full_day(stage)
    before = used(stage)
    stage.preview("A")
    syncs.rename(stage.desk, "A", "B")
    syncs.duplicate(stage.desk, "B", "C")
    assert used(stage) == before


def test_retry_approval_and_finishing_an_interrupted_run_cost_nothing(stage: Stage) -> None:
    people = stage.people(30)
    stage.sync("A", on_delete=Removal.LIST)
    stage.run("A")
    stage.recruit.delete(*people[:20])
    stage.clock.pass_by(days=1)
    held = stage.run("A")
    assert held.withheld == 20
    stage.clock.pass_by(days=1)
    a_full_day(stage)
    before = used(stage)
    assert stage.approve(held).counts.deleted == 20
    run = msgspec.structs.replace(held, id=stage.space.runs.next_id(), result=Result.INTERRUPTED)
    stage.space.runs.put(run)
    assert limits.why_no_run(stage.desk, stage.desk.sync("A")) == ""
    assert stage.run("A").id == run.id
    assert used(stage) == before
    with pytest.raises(LimitRefused):
        stage.run("A")


def test_a_completed_sync_that_becomes_recurring_needs_a_place(stage: Stage) -> None:
    allow(stage, active=1)
    once = stage.sync("Once", frequency=Frequency.ONCE)
    stage.run("Once")
    before = stage.desk.sync("Once")
    stage.sync("Other")
    daily = msgspec.structs.replace(once, schedule=Schedule(frequency=Frequency.DAILY))

    def save() -> Sync:
        [module, *_] = stage.wait_for(stage.recruit.modules())
        fields = stage.wait_for(stage.recruit.fields("Candidates"))
        hub = stage.wait_for(stage.desk.connect.hub(stage.control()).fields())
        return editing.save(stage.desk, before, daily, module=module, fields=fields, hub_fields=hub)

    with pytest.raises(LimitRefused, match="The only place"):
        save()
    assert stage.desk.sync("Once") == before
    away(stage, "Other")
    assert save().state is SyncState.ACTIVE


def test_the_wizards_draft_stays_where_a_limit_refuses_it_and_is_queued_where_the_day_is_used_up(stage: Stage) -> None:
    allow(stage, active=1)
    sample = stage.sync("Other")
    begun = drafts.save(stage.desk, msgspec.structs.replace(
        drafts.new(stage.desk), sync=msgspec.structs.replace(sample, id="", name="New")))  # fmt: skip

    def finish() -> Sync:
        [module, *_] = stage.wait_for(stage.recruit.modules())
        fields = stage.wait_for(stage.recruit.fields("Candidates"))
        hub = stage.wait_for(stage.desk.connect.hub(stage.control()).fields())
        return drafts.finish(stage.desk, begun, initiate=True, module=module, fields=fields, hub_fields=hub)

    with pytest.raises(LimitRefused):
        finish()
    assert drafts.left(stage.desk) == [begun]
    assert stage.space.syncs.named("New") is None
    allow(stage, day=1)
    stage.run("Other")
    assert finish().state is SyncState.QUEUED
    assert drafts.left(stage.desk) == []
