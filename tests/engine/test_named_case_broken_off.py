"""Named case "broken off": a fetch that fails, a process that dies; nothing is lost and nothing is sent twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.engine.flaky import PowerCutError, over_a_flaky_line
from tests.engine.office import NEW_LIST, SUBSCRIBE, Office
from tests.engine.stage import LIST, Stage, email_of, reconciled
from tui_sync.engine.control import Control
from tui_sync.model.errors import Unreachable
from tui_sync.model.events import Event, Phase, Progressed, RunStarted
from tui_sync.model.hub import MemberState
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.services import running

NEW, DUPLICATE, IGNORED = Status.NEW, Status.DUPLICATE, Status.IGNORED
OF_THE_RUN = ("runs", "log", "meta", "usage", "outcomes")
"""Tables that a run writes whatever becomes of it: its own row, its number, the audit trail, the day's count."""


def broken_on_page(number: int, stage: Stage) -> None:
    def break_off(page: int) -> None:
        if page == number:
            raise Unreachable("the host gave no answer.")

    stage.recruit.on_page = break_off


def cut_on_page(number: int, stage: Stage) -> None:
    def cut(page: int) -> None:
        if page == number:
            raise PowerCutError

    stage.recruit.on_page = cut


def committed(stage: Stage) -> dict[str, object]:
    return {name: rows for name, rows in stage.dump().items() if name not in OF_THE_RUN}


def test_broken_off_fetch_on_page_7_of_10_leaves_the_last_committed_state(stage: Stage) -> None:
    records = stage.people(460)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete("1", "2")
    for record in records[2:12]:
        stage.recruit.edit(record, City="Madurai")
    stage.people(40, first=461)
    before, members, runs = committed(stage), stage.members(), len(stage.dump()["runs"])
    broken_on_page(7, stage)
    stage.writes.clear()
    run = stage.run("Newsletter", full=True)
    assert (run.result, run.counts.total, run.counts.deleted) == (Result.FAILED, 0, 0)
    assert "no answer" in run.message
    assert (committed(stage), stage.members(), stage.writes) == (before, members, [])
    assert len(stage.dump()["runs"]) == runs + 1
    broken_on_page(0, stage)
    run = stage.run("Newsletter")
    assert (run.counts.new, run.counts.duplicate, run.counts.deleted) == (40, 10, 2)
    assert Counter(call.email for call in stage.writes).most_common(1)[0][1] == 1
    assert stage.members() == {f"p{number}" for number in range(3, 501)}


def test_broken_off_first_fetch_leaves_no_entry_behind(stage: Stage) -> None:
    stage.people(500)
    stage.sync("Newsletter")
    before = committed(stage)
    broken_on_page(7, stage)
    assert stage.run("Newsletter").result is Result.FAILED
    assert committed(stage) == before
    broken_on_page(0, stage)
    run = stage.run("Newsletter")
    assert (run.counts.new, run.why) == (500, "the first run fetches everything")


