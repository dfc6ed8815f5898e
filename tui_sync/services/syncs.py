"""The saved syncs: listed, renamed, duplicated, activated, deactivated, deleted, put back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.definitions import changes, frozen_changes, refusal, state_after_edit
from tui_sync.model.errors import AlreadyRunning, LimitRefused, UsageError
from tui_sync.model.health import Health, Moment, judge
from tui_sync.model.limits import said
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.schedule import ahead, next_due
from tui_sync.model.supervision import Deferral
from tui_sync.model.sync import LONGEST_NAME, Frequency, Sync, SyncState, Trouble, taken_up
from tui_sync.model.text import unfit_name, visible
from tui_sync.services import limits, schedules
from tui_sync.services.broken_off import at_sight as seen
from tui_sync.services.broken_off import told
from tui_sync.services.desk import Desk, Which
from tui_sync.services.log import edit_words, state_words

OF_DEFINITION = (Trouble.CRITERIA, Trouble.MAPPING, Trouble.OPT_OUT)
"""Troubles that a right definition ends."""
PUT_BACK = "the sync was deleted for a while"
RECENT = 8
"""Runs of a sync that its line of the listing carries."""


class SyncRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the listing. `next` is None where nothing is due."""

    id: str
    name: str
    module: str
    """Its API name, the one for programs."""
    module_shown: str
    list: str
    state: SyncState
    running: bool
    next: datetime | None
    last: RunSummary | None
    reason: str
    """Why it does not run: what a run left there, or until when it is queued."""
    recent: tuple[RunSummary, ...] = ()
    """The newest runs, at most `RECENT`, newest first; the first one is `last`."""
    counting: bool = False
    """Whether `last` was broken off and is still to be counted: until then it has no counts."""
    slot: datetime | None = None
    """When its schedule asks for a run, in the past where that was missed; `next` is later where the run is deferred."""
    starts: datetime | None = None
    """When it becomes active, where it is queued; it has no `next` until then."""
    deferred: datetime | None = None
    """Until when the run waits, since the limit of its day was used up."""
    paused: bool = False
    """Whether all schedules are paused, and so this one too."""
    health: Health = Health()


class Plans(msgspec.Struct, frozen=True):
    """What the workspace knows of all syncs together: read once for a listing."""

    paused: bool
    deferrals: dict[str, Deferral]
    zone: ZoneInfo
    held: frozenset[str]
    """The names of the locks that living processes hold."""


def new_id(desk: Desk) -> str:
    """An id for a new sync: short, since every record's key begins with it; never given twice."""
    return f"s{desk.workspace.meta.count_up('syncs')}"


def due(sync: Sync, last: RunSummary | None, zone: ZoneInfo) -> datetime | None:
    """When an active sync runs next, by the organisation's zone where it has none of its own; None for every other state, and
    once it was deleted."""
    if sync.deleted is not None or sync.state is not SyncState.ACTIVE or sync.initiated is None or sync.begun is None:
        return None
    ran = last is not None and last.started > sync.initiated
    after = last.started if last is not None and ran else sync.initiated - timedelta(minutes=1)
    if sync.since is not None and sync.schedule.frequency is not Frequency.ONCE:
        after = max(after, sync.since)
    return next_due(sync.schedule, initiated=sync.begun, after=after, zone=zone)


def listing(desk: Desk, *, at_sight: bool = False) -> list[SyncRow]:
    """All syncs, newest first. `at_sight`: no outcomes are read, so that a run that was broken off may still be to count."""
    plans, every = _plans(desk), desk.workspace.syncs.all()[::-1]
    runs = desk.workspace.runs.latest((sync.id for sync in every), RECENT)
    return [row(desk, sync, runs[sync.id], plans, at_sight=at_sight) for sync in every]


def _plans(desk: Desk) -> Plans:
    space = desk.workspace
    return Plans(schedules.pause(desk).since is not None, schedules.deferrals(desk), space.zone, space.locks.living())


