"""What a definition file changes: JSON and lines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from zoneinfo import ZoneInfo

from tui_sync.model import limits as rules
from tui_sync.model.definitions import Change
from tui_sync.model.limits import Limit
from tui_sync.model.sync import Condition, Removal, Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.present.syncs import condition_words
from tui_sync.present.words import counted, moment
from tui_sync.services.definitions import Planned, Survey
from tui_sync.services.limits import Quota

DEFAULTS = {
    "select": "all records", "view": "none", "pattern": "all rows, joined by and", "on_opt_out": "keep",
    "on_delete": "as on_opt_out", "on_convert": "keep", "frequency": "once", "on": "none", "day": "none",
    "at": "the time of initiation", "timezone": "the organisation's", "after": "all data",
}  # fmt: skip
"""What an absent key means."""


THERE = "at Marketing Automation that is"


def planned_object(item: Planned, *, absent: bool = False) -> dict[str, object]:
    """One definition's effect as JSON. `action` is create, change, none, or absent for a sync that the file does not have;
    values are TOML, "" where absent."""
    action = "absent" if absent else "create" if item.old is None else "change" if item.changes else "none"
    return {
        "sync": item.sync.name,
        "action": action,
        "initiate": item.old is None and item.initiate,
        "new_list": item.new_list or None,
        "changes": [{"key": c.key, "before": c.before, "after": c.after} for c in item.changes],
        "warnings": list(item.warnings),
        "applied": None if item.applied is None else {
            "file": item.applied.file, "at": item.applied.at.isoformat(), "by": item.applied.who,
        },
        "drift": [{"key": c.key, "before": c.before, "after": c.after} for c in item.drift],
    }  # fmt: skip


def change_words(change: Change) -> str:
    """One change as `key: before -> after`, rows of criteria and mapping in words; harmless to show."""
    title = visible(change.key)
    if change.key.startswith("conditions["):
        title = f"row {change.key[len('conditions['):-1]}"
    elif change.key.startswith("mapping."):
        title = visible(_plain(change.key.removeprefix("mapping.")))
    return f"{title}: {_value(change.key, change.before)} -> {_value(change.key, change.after)}"


def _value(key: str, text: str) -> str:
    """A TOML value in words; "" stands for an absent key."""
    if key.startswith("conditions["):
        return visible(condition_words(_condition(text))) if text else "no row"
    if key.startswith("mapping."):
        if not text:
            return "not mapped"
        source = _plain(text)
        return f"from {visible(source)}" if source != text else f"from {visible(_table(text).get('field', ''))}, also blanks"
    if not text:
        return f"{DEFAULTS[key]} (default)" if key in DEFAULTS else "none"
    return visible(_plain(text))


def _table(text: str) -> dict[str, str]:
    value = tomllib.loads(f"v = {text}")["v"]
    return value if isinstance(value, dict) else {}


def _plain(text: str) -> str:
    """The text of a TOML string without its quotes; anything else as it stands."""
    return str(tomllib.loads(f"v = {text}")["v"]) if text.startswith(('"', "'")) else text


def _condition(text: str) -> Condition:
    raw: dict[str, object] = tomllib.loads(f"v = {text}")["v"]
    value = raw.get("value")
    operand = tuple(value) if isinstance(value, list) else value
    return Condition(field=str(raw["field"]), operator=str(raw["operator"]), value=operand)  # type: ignore[arg-type]


def planned_lines(item: Planned) -> Iterator[str]:
    """One definition's effect as lines: `+` creates, `~` changes, `=` leaves as it is."""
    if item.new_list:
        yield f'+ list "{item.new_list}", with the fields Lead Email, First Name, Last Name, City, Phone'
    if item.old is None:
        state = "queued" if item.sync.state is SyncState.QUEUED else "initiated" if item.initiate else "a draft"
        yield f'+ sync "{item.sync.name}", {state}: {item.sync.module_shown} to {item.sync.list_name}'
    elif not item.changes:
        yield f'= sync "{item.sync.name}"'
    else:
        yield f'~ sync "{item.sync.name}"'
        for change in item.changes:
            yield f"    {change_words(change)}"


def survey_lines(found: Survey, zone: ZoneInfo) -> Iterator[str]:
    """The comparison of a file with the workspace: each sync of the file, those that it does not have, what changed in the
    workspace since a file was applied, and what applying costs."""
    for item in found.items:
        yield from planned_lines(item)
        yield from drift_lines(item, zone)
    for item in found.absent:
        yield f'  only in the workspace: "{item.sync.name}"'
        yield from drift_lines(item, zone)
    if found.differs:
        yield cost(found.quota, found.initiated)


def drift_lines(item: Planned, zone: ZoneInfo) -> Iterator[str]:
    """What was changed in the workspace since a file was applied."""
    if item.applied is None or not item.drift:
        return
    keys = ", ".join(dict.fromkeys(visible(change.key) for change in item.drift))
    file, when = visible(PurePath(item.applied.file).name), moment(item.applied.at, zone)
    yield f"    changed in the workspace since {file} was applied on {when} by {item.applied.who}: {keys}"


def cost(quota: Quota, initiated: int) -> str:
    """What applying takes of the organisation's limits, in one sentence."""
    if not initiated:
        return "Applying initiates no sync and costs nothing."
    allowed, used, queued = quota.limits, quota.used, 0
    for _ in range(initiated):
        match rules.of_initiation(allowed, used):
            case None:
                used = rules.Used(month=used.month + 1, day=used.day + 1, active=used.active + 1)
            case Limit.DAY:
                queued += 1
                used = rules.Used(month=used.month, day=used.day, active=used.active + 1)
            case stop:
                return f"Applying would be refused: it initiates {counted(initiated, 'sync')}. " + rules.reason(
                    stop, allowed, quota.now, quota.zone
                )
    before = quota.used
    told = f"Applying initiates {counted(initiated, 'sync')}: month {before.month} -> {used.month} of {allowed.month}"
    told += f", today {before.day} -> {used.day} of {allowed.day}, active {before.active} -> {used.active} of {allowed.active}."
    return told + (f" {counted(queued, 'sync')} of them will be queued." if queued else "")


def warnings_of(items: Sequence[Planned]) -> Iterator[str]:
    """What is odd about the definitions without being wrong."""
    for item in items:
        for warning in item.warnings:
            yield f"{item.sync.name}: {warning}"


def removal_warning(sync: Sync) -> str:
    """What the policies of a sync mean at Marketing Automation; empty where they remove nobody."""
    policies = {sync.policies.on_opt_out, sync.policies.deletion, sync.policies.on_convert}
    if Removal.HUB in policies:
        return f'"{sync.name}" removes people from the hub: {THERE} Do-Not-Mail, and cannot be undone.'
    if Removal.LIST in policies:
        return f'"{sync.name}" removes people from its list: {THERE} an unsubscribe, and the hub may write to them.'
    return ""
