"""Runs belong to the app: this starts them, folds their events into one snapshot each, and cancels them.

Screens look at the snapshots; leaving a screen stops nothing. Events come by the thousand, the screens are told at most four
times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import assert_never

from tui_sync.engine.control import Control, Price
from tui_sync.model.errors import AlreadyRunning, Cancelled, TuiSyncError
from tui_sync.model.events import Event, Phase, PhaseStarted, Progressed, RunFinished, RunStarted, Waiting, alike
from tui_sync.model.hub import waiting
from tui_sync.model.outcomes import Outcome, Result, RunSummary
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.present.runs import delivery_words
from tui_sync.present.words import counted
from tui_sync.services import running, unforeseen
from tui_sync.services.desk import Desk
from tui_sync.services.patience import waiting_at_most
from tui_sync.ui.present.lines import Tone

EVERY = 0.25
"""Seconds between two looks at what has moved."""
ASKS = "It asks about its price: press w."
"""What a run waits for that asks. The question opens nowhere by itself: what is typed there would answer it."""


class Step:
    """One phase of a run: how much of it is done, and how long it took."""

    def __init__(self, phase: Phase, total: int | None, begun: float) -> None:
        self.phase, self.total, self.begun = phase, total, begun
        self.done = 0
        self.least = 0.0
        """Seconds that the hub's call limit makes it take at least."""
        self.seconds: float | None = None
        """How long it took; None while it goes on."""
        self._waits: list[tuple[float, int]] = []
        """When it began to wait for a limit, and how much was done by then."""

    def waits(self) -> None:
        """It begins to wait."""
        if not self._waits or self._waits[-1][1] != self.done:
            self._waits.append((monotonic(), self.done))

    def rate(self) -> float:
        """Things a second, so far."""
        spent = (self.seconds if self.seconds is not None else monotonic() - self.begun) or 0.001
        return self.done / spent

    def left(self) -> float | None:
        """Seconds until it is done; None where nobody can tell. Once it has waited for a limit, the rate is that from wait to
        wait: a burst and the pause after it taken together, so that neither alone makes it jump. Before, it is no less than
        what the limit leaves."""
        if not self.total or not self.done or self.done >= self.total:
            return None
        if not self._waits:
            return max((self.total - self.done) / self.rate(), self.least - (monotonic() - self.begun))
        (begun, first), (now, last) = self._waits[0], self._waits[-1]
        return (self.total - self.done) * (now - begun) / (last - first) if last > first else None


class Watch:
    """What is known of one run that this program makes: a run, a dry run, an approval or a retry."""

    def __init__(self, sync: Sync, kind: str, run_id: str = "") -> None:
        self.sync, self.kind, self.run_id = sync, kind, run_id
        self.steps: list[Step] = []
        self.waiting = ""
        self.until: datetime | None = None
        self.control: Control | None = None
        self.summary: RunSummary | None = None
        self.foreseen: tuple[Outcome, ...] = ()
        """The outcomes of a dry run."""
        self.calls_foreseen = 0
        self.long = ""
        """How long the delivery that a dry run foresees takes at least; empty where it goes at once."""
        self.fault = ""
        """Why it could not be made."""
        self.error: Exception | None = None
        """What refused or broke it."""
        self.scheduled = False
        """Whether a schedule started it."""
        self.over = asyncio.Event()
        self.ended = False
        self.cancelling = False
        self.resumed = False
        self.price: Price | None = None
        """What it asks somebody to agree to; until then it waits."""
        self._agreed: asyncio.Future[bool] | None = None

    @property
    def unforeseen(self) -> bool:
        """Whether an error that nobody foresaw broke it."""
        return self.error is not None and not isinstance(self.error, TuiSyncError)

    @property
    def result(self) -> Result:
        """How it stands, or how it ended; a dry run that was cancelled has no summary to say so."""
        if not self.ended:
            return Result.RUNNING
        if self.summary is not None and not self.fault:
            return self.summary.result
        return Result.CANCELLED if isinstance(self.error, Cancelled) else Result.FAILED if self.fault else Result.INTERRUPTED

    @property
    def live(self) -> RunSummary | None:
        """The counts so far, or the final ones."""
        return self.summary or (self.control.summary if self.control is not None else None)

    @property
    def step(self) -> Step | None:
        """The phase that goes on."""
        return self.steps[-1] if self.steps and not self.ended else None

    def take(self, event: Event) -> None:
        """Fold one event in."""
        match event:
            case RunStarted():
                self.run_id, self.resumed = event.run, event.resumed
            case PhaseStarted():
                self._end_step()
                self.steps.append(Step(event.phase, event.total, monotonic()))
                self.waiting = ""
            case Progressed():
                if self.steps:
                    self.steps[-1].done = event.done
                self.waiting = ""
            case Waiting():
                self.waiting, self.until = event.why, event.until
                if self.steps:
                    self.steps[-1].waits()
            case RunFinished():
                self.summary = event.summary
            case _:
                assert_never(event)

    async def ask(self, price: Price) -> bool:
        """Wait until it is told whether that price is worth it."""
        self.price, self.waiting, self.until = price, ASKS, None
        self._agreed = asyncio.get_running_loop().create_future()
        try:
            return await self._agreed
        finally:
            self.price, self.waiting = None, ""

    def answer(self, yes: bool) -> None:
        """Tell whether it is."""
        if self._agreed is not None and not self._agreed.done():
            self._agreed.set_result(yes)

    def end(self) -> None:
        """It is over."""
        self._end_step()
        self.ended, self.waiting = True, ""
        self.over.set()

    def _end_step(self) -> None:
        if self.steps and self.steps[-1].seconds is None:
            self.steps[-1].seconds = monotonic() - self.steps[-1].begun