def row(
    desk: Desk, sync: Sync, runs: Sequence[RunSummary], plans: Plans | None = None, *, at_sight: bool = False
) -> SyncRow:
    """One sync as a line of the listing; `runs` are its newest ones, newest first. `at_sight` as in `listing`."""
    plans = plans or _plans(desk)
    last, counting = (None, False) if not runs else seen(desk, runs[0]) if at_sight else (told(desk, runs[0]), False)
    recent = () if last is None else (last, *runs[1:RECENT])
    now = desk.clock.now()
    slot = due(sync, next((run for run in recent if not ahead(run.started, now)), None), plans.zone)
    until = schedules.deferred_until(plans.deferrals.get(sync.id), slot, now)
    deferred = until if until is not None and until > now else None
    starts = limits.start_of(desk, sync) if sync.state is SyncState.QUEUED else None
    at = Moment(now=now, zone=plans.zone, due=slot, deferred=deferred, paused=plans.paused)
    return SyncRow(
        id=sync.id,
        name=sync.name,
        module=sync.module,
        module_shown=sync.module_shown,
        list=sync.list_name,
        state=sync.state,
        running=f"sync:{sync.id}" in plans.held,
        next=until or slot,
        last=last,
        reason=sync.reason if starts is None else f"It becomes active on {said(starts, plans.zone)}.",
        recent=recent,
        counting=counting,
        slot=slot,
        starts=starts,
        deferred=deferred,
        paused=plans.paused and slot is not None,
        health=judge(sync, recent, at),
    )


def rename(desk: Desk, old: Which, new: str) -> Sync:
    """Give a sync another name. Raises UsageError where the name is empty or taken."""
    with desk.workspace.db.batch():
        sync = desk.sync(old)
        name = good_name(desk, new, besides=sync.id)
        renamed = msgspec.structs.replace(sync, name=name)
        desk.workspace.syncs.put(renamed)
        desk.log(f"renamed {sync.name} to {name}")
    return renamed


def free_name(desk: Desk, name: str, besides: str = "") -> str:
    """The name, trimmed. Raises UsageError where it is empty or another sync has it."""
    name = name.strip()
    if not name:
        raise UsageError("A sync needs a name that is not empty.")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"The name has {len(name)} characters; at most {LONGEST_NAME} are kept.", "Choose a shorter one.")
    taken = desk.workspace.syncs.named(name)
    if taken is not None and taken.id != besides:
        raise UsageError(f'There is a sync "{visible(name)}" already.', "Choose another name.")
    return name


def good_name(desk: Desk, name: str, besides: str = "") -> str:
    """A free name that the sync `besides` has already, or in which everything is seen. Raises UsageError."""
    free, stored = free_name(desk, name, besides), desk.workspace.syncs.get(besides)
    why = unfit_name(free) if stored is None or stored.name != free else ""
    if why:
        raise UsageError(why)
    return free


def duplicate(desk: Desk, which: Which, new: str) -> Sync:
    """A draft with the same definition under another name; module, view and list of a draft can still be changed."""
    with desk.workspace.db.batch():
        sync = desk.sync(which)
        copy = msgspec.structs.replace(
            sync, id=new_id(desk), name=good_name(desk, new), state=SyncState.DRAFT, reason="", trouble=None,
            created=desk.clock.now(), initiated=None, since=None,
        )  # fmt: skip
        desk.workspace.syncs.put(copy)
        desk.log(f"duplicated {sync.name} as {copy.name}")
    return copy


def initiate(desk: Desk, sync: Sync) -> Sync:
    """Make a sync that never was initiated active and count it, or queue it uncounted. To be called within a batch.

    Raises LimitRefused where the month or the places are used up.
    """
    limits.promote(desk)
    now = desk.clock.now()
    begun = msgspec.structs.replace(sync, state=limits.admit(desk, sync), initiated=now, reason="", trouble=None)
    desk.workspace.syncs.put(begun)
    if begun.state is SyncState.ACTIVE:
        desk.workspace.syncs.note_initiation(sync.id, now)
    desk.log(state_words("activated" if begun.state is SyncState.ACTIVE else "queued", sync, begun))
    return begun


