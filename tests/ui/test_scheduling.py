"""Schedules that run while the screens are open."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync import bootstrap
from tui_sync.model.errors import Damaged, RunError
from tui_sync.model.limits import Limits
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState
from tui_sync.model.workspace import Settings
from tui_sync.services import limits, running, schedules, syncs
from tui_sync.services.desk import Desk
from tui_sync.services.supervisor import Supervisor
from tui_sync.services.unforeseen import LOG
from tui_sync.ui import app, scheduling

HOLDER = """
import sys, time
from pathlib import Path
from tui_sync import bootstrap
desk = bootstrap.open_desk(Path(sys.argv[1]), "daemon")
assert not desk.workspace.locks.take(sys.argv[2], "the daemon")
print("held", flush=True)
time.sleep(60)
"""
"""A process that holds a lock of a workspace."""


def overdue(folder: Path, name: str) -> None:
    """Have a sync been due since yesterday."""
    desk = bootstrap.open_desk(folder, "test")
    sync = desk.workspace.syncs.named(name)
    assert sync is not None
    began = desk.clock.now() - timedelta(hours=26)
    daily = Schedule(frequency=Frequency.DAILY)
    desk.workspace.syncs.put(msgspec.structs.replace(sync, schedule=daily, initiated=began, state=SyncState.ACTIVE))
    for run in desk.workspace.runs.all(sync.id):
        run.started = began
        desk.workspace.runs.put(run)
    desk.workspace.close()


def stored(ui: Driver, name: str) -> Sync:
    sync = ui.app.desk.workspace.syncs.named(name)
    assert sync is not None
    return sync


def holding(folder: Path, lock: str = schedules.LOCK) -> subprocess.Popen[bytes]:
    """A process that holds the schedules, or another lock, by now."""
    daemon = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder), lock], stdout=subprocess.PIPE)
    assert daemon.stdout is not None
    daemon.stdout.readline()
    return daemon


async def fails_once(ui: Driver, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next look for runs of other programs fail."""
    stirring, faults = running.stirring, [fault]

    def unreadable(desk: Desk) -> object:
        if faults:
            raise faults.pop()
        return stirring(desk)

    monkeypatch.setattr(running, "stirring", unreadable)
    await ui.until(lambda: not faults, "the look that fails")


@acting
async def test_what_is_due_runs_by_itself_is_watched_like_others_and_says_what_it_catches_up(ran: Path) -> None:
    overdue(ran, "Partner letter")
    async with opened(ran, schedules=True) as ui:
        await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
        await ui.idle()
        run = ui.app.desk.workspace.runs.all()[0]
        assert (run.sync, run.result) == ("Partner letter", Result.COMPLETED)
        assert run.notes[0].startswith("Catches up: due ")
        await ui.until_text("Partner letter: ")
        assert ui.app.desk.workspace.locks.keeps(schedules.LOCK)
    desk = bootstrap.open_desk(ran, "test")
    assert desk.workspace.locks.holder(schedules.LOCK) == ""
    desk.workspace.close()


@acting
async def test_pausing_all_asks_with_the_number_and_shows_and_the_same_key_takes_them_up(ran: Path) -> None:
    overdue(ran, "Partner letter")
    async with opened(ran) as ui:
        await ui.press("P")
        await ui.until_text("Pause all schedules?")
        assert "5 active syncs will not be started" in ui.text()
        await ui.press("enter")
        assert schedules.pause(ui.app.desk).since is None
        await ui.press("P", "y")
        assert schedules.pause(ui.app.desk).since is not None
        assert "All schedules paused" in ui.lines()[0]
        assert "paused" in "".join(line[-12:] for line in ui.lines()[3:9])
        ui.app.schedules.begin()
        await ui.pilot.pause()
        assert len(ui.app.desk.workspace.runs.all()) == 6
        await ui.press("P")
        await ui.until_text("1 sync was due meanwhile")
        await ui.press("y")
        await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
        await ui.idle()
        assert "All schedules paused" not in ui.lines()[0]


@acting
async def test_where_a_daemon_runs_the_schedules_the_first_screen_says_so_and_starts_nothing(ran: Path) -> None:
    overdue(ran, "Partner letter")
    with holding(ran) as daemon:
        async with opened(ran, size=(120, 40), schedules=True) as ui:
            await ui.until_text("The schedules are run by")
            assert f"process {daemon.pid}" in " ".join(ui.text().split())
            assert not ui.app._notifications
            assert len(ui.app.desk.workspace.runs.all()) == 6
            daemon.kill()
            daemon.wait()
            ui.app.schedules.poke()
            await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
            await ui.idle()
            await ui.until(lambda: "The schedules are run by" not in ui.text())


