"""A run that asks whether its price is worth it: it waits, and takes no key that was meant for something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.ui.driver import Driver, acting, opened
from tui_sync.engine import related
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Condition, Selection, SelectionKind, Sync
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens.run import RunPage
from tui_sync.ui.screens.syncs import SyncsPage

NAME = "IT graduates"


def of_openings(ui: Driver) -> Sync:
    """The sync, which selects by whatever openings its people have from now on."""
    everybody = Condition(field="Job_Openings.Posting_Title", operator="is empty", value=None)
    chosen = Selection(kind=SelectionKind.CRITERIA, conditions=(everybody,), pattern="1")
    ui.app.desk.workspace.syncs.put(replace(ui.app.desk.sync(NAME), selection=chosen))
    return ui.app.desk.sync(NAME)


@asynccontextmanager
async def asking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Driver, Watch]]:
    """A run that asks whether it may make its calls, while somebody types a filter."""
    monkeypatch.setattr(related, "ASK_ABOVE", 2)
    async with opened(folder) as ui:
        watch = ui.app.runner.run(of_openings(ui))
        await ui.press("slash")
        await ui.until(lambda: watch.price is not None, "the question")
        yield ui, watch


@acting
async def test_it_asks_over_nothing_and_no_key_answers_it_where_it_was_not_asked(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        await ui.press('"yna"', "enter", "escape", "enter", "escape", "a", "y")
        assert isinstance(ui.app.screen, SyncsPage)
        assert watch.price is not None


@acting
async def test_its_row_says_that_it_waits_and_the_key_that_leads_to_the_answer(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        await ui.press('"grad"', "enter")
        await ui.until_text("It asks about its price: press w.")
        assert "asks whether it may make 40 calls" in ui.text()
        assert any("▸ running" in line and "asks: w" in line for line in ui.lines())
        await ui.press("w")
        assert isinstance(ui.app.screen, RunPage)
        told = " ".join(ui.text().split())
        assert "That takes 40 calls to Recruit and 40 API credits of the day's allowance. Is it worth that?" in told
        assert "a make the calls" in told
        assert "asks whether" not in told
        assert watch.price is not None


@acting
async def test_who_agrees_has_the_calls_made(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        ui.app.go.run(watch)
        await ui.until_text("make the calls")
        await ui.press("a")
        await ui.idle()
        assert "make the calls" not in ui.text()
        [run] = ui.app.desk.workspace.runs.all()
        assert run.result is Result.COMPLETED, run.message
        assert run.counts.total > 0


@acting
async def test_who_does_not_ends_the_run_which_changes_nothing(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        ui.app.go.run(watch)
        await ui.until_text("make the calls")
        await ui.press("c")
        await ui.idle()
        [run] = ui.app.desk.workspace.runs.all()
        assert (run.result, run.counts.total) == (Result.CANCELLED, 0)
        assert "not wanted at 40 calls" in run.message
        assert not ui.app.desk.workspace.ledger.knows(run.sync_id)


@acting
async def test_who_cancels_right_after_agreeing_has_cancelled(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        watch.answer(True)
        ui.app.runner.cancel(watch)
        await ui.idle()
        [run] = ui.app.desk.workspace.runs.all()
        assert (run.result, run.counts.total) == (Result.CANCELLED, 0)


@acting
async def test_a_dry_run_that_is_not_worth_its_price_is_cancelled_and_has_not_failed(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "ASK_ABOVE", 2)
    async with opened(made) as ui:
        watch = ui.app.runner.dry_run(of_openings(ui))
        ui.app.go.run(watch)
        await ui.until_text("make the calls")
        await ui.press("c")
        await ui.idle()
        assert ui.lines()[0].endswith("cancelled")
        assert "failed" not in ui.text()


@acting
async def test_a_program_that_is_left_does_not_wait_for_the_answer(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(made, monkeypatch) as (ui, watch):
        await ui.app.runner.stop_all(5)
        assert (watch.ended, watch.price) == (True, None)


@acting
async def test_a_run_that_nobody_attends_to_asks_nothing(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "ASK_ABOVE", 0)
    async with opened(made) as ui:
        await ui.app.runner.by_schedule(of_openings(ui), "")
        [run] = ui.app.desk.workspace.runs.all()
        assert run.result is Result.COMPLETED
