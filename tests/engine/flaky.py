"""A hub that behaves as one over the network: one call at a time, journalled, and some answers never arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.engine.stage import Stage, WatchedHub
from tui_sync.engine.ports import Monitor
from tui_sync.model.errors import PersonError, PersonFailed, PersonRefused, Unconfirmed
from tui_sync.model.hub import HubCall


class PowerCutError(Exception):
    """The process ends here."""


@dataclass
class Trouble:
    """What happens to the next calls for an address, in their order; one that is not named works."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    """`failed`, `refused`, `dropped` (lost before its effect), `lost` (after it), `killed`, `killed after`."""

    def on(self, email: str, *answers: str) -> None:
        """Let the next calls for the address be answered so."""
        self.answers[email] = list(answers)

    def next(self, email: str) -> str:
        """What happens to this call."""
        waiting = self.answers.get(email)
        return waiting.pop(0) if waiting else ""


class FlakyHub(WatchedHub):
    """The embedded hub's lists behind a line that breaks."""

    batch = 1
    transactional = False

    def __init__(self, stage: Stage, monitor: Monitor, trouble: Trouble) -> None:
        super().__init__(stage.space.leads, monitor, stage.writes)
        self._trouble = trouble

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Make the one call; gives others their turn, as the network would."""
        [call] = calls
        what = self._trouble.next(call.email)
        await asyncio.sleep(0)
        if what == "killed":
            raise PowerCutError
        if what == "failed":
            return [PersonFailed("try again later")]
        if what == "refused":
            return [PersonRefused("2016", "Lead cannot be added")]
        if what == "dropped":
            return [Unconfirmed("the answer was lost")]
        answer = await super().deliver(calls)
        if what == "killed after":
            raise PowerCutError
        return [Unconfirmed("the answer was lost")] if what == "lost" else answer


def over_a_flaky_line(stage: Stage) -> Trouble:
    """Put the stage's hub behind a line that breaks; gives what breaks it."""
    trouble = Trouble()
    stage.open_hub = lambda monitor: FlakyHub(stage, monitor, trouble)
    return trouble
