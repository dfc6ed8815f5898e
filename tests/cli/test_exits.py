"""The exit status of every kind of end."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

import click
import pytest

from tui_sync.cli.exits import Exit, Stopped, of_error, of_run
from tui_sync.model import errors
from tui_sync.model.outcomes import IgnoredCounts, Result, RunSummary


def a_run(result: Result, *, failed: int = 0, refused: int = 0) -> RunSummary:
    return RunSummary(
        id="1", sync_id="1", sync="Newsletter", result=result, started=datetime(2026, 3, 2, tzinfo=UTC),
        failed=failed, ignored=IgnoredCounts(refused=refused),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (a_run(Result.COMPLETED), 0),
        (a_run(Result.COMPLETED, refused=1), 5),
        (a_run(Result.COMPLETED_WITH_ERRORS, failed=1), 5),
        (a_run(Result.HELD), 4),
        (a_run(Result.HELD, failed=1, refused=1), 4),
        (a_run(Result.FAILED, failed=1, refused=1), 1),
        (a_run(Result.CANCELLED), 1),
        (a_run(Result.INTERRUPTED, refused=1), 1),
    ],
)
def test_failed_goes_before_held_and_held_before_some_failed(run: RunSummary, status: int) -> None:
    assert of_run(run) == status


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UsageError("x"), 2),
        (errors.DefinitionError("x"), 2),
        (click.UsageError("x"), 2),
        (errors.LimitRefused("x"), 3),
        (errors.RunError("x"), 1),
        (errors.AlreadyRunning("x"), 1),
        (errors.CredentialsRejected("x"), 1),
        (errors.Damaged("x"), 1),
        (ValueError("x"), 1),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (Stopped(signal.SIGINT, "x"), 130),
        (Stopped(signal.SIGTERM, "x"), 143),
    ],
)
def test_every_error_has_its_status(error: BaseException, status: int) -> None:
    assert of_error(error) == status


def test_the_statuses_are_those_of_the_contract() -> None:
    assert [int(status) for status in Exit] == [0, 1, 2, 3, 4, 5, 130]
