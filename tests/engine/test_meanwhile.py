"""What somebody else changed meanwhile: no edit path overwrites it without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.engine.racing import CREATED, race
from tests.engine.stage import LIST, Stage
from tui_sync.engine.alone import list_lock
from tui_sync.engine.control import Control
from tui_sync.engine.run import Run
from tui_sync.model.errors import Unreachable, UsageError
from tui_sync.model.events import Event, Phase, PhaseStarted
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.sync import Policies
from tui_sync.services import corrections, definitions, running, settings, syncs
from tui_sync.services.policies import apply_to_exempt
from tui_sync.store.workspace import Workspace

FILE = '[[sync]]\nname = "A"\nmodule = "Candidates"\nlist = "Zylker"\non_opt_out = "remove-from-list"\n'


def written(stage: Stage, text: str = FILE) -> Path:
    """The definition file of one sync."""
    path = stage.folder.parent / "syncs.toml"
    path.write_text(text)
    return path


def at_the_catalogue(stage: Stage, meanwhile: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have something happen while `apply` asks the connection."""
    modules = stage.recruit.modules
    assert callable(meanwhile)

    async def asked() -> object:
        meanwhile()
        return await modules()

    monkeypatch.setattr(stage.recruit, "modules", asked)


def test_a_name_that_was_taken_meanwhile_is_not_given_twice(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.sync("Z")
    path = written(stage)
    at_the_catalogue(stage, lambda: syncs.rename(stage.desk, "Z", "A"), monkeypatch)
    [done] = stage.wait_for(definitions.apply(stage.desk, path))
    assert done.old is not None
    assert [sync.name for sync in stage.space.syncs.all()].count("A") == 1
    assert stage.desk.sync("A").policies == Policies(LIST)


def test_applying_tells_every_change_that_it_makes_to_what_stands_by_then(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sync("A", on_opt_out=LIST)
    at_the_catalogue(stage, lambda: stage.change("A", policies=Policies()), monkeypatch)
    [done] = stage.wait_for(definitions.apply(stage.desk, written(stage)))
    assert "on_opt_out" in [change.key for change in done.changes]
    assert stage.desk.sync("A").policies == Policies(LIST)


def test_a_sync_deleted_while_the_connection_was_asked_is_made_anew_and_the_old_one_stays_deleted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = stage.sync("A")
    at_the_catalogue(stage, lambda: syncs.delete(stage.desk, "A"), monkeypatch)
    stage.wait_for(definitions.apply(stage.desk, written(stage)))
    gone = stage.space.syncs.get(old.id)
    assert gone is not None
    assert gone.deleted is not None
    assert stage.desk.sync("A").id != old.id


def test_what_was_agreed_to_is_applied_or_nothing(stage: Stage) -> None:
    stage.sync("A")
    path = written(stage)
    seen = stage.wait_for(definitions.survey(stage.desk, path)).items
    stage.change("A", policies=Policies(on_delete=LIST))
    with pytest.raises(UsageError, match="changed meanwhile"):
        stage.wait_for(definitions.apply(stage.desk, path, seen))
    assert stage.desk.sync("A").policies == Policies(on_delete=LIST)


def test_undoing_an_edit_does_not_undo_the_edit_of_somebody_else(stage: Stage) -> None:
    before = stage.sync("A")
    stage.change("A", policies=Policies(LIST))
    left = stage.desk.sync("A")
    renamed = syncs.rename(stage.desk, "A", "B")
    with pytest.raises(UsageError, match='"A" was changed meanwhile: name'):
        syncs.put_back(stage.desk, before, left)
    assert stage.desk.sync("B") == renamed
    syncs.rename(stage.desk, "B", "A")
    assert syncs.put_back(stage.desk, before, left).policies == Policies()


def test_a_setting_that_somebody_changed_since_it_was_looked_at_is_not_overwritten(stage: Stage) -> None:
    seen = settings.settings(stage.desk)
    settings.change(stage.desk, "retention-days", "30", seen)
    with pytest.raises(UsageError, match=r"changed meanwhile: 30"):
        settings.change(stage.desk, "retention-days", "60", seen)
    settings.change(stage.desk, "allowed-domains", "example.org", seen)
    assert settings.settings(stage.desk).retention_days == 30


def test_undoing_a_setting_does_not_undo_the_change_of_somebody_else(stage: Stage) -> None:
    done = settings.change(stage.desk, "retention-days", "30")
    settings.change(stage.desk, "retention-days", "60")
    with pytest.raises(UsageError, match="changed meanwhile"):
        settings.put_back(stage.desk, done)
    assert settings.settings(stage.desk).retention_days == 60


def test_two_domains_allowed_in_turn_by_two_programs_are_both_allowed(stage: Stage) -> None:
    corrections.allow(stage.desk, "gnail.com")
    other = Workspace(stage.folder, stage.clock)
    corrections.allow(type(stage.desk)(other, stage.clock, lambda: stage.desk.connect, "another"), "hotmial.com")
    other.close()
    corrections.allow(stage.desk, "yaho.com")
    assert set(settings.settings(stage.desk).allowed_domains) == {"gnail.com", "hotmial.com", "yaho.com"}


def test_policies_that_are_no_longer_those_of_the_sync_are_not_applied(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    stage.run("A")
    stage.change("A", policies=Policies(LIST))
    shown = stage.desk.sync("A")
    stage.change("A", policies=Policies())
    with pytest.raises(UsageError, match="changed meanwhile"):
        stage.wait_for(apply_to_exempt(stage.desk, shown))


def test_a_sync_deleted_just_before_its_run_began_does_not_run(stage: Stage) -> None:
    sync = stage.sync("A")
    syncs.delete(stage.desk, "A")
    with pytest.raises(UsageError, match="deleted meanwhile"):
        stage.wait_for(Run(running.world(stage.desk), sync, stage.control()).execute())
    assert stage.space.runs.all() == []
    assert not stage.space.locks.held(f"sync:{sync.id}")


def test_the_state_after_a_failed_run_is_decided_in_the_commit_that_writes_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sync("A")
    get, within = stage.space.syncs.get, []

    async def fails() -> object:
        raise Unreachable("Nobody answers.")

    def looked(sync_id: str) -> object:
        within.append(stage.space.db.rows._connection.in_transaction)
        return get(sync_id)

    monkeypatch.setattr(stage.recruit, "modules", fails)
    monkeypatch.setattr(stage.space.syncs, "get", looked)
    assert stage.wait_for(Run(running.world(stage.desk), stage.desk.sync("A"), stage.control()).execute()).message
    assert within
    assert all(within)


def test_a_lock_that_another_machine_has_taken_over_is_not_released(stage: Stage) -> None:
    locks = stage.space.locks
    assert locks.take("list:z", "something") == ""
    mine = locks._shelf.get("list:z")
    assert mine is not None
    locks._shelf.put(msgspec.structs.replace(mine, host="elsewhere"))
    locks.release("list:z")
    assert locks.holder("list:z").startswith(f"process {mine.pid} on elsewhere")


def test_processes_that_create_lists_and_fields_at_once_lose_none(stage: Stage) -> None:
    assert race(stage, "create", ["A", "B"]) == ["created", "created"]
    hub = stage.space.leads.hub()
    assert hub is not None
    wanted = {f"{name} {number}" for name in ("A", "B") for number in range(CREATED)}
    assert wanted <= set(hub.lists.values())
    assert wanted <= set(hub.fields)


def at_delivery(stage: Stage, act: Callable[[], object]) -> Control:
    """A control of a run that has something happen when the run begins to deliver."""
    control = stage.control()
    tell = control.tell

    def told(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER:
            act()
        tell(event)

    control.tell = told
    return control


@pytest.mark.parametrize("before", ["nothing", "a run", "a run and a change"])
def test_rules_that_change_while_a_run_goes_on_are_followed_by_the_next(stage: Stage, before: str) -> None:
    stage.recruit.add("9", "sales@zylker.com")
    stage.sync("Newsletter")
    if before != "nothing":
        stage.run("Newsletter")
    if before == "a run and a change":
        settings.change(stage.desk, "role-names", "info")
    going = at_delivery(stage, lambda: settings.change(stage.desk, "role-names", "info, sales"))
    stage.run("Newsletter", control=going)
    after = stage.run("Newsletter")
    assert (after.full, after.why) == (True, settings.NEW_RULES)
    assert after.ignored.group_email == 1
    assert stage.space.ledger.full_fetch("Newsletter") is None


def test_a_correction_made_while_a_first_run_goes_on_is_followed_by_the_next(stage: Stage) -> None:
    stage.recruit.add("1", "ann@gmial.com")
    stage.sync("Known")
    stage.run("Known")
    [doubt] = stage.wait_for(corrections.queue(stage.desk))
    stage.sync("Newsletter", "Other")
    stage.run("Newsletter", control=at_delivery(stage, lambda: corrections.accept_all(stage.desk, [doubt])))
    assert stage.members("Other") == set()
    assert "addresses changed" in stage.run("Newsletter").why
    assert stage.members("Other") == {"ann"}


def deactivated_at_delivery(stage: Stage) -> Control:
    """A control of a run whose sync somebody deactivates when it begins to deliver."""
    return at_delivery(stage, lambda: syncs.deactivate(stage.desk, "A"))


def states_told(stage: Stage) -> list[str]:
    """What the log tells of it."""
    return [line.what for line in stage.space.log.lines() if "-> inactive" in line.what]


def test_a_state_that_somebody_gives_a_sync_while_it_runs_is_logged_once(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A", control=deactivated_at_delivery(stage))
    assert states_told(stage) == ["deactivated A: active -> inactive"]


def test_a_state_that_somebody_gives_a_sync_while_removals_are_made_is_logged_once(stage: Stage) -> None:
    records = stage.people(40)
    stage.sync("A", on_delete=LIST)
    stage.run("A")
    for record in records[:20]:
        stage.recruit.delete(record)
    held = stage.run("A")
    stage.wait_for(running.approve(stage.desk, held.id, deactivated_at_delivery(stage)))
    assert states_told(stage) == ["deactivated A: active -> inactive"]


def test_an_approval_that_waited_for_the_list_heeds_the_policies_of_then(stage: Stage) -> None:
    records = stage.people(30)
    sync = stage.sync("A", on_delete=LIST)
    stage.run("A")
    stage.recruit.delete(*records[:12])
    held, lock = stage.run("A"), list_lock(sync.list_key)

    async def edited_while_it_waits() -> RunSummary:
        assert stage.space.locks.take(lock, "a run of another sync") == ""
        approving = asyncio.ensure_future(running.approve(stage.desk, held.id, stage.control()))
        await asyncio.sleep(0)
        stage.change("A", policies=Policies())
        stage.space.locks.release(lock)
        return await approving

    run = stage.wait_for(edited_while_it_waits())
    assert (run.counts.deleted, run.withheld, len(stage.members())) == (0, 0, 30)
    assert any("stay by the rules of now" in note for note in run.notes)
