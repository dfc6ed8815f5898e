"""The supervisor: starts what the schedules ask for, and tells when the condition of a sync changes.

There is one for a workspace at a time, in the screens or in the daemon; the others wait and take over when it is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tui_sync.model.errors import AlreadyRunning, Damaged, LimitRefused, RunError, TuiSyncError
from tui_sync.model.health import Alert, Condition, changed
from tui_sync.model.limits import next_day
from tui_sync.model.outcomes import Result
from tui_sync.model.schedule import missed, zone_of
from tui_sync.model.supervision import Deferral, Told
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.workspace import Level
from tui_sync.services import broken_off, limits, restoring, schedules, syncs, unforeseen
from tui_sync.services.desk import Desk
from tui_sync.services.patience import free
from tui_sync.services.schedules import LOCK, NEXT
from tui_sync.services.syncs import SyncRow

NAP, SHORTEST = 30.0, 0.1
"""Seconds that it sleeps at most and at least between two turns."""
WATCH = 5.0
"""Seconds between two looks of one that waits for its turn to run the schedules."""
AT_ONCE = 4
"""Runs that it has going on at the same time."""
GRACE = timedelta(minutes=5)
"""Lateness with which a run is not yet one that catches up."""
AGAIN = timedelta(minutes=5)
"""Time after which a run that could not even begin is tried again."""
TOLD = "told"


class Program(Protocol):
    """The program that the supervisor belongs to."""

    async def start(self, sync: Sync, remark: str) -> object:
        """Run a sync to its end, with a remark for its notes. Raises what `services.running.start` raises."""

    def tell(self, sentence: str) -> None:
        """Tell something of the schedules in passing."""

    def alert(self, alert: Alert) -> None:
        """Tell that the condition of a sync has changed."""

    def broke(self, fault: Exception) -> None:
        """Tell of an error of a run that nobody foresaw."""

    def turned(self) -> None:
        """A turn is over."""


class Supervisor:
    """Runs the schedules of one workspace. `resumes`: it goes on with interrupted runs when it begins."""

    def __init__(self, desk: Desk, program: Program, *, resumes: bool = False) -> None:
        self.desk, self.program = desk, program
        self.holder = ""
        """Who else runs the schedules; empty where this one does, or nobody yet."""
        self._resumes, self._leading = resumes, False
        self._left: set[str] = set()
        """The syncs whose runs were interrupted before it began, as far as it has not gone on with them."""
        self._going: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, datetime] = {}
        self._posts: set[asyncio.Task[None]] = set()
        self._poked = asyncio.Event()
        self._ahead: list[datetime] = []
        """The moments at which runs are due, as the last turn found them."""

    async def run(self) -> None:
        """Take turns until it is cancelled. Where the workspace takes none at present (a full disk, another program that holds
        it) that is told, once while it stays the same, and tried again. Raises Damaged."""
        said = ""
        while True:
            try:
                await restoring.daily(self.desk)
                await broken_off.count(self.desk)
                await free(self.desk)
                self.turn()
                await asyncio.sleep(0)  # both read all syncs
                self.program.turned()
            except Damaged:
                raise
            except RunError as fault:
                if str(fault) != said:
                    said, self.holder = str(fault), ""  # who leads cannot be told now, and it is this program that is refused
                    self.program.tell(said)
                await self.desk.clock.sleep(NAP)
            else:
                said = ""
                await self._sleep()

    async def catch_up(self) -> None:
        """Start whatever is due and wait until all of it has ended and was told."""
        while self.turn() and self._going:
            await asyncio.wait(self._going.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._told_all()

    def turn(self) -> bool:
        """Start what is due, tell what has changed; whether this is the one that runs the schedules."""
        self._poked.clear()
        self._ahead = []
        if not self._lead():
            return False
        promoted = limits.promote(self.desk)
        if promoted:
            self.program.tell(f"{', '.join(sync.name for sync in promoted)} waited for a free day and is active now.")
        rows = syncs.listing(self.desk)[::-1]
        if schedules.pause(self.desk).since is None:
            self._start_due(rows)
            self._ahead = [row.next for row in rows if row.next is not None and row.next > self._now()]
        self._tell_changes(rows)
        return True

    def _now(self) -> datetime:
        return self.desk.clock.now()

    def poke(self) -> None:
        """Something has changed: take the next turn now."""
        self._poked.set()

    async def stop(self, seconds: float = 0.0) -> None:
        """Let go of the schedules. Runs that it started get so many seconds for their end, then they are broken off."""
        if self._going and seconds:
            await asyncio.wait(self._going.values(), timeout=seconds)
        tasks = [*self._going.values(), *self._posts]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        locks = self.desk.workspace.locks
        for lock in (LOCK, NEXT):
            if locks.keeps(lock):
                locks.release(lock)
        self._leading = False

    # which of them leads

    def _lead(self) -> bool:
        locks = self.desk.workspace.locks
        if self._leading and locks.keeps(LOCK):
            locks.beat()
            return True
        what = f"the {self.desk.where}"
        before, self.holder = self.holder, locks.take(LOCK, what)
        self._leading = not self.holder
        if self.holder:
            locks.take(NEXT, what)
            locks.beat()
        elif locks.keeps(NEXT):
            locks.release(NEXT)
        if self.holder and not before:
            self.program.tell(f"The schedules are run by {self.holder}. This program takes over when that ends.")
        elif before and not self.holder:
            self.program.tell("This program has taken over the schedules.")
        return self._leading

    async def _sleep(self) -> None:
        """Sleep until the next run is due, somebody pokes, or whoever else runs the schedules is gone."""
        if self._leading:
            return await self._nap(self._pause())
        for _ in range(round(NAP / WATCH)):
            await self._nap(WATCH)
            if self._poked.is_set() or not self.desk.workspace.locks.held(LOCK):
                return None
        return None

    async def _nap(self, seconds: float) -> None:
        nap = asyncio.ensure_future(self.desk.clock.sleep(seconds))
        poked = asyncio.ensure_future(self._poked.wait())
        try:
            await asyncio.wait((nap, poked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            poked.cancel()

    def _pause(self) -> float:
        now = self._now()
        ahead = [(due - now).total_seconds() for due in self._ahead]
        return max(SHORTEST, min([NAP, *ahead]))

    # runs

    def _start_due(self, rows: Sequence[SyncRow]) -> None:
        """Start what is due in the order in which it was, then in that of creation, as many at once as may be."""
        now = self._now()
        if self._resumes:
            self._resumes, self._left = False, {row.id for row in rows if _broke_off(row)}
        left = {row.id for row in rows if row.id in self._left and _broke_off(row)}
        wanted = [row for row in rows if row.id in left or (row.next is not None and row.next <= now)]
        for row in sorted(wanted, key=lambda row: row.slot or now):
            waits = now < self._not_before.get(row.id, now) <= now + AGAIN  # of later it would be by a clock that was wrong
            free = not row.running and row.id not in self._going and not waits
            if free and len(self._going) < AT_ONCE:
                self._start(row)

    def _start(self, row: SyncRow) -> None:
        sync = self.desk.workspace.syncs.get(row.id)
        if sync is not None:
            self._going[row.id] = asyncio.create_task(self._go(sync, row))

    async def _go(self, sync: Sync, row: SyncRow) -> None:
        try:
            await self._attempt(sync, row)
        except TuiSyncError as fault:  # the workspace takes no line of the log and no deferral either
            self._later(sync, AGAIN)
            self.program.tell(str(fault))
        finally:
            self._going.pop(sync.id, None)
            self.poke()

    async def _attempt(self, sync: Sync, row: SyncRow) -> None:
        try:
            await self.program.start(sync, self._remark(sync, row))
            self._left.discard(sync.id)
            if sync.id in schedules.deferrals(self.desk):
                schedules.keep_deferral(self.desk, sync.id, None)
        except LimitRefused as refused:
            self._defer(sync, refused)
        except AlreadyRunning:
            self._later(sync, timedelta(seconds=NAP))
        except TuiSyncError as fault:
            self._later(sync, AGAIN)
            self.program.tell(f"{sync.name} could not be run: {fault}")
            self.desk.log(f"the run of {sync.name} that was due could not begin: {fault}", Level.ERROR)
        except Exception as fault:  # noqa: BLE001 - what goes wrong with one sync must not stop the schedules of the others
            self._later(sync, AGAIN)
            self._left.discard(sync.id)
            self.program.broke(fault)
            self.desk.log(f"the run of {sync.name} broke off unexpectedly ({type(fault).__name__})", Level.ERROR)

    def _later(self, sync: Sync, pause: timedelta) -> None:
        self._not_before[sync.id] = self._now() + pause

    def _remark(self, sync: Sync, row: SyncRow) -> str:
        """What the run's notes say of its being late; nothing where it is not, or goes on with an interrupted one."""
        now = self._now()
        if row.slot is None or _broke_off(row) or now - row.slot < GRACE:
            return ""
        zone = zone_of(sync.schedule, self.desk.workspace.zone)
        at = f"{row.slot.astimezone(zone):%a %Y-%m-%d %H:%M}"
        if row.id in schedules.deferrals(self.desk) and row.next != row.slot:
            return f"Deferred from {at}: the limit of that day was used up."
        number = missed(sync.schedule, initiated=sync.initiated or row.slot, due=row.slot, now=now, zone=zone)
        return f"Catches up: due {at}, {number} {'run' if number == 1 else 'runs'} missed."

    def _defer(self, sync: Sync, refused: LimitRefused) -> None:
        now, zone = self._now(), self.desk.workspace.zone
        until = refused.until or next_day(now, zone)
        told = f"{sync.name} is deferred to {until.astimezone(zone):%Y-%m-%d %H:%M}: {refused.sentence}"
        with self.desk.workspace.db.batch():
            schedules.keep_deferral(self.desk, sync.id, Deferral(until=until))
            self.desk.log(told, Level.WARNING)
        self.program.tell(told)

    # conditions

    def _tell_changes(self, rows: Sequence[SyncRow]) -> None:
        """Tell each change of a condition once; what was told is kept beyond the end of the program. The condition of a sync
        that runs at present is told when it has ended."""
        before = (self.desk.workspace.meta.read(TOLD, Told) or Told()).conditions
        after: dict[str, Condition] = {}
        alerts: list[Alert] = []
        for row in rows:
            alert = None if row.running or row.id in self._going else changed(before, row.id, row.name, row.health, self._now())
            condition = before.get(row.id, Condition.WELL) if alert is None else alert.after
            if condition is not Condition.WELL:
                after[row.id] = condition
            if alert is not None:
                alerts.append(alert)
        if after != before:
            self.desk.workspace.meta.write(TOLD, Told(conditions=after))
        for alert in alerts:
            self.program.alert(alert)
        if alerts:
            task = asyncio.create_task(self._post(alerts))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)

    async def _post(self, alerts: Sequence[Alert]) -> None:
        for alert in alerts:
            try:
                failed = await self.desk.post(alert)
            except Exception as fault:  # noqa: BLE001 - as in `_attempt`; the other alerts are posted all the same
                failed = unforeseen.at_desk(self.desk, fault)
                self.program.tell(f"The alert that {alert.sync} is {alert.after} was not delivered. {failed}")
            if failed:
                self.desk.log(f"the alert that {alert.sync} is {alert.after} was not delivered: {failed}", Level.WARNING)

    async def _told_all(self) -> None:
        if self._posts:
            await asyncio.wait(list(self._posts))


def _broke_off(row: SyncRow) -> bool:
    """Whether the sync is active and its last run was interrupted."""
    return row.state is SyncState.ACTIVE and row.last is not None and row.last.result is Result.INTERRUPTED
