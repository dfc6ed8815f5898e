"""What is used of the limits, in the organisation's own month and day, and the runs that a line of the listing carries."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.engine.stage import Stage
from tui_sync.model.limits import Limits
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import SyncState
from tui_sync.services import syncs
from tui_sync.services.limits import quota


def draft(stage: Stage, name: str) -> None:
    stage.sync(name)
    stage.change(name, state=SyncState.DRAFT, initiated=None)


def used(stage: Stage) -> tuple[int, int, int]:
    now = quota(stage.desk).used
    return now.month, now.day, now.active


def test_nothing_is_used_at_first_and_the_limits_are_those_of_the_service(stage: Stage) -> None:
    assert used(stage) == (0, 0, 0)
    assert quota(stage.desk).limits == Limits(month=50, day=10, active=10)


def test_initiating_counts_for_the_month_and_the_day_and_takes_a_place(stage: Stage) -> None:
    for name in ("A", "B"):
        draft(stage, name)
        syncs.activate(stage.desk, name)
    assert used(stage) == (2, 2, 2)
    syncs.deactivate(stage.desk, "A")
    stage.change("B", state=SyncState.QUEUED)
    assert used(stage) == (2, 2, 1)
    syncs.delete(stage.desk, "B")
    assert used(stage) == (2, 2, 0)


def test_a_sync_counts_once_a_day_however_often_it_runs(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A")
    stage.run("A")
    assert used(stage) == (0, 1, 1)
    stage.clock.pass_by(days=1)
    assert used(stage) == (0, 0, 1)


def test_month_and_day_turn_in_the_time_zone_of_the_organisation(stage: Stage) -> None:
    stage.clock.moment = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
    draft(stage, "A")
    syncs.activate(stage.desk, "A")
    assert used(stage) == (1, 1, 1)
    stage.clock.pass_by(minutes=31)  # midnight of 1 April in Kolkata, still March in UTC
    assert used(stage) == (0, 0, 1)


def history(stage: Stage, sync_id: str, first: int, count: int, result: Result = Result.COMPLETED) -> None:
    for number in range(first, first + count):
        run = RunSummary(id=str(number), sync_id=sync_id, sync=sync_id, result=result, started=stage.clock.now())
        stage.space.runs.put(run)


def test_a_line_of_the_listing_carries_the_newest_eight_runs_the_first_one_as_it_is(stage: Stage) -> None:
    stage.sync("A")
    stage.sync("B")
    history(stage, "A", 1, 9)
    history(stage, "B", 10, 1)
    history(stage, "A", 11, 1, Result.RUNNING)
    rows = {row.name: row for row in syncs.listing(stage.desk)}
    assert [run.id for run in rows["A"].recent] == ["11", "9", "8", "7", "6", "5", "4", "3"]
    assert rows["A"].recent[0] == rows["A"].last
    assert rows["A"].recent[0].result is Result.INTERRUPTED
    assert [run.id for run in rows["B"].recent] == ["10"]


def test_a_sync_that_never_ran_has_no_runs_on_its_line(stage: Stage) -> None:
    stage.sync("A")
    [row] = syncs.listing(stage.desk)
    assert (row.recent, row.last) == ((), None)


def test_the_listing_reads_the_newest_runs_of_each_sync_however_many_there_were(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.sync("0")
    with stage.space.db.batch():
        for number in range(1, 20):
            stage.space.syncs.put(msgspec.structs.replace(first, id=str(number), name=str(number)))
        for number in range(400):
            history(stage, str(number % 20), number + 1, 1)
    shelf, read = stage.space.runs._runs, list[str]()
    decode = shelf._decode

    def noted(text: str) -> RunSummary:
        read.append(text)
        return decode(text)

    monkeypatch.setattr(shelf, "_decode", noted)
    rows = syncs.listing(stage.desk)
    assert {len(row.recent) for row in rows} == {syncs.RECENT}
    assert len(read) == 20 * syncs.RECENT