def activate(desk: Desk, which: Which) -> Sync:
    """Initiate a draft, or make an inactive or broken sync active again; `repair.activate` looks first whether it is mended.

    The sync that it gives is active or queued. Raises UsageError for other states, LimitRefused where a limit is used up.
    """
    with desk.workspace.db.batch():
        limits.promote(desk)
        sync = desk.sync(which)
        match sync.state:
            case SyncState.ACTIVE | SyncState.QUEUED:
                return sync
            case SyncState.DRAFT:
                return initiate(desk, sync)
            case SyncState.INACTIVE | SyncState.BROKEN if sync.initiated is None:
                return initiate(desk, sync)
            case SyncState.INACTIVE | SyncState.BROKEN:
                active = msgspec.structs.replace(sync, state=SyncState.ACTIVE, reason="", trouble=None)
                active = taken_up(sync, active, desk.clock.now())
                limits.take_place(desk, sync, active)
                desk.workspace.syncs.put(active)
            case _:
                shown = visible(sync.name)
                raise UsageError(f'"{shown}" is {sync.state}; only a draft, an inactive or a broken sync can be activated.')
        desk.log(state_words("activated", sync, active))
    return active


def never_ran(desk: Desk, sync: Sync) -> bool:
    """Whether no run of the sync came to its end, and none is to be gone on with."""
    return desk.workspace.ledger.cursor(sync.id) is None and desk.workspace.runs.unfinished(sync.id) is None


def nothing_to_mend(sync: Sync) -> str:
    """Why there is nothing to mend in a sync, one sentence; empty where there is."""
    if sync.trouble is not None or sync.state is SyncState.BROKEN:
        return ""
    return f"Nothing of {visible(sync.name)} is broken."


def mended(desk: Desk, sync: Sync) -> Sync:
    """Write a sync that is broken no more: active again, or inactive where no place is free. To be called within a batch."""
    well = taken_up(sync, msgspec.structs.replace(sync, state=SyncState.ACTIVE, reason="", trouble=None), desk.clock.now())
    try:
        limits.take_place(desk, sync, well)
    except LimitRefused as refused:
        well = msgspec.structs.replace(well, state=SyncState.INACTIVE, reason=f"Mended. {refused}")
    if well.initiated is None:  # it was queued and deactivated, so it was never charged
        well = msgspec.structs.replace(well, state=SyncState.INACTIVE)
    desk.workspace.syncs.put(well)
    desk.log(f"{sync.name} is mended and {well.state}")
    return well


def mended_by_edit(desk: Desk, sync: Sync) -> Sync:
    """Write an edited sync whose definition was found right; one that a wrong definition broke is mended. Within a batch."""
    if sync.state is SyncState.BROKEN and sync.trouble in OF_DEFINITION:
        return mended(desk, sync)
    desk.workspace.syncs.put(sync)
    return sync


def deactivate(desk: Desk, which: Which) -> Sync:
    """Stop a sync's schedule; it can still be run by hand. Raises UsageError for a draft or a completed one."""
    with desk.workspace.db.batch():
        sync = desk.sync(which)
        if sync.state is SyncState.INACTIVE:
            return sync
        if sync.state not in (SyncState.ACTIVE, SyncState.QUEUED):
            state = "a draft" if sync.state is SyncState.DRAFT else sync.state
            raise UsageError(f'"{visible(sync.name)}" is {state}; only an active sync can be deactivated.')
        # A queued one was never charged: it is initiated like a draft when it is taken up again.
        initiated = None if sync.state is SyncState.QUEUED else sync.initiated
        idle = msgspec.structs.replace(sync, state=SyncState.INACTIVE, initiated=initiated)
        desk.workspace.syncs.put(idle)
        desk.log(state_words("deactivated", sync, idle))
    return idle