@pytest.mark.parametrize("fault", [None, RunError("The database has been held by another process."), KeyError("x")])
@acting
async def test_a_run_of_another_program_shows_within_seconds_on_the_list_whatever_a_look_has_met(
    fault: Exception | None, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        await ui.until(lambda: ui.app.desk.workspace.locks.keeps(schedules.LOCK))
        await ui.idle()
        assert "running" not in ui.text()
        if fault is not None:
            await fails_once(ui, fault, monkeypatch)
        with holding(ran, f"sync:{stored(ui, 'Partner letter').id}") as other:
            await ui.until_text("running")
            other.kill()
            other.wait()
            await ui.until(lambda: "running" not in ui.text())


@acting
async def test_a_run_beyond_the_days_limit_is_deferred_and_the_row_says_so(ran: Path) -> None:
    overdue(ran, "Partner letter")
    desk = bootstrap.open_desk(ran, "test")
    for usage in desk.workspace.syncs.usage_in(""):
        if usage.sync == desk.sync("Partner letter").id:
            desk.workspace.syncs._usage.remove(usage.key)
    desk.workspace.meta.write("settings", Settings(limits=Limits(day=5)))
    desk.workspace.close()
    async with opened(ran, schedules=True) as ui:
        await ui.until_text("◦ deferred")
        await ui.until_text("Partner letter is deferred to")
        await ui.press("slash", '"partner"', "enter")
        assert "its run is deferred to" in " ".join(ui.text().split())
        assert len(ui.app.desk.workspace.runs.all()) == 6


@acting
async def test_a_late_sync_says_so_with_the_key_that_helps(ran: Path) -> None:
    overdue(ran, "Partner letter")
    sync = "Partner letter"
    desk = bootstrap.open_desk(ran, "test")
    began = desk.clock.now() - timedelta(days=9)
    desk.workspace.syncs.put(msgspec.structs.replace(desk.sync(sync), initiated=began))
    for run in desk.workspace.runs.all(desk.sync(sync).id):
        run.started = began
        desk.workspace.runs.put(run)
    desk.workspace.close()
    async with opened(ran) as ui:
        await ui.until_text("! late")
        await ui.press("slash", '"partner"', "enter")
        assert "Press r to run it now." in " ".join(ui.text().split())


@acting
async def test_an_advanced_day_runs_every_sync_once_also_where_schedules_run(ran: Path) -> None:
    async with opened(ran, schedules=True) as ui:
        await ui.press("A")
        await ui.until_text("A day has passed")
        await ui.idle()
        assert len(ui.app.desk.workspace.runs.all()) == 12
        assert stored(ui, "Top rated newsletter").state is SyncState.ACTIVE


@pytest.mark.parametrize(
    ("fault", "said"), [(Damaged("The database is locked."), "The database is locked."), (KeyError("x"), "Something went wrong")]
)
def test_what_goes_wrong_for_a_moment_is_told_once_and_does_not_end_the_schedules(
    fault: Exception, said: str, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(ran, "Partner letter")
    monkeypatch.setattr(scheduling, "AGAIN", 0.001)
    promote, faults = limits.promote, [fault, fault]

    def unreadable(desk: Desk) -> list[Sync]:
        if faults:
            raise faults.pop()
        return promote(desk)

    monkeypatch.setattr(limits, "promote", unreadable)

    @acting
    async def goes_on() -> None:
        async with opened(ran, schedules=True) as ui:
            await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
            told = [note.message for note in ui.app._notifications]
            assert sum(said in message for message in told) == 1
            await ui.idle()

    goes_on()
    assert (ran / LOG).exists() == isinstance(fault, KeyError)


@pytest.mark.parametrize(("room", "name"), [(running, "world"), (Supervisor, "_remark")])
def test_what_nobody_foresaw_in_a_scheduled_run_is_written_down_told_and_tried_again_later(
    room: object, name: str, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(ran, "Partner letter")
    tried: list[None] = []

    def surprise(*_: object) -> None:
        tried.append(None)
        raise ZeroDivisionError

    monkeypatch.setattr(room, name, surprise)

    @acting
    async def goes_on() -> None:
        async with opened(ran, schedules=True) as ui:
            await ui.until(lambda: (ran / LOG).exists())
            for _ in range(3):
                assert ui.app.schedules.supervisor.turn()
                await ui.pilot.pause()
            assert len(tried) == 1
            assert (ran / LOG).read_text().count("Traceback (") == 1
            told = [note.message for note in ui.app._notifications]
            assert sum("Something went wrong that should not (ZeroDivisionError)" in message for message in told) == 1
            ui.app.schedules.supervisor._not_before.clear()
            ui.app.schedules.poke()
            await ui.until(lambda: len(tried) == 2, "the next attempt")

    goes_on()


@acting
async def test_a_sync_initiated_for_once_at_once_starts_by_itself_and_says_so(ran: Path) -> None:
    async with opened(ran, schedules=True) as ui:
        copy = syncs.duplicate(ui.app.desk, "Partner letter", "Zulu")
        ui.app.desk.workspace.syncs.put(msgspec.structs.replace(copy, schedule=Schedule()))
        ui.app.changed()
        await ui.press("slash", '"Zulu"', "enter")
        await ui.press("p")
        await ui.until(lambda: any("Zulu is active now. It starts now." in told.message for told in ui.app._notifications))
        await ui.until(lambda: ui.app.desk.workspace.runs.all(copy.id), "its run, long before the next turn")
        await ui.idle()


@acting
async def test_schedules_begin_also_where_a_key_opens_another_screen_before_the_first_is_drawn(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(ran, "Partner letter")
    monkeypatch.setattr(app, "AT_LAST", 0.01)
    monkeypatch.setattr(app.TuiSync, "call_after_refresh", lambda self, *_: True)
    async with opened(ran, schedules=True) as ui:
        await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
