"""What the hub says of the target list before a plan: who left, who bounced and, at most once a day, who is in it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from tui_sync.engine.control import Control
from tui_sync.engine.ports import Hub, Ledger
from tui_sync.model.hub import MemberState
from tui_sync.model.ledger import ListReading, Membership, MembershipState, membership_key
from tui_sync.model.parts import chunks

ACTIVE_EVERY = timedelta(days=1)
MISSED = 10
"""People whom the list had and does not show any more, beyond whom it is read once more before that is believed: an answer may
have been cut, and who is taken for deleted at the hub was brought in by no sync once they are seen there again."""
AGAIN = timedelta(minutes=5)
"""Time after which a delivery looks who has left the list meanwhile; more where that would take over a tenth of its time."""
PAGE = 500
"""Memberships looked at before the event loop gets its turn."""


class Reading:
    """The list's people by state; `active` is None where it was not read this time."""

    def __init__(self, list_key: str, at: datetime) -> None:
        self.list_key, self.at = list_key, at
        self.unsubscribed: set[str] = set()
        self.bounced: set[str] = set()
        self.active: set[str] | None = None

    def stamp(self) -> ListReading | None:
        """What to remember of the reading, where the active members were read."""
        return ListReading(list_key=self.list_key, active_at=self.at) if self.active is not None else None

    def membership(self, email: str, known: Membership | None) -> Membership | None:
        """The membership as it is now: what the ledger knows, corrected by what was read; `known` itself if it stands."""
        if email in self.unsubscribed:
            return self._unsubscribed(email, known)
        if known is None:
            if self.active is None or email not in self.active:
                return None
            return self._fresh(email, MembershipState.ACTIVE)
        if self.active is None:
            return known
        if email in self.active:
            if known.state in (MembershipState.ACTIVE, MembershipState.BY_HAND):
                return known
            return self._fresh(email, MembershipState.ACTIVE)
        if known.state is MembershipState.ACTIVE and email not in self.bounced:
            return self._changed(known, MembershipState.GONE, "deleted at the hub")
        return known

    def _unsubscribed(self, email: str, known: Membership | None) -> Membership:
        if known is None:
            return self._fresh(email, MembershipState.LEFT)
        if known.state in (MembershipState.REMOVED, MembershipState.BY_HAND, MembershipState.LEFT):
            return known
        return self._changed(known, MembershipState.LEFT, "unsubscribed at the hub")

    def _fresh(self, email: str, state: MembershipState) -> Membership:
        key = membership_key(self.list_key, email)
        return Membership(key=key, list_key=self.list_key, state=state, since=self.at)

    def _changed(self, known: Membership, state: MembershipState, cause: str) -> Membership:
        return Membership(
            key=known.key, list_key=known.list_key, state=state,
            made_by=known.made_by, since=self.at, cause=cause, by=known.by,
        )  # fmt: skip


async def read_list(
    hub: Hub, ledger: Ledger, list_key: str, control: Control, *, active: bool = False
) -> Reading:
    """Read the list: unsubscribed and bounced always, the active members at most once a day, or when asked for.

    A list without a key is one that a definition means to create: nobody is in it, and the hub is not asked.
    """
    now = control.clock.now()
    reading = Reading(list_key, now)
    if not list_key:
        return reading
    last = ledger.reading(list_key)
    if active or last is None or not timedelta() <= now - last.active_at < ACTIVE_EVERY:
        reading.active = await emails_of(hub, list_key, MemberState.ACTIVE, control)
    reading.unsubscribed = await emails_of(hub, list_key, MemberState.UNSUBSCRIBED, control)
    reading.bounced = await emails_of(hub, list_key, MemberState.BOUNCED, control)
    if reading.active is not None and not hub.transactional and await _misses_many(reading, ledger):
        reading.active |= await emails_of(hub, list_key, MemberState.ACTIVE, control)
    return reading


async def _misses_many(reading: Reading, ledger: Ledger) -> bool:
    """Whether more people than `MISSED` of those in the list were not read in any state."""
    missed = 0
    for number, known in enumerate(ledger.memberships_in(reading.list_key)):
        now = reading.membership(known.email, known)
        missed += known.state is MembershipState.ACTIVE and now is not None and now.state is MembershipState.GONE
        if missed > MISSED:
            return True
        if number % PAGE == 0:
            await asyncio.sleep(0)
    return False


async def emails_of(hub: Hub, list_key: str, state: MemberState, control: Control) -> set[str]:
    """Every address of a list in one state."""
    found: set[str] = set()
    async for page in hub.addresses(list_key, state):
        found.update(page)
        control.check()
        await asyncio.sleep(0)
    return found


async def discovered(reading: Reading, ledger: Ledger) -> list[Membership]:
    """Memberships that the reading changes or adds, for the whole list; written when the run commits."""
    changed: list[Membership] = []
    strangers = set(reading.unsubscribed) | (reading.active or set())
    known_ones = (
        ledger.memberships_in(reading.list_key)
        if reading.active is not None
        else ledger.members(reading.list_key, strangers).values()
    )
    for number, known in enumerate(known_ones):
        strangers.discard(known.email)
        now = reading.membership(known.email, known)
        if now is not None and now is not known:
            changed.append(now)
        if number % PAGE == 0:
            await asyncio.sleep(0)
    changed += [found for email in sorted(strangers) if (found := reading.membership(email, None)) is not None]
    return changed


async def note_who_left(hub: Hub, ledger: Ledger, list_key: str, control: Control, due: datetime) -> datetime:
    """Where that is due, note who has left the list since it was read: a call for them, though it changes a field only, would
    bring them back. Gives the moment of the next look."""
    begun = control.clock.now()
    if begun < due:
        return due
    reading = Reading(list_key, begun)
    reading.unsubscribed = await emails_of(hub, list_key, MemberState.UNSUBSCRIBED, control)
    for some in chunks(sorted(reading.unsubscribed), PAGE):
        with ledger.batch():
            known = ledger.members(list_key, some)
            found = ((known.get(email), reading.membership(email, known.get(email))) for email in some)
            ledger.put(*(now for before, now in found if now is not before))
        await asyncio.sleep(0)
    ended = control.clock.now()
    return ended + max(AGAIN, 9 * (ended - begun))
