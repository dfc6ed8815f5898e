"""The wizard's unfinished work: kept, taken up again after the process died, finished as a sync."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.engine.listed import FIELDS
from tests.engine.stage import MAPPING, Stage
from tui_sync.hub.embedded import Embedded
from tui_sync.model.draft import Draft
from tui_sync.model.errors import UsageError
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Module
from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState
from tui_sync.services import catalogue, drafts, syncs
from tui_sync.store.workspace import Workspace

CANDIDATES = Module(name="Candidates", label="Candidates")


def hub_fields(stage: Stage) -> Sequence[HubField]:
    return stage.wait_for(catalogue.hub_fields(stage.desk))


def filled(stage: Stage, name: str = "Graduates") -> Draft:
    """A draft in which nothing is missing."""
    mailing = stage.wait_for(Embedded(stage.space.leads, stage.control()).create_list(f"List of {name}"))
    draft = drafts.new(stage.desk)
    sync = msgspec.structs.replace(
        draft.sync, name=name, module="Candidates", list_key=mailing.key, list_name=mailing.name, mapping=MAPPING
    )
    return msgspec.structs.replace(draft, step="review", sync=sync)


def finish(stage: Stage, draft: Draft, *, initiate: bool = False) -> Sync:
    return drafts.finish(
        stage.desk, draft, initiate=initiate, module=CANDIDATES, fields=FIELDS, hub_fields=hub_fields(stage)
    )


def test_a_new_draft_is_nowhere_until_it_is_saved(stage: Stage) -> None:
    draft = drafts.new(stage.desk)
    assert drafts.left(stage.desk) == []
    assert (draft.step, draft.sync.name, draft.sync.id) == ("module", "", "")
    assert drafts.new(stage.desk).key != draft.key


def test_a_saved_draft_survives_the_end_of_the_process_with_everything_that_was_entered(stage: Stage) -> None:
    kept = drafts.save(stage.desk, filled(stage))
    another = Workspace(stage.folder, stage.clock)
    assert another.drafts.all() == [kept]
    another.close()


def test_saving_again_replaces_the_draft_and_the_newest_comes_first(stage: Stage) -> None:
    first, second = drafts.save(stage.desk, filled(stage, "A")), drafts.save(stage.desk, filled(stage, "B"))
    stage.clock.pass_by(minutes=1)
    again = drafts.save(stage.desk, msgspec.structs.replace(first, step="mapping"))
    assert drafts.left(stage.desk) == [again, second]
    assert again.saved == stage.clock.now()


def test_a_discarded_draft_is_gone_and_discarding_twice_is_no_mistake(stage: Stage) -> None:
    draft = drafts.save(stage.desk, filled(stage))
    drafts.discard(stage.desk, draft.key)
    drafts.discard(stage.desk, draft.key)
    assert drafts.left(stage.desk) == []
    assert [line["what"] for line in stage.dump()["log"].values()] == ["discarded unfinished work on Graduates"]


def test_a_dump_carries_unfinished_work(stage: Stage) -> None:
    drafts.save(stage.desk, filled(stage))
    [document] = stage.dump()["drafts"].values()
    assert document["sync"]["name"] == "Graduates"


def test_finishing_makes_a_saved_draft_and_drops_the_unfinished_work(stage: Stage) -> None:
    sync = finish(stage, drafts.save(stage.desk, filled(stage)))
    assert stage.desk.sync("Graduates") == sync
    assert (sync.state, sync.initiated, sync.id) == (SyncState.DRAFT, None, "s1")
    assert drafts.left(stage.desk) == []


def test_finishing_can_initiate_at_once_which_counts(stage: Stage) -> None:
    sync = finish(stage, drafts.save(stage.desk, filled(stage)), initiate=True)
    assert (sync.state, sync.initiated) == (SyncState.ACTIVE, stage.clock.now())
    assert stage.desk.sync("Graduates") == sync
    assert [usage.sync for usage in stage.space.syncs.usage_in("")] == [sync.id]
    stage.people(2)
    assert stage.run("Graduates").counts.new == 2


def test_a_definition_with_a_problem_is_refused_and_the_draft_stays(stage: Stage) -> None:
    draft = filled(stage)
    nameless = drafts.save(stage.desk, msgspec.structs.replace(draft, sync=msgspec.structs.replace(draft.sync, name=" ")))
    with pytest.raises(UsageError, match="needs a name"):
        finish(stage, nameless, initiate=True)
    assert drafts.left(stage.desk) == [nameless]
    assert stage.space.syncs.every() == []


def test_a_taken_name_is_refused_and_the_draft_stays(stage: Stage) -> None:
    stage.sync("Graduates")
    kept = drafts.save(stage.desk, filled(stage))
    with pytest.raises(UsageError, match='There is a sync "Graduates" already'):
        finish(stage, kept)
    assert drafts.left(stage.desk) == [kept]


def test_a_saved_draft_can_be_reopened_and_everything_of_it_changed(stage: Stage) -> None:
    saved = finish(stage, filled(stage))
    other = filled(stage, "Others").sync
    opened = drafts.reopen(stage.desk, "Graduates")
    changed = msgspec.structs.replace(
        opened.sync, name="Renamed", list_key=other.list_key, list_name=other.list_name,
        schedule=Schedule(frequency=Frequency.DAILY),
    )  # fmt: skip
    done = finish(stage, drafts.save(stage.desk, msgspec.structs.replace(opened, sync=changed)))
    assert (done.id, done.created, done.list_name) == (saved.id, saved.created, "List of Others")
    assert [sync.name for sync in stage.space.syncs.all()] == ["Renamed"]
    assert drafts.left(stage.desk) == []


def test_unfinished_work_on_a_saved_draft_is_taken_up_again(stage: Stage) -> None:
    finish(stage, filled(stage))
    opened = drafts.reopen(stage.desk, "Graduates")
    kept = drafts.save(stage.desk, msgspec.structs.replace(opened, step="schedule"))
    assert drafts.reopen(stage.desk, "Graduates") == kept


def test_work_left_from_before_a_change_elsewhere_cannot_undo_that_change(stage: Stage) -> None:
    finish(stage, filled(stage))
    stale = drafts.save(stage.desk, drafts.reopen(stage.desk, "Graduates"))
    stage.change("Graduates", schedule=Schedule(frequency=Frequency.DAILY))
    with pytest.raises(UsageError, match="changed meanwhile: frequency"):
        finish(stage, stale)
    fresh = drafts.reopen(stage.desk, "Graduates")
    assert fresh.sync.schedule.frequency is Frequency.DAILY
    assert finish(stage, fresh).schedule.frequency is Frequency.DAILY


def test_a_draft_that_was_initiated_or_deleted_meanwhile_is_not_overwritten(stage: Stage) -> None:
    finish(stage, filled(stage, "A"))
    finish(stage, filled(stage, "B"))
    first, second = drafts.reopen(stage.desk, "A"), drafts.reopen(stage.desk, "B")
    syncs.activate(stage.desk, "A")
    syncs.delete(stage.desk, "B")
    with pytest.raises(UsageError, match="was initiated meanwhile"):
        finish(stage, first)
    with pytest.raises(UsageError, match="was deleted meanwhile"):
        finish(stage, second)
    assert stage.desk.sync("A").state is SyncState.ACTIVE


def test_only_a_draft_can_be_reopened(stage: Stage) -> None:
    stage.sync("A")
    with pytest.raises(UsageError, match='"A" is active, no draft'):
        drafts.reopen(stage.desk, "A")


def test_the_audit_trail_tells_how_a_draft_ended(stage: Stage) -> None:
    finish(stage, filled(stage))
    opened = drafts.reopen(stage.desk, "Graduates")
    daily = msgspec.structs.replace(opened.sync, schedule=Schedule(frequency=Frequency.DAILY))
    finish(stage, msgspec.structs.replace(opened, sync=daily), initiate=True)
    told = [line["what"] for line in stage.dump()["log"].values()]
    assert told == [
        "created Graduates as a draft",
        "changed Graduates: schedule: once, at initiation -> every day at the time of initiation, Asia/Kolkata",
        "activated Graduates: draft -> active",
    ]
