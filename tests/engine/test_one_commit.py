"""What is done and its line in the log are one commit: a process that dies leaves both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.engine.crew import Crew
from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import LIST, Stage, email_of
from tui_sync.connectors import _keep
from tui_sync.engine.run import Run
from tui_sync.model.errors import LimitRefused, RunError, Unreachable
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.sync import Frequency, SyncState
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind, Level
from tui_sync.services import care, retention, schedules, suppression
from tui_sync.services.connections import ConnectRequest
from tui_sync.services.desk import Desk
from tui_sync.store.dump import dump as write_dump
from tui_sync.store.log import Log
from tui_sync.store.rowfile import Statement
from tui_sync.store.workspace import TRANSIENT, Workspace


def three_people(folder: Path) -> Path:
    """A suppression list to import."""
    path = folder / "in.csv"
    path.write_text("email,reason\n" + "".join(f"p{number}@zylker.com,asked us to\n" for number in range(3)))
    return path


class Killed(BaseException):
    """The process ends here: nothing behind it is done."""


def test_an_import_that_dies_with_its_commit_has_its_line_in_the_log(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = stage.space.db.commit

    async def last_act(statements: Sequence[Statement]) -> None:
        await commit(statements)
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(stage.space.db, "commit", last_act)
        with pytest.raises(Killed):
            stage.wait_for(suppression.read(stage.desk, three_people(tmp_path)))
    assert len(suppression.listing(stage.desk)) == 3
    [line] = stage.space.log.lines()
    assert line.what.endswith("in.csv: 3 added, 0 with another reason, 0 there already")


def test_an_import_that_cannot_be_written_has_no_line_in_the_log(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full_disk(_: Sequence[Statement]) -> None:
        raise RunError("No space is left.")

    monkeypatch.setattr(stage.space.db, "commit", full_disk)
    with pytest.raises(RunError):
        stage.wait_for(suppression.read(stage.desk, three_people(tmp_path)))
    assert list(stage.space.log.lines()) == []


@pytest.mark.parametrize(("way", "state"), [("completed", SyncState.COMPLETED), ("failed", SyncState.ACTIVE)])
def test_a_run_that_has_ended_has_its_line_in_the_log_from_the_same_commit_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, way: str, state: SyncState
) -> None:
    stage.people(2)
    stage.sync("A", frequency=Frequency.ONCE)
    if way == "failed":
        monkeypatch.setattr(stage.recruit, "records", unreachable)
    other, end, told = Workspace(stage.space.folder, stage.clock), Run._end, list[list[str]]()

    def watched(run: Run, result: Result, fault: RunError | None, now: datetime | None = None) -> None:
        end(run, result, fault, now)
        told.append([line.what for line in stage.space.log.lines()])
        if way == "completed":
            assert not list(other.log.lines()), "nobody sees the line before the run's end"

    monkeypatch.setattr(Run, "_end", watched)
    run = stage.run("A")
    assert (run.result, stage.desk.sync("A").state) == (way, state)
    [lines] = told
    assert lines[0].startswith(f"run 1 of A: {way}")
    assert [line.what for line in other.log.lines()] == lines
    assert len(lines) == (2 if way == "completed" else 1), "that the sync is completed is a line, too"
    other.close()


@pytest.mark.parametrize("what", ["approved the removals of", "retried the failed people of"])
def test_what_was_done_for_an_ended_run_has_its_line_in_the_log_from_the_same_commit_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    run = left_to_finish(stage, what)
    other, add, told, seen = Workspace(stage.space.folder, stage.clock), Log.add, list[str](), list[bool]()

    def watched(log: Log, line: str, where: str, level: Level = Level.INFO) -> None:
        add(log, line, where, level)
        seen.append(stage.space.runs.get(run.id) == other.runs.get(run.id))

    def last_act(lock: str) -> None:
        if lock == "sync:A":
            told.extend(line.what for line in other.log.lines())
            raise Killed

    monkeypatch.setattr(Log, "add", watched)
    monkeypatch.setattr(stage.space.locks, "release", last_act)
    with pytest.raises(Killed):
        (stage.approve if what.startswith("approved") else stage.retry)(run)
    assert told[-1].startswith(f"{what} run {run.id} of A: completed, ")
    assert "broke off" not in told[-1]
    assert seen == [False], "nobody sees the figures without the line"
    other.close()


def left_to_finish(stage: Stage, what: str) -> RunSummary:
    """A run of which somebody is left to be removed, or to be delivered."""
    records = stage.people(20)
    stage.sync("A", on_delete=LIST)
    if what.startswith("approved"):
        stage.run("A")
        stage.recruit.delete(*records[:12])
    else:
        over_a_flaky_line(stage).on(email_of("2"), "failed")
    return stage.run("A")


def unreachable(*_: object, **__: object) -> None:
    raise Unreachable("Recruit gives no answer.")


@pytest.mark.parametrize("what", ["a run's outcomes that go", "a dump that is read", "a connection", "a run that is deferred"])
def test_what_cannot_have_its_line_in_the_log_is_not_done(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    stage.people(2)
    stage.sync("A")
    stage.run("A")
    write_dump(stage.space.db, tmp_path / "dump.json", without=TRANSIENT)
    empty = Desk(Workspace(tmp_path / "new", stage.clock), stage.clock, lambda: stage.desk.connect, "tests")
    stage.clock.pass_by(days=1000)
    request = ConnectRequest(data_centre="us", client_id="id", client_secret="s", refresh_token="r")

    def full_disk(*_: object) -> None:
        raise RunError("No space is left.")

    def act() -> None:
        match what:
            case "a run's outcomes that go":
                stage.wait_for(retention.prune(stage.desk))
            case "a dump that is read":
                care.load(empty, tmp_path / "dump.json")
            case "a connection":
                _keep(empty, request, "r", Connection(kind=ConnectionKind.ZOHO, hub=HubKind.EMBEDDED, data_centre="us"))
            case _:
                Crew(stage).supervisor._defer(stage.desk.sync("A"), LimitRefused("The day is used up."))

    def found() -> tuple[object, ...]:
        left = len(list(stage.space.runs.outcomes("1")))
        return left, empty.workspace.runs.newest(), empty.workspace.connection, schedules.deferrals(stage.desk)

    before = found()
    with monkeypatch.context() as full:
        full.setattr(Log, "add", full_disk)
        with pytest.raises(RunError):
            act()
    assert found() == before
    act()
    assert found() != before
    empty.workspace.close()
