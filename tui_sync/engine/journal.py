"""The journal of writes: an intent before each call, its confirmation after it, and what to do with one left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui_sync.engine.control import Control
from tui_sync.engine.ports import Hub, Ledger, Runs
from tui_sync.engine.reading import emails_of
from tui_sync.model.hub import MemberState
from tui_sync.model.ledger import Intent, IntentKind, PendingRemoval

WANTED = {IntentKind.SUBSCRIBE: MemberState.ACTIVE, IntentKind.UNSUBSCRIBE: MemberState.UNSUBSCRIBED}
"""Where a person stands in the list if the write happened."""


def documents(intent: Intent) -> Iterator[object]:
    """What the ledger writes when the intent is confirmed."""
    if intent.entry is not None:
        yield intent.entry
    yield from intent.memberships
    if intent.mark is not None:
        yield intent.mark


def confirm(ledger: Ledger, runs: Runs, intents: Sequence[Intent], pending: Iterable[PendingRemoval] = ()) -> None:
    """Record confirmed writes of an earlier attempt in one commit: ledger, outcomes, and the intents' end."""
    emails = {intent.email for intent in intents if intent.kind is not IntentKind.SUBSCRIBE}
    with ledger.batch():
        for intent in intents:
            ledger.put(*documents(intent))
            if intent.outcome is not None:
                runs.replace(intent.run, [intent.outcome])
        ledger.drop(*intents, *(removal for removal in pending if removal.email in emails))


async def look_up(intents: Sequence[Intent], hub: Hub, control: Control) -> tuple[list[Intent], list[Intent]]:
    """Part unconfirmed writes into those that the list shows to have happened, and the others.

    A repeatable write counts as not happened: it is simply made again.
    """
    asked = {(i.list_key, WANTED[i.kind]) for i in intents if i.kind in WANTED and not i.repeatable}
    standing = {where: await emails_of(hub, *where, control) for where in sorted(asked)}
    happened: list[Intent] = []
    others: list[Intent] = []
    for intent in intents:
        where = (intent.list_key, WANTED.get(intent.kind, MemberState.ACTIVE))
        found = not intent.repeatable and intent.email in standing.get(where, ())
        (happened if found else others).append(intent)
    return happened, others


async def settle_left_behind(sync_id: str, ledger: Ledger, runs: Runs, hub: Hub, control: Control) -> int:
    """Settle what a crash left unconfirmed, before anything is planned. Gives how many writes had happened.

    What did not happen is forgotten here: the ledger has no trace of it, so the plan brings it about again.
    """
    intents = ledger.intents(sync_id)
    if not intents:
        return 0
    happened, others = await look_up(intents, hub, control)
    confirm(ledger, runs, happened, ledger.pending(sync_id=sync_id))
    ledger.drop(*others)
    return len(happened)
