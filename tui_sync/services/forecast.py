"""The limits as a whole: what is used, who waits, what the schedules will use, and what the last runs cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from tui_sync.model.forecast import DAYS, Forecast, foresee
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.schedule import following
from tui_sync.model.sync import Sync
from tui_sync.services import limits
from tui_sync.services.desk import Desk
from tui_sync.services.limits import Quota
from tui_sync.services.outcomes import runs_of
from tui_sync.services.syncs import due

LAST_RUNS = 8
"""Runs whose credits are told."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that concerns the limits; `queued` the oldest first with the start of each, `runs` the newest first."""

    quota: Quota
    queued: tuple[tuple[Sync, datetime], ...]
    forecast: Forecast
    runs: tuple[RunSummary, ...]


def outlook(desk: Desk) -> Outlook:
    """The limits as they stand at this moment. Reads every run's summary."""
    quota, queued = limits.quota(desk), limits.starting(desk)
    runs = runs_of(desk, "")
    newest = {run.sync_id: run for run in reversed(runs)}
    waiting = {sync.id: start for sync, start in queued}
    moments = {
        sync.id: list(_moments(desk, sync, newest.get(sync.id), waiting.get(sync.id), quota.now))
        for sync in desk.workspace.syncs.all()
        if sync.state in limits.TAKING_A_PLACE
    }
    forecast = foresee(quota.used.month, quota.today, moments, waiting, quota.now, quota.zone)
    return Outlook(quota=quota, queued=tuple(queued), forecast=forecast, runs=tuple(runs[:LAST_RUNS]))


def _moments(desk: Desk, sync: Sync, last: RunSummary | None, start: datetime | None, now: datetime) -> Iterator[datetime]:
    """When an active sync, or a queued one that becomes active at `start`, runs in the days looked ahead; one overdue at once."""
    zone = desk.workspace.zone
    if start is not None:
        yield from following(sync.schedule, initiated=start, after=start - timedelta(minutes=1), zone=zone, count=DAYS + 1)
        return
    first = due(sync, last, zone)
    if first is None or sync.begun is None:
        return
    if first <= now:
        yield now
    yield from following(sync.schedule, initiated=sync.begun, after=now, zone=zone, count=DAYS + 1)
