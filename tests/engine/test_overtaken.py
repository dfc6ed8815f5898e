"""What came to be known after a plan, a failure or a withheld removal: it is heeded before anything is done for anyone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from tests.contract.wire_fixtures import Line, Reply, Script, as_json, scripted_run
from tests.engine.flaky import FlakyHub, Trouble, over_a_flaky_line
from tests.engine.office import Office
from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of, reconciled
from tui_sync.engine.control import Control
from tui_sync.engine.run import Run
from tui_sync.model.errors import CallRejected, PersonError, SourceGone, UsageError
from tui_sync.model.events import Event, Phase, PhaseStarted
from tui_sync.model.hub import HubCall
from tui_sync.model.ledger import (
    HUB_SCOPE,
    Bar,
    Mark,
    Membership,
    MembershipState,
    bar_key,
    membership_key,
)
from tui_sync.model.outcomes import Cause, Reason, Result, RunSummary, Status
from tui_sync.model.sync import Condition, Selection, SelectionKind, SyncState
from tui_sync.services import people, running, syncs

NEW, RE_ADDED, IGNORED = Status.NEW, Status.RE_ADDED, Status.IGNORED
MODULES, FIELDS = "/recruit/v2/settings/modules", "/recruit/v2/settings/fields"
IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
VIEW_OF_PUNE = Selection(kind=SelectionKind.VIEW, view_id="pune", view_name="Pune")


def with_candidates(script: Script, fields: Reply) -> None:
    """Serve an account that lists Candidates and answers so when asked for the fields."""
    modules = [{"api_name": "Candidates", "generated_type": "default", "api_supported": True}]
    script.on(MODULES, as_json({"modules": modules}))
    script.on(FIELDS, fields)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_says_nothing_about_a_module(status: int) -> None:
    async def scenario(script: Script, connection: Line) -> None:
        with_candidates(script, as_json({}, status, retry_after="0"))
        with pytest.raises(CallRejected) as raised:
            await connection.recruit().module("Candidates")
        assert raised.value.status == status

    scripted_run(scenario)


def test_a_module_that_recruit_refuses_is_unavailable_and_says_why() -> None:
    async def scenario(script: Script, connection: Line) -> None:
        with_candidates(script, as_json({"code": "INVALID_MODULE", "message": "hidden", "status": "error"}, 400))
        module = await connection.recruit().module("Candidates")
        assert module is not None
        assert not module.available
        assert module.reason

    scripted_run(scenario)


@pytest.mark.parametrize("status", [429, 500])
def test_faults_to_the_last_repetition_fail_the_run_and_leave_the_sync_active(office: Office, status: int) -> None:
    office.candidate("ann@zylker.com")
    office.sync("Everyone")
    office.fault(kind="status", status=status, count=6, path=FIELDS, retry_after=0)
    run = office.run("Everyone")
    assert (run.result, str(status) in run.message) == (Result.FAILED, True)
    assert office.desk.sync("Everyone").state is SyncState.ACTIVE
    assert office.org.faults.active() == []
    assert office.run("Everyone").counts.new == 1


def test_a_broken_sync_is_activated_again_and_runs(stage: Stage) -> None:
    def gone(page: int) -> None:
        raise SourceGone("The view of the sync is no longer in Recruit's Candidates.")

    stage.people(2)
    stage.sync("Newsletter")
    answering, stage.recruit.on_page = stage.recruit.on_page, gone
    stage.run("Newsletter")
    assert stage.desk.sync("Newsletter").state is SyncState.BROKEN
    stage.recruit.on_page = answering
    with pytest.raises(UsageError, match="is broken"):
        stage.run("Newsletter")
    mended = syncs.activate(stage.desk, "Newsletter")
    assert (mended.state, mended.reason) == (SyncState.ACTIVE, "")
    run = stage.run("Newsletter")
    assert (run.result, run.counts.new) == (Result.COMPLETED, 2)


def test_a_sync_that_is_not_mended_breaks_again(stage: Stage) -> None:
    def gone(page: int) -> None:
        raise SourceGone("The view of the sync is no longer in Recruit's Candidates.")

    stage.sync("Newsletter")
    stage.recruit.on_page = gone
    stage.run("Newsletter")
    syncs.activate(stage.desk, "Newsletter")
    assert stage.run("Newsletter").result is Result.FAILED
    assert stage.desk.sync("Newsletter").state is SyncState.BROKEN


def once_planned(stage: Stage, act: Callable[[], None]) -> Control:
    """A control under which something happens between the plan and the first call."""

    def tell(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER:
            act()

    return running.control(stage.desk, tell)


def taken_out(stage: Stage) -> Membership:
    key = stage.desk.sync("Newsletter").list_key
    return Membership(
        key=membership_key(key, email_of("2")), list_key=key, state=MembershipState.BY_HAND, since=stage.clock.now()
    )


def barred(stage: Stage, cause: Cause) -> Bar:
    email, origin = email_of("2"), "Contacts/900"
    return Bar(
        key=bar_key(HUB_SCOPE, email, origin, cause), email=email, scope=HUB_SCOPE, cause=cause, origin=origin,
        sync="Contacts", since=stage.clock.now(),
    )  # fmt: skip


NEWS: dict[str, tuple[Callable[[Stage], object], Reason]] = {
    "taken out by hand": (taken_out, Reason.UNSUBSCRIBED),
    "opted out of the hub": (lambda stage: barred(stage, Cause.OPTED_OUT), Reason.OPTED_OUT),
    "converted and out of the hub": (lambda stage: barred(stage, Cause.CONVERTED), Reason.CONVERTED),
    "Do-Not-Mail": (lambda stage: Mark(email=email_of("2"), blocked="the hub answered 2006"), Reason.DO_NOT_MAIL),
    "suppressed": (lambda stage: Mark(email=email_of("2"), suppressed="a complaint"), Reason.DO_NOT_MAIL),
}


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize(("news", "reason"), NEWS.values(), ids=NEWS.keys())
def test_what_bars_a_person_between_plan_and_delivery_keeps_them_out(
    stage: Stage, news: Callable[[Stage], object], reason: Reason, network: bool
) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    if network:
        over_a_flaky_line(stage)
    run = stage.run("Newsletter", control=once_planned(stage, lambda: stage.space.ledger.put(news(stage))))
    assert stage.decisions(run) == {"1": (NEW, None), "2": (IGNORED, reason), "3": (NEW, None)}
    assert {call.email for call in stage.writes} == {email_of("1"), email_of("3")}
    assert (run.counts.new, run.counts.ignored, reconciled(run)) == (2, 1, True)
    assert stage.decisions(stage.run("Newsletter", full=True))["2"] == (IGNORED, reason)
    assert stage.members() == {"p1", "p3"}


def test_a_person_taken_out_while_a_run_delivers_is_taken_out_after_it_and_stays_out(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    over_a_flaky_line(stage)

    async def both() -> RunSummary:
        delivering = asyncio.Event()
        control = once_planned(stage, delivering.set)
        run = asyncio.create_task(running.start(stage.desk, "Newsletter", control))
        await delivering.wait()
        assert stage.writes == []
        await people.remove(stage.desk, email_of("2"), "Zylker")
        assert run.done()
        return await run

    assert stage.wait_for(both()).counts.new == 3
    assert stage.members() == {"p1", "p3"}
    stage.recruit.edit("2", City="Madurai")
    stage.writes.clear()
    assert stage.decisions(stage.run("Newsletter"))["2"] == (IGNORED, Reason.UNSUBSCRIBED)
    assert stage.writes == []


def test_who_leaves_the_whole_hub_by_another_run_before_their_turn_in_a_page_is_not_noted_in_the_list_again(stage: Stage) -> None:
    stage.people(2)
    stage.sync("First")
    stage.sync("Second", "Other", on_opt_out=HUB)
    for name in ("First", "Second"):
        stage.run(name)
    for record in ("1", "2"):
        stage.recruit.edit(record, City="Madurai")
    others: list[RunSummary] = []

    class Meanwhile(FlakyHub):
        removal_blocks = True

        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            if calls[0].email == email_of("1") and not others:
                stage.recruit.edit("2", opted_out=True)
                others.append(await running.start(stage.desk, "Second", stage.control()))
            return await super().deliver(calls)

    stage.open_hub = lambda monitor: Meanwhile(stage, monitor, Trouble())
    run = stage.run("First")
    assert stage.removals(others[0]) == {"2": "opted_out"}
    assert stage.decisions(run)["2"] == (IGNORED, Reason.DO_NOT_MAIL)
    states = {membership.state for membership in stage.space.ledger.memberships_of([email_of("2")])}
    assert states == {MembershipState.REMOVED}


def second_failed(stage: Stage, **sync: object) -> RunSummary:
    """A run of three people of whom the second was not delivered; the calls on record begin behind it."""
    stage.people(3)
    stage.sync("Newsletter", **sync)  # type: ignore[arg-type]
    over_a_flaky_line(stage).on(email_of("2"), "failed")
    run = stage.run("Newsletter")
    assert (run.result, run.failed, run.counts.new) == (Result.COMPLETED_WITH_ERRORS, 1, 2)
    stage.writes.clear()
    return run


def test_a_failed_person_who_opted_out_meanwhile_is_not_delivered_by_retry(stage: Stage) -> None:
    run = second_failed(stage, on_opt_out=LIST)
    stage.recruit.edit("2", opted_out=True)
    run = stage.retry(run)
    assert stage.decisions(run)["2"] == (IGNORED, Reason.OPTED_OUT)
    assert (stage.writes, stage.members()) == ([], {"p1", "p3"})
    assert (run.failed, run.counts.total, reconciled(run)) == (0, 3, True)


def test_a_failed_person_who_opted_out_meanwhile_is_delivered_by_retry_under_keep(stage: Stage) -> None:
    run = second_failed(stage, on_opt_out=KEEP)
    stage.recruit.edit("2", opted_out=True)
    assert stage.decisions(stage.retry(run))["2"] == (NEW, None)


def test_a_failed_person_is_delivered_by_retry_as_their_record_is_now(stage: Stage) -> None:
    run = second_failed(stage)
    stage.recruit.edit("2", City="Madurai")
    stage.retry(run)
    assert stage.lead(email_of("2")) == {"First Name": "F2", "City": "Madurai"}


def test_a_failed_person_whose_record_was_deleted_is_not_delivered_by_retry(stage: Stage) -> None:
    run = second_failed(stage)
    stage.recruit.delete("2")
    run = stage.retry(run)
    assert (stage.writes, stage.members(), run.failed) == ([], {"p1", "p3"}, 0)
    assert stage.decisions(stage.run("Newsletter")) == {}


@pytest.mark.parametrize("selection", [IN_PUNE, VIEW_OF_PUNE], ids=["criteria", "view"])
def test_a_failed_person_who_left_the_selection_is_not_delivered_by_the_next_full_run(
    stage: Stage, selection: Selection
) -> None:
    stage.recruit.views_by_id["pune"] = lambda row: row.values["City"] == "Pune"
    second_failed(stage, selection=selection)
    stage.recruit.edit("2", City="Madurai")
    run = stage.run("Newsletter", full=True)
    assert set(stage.decisions(run)) == {"1", "3"}
    assert (stage.writes, stage.members(), run.failed) == ([], {"p1", "p3"}, 0)
    assert "2" not in stage.decisions(stage.run("Newsletter"))


def test_a_failed_person_and_a_new_record_with_the_same_address_are_one(stage: Stage) -> None:
    second_failed(stage)
    stage.recruit.add("9", email_of("2"))
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"9": (NEW, None), "2": (IGNORED, Reason.FILE_DUPLICATE)}
    assert [call.email for call in stage.writes] == [email_of("2")]
    assert (run.result, run.failed, reconciled(run)) == (Result.COMPLETED, 0, True)


def test_a_withheld_deletion_whose_record_came_back_but_matches_no_more_removes_nobody(stage: Stage) -> None:
    records = stage.people(40)
    stage.sync("Newsletter", on_delete=LIST, selection=IN_PUNE)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    assert stage.run("Newsletter").withheld == 12
    for record in records[:12]:
        stage.recruit.add(record, email_of(record), City="Madurai")
    run = stage.run("Newsletter")
    assert (run.result, run.withheld, run.counts.deleted) == (Result.COMPLETED, 0, 0)
    assert (stage.space.ledger.pending(), len(stage.members())) == ([], 40)


def test_the_deletion_of_a_record_that_was_never_selected_nor_delivered_removes_nobody(stage: Stage) -> None:
    """The person came by another record, which has left the selection since: no live record holds them."""
    stage.recruit.add("1", email_of("1"))
    stage.recruit.add("2", email_of("1"), City="Madurai")
    stage.sync("Newsletter", on_delete=LIST, selection=IN_PUNE)
    stage.run("Newsletter")
    stage.recruit.edit("1", City="Madurai")
    stage.run("Newsletter")
    stage.recruit.delete("2")
    assert stage.removals(stage.run("Newsletter")) == {}
    assert stage.members() == {"p1"}
    stage.recruit.delete("1")
    assert stage.removals(stage.run("Newsletter")) == {"1": "deleted"}


def test_who_was_erased_from_the_hub_is_re_added_though_taken_out_of_another_list_by_hand(stage: Stage) -> None:
    stage.people(2)
    stage.sync("First", on_delete=HUB)
    stage.sync("Second", "Other")
    for name in ("First", "Second"):
        stage.run(name)
    stage.remove(email_of("1"), "Other")
    stage.recruit.delete("1")
    assert stage.removals(stage.run("First")) == {"1": "deleted"}
    assert stage.lead(email_of("1")) is None
    stage.recruit.add("1", email_of("1"))
    assert stage.decisions(stage.run("First")) == {"1": (RE_ADDED, None)}
    assert stage.decisions(stage.run("Second"))["1"] == (IGNORED, Reason.UNSUBSCRIBED)
    assert (stage.members(), stage.members("Other")) == ({"p1", "p2"}, {"p2"})


def test_a_removal_that_fails_keeps_what_the_hub_said(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete("1")
    trouble.on(email_of("1"), "failed")
    run = stage.run("Newsletter")
    [pending] = stage.space.ledger.pending()
    assert (pending.email, pending.run, pending.withheld) == (email_of("1"), run.id, False)
    assert pending.message == "try again later"


def test_what_another_program_did_while_a_run_waited_to_begin_is_not_told_as_the_doing_of_the_run(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    waiting = Run(running.world(stage.desk), stage.desk.sync("A"), stage.control())
    syncs.deactivate(stage.desk, "A")
    assert stage.wait_for(waiting.execute()).result is Result.COMPLETED
    told = [line.what for line in stage.space.log.lines()]
    assert [what for what in told if "active -> inactive" in what] == ["deactivated A: active -> inactive"]
