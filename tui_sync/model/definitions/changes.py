"""What differs between two versions of a sync, in the words of the definition file."""

from __future__ import annotations

import msgspec

from tui_sync.model.definitions.write import condition_text, key_text, source_text, written
from tui_sync.model.sync import Frequency, Sync, SyncState
from tui_sync.model.text import visible

FROZEN = ("module", "select", "view", "list")
"""What an initiated sync keeps for good; another choice needs another sync."""


class Change(msgspec.Struct, frozen=True):
    """One key with its TOML value before and after; "" stands for absent, which means the default."""

    key: str
    before: str
    after: str


def changes(old: Sync, new: Sync) -> tuple[Change, ...]:
    """Every difference between the definitions of two syncs, in the order of the file.

    Conditions are told row by row (`conditions[2]`), the mapping target by target (`mapping.City`). Views and lists
    are told apart by what they are bound to, so a view that was renamed in Recruit is no change.
    """
    before, after = _keys(old), _keys(new)
    bound = {"view": old.selection.view_id == new.selection.view_id, "list": old.list_key == new.list_key}
    found = [Change(key, before.get(key, ""), after.get(key, "")) for key in dict.fromkeys([*before, *after])]
    return tuple(change for change in found if not bound.get(change.key, change.before == change.after))


def frozen_changes(old: Sync, new: Sync) -> tuple[Change, ...]:
    """Those of `changes` that a sync refuses once it was initiated."""
    return tuple(change for change in changes(old, new) if change.key in FROZEN)


def refusal(change: Change) -> str:
    """Why a frozen change is refused, harmless to show."""
    before, after = (visible(value) or '"all"' for value in (change.before, change.after))  # `select` alone may be absent
    return f"{change.key} of an initiated sync cannot be changed ({before} to {after})"


def state_after_edit(old: Sync, new: Sync) -> SyncState:
    """The state of `old` once it has the definition of `new`: a completed sync that becomes recurring is active again."""
    once = Frequency.ONCE
    recurring = old.schedule.frequency is once and new.schedule.frequency is not once
    return SyncState.ACTIVE if old.state is SyncState.COMPLETED and recurring else old.state


def _keys(sync: Sync) -> dict[str, str]:
    """All keys of a sync's definition but `initiate`, which is no property of it, with rows as keys of their own."""
    keys = written(sync)
    keys.pop("initiate", None)
    keys.pop("conditions", None)
    pattern = keys.pop("pattern", "")
    for number, condition in enumerate(sync.selection.conditions, start=1):
        keys[f"conditions[{number}]"] = condition_text(condition)
    if pattern:
        keys["pattern"] = pattern
    for row in sync.mapping:
        keys[f"mapping.{key_text(row.target)}"] = source_text(row)
    return keys
