"""Who is exempt from a policy, and applying it to them too: what acts then, under the guard, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of
from tests.engine.turns import beside
from tui_sync.model.errors import AlreadyRunning, RunError
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Cause, Result
from tui_sync.model.sync import Policies
from tui_sync.services import policies, running
from tui_sync.services.policies import Applied, Exempt
from tui_sync.store.rowfile import Statement


def exempt(stage: Stage, name: str = "News", new: Policies | None = None) -> Exempt:
    """Who is exempt."""
    return stage.wait_for(policies.exempt(stage.desk, stage.desk.sync(name), new))


def apply(stage: Stage, name: str = "News") -> Applied:
    """Apply the policies to everybody who is exempt."""
    return stage.wait_for(policies.apply_to_exempt(stage.desk, stage.desk.sync(name)))


def test_the_exempt_are_counted_for_each_policy_that_became_stronger(stage: Stage) -> None:
    stage.people(3)
    stage.sync("News", on_opt_out=LIST, on_delete=KEEP)
    stage.run("News")
    assert exempt(stage) == Exempt()
    found = exempt(stage, new=Policies(HUB, None, LIST))
    assert (found.people, dict(found.by_policy)) == (3, {"on_opt_out": 3, "on_delete": 3, "on_convert": 3})
    stage.change("News", policies=Policies(LIST, LIST))
    stage.people(1, first=4)
    stage.run("News")
    assert (exempt(stage).people, dict(exempt(stage).by_policy)) == (3, {"on_delete": 3})


def test_who_left_is_not_exempt_any_more(stage: Stage) -> None:
    stage.people(2)
    stage.sync("News")
    stage.run("News")
    stage.remove("p1@zylker.com")
    assert exempt(stage, new=Policies(LIST)).people == 1


def test_opted_out_and_converted_people_are_decided_anew_by_a_full_run(stage: Stage) -> None:
    stage.people(3)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST, KEEP, LIST))
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.edit("2", converted=True)
    stage.run("News")
    assert stage.members() == {"p1", "p2", "p3"}
    assert dict(exempt(stage).leaving) == {Cause.OPTED_OUT: 1, Cause.CONVERTED: 1}
    apply(stage)
    assert exempt(stage) == Exempt()
    run = stage.run("News")
    assert (run.full, run.why) == (True, policies.BECAUSE)
    assert stage.removals(run) == {"1": "opted_out", "2": "converted"}
    assert stage.members() == {"p3"}
    assert not stage.run("News").full


def test_whose_other_record_is_opted_out_is_among_those_who_would_leave(stage: Stage) -> None:
    stage.people(2)
    stage.recruit.add("9", email_of("1"))
    stage.recruit.edit("9", opted_out=True)
    stage.recruit.edit("1", City="Graz")  # modified last, so it stands for the person
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST, KEEP))
    assert dict(exempt(stage).leaving) == {Cause.OPTED_OUT: 1}
    apply(stage)
    assert set(stage.removals(stage.run("News")).values()) == {"opted_out"}
    assert stage.members() == {"p2"}


def test_jane_may_let_the_eight_go_after_all(stage: Stage) -> None:
    stage.people(50)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete(*map(str, range(1, 9)))
    stage.run("News")
    assert len(stage.members()) == 50
    assert exempt(stage).leaving == ((Cause.DELETED, 8),)
    apply(stage)
    run = stage.run("News")
    assert stage.removals(run) == dict.fromkeys(map(str, range(1, 9)), "deleted")
    assert len(stage.members()) == 42


def test_what_it_removes_meets_the_guard(stage: Stage) -> None:
    stage.people(50)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete(*map(str, range(1, 21)))
    stage.run("News")
    apply(stage)
    run = stage.run("News")
    assert (run.result, run.withheld, len(stage.members())) == (Result.HELD, 20, 50)
    stage.approve(run)
    assert len(stage.members()) == 30


def test_a_changed_address_and_a_record_that_came_back(stage: Stage) -> None:
    stage.people(3)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.edit("1", Email="new1@zylker.com")
    stage.recruit.delete("2")
    stage.run("News")
    assert dict(exempt(stage).leaving) == {Cause.ADDRESS_CHANGED: 1, Cause.DELETED: 1}
    apply(stage)
    stage.recruit.add("2", "p2@zylker.com")
    run = stage.run("News")
    assert stage.removals(run) == {"1": "address_changed"}
    assert stage.members() == {"new1", "p2", "p3"}


def test_another_live_record_with_the_address_still_keeps_the_person(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("c1", "p1@zylker.com", module="Contacts")
    stage.sync("News")
    stage.sync("Contacts", module="Contacts")
    stage.run("News")
    stage.run("Contacts")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete("1")
    stage.run("News")
    apply(stage)
    assert stage.removals(stage.run("News")) == {}
    assert stage.members() == {"p1"}


def test_it_can_be_taken_back_before_the_next_run(stage: Stage) -> None:
    stage.people(2)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete("1")
    stage.run("News")
    applied = apply(stage)
    stage.wait_for(policies.take_back(stage.desk, stage.desk.sync("News"), applied))
    assert exempt(stage).people == 2
    assert stage.removals(stage.run("News")) == {}
    assert stage.members() == {"p1", "p2"}


def test_a_stored_policy_that_is_stronger_stays(stage: Stage) -> None:
    stage.people(1)
    stage.sync("News", on_convert=HUB)
    stage.run("News")
    stage.change("News", policies=Policies(LIST, KEEP, LIST))
    apply(stage)
    stage.change("News", policies=Policies(LIST, KEEP, HUB))
    assert exempt(stage) == Exempt()


def test_a_running_sync_is_left_alone_and_what_was_done_is_on_record(stage: Stage) -> None:
    stage.people(1)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.space.locks.take(f"list:{stage.desk.sync('News').list_key}", "a run")
    with pytest.raises(AlreadyRunning):
        apply(stage)
    stage.space.locks.release(f"list:{stage.desk.sync('News').list_key}")
    apply(stage)
    told = [line.what for line in stage.space.log.lines()]
    now = "on_opt_out remove-from-list, on_delete remove-from-list"
    expected = f"applied the policies of News to 1 person exempt from them: {now}"
    assert told[-1] == expected


def applied_to(stage: Stage, people: int, monkeypatch: pytest.MonkeyPatch) -> Applied:
    """The policies applied to so many people, two at a time, the record of one of whom was deleted before."""
    monkeypatch.setattr(policies, "PAGE", 2)
    stage.people(people)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete("3")
    stage.run("News")
    return apply(stage)


def test_applying_and_taking_back_are_one_commit_each_and_others_have_their_turns(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied = applied_to(stage, 9, monkeypatch)
    commit, commits = stage.space.db.commit, list[int]()

    async def watched(statements: Sequence[Statement]) -> None:
        commits.append(len(statements))
        await commit(statements)

    monkeypatch.setattr(stage.space.db, "commit", watched)
    _, turns = stage.wait_for(beside(policies.take_back(stage.desk, stage.desk.sync("News"), applied)))
    assert turns >= 9 // policies.PAGE
    assert exempt(stage).people == 9
    _, turns = stage.wait_for(beside(policies.apply_to_exempt(stage.desk, stage.desk.sync("News"))))
    assert turns >= 2 * 9 // policies.PAGE, "counting them and making the commit"
    assert exempt(stage).people == 0
    assert len(commits) == 2


class Killed(BaseException):
    """The process ends here: nothing behind it is done."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_within_taking_back_everybody_is_as_before_it_or_as_after_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    applied, sync = applied_to(stage, 9, monkeypatch), stage.desk.sync("News")
    commit, before = stage.space.db.commit, stage.dump()

    async def last_act(statements: Sequence[Statement]) -> None:
        if when == "after":
            await commit(statements)
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(stage.space.db, "commit", last_act)
        with pytest.raises(Killed):
            stage.wait_for(policies.take_back(stage.desk, sync, applied))
    if when == "before":
        assert stage.dump() == before
        stage.wait_for(policies.take_back(stage.desk, sync, applied))
    assert exempt(stage).people == 9
    assert stage.space.ledger.pending() == []
    assert [line.what for line in stage.space.log.lines()][-1].startswith("took back that the policies of News apply")
    assert stage.removals(stage.run("News")) == {}


