"""Recruit as plain lists, and a clock that stands still: the world's side of the engine's stage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tui_sync.engine.ports import Monitor, Page, Query
from tui_sync.model.errors import UsageError
from tui_sync.model.records import Columns, DeletedRecord, Field, FieldType, Module, Record, Value, View

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PER_PAGE = 50

FIELDS = (
    Field(name="Email", label="Email", type=FieldType.EMAIL),
    Field(name="First_Name", label="First Name", type=FieldType.TEXT),
    Field(name="Last_Name", label="Last Name", type=FieldType.TEXT),
    Field(name="City", label="City", type=FieldType.TEXT),
    Field(name="Phone", label="Phone", type=FieldType.PHONE),
    Field(name="Department", label="Department", type=FieldType.PICKLIST),
    Field(name="Experience_in_Years", label="Experience", type=FieldType.INTEGER),
    Field(name="Year_of_Passing", label="Year of Passing", type=FieldType.INTEGER),
    Field(name="Met", label="Met", type=FieldType.DATETIME),
)


class FixedClock:
    """Time that passes only when somebody sleeps, or when the test says so."""

    def __init__(self, now: datetime = START) -> None:
        self.moment = now

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once, after everybody else had a turn."""
        await asyncio.sleep(0)
        self.pass_by(seconds=seconds)

    def pass_by(self, **how_long: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**how_long)


class PlainAccount:
    """The account's side of a connection of a test: nothing is granted and no key is checked."""

    checks_zsc_key = False

    async def scopes(self, monitor: Monitor, *, fresh: bool) -> tuple[str, ...]:
        return ()

    async def try_zsc_key(self, key: str, monitor: Monitor) -> None:
        """Every key will do."""

    def issue_zsc_key(self) -> str:
        raise UsageError("There is no key here.")


def _no_trouble(number: int) -> None:
    """Every page is given."""


@dataclass
class Row:
    """One record of Recruit."""

    module: str
    modified: str
    values: dict[str, Value]
    opted_out: bool = False
    converted: bool = False


@dataclass
class ListedRecruit:
    """Satisfies `engine.ports.Recruit` over dicts. `on_page` is told every page number of a listing and may raise."""

    clock: FixedClock
    rows: dict[str, Row] = field(default_factory=dict)
    trash: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Deleted records: module and moment."""
    views_by_id: dict[str, Callable[[Row], bool]] = field(default_factory=dict)
    on_page: Callable[[int], None] = field(default=_no_trouble)
    queries: list[Query] = field(default_factory=list)
    associations: set[tuple[str, str]] = field(default_factory=set)
    """(opening, candidate)"""
    known: tuple[Field, ...] = FIELDS
    """The fields of every module."""

    def add(
        self, record: str, email: Value, *, module: str = "Candidates", opted_out: bool = False, **values: Value
    ) -> None:
        """A new record, modified now."""
        self.trash.pop(record, None)
        known: dict[str, Value] = {"Email": email, "First_Name": f"F{record}", "City": "Pune", **values}
        self.rows[record] = Row(module, self.clock.now().isoformat(), known, opted_out)

    def edit(
        self, record: str, *, opted_out: bool | None = None, converted: bool | None = None, **values: Value
    ) -> None:
        """Change a record, which counts as modified now."""
        row = self.rows[record]
        row.values.update(values)
        row.opted_out = row.opted_out if opted_out is None else opted_out
        row.converted = row.converted if converted is None else converted
        row.modified = self.clock.now().isoformat()

    def delete(self, *records: str) -> None:
        """Delete records: they appear in the deleted list."""
        for record in records:
            self.report_deleted(record, self.rows.pop(record).module)

    def report_deleted(self, record: str, module: str = "Candidates") -> None:
        """Let the deleted list name a record, whatever the listing says of it."""
        self.trash[record] = (module, self.clock.now())

    async def modules(self) -> tuple[Module, ...]:
        """Candidates and Contacts."""
        return tuple(Module(name=name, label=name) for name in ("Candidates", "Contacts"))

    async def module(self, name: str) -> Module | None:
        """Candidates or Contacts."""
        return next((module for module in await self.modules() if module.name == name), None)

    async def fields(self, module: str) -> tuple[Field, ...]:
        """The same few fields everywhere."""
        return self.known

    async def views(self, module: str) -> tuple[View, ...]:
        """The views of the test."""
        return tuple(View(id=name, name=name) for name in self.views_by_id)

    async def records(self, query: Query) -> AsyncIterator[Page]:
        """The listing in pages of `PER_PAGE`."""
        self.queries.append(query)
        in_view = self.views_by_id.get(query.view_id)
        found = [
            self._record(record, row, query.columns)
            for record, row in self.rows.items()
            if (row.module, row.converted) == (query.module, query.converted)
            and (in_view is None or in_view(row))
            and (query.since is None or datetime.fromisoformat(row.modified) >= query.since)
        ]
        for start in range(0, max(len(found), 1), PER_PAGE):
            self.on_page(start // PER_PAGE + 1)
            yield Page(found[start : start + PER_PAGE], self.clock.now())

    def _record(self, record: str, row: Row, columns: Columns) -> Record:
        values = tuple(row.values.get(name) for name in columns.names)
        return Record(record, row.modified, row.opted_out, row.converted, values)

    async def deleted(self, module: str, since: datetime | None) -> AsyncIterator[Sequence[DeletedRecord]]:
        """The deleted list in one page."""
        yield [
            DeletedRecord(record, at.isoformat())
            for record, (of, at) in self.trash.items()
            if of == module and (since is None or at >= since)
        ]

    async def associated(self, module: str, record_id: str, columns: Columns) -> AsyncIterator[Page]:
        """The other side of the associations of an opening or a candidate."""
        pairs = self.associations if module == "Job_Openings" else {(two, one) for one, two in self.associations}
        found = sorted(other for one, other in pairs if one == record_id and other in self.rows)
        yield Page([self._record(other, self.rows[other], columns) for other in found], self.clock.now())

    async def record(self, module: str, record_id: str, columns: Columns) -> Record | None:
        """One record, or None."""
        row = self.rows.get(record_id)
        return None if row is None or row.module != module else self._record(record_id, row, columns)
