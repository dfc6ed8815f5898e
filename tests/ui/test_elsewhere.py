"""What other programs run, change and delete: how the list of syncs and the details tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_broken_off import broken_off_run
from tests.ui.test_details import details
from tests.ui.test_scheduling import holding, overdue, stored
from tui_sync import bootstrap
from tui_sync.model.sync import SyncState
from tui_sync.present.runs import run_row
from tui_sync.services import deleted, outcomes, running, schedules, settings, syncs
from tui_sync.services.desk import Desk
from tui_sync.ui import scheduling

NAME, PEOPLE = "Tech clients", 7


@contextmanager
def changing(folder: Path) -> Iterator[Desk]:
    """Another program that changes something of the workspace."""
    desk = bootstrap.open_desk(folder, "test")
    try:
        yield desk
    finally:
        desk.workspace.close()


@contextmanager
def running_elsewhere(folder: Path) -> Iterator[int]:
    """Another process runs the sync, and has recorded `PEOPLE` by now; gives its number."""
    broken_off_run(folder, NAME, PEOPLE)
    desk = bootstrap.open_desk(folder, "test")
    lock = f"sync:{desk.sync(NAME).id}"
    desk.workspace.close()
    other = holding(folder, lock)
    try:
        yield other.pid
    finally:
        other.kill()
        other.wait()
        assert other.stdout is not None
        other.stdout.close()


@acting
async def test_of_a_run_of_another_program_no_counts_are_told_that_nobody_has_counted(ran: Path) -> None:
    with running_elsewhere(ran):
        for size in ((80, 24), (160, 50)):
            async with opened(ran, size=size) as ui:
                await ui.press("slash", '"clients"', "enter")
                text = ui.text()
                assert "▸ running" in text
                assert "in another program" in " ".join(text.split())
                assert "Total 0" not in text
                assert "+0" not in text
                assert "last 2 runs" not in text


@acting
async def test_the_details_of_a_run_of_another_program_count_whom_it_has_recorded(ran: Path) -> None:
    with running_elsewhere(ran):
        async with opened(ran) as ui:
            await details(ui, NAME)
            await ui.until_text(f"1 Total {PEOPLE}")
            assert f"2 New {PEOPLE}" in ui.text()
            await ui.press("9")
            goes_on = next(line for line in ui.lines() if line.lstrip("▌ ").startswith("7 ") and "▸ running" in line)
            assert goes_on.partition("today ")[2][5:].strip() == ""


@acting
async def test_who_wants_to_watch_or_stop_a_run_of_another_program_reads_whose_it_is(ran: Path) -> None:
    with running_elsewhere(ran) as process:
        async with opened(ran) as ui:
            await ui.press("slash", '"clients"', "enter")
            for key in ("w", "c"):
                await ui.press(key)
                await ui.until_text(f"process {process}")
                assert "Enter shows whom it has recorded" in " ".join(ui.text().replace("▌", "").split())
                await ui.press("j")


def test_a_run_that_goes_on_has_no_counts_in_the_list_of_runs(ran: Path) -> None:
    with running_elsewhere(ran):
        desk = bootstrap.open_desk(ran, "test")
        [run, *_] = outcomes.runs_of(desk, desk.sync(NAME).id)
        assert run_row(run, desk.workspace.zone)[5:11] == [None] * 6
        desk.workspace.close()


@acting
async def test_details_show_what_another_program_has_run_and_changed_meanwhile(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, NAME)
        assert "the only run" in ui.lines()[0]
        other = bootstrap.open_desk(ran, "test")
        sync = other.sync(NAME)
        await running.start(other, NAME, running.control(other, lambda _: None))
        ui.app.schedules.turned()
        await ui.pilot.pause()
        assert "newest of 2 runs" in ui.lines()[0]
        assert f"[1 Total {other.workspace.runs.all(sync.id)[0].counts.total}]" in ui.text()
        syncs.deactivate(other, NAME)
        syncs.rename(other, NAME, "Tech folks")
        ui.app.schedules.turned()
        await ui.pilot.pause()
        assert ui.lines()[0].startswith(" Tech folks ")
        assert "inactive" in ui.lines()[0]
        await ui.press("p")
        await ui.until_text("Tech folks is active now")
        assert other.workspace.syncs.get(sync.id).state is SyncState.ACTIVE  # type: ignore[union-attr]
        other.workspace.close()


@acting
async def test_what_another_program_changes_is_seen_at_once(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        with changing(ran) as desk:
            schedules.pause_all(desk)
            await ui.until_text("All schedules paused")
            schedules.resume_all(desk)
            await ui.until(lambda: "All schedules paused" not in ui.text())
            syncs.deactivate(desk, NAME)
            await ui.until_text("inactive")
            syncs.rename(desk, NAME, "Other clients")
            await ui.until_text("Other clients")


@acting
async def test_the_details_of_a_sync_that_another_program_deletes_say_so_and_how_it_comes_back(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        await details(ui, NAME)
        with changing(ran) as desk:
            syncs.delete(desk, NAME)
        await ui.until_text("✗ deleted")
        await ui.press("r")
        await ui.until_text('restore "Tech clients"')
        assert "Bring it back on the command line: tui-sync restore" in " ".join(ui.text().split())
        assert "What its runs did stays on record." in ui.text()
        for key, shown in (("5", "[5 Ignored"), ("9", "[9 Runs"), ("0", "[0 Configuration")):
            await ui.press(key)
            assert shown in ui.text()
        await ui.press("enter")
        await ui.until_text("▌ Tech clients was deleted.")
        assert "[0 Configuration]" in ui.text()
        assert any(line.split()[-2:] == ["State", "deleted"] for line in ui.lines())
        await ui.press("end")
        assert "none due" in ui.text()
        await ui.press("home")
        with changing(ran) as desk:
            deleted.restore(desk, NAME)
        await ui.until(lambda: "✗ deleted" not in ui.text())
        with changing(ran) as desk:
            syncs.delete(desk, NAME)
        await ui.until_text("✗ deleted")
        await ui.press("escape")
        await ui.until(lambda: ui.lines()[0].startswith(" Syncs"))


@acting
async def test_a_sync_that_another_program_deletes_under_the_cursor_is_told_since_another_row_is_below_it_then(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        ui.app.screen.query_one("#syncs").select(stored(ui, NAME).id)  # type: ignore[attr-defined]
        with changing(ran) as desk:
            syncs.delete(desk, NAME)
        await ui.until_text(f"▌ {NAME} was deleted.")


@acting
async def test_what_another_program_resumes_starts_where_it_is_due_without_waiting_for_the_next_turn(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    overdue(ran, "Partner letter")
    with changing(ran) as desk:
        schedules.pause_all(desk)
        async with opened(ran, schedules=True) as ui:
            await ui.until(lambda: ui.app.desk.workspace.locks.keeps(schedules.LOCK))
            schedules.resume_all(desk)
            await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
            await ui.idle()


@acting
async def test_the_limits_settings_and_zone_that_another_program_sets_show(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    async with opened(ran, schedules=True) as ui:
        with changing(ran) as desk:
            await ui.press("8")
            settings.change(desk, "timezone", "Asia/Kolkata")
            await ui.until_text("Asia/Kolkata")
            assert str(ui.app.zone) == "Asia/Kolkata"
            await ui.press("escape", "6")
            settings.change(desk, "limit-month", "77")
            await ui.until_text("/77")


@acting
async def test_a_turn_of_the_schedules_leaves_a_screen_alone_that_is_not_made_yet(ran: Path) -> None:
    async with opened(ran, schedules=True) as ui:
        ui.app.go.place("settings")
        assert not ui.app.screen.is_mounted
        ui.app.schedules.turned()
        await ui.until_text("Role names")
