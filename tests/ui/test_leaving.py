"""What becomes of runs when the program ends, and what the next start makes of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, held_back, opened
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.outcomes import Result


async def begun(ui: Driver, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Begin a run whose delivery stands still after some people, until the event is set."""
    come = held_back(MarketingHub, "deliver", monkeypatch, after=50)
    ui.app.screen.query_one("#syncs").select(ui.app.desk.sync("All alumni").id)  # type: ignore[attr-defined]
    await ui.first_run()
    return come


@acting
async def test_a_run_stopped_by_a_lost_line_is_offered_at_the_next_start_and_goes_on_under_its_number(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        come = await begun(ui, monkeypatch)
        watch = ui.app.runner.going_on()[0]
        await ui.until(lambda: watch.live is not None and watch.live.counts.new > 40)
        asyncio.get_running_loop().call_later(0, come.set)  # by then the run is asked to stop
        await ui.app.leave(128 + 1)
        assert ui.app.return_code == 128 + 1
    async with opened(made) as ui:
        [run] = ui.app.desk.workspace.runs.all()
        assert run.result is Result.INTERRUPTED
        await ui.until_text("Interrupted: All alumni. Press r on it")
        ui.app.screen.query_one("#syncs").select(run.sync_id)  # type: ignore[attr-defined]
        await ui.press("r")
        await ui.idle()
        [again] = ui.app.desk.workspace.runs.all()
        assert (again.id, again.result) == (run.id, Result.COMPLETED)
        assert again.counts.new > 100


@acting
@pytest.mark.parametrize("keys", [("f2",), ("colon", '"abc"'), ("D",), ("x",), ("f", '"abc"')])
async def test_the_key_that_quits_does_so_in_every_question_prompt_and_choice(made: Path, keys: tuple[str, ...]) -> None:
    async with opened(made) as ui:
        await ui.press(*keys)
        await ui.press("ctrl+c")
        assert ui.app.return_code == 0
        assert ui.app._exit


@acting
async def test_the_key_that_quits_asks_where_something_would_be_lost_and_pressed_again_stays(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        come = await begun(ui, monkeypatch)
        await ui.press("colon", "ctrl+c")
        await ui.until_text("Leave the program?")
        await ui.press("ctrl+c")
        assert "Leave the program?" not in ui.text()
        assert not ui.app._exit
        come.set()


@acting
async def test_the_key_that_gives_the_shell_back_says_why_it_does_not_while_a_run_goes_on(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        come = await begun(ui, monkeypatch)
        await ui.press("ctrl+z")
        await ui.until_text("would stand still with the program")
        come.set()


@acting
async def test_a_screen_that_opens_while_the_program_ends_is_no_error(made: Path) -> None:
    async with opened(made) as ui:
        ui.app.go.help()
        await ui.app.leave(128 + 15)
    assert (ui.app.return_code, ui.app.fault) == (128 + 15, None)
