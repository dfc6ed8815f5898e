"""The journal of writes: an intent before each call, its confirmation after it, and what to do with one left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from tui_sync.engine.control import Control
from tui_sync.engine.ports import Hub, Ledger, Runs
from tui_sync.engine.reading import emails_of
from tui_sync.engine.tally import settle
from tui_sync.model.hub import MemberState
from tui_sync.model.ledger import STAYING_OUT, Intent, IntentKind, MembershipState
from tui_sync.model.outcomes import Result

WANTED = {IntentKind.SUBSCRIBE: MemberState.ACTIVE, IntentKind.UNSUBSCRIBE: MemberState.UNSUBSCRIBED}
"""Where a person stands in the list if the write happened."""


def documents(intent: Intent, ledger: Ledger, *, at_once: bool = False) -> Iterator[object]:
    """What the ledger writes when the intent is confirmed. Of a mark only what the write brought about: the person may
    have been suppressed since the intent was made, and a refusal of theirs may have been lifted. Who left a list, or was taken
    out of it by hand, since then stays out; `at_once`: nobody did, since all of it is one commit."""
    entry = intent.entry
    if entry is not None and entry.refusal is not None:
        stored = ledger.entries(intent.sync, [entry.record]).get(entry.record, entry)
        entry = msgspec.structs.replace(entry, refusal=stored.refusal)
    if entry is not None:
        yield entry
    members = () if at_once else ledger.memberships_of([intent.email])
    out = {member.key for member in members if member.state in STAYING_OUT}
    yield from (member for member in intent.memberships if member.key not in out)
    if intent.mark is not None:
        known = ledger.marks([intent.email]).get(intent.email, intent.mark)
        yield msgspec.structs.replace(known, blocked=intent.mark.blocked)


def confirm(ledger: Ledger, runs: Runs, intents: Sequence[Intent]) -> None:
    """Record confirmed writes of an earlier attempt in one commit: ledger, outcomes, and the end of what waited for them.

    Runs that have ended since are counted anew.
    """
    removed = {(intent.sync, intent.email) for intent in intents if intent.kind is not IntentKind.SUBSCRIBE}
    added = {intent.entry.key for intent in intents if intent.kind is IntentKind.SUBSCRIBE and intent.entry is not None}
    syncs = sorted({intent.sync for intent in intents})
    with ledger.batch():
        for intent in intents:
            ledger.put(*documents(intent, ledger))
            if intent.outcome is not None:
                runs.replace(intent.run, [intent.outcome])
        ledger.drop(*intents)
        for sync in syncs:
            ledger.drop(*(old for old in ledger.pending(sync_id=sync) if (sync, old.email) in removed))
            ledger.drop(*(failure for failure in ledger.failures(sync_id=sync) if failure.key in added))
        for number in {intent.run for intent in intents}:
            run = runs.get(number)
            if run is not None and run.result is not Result.RUNNING:
                settle(run, ledger, runs)


async def look_up(
    intents: Sequence[Intent], ledger: Ledger, hub: Hub, control: Control
) -> tuple[list[Intent], list[Intent]]:
    """Part unconfirmed writes into those that the list shows to have happened, and the others.

    A repeatable write counts as not happened: it is simply made again. Who was added may have left, or their mail may have come
    back, before they are looked up.
    """
    asked = {(i.list_key, WANTED[i.kind]) for i in intents if i.kind in WANTED and not i.repeatable}
    standing = {where: await emails_of(hub, *where, control) for where in sorted(asked)}
    happened: list[Intent] = []
    others: list[Intent] = []
    for intent in intents:
        where = (intent.list_key, WANTED.get(intent.kind, MemberState.ACTIVE))
        found = not intent.repeatable and intent.email in standing.get(where, ())
        (happened if found else others).append(intent)
    left = await _left_since(others, ledger, hub, control)
    return [*happened, *left], [intent for intent in others if intent not in left]


async def _left_since(intents: Sequence[Intent], ledger: Ledger, hub: Hub, control: Control) -> list[Intent]:
    """The adds whose people are in the list no more, and were in it: nobody is added who was read as out of it. Whom a sync had
    taken out stood there as unsubscribed before, so that this says nothing of them."""
    added = [intent for intent in intents if intent.kind is IntentKind.SUBSCRIBE and not intent.repeatable]
    found: list[Intent] = []
    for list_key in sorted({intent.list_key for intent in added}):
        here = [intent for intent in added if intent.list_key == list_key]
        members = ledger.members(list_key, [intent.email for intent in here])
        taken_out = {email for email, member in members.items() if member.state is MembershipState.REMOVED}
        out = await emails_of(hub, list_key, MemberState.UNSUBSCRIBED, control)
        out |= await emails_of(hub, list_key, MemberState.BOUNCED, control)
        found += [intent for intent in here if intent.email in out - taken_out]
    return found


async def settle_left_behind(list_key: str, ledger: Ledger, runs: Runs, hub: Hub, control: Control) -> int:
    """Settle what a crash left unconfirmed, before anything is planned. Gives how many writes had happened.

    Whoever holds the lock of a list settles it for every sync that feeds it: nobody else has a write under way there,
    and what the list shows must not be taken for the doing of its people. What did not happen is forgotten here: the
    ledger has no trace of it, so the plan brings it about again.
    """
    intents = ledger.intents(list_key)
    if not intents:
        return 0
    happened, others = await look_up(intents, ledger, hub, control)
    confirm(ledger, runs, happened)
    ledger.drop(*others)
    return len(happened)
