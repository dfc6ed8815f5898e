"""The schedules as a whole: paused and resumed, deferred runs, and who runs them."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui_sync.model.schedule import DAY, ahead
from tui_sync.model.supervision import Deferral, Deferrals, LastTurn, Pause
from tui_sync.services.desk import Desk
from tui_sync.store.log import user

LOCK, NEXT = "supervisor", "next supervisor"
"""The lock of the one supervisor of a workspace, and that of one that waits to take over from it."""
PAUSE, DEFERRED, TURN = "pause", "deferred", "last turn"
FORGOTTEN = timedelta(hours=2)
"""Time after the last `daemon --once` for which cron is trusted to call it again."""


def pause(desk: Desk) -> Pause:
    """Whether all schedules are paused, since when and by whom."""
    return desk.workspace.meta.read(PAUSE, Pause) or Pause()


def pause_all(desk: Desk) -> Pause:
    """Stop all schedules: nothing is started until they are resumed; runs by hand go on, and states and quotas stay."""
    with desk.workspace.db.batch():
        known = pause(desk)
        if known.since is not None:
            return known
        paused = Pause(since=desk.clock.now(), by=user())
        desk.workspace.meta.write(PAUSE, paused)
        desk.log("paused all schedules")
    return paused


def resume_all(desk: Desk) -> bool:
    """Take all schedules up again, whatever was missed once each; whether they were paused."""
    with desk.workspace.db.batch():
        known = pause(desk)
        if known.since is None:
            return False
        desk.workspace.meta.write(PAUSE, Pause())
        desk.log(f"resumed all schedules, paused since {known.since.astimezone(desk.workspace.zone):%Y-%m-%d %H:%M}")
    return True


def deferrals(desk: Desk) -> dict[str, Deferral]:
    """The deferred runs by sync id; one whose sync has run since is without effect."""
    found = desk.workspace.meta.read(DEFERRED, Deferrals)
    return {} if found is None else found.by_sync


def keep_deferral(desk: Desk, sync_id: str, deferral: Deferral | None) -> None:
    """Remember that the run of a sync is deferred, or, with None, that it is not any more."""
    with desk.workspace.db.batch():
        kept = {known: other for known, other in deferrals(desk).items() if known != sync_id}
        if deferral is not None:
            kept[sync_id] = deferral
        desk.workspace.meta.write(DEFERRED, Deferrals(by_sync=kept))


def deferred_until(deferral: Deferral | None, due: datetime | None, now: datetime) -> datetime | None:
    """Until when the run that is due at `due` waits; None where it does not, as by a deferral of a clock that was wrong: each is
    one to the next day."""
    waits = deferral is not None and due is not None and due < deferral.until
    return deferral.until if deferral is not None and waits and not ahead(deferral.until - DAY, now) else None


def note_turn(desk: Desk) -> None:
    """Note that the schedules were looked at once, by a program that ends now."""
    desk.workspace.meta.write(TURN, LastTurn(at=desk.clock.now()))


def nobody(desk: Desk, *, scheduled: bool) -> str:
    """The sentence where syncs are `scheduled` and no program runs the schedules; empty where all is well."""
    turn = desk.workspace.meta.read(TURN, LastTurn)
    locks = desk.workspace.locks
    if not scheduled or locks.held(LOCK) or locks.held(NEXT):
        return ""
    if turn is not None and abs(desk.clock.now() - turn.at) < FORGOTTEN:  # one of later than that is of a clock that was wrong
        return ""
    since = "" if turn is None else f" since {turn.at.astimezone(desk.workspace.zone):%Y-%m-%d %H:%M}"
    return f"No daemon and no screen runs the schedules{since}."
