"""The command daemon: runs the schedules without a screen, until a signal, or once for cron."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

import click

from tui_sync.cli import narration, output
from tui_sync.cli.exits import Exit
from tui_sync.cli.patient import PATIENCE
from tui_sync.cli.session import at_desk, current, without_syncs
from tui_sync.cli.steering import heeded
from tui_sync.engine.control import Control
from tui_sync.model.events import Event, alike
from tui_sync.model.health import Alert
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import Sync
from tui_sync.model.text import full_stop
from tui_sync.present.health import alert_words, pause_words
from tui_sync.present.runs import delivery_words
from tui_sync.services import running, schedules
from tui_sync.services.desk import Desk
from tui_sync.services.log import run_words
from tui_sync.services.supervisor import Supervisor

STOPPING = 5.0
"""Seconds that runs get for stopping between two people."""


class Daemon:
    """What the supervisor needs of this program: runs are started here, and a line is told for each."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.scope = desk, current()
        self.failed = False
        """Whether a run has failed."""
        self.supervisor = Supervisor(desk, self, resumes=True)
        self._controls: set[Control] = set()

    async def start(self, sync: Sync, remark: str) -> object:
        """Run a sync and tell how it ended."""
        if not self._controls:
            # Secrets may have been changed by another program since the connection was opened.
            await self.desk.reconnect()
        control = running.control(self.desk, lambda event: self._beforehand(sync, event))
        self._controls.add(control)
        try:
            run = await running.start(self.desk, sync, control, remark=remark)
        finally:
            self._controls.discard(control)
        self.failed |= run.result is Result.FAILED
        self.tell(" ".join([full_stop(run_words(run)), *map(full_stop, run.notes)]))
        return run

    def _beforehand(self, sync: Sync, event: Event) -> None:
        """Before a delivery that takes long, tell how long."""
        calls = alike(event)
        long = delivery_words(calls) if calls and self.desk.limited else ""
        if long:
            self.tell(f"{sync.name}: {long}")

    def tell(self, sentence: str) -> None:
        """A line on stderr, with the moment in the organisation's time zone."""
        narration.warn(f"{self.desk.clock.now().astimezone(self.desk.workspace.zone):%Y-%m-%d %H:%M:%S} {sentence}")

    def alert(self, alert: Alert) -> None:
        """A line for a change of condition."""
        self.tell(alert_words(alert))

    def broke(self, fault: Exception) -> None:
        """Tell the error, and where its details are."""
        self.failed = True
        narration.fail(fault, self.scope)

    def turned(self) -> None:
        """Nothing is shown that would change with time."""

    async def once(self) -> int:
        """Catch up everything that is due, wait for the runs, and give the exit status."""
        self._tell_of_no_sync()
        await self.supervisor.catch_up()
        schedules.note_turn(self.desk)
        return Exit.FAILED if self.failed else Exit.DONE

    async def forever(self) -> int:
        """Run the schedules until somebody cancels it."""
        self.tell("The daemon has started.")
        self._tell_of_no_sync()
        paused = pause_words(schedules.pause(self.desk), self.desk.workspace.zone)
        if paused:
            self.tell(paused)
        await self.supervisor.run()
        return Exit.DONE

    def _tell_of_no_sync(self) -> None:
        sentence = without_syncs(self.desk)
        if sentence:
            self.tell(sentence)

    async def stop(self) -> None:
        """Have the runs stop between two people, and wait for them at most so long; the next daemon goes on with them."""
        for control in self._controls:
            control.break_off()
        await self.supervisor.stop(STOPPING)


def _stop(number: int, work: asyncio.Future[int]) -> None:
    """A signal came."""
    if number == signal.SIGHUP:
        output.abandon_terminal()
    work.cancel()


@click.command()
@click.option("--once", is_flag=True, help="Run whatever is due now, wait for the runs, and end: for cron.")
@at_desk
async def daemon(desk: Desk, *, once: bool) -> int:
    """Run the schedules until it is stopped.

    Ends with 0 on SIGTERM, SIGINT and SIGHUP (not under nohup); runs stop between two people then, and the next daemon goes
    on with them.
    With --once: 0, or 1 where a run failed.
    """
    desk.where = "daemon"
    program = Daemon(desk)
    if not once:
        desk.log("started")
    loop = asyncio.get_running_loop()
    work = asyncio.ensure_future(program.once() if once else program.forever())
    numbers = heeded()
    for number in numbers:
        loop.add_signal_handler(number, _stop, number, work)
    try:
        with suppress(asyncio.CancelledError):
            return await work
        return Exit.DONE
    finally:
        await program.stop()
        if not once:
            desk.log("stopped")
            program.tell("The daemon has stopped.")
            narration.settle(PATIENCE)
        for number in numbers:
            loop.remove_signal_handler(number)
