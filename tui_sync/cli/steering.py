"""One run under way: its progress shown, Ctrl-C and SIGTERM turned into its cancelling, a lost line into its breaking off."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tui_sync.cli import narration, output
from tui_sync.cli.exits import Stopped, of_run
from tui_sync.cli.progress import ProgressLine
from tui_sync.engine.control import Price
from tui_sync.model.errors import Cancelled
from tui_sync.model.events import Event, alike
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.model.text import command_line, full_stop
from tui_sync.present.runs import delivery_words
from tui_sync.present.words import counted
from tui_sync.services import running
from tui_sync.services.desk import Desk

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heeded() -> list[signal.Signals]:
    """The signals that are answered here: all, but SIGHUP not where `nohup` has it ignored."""
    return [one for one in SIGNALS if one is not signal.SIGHUP or signal.getsignal(one) is not signal.SIG_IGN]


class Steering:
    """One run under way: its control, and the signal that asked it to stop, if one did."""

    def __init__(self, desk: Desk, title: str) -> None:
        self.progress, self._title, self._limited = ProgressLine(title), title, desk.limited
        self.control = running.control(desk, self._tell, self._agree)
        self.signal = 0

    def _tell(self, event: Event) -> None:
        """Show an event; before a delivery that takes long, say how long."""
        long = delivery_words(alike(event)) if self._limited else ""
        if long:
            self.progress.close()
            narration.warn(f"{self._title}: {long}")
        self.progress.tell(event)

    async def _agree(self, price: Price) -> bool:
        """Tell the price of a run; a command asks nothing and goes on."""
        self.progress.close()
        cost = f"{counted(price.calls, 'call')} to Recruit and {counted(price.credits, 'credit')}"
        narration.warn(f"{price.why} That takes {cost}; it goes on.")
        return True

    def status(self, run: RunSummary) -> int:
        """The exit status for the run that was steered."""
        return 128 + self.signal if self.signal and run.result is Result.CANCELLED else of_run(run)

    def stop(self, number: int, task: asyncio.Task[Any] | None) -> None:
        """A signal came: the first one cancels the run between two records, the second one stops at once. Where the line is
        lost nobody has asked for an end: the run breaks off, and the next one goes on under its number."""
        if number == signal.SIGHUP:
            output.abandon_terminal()
        if self.signal and task is not None:
            task.cancel()
            return
        self.signal = number
        if number == signal.SIGHUP:
            self.control.break_off()
            return
        self.control.cancel()
        self.progress.note("Stopping after the present step; once more stops at once.")


@contextmanager
def steering(desk: Desk, title: str) -> Iterator[Steering]:
    """Steer one run: shows its progress and lets signals stop it. Raises Stopped where they ended it."""
    helm, numbers = Steering(desk, title), heeded()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for number in numbers:
        loop.add_signal_handler(number, helm.stop, number, task)
    try:
        yield helm
    except Cancelled as stop:
        if not helm.signal:
            raise
        raise Stopped(helm.signal, str(stop)) from stop
    except asyncio.CancelledError as stop:
        if not helm.signal:
            raise
        raise Stopped(helm.signal, "Stopped at once; the next run of the sync goes on from here.") from stop
    finally:
        helm.progress.close()
        for number in numbers:
            loop.remove_signal_handler(number)


def tell_end(run: RunSummary) -> None:
    """Tell on stderr what stopped a run, whom it waits for an approval of, and who was not delivered."""
    if run.result is Result.CANCELLED:
        narration.warn(f"{full_stop(run.message)} Do the rest: {command_line('run', run.sync)}")
    elif run.message:
        narration.warn(run.message)
    if run.withheld:
        look = command_line("outcomes", run.id, status="withheld")
        withheld = counted(run.withheld, "removal is", "removals are")
        narration.warn(f"{withheld} withheld. Look: {look}; make them: {command_line('approve', run.id)}")
    if run.failed:
        people = counted(run.failed, "person", "people")
        narration.warn(f"{people} failed; they join the next run, or now: {command_line('retry', run.id)}")
    refused = run.ignored.refused - run.failed
    if refused > 0:
        people = "one person" if refused == 1 else f"{refused} people"
        narration.warn(f"The hub refused {people}. Look: {command_line('outcomes', run.id, reason='refused')}")
