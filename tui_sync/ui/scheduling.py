"""The schedules in this program: the supervisor as a task of the app, and the key that pauses all of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.health import Alert, Condition
from tui_sync.model.sync import Sync, SyncState
from tui_sync.present.health import alert_words, pause_words
from tui_sync.present.words import counted
from tui_sync.services import broken_off, running, schedules, syncs, unforeseen
from tui_sync.services.supervisor import Supervisor
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.screens.ask import Ask

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

LOOK = 2.0
"""Seconds between two looks for what other programs have run or changed: 0.1 ms each."""
UNTOLD = frozenset({Condition.LATE, Condition.PAUSED, Condition.BROKEN})
"""Conditions that are told here; the others were told with the end of a run, or with what deferred it."""
ALL = "all schedules"
"""What the messages of pausing and resuming are about."""
AGAIN = 30.0
"""Seconds after which the schedules are looked at again where the workspace could not be read."""


class Schedules:
    """Runs what is due while the program is open, if it is the one to do so."""

    def __init__(self, program: TuiSync) -> None:
        self._program = program
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: object = None
        """What the last look found."""
        self._logged = 0
        """The newest line of the log by then."""
        self._said = ""
        """What kept it from looking, as it was told last."""
        self.supervisor = Supervisor(program.desk, self)

    @property
    def holder(self) -> str:
        """Who else runs the schedules of this workspace; empty where this program does."""
        return self.supervisor.holder

    @property
    def start_words(self) -> str:
        """What becomes of a sync that is due now."""
        if schedules.pause(self._program.desk).since is not None:
            return "All schedules are paused: P takes them up again, r runs it by hand."
        if not self._tasks:
            return "No program runs the schedules. Press r to run it."
        return f"It is started within half a minute by {self.holder}." if self.holder else "It starts now."

    def begin(self) -> None:
        """Start what is due from now on."""
        self._seen, self._logged = running.stirring(self._program.desk), self._program.desk.workspace.log.newest()
        self._tasks = [asyncio.create_task(self._go()), asyncio.create_task(self._watch())]

    def poke(self) -> None:
        """Something has changed: look now."""
        self.supervisor.poke()

    async def end(self) -> None:
        """Start nothing any more; runs that go on are the runner's."""
        if not self._tasks:
            return
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.supervisor.stop()

    async def _go(self) -> None:
        while True:
            try:
                await self.supervisor.run()
            except Exception as fault:  # noqa: BLE001 - it must not end the schedules of a program that stays open
                self._met(fault)
            await self._program.desk.clock.sleep(AGAIN)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                seen = running.stirring(self._program.desk)
                if seen != self._seen:
                    await broken_off.count(self._program.desk)
                    self._take_up()
                    self.turned()
                    self._seen = seen
            except TuiSyncError:
                continue  # the supervisor meets the same and tells it
            except Exception as fault:  # noqa: BLE001 - as above
                self._met(fault)

    def _take_up(self) -> None:
        """What another program has changed, with its line in the log, may have made something due."""
        self._program.read_clock()
        before, self._logged = self._logged, self._program.desk.workspace.log.newest()
        if before != self._logged and not self.holder:
            self.poke()

    def _met(self, fault: Exception) -> None:
        """Tell what kept it from looking, once as long as it is the same."""
        if repr(fault) != self._said:
            self._tell(fault)
        self._said = repr(fault)

    def _tell(self, fault: Exception) -> None:
        """Tell an error; one that nobody foresaw is written down."""
        foreseen = isinstance(fault, TuiSyncError)
        self._program.say(str(fault) if foreseen else unforeseen.at_desk(self._program.desk, fault), Tone.BAD)

    # what the supervisor asks of this program

    async def start(self, sync: Sync, remark: str) -> None:
        """Run a sync; it is watched like every other run."""
        await self._program.runner.by_schedule(sync, remark)

    def tell(self, sentence: str) -> None:
        """In passing; that another program runs the schedules is said quietly on the first screen."""
        if not self.holder:
            self._program.say(sentence, Tone.WARN)

    def alert(self, alert: Alert) -> None:
        """The bell, and a sentence where nothing else has told it."""
        if self._program.state.bell:
            self._program.bell()
        if alert.after in UNTOLD:
            self._program.say(alert_words(alert), Tone.WARN)

    def broke(self, fault: Exception) -> None:
        """Tell the error, unless it was that of a run, whose end has told it."""
        if not self._program.runner.has_told(fault):
            self._tell(fault)

    def turned(self) -> None:
        """Moments have drawn nearer, and other programs may have run something: the screen that is seen shows it."""
        if self._program.page is not None:
            self._program.page.time_passed()


def ask_pause_all(program: TuiSync) -> None:
    """Ask, with the number of syncs that it is about, and stop all schedules; or take them up again."""
    desk = program.desk
    paused = schedules.pause(desk)
    if paused.since is None:
        active = len(desk.workspace.syncs.in_state(SyncState.ACTIVE))
        which = counted(active, "active sync") if active else "No sync is active now, and none"
        means = f"{which} will {'not ' if active else ''}be started, here or by a daemon, until you resume them."
        also = "Runs by hand stay possible; states and quotas stay."
        ask = Ask("Pause all schedules?", (means, also), confirm="pause them all")
    else:
        due = sum(row.slot is not None and row.slot <= program.now for row in syncs.listing(desk, at_sight=True))
        means = f"{counted(due, 'sync was', 'syncs were')} due meanwhile and will be caught up once{' each' if due > 1 else ''}."
        means = means if due else "No sync was due meanwhile."
        ask = Ask("Resume all schedules?", (pause_words(paused, program.zone), means), confirm="resume them all")

    def done(yes: bool | None) -> None:
        if not yes:
            return
        if paused.since is None:
            schedules.pause_all(desk)
            program.say("All schedules are paused. P takes them up again.", Tone.WARN, ALL)
        else:
            schedules.resume_all(desk)
            program.say("All schedules go on.", about=ALL)
        program.changed()

    program.push_screen(ask, done)
