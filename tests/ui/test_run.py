"""The screen of a run that goes on, and what tells its end elsewhere."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, held_back, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.engine.control import Control
from tui_sync.engine.run import World
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model import hub
from tui_sync.model.errors import RunError
from tui_sync.model.events import Phase
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.services import running
from tui_sync.services.desk import Desk
from tui_sync.services.unforeseen import LOG
from tui_sync.simulator import Fault
from tui_sync.ui.runner import Watch
from tui_sync.ui.screens.foreseen import ForeseenPage
from tui_sync.ui.screens.person import PersonPage
from tui_sync.ui.screens.run import RunPage
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.widgets.record_table import RecordTable


def fault(ui: Driver, **what: object) -> None:
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    connector.organisation.faults.add(Fault(**what))  # type: ignore[arg-type]


def held(monkeypatch: pytest.MonkeyPatch, after: int = 40) -> asyncio.Event:
    """Have the hub take so many people, and the others only once the event is set."""
    return held_back(MarketingHub, "deliver", monkeypatch, after=after)


async def started(ui: Driver, name: str = "All alumni") -> None:
    ui.app.screen.query_one("#syncs").select(ui.app.desk.sync(name).id)  # type: ignore[attr-defined]
    await ui.first_run()
    await ui.until(lambda: ui.app.runner.going_on(), "the run")
    await ui.press("w")
    await ui.until(lambda: isinstance(ui.app.screen, RunPage), "the screen of the run")


@acting
async def test_a_run_shows_its_phases_counts_and_rate_as_it_goes_on(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(made) as ui:
        come = held(monkeypatch)
        await started(ui)
        await ui.until(lambda: "✓ Guard" in ui.text() and "▸ Deliver" in ui.text() and " of 142  " in ui.text())
        assert "✓ Fetch     150 records" in ui.text()
        assert "/s" in ui.text() or "/min" in ui.text()
        assert "Leaving this screen does not stop the run." in ui.text()
        come.set()
        await ui.idle()
        await ui.until_text("✓ Commit    done")
        assert "✓ completed   run 1," in ui.text()


@acting
async def test_what_a_run_waits_for_and_until_when_is_told(made: Path) -> None:
    async with opened(made) as ui:
        # the first call is that of the look before the first run, where the question stands
        fault(ui, kind="status", status=503, path="/recruit/v2/CustomModule1", retry_after=60, after=1)
        await started(ui)
        await ui.until_text("until ")
        waiting = next(line for line in ui.lines() if "until " in line)
        assert "503" in ui.text()
        assert ".," not in waiting
        await ui.press("c")
        await ui.idle()


@acting
async def test_a_cancelled_run_stops_between_two_people_and_says_so(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(made) as ui:
        come = held(monkeypatch, after=0)
        await started(ui)
        await ui.until(lambda: "▸ Deliver" in ui.text())
        await ui.press("c")
        assert "It stops after the present person." in ui.text()
        await ui.press("c")
        await ui.until_text("It is stopping already.")
        come.set()
        await ui.idle()
        await ui.until_text("cancelled")
        [run] = ui.app.desk.workspace.runs.all()
        assert run.result is Result.CANCELLED


@acting
async def test_leaving_the_screen_stops_nothing_and_the_end_is_told_with_the_bell_where_it_is_wanted(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        rung: list[None] = []
        monkeypatch.setattr(ui.app, "bell", lambda: rung.append(None))
        come = held(monkeypatch)
        await started(ui)
        await ui.press("escape", "f3")
        assert isinstance(ui.app.screen, SyncsPage)
        assert ui.app.runner.going_on()
        come.set()
        await ui.idle()
        await ui.until_text("All alumni: 138 new")
        assert len(rung) == 1
        await ui.press("f3", "r")
        await ui.idle()
        assert len(rung) == 1


def unforeseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run break in a way that nobody foresaw; the error's own words hold a secret."""

    def surprise(desk: Desk) -> World:
        raise KeyError(f"no such thing: {desk.workspace.secrets.get('zsc_key')}")

    monkeypatch.setattr(running, "world", surprise)


