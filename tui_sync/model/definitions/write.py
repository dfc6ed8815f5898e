"""Syncs as a definition file: what `parse` and `resolve` read back is the same again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import tomli_w

from tui_sync.model.criteria import pattern
from tui_sync.model.records import Value
from tui_sync.model.sync import Condition, Frequency, MappingRow, Removal, SelectionKind, Sync, SyncState
from tui_sync.model.text import visible

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def render(syncs: Iterable[Sync], zone: str) -> str:
    """A definition file of the syncs, in their order; `zone` is the organisation's, named in the first line.

    Defaults are left out, drafts carry `initiate = false`, patterns are in display form. States, ids and stamps of
    creation are no part of a definition.
    """
    header = f"# Without a timezone of its own a sync is in {visible(zone)}.\n"
    return "\n".join([header, *map(_table, syncs)])


def written(sync: Sync) -> dict[str, str]:
    """The keys of a sync's `[[sync]]` table in the order of the file, without defaults and mapping, as TOML values."""
    selection, policies, schedule = sync.selection, sync.policies, sync.schedule
    criteria = selection.kind is SelectionKind.CRITERIA
    rows = "".join(f"  {condition_text(condition)},\n" for condition in selection.conditions)
    values: dict[str, Value | datetime] = {
        "select": _unless(SelectionKind.ALL, selection.kind),
        "view": selection.view_name or None,
        "conditions": None,
        "pattern": (pattern_text(sync) or None) if criteria else None,
        "list": sync.list_name,
        "on_opt_out": _unless(Removal.KEEP, policies.on_opt_out),
        "on_delete": policies.on_delete and policies.on_delete.value,
        "on_convert": _unless(Removal.KEEP, policies.on_convert),
        "frequency": _unless(Frequency.ONCE, schedule.frequency),
        "on": schedule.on or None,
        "day": schedule.day or None,
        "at": schedule.at or None,
        "timezone": schedule.timezone or None,
        "after": schedule.after,
        "initiate": False if sync.state is SyncState.DRAFT else None,
    }
    keys = {"name": literal(sync.name), "module": literal(sync.module)}
    for key, value in values.items():
        if key == "conditions" and criteria:
            keys[key] = f"[\n{rows}]"
        elif value is not None:
            keys[key] = literal(value)
    return keys


def _unless(default: StrEnum, value: StrEnum) -> str | None:
    """The text of a value, None for the default."""
    return None if value is default else value.value


def default_pattern(rows: int) -> pattern.Node:
    """The pattern of a definition without one: all rows joined by `and`, from the left."""
    connectors: list[pattern.Operator] = ["and" for _ in range(rows - 1)]
    return pattern.default(connectors)


def pattern_text(sync: Sync) -> str:
    """The pattern in display form; "" where it is the default one."""
    rows = len(sync.selection.conditions)
    node = pattern.parse(sync.selection.pattern, rows)
    return "" if node == default_pattern(rows) else pattern.display(node)


def condition_text(condition: Condition) -> str:
    """A criteria row as an inline table."""
    pairs: dict[str, Value] = {"field": condition.field, "operator": condition.operator}
    if condition.value is not None:
        pairs["value"] = condition.value
    return _inline(pairs)


def source_text(row: MappingRow) -> str:
    """The right side of a mapping row: the field, or an inline table where blanks overwrite."""
    if row.overwrite_blank:
        return _inline({"field": row.source, "blank": "overwrite"})
    return literal(row.source)


def key_text(key: str) -> str:
    """A key, in quotes where TOML wants them."""
    return key if _BARE.fullmatch(key) else literal(key)


def literal(value: Value | datetime) -> str:
    """A value as TOML writes it, on one line; what hides or steers in a text stands as an escape, which means the same."""
    if isinstance(value, tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "".join(map(_shown, tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")))


def _shown(char: str) -> str:
    """A character of a value; one that would not be seen, or would act on a terminal, as TOML's escape."""
    if visible(char) == char or unicodedata.category(char)[0] == "M":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _inline(pairs: Mapping[str, Value]) -> str:
    return f"{{ {', '.join(f'{key_text(key)} = {literal(value)}' for key, value in pairs.items())} }}"


def _table(sync: Sync) -> str:
    lines = ["[[sync]]", *(f"{key} = {value}" for key, value in written(sync).items()), "[sync.mapping]"]
    lines += [f"{key_text(row.target)} = {source_text(row)}" for row in sync.mapping]
    return "\n".join(lines) + "\n"
