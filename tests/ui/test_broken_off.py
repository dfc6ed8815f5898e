"""A program that opens on a killed run: the list of syncs stands first, what the run did is counted then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_scheduling import holding, stored
from tui_sync import bootstrap
from tui_sync.model.outcomes import Outcome, Result, RunSummary, Status
from tui_sync.services import broken_off, syncs
from tui_sync.ui import scheduling
from tui_sync.ui.present.syncs import summary
from tui_sync.ui.screens.syncs import SyncsPage


def broken_off_run(folder: Path, name: str, people: int) -> None:
    """The newest run of a sync as a process left it that was killed after it had brought in so many people."""
    desk = bootstrap.open_desk(folder, "test")
    sync, runs = desk.sync(name), desk.workspace.runs
    run = RunSummary(id=runs.next_id(), sync_id=sync.id, sync=name, started=desk.clock.now())
    runs.put(run)
    for number in range(people):
        runs.add(run.id, [Outcome(record_id=str(number), email=f"p{number}@zylker.com", status=Status.NEW)])
    desk.workspace.close()


@acting
async def test_what_a_killed_run_did_is_counted_once_the_list_is_painted_and_shows_then(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off_run(ran, "Tech clients", 7)
    count, painted = SyncsPage._count, list[str]()

    async def watched(page: SyncsPage) -> None:
        painted.append("\n".join("".join(part.text for part in strip) for strip in page._compositor.render_strips()))
        await count(page)

    def at_once(*_: object) -> None:
        raise AssertionError("the event loop is held up by it")

    monkeypatch.setattr(SyncsPage, "_count", watched)
    monkeypatch.setattr(broken_off, "recount", at_once)
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        await ui.until_text("Total 7   New 7")
        assert "~ interrupted" in ui.text()
        assert "being counted" not in ui.text()
        assert "Tech clients" in painted[0]
        assert "Interrupted: Tech clients. Press r on it" in ui.text()


@acting
async def test_a_list_that_is_read_anew_before_a_killed_run_is_counted_has_it_counted_once(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, begun = SyncsPage._count, list[SyncsPage]()

    async def watched(page: SyncsPage) -> None:
        begun.append(page)
        await count(page)

    monkeypatch.setattr(SyncsPage, "_count", watched)
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        for times in (1, 2):
            broken_off_run(ran, "Tech clients", 6 + times)
            for _ in range(3):
                ui.app.changed()
            await ui.until_text(f"Total {6 + times}   New {6 + times}")
            assert len(begun) == times


@acting
async def test_of_a_killed_run_that_is_not_counted_yet_no_counts_are_told(ran: Path) -> None:
    broken_off_run(ran, "Tech clients", 7)
    desk = bootstrap.open_desk(ran, "test")
    [row] = [row for row in syncs.listing(desk, at_sight=True) if row.name == "Tech clients"]
    assert row.counting
    assert row.last is not None
    assert row.last.result is Result.INTERRUPTED
    for width, tall in ((80, False), (40, True)):
        lines = summary(row, desk.sync(row.name), None, desk.clock.now(), desk.workspace.zone, width, tall=tall)
        told = " ".join(" ".join(span.text for span in line) for line in lines)
        assert "being counted" in " ".join(told.split())
        assert not re.search(r"Total|New \d|new,", told)
    await broken_off.count(desk)
    [row] = [row for row in syncs.listing(desk, at_sight=True) if row.name == "Tech clients"]
    assert not row.counting
    assert row.last is not None
    assert row.last.counts.new == 7
    desk.workspace.close()


@acting
async def test_that_a_run_was_interrupted_is_told_no_more_once_one_goes_on(ran: Path) -> None:
    broken_off_run(ran, "Tech clients", 7)
    async with opened(ran) as ui:
        await ui.until_text("Interrupted: Tech clients. Press r on it")
        await ui.press("slash", '"clients"', "enter", "r")
        await ui.until(lambda: ui.app.desk.workspace.runs.all()[0].result is Result.COMPLETED)
        assert "Interrupted: Tech clients" not in ui.text()


@acting
async def test_that_a_run_was_interrupted_is_told_no_more_once_another_program_goes_on_with_it(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "LOOK", 0.05)
    broken_off_run(ran, "Tech clients", 7)
    async with opened(ran, schedules=True) as ui:
        await ui.until_text("Interrupted: Tech clients. Press r on it")
        with holding(ran, f"sync:{stored(ui, 'Tech clients').id}") as other:
            await ui.until_text("▸ running")
            assert "Interrupted: Tech clients" not in ui.text()
            other.kill()
            other.wait()


@acting
async def test_that_a_run_was_interrupted_is_told_on_while_others_run_and_not_on_other_screens(ran: Path) -> None:
    broken_off_run(ran, "Tech clients", 7)
    async with opened(ran) as ui:
        await ui.until_text("Interrupted: Tech clients. Press r on it")
        ui.app.runner.run(stored(ui, "All alumni"))
        await ui.until(lambda: ui.app.desk.workspace.runs.all()[0].result is Result.COMPLETED)
        assert any("Interrupted: Tech clients" in told.message for told in ui.app._notifications)
        await ui.press("6")
        assert "Interrupted: Tech clients" not in ui.text()
