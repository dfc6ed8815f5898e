"""Syncs: JSON, rows, and a definition in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model import health
from tui_sync.model.criteria import describe, display, parse
from tui_sync.model.outcomes import Result
from tui_sync.model.records import Field, FieldType
from tui_sync.model.schedule import in_words, unknown_zone, zone_of
from tui_sync.model.sync import Condition, Removal, SelectionKind, Sync, SyncState
from tui_sync.model.text import command_line
from tui_sync.present.runs import run_object
from tui_sync.present.words import calls_words, counted, moment
from tui_sync.services.syncs import SyncRow, nothing_to_mend

SYNC_HEADER = ("Sync", "Module", "List", "State", "Next", "Last run")

POLICY_WORDS = {
    Removal.KEEP: "kept, treated like anybody",
    Removal.LIST: "ignored, and removed from this list",
    Removal.HUB: "ignored, and removed from the whole hub",
}
DELETION_WORDS = {
    Removal.KEEP: "kept",
    Removal.LIST: "removed from this list",
    Removal.HUB: "removed from the whole hub",
}
CONVERSION_WORDS = {**POLICY_WORDS, Removal.HUB: "removed from the whole hub, and ignored by every sync from then on"}


def sync_object(row: SyncRow) -> dict[str, object]:
    """An element of the listing as JSON; `next` of a queued sync is when it becomes active, `last` null before a run."""
    coming = row.next or row.starts
    return {
        "name": row.name,
        "module": row.module,
        "list": row.list,
        "state": row.state.value,
        "next": None if coming is None else msgspec.to_builtins(coming.astimezone(UTC)),
        "running": row.running,
        "reason": row.reason or None,
        "condition": row.health.condition.value,
        "deferred": msgspec.to_builtins(row.deferred),
        "last": None if row.last is None else run_object(row.last),
    }


def never_due(row: SyncRow) -> bool:
    """Whether the sync is active and yet broken, so that nothing makes it due."""
    return row.state is SyncState.ACTIVE and row.health.condition is health.Condition.BROKEN


def sync_row(row: SyncRow, zone: ZoneInfo) -> list[str | int | None]:
    """A sync as a row under `SYNC_HEADER`."""
    last = ""
    if row.last is not None:
        last = f"{row.last.id}, {row.last.result}, {moment(row.last.started, zone)}"
    state = f"{row.state}, running" if row.running else row.state.value
    if row.health.condition in (health.Condition.LATE, health.Condition.DEFERRED) or never_due(row):
        state += f", {row.health.condition}"
    if row.paused:
        state += ", all schedules paused"
    return [row.name, row.module_shown, row.list, state, moment(row.next or row.starts, zone), last]


def definition_object(sync: Sync, row: SyncRow) -> dict[str, object]:
    """One sync as JSON: what the listing tells, and its whole definition with the defaults filled in."""
    selection, schedule = sync.selection, sync.schedule
    criteria = selection.kind is SelectionKind.CRITERIA
    own: dict[str, object] = {
        "trouble": sync.trouble,
        "select": selection.kind,
        "view": selection.view_name or None,
        "conditions": selection.conditions,
        "pattern": shown_pattern(sync) if criteria else None,
        "on_opt_out": sync.policies.on_opt_out,
        "on_delete": sync.policies.deletion,
        "on_convert": sync.policies.on_convert,
        "frequency": schedule.frequency,
        "on": schedule.on or None,
        "day": schedule.day or None,
        "at": schedule.at or None,
        "timezone": schedule.timezone or None,
        "after": schedule.after,
        "mapping": {mapped.target: mapped.source for mapped in sync.mapping},
        "overwrite_blank": [mapped.target for mapped in sync.mapping if mapped.overwrite_blank],
        "created": sync.created,
        "initiated": None if sync.state is SyncState.QUEUED else sync.initiated,
    }
    return {**sync_object(row), **msgspec.to_builtins(own)}


def definition_fields(sync: Sync, row: SyncRow, zone: ZoneInfo) -> list[tuple[str, str | int | None]]:
    """One sync in words: names and values, one a line."""
    state = f"{sync.state}: {row.reason}" if row.reason else sync.state.value
    lines: list[tuple[str, str | int | None]] = [
        ("Sync", sync.name),
        ("State", "deleted" if sync.deleted is not None else f"{state}, running" if row.running else state),
        *([] if nothing_to_mend(sync) or sync.deleted is not None else [("", f"mend it: {command_line('repair', sync.name)}")]),
        ("From", f"{sync.module_shown}, {selection_words(sync)}"),
        *((f"  {number}", condition_words(row, sync.labels)) for number, row in enumerate(sync.selection.conditions, 1)),
        ("To list", sync.list_name),
        *((f"  {row.target}", f"from {sync.field_shown(row.source)}{_blanks(row.overwrite_blank)}") for row in sync.mapping),
        ("Opted out", POLICY_WORDS[sync.policies.on_opt_out]),
        ("Deleted", DELETION_WORDS[sync.policies.deletion]),
        ("Converted", CONVERSION_WORDS[sync.policies.on_convert]),
        ("Schedule", in_words(sync.schedule, zone)),
    ]
    if sync.schedule.after is not None:
        lines.append(("Data", data_words(sync, zone)))
    initiated = None if sync.state is SyncState.QUEUED else sync.initiated
    lines += [("Created", moment(sync.created, zone)), ("Initiated", moment(initiated, zone) or "not yet")]
    none = row.reason if sync.state is SyncState.QUEUED else "none due"
    lines += [("Next run", moment(row.next, zone) or none), ("Last run", _last(row, zone))]
    return lines


def data_words(sync: Sync, zone: ZoneInfo) -> str:
    """From when on data is retrieved, in the zone in which the sync has it; `zone` is the organisation's."""
    own = zone if unknown_zone(sync.schedule) else zone_of(sync.schedule, zone)
    return f"added or modified after {moment(sync.schedule.after, own)} {own.key}"


def selection_words(sync: Sync) -> str:
    """Which records of the module a sync takes."""
    match sync.selection.kind:
        case SelectionKind.ALL:
            return "all records"
        case SelectionKind.VIEW:
            return f'the view "{sync.selection.view_name}"'
        case SelectionKind.CRITERIA:
            return f"where {shown_pattern(sync)}"


def shown_pattern(sync: Sync) -> str:
    """The pattern as people write it."""
    return display(parse(sync.selection.pattern, len(sync.selection.conditions)))


def condition_words(condition: Condition, labels: Mapping[str, str] = {}) -> str:
    """A criteria row in words, its field under what `labels` call it; under its API name where they do not have it."""
    numeric = isinstance(condition.value, (int, float))
    kind = FieldType.DECIMAL if numeric else FieldType.TEXT
    return describe(condition, Field(name=condition.field, label=labels.get(condition.field, condition.field), type=kind))


def _blanks(overwrite: bool) -> str:
    return ", also where it is blank" if overwrite else ""


def _last(row: SyncRow, zone: ZoneInfo) -> str:
    if row.last is None:
        return "none yet"
    run = row.last
    when = moment(run.started, zone)
    if run.result is Result.RUNNING:
        return f"{run.id}, {run.result}, since {when}"
    return f"{run.id}, {run.result}, {when}: {counted(run.counts.total, 'person', 'people')}, {calls_words(run)}"