def delete(desk: Desk, which: Which) -> Sync:
    """Delete a sync; its runs and people stay on record. Raises AlreadyRunning while it runs."""
    with desk.workspace.db.batch():
        sync = desk.sync(which)
        refuse_running(desk, sync)
        gone = msgspec.structs.replace(sync, deleted=desk.clock.now())
        desk.workspace.syncs.put(gone)
        desk.log(f"deleted {sync.name}, which was {sync.state}")
    return gone


def refuse_running(desk: Desk, sync: Sync) -> None:
    """Raises AlreadyRunning, which names who runs it, while a run of the sync goes on."""
    holder = desk.workspace.locks.holder(f"sync:{sync.id}")
    if holder:
        raise AlreadyRunning(f'"{visible(sync.name)}" is running: {holder}.', "Wait for its end.")


def as_it_was(desk: Desk, before: Sync) -> Sync:
    """The stored sync, if its definition is still that of `before`; its state may be another.

    Raises UsageError naming what was changed meanwhile. To be called within the batch that writes.
    """
    stored = desk.workspace.syncs.get(before.id)
    if stored is None or stored.deleted is not None:
        raise UsageError(f'"{visible(before.name)}" was deleted meanwhile.', "Put it back, or make a new one.")
    changed = ", ".join(visible(change.key) for change in changes(before, stored))
    if changed:
        raise UsageError(f'"{visible(before.name)}" was changed meanwhile: {changed}.', "Open it again.")
    return stored


def put_back(desk: Desk, sync: Sync, left: Sync | None = None) -> Sync:
    """Undo: write this earlier version of a sync; one that was deleted since is there again, in its state of then.

    Otherwise state, initiation and reason stay as stored: runs may have changed them meanwhile. `left` is what the edit that
    is undone had left: an edit that somebody made since is not overwritten. Raises UsageError where there was one, where the
    name is taken, or it was initiated since and would change what is fixed then; AlreadyRunning while it runs, LimitRefused
    where it would be active again and no place is free: both pass.
    """
    with desk.workspace.db.batch():
        stored = desk.workspace.syncs.get(sync.id)
        if stored is None:
            raise UsageError(f'The workspace has never had the sync "{visible(sync.name)}".', "Make it anew.")
        refuse_running(desk, stored)
        if left is not None:
            as_it_was(desk, left)
        free_name(desk, sync.name, besides=sync.id)
        restored = msgspec.structs.replace(sync, deleted=None)
        if stored.deleted is None:
            restored = taken_up(stored, _as_stored(stored, restored), desk.clock.now())
        limits.take_place(desk, stored, restored)
        desk.workspace.syncs.put(restored)
        if stored.deleted is not None:  # the end of a bar or another rule for addresses was not for it meanwhile
            desk.workspace.ledger.ask_for_all(sync.id, PUT_BACK)
        undone = "it was deleted" if stored.deleted else edit_words(stored, restored, desk.workspace.zone)
        desk.log(f"put back {restored.name}" + (f": {undone}" if undone else ""))
    return restored


def _as_stored(stored: Sync, earlier: Sync) -> Sync:
    """The earlier definition with what belongs to the stored one. Raises UsageError for a change that it refuses."""
    refuse_frozen(stored, earlier)
    state = state_after_edit(stored, earlier)
    was_completed = earlier.state is SyncState.COMPLETED and stored.state is SyncState.ACTIVE
    if was_completed and state_after_edit(earlier, stored) is SyncState.ACTIVE:
        # The edit that is undone had re-activated it.
        state = SyncState.COMPLETED
    return msgspec.structs.replace(earlier, state=state, reason=stored.reason, trouble=stored.trouble, initiated=stored.initiated)


def refuse_frozen(stored: Sync, after: Sync) -> None:
    """Raises UsageError where `after` changes what a sync keeps for good once it was initiated."""
    if stored.state is not SyncState.DRAFT:
        for change in frozen_changes(stored, after):
            raise UsageError(f'"{visible(stored.name)}": {refusal(change)}.', "Duplicate the sync instead.")
