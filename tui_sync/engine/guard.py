"""Guard: a mass removal is withheld until somebody approves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from tui_sync.engine.removals import Departure
from tui_sync.model.outcomes import Cause

PEOPLE = 10
SHARE = 0.10
"""Removals are withheld when they are more people than the one and a larger share of those managed than the other."""


async def guard(
    removals: Sequence[Departure], managed: Callable[[], Awaitable[int]], waiting: int = 0
) -> tuple[list[Departure], list[Departure]]:
    """Split removals into (to be made, withheld). Removals by opt-out are never withheld.

    `managed` counts the people whom the sync may remove; it is asked only when it matters. So many more are `waiting` for an
    approval already: together with them a few can be a mass.
    """
    sparing = [removal for removal in removals if removal.cause is not Cause.OPTED_OUT]
    number = len(sparing) + waiting
    if not sparing or number <= PEOPLE or number <= SHARE * await managed():
        return list(removals), []
    return [removal for removal in removals if removal.cause is Cause.OPTED_OUT], sparing
