"""Undo: an earlier version of a sync written again."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import AlreadyRunning, Unreachable, UsageError
from tui_sync.model.health import Condition
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Frequency, Policies, Schedule, SyncState
from tui_sync.services import deleted, syncs


def test_a_deleted_sync_can_be_put_back(stage: Stage) -> None:
    before = stage.sync("A")
    syncs.delete(stage.desk, "A")
    assert syncs.put_back(stage.desk, before) == before
    assert stage.desk.sync("A") == before


def test_the_deleted_version_itself_comes_back_alive(stage: Stage) -> None:
    stage.sync("A")
    gone = syncs.delete(stage.desk, "A")
    assert syncs.put_back(stage.desk, gone).deleted is None
    assert stage.desk.sync("A").state is SyncState.ACTIVE


def test_undoing_an_edit_does_not_undo_what_runs_did_to_the_state(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", policies=Policies(LIST), state=SyncState.BROKEN, reason="the view is gone")
    undone = syncs.put_back(stage.desk, before)
    assert undone.policies == before.policies
    assert (undone.state, undone.reason) == (SyncState.BROKEN, "the view is gone")
    assert stage.desk.sync("A") == undone


def test_undoing_a_recurring_schedule_completes_the_one_time_sync_again(stage: Stage) -> None:
    stage.sync("A", frequency=Frequency.ONCE)
    stage.change("A", state=SyncState.COMPLETED)
    before = stage.desk.sync("A")
    stage.change("A", state=SyncState.ACTIVE, schedule=Schedule(frequency=Frequency.DAILY))
    assert syncs.put_back(stage.desk, before).state is SyncState.COMPLETED


def test_a_name_that_was_taken_meanwhile_refuses_it(stage: Stage) -> None:
    before = stage.sync("A")
    syncs.delete(stage.desk, "A")
    other = stage.sync("B")
    stage.space.syncs.put(msgspec.structs.replace(other, name="A"))
    with pytest.raises(UsageError, match='There is a sync "A" already'):
        syncs.put_back(stage.desk, before)
    assert stage.desk.sync("A").id == "B"


def test_a_running_sync_is_left_alone(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", policies=Policies(LIST))
    stage.space.locks.take("sync:A", "a run of A")
    with pytest.raises(AlreadyRunning, match='"A" is running'):
        syncs.put_back(stage.desk, before)
    stage.space.locks.release("sync:A")
    assert stage.desk.sync("A").policies == Policies(LIST)


def test_a_list_that_was_changed_before_initiation_is_not_changed_back_after_it(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", list_key="other", list_name="Other")
    with pytest.raises(UsageError, match="list of an initiated sync cannot be changed"):
        syncs.put_back(stage.desk, before)
    stage.change("A", state=SyncState.DRAFT)
    assert syncs.put_back(stage.desk, before).list_name == "Zylker"


def test_a_sync_of_another_workspace_is_refused(stage: Stage) -> None:
    before = stage.sync("A")
    with pytest.raises(UsageError, match="never had"):
        syncs.put_back(stage.desk, msgspec.structs.replace(before, id="elsewhere"))


def test_the_audit_trail_tells_what_was_put_back(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", policies=Policies(LIST))
    syncs.put_back(stage.desk, before)
    syncs.put_back(stage.desk, syncs.delete(stage.desk, "A"))
    told = [line["what"] for line in stage.dump()["log"].values()]
    assert told[-3:] == [
        'put back A: on_opt_out: "remove-from-list" -> default', "deleted A, which was active", "put back A: it was deleted",
    ]  # fmt: skip


def unreachable(_page: int) -> None:
    raise Unreachable("recruit.zoho.com cannot be reached.")


def test_a_sync_that_was_deleted_for_a_while_has_missed_nothing_meanwhile(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    syncs.delete(stage.desk, "Newsletter")
    stage.clock.pass_by(days=30)
    deleted.restore(stage.desk, "Newsletter")
    [row] = syncs.listing(stage.desk)
    assert row.health.condition is Condition.WELL
    assert row.next is not None
    assert row.next > stage.clock.now()


def test_what_was_missed_before_a_sync_was_deleted_is_caught_up_once_it_is_back(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.clock.pass_by(days=2)
    syncs.delete(stage.desk, "Newsletter")
    stage.clock.pass_by(hours=1)
    deleted.restore(stage.desk, "Newsletter")
    [row] = syncs.listing(stage.desk)
    assert row.next is not None
    assert row.next < stage.clock.now()


def test_a_one_time_sync_whose_deletion_is_taken_back_does_not_run_once_more(stage: Stage) -> None:
    stage.sync("Newsletter", frequency=Frequency.ONCE)
    stage.recruit.on_page = unreachable
    assert stage.run("Newsletter").result is Result.FAILED
    syncs.delete(stage.desk, "Newsletter")
    stage.clock.pass_by(days=1)
    deleted.restore(stage.desk, "Newsletter")
    [row] = syncs.listing(stage.desk)
    assert (row.state, row.next) == (SyncState.ACTIVE, None)
