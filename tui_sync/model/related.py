"""Related modules: which there are for a module of people, the names of their fields, and what is joined to a record.

A field of a related module is named `Clients.Industry` in definitions. Of each person it holds the values of all related
records, one after the other, so that the tests of criteria need not know where a value comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tui_sync.model.criteria.values import is_missing
from tui_sync.model.records import LOOKUP_ID, Field, Record, Scalar, Value
from tui_sync.model.sync import Condition, SelectionKind, Sync

CLIENTS, OPENINGS = "Clients", "Job_Openings"
LABELS = {CLIENTS: "Clients", OPENINGS: "Job Openings"}
"""How the related modules are written for people."""
RELATED: Mapping[str, tuple[str, ...]] = {"Contacts": (CLIENTS, OPENINGS), "Candidates": (OPENINGS,)}
"""The related modules whose fields the criteria of a module may name."""

CLIENT_OF_CONTACT = f"Client_Name{LOOKUP_ID}"
"""The column of a contact with the id of its client."""
CONTACT_OF_OPENING = f"Contact_Name{LOOKUP_ID}"
"""The column of a job opening with the id of the contact who asked for it."""


def why_not(module: str, related: str) -> str:
    """Why the criteria of a module cannot use a related one, a sentence; empty where they can."""
    possible = RELATED.get(module, ())
    if related in possible:
        return ""
    if not possible:
        return f"Recruit ties {LABELS[related]} to people, not to a custom module. Use fields of the module itself."
    return f"Recruit ties {LABELS[related]} to Contacts, not to {module}. Make a sync of Contacts for them."


def module_of(name: str) -> str:
    """The related module of a field's name; empty for a field of the module itself."""
    return name.rpartition(".")[0]


def modules_of(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The related modules that conditions name, each once, in the order of `LABELS`."""
    named = {module_of(condition.field) for condition in conditions}
    return tuple(module for module in LABELS if module in named)


def rows_of(sync: Sync) -> tuple[Condition, ...]:
    """The rows that a run of the sync looks at."""
    return sync.selection.conditions if sync.selection.kind is SelectionKind.CRITERIA else ()


def related_modules(sync: Sync) -> tuple[str, ...]:
    """The related modules whose records a run of the sync needs."""
    return modules_of(rows_of(sync))


def named(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The related fields that conditions name, each once, those of one module together."""
    names = dict.fromkeys(condition.field for condition in conditions if module_of(condition.field))
    return tuple(sorted(names, key=lambda name: list(LABELS).index(module_of(name)) if module_of(name) in LABELS else -1))


def prefixed(module: str, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Fields of a related module under the names and labels that they have in criteria."""
    replace = msgspec.structs.replace
    return tuple(replace(f, name=f"{module}.{f.name}", label=f"{LABELS[module]}: {f.label}") for f in fields)


def flattened(values: Iterable[Value]) -> tuple[Scalar, ...]:
    """One field of several related records as one value: the parts of a multi-select each on its own, one that is
    empty as None, so that `is empty` finds it."""
    flat: list[Scalar] = []
    for value in values:
        if isinstance(value, (tuple, list)):
            flat += [part for part in value if not is_missing(part)] or [None]
        else:
            flat.append(value)
    return tuple(flat)


class Joined:
    """One related module joined to people, by their id or by the value at `place` of their record."""

    def __init__(self, fields: int, place: int | None = None, known: Mapping[str, tuple[Value, ...]] = {}) -> None:
        self._place, self._nothing = place, ((),) * fields
        self._known: dict[str, tuple[Value, ...]] = dict(known)

    def put(self, key: str, records: Sequence[Sequence[Value]]) -> None:
        """Join these related records, each with the values of the joined fields, to a key."""
        if records:
            self._known[key] = tuple(map(flattened, zip(*records, strict=True)))

    def of(self, record: Record) -> tuple[Value, ...]:
        """The values of the joined fields for one person; nothing related gives empty ones."""
        key = record.id if self._place is None else record.values[self._place]
        return self._known.get(key, self._nothing) if isinstance(key, str) else self._nothing


class Related:
    """Everything that is joined to the people of a fetch. `names` are the fields in the order of `of`."""

    def __init__(self, names: tuple[str, ...], parts: Sequence[Joined], told: str = "") -> None:
        self.names, self.told = names, told
        """`told`: what was read for it, in a sentence with calls and credits."""
        self._parts = parts

    def of(self, record: Record) -> tuple[Value, ...]:
        """The values of the related fields for one person."""
        if len(self._parts) == 1:
            return self._parts[0].of(record)
        return tuple(value for part in self._parts for value in part.of(record))
