"""A sync: what its saved definition says, and the states it goes through."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from tui_sync.model.records import Value

LONGEST_NAME = 200
"""Characters of a sync's name: it stands in every row, title and log line about the sync."""


class Removal(StrEnum):
    """What a policy does with a person; ordered by strength: keep < remove-from-list < remove-from-hub."""

    KEEP = "keep"
    LIST = "remove-from-list"
    HUB = "remove-from-hub"

    @property
    def strength(self) -> int:
        """0 for keep, 1 for the list, 2 for the whole hub."""
        return (Removal.KEEP, Removal.LIST, Removal.HUB).index(self)


def weaker(first: Removal, second: Removal) -> Removal:
    """The one of two policies that does less: what acts is the weaker of the stored and the current one."""
    return first if first.strength <= second.strength else second


class Policies(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The three policies. `on_delete` follows `on_opt_out` until it is set by itself (None: not set)."""

    on_opt_out: Removal = Removal.KEEP
    on_delete: Removal | None = None
    on_convert: Removal = Removal.KEEP

    @property
    def deletion(self) -> Removal:
        """The policy for records deleted in Recruit that is in force."""
        return self.on_opt_out if self.on_delete is None else self.on_delete

    def weaker(self, current: Policies) -> Policies:
        """What may act on a membership that stored these policies, under the `current` ones."""
        return Policies(
            weaker(self.on_opt_out, current.on_opt_out),
            weaker(self.deletion, current.deletion),
            weaker(self.on_convert, current.on_convert),
        )

    def stricter(self, before: Policies) -> bool:
        """Whether an opt-out or a conversion reaches farther than under the policies of `before`."""
        return self.on_opt_out.strength > before.on_opt_out.strength or self.on_convert.strength > before.on_convert.strength


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One criteria row: a field (`Field` or `Clients.Field`), an operator of its type, and the operand.

    `value` is None for operators without operand, a pair for `between`, the number N for `in the last N days`.
    Dates are ISO strings.
    """

    field: str
    operator: str
    value: Value = None


class SelectionKind(StrEnum):
    """Which records of the module a sync fetches."""

    ALL = "all"
    VIEW = "view"
    CRITERIA = "criteria"


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """All records, a custom view (bound by id), or conditions under a pattern kept in normal form."""

    kind: SelectionKind = SelectionKind.ALL
    view_id: str = ""
    view_name: str = ""
    conditions: tuple[Condition, ...] = ()
    pattern: str = ""


class Frequency(StrEnum):
    """How often a sync is due."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When a sync runs, and from when on data is retrieved.

    `at` is HH:MM in `timezone` (IANA name; empty: the organisation's); empty means the time of initiation.
    `on` is a week day (weekly), `day` 1-31 (monthly). `after`: only data added or modified after it.
    """

    frequency: Frequency = Frequency.ONCE
    on: str = ""
    day: int = 0
    at: str = ""
    timezone: str = ""
    after: datetime | None = None


class MappingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the mapping: hub field `target` from Recruit field `source`.

    A blank source value leaves a filled target alone unless `overwrite_blank` is set.
    """

    target: str
    source: str
    overwrite_blank: bool = False


class SyncState(StrEnum):
    """The life of a sync."""

    DRAFT = "draft"
    QUEUED = "queued"
    ACTIVE = "active"
    INACTIVE = "inactive"
    COMPLETED = "completed"
    BROKEN = "broken"


class Trouble(StrEnum):
    """What keeps a sync from running until somebody mends it; `Sync.reason` is the sentence."""

    MODULE = "module"
    """Recruit has the module no more."""
    VIEW = "view"
    LIST = "list"
    CRITERIA = "criteria"
    """A field of a condition is gone, or of another type."""
    MAPPING = "mapping"
    """A field of the mapping is gone, in Recruit or at the hub."""
    OPT_OUT = "opt_out"
    """The field that tells who opted out is gone, and the policy needs it."""
    PLAN = "plan"
    """The hub's plan takes no more leads."""
    FAILURES = "failures"
    """Too many runs in a row have failed."""


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """A saved definition. `module`, `selection` kind and view, and `list_key` are fixed once it was initiated."""

    id: str
    name: str
    module: str
    """The API name, by which the module is known."""
    module_label: str = ""
    """What people call the module, as Recruit said last; empty in documents from before it was kept."""
    list_key: str
    list_name: str
    selection: Selection = Selection()
    policies: Policies = Policies()
    schedule: Schedule = Schedule()
    mapping: tuple[MappingRow, ...] = ()
    labels: dict[str, str] = {}
    """What people call the Recruit fields that criteria and mapping name, by API name, as Recruit said last; one that is not
    known is missing."""
    state: SyncState = SyncState.DRAFT
    reason: str = ""
    """Why it is broken, or what it waits for; empty otherwise."""
    trouble: Trouble | None = None
    """What is to be mended in a sync that is broken, or that was deactivated by a run."""
    created: datetime
    initiated: datetime | None = None
    """When it was initiated; of a queued one, when that was asked for. None: it never was, and no limit was charged for it."""
    since: datetime | None = None
    """When its schedule was last taken up again or changed: no slot before it was missed, no failure before it counts."""
    deleted: datetime | None = None
    """Deleted syncs stay for the history; listings leave them out."""

    @property
    def module_shown(self) -> str:
        """The module as people call it; its API name where that is all that is known."""
        return self.module_label or self.module

    @property
    def begun(self) -> datetime | None:
        """From when its schedule counts: a one-time one from when it was last taken up or its time changed, any other from its
        initiation. None: it was never initiated."""
        if self.initiated is None or self.since is None or self.schedule.frequency is not Frequency.ONCE:
            return self.initiated
        return max(self.initiated, self.since)

    def field_shown(self, name: str) -> str:
        """A field of Recruit as people call it; its API name where that is all that is known."""
        return self.labels.get(name, name)


def taken_up(before: Sync, after: Sync, now: datetime) -> Sync:
    """`after`, which takes the place of `before`: its slots count from `now` on where it becomes active or its times change."""
    starts = after.state is SyncState.ACTIVE and before.state is not SyncState.ACTIVE
    changed = times_differ(before.schedule, after.schedule)
    return msgspec.structs.replace(after, since=now if starts or changed else before.since)


def times_differ(before: Schedule, after: Schedule) -> bool:
    """Whether one schedule runs at other times than the other; which data it asks for does not matter."""
    return msgspec.structs.replace(before, after=None) != msgspec.structs.replace(after, after=None)
