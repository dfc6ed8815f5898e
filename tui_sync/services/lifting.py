"""Lift by hand what keeps a person out: suppression, removals by hand, bars, a Do-Not-Mail mark that was remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

import msgspec

from tui_sync.engine.alone import alone_with_list
from tui_sync.model.decide import REFUSAL_REASONS
from tui_sync.model.errors import RunError, UsageError
from tui_sync.model.ledger import HUB_SCOPE, LIFTED, Bar, Mark, Membership, MembershipState, RecordEntry
from tui_sync.model.outcomes import LABELS, Reason
from tui_sync.model.text import command_line, visible
from tui_sync.services.afresh import decide_anew
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.suppression import person_of, reason_of


class Lifted(msgspec.Struct, frozen=True):
    """What lifting came to."""

    email: str
    lifted: tuple[str, ...]
    """A sentence for each thing that keeps them out no more."""
    staying: tuple[str, ...]
    """A sentence for each thing that may keep them out all the same."""
    syncs: tuple[str, ...]
    """The syncs whose next run decides their record anew."""


class Held(msgspec.Struct, frozen=True):
    """What of a person can be lifted, and all that is known of them beside it."""

    mark: Mark
    wrong: tuple[Mark, ...]
    """What is known by wrong addresses that were corrected to theirs: it was taken over then, and is with the next import."""
    by_hand: tuple[Membership, ...]
    bars: tuple[Bar, ...]
    entries: tuple[RecordEntry, ...]
    left: tuple[Membership, ...]
    """Lists that they left on their own."""

    @property
    def anything(self) -> bool:
        """Whether anything can be lifted."""
        return bool(self.marked or self.by_hand or self.bars or self.refused)

    @property
    def marked(self) -> bool:
        """Whether they are on the suppression list or on Do-Not-Mail, by whichever address."""
        return any(mark.suppressed or mark.blocked for mark in (self.mark, *self.wrong))

    @property
    def refused(self) -> list[RecordEntry]:
        """Records that the hub refused because of Do-Not-Mail: they are asked for again only once this is forgotten."""
        return [e for e in self.entries if e.refusal and REFUSAL_REASONS.get(e.refusal.code) is Reason.DO_NOT_MAIL]


def held(desk: Desk, email: str) -> Held:
    """What keeps the person of that key out."""
    ledger = desk.workspace.ledger
    places = ledger.memberships_of([email])
    wrong = [correction.wrong for correction in desk.workspace.corrections.all() if correction.right == email]
    return Held(
        ledger.marks([email]).get(email, Mark(email=email)),
        tuple(ledger.marks(wrong).values()),
        tuple(m for m in places if m.state is MembershipState.BY_HAND),
        tuple(bar for bar in ledger.bars([email]) if bar.email == email),
        tuple(ledger.entries_of([email])),
        tuple(m for m in places if m.state is MembershipState.LEFT),
    )


def why_not(desk: Desk, email: str) -> str:
    """Why nothing can be lifted; empty where something can."""
    if not email:
        return "There is no address to lift anything of."
    known = held(desk, email)
    if known.anything:
        return ""
    told = [f"Nothing that can be lifted keeps {visible(email)} out.", *_staying(desk, known)]
    return " ".join(told)


def would_lift(desk: Desk, email: str) -> list[str]:
    """What lifting would bring about and what it would not, a sentence each."""
    known = held(desk, email)
    return [*_lifted(known, _names(desk)), *_staying(desk, known)]


async def lift(desk: Desk, address: str, reason: str) -> Lifted:
    """Lift everything that a hand may lift; the next run of their syncs decides their record anew, by the rules.

    Raises UsageError for no address or reason, RunError where there is nothing to lift.
    """
    email = person_of(desk, address)
    if not email:
        raise UsageError(f'"{visible(address, 60)}" is not an e-mail address.')
    why = reason_of(reason)
    names, quiet, locks = _names(desk), Quiet(desk.clock, desk.tell), desk.workspace.locks
    async with AsyncExitStack() as lists:
        for place in held(desk, email).by_hand:
            name = names.get(place.list_key, place.list_key)
            alone = alone_with_list(locks, quiet, place.list_key, name, f"lifting somebody in {name}", None)
            await lists.enter_async_context(alone)
        with desk.workspace.db.batch():
            known = held(desk, email)
            if not known.anything:
                raise RunError(why_not(desk, email), f"See: {command_line('explain', email)}")
            told = tuple(_lifted(known, names))
            _write(desk, known)
            syncs = decide_anew(desk, _concerned(desk, known), f"what kept {visible(email)} out was lifted")
            desk.log(f"lifted for {email} ({why}): {' '.join(told)}")
    return Lifted(email, told, tuple(_staying(desk, known)), syncs)


def _concerned(desk: Desk, known: Held) -> list[RecordEntry]:
    """The records of the syncs that may bring the person in again: where only lists were closed, of those that feed them."""
    lists = {place.list_key for place in known.by_hand} | {bar.scope for bar in known.bars}
    every = bool(known.marked or known.refused) or HUB_SCOPE in lists
    syncs = {sync.id for sync in desk.workspace.syncs.all() if every or sync.list_key in lists}
    return [entry for entry in known.entries if entry.sync in syncs]


def _write(desk: Desk, known: Held) -> None:
    ledger, now = desk.workspace.ledger, desk.clock.now().replace(microsecond=0)
    for mark in (known.mark, *known.wrong):
        free = msgspec.structs.replace(mark, suppressed="", suppressed_at=None, blocked="")
        if free.bounced:
            ledger.put(free)
        else:
            ledger.drop(free)
    # A removal that a sync made may be undone by a sync; without any note the hub's unsubscribe would pass for their own.
    ledger.put(*(
        msgspec.structs.replace(
            place, state=MembershipState.LEFT if place.left else MembershipState.REMOVED, since=now,
            cause="unsubscribed at the hub" if place.left else LIFTED, left=False,
        )
        for place in known.by_hand
    ))  # fmt: skip
    ledger.drop(*known.bars)
    ledger.put(*(msgspec.structs.replace(entry, refusal=None) for entry in known.refused))


def _lifted(known: Held, names: dict[str, str]) -> Iterator[str]:
    on_the_list = [mark for mark in (known.mark, *known.wrong) if mark.suppressed]
    if on_the_list:
        yield f"They are off the suppression list (the reason was: {on_the_list[0].suppressed})."
    for place in known.by_hand:
        if not place.left:
            name = visible(names.get(place.list_key, place.list_key))
            yield f'They were taken out of the list "{name}" by hand, and may enter it again.'
    for bar in known.bars:
        name = visible(names.get(bar.scope, bar.scope))
        where = "every list of the hub" if bar.scope == HUB_SCOPE else f'the list "{name}"'
        yield f"The bar from {where} is gone (record {bar.origin}: {LABELS[bar.cause].lower()})."
    if known.refused or any(mark.blocked for mark in (known.mark, *known.wrong)):
        yield (
            "The Do-Not-Mail mark is forgotten here. The hub itself may still refuse them: take the lead off Do-Not-Mail in"
            " Marketing Automation first, which no call can do."
        )


def _staying(desk: Desk, known: Held) -> Iterator[str]:
    """What lifting does not change."""
    names = _names(desk)
    left = [*known.left, *(place for place in known.by_hand if place.left)]
    for place in left:
        name = visible(names.get(place.list_key, place.list_key))
        yield f'They left the list "{name}" on their own: no sync brings them back there, only they themselves.'
    if known.mark.bounced:
        yield "The hub reported a hard bounce: they stay out while it does."
    live = [entry for entry in known.entries if entry.matched and not entry.deleted]
    if any(entry.opted_out for entry in live):
        yield "Their record is opted out in Recruit: a sync that excludes such people keeps them out again."
    if any(entry.converted for entry in live):
        yield "Their record is converted in Recruit: a sync that excludes converted candidates keeps them out again."


def _names(desk: Desk) -> dict[str, str]:
    return {sync.list_key: sync.list_name for sync in desk.workspace.syncs.every()}


def sentences(done: Lifted) -> Sequence[str]:
    """What is told after it."""
    again = ", ".join(f'"{visible(name)}"' for name in done.syncs)
    coming = f"The next run of {again} decides their record anew, by the rules." if done.syncs else "No sync has their record."
    return [*done.lifted, *done.staying, coming]
