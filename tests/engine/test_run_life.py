"""A run among others: dry runs, runs that wait or are refused, and what a run's end means for its sync."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence

import msgspec
import pytest

from tests.engine.flaky import over_a_flaky_line
from tests.engine.office import Office
from tests.engine.stage import HUB, LIST, Stage, WatchedHub, email_of
from tests.engine.turns import beside
from tui_sync.engine.run import Run
from tui_sync.model.errors import AlreadyRunning, PersonError, SourceGone, Unreachable, UsageError
from tui_sync.model.events import Event, Phase, PhaseStarted, Waiting, alike
from tui_sync.model.hub import HubCall
from tui_sync.model.outcomes import Outcome, Result, RunSummary
from tui_sync.model.sync import Frequency, Selection, SelectionKind, SyncState, Trouble
from tui_sync.present.runs import delivery_words
from tui_sync.services import people, running


def everything_at_once(stage: Stage) -> None:
    """A workspace in which the next run has something of every kind to do."""
    records = stage.people(60)
    stage.sync("Newsletter", on_opt_out=LIST, on_convert=HUB)
    stage.run("Newsletter")
    stage.clock.pass_by(days=1)
    stage.recruit.delete(*records[:12])
    stage.recruit.edit("20", opted_out=True)
    stage.recruit.edit("21", converted=True)
    stage.recruit.edit("22", City="Madurai")
    stage.recruit.edit("23", Email="b@zylker.com")
    stage.recruit.edit("24", Email="no address")
    stage.recruit.add("25b", email_of("25"))
    stage.people(2, first=101)


def same(run: RunSummary, foreseen: RunSummary) -> bool:
    return (run.counts, run.ignored, run.withheld, run.read, run.full, run.why, run.notes) == (
        (foreseen.counts, foreseen.ignored, foreseen.withheld, foreseen.read, foreseen.full, foreseen.why, foreseen.notes)
    )


def sorted_outcomes(outcomes: list[Outcome]) -> list[tuple[str, str, str | None, str | None]]:
    return sorted((o.record_id, o.status.value, o.reason or o.cause, o.detail) for o in outcomes)


@pytest.mark.parametrize("full", [False, True])
def test_a_dry_run_leaves_no_trace_and_foresees_the_run_that_follows(stage: Stage, full: bool) -> None:
    everything_at_once(stage)
    del stage.recruit.rows["60"]
    stage.clock.pass_by(minutes=20)
    before = stage.dump()
    preview = stage.preview("Newsletter", full=full)
    foreseen = sorted_outcomes(list(preview.outcomes()))
    assert stage.dump() == before
    stage.writes.clear()
    run = stage.run("Newsletter", full=full)
    assert same(run, preview.summary)
    assert foreseen == sorted_outcomes(list(running.outcomes(stage.desk, run.id)))
    assert len(stage.writes) == preview.calls
    assert run.withheld == 15


@pytest.mark.parametrize("state", SyncState)
def test_a_sync_is_run_dry_in_every_state(stage: Stage, state: SyncState) -> None:
    stage.people(3)
    stage.sync("News")
    stage.change("News", state=state, reason="Somebody said so.")
    before = stage.dump()
    assert stage.preview("News").summary.counts.new == 3
    assert stage.dump() == before


def test_others_have_their_turns_while_a_dry_run_of_many_is_counted_and_its_outcomes_are_made(stage: Stage) -> None:
    stage.people(3000)
    stage.sync("News")
    preview = stage.preview("News")
    everybody, turns = stage.wait_for(beside(preview.everybody()))
    assert everybody == tuple(preview.outcomes())
    assert turns >= 3000 / 500
    _, turns = stage.wait_for(beside(preview._plan.summary(preview.summary)))
    assert turns >= 3000 / 500
    assert preview.summary.counts.new == 3000


def test_a_dry_run_over_the_wire_makes_no_write_and_leaves_no_trace(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.note_list("Fresh")
    office.sync("Everyone", "Fresh")
    lists = [known.name for known in office.org.leads.lists()]
    preview = office.wait_for(running.preview(office.desk, "Everyone", office.control()))
    assert (preview.summary.counts.new, preview.summary.id, office.calls) == (1, "", [])
    assert running.listing(office.desk) == []
    assert [known.name for known in office.org.leads.lists()] == lists
    assert office.run("Everyone").counts == preview.summary.counts


def test_two_runs_of_one_list_wait_for_each_other(stage: Stage) -> None:
    for number in range(10):
        stage.recruit.add(str(number), f"candidate{number}@zylker.com")
        stage.recruit.add(f"90{number}", f"contact{number}@zylker.com", module="Contacts")
    stage.sync("First")
    stage.sync("Second", module="Contacts")
    over_a_flaky_line(stage)

    async def both() -> list[RunSummary]:
        return await asyncio.gather(*(running.start(stage.desk, name, stage.control()) for name in ("First", "Second")))

    first, second = stage.wait_for(both())
    assert (first.result, second.result, first.counts.new, second.counts.new) == (*[Result.COMPLETED] * 2, 10, 10)
    order = [call.email.rstrip("0123456789@.zylkercom")[:3] for call in stage.writes]
    assert order in (["can"] * 10 + ["con"] * 10, ["con"] * 10 + ["can"] * 10)
    told = [event for event in stage.events if isinstance(event, Waiting)]
    assert {event.why.partition(":")[0] for event in told} == {"waiting for the list Zylker"}
    assert {event.until for event in told} == {None}, "nobody knows when the other one is through"


def test_two_runs_of_two_lists_go_on_at_once(stage: Stage) -> None:
    stage.people(10)
    stage.sync("First")
    stage.sync("Second", "Other")
    over_a_flaky_line(stage)

    async def both() -> list[RunSummary]:
        return await asyncio.gather(*(running.start(stage.desk, name, stage.control()) for name in ("First", "Second")))

    assert [run.result for run in stage.wait_for(both())] == [Result.COMPLETED] * 2
    assert not any(isinstance(event, Waiting) for event in stage.events)
    assert stage.members() == stage.members("Other")


def test_two_runs_that_write_the_leads_of_the_same_people_at_once_put_them_into_both_lists(stage: Stage) -> None:
    stage.people(900)
    stage.sync("First")
    stage.sync("Second", "Other")

    async def both() -> list[RunSummary]:
        return await asyncio.gather(*(running.start(stage.desk, name, stage.control()) for name in ("First", "Second")))

    assert [(run.counts.new, run.counts.duplicate) for run in stage.wait_for(both())] == [(900, 0), (0, 900)]
    assert (len(stage.members()), len(stage.members("Other"))) == (900, 900)
    assert any(isinstance(event, Waiting) and "waiting for the mailing lists" in event.why for event in stage.events)


def test_a_removal_by_hand_waits_until_a_run_of_another_list_has_written_the_hub(stage: Stage) -> None:
    stage.people(900)
    stage.sync("First")
    stage.run("First")
    stage.sync("Second", "Other")

    async def both() -> None:
        writing = asyncio.Event()

        def told(event: Event) -> None:
            if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER:
                writing.set()

        telling = running.control(stage.desk, told)
        run = asyncio.ensure_future(running.start(stage.desk, "Second", telling))
        await writing.wait()
        for number in range(1, 900, 100):
            await people.remove(stage.desk, email_of(str(number)), "Zylker")
        await run

    stage.wait_for(both())
    assert (len(stage.members()), len(stage.members("Other"))) == (891, 900)


def test_the_same_sync_never_runs_twice_at_once(stage: Stage) -> None:
    stage.people(10)
    stage.sync("Newsletter")
    over_a_flaky_line(stage)

    async def both() -> list[RunSummary | BaseException]:
        twice = (running.start(stage.desk, "Newsletter", stage.control()) for _ in range(2))
        return await asyncio.gather(*twice, return_exceptions=True)

    one, other = stage.wait_for(both())
    assert isinstance(one, RunSummary)
    assert isinstance(other, AlreadyRunning)
    assert "is running already: process" in other.sentence
    assert [run.id for run in running.listing(stage.desk)] == [one.id]
    assert stage.run("Newsletter").result is Result.COMPLETED


def test_a_run_starts_when_it_has_the_sync_to_itself_and_not_when_it_was_asked_for(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    late = Run(running.world(stage.desk), stage.desk.sync("Newsletter"), stage.control())
    before = stage.run("Newsletter")
    stage.clock.pass_by(minutes=5)
    after = stage.wait_for(late.execute())
    assert before.finished is not None
    assert before.finished < after.started == stage.clock.now()
    assert stage.desk.run(after.id).started == after.started


def state(stage: Stage, name: str) -> SyncState:
    return stage.desk.sync(name).state


def test_a_one_time_sync_is_completed_when_a_run_of_it_ends_and_may_run_again(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Once", frequency=Frequency.ONCE)
    stage.run("Once")
    assert state(stage, "Once") is SyncState.COMPLETED
    assert stage.run("Once").result is Result.COMPLETED
    assert state(stage, "Once") is SyncState.COMPLETED
    stage.sync("Daily")
    stage.run("Daily")
    assert state(stage, "Daily") is SyncState.ACTIVE


def test_a_one_time_sync_is_completed_by_a_held_run_and_one_with_errors_but_not_by_a_failed_one(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Once", on_delete=LIST, frequency=Frequency.ONCE)
    trouble = over_a_flaky_line(stage)

    def fail(page: int) -> None:
        raise Unreachable("the host gave no answer.")

    works, stage.recruit.on_page = stage.recruit.on_page, fail
    assert stage.run("Once").result is Result.FAILED
    assert state(stage, "Once") is SyncState.ACTIVE
    stage.recruit.on_page = works
    trouble.on(email_of("1"), "failed")
    assert stage.run("Once").result is Result.COMPLETED_WITH_ERRORS
    assert state(stage, "Once") is SyncState.COMPLETED
    stage.change("Once", state=SyncState.ACTIVE)
    stage.recruit.delete(*records[5:25])
    assert stage.run("Once").result is Result.HELD
    assert state(stage, "Once") is SyncState.COMPLETED


class GoneHub(WatchedHub):
    """A hub whose list vanishes under the run."""

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """No list any more."""
        raise SourceGone("The list of the sync is no longer at the hub.")


def test_a_list_that_vanishes_in_deliver_breaks_the_sync_and_counts_what_was_recorded(stage: Stage) -> None:
    stage.people(2)
    stage.recruit.add("0", "no address")
    stage.sync("Newsletter")
    stage.open_hub = lambda monitor: GoneHub(stage.space.leads, monitor, stage.writes)
    run = stage.run("Newsletter")
    assert (run.result, run.counts.total, stage.decisions(run)) == (Result.FAILED, 0, {})
    assert state(stage, "Newsletter") is SyncState.BROKEN


def test_a_vanished_view_breaks_the_sync(stage: Stage) -> None:
    stage.people(2)
    view = Selection(kind=SelectionKind.VIEW, view_id="gone", view_name="Gone")
    stage.sync("Newsletter", selection=view)

    run = stage.run("Newsletter")
    assert run.result is Result.FAILED
    assert (state(stage, "Newsletter"), stage.desk.sync("Newsletter").trouble) == (SyncState.BROKEN, Trouble.VIEW)
    assert run.message == f'{stage.desk.sync("Newsletter").reason} Mend it: tui-sync repair Newsletter'
    with pytest.raises(UsageError, match="is broken"):
        stage.run("Newsletter")


def test_a_vanished_view_and_a_vanished_list_break_the_sync_over_the_wire(office: Office) -> None:
    office.candidate("ann@zylker.com")
    view = next(view for view in office.org.views.of(office.module("Contacts")) if view.name == "Partner contacts")
    office.sync("View", "Newsletter", module="Contacts", select="view", view=view.name)
    office.sync("List", "Alumni")
    office.org.views.rename(str(view.id), "Renamed")
    assert office.run("View").result is Result.COMPLETED
    office.org.views.remove(str(view.id))
    office.org.leads.delete_list(office.list_key("Alumni"), with_leads=False)
    for name in ("View", "List"):
        assert office.run(name).result is Result.FAILED
        assert office.desk.sync(name).state is SyncState.BROKEN
        assert "no longer" in office.desk.sync(name).reason
    assert (office.desk.sync("View").trouble, office.desk.sync("List").trouble) == (Trouble.VIEW, Trouble.LIST)


def test_a_full_plan_stops_the_run_and_deactivates_the_sync(office: Office) -> None:
    for number in range(4):
        office.candidate(f"person{number}@zylker.com")
    office.sync("Everyone")
    office.fault(kind="maximum-leads", after=2)
    run = office.run("Everyone")
    assert (run.result, run.counts.new, len(office.calls)) == (Result.FAILED, 2, 3)
    assert "takes no more leads" in run.message
    sync = office.desk.sync("Everyone")
    assert (sync.state, sync.trouble) == (SyncState.INACTIVE, Trouble.PLAN)
    assert run.message == f"{sync.reason} Mend it: tui-sync repair Everyone"
    again = office.run("Everyone")
    assert (again.result, again.counts.new, again.counts.duplicate) == (Result.COMPLETED, 2, 2)
    assert office.desk.sync("Everyone").state is SyncState.INACTIVE


def test_a_summary_survives_the_store(stage: Stage) -> None:
    everything_at_once(stage)
    run = stage.run("Newsletter")
    stored = stage.desk.run(run.id)
    assert msgspec.to_builtins(stored) == msgspec.to_builtins(run)


def test_what_a_run_made_is_left_to_the_collector_however_many_runs_a_program_makes(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.sync("A")
    office.run("A")
    held_back = gc.get_freeze_count()
    office.run("A")
    assert gc.get_freeze_count() == held_back


def test_what_lies_around_when_the_connection_is_opened_anew_is_left_to_the_collector(office: Office) -> None:
    held_back = gc.get_freeze_count()
    around = [[number] for number in range(1000)]
    office.wait_for(office.desk.reconnect())
    assert office.desk.connect
    assert gc.get_freeze_count() < held_back + len(around)


def test_removals_and_additions_do_not_wait_for_one_another_in_what_is_said_of_their_time(stage: Stage) -> None:
    records = stage.people(300)
    stage.sync("News", on_opt_out=LIST)
    stage.run("News")
    for record in records:
        stage.recruit.edit(record, opted_out=True)
    stage.people(300, first=301)
    foreseen = stage.preview("News")
    assert (foreseen.calls, delivery_words(foreseen.alike)) == (600, ""), "300 calls of each kind go at once"
    stage.run("News")
    [*_, begun] = [event for event in stage.events if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER]
    assert (begun.total, alike(begun)) == (600, 300)
