"""Ctrl-C and SIGTERM during a run."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tests.cli.conftest import Program
from tests.engine.listed import FIELDS
from tui_sync.model.records import Field


def signalled(tui: Program, *numbers: signal.Signals) -> None:
    """Let these signals come while the run reads the fields of the module."""

    async def fields(module: str) -> tuple[Field, ...]:
        for number in numbers:
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.01)
        return FIELDS

    tui.recruit.fields = fields  # type: ignore[method-assign]


@pytest.fixture
def ready(tui: Program) -> Program:
    tui.people(3)
    tui.apply()
    return tui


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_run_between_two_records(number: signal.Signals, status: int, ready: Program) -> None:
    signalled(ready, number)
    ended = ready("run", "Newsletter", "--json")
    assert ended.status == status
    assert ended.json("run")["result"] == "cancelled"
    assert "The run was cancelled" in ended.err
    assert "Do the rest: tui-sync run Newsletter" in ended.err


def test_a_second_signal_stops_at_once_and_the_next_run_goes_on(ready: Program) -> None:
    signalled(ready, signal.SIGINT, signal.SIGINT)
    ended = ready("run", "Newsletter", "--json")
    assert (ended.status, ended.out) == (130, "")
    assert ended.err.count("\n") == 1
    assert ready("runs", "--json").json("runs")[0]["result"] == "interrupted"
    signalled(ready)
    assert ready("run", "Newsletter", "--json").json("run")["id"] == "1"


def test_a_cancelled_dry_run_ends_with_the_signals_status(ready: Program) -> None:
    signalled(ready, signal.SIGINT)
    ended = ready("run", "Newsletter", "--dry-run")
    assert (ended.status, ended.out) == (130, "")


def test_after_a_run_signals_mean_what_they_meant_before(ready: Program) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    ready("run", "Newsletter")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