def killed(office: Office, name: str, number: int, moment: str) -> list[tuple[str, str]]:
    """Run the sync in a process that dies at write `number`; gives the writes that reached the hub."""
    log = office.folder / "writes.log"
    log.touch()
    command = [sys.executable, "-m", "tests.engine.killed_run", str(office.folder), name, str(log), str(number), moment]
    child = subprocess.run(command, cwd=Path(__file__).parents[2], check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    return [(words[0], words[1]) for line in log.read_text().splitlines() if (words := line.split())]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_broken_off_process_killed_in_deliver_and_nobody_is_sent_twice(office: Office, moment: str) -> None:
    people = [f"person{number}@zylker.com" for number in range(12)]
    for email in people:
        office.candidate(email)
    office.candidate("john@gnail.com")
    office.sync("Everyone")
    first = killed(office, "Everyone", 5, moment)
    assert len(first) == (4 if moment == "before" else 5)
    [left] = running.listing(office.desk)
    assert left.result is Result.INTERRUPTED
    run = office.run("Everyone")
    assert run.id == left.id
    assert any(isinstance(event, RunStarted) and event.resumed for event in office.events)
    assert Counter(first + office.calls) == Counter({(SUBSCRIBE, email): 1 for email in people})
    assert office.members("Zylker") >= set(people)
    assert (run.result, run.counts.total, run.counts.new, run.counts.ignored) == (Result.COMPLETED, 13, 12, 1)
    assert office.decisions(run) == {
        **dict.fromkeys(people, (NEW, None)),
        "john@gnail.com": (IGNORED, Reason.INVALID_PATTERN),
    }
    assert [known.id for known in running.listing(office.desk)] == [left.id]
    assert office.run("Everyone", full=True).id != left.id
    assert office.calls == []


def test_broken_off_between_a_list_and_the_fields_of_its_first_lead(office: Office) -> None:
    for email in ("ann@zylker.com", "bob@zylker.com"):
        office.candidate(email)
    office.note_list("Fresh")
    office.sync("Everyone", "Fresh")
    assert killed(office, "Everyone", 1, "after") == [(NEW_LIST, "ann@zylker.com")]
    run = office.run("Everyone")
    assert office.calls == [(SUBSCRIBE, "ann@zylker.com"), (SUBSCRIBE, "bob@zylker.com")]
    assert (run.result, run.counts.new) == (Result.COMPLETED, 2)
    assert office.fields("ann@zylker.com") == {"firstname": "Ann", "city": "Pune"}


def resumed_after(stage: Stage, name: str = "Newsletter") -> list[str]:
    """Run until the power is cut, then again; gives the ids of both."""
    with pytest.raises(PowerCutError):
        stage.run(name)
    [left] = [run.id for run in running.listing(stage.desk) if run.result is Result.INTERRUPTED]
    return [left, stage.run(name).id]


@pytest.mark.parametrize("page", [1, 0])
def test_a_full_fetch_that_was_asked_for_is_made_by_the_run_that_goes_on(stage: Stage, page: int) -> None:
    stage.people(4)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    trouble = over_a_flaky_line(stage)
    if page:
        cut_on_page(page, stage)
    else:
        stage.recruit.add("5", email_of("5"))
        trouble.on(email_of("5"), "killed")
    with pytest.raises(PowerCutError):
        stage.run("Newsletter", full=True)
    cut_on_page(0, stage)
    run = stage.run("Newsletter")
    assert (run.full, run.why, run.read) == (True, "a full fetch was asked for", 4 if page else 5)
    assert not stage.run("Newsletter").full


@pytest.mark.parametrize("cut", ["killed", "killed after"])
def test_an_unconfirmed_add_is_looked_up_before_it_is_repeated(stage: Stage, cut: str) -> None:
    stage.people(4)
    stage.sync("Newsletter")
    over_a_flaky_line(stage).on(email_of("3"), cut)
    left, again = resumed_after(stage)
    assert left == again
    assert Counter(call.email for call in stage.writes) == Counter(email_of(str(n)) for n in range(1, 5))
    run = running.listing(stage.desk)[0]
    assert stage.decisions(run) == {str(n): (NEW, None) for n in range(1, 5)}
    assert (run.counts.new, run.counts.total, reconciled(run)) == (4, 4, True)
    made_by = {m.made_by for m in stage.space.ledger.memberships_in(stage.desk.sync("Newsletter").list_key)}
    assert made_by == {"Newsletter"}


@pytest.mark.parametrize("cut", ["killed", "killed after"])
def test_an_unconfirmed_removal_is_looked_up_and_is_the_syncs_own(stage: Stage, cut: str) -> None:
    stage.people(3)
    stage.sync("Newsletter", on_delete=LIST)
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete("1", "2")
    trouble.on(email_of("2"), cut)
    stage.writes.clear()
    left, again = resumed_after(stage)
    assert left == again
    assert Counter(call.email for call in stage.writes) == Counter([email_of("1"), email_of("2")])
    run = running.listing(stage.desk)[0]
    assert stage.removals(run) == {"1": "deleted", "2": "deleted"}
    assert run.counts.deleted == 2
    states = {m.state for r in "12" for m in stage.space.ledger.memberships_of([email_of(r)])}
    assert states == {MembershipState.REMOVED}
    assert stage.members(state=MemberState.UNSUBSCRIBED) == {"p1", "p2"}
    assert stage.space.ledger.pending() == []
    stage.recruit.add("2", email_of("2"))
    assert stage.decisions(stage.run("Newsletter")) == {"2": (DUPLICATE, None)}


@pytest.mark.parametrize("cut", ["killed", "killed after"])
def test_a_list_left_behind_is_settled_by_whichever_sync_comes_next(stage: Stage, cut: str) -> None:
    stage.people(3)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.sync("Second")
    trouble = over_a_flaky_line(stage)
    trouble.on(email_of("2"), cut)
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    second = stage.run("Second")
    assert stage.decisions(second)["2"] == ((DUPLICATE, None) if cut == "killed after" else (NEW, None))
    [member] = stage.space.ledger.memberships_of([email_of("2")])
    assert member.made_by == ("Newsletter" if cut == "killed after" else "Second")
    run = stage.run("Newsletter")
    assert stage.decisions(run)["2"] == ((NEW, None) if cut == "killed after" else (DUPLICATE, None))
    [member] = stage.space.ledger.memberships_of([email_of("2")])
    assert set(member.by) == {"Newsletter", "Second"}
    assert Counter(call.email for call in stage.writes)[email_of("2")] == 2


def test_an_unsubscribe_left_behind_is_not_taken_for_the_persons_own(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_delete=LIST)
    stage.sync("Second", module="Contacts")
    trouble = over_a_flaky_line(stage)
    stage.run("Newsletter")
    stage.recruit.delete("1")
    trouble.on(email_of("1"), "killed after")
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    stage.recruit.add("900", email_of("1"), module="Contacts")
    assert stage.decisions(stage.run("Second")) == {"900": (DUPLICATE, None)}
    assert stage.members() == {"p1", "p2"}
    run = stage.run("Newsletter")
    assert stage.removals(run) == {"1": "deleted"}
    assert stage.members() == {"p1", "p2"}


def test_what_was_not_told_to_the_hub_before_the_cut_is_decided_anew(stage: Stage) -> None:
    """An outcome that says ignored, or failed, is of the broken attempt only."""
    stage.people(4)
    stage.recruit.add("0", "no address")
    stage.sync("Newsletter")
    trouble = over_a_flaky_line(stage)
    trouble.on(email_of("1"), "failed")
    trouble.on(email_of("3"), "killed")
    with pytest.raises(PowerCutError):
        stage.run("Newsletter")
    stage.recruit.edit("0", Email="zero@zylker.com")
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {str(n): (NEW, None) for n in range(5)}
    assert (run.result, run.failed, run.counts.new, run.counts.total) == (Result.COMPLETED, 0, 5, 5)


def stops_at(stage: Stage, handled: int) -> Control:
    """A control that cancels its run once so many people were handled at the hub."""

    def tell(event: Event) -> None:
        if isinstance(event, Progressed) and event.phase is Phase.DELIVER and event.done >= handled:
            control.cancel()

    control = running.control(stage.desk, tell)
    return control


def test_cancelled_between_two_records_what_was_delivered_is_kept_and_the_next_run_does_the_rest(stage: Stage) -> None:
    stage.people(10)
    stage.sync("Newsletter")
    over_a_flaky_line(stage)
    run = stage.run("Newsletter", control=stops_at(stage, 3))
    assert (run.result, run.counts.new, len(stage.decisions(run))) == (Result.CANCELLED, 3, 3)
    assert stage.members() == {"p1", "p2", "p3"}
    again = stage.run("Newsletter")
    assert again.id != run.id
    assert (again.counts.new, again.counts.duplicate) == (7, 3)
    assert Counter(call.email for call in stage.writes) == Counter(email_of(str(n)) for n in range(1, 11))


def test_cancelled_over_the_embedded_hub_counts_and_outcomes_agree(stage: Stage) -> None:
    stage.people(1200)
    stage.sync("Newsletter")
    run = stage.run("Newsletter", control=stops_at(stage, 1))
    assert run.result is Result.CANCELLED
    assert 0 < run.counts.new < 1200
    assert run.counts.new == len(stage.decisions(run)) == len(stage.members())
    again = stage.run("Newsletter")
    assert again.counts.new == 1200 - run.counts.new
    assert len(stage.members()) == 1200
