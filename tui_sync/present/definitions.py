"""What a definition file changes: JSON and lines."""

from __future__ import annotations

from collections.abc import Iterator

from tui_sync.model.sync import Removal, Sync, SyncState
from tui_sync.services.definitions import Planned


def planned_object(item: Planned) -> dict[str, object]:
    """One definition's effect as JSON. `action` is create, change or none; values are TOML, "" where absent."""
    return {
        "sync": item.sync.name,
        "action": "create" if item.old is None else "change" if item.changes else "none",
        "initiate": item.old is None and item.initiate,
        "new_list": item.new_list or None,
        "changes": [{"key": c.key, "before": c.before, "after": c.after} for c in item.changes],
        "warnings": list(item.warnings),
    }


def planned_lines(item: Planned) -> Iterator[str]:
    """One definition's effect as lines: `+` creates, `~` changes, `=` leaves as it is."""
    if item.new_list:
        yield f'+ list "{item.new_list}", with the fields Lead Email, First Name, Last Name, City, Phone'
    if item.old is None:
        state = "queued" if item.sync.state is SyncState.QUEUED else "initiated" if item.initiate else "a draft"
        yield f'+ sync "{item.sync.name}", {state}: {item.sync.module} to {item.sync.list_name}'
    elif not item.changes:
        yield f'= sync "{item.sync.name}"'
    else:
        yield f'~ sync "{item.sync.name}"'
        for change in item.changes:
            yield f"    {change.key}: {change.before or '(absent)'} -> {change.after or '(absent)'}"


def removal_warning(sync: Sync) -> str:
    """What the policies of a sync mean at Marketing Automation; empty where they remove nobody."""
    policies = {sync.policies.on_opt_out, sync.policies.deletion, sync.policies.on_convert}
    if Removal.HUB in policies:
        return f'"{sync.name}" removes people from the hub: there that is Do-Not-Mail, and cannot be undone.'
    if Removal.LIST in policies:
        return f'"{sync.name}" removes people from its list: there that is an unsubscribe, and the hub may tell them.'
    return ""