class Runner:
    """All runs of this program. `moved` is called at most every `EVERY` seconds while runs go on, `ended` at each end.
    `tell` gets a sentence where a run asks whether it is worth its price, where a delivery takes long, or where `moved` or
    `ended` met an error: the runs go on."""

    def __init__(
        self, desk: Desk, moved: Callable[[], None], ended: Callable[[Watch], None],
        tell: Callable[[str, Tone, str], None],
    ) -> None:
        self._desk, self._moved, self._ended, self._tell = desk, moved, ended, tell
        self._met = ""
        """What `moved` or `ended` met last: four times a second it is not told anew."""
        self._tasks: dict[asyncio.Task[None], Watch] = {}
        self._latest: dict[str, Watch] = {}
        self._ticker: asyncio.Task[None] | None = None
        self._dirty = False

    def of(self, sync_id: str) -> Watch | None:
        """The run of the sync that goes on in this program, else the last one it made. One that is refused because another
        goes on began later than that."""
        going = next((watch for watch in self._tasks.values() if watch.sync.id == sync_id), None)
        return going or self._latest.get(sync_id)

    def going_on(self) -> list[Watch]:
        """The runs that go on."""
        return list(self._tasks.values())

    def has_told(self, fault: Exception) -> bool:
        """Whether the error broke a run, whose end told it."""
        return any(watch.error is fault for watch in self._latest.values())

    def is_busy(self, sync_id: str) -> bool:
        """Whether a run of the sync goes on in this program."""
        return any(watch.sync.id == sync_id for watch in self._tasks.values())

    def run(self, sync: Sync, *, full: bool = False) -> Watch:
        """Run a sync."""
        async def work(watch: Watch, control: Control) -> None:
            watch.summary = await running.start(self._desk, sync, control, full=full)

        return self._start(Watch(sync, "run"), work)

    async def by_schedule(self, sync: Sync, remark: str) -> None:
        """Run a sync to its end as its schedule asks; nobody attends to it, so it asks nothing. Raises what refuses or
        breaks it; the latter is told already where nobody foresaw it."""
        if self.is_busy(sync.id):
            raise AlreadyRunning(f'"{visible(sync.name)}" is running already.')

        async def work(watch: Watch, control: Control) -> None:
            watch.summary = await running.start(self._desk, sync, control, remark=remark)

        watch = Watch(sync, "run")
        watch.scheduled = True
        self._start(watch, work)
        await watch.over.wait()
        if watch.error is not None:
            raise watch.error

    def dry_run(self, sync: Sync) -> Watch:
        """Fetch and plan without a trace; the sync need not be saved."""
        async def work(watch: Watch, control: Control) -> None:
            preview = await running.preview_of(self._desk, sync, control)
            watch.summary, watch.calls_foreseen = preview.summary, preview.calls
            watch.long = delivery_words(preview.alike) if self._desk.limited else ""
            watch.foreseen = await preview.everybody()

        return self._start(Watch(sync, "dry run"), work)

    def approve(self, sync: Sync, run_id: str) -> Watch:
        """Make the removals that a run withheld."""
        async def work(watch: Watch, control: Control) -> None:
            watch.summary = await running.approve(self._desk, run_id, control)

        return self._start(Watch(sync, "approval", run_id), work)

    def retry(self, sync: Sync, run_id: str) -> Watch:
        """Deliver the people whose delivery failed in a run."""
        async def work(watch: Watch, control: Control) -> None:
            watch.summary = await running.retry(self._desk, run_id, control)

        return self._start(Watch(sync, "retry", run_id), work)

    def cancel(self, watch: Watch) -> None:
        """Ask a run to stop between two people."""
        watch.cancelling = True
        watch.answer(False)
        if watch.control is not None:
            watch.control.cancel()
        self._dirty = True

    async def all_ended(self) -> None:
        """Wait until no run goes on."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def stop_all(self, seconds: float) -> None:
        """Have what goes on stop between two people and wait for it, at most so long, then stop it at once. The next run goes
        on with it."""
        for watch in self._tasks.values():
            watch.cancelling = True
            if watch.control is not None:
                watch.control.break_off()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=seconds)
        if self._ticker is not None:
            self._ticker.cancel()

    def _start(self, watch: Watch, work: Callable[[Watch, Control], Awaitable[None]]) -> Watch:
        def tell(event: Event) -> None:
            watch.take(event)
            if self._desk.limited and watch.steps:
                watch.steps[-1].least = max(watch.steps[-1].least, waiting(alike(event)))
            self._dirty = True
            self._tell_long(watch, alike(event))

        control = watch.control = running.control(self._desk, tell, None if watch.scheduled else partial(self._agree, watch))
        self._latest[watch.sync.id] = watch
        task = asyncio.create_task(self._go(watch, work, control))
        self._tasks[task] = watch
        task.add_done_callback(self._over)
        if self._ticker is None or self._ticker.done():
            self._ticker = asyncio.create_task(self._tick())
        return watch

    async def _agree(self, watch: Watch, price: Price) -> bool:
        self._dirty = True
        told = f"{watch.sync.name} asks whether it may make {counted(price.calls, 'call')} to Recruit: w leads to the answer."
        self._attempt(partial(self._tell, told, Tone.WARN, watch.sync.id))
        return await watch.ask(price)

    def _tell_long(self, watch: Watch, calls: int) -> None:
        """Before a delivery that takes long, tell how long."""
        long = delivery_words(calls) if calls and self._desk.limited else ""
        if long:
            self._attempt(partial(self._tell, f"{watch.sync.name}: {long}", Tone.PLAIN, watch.sync.id))

    async def _go(self, watch: Watch, work: Callable[[Watch, Control], Awaitable[None]], control: Control) -> None:
        try:
            with waiting_at_most(None):  # a run does not break off for that; it waits beside the event loop
                await work(watch, control)
        except TuiSyncError as fault:
            watch.fault, watch.error = str(fault), fault
        except Exception as fault:  # noqa: BLE001 - what breaks one run is told at its end, and ends neither the others nor the program
            watch.fault, watch.error = unforeseen.at_desk(self._desk, fault), fault

    def _over(self, task: asyncio.Task[None]) -> None:
        watch = self._tasks.pop(task)
        watch.end()
        if watch.scheduled and isinstance(watch.error, TuiSyncError):
            self._attempt(self._moved)  # whoever asked for it is told, and tells
        elif not task.cancelled():
            self._attempt(partial(self._ended, watch))

    async def _tick(self) -> None:
        while self._tasks:
            await asyncio.sleep(EVERY)
            if self._dirty:
                self._dirty = False
                self._attempt(self._moved)

    def _attempt(self, shows: Callable[[], None]) -> None:
        """Show something of the runs; an error there would else end the looking at all of them, and be told to nobody."""
        try:
            shows()
        except Exception as fault:  # noqa: BLE001 - as in `_go`
            if repr(fault) != self._met:
                self._met = repr(fault)
                foreseen = isinstance(fault, TuiSyncError)
                self._tell(str(fault) if foreseen else unforeseen.at_desk(self._desk, fault), Tone.BAD, "")
