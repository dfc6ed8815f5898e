"""The two hubs of the random steps: each has every write judged by the model at the moment at which it hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.engine.flaky import FlakyHub, PowerCutError
from tests.engine.stage import WatchedHub
from tui_sync.engine.ports import Monitor
from tui_sync.model.errors import PersonError, PersonRefused
from tui_sync.model.hub import HubCall, Subscribe

if TYPE_CHECKING:
    from tests.reliability.model import World


class JudgedFlaky(FlakyHub):
    """Judges every write that has its effect; the line breaks as the trouble says."""

    def __init__(self, world: World, monitor: Monitor) -> None:
        super().__init__(world.stage, monitor, world.trouble)
        self._world = world
        self.removal_blocks = world.blocks

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """One call."""
        heard = len(self._world.stage.writes)
        [call] = calls
        self._world.judge(call)  # what somebody does while a call is under way comes too late for it
        if isinstance(call, Subscribe) and call.email in self._world.blocked:
            self._world.notes.blocked.add(call.email)
            return [PersonRefused("2006", "The lead is on Do-Not-Mail.")]
        if self._world.strikes():
            raise PowerCutError
        try:
            [answer] = await super().deliver(calls)
        except PowerCutError:
            if len(self._world.stage.writes) > heard:
                self._world.sent(call, PersonError("no answer"))
            raise
        if len(self._world.stage.writes) > heard:
            self._world.sent(call, answer)
        return [answer]


class JudgedWhole(WatchedHub):
    """The embedded hub as it is: effect and confirmation are one commit."""

    def __init__(self, world: World, monitor: Monitor) -> None:
        super().__init__(world.stage.space.leads, monitor, world.stage.writes)
        self._world = world

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Judge all, then make all."""
        if self._world.strikes():
            raise PowerCutError
        for call in calls:
            self._world.judge(call)
        answers = await super().deliver(calls)
        for call in calls:
            self._world.sent(call, None)
        if self._world.dies_at:
            # The commit behind this may not come about.
            self._world.notes.sent.clear()
        return answers
