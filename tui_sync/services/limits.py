"""The organisation's limits applied: what is used of them, what they let through, and what is charged.

Whatever checks and charges does both within one batch, so two processes cannot take the last place both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model import limits as rules
from tui_sync.model.errors import LimitRefused
from tui_sync.model.limits import Limit, Limits, Used
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.model.workspace import UsageKind
from tui_sync.services.desk import Desk

TAKING_A_PLACE = (SyncState.ACTIVE, SyncState.QUEUED)


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What is allowed and used at the moment `now`; `today` are the ids of the syncs that count for its day."""

    limits: Limits
    used: Used
    now: datetime
    zone: ZoneInfo
    waiting: int = 0
    """Queued syncs, each of which has a place and will take one of a month and a day."""
    today: frozenset[str] = frozenset()

    def start_of_another(self) -> datetime:
        """When a sync that is queued now would become active, behind those that wait already."""
        return rules.starts(self.limits, self.used, self.waiting + 1, self.now, self.zone)[-1]


def quota(desk: Desk, at: datetime | None = None) -> Quota:
    """What is used now, or on the day of `at`; month and day are those of the organisation's time zone."""
    space = desk.workspace
    now, zone = at or desk.clock.now(), space.zone
    day = now.astimezone(zone).date().isoformat()
    used = space.syncs.usage_in(day[: len("yyyy-mm")])
    today = frozenset(usage.sync for usage in used if usage.day == day)
    states = [sync.state for sync in space.syncs.in_state(*TAKING_A_PLACE)]
    month = sum(usage.kind is UsageKind.INITIATED for usage in used)
    return Quota(
        limits=space.settings.limits, used=Used(month=month, day=len(today), active=len(states)), now=now, zone=zone,
        waiting=states.count(SyncState.QUEUED), today=today,
    )  # fmt: skip


def admit(desk: Desk, sync: Sync) -> SyncState:
    """The state in which a sync is initiated now: active, or queued where the day is used up. To be called within a batch.

    Raises LimitRefused where the month or the places are used up.
    """
    now = quota(desk)
    match rules.of_initiation(now.limits, now.used, counted=sync.id in now.today):
        case None:
            return SyncState.ACTIVE
        case Limit.DAY:
            return SyncState.QUEUED
        case limit:
            raise _refused(now, limit, sync)


def take_place(desk: Desk, before: Sync | None, after: Sync) -> None:
    """To be called within the batch that writes `after` in place of `before`.

    Raises LimitRefused where it takes a place that the one before did not have, and none is free.
    """
    had = before is not None and before.deleted is None and before.state in TAKING_A_PLACE
    if had or after.state not in TAKING_A_PLACE:
        return
    now = quota(desk)
    limit = rules.of_activation(now.limits, now.used)
    if limit is not None:
        raise _refused(now, limit, after)


def charge(desk: Desk) -> Callable[[Sync, datetime], None]:
    """What a run charges as it begins, in its own batch. It raises LimitRefused where the day of the run is used up."""

    def take(sync: Sync, at: datetime) -> None:
        on_the_day = quota(desk, at)
        limit = rules.of_run(on_the_day.limits, on_the_day.used, counted=sync.id in on_the_day.today)
        if limit is not None:
            raise _refused(on_the_day, limit, sync)
        desk.workspace.syncs.note_run(sync.id, at)

    return take


def promote(desk: Desk) -> list[Sync]:
    """Make those queued syncs active that may be now, the oldest first, and charge month and day for each; gives them.

    Cheap where none is queued. A promoted sync is initiated now: one without a time of its own is due at once.
    """
    if not queued(desk):
        return []
    promoted: list[Sync] = []
    with desk.workspace.db.batch():
        for sync in queued(desk):
            now = quota(desk)
            if rules.of_promotion(now.limits, now.used) is not None:
                break
            active = msgspec.structs.replace(sync, state=SyncState.ACTIVE, initiated=now.now)
            desk.workspace.syncs.put(active)
            desk.workspace.syncs.note_initiation(sync.id, now.now)
            desk.log(f"activated {sync.name}: {sync.state} -> {active.state}")
            promoted.append(active)
    return promoted


def queued(desk: Desk) -> list[Sync]:
    """The syncs that wait for a day with room, the oldest first."""
    waiting = desk.workspace.syncs.in_state(SyncState.QUEUED)
    return sorted(waiting, key=lambda sync: (sync.initiated or sync.created, sync.created))


def starting(desk: Desk) -> list[tuple[Sync, datetime]]:
    """The queued syncs, the oldest first, each with the moment at which it becomes active; not in the past."""
    waiting, now = queued(desk), quota(desk)
    return list(zip(waiting, rules.starts(now.limits, now.used, len(waiting), now.now, now.zone), strict=True))


def start_of(desk: Desk, sync: Sync) -> datetime:
    """When a queued sync becomes active; not in the past."""
    return next((start for waiting, start in starting(desk) if waiting.id == sync.id), desk.clock.now())


def queued_until(desk: Desk, sync: Sync) -> LimitRefused:
    """Why a queued sync does not run: the refusal with the moment at which it becomes active."""
    at = start_of(desk, sync)
    when = rules.said(at, desk.workspace.zone)
    return LimitRefused(f'"{visible(sync.name)}" is queued and becomes active on {when}.', until=at, limit=Limit.DAY)


def why_no_run(desk: Desk, sync: Sync) -> str:
    """Why the limits refuse a run of the sync by hand now, with the moment from which it is possible; empty where they do
    not. Finishing an interrupted run costs nothing."""
    if sync.state is SyncState.QUEUED:
        refusal = queued_until(desk, sync)
        return "" if refusal.until is None or refusal.until <= desk.clock.now() else str(refusal)
    now = quota(desk)
    limit = rules.of_run(now.limits, now.used, counted=sync.id in now.today)
    if limit is None or desk.workspace.runs.unfinished(sync.id) is not None:
        return ""
    return str(_refused(now, limit, sync))


def why_no_initiation(desk: Desk, sync: Sync) -> str:
    """Why no moment of this month allows initiating the sync; empty where it is allowed, queued, or needs a place only."""
    now = quota(desk)
    limit = rules.of_initiation(now.limits, now.used, counted=sync.id in now.today)
    return str(_refused(now, limit, sync)) if limit is Limit.MONTH else ""


def _refused(now: Quota, limit: Limit, sync: Sync) -> LimitRefused:
    name, until = visible(sync.name), rules.until(limit, now.now, now.zone)
    when = rules.said(until, now.zone) if until is not None else ""
    hint = {
        Limit.MONTH: f'"{name}" can be initiated from {when} on; until then it can be kept as a draft.',
        Limit.ACTIVE: "Deactivate a sync first: tui-sync deactivate NAME",
        Limit.DAY: f'"{name}" can run from {when} on.',
    }[limit]
    return LimitRefused(rules.reason(limit, now.limits, now.now, now.zone), hint, until, limit)
