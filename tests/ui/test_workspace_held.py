"""Another program that writes in the workspace for long: the screens go on, and say whom they wait for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

from tests.ui.driver import PATIENCE, Driver, acting, opened
from tests.ui.test_scheduling import overdue, stored
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import SyncState
from tui_sync.services.schedules import LOCK
from tui_sync.store.glance import FILE

WRITER = """
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(60)
"""
LONGEST = 3.0
"""Seconds that the event loop may stand still at once, on a machine that others use too; it was half a minute."""


@contextmanager
def writing(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes in the workspace until it is killed."""
    other = subprocess.Popen([sys.executable, "-c", WRITER, str(folder / FILE)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    try:
        yield other
    finally:
        other.kill()
        other.wait()
        other.stdout.close()


@asynccontextmanager
async def going_on() -> AsyncIterator[None]:
    """The event loop never stands still for long inside."""
    gaps = [0.0]

    async def look() -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(0.01)
            gaps.append(monotonic() - before)

    looking = asyncio.create_task(look())
    yield
    looking.cancel()
    assert max(gaps) < LONGEST


def told(ui: Driver) -> str:
    return " ".join(shown.message for shown in ui.app._notifications)


@acting
async def test_a_key_that_would_write_is_refused_with_who_writes_and_works_when_that_is_done(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        with writing(ran) as other:
            async with going_on():
                await ui.press("p")
                assert f"was not changed: process {other.pid} (" in told(ui)
                assert "writes in it. Try again when that is done." in told(ui)
                await ui.press("enter")
                await ui.until_text("[1 Total")
                await ui.press("escape")
        assert stored(ui, "Tech clients").state is not SyncState.INACTIVE
        await ui.press("p")
        await ui.until(lambda: stored(ui, "Tech clients").state is SyncState.INACTIVE)


@acting
async def test_a_run_waits_for_another_program_that_writes_and_says_so_while_the_screens_go_on(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        with writing(ran) as other:
            async with going_on():
                await ui.press("r")
                await ui.until_text("waits")
                await ui.press("w")
                await ui.until_text(f"waiting for the workspace: process {other.pid}")
                await ui.press("escape")
        await ui.idle()
        assert ui.app.desk.workspace.runs.all()[0].result is Result.COMPLETED


@acting
async def test_a_run_that_waits_for_another_program_that_writes_can_be_stopped(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter")
        with writing(ran):
            await ui.press("r")
            await ui.until_text("waits")
            await ui.press("c")
            await ui.idle()
        assert len(ui.app.desk.workspace.runs.all()) == 6


@acting
async def test_schedules_wait_for_another_program_that_writes_and_go_on_by_themselves(ran: Path) -> None:
    overdue(ran, "Partner letter")
    with writing(ran) as other:
        async with opened(ran) as ui, going_on():
            ui.app.schedules.begin()
            await asyncio.sleep(LONGEST)
            assert not ui.app.desk.workspace.locks.keeps(LOCK)
            other.kill()
            await ui.until(lambda: len(ui.app.desk.workspace.runs.all()) == 7)
            await ui.idle()


@acting
async def test_the_screens_open_while_another_program_writes(ran: Path) -> None:
    with writing(ran):
        before = monotonic()
        async with opened(ran) as ui:
            await ui.until_text("Tech clients")
            assert monotonic() - before < PATIENCE
