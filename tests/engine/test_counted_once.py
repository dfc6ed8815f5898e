"""A run whose process has died is counted from its outcomes: once, not at every look, and anew where they may be others."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from tests.engine.stage import Stage
from tests.engine.turns import beside
from tui_sync.model.outcomes import Outcome, Result, RunSummary, Status
from tui_sync.services import broken_off, syncs
from tui_sync.store.locks import Lock
from tui_sync.store.runs import Runs


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose outcomes were read, in order."""
    seen: list[str] = []
    every, pages = Runs.outcomes, Runs.pages

    def outcomes(self: Runs, run_id: str) -> Iterator[Outcome]:
        seen.append(run_id)
        return every(self, run_id)

    def paged(self: Runs, run_id: str) -> Iterator[Sequence[Outcome]]:
        seen.append(run_id)
        return pages(self, run_id)

    monkeypatch.setattr(Runs, "outcomes", outcomes)
    monkeypatch.setattr(Runs, "pages", paged)
    return seen


def killed(stage: Stage, people: int = 3, pages: int = 1) -> str:
    """A run of "News" whose process died after so many pages of so many people; gives its number."""
    stage.sync("News")
    run = RunSummary(id=stage.space.runs.next_id(), sync_id="News", sync="News", started=stage.clock.now())
    stage.space.runs.put(run)
    for page in range(pages):
        record(stage, run.id, people, f"{page}-")
    return run.id


def record(stage: Stage, run_id: str, people: int, prefix: str) -> None:
    """Add outcomes of so many people to the run."""
    stage.space.runs.add(run_id, [Outcome(record_id=f"{prefix}{number}", status=Status.NEW) for number in range(people)])


def last(stage: Stage) -> RunSummary:
    """The last run of the one sync, as the listing has it."""
    [row] = syncs.listing(stage.desk)
    assert row.last is not None
    return row.last


def test_it_is_counted_at_the_first_look_only(stage: Stage, reads: list[str]) -> None:
    run_id = killed(stage)
    for _ in range(3):
        run = last(stage)
        assert (run.result, run.counts.total, run.counts.new) == (Result.INTERRUPTED, 3, 3)
        run.counts.new = 77  # whoever gets it may go on counting
    assert reads == [run_id]


def test_it_is_counted_anew_when_outcomes_were_added_or_dropped(stage: Stage, reads: list[str]) -> None:
    run_id = killed(stage)
    assert last(stage).counts.total == 3
    record(stage, run_id, 2, "more-")
    assert last(stage).counts.total == 5
    stage.space.runs.drop_outcomes(run_id, 1)
    assert last(stage).counts.total == 2
    assert len(reads) == 3


def test_it_is_counted_anew_when_somebody_took_it_up_and_died_too(stage: Stage) -> None:
    run_id = killed(stage)
    assert last(stage).counts.total == 3
    stage.space.runs.replace(run_id, [])
    leave_lock(stage, "the first one")
    assert last(stage).counts.total == 3
    [page] = stage.space.runs._pages.all()  # as `forget` does: the page stays with fewer people
    stage.space.runs._pages.put(msgspec.structs.replace(page, lines=page.lines[:1]))
    leave_lock(stage, "the second one")
    assert last(stage).counts.total == 1


def test_it_is_counted_anew_when_a_write_is_confirmed_whose_outcome_takes_the_place_of_the_newest_page(stage: Stage) -> None:
    run_id = killed(stage, people=1)
    assert (last(stage).counts.new, last(stage).counts.duplicate) == (1, 0)
    # As a run of another sync of the same list does, which does not hold this one: where it confirms what was left behind.
    stage.space.runs.replace(run_id, [Outcome(record_id="0-0", status=Status.DUPLICATE)])
    assert (last(stage).counts.new, last(stage).counts.duplicate) == (0, 1)


def leave_lock(stage: Stage, started: str) -> None:
    """The lock of the sync as a process left it that is dead by now."""
    now = stage.clock.now()
    left = Lock(name="sync:News", what="a run", host=stage.space.locks._host, boot="another boot", pid=os.getpid(),
                started=started, since=now, beat=0.0)  # fmt: skip
    stage.space.locks._shelf.put(left)


def test_counted_beforehand_it_is_not_read_by_the_listing_and_others_have_their_turns(stage: Stage, reads: list[str]) -> None:
    run_id = killed(stage, pages=20)
    _, turns = stage.wait_for(beside(broken_off.count(stage.desk)))
    assert turns >= 20, "one a page"
    assert last(stage).counts.total == 60
    assert reads == [run_id]
    stage.wait_for(broken_off.count(stage.desk))
    assert reads == [run_id], "what is counted is not counted again"


def test_a_run_that_goes_on_is_not_counted(stage: Stage, reads: list[str]) -> None:
    killed(stage)
    assert not stage.space.locks.take("sync:News", "a run")
    assert last(stage).result is Result.RUNNING
    stage.wait_for(broken_off.count(stage.desk))
    assert not reads


def test_two_who_ask_at_once_have_it_counted_once(stage: Stage, reads: list[str]) -> None:
    run_id = killed(stage, pages=5)

    async def both() -> None:
        await asyncio.gather(broken_off.count(stage.desk), broken_off.count(stage.desk))

    stage.wait_for(both())
    assert reads == [run_id]
    assert last(stage).counts.total == 15


def test_at_sight_nothing_is_read_and_what_is_counted_shows(stage: Stage, reads: list[str]) -> None:
    killed(stage)
    [row] = syncs.listing(stage.desk, at_sight=True)
    assert row.last is not None
    assert (row.counting, row.last.result, row.last.counts.total) == (True, Result.INTERRUPTED, 0)
    assert not reads
    stage.wait_for(broken_off.count(stage.desk))
    [row] = syncs.listing(stage.desk, at_sight=True)
    assert row.last is not None
    assert (row.counting, row.last.counts.total) == (False, 3)
    record(stage, row.last.id, 2, "more-")
    assert syncs.listing(stage.desk, at_sight=True)[0].counting, "others were added since"
