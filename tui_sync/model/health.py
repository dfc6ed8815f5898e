"""How a sync is: one condition each, told in a sentence with the way out, and the changes that are reported. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.failures import STOPPED, counts, in_a_row
from tui_sync.model.outcomes import ENDED, Result, RunSummary
from tui_sync.model.schedule import DAY, in_words, unknown_zone
from tui_sync.model.sync import Frequency, Sync, SyncState, Trouble
from tui_sync.model.text import command_line, counted, full_stop, visible

INTERVALS = {Frequency.DAILY: DAY, Frequency.WEEKLY: 7 * DAY, Frequency.MONTHLY: 31 * DAY}
"""The longest time between two runs of a schedule."""
LATE = 2
"""Intervals without a success after which a sync is late; a one-time sync is after a day."""
BROKEN_OFF = (Result.INTERRUPTED, Result.CANCELLED)


class Condition(StrEnum):
    """How a sync is, as far as its schedule is concerned."""

    WELL = "well"
    LATE = "late"
    """No run has succeeded for twice its interval."""
    FAILING = "failing"
    """Its last runs have failed."""
    HELD = "held"
    """Removals wait for an approval."""
    BROKEN = "broken"
    """It cannot run until it is mended."""
    PAUSED = "paused"
    """Too many runs in a row have failed: its schedule was stopped."""
    DEFERRED = "deferred"
    """Its run waits for the next day, since the limit of this one is used up."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One sync's condition. `sentence` says what is (empty: well), `way` the command that helps, `run` the run it is about."""

    condition: Condition = Condition.WELL
    sentence: str = ""
    way: str = ""
    run: str = ""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A sync's condition has changed."""

    sync: str
    before: Condition
    after: Condition
    sentence: str
    run: str
    at: datetime


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What a judgement of a sync needs to know of the schedules: `due` is when it is due next (or was, and has not run),
    `deferred` until when that run waits. While all schedules are `paused` nothing is late."""

    now: datetime
    zone: ZoneInfo
    due: datetime | None = None
    deferred: datetime | None = None
    paused: bool = False


def judge(sync: Sync, runs: Sequence[RunSummary], at: Moment) -> Health:
    """The condition of a sync; `runs` are its newest ones, newest first. The gravest comes first."""
    name = visible(sync.name)
    if sync.state is SyncState.INACTIVE and sync.trouble is Trouble.FAILURES:
        return Health(
            condition=Condition.PAUSED, sentence=sync.reason, way=command_line("activate", name), run=runs[0].id if runs else ""
        )
    if sync.state is SyncState.BROKEN or (sync.state is SyncState.INACTIVE and sync.trouble is not None):
        return Health(condition=Condition.BROKEN, sentence=sync.reason, way=command_line("repair", name))
    if sync.state is SyncState.ACTIVE and (unknown := unknown_zone(sync.schedule)):
        return Health(condition=Condition.BROKEN, sentence=f"{unknown} It is never due until its schedule names another one.")
    if sync.state is SyncState.ACTIVE and (failed := in_a_row(runs, sync.since)):
        return _failing(name, runs, failed)
    last = next((run for run in runs if run.result in ENDED), None)
    if last is not None and last.withheld:
        waits = f"Run {last.id} withheld {counted(last.withheld, 'removal')}: nothing is removed without an approval."
        return Health(condition=Condition.HELD, sentence=waits, way=command_line("approve", last.id), run=last.id)
    if sync.state is not SyncState.ACTIVE:
        return Health()
    if at.deferred is not None:
        until = f"{at.deferred.astimezone(at.zone):%Y-%m-%d %H:%M}"
        return Health(condition=Condition.DEFERRED, sentence=f"The day's limit is used up: its run is deferred to {until}.")
    since = _late_since(sync, runs, at)
    if since is None:
        return Health()
    then, schedule = f"{since.astimezone(at.zone):%Y-%m-%d %H:%M}", in_words(sync.schedule, at.zone)
    late = f"No run has succeeded since {then}, although its schedule is: {schedule}."
    return Health(condition=Condition.LATE, sentence=late, way=command_line("run", name))


def _failing(name: str, runs: Sequence[RunSummary], failed: int) -> Health:
    last = next(run for run in runs if counts(run))
    many = "Its last run has" if failed == 1 else f"Its last {failed} runs have"
    sentence = full_stop(f"{many} failed: {last.message}")
    if failed > 1:
        sentence += f" After {STOPPED} in a row its schedule is stopped."
    return Health(condition=Condition.FAILING, sentence=sentence, way=command_line("run", name), run=last.id)


def _late_since(sync: Sync, runs: Sequence[RunSummary], at: Moment) -> datetime | None:
    """Since when it has not succeeded, if that is too long; None where it is not."""
    if at.paused or sync.initiated is None:
        return None
    interval = INTERVALS.get(sync.schedule.frequency)
    if interval is None:
        once = at.due or _broke_off(runs)
        return once if once is not None and at.now - once > DAY else None
    well = next((run.started for run in runs if run.result in ENDED), sync.initiated)
    since = max(well, sync.initiated, sync.since or sync.initiated)
    return since if at.now - since > LATE * interval else None


def _broke_off(runs: Sequence[RunSummary]) -> datetime | None:
    """When the newest run began, if it broke off: a one-time sync is not due again, and nobody may go on with it."""
    return runs[0].started if runs and runs[0].result in BROKEN_OFF else None


def changed(told: Mapping[str, Condition], sync_id: str, name: str, health: Health, at: datetime) -> Alert | None:
    """The alert for a sync whose condition is another than the one that was told last; None where it is the same."""
    before = told.get(sync_id, Condition.WELL)
    if health.condition is before:
        return None
    sentence = health.sentence or "It is well again."
    return Alert(sync=name, before=before, after=health.condition, sentence=sentence, run=health.run, at=at)
