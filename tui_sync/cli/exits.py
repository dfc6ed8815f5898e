"""Exit statuses: what each one means, and which one a run or an error ends with."""

from __future__ import annotations

from enum import IntEnum

import click

from tui_sync.model.errors import LimitRefused, UsageError
from tui_sync.model.outcomes import Result, RunSummary

SIGNALLED = 128
"""The status of a program that a signal ended is this and the signal's number."""


class Exit(IntEnum):
    """The statuses of the program; a signal that ended it is 128 and its number."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LIMIT = 3
    HELD = 4
    SOME_FAILED = 5
    INTERRUPTED = 130


class Stopped(Exception):
    """A signal ended the command; `sentence` says what became of its work."""

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(sentence)
        self.number, self.sentence = number, sentence


def of_run(run: RunSummary) -> Exit:
    """The status for a run that has ended: failed goes before held, held before some people failed or refused."""
    match run.result:
        case Result.COMPLETED | Result.COMPLETED_WITH_ERRORS:
            return Exit.SOME_FAILED if run.failed or run.ignored.refused else Exit.DONE
        case Result.HELD:
            return Exit.HELD
        case _:
            return Exit.FAILED


def of_error(error: BaseException) -> int:
    """The status for an error that ended the command."""
    match error:
        case Stopped():
            return SIGNALLED + error.number
        case KeyboardInterrupt() | click.Abort():
            return Exit.INTERRUPTED
        case UsageError() | click.UsageError():
            return Exit.USAGE
        case LimitRefused():
            return Exit.LIMIT
        case _:
            return Exit.FAILED
