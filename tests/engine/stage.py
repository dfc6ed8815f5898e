"""A stage for engine tests: a real workspace with the embedded hub, and a Recruit of plain Python lists."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tui_sync.engine.control import Control
from tui_sync.engine.ports import Hub, Monitor, Page, Query, Recruit
from tui_sync.engine.run import Run, World
from tui_sync.hub.embedded import Embedded
from tui_sync.model.addresses import AddressRules
from tui_sync.model.events import Event
from tui_sync.model.outcomes import Outcome, RunSummary
from tui_sync.model.records import Columns, DeletedRecord, Field, FieldType, Module, Record, Scalar, Value, View
from tui_sync.model.sync import MappingRow, Policies, Selection, Sync, SyncState
from tui_sync.store.workspace import Workspace

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

FIELDS = (
    Field(name="Email", label="Email", type=FieldType.EMAIL),
    Field(name="First_Name", label="First Name", type=FieldType.TEXT),
    Field(name="Last_Name", label="Last Name", type=FieldType.TEXT),
    Field(name="City", label="City", type=FieldType.TEXT),
)
MAPPING = (
    MappingRow(target="Lead Email", source="Email"),
    MappingRow(target="First Name", source="First_Name"),
    MappingRow(target="City", source="City"),
)


class FixedClock:
    """Time that passes only when somebody sleeps, or when the test says so."""

    def __init__(self, now: datetime = START) -> None:
        self.moment = now

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.pass_by(seconds=seconds)

    def pass_by(self, **how_long: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**how_long)


class ListedRecruit:
    """Recruit over a dict of records, with a page hook by which a test can make it fail."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.rows: dict[str, dict[str, Scalar]] = {}
        self.trash: dict[str, datetime] = {}
        self.views_of: dict[str, Callable[[dict[str, Scalar]], bool]] = {}
        self.on_page: Callable[[int], None] = lambda number: None
        self.queries: list[Query] = []

    def put(self, record: str, email: Value, **values: Scalar) -> None:
        """Add or edit a record; it counts as modified now."""
        old = self.rows.get(record, {"First_Name": f"F{record}", "City": "Pune", "$opted": False, "$converted": False})
        self.rows[record] = {**old, "Email": email, **values, "$modified": self.clock.now().isoformat()}  # type: ignore[dict-item]
        self.trash.pop(record, None)

    def edit(self, record: str, **values: Scalar) -> None:
        """Edit a record without touching its address."""
        self.put(record, self.rows[record]["Email"], **values)

    def delete(self, *records: str) -> None:
        """Delete records: they appear in the deleted list."""
        for record in records:
            del self.rows[record]
            self.trash[record] = self.clock.now()

    async def modules(self) -> tuple[Module, ...]:
        return tuple(Module(name=n, label=n) for n in ("Candidates", "Contacts"))

    async def fields(self, module: str) -> tuple[Field, ...]:
        return FIELDS

    async def views(self, module: str) -> tuple[View, ...]:
        return tuple(View(id=name, name=name) for name in self.views_of)

    async def records(self, query: Query) -> AsyncIterator[Page]:
        self.queries.append(query)
        wanted = self.views_of.get(query.view_id, lambda row: True)
        found = [
            self._record(record, row, query.columns)
            for record, row in sorted(self.rows.items())
            if bool(row["$converted"]) == query.converted
            and wanted(row)
            and (query.since is None or datetime.fromisoformat(str(row["$modified"])) >= query.since)
        ]
        for start in range(0, max(len(found), 1), 50):
            self.on_page(start // 50 + 1)
            yield Page(found[start : start + 50], self.clock.now())

    def _record(self, record: str, row: dict[str, Scalar], columns: Columns) -> Record:
        values = tuple(row.get(name) for name in columns.names)
        return Record(record, str(row["$modified"]), bool(row["$opted"]), bool(row["$converted"]), values)

    async def deleted(self, module: str, since: datetime | None) -> AsyncIterator[Sequence[DeletedRecord]]:
        yield [DeletedRecord(r, at.isoformat()) for r, at in self.trash.items() if since is None or at >= since]

    async def associated(self, module: str, record_id: str, columns: Columns) -> AsyncIterator[Page]:
        raise NotImplementedError
        yield

    async def record(self, module: str, record_id: str, columns: Columns) -> Record | None:
        row = self.rows.get(record_id)
        return None if row is None else self._record(record_id, row, columns)


class Ends:
    """The two ends of the stage's connection."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def recruit(self, monitor: Monitor) -> Recruit:
        return self.stage.recruit

    def hub(self, monitor: Monitor) -> Hub:
        return self.stage.open_hub(monitor)


class Stage:
    """One workspace, one Recruit, and shorthands for what tests do with them."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        self.space = Workspace(folder, self.clock)
        self.recruit = ListedRecruit(self.clock)
        self.events: list[Event] = []
        self.open_hub: Callable[[Monitor], Hub] = lambda monitor: Embedded(self.space.leads, monitor)
        self.world = World(
            ledger=self.space.ledger, runs=self.space.runs, syncs=self.space.syncs, locks=self.space.locks,
            clock=self.clock, connect=Ends(self), addresses=AddressRules(), zone=ZoneInfo("Asia/Kolkata"),
        )  # fmt: skip

    async def sync(self, name: str, list_name: str = "Zylker", module: str = "Candidates", **more: object) -> Sync:
        """An active sync; policies and selection may be given."""
        mailing = await Embedded(self.space.leads, self.control()).create_list(list_name)
        sync = Sync(
            id=name, name=name, module=module, list_key=mailing.key, list_name=list_name, mapping=MAPPING,
            state=SyncState.ACTIVE, created=self.clock.now(), initiated=self.clock.now(), **more,  # type: ignore[arg-type]
        )  # fmt: skip
        self.space.syncs.put(sync)
        return sync

    def control(self) -> Control:
        return Control(self.clock, self.events.append)

    async def run(self, name: str, *, full: bool = False) -> RunSummary:
        """Run a sync to its end, a minute later."""
        self.clock.pass_by(minutes=20)
        sync = self.space.syncs.get(name)
        assert sync is not None
        return await Run(self.world, sync, self.control()).execute(full=full)

    def outcomes(self, run: RunSummary) -> dict[str, tuple[str, str | None]]:
        """Record -> (status, reason or cause) of the run's decisions and removals; removals under `record-`."""
        return {
            o.record_id + ("-" if o.cause else ""): (o.status.value, o.reason or o.cause)
            for o in self.space.runs.outcomes(run.id)
        }

    async def members(self, list_name: str = "Zylker") -> set[str]:
        """The active members of a list at the hub."""
        hub = Embedded(self.space.leads, self.control())
        key = next(known.key for known in await hub.lists() if known.name == list_name)
        from tui_sync.model.hub import MemberState

        return {m.email async for page in hub.members(key, MemberState.ACTIVE) for m in page}


__all__ = ["MAPPING", "START", "Outcome", "Policies", "Selection", "Stage"]
