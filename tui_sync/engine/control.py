"""One run's control: counts calls, tells events, waits through the clock, and is the flag by which a run is cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal, NamedTuple

from tui_sync.engine.ports import Clock
from tui_sync.model.errors import Cancelled, RunError
from tui_sync.model.events import Event, Phase, PhaseStarted, Progressed, Waiting
from tui_sync.model.outcomes import Calls, RunSummary
from tui_sync.model.text import counted

Listener = Callable[[Event], None]


class Price(NamedTuple):
    """What a run would cost that costs more than one may expect: a sentence why, the calls to Recruit and their credits."""

    why: str
    calls: int
    credits: int


Agree = Callable[[Price], Awaitable[bool]]
"""Asks whoever watches the run whether it is worth its price."""

NAP, QUIET = 0.02, 10
"""Seconds between the first looks at a workspace in which another program writes, and how many they are: commits are
seldom longer, and nobody is told of them."""
LOOK, LOOKS = 0.5, 60
"""The same of the looks after them, which are told."""
SLICE = 1.0
"""Seconds after which a wait looks whether the run was cancelled, and a run whether it still has its locks."""


class Control:
    """Satisfies `ports.Monitor` for one run. `cancel` may be called at any time; the run stops between two records."""

    def __init__(
        self, clock: Clock, tell: Listener, alive: Callable[[], None] = lambda: None, agree: Agree | None = None,
        held_by: Callable[[], str] = str, keeps: Callable[[str], bool] = lambda _lock: True,
    ) -> None:
        self.run = ""
        self.calls = Calls()
        self.summary: RunSummary | None = None
        """The run's own summary, whose counts grow while it goes on; None before it began."""
        self.credits = 0
        self.clock = clock
        self.tell = tell
        self.locks: tuple[str, ...] = ()
        """The locks without which nothing may be written."""
        self._alive, self._agree, self._held_by, self._keeps = alive, agree, held_by, keeps
        self._cancelled = self._broken_off = False
        self._looked = time.monotonic()
        self._phase = Phase.FETCH

    def cancel(self) -> None:
        """Ask the run to stop at the next record."""
        self._cancelled = True

    def break_off(self) -> None:
        """Ask the run to stop at the next record, to be gone on with under its number: the program ends."""
        self._broken_off = True

    def check(self) -> None:
        """Give a sign of life. Raises Cancelled when the run was asked to stop, CancelledError when it is broken off, RunError
        when another machine has taken over its locks."""
        self._alive()
        if time.monotonic() - self._looked > SLICE:  # a look takes 0.1 ms, and a page of 200 people not much more
            self._keep()
        if self._broken_off:
            raise asyncio.CancelledError
        if self._cancelled:
            raise Cancelled("The run was cancelled; what was delivered until then stays recorded.")

    def _keep(self) -> None:
        self._looked = time.monotonic()
        if not all(map(self._keeps, self.locks)):
            raise RunError(
                "This run gave no sign of life for some minutes, so that another program took its place.", "See: tui-sync runs"
            )

    def called(self, api: Literal["recruit", "hub"], credits: int = 0) -> None:
        """Count one API call and its credits."""
        if api == "recruit":
            self.calls.recruit += 1
        else:
            self.calls.hub += 1
        self.credits += credits

    async def wait(self, seconds: float, why: str, *, a_look: bool = False) -> None:
        """Wait through the clock, telling why and until when. Raises Cancelled as soon as the run is cancelled."""
        until = None if a_look else self.clock.now() + timedelta(seconds=seconds)
        self.tell(Waiting(self.run, why, until))
        left = seconds
        while left > 0:
            self.check()
            await self.clock.sleep(min(SLICE, left))
            left -= SLICE
        self.check()

    async def free(self) -> None:
        """Wait while another program writes in the workspace: a write of this one would hold up all that goes on here until
        then. Raises RunError where that takes too long, and where another machine has taken over the locks: it looks up what this
        one had under way, and a confirmation that comes now would be a second one."""
        await self._unwritten()
        self._keep()

    async def _unwritten(self) -> None:
        for _ in range(QUIET):
            if not self._held_by():
                return
            await asyncio.sleep(NAP)
        for _ in range(LOOKS):
            holder = self._held_by()
            if not holder:
                return
            await self.wait(LOOK, f"waiting for the workspace: {holder} writes in it", a_look=True)
        raise RunError(f"The workspace has been held by {holder} for {LOOKS * LOOK:.0f} seconds.", "Stop it, or try again later.")

    async def ask(self, price: Price) -> bool:
        """Ask whether to go on at this price; False where nobody is there to be asked, then it goes on.

        Raises Cancelled where it was declined, or as soon as the run is cancelled.
        """
        if self._agree is None:
            return False
        answer = asyncio.ensure_future(self._agree(price))
        try:
            while not answer.done():
                self.check()
                await asyncio.wait([answer], timeout=SLICE)
        finally:
            answer.cancel()
        if not answer.result():
            cost = f"{counted(price.calls, 'call')} and {counted(price.credits, 'credit')}"
            raise Cancelled(f"The run was not wanted at {cost}; nothing was changed.")
        return True

    def start(self, phase: Phase, total: int | None = None, alike: int = 0) -> None:
        """Tell that a phase begins."""
        self.check()
        self._phase = phase
        self.tell(PhaseStarted(self.run, phase, total, alike))

    def progress(self, done: int) -> None:
        """Tell how far the phase is. Raises Cancelled when the run was asked to stop."""
        self.tell(Progressed(self.run, self._phase, done))
        self.check()
