"""Workspaces that the tests of the screens and of the terminal start from. What takes long is made once and copied."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from msgspec.structs import replace

from tui_sync import bootstrap
from tui_sync.cli.organisation import apply_samples
from tui_sync.engine.control import Control
from tui_sync.model.sync import Frequency
from tui_sync.services import running
from tui_sync.services.desk import Desk

RECORDS = 400


def pytest_configure() -> None:
    """Have children start with signals as a shell in a terminal would: `nohup` and background jobs ignore some of them.

    The keys are those of the program, whatever the person who tests has chosen.
    """
    os.environ["TUI_SYNC_KEYS"] = os.devnull
    # How long an example takes says how busy the machine is, not whether the program is right.
    settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("on any machine")
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo organisation whose six sample syncs have not run."""
    folder = tmp_path_factory.mktemp("made") / "w"
    desk = bootstrap.open_demo(folder, "test", records=RECORDS)
    asyncio.run(_and_close(desk, _made_of_samples(desk)))
    return folder


@pytest.fixture(scope="session")
def _run_once(_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the six syncs have run."""
    folder = tmp_path_factory.mktemp("run") / "w"
    shutil.copytree(_made, folder)
    desk = bootstrap.open_demo(folder, "test")
    asyncio.run(_and_close(desk, _run_all(desk)))
    return folder


@pytest.fixture
def made(_made: Path, tmp_path: Path) -> Path:
    """A workspace of its own: the demo organisation, its sample syncs initiated, nothing run."""
    return Path(shutil.copytree(_made, tmp_path / "w"))


@pytest.fixture
def ran(_run_once: Path, tmp_path: Path) -> Path:
    """A workspace of its own: the demo organisation after the first run of its six syncs."""
    return Path(shutil.copytree(_run_once, tmp_path / "w"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The folder of a workspace that nobody has used."""
    return tmp_path / "w"


async def _made_of_samples(desk: Desk) -> None:
    """The sample syncs. Those of every day are due in half a day: at the hour of one its run would begin by itself in the
    screens of some test."""
    await apply_samples(desk)
    later = desk.clock.now() + timedelta(hours=12)
    for sync in desk.workspace.syncs.all():
        if sync.schedule.frequency is Frequency.DAILY:
            at = f"{later.astimezone(ZoneInfo(sync.schedule.timezone)):%H:%M}"
            desk.workspace.syncs.put(replace(sync, schedule=replace(sync.schedule, at=at)))


async def _run_all(desk: Desk) -> None:
    for sync in desk.workspace.syncs.all():
        await running.start(desk, sync.name, Control(desk.clock, lambda _: None))


async def _and_close(desk: Desk, work: Awaitable[object]) -> None:
    await work
    await bootstrap.close(desk)
