"""Every result that a run can have: brought about in the screens, told there, and told the same by the command line.

The other way round, with the exit status of each, is in tests/cli/test_runs.py and tests/cli/test_signals.py.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.together_world import PROGRAM, surroundings
from tests.ui.driver import Driver, acting, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.model.outcomes import Result
from tui_sync.simulator import Fault, Organisation

NAME = "All alumni"
SUBSCRIBE = "/api/v1/json/listsubscribe"
SLOW = Fault(kind="slow", path=SUBSCRIBE, after=5, count=999, seconds=0.2)
"""Has the run go on for half a minute: whoever comes late on a busy machine finds it going on."""


def organisation(ui: Driver) -> Organisation:
    """What the demo is connected to."""
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    return connector.organisation


async def begin(ui: Driver, *faults: Fault) -> None:
    """Begin the first run of the sync, with these faults."""
    for fault in faults:
        organisation(ui).faults.add(fault)
    await ui.press("down", "up")
    ui.app.screen.query_one("#syncs").select(ui.app.desk.sync(NAME).id)  # type: ignore[attr-defined]
    await ui.first_run()


async def completed(ui: Driver) -> None:
    """Nothing goes wrong."""
    await begin(ui)
    await ui.idle()


async def completed_with_errors(ui: Driver) -> None:
    """The hub fails to take some people; it keeps failing, so that repeating does not help."""
    await begin(ui, Fault(kind="status", status=500, path=SUBSCRIBE, after=100, count=999))
    await ui.idle()


async def failed(ui: Driver) -> None:
    """Recruit refuses the listing."""
    await begin(ui, Fault(kind="status", status=403, path="/recruit/v2/CustomModule1", count=99, after=1))
    await ui.idle()


async def held(ui: Driver) -> None:
    """Half of the people vanish between two runs."""
    await completed(ui)
    records, now = organisation(ui).records, organisation(ui).seconds()
    delivered = [o.record_id for o in ui.app.desk.workspace.runs.outcomes("1") if o.status == "new"]
    for record in delivered[: len(delivered) // 2]:
        records.delete(int(record), now)
    await ui.press("r")
    await ui.idle()


async def cancelled(ui: Driver) -> None:
    """Somebody stops it between two people."""
    await begin(ui, SLOW)
    watch = ui.app.runner.going_on()[0]
    await ui.until(lambda: watch.live is not None and watch.live.counts.new > 3)
    await ui.press("c")
    await ui.idle()


async def interrupted(ui: Driver) -> None:
    """The program is left while it goes on."""
    await begin(ui, SLOW)
    watch = ui.app.runner.going_on()[0]
    await ui.until(lambda: watch.live is not None and watch.live.counts.new > 3)
    await ui.app.leave(0)


async def running(ui: Driver) -> None:
    """It goes on."""
    await begin(ui, SLOW)
    await ui.until(lambda: ui.app.desk.workspace.runs.all(), "the run's record")


async def told(folder: Path) -> Any:  # noqa: ANN401 - JSON
    """The newest run as the command line tells it, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "--workspace", str(folder), "runs", NAME, "--json", env=surroundings(folder), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(out)["runs"][0]


def row_of(ui: Driver) -> str:
    """The line of the sync in the list of syncs."""
    return next(line for line in ui.lines() if NAME in line and "▌" in line[:3])


SHOWN = [
    (Result.COMPLETED, completed, "✓ completed", "Last run"),
    (Result.COMPLETED_WITH_ERRORS, completed_with_errors, "not delivered", "! completed with errors"),
    (Result.FAILED, failed, "✗ failed", "✗ failed"),
    (Result.HELD, held, "! held", "! held"),
    (Result.CANCELLED, cancelled, "○ cancelled", "○ cancelled"),
    (Result.INTERRUPTED, interrupted, "~ interrupted", "~ interrupted"),
    (Result.RUNNING, running, "▸ running", "▸ running"),
]
"""The result, how it comes about, what its row shows, what the summary below shows."""


@pytest.mark.parametrize(("result", "bring_about", "row", "below"), SHOWN, ids=[str(case[0]) for case in SHOWN])
@acting
async def test_a_result_is_told_the_same_on_the_screen_and_on_the_command_line(
    result: Result, bring_about: Callable[[Driver], Awaitable[None]], row: str, below: str, made: Path
) -> None:
    if result is Result.INTERRUPTED:
        async with opened(made) as ui:
            await bring_about(ui)
    async with opened(made, size=(140, 40)) as ui:
        if result is not Result.INTERRUPTED:
            await bring_about(ui)
        ui.app.screen.query_one("#syncs").select(ui.app.desk.sync(NAME).id)  # type: ignore[attr-defined]
        await ui.until(lambda: row in row_of(ui), row)
        assert below in ui.text()
        run = await told(made)
        assert run["result"] == result
        if result is not Result.COMPLETED:
            assert "✓ completed" not in row_of(ui)
        ui.app.go.details(ui.app.desk.sync(NAME))
        await ui.pilot.pause()
        assert re.search(rf"[✓!✗○~▸] {result.replace('-', ' ')}\b", ui.text())


@acting
async def test_the_sentence_about_several_runs_says_who_was_not_delivered_and_what_was_not_finished(ran: Path) -> None:
    async with opened(ran) as ui:
        organisation(ui).faults.add(Fault(kind="status", status=500, path=SUBSCRIBE, count=999))
        await ui.press("A")
        await ui.idle()
        await ui.until_text("join the next")
        assert "runs ended" in ui.text()


@acting
async def test_the_dry_run_says_what_only_the_delivery_can_tell(made: Path) -> None:
    async with opened(made) as ui:
        await ui.press("d")
        await ui.idle()
        await ui.until_text("learned at delivery only")
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "--workspace", str(made), "run", NAME, "--dry-run", "--json",
        env=surroundings(made), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert json.loads(out)["run"]["id"] == ""
    assert "Do-Not-Mail list is learned at delivery only" in err.decode()