def test_killed_within_applying_nobody_is_applied_to_and_nothing_is_asked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "PAGE", 2)
    stage.people(9)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    before = stage.dump()

    async def last_act(_: Sequence[Statement]) -> None:
        raise Killed

    monkeypatch.setattr(stage.space.db, "commit", last_act)
    with pytest.raises(Killed):
        apply(stage)
    assert stage.dump() == before


def test_taking_back_that_broke_off_is_done_when_it_is_called_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    applied, sync = applied_to(stage, 9, monkeypatch), stage.desk.sync("News")

    async def full_disk(_: Sequence[Statement]) -> None:
        raise RunError("No space is left.")

    with monkeypatch.context() as broken:
        broken.setattr(stage.space.db, "commit", full_disk)
        with pytest.raises(RunError):
            stage.wait_for(policies.take_back(stage.desk, sync, applied))
    assert exempt(stage).people == 0
    assert [removal.record for removal in stage.space.ledger.pending()] == ["3"]
    for _ in range(2):
        stage.wait_for(policies.take_back(stage.desk, sync, applied))
        assert exempt(stage).people == 9
        assert stage.space.ledger.pending() == []
    assert stage.removals(stage.run("News")) == {}


def test_taking_back_waits_for_the_end_of_a_run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = applied_to(stage, 3, monkeypatch)
    assert not stage.space.locks.take("sync:News", "a run")
    with pytest.raises(AlreadyRunning):
        stage.wait_for(policies.take_back(stage.desk, stage.desk.sync("News"), applied))
    assert exempt(stage).people == 0


