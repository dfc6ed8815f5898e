"""What befalls people beside the runs, as rules of the random steps: in Recruit, at the hub, and by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.engine.listed import Row
from tests.reliability.model import LISTS, SYNCS, World
from tui_sync.model.errors import RunError
from tui_sync.model.hub import MemberState
from tui_sync.services import lifting, suppression

EMAILS = [f"{letter}@zylker.com" for letter in "abcdefgh"]
RECORDS = [str(number) for number in range(1, 10)]
COUNTS: Counter[str] = Counter()
"""Steps taken, by rule, over all examples of this process."""

emails, records = st.sampled_from(EMAILS), st.sampled_from(RECORDS)
lists = st.sampled_from(LISTS)
cities, departments = st.sampled_from(["Pune", "Chennai", "Madurai"]), st.sampled_from(["IT", "Sales"])


class Changes(RuleBasedStateMachine):
    """Nine records, eight addresses, and a world of syncs that has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World
        self.trash: dict[str, Row] = {}

    # Recruit

    @rule(record=records, email=emails, city=cities, department=departments)
    def write_record(self, record: str, email: str, city: str, department: str) -> None:
        """A record comes, or is changed in any of its values."""
        recruit, COUNTS["record"] = self.world.stage.recruit, COUNTS["record"] + 1
        old = recruit.rows.get(record)
        values: dict[str, Any] = {"Email": email, "City": city, "Department": department}
        if old is not None:
            self.world.changed(str(old.values["Email"]), email)
            if old.values["Email"] != email:
                self.world.lost(record)
            recruit.edit(record, **values)
        else:
            self.world.changed(email)
            recruit.add(record, email=email, City=city, Department=department)
        self.trash.pop(record, None)

    @rule(record=records)
    def delete_record(self, record: str) -> None:
        """A record is deleted."""
        recruit = self.world.stage.recruit
        if record in recruit.rows:
            COUNTS["deletion"] += 1
            self.trash[record] = recruit.rows[record]
            self.world.changed(str(recruit.rows[record].values["Email"]))
            self.world.lost(record)
            recruit.delete(record)

    @rule(record=records)
    def restore_record(self, record: str) -> None:
        """A deleted record is restored as it was."""
        if record in self.trash:
            COUNTS["restore"] += 1
            row = self.trash.pop(record)
            row.modified = self.world.stage.clock.now().isoformat()
            self.world.stage.recruit.trash.pop(record, None)
            self.world.stage.recruit.rows[record] = row
            self.world.changed(str(row.values["Email"]))

    @rule(record=records, opted_out=st.booleans(), converted=st.booleans(), department=departments)
    def flag(self, record: str, opted_out: bool, converted: bool, department: str) -> None:
        """A person opts out or in again, a candidate is converted or that is taken back, with or without leaving a selection."""
        recruit = self.world.stage.recruit
        if record in recruit.rows:
            COUNTS["flag"] += 1
            recruit.edit(record, opted_out=opted_out, converted=converted, Department=department)
            self.world.changed(str(recruit.rows[record].values["Email"]))

    # People at the hub and by hand

    @rule(email=emails, where=lists)
    def leave(self, email: str, where: str) -> None:
        """A person leaves a list on their own. While it is not known whether a sync has removed them, nobody can tell which it
        was: the hub has only that they are unsubscribed."""
        ledger = self.world.stage.space.ledger
        unsettled = {(SYNCS[old.sync], old.email) for old in ledger.pending() if not old.withheld}
        if left_behind(self.world, email, where):
            COUNTS["left"] += 1
            self.world.notes.out |= {(where, email)} - unsettled
            self.world.changed(email)

    @rule(email=emails)
    def erase(self, email: str) -> None:
        """A lead is deleted at the hub."""
        if self.world.stage.lead(email) is not None:
            COUNTS["erased"] += 1
            self.world.stage.space.leads.delete(email)
            self.world.notes.erased |= {(where, email) for where in LISTS}
            self.world.forget_unread(email)
            self.world.changed(email)

    @rule(email=emails)
    def suppress(self, email: str) -> None:
        """Somebody is put on the suppression list."""
        COUNTS["suppress"] += 1
        suppression.suppress(self.world.stage.desk, email, "asked for it")
        self.world.notes.suppressed.add(email)

    @rule(email=emails, where=lists)
    def remove(self, email: str, where: str) -> None:
        """Somebody is taken out of a list by hand."""
        COUNTS["by hand"] += 1
        world = self.world
        world.running = "by hand"
        with patch.object(World, "judge"), patch.object(World, "sent"):
            world.stage.remove(email, where)
        world.running = ""
        world.notes.out.add((where, email))
        world.changed(email)

    @rule(email=emails)
    def lift(self, email: str) -> None:
        """Whatever a hand may lift is lifted."""
        world = self.world
        left = {m.list_key for m in lifting.held(world.stage.desk, email).by_hand if not m.left}
        try:
            world.stage.wait_for(lifting.lift(world.stage.desk, email, "asked for it"))
        except RunError:
            return
        COUNTS["lift"] += 1
        world.notes.suppressed.discard(email)
        world.notes.blocked.discard(email)
        for name, where in SYNCS.items():
            if world.sync(name).list_key in left:
                world.notes.out.discard((where, email))
        world.changed(email)


def left_behind(world: World, email: str, where: str) -> bool:
    """The person leaves the list at the hub on their own; whether they were in it."""
    lead = world.stage.space.leads.leads([email]).get(email)
    key = next(world.sync(name).list_key for name in SYNCS if SYNCS[name] == where)
    if lead is None or f"{MemberState.ACTIVE}/{key}" not in lead.standing.split():
        return False
    placed = lead.placed(key, MemberState.UNSUBSCRIBED)
    world.stage.space.leads.put_leads([type(lead)(lead.email, lead.fields, placed)])
    return True
