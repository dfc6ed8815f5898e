"""Failing runs in a row: what counts, what warns, what stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui_sync.model import errors
from tui_sync.model.failures import NOT_OURS, in_a_row, stopped_because, stops, warning
from tui_sync.model.outcomes import ENDED, Result, RunSummary

START = datetime(2026, 3, 2, tzinfo=UTC)
FAILED, CANCELLED, INTERRUPTED, RUNNING = Result.FAILED, Result.CANCELLED, Result.INTERRUPTED, Result.RUNNING


def runs(*results: Result | str) -> list[RunSummary]:
    """Runs, the newest first; a text is a failed one with that fault."""
    made = []
    for number, result in enumerate(results):
        fault = "" if isinstance(result, Result) else result
        made.append(
            RunSummary(id=str(99 - number), sync_id="s1", sync="S", result=Result.FAILED if fault else Result(result),
                       fault=fault, started=START - timedelta(days=number))
        )  # fmt: skip
    return made


@pytest.mark.parametrize("ended", ENDED)
def test_every_run_that_came_to_its_end_ends_the_count(ended: Result) -> None:
    assert in_a_row(runs(FAILED, FAILED, ended, FAILED)) == 2


@pytest.mark.parametrize("other", [CANCELLED, INTERRUPTED, RUNNING, "Throttled"])
def test_some_neither_count_nor_end_the_count(other: Result | str) -> None:
    assert in_a_row(runs(other, FAILED, other, FAILED)) == 2
    assert in_a_row(runs(other)) == 0


def test_what_was_before_the_schedule_was_taken_up_again_does_not_count() -> None:
    assert in_a_row(runs(FAILED, FAILED, FAILED), since=START - timedelta(hours=30)) == 2


def test_three_warn_and_five_stop() -> None:
    assert [bool(warning(number)) for number in range(7)] == [False, False, False, True, True, False, False]
    assert [stops(number) for number in range(7)] == [False, False, False, False, False, True, True]


def test_the_last_message_ends_before_the_way_out_begins() -> None:
    told = stopped_because(5, "The key was changed. Paste the new one: tui-sync zsc-key")
    assert told.endswith("tui-sync zsc-key. Once that is mended, activate it again.")


def test_the_faults_that_do_not_count_are_errors_of_ours() -> None:
    assert all(issubclass(getattr(errors, name), errors.RunError) for name in NOT_OURS)