def test_what_nobody_foresaw_in_a_run_is_told_with_the_way_out_and_written_down_without_secrets(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unforeseen(monkeypatch)

    @acting
    async def tells() -> None:
        async with opened(ran, size=(120, 30)) as ui:
            watch = ui.app.runner.run(ui.app.desk.sync("All alumni"))
            ui.app.go.run(watch)
            await ui.idle()
            said = f"Something went wrong that should not (KeyError); the details are in {ran / LOG}."
            [told] = [note.message for note in ui.app._notifications]
            assert told == f"All alumni: {said} See whether the workspace is whole: tui-sync doctor"
            assert "   Something went wrong that should not (KeyError)" in "\n".join(ui.lines()[:15])
            assert "stopped at once" not in ui.text()
            written = (ran / LOG).read_text()
            assert "KeyError: 'no such thing: [secret]'" in written
            assert written.count("Traceback") == 1
            assert str(ui.app.desk.workspace.secrets.get("zsc_key")) not in written

    tells()


def test_a_delivery_that_takes_long_says_how_long_before_it_begins(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "limited", property(lambda _desk: True))
    monkeypatch.setattr(hub, "CALLS", 1)

    @acting
    async def tells() -> None:
        async with opened(ran) as ui:
            watch = Watch(ui.app.desk.sync("All alumni"), "run")

            async def work(_: Watch, control: Control) -> None:
                control.start(Phase.DELIVER, 4, alike=3)
                control.progress(1)

            told: list[str] = []
            monkeypatch.setattr(ui.app.runner, "_tell", lambda text, *_: told.append(text))
            ui.app.runner._start(watch, work)
            await ui.idle()
            assert any(each.startswith("All alumni: 3 calls to the hub take at least 10 minutes") for each in told)
            assert 590 < (watch.steps[0].left() or 0) <= 600

    tells()


@pytest.mark.parametrize("where", ["runs_moved", "run_ended"])
def test_what_nobody_foresaw_in_showing_the_runs_is_told_once_and_written_down_and_the_runs_go_on(
    ran: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def surprise(self: SyncsPage, *_: object) -> None:
        raise KeyError(f"no such thing: {self.desk.workspace.secrets.get('zsc_key')}")

    monkeypatch.setattr(SyncsPage, where, surprise)

    @acting
    async def tells() -> None:
        async with opened(ran) as ui:
            for _ in range(2):
                watch = ui.app.runner.run(ui.app.desk.sync("All alumni"), full=True)
                await ui.idle()
                assert watch.summary is not None
                assert watch.summary.result is Result.COMPLETED
            said = f"Something went wrong that should not (KeyError); the details are in {ran / LOG}."
            assert sum(note.message.startswith(said) for note in ui.app._notifications) == 1
            written = (ran / LOG).read_text()
            assert written.count("KeyError: 'no such thing: [secret]'") == 1

    tells()


def test_what_refuses_to_show_the_end_of_a_run_is_told_in_its_own_words_and_is_not_unforeseen(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: SyncsPage, *_: object) -> None:
        raise RunError("The disk is full.", "Make room.")

    monkeypatch.setattr(SyncsPage, "run_ended", refused)

    @acting
    async def tells() -> None:
        async with opened(ran) as ui:
            ui.app.runner.run(ui.app.desk.sync("All alumni"))
            await ui.idle()
            assert any(note.message == "The disk is full. Make room." for note in ui.app._notifications)
            assert not (ran / LOG).exists()

    tells()


def test_what_nobody_foresaw_in_runs_started_together_is_told_once_with_their_names(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unforeseen(monkeypatch)

    @acting
    async def tells() -> None:
        async with opened(ran) as ui:
            ui.app.run_all()
            await ui.idle()
            [told] = [note.message for note in ui.app._notifications]
            assert told.startswith("6 runs ended: 0 new. Not completed: ")
            assert told.endswith("See whether the workspace is whole: tui-sync doctor")

    tells()


@acting
async def test_a_dry_run_for_which_nothing_has_changed_foresees_nobody_and_says_why(ran: Path) -> None:
    async with opened(ran) as ui:
        sync = ui.app.desk.sync("All alumni")
        ui.app.runner.run(sync)
        await ui.idle()
        ui.app.go.run(ui.app.runner.dry_run(sync))
        await ui.idle()
        await ui.press("o")
        assert "The dry run foresees nobody: nothing has changed since the run before." in ui.text()


@acting
async def test_all_that_a_run_came_to_is_reached_where_the_terminal_is_low(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        sync, now = ui.app.desk.sync("All alumni"), ui.app.now
        watch = Watch(sync, "run")
        notes = tuple(f"What was told {number}." for number in range(1, 13))
        watch.summary = RunSummary(
            id="7", sync_id=sync.id, sync=sync.name, result=Result.COMPLETED, started=now, finished=now, notes=notes
        )
        watch.end()
        ui.app.go.run(watch)
        await ui.until_text("more lines: down or pgdn")
        assert "What was told 12." not in ui.text()
        await ui.press("pagedown")
        assert "What was told 12." in ui.text()


@acting
async def test_what_a_dry_run_foresees_of_duplicates_is_told_at_80_columns_as_the_details_tell_it(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.run(ui.app.runner.dry_run(ui.app.desk.sync("Tech clients")))
        await ui.idle()
        await ui.press("o", "slash", '"duplicate"', "enter")
        people = [line for line in ui.lines() if " Duplicate " in line]
        assert people
        assert all(line.endswith("unchanged") for line in people)


@acting
async def test_what_a_dry_run_foresees_is_opened_filtered_and_exported(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(ran) as ui:
        ui.app.screen.query_one("#syncs").select(ui.app.desk.sync("All alumni").id)  # type: ignore[attr-defined]
        ui.app.go.run(ui.app.runner.dry_run(ui.app.desk.sync("Winter campaign")))
        await ui.idle()
        await ui.press("o", "slash", '"ignored"', "enter")
        assert isinstance(ui.app.screen, ForeseenPage)
        shown = ui.app.screen.query_one(RecordTable).shown
        await ui.press("c", "down", "enter", "ctrl+u", '"seen.jsonl"', "enter")
        await ui.until_text("rows written to")
        lines = (tmp_path / "seen.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["record_id"] for line in lines] == [outcome.record_id for outcome in shown]
        await ui.press("enter")
        assert isinstance(ui.app.screen, PersonPage)
        await ui.press("escape", "escape")
        assert isinstance(ui.app.screen, ForeseenPage), "esc shows all rows first"
        await ui.press("escape")
        assert isinstance(ui.app.screen, RunPage)


@acting
async def test_a_start_that_is_refused_leaves_the_keys_to_the_run_that_goes_on(ran: Path) -> None:
    """As where a schedule starts a sync while a question about it is open, which is agreed to then."""
    async with opened(ran) as ui:
        runner, sync = ui.app.runner, ui.app.desk.workspace.syncs.named("IT graduates")
        assert sync is not None
        going, refused = runner.run(sync, full=True), runner.run(sync)
        await refused.over.wait()
        assert "running" in refused.fault
        assert (going.ended, runner.of(sync.id)) == (False, going)
        await ui.idle()
        assert runner.of(sync.id) is not None
