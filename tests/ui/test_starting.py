"""The first run into Marketing Automation is asked for, with its number; every later one begins at once."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, held_back, opened
from tests.ui.test_mending import organisation
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.ledger import MembershipState
from tui_sync.services import sampling
from tui_sync.services.desk import Desk
from tui_sync.services.sampling import Sample
from tui_sync.simulator import Fault
from tui_sync.ui.screens.ask import Ask


async def on(ui: Driver, name: str) -> None:
    """The cursor on a sync of the first screen."""
    ui.app.screen.query_one("#syncs").select(ui.app.desk.sync(name).id)  # type: ignore[attr-defined]
    await ui.pilot.pause()


@acting
async def test_the_first_run_says_how_many_people_are_added_and_that_the_hub_may_write_to_them(made: Path) -> None:
    async with opened(made) as ui:
        await on(ui, "All alumni")
        await ui.press("r")
        await ui.until_text("Run All alumni for the first time?")
        told = " ".join(ui.text().split())
        assert "would be added to Alumni. Marketing Automation may write to people whom a sync adds" in told
        assert "remove from list is an unsubscribe" in told
        await ui.press("enter")
        assert not ui.app.desk.workspace.runs.all()
        await ui.press("r")
        await ui.until(lambda: isinstance(ui.app.screen, Ask))
        await ui.press("y")
        await ui.until(lambda: ui.app.desk.workspace.runs.all())
        await ui.idle()
        await ui.press("r")
        await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 2, "the second run, without a question")
        await ui.idle()


@acting
async def test_it_is_asked_without_a_number_where_recruit_does_not_answer(made: Path) -> None:
    async with opened(made) as ui:
        organisation(ui).faults.add(Fault(kind="html", path="/recruit/v2/", count=9))
        await on(ui, "All alumni")
        await ui.press("r")
        await ui.until_text("How many people it would add is not known.")


@acting
async def test_rows_over_related_records_are_counted_for_the_first_run_as_for_every_other(made: Path) -> None:
    async with opened(made) as ui:
        await on(ui, "Tech clients")
        await ui.press("r")
        await ui.until_text("Run Tech clients for the first time?")
        assert would_be_added(ui) > 0


@acting
async def test_after_a_cancelled_first_run_only_those_are_counted_who_are_not_in_the_list_yet(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        come = held_back(MarketingHub, "deliver", monkeypatch, after=50)
        await on(ui, "All alumni")
        await ui.press("r")
        await ui.until_text("Run All alumni for the first time?")
        first = would_be_added(ui)
        await ui.press("y")
        watch = ui.app.runner.going_on()[0]
        await ui.until(lambda: watch.live is not None and watch.live.counts.new > 40)
        await ui.press("c")
        come.set()
        await ui.idle()
        sync = ui.app.desk.sync("All alumni")
        known = list(ui.app.desk.workspace.ledger.memberships_in(sync.list_key))
        there = sum(member.state is MembershipState.ACTIVE for member in known)
        [run] = ui.app.desk.workspace.runs.all()
        assert run.counts.new > 40
        await ui.press("r")
        await ui.until_text("Run All alumni again? Its first run was not completed.")
        assert first - there <= would_be_added(ui) <= first - run.counts.new


def would_be_added(ui: Driver) -> int:
    [number] = re.findall(r"(\d+) people would be added", " ".join(ui.text().split()))
    return int(number)


@acting
async def test_while_the_first_run_is_looked_at_that_stands_in_its_row_and_nobody_is_asked_elsewhere(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        over, take = asyncio.Event(), sampling.take

        async def late(desk: Desk, module: str, *, view_id: str, zone_name: str) -> Sample:
            await over.wait()
            return await take(desk, module, view_id=view_id, zone_name=zone_name)

        monkeypatch.setattr(sampling, "take", late)
        await on(ui, "All alumni")
        await ui.press("r")
        assert any("▸ looking" in line for line in ui.lines() if "All alumni" in line)
        assert "You are asked when that is known." in " ".join(ui.text().split())
        await ui.press("r")
        assert "looked at already" in ui.text()
        await ui.press("2")
        where = ui.app.screen
        over.set()
        await ui.until_text("All alumni was not run: you went elsewhere")
        assert ui.app.screen is where
        await ui.press("escape")
        assert "looking" not in ui.text()
        await ui.press("r")
        await ui.until_text("Run All alumni for the first time?")
        assert not ui.app.desk.workspace.runs.all()
