"""Who stayed under policies that were weaker for a while, and has to leave by those of now though their record did not change."""

from __future__ import annotations

import asyncio
from itertools import islice

from tui_sync.engine.ports import Ledger
from tui_sync.model.decide import removable
from tui_sync.model.ledger import Membership, RecordEntry
from tui_sync.model.sync import Policies, Sync

BECAUSE = "somebody who is opted out or converted has to leave by the policies of now"
PAGE = 200


async def overdue(ledger: Ledger, sync: Sync) -> str:
    """Why the next fetch must be a full one, where the policies became stricter since the last run and that concerns somebody
    whom it fetched as opted out or converted; else an empty text. Who is exempt is not concerned."""
    cursor = ledger.cursor(sync.id)
    if cursor is None or cursor.policies is None or not sync.policies.stricter(cursor.policies):
        return ""
    every = ledger.memberships_in(sync.list_key)
    while some := list(islice(every, PAGE)):
        held = {member.email: member for member in some if removable(member) and sync.id in member.by}
        for entry in ledger.entries_of(held):
            if entry.sync == sync.id and _concerned(entry, held[entry.email], sync, cursor.policies):
                return BECAUSE
        await asyncio.sleep(0)
    return ""


def _concerned(entry: RecordEntry, member: Membership, sync: Sync, before: Policies) -> bool:
    stored = member.by[sync.id].policies
    now, then = stored.weaker(sync.policies), stored.weaker(before)
    out = entry.opted_out and now.on_opt_out.strength > then.on_opt_out.strength
    away = entry.converted and now.on_convert.strength > then.on_convert.strength
    return not entry.deleted and (out or away)