def test_the_policies_of_somebody_decided_anew_since_are_not_taken_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = applied_to(stage, 3, monkeypatch)
    sync = stage.desk.sync("News")
    member = next(iter(stage.space.ledger.memberships_in(sync.list_key)))
    fetched = msgspec.structs.replace(member.by["News"], policies=Policies(HUB))
    stage.space.ledger.put(msgspec.structs.replace(member, by={"News": fetched}))
    stage.wait_for(policies.take_back(stage.desk, sync, applied))
    assert exempt(stage).people == 2


def test_a_person_is_never_left_with_the_policies_applied_and_their_removal_not_noted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.people(3)
    stage.sync("News")
    stage.run("News")
    stage.change("News", policies=Policies(LIST))
    stage.recruit.delete("2")
    stage.run("News")

    def full_disk(_: object) -> None:
        raise RunError("No space is left.")

    with monkeypatch.context() as broken:
        broken.setattr(stage.space.ledger._pending, "put_many", full_disk)
        with pytest.raises(RunError):
            apply(stage)
    assert exempt(stage).people == 3
    apply(stage)
    assert stage.removals(stage.run("News")) == {"2": "deleted"}


@pytest.mark.parametrize("taken_back", [False, True])
def test_whom_another_list_s_run_takes_out_of_the_hub_meanwhile_stays_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, taken_back: bool
) -> None:
    stage.people(2)
    stage.sync("News", on_opt_out=KEEP)
    stage.sync("Other", on_opt_out=HUB, list_name="Other")
    stage.run("News")
    stage.run("Other")
    stage.change("News", policies=Policies(LIST))
    applied = apply(stage) if taken_back else None
    stage.recruit.edit("1", opted_out=True)
    commit, others = stage.space.ledger.commit, [True]

    async def after_the_other_run(gathered: Sequence[Statement]) -> None:
        if others.pop() if others else False:
            await running.start(stage.desk, "Other", stage.control())
        await commit(gathered)

    monkeypatch.setattr(stage.space.ledger, "commit", after_the_other_run)
    if applied is None:
        apply(stage)
    else:
        stage.wait_for(policies.take_back(stage.desk, stage.desk.sync("News"), applied))
    assert {member.state for member in stage.space.ledger.memberships_of([email_of("1")])} == {MembershipState.GONE}
    [other] = [m for m in stage.space.ledger.memberships_of([email_of("2")]) if "News" in m.by]
    assert other.by["News"].policies.on_opt_out is (KEEP if taken_back else LIST)
