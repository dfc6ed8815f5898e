"""A stage for engine tests: a real workspace with the embedded hub, a Recruit of plain lists, a clock that stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tests.engine.listed import FixedClock, ListedRecruit, PlainAccount
from tui_sync.engine.control import Control
from tui_sync.engine.ports import Hub, Monitor, Recruit
from tui_sync.hub.embedded import Embedded
from tui_sync.model.errors import PersonError
from tui_sync.model.events import Event
from tui_sync.model.hub import HubCall, MemberState
from tui_sync.model.outcomes import Reason, RunSummary, Status
from tui_sync.model.sync import (
    Frequency,
    MappingRow,
    Policies,
    Removal,
    Schedule,
    Selection,
    Sync,
    SyncState,
)
from tui_sync.model.workspace import Settings
from tui_sync.services import people, running
from tui_sync.services.desk import Desk
from tui_sync.store.dump import dump as write_dump
from tui_sync.store.leads import LeadRows
from tui_sync.store.workspace import TRANSIENT, Workspace

KEEP, LIST, HUB = Removal.KEEP, Removal.LIST, Removal.HUB
MAPPING = (
    MappingRow(target="Lead Email", source="Email"),
    MappingRow(target="First Name", source="First_Name"),
    MappingRow(target="City", source="City"),
)
REMOVALS = (Status.DELETED, Status.WITHHELD)

T = TypeVar("T")


class WatchedHub(Embedded):
    """The embedded hub, with every write on record."""

    def __init__(self, store: LeadRows, monitor: Monitor, writes: list[HubCall]) -> None:
        super().__init__(store, monitor)
        self._writes = writes

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Make the calls and note them."""
        self._writes.extend(calls)
        return await super().deliver(calls)


class Ends(PlainAccount):
    """The two ends of the stage's connection."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def recruit(self, monitor: Monitor) -> Recruit:
        """The lists."""
        return self._stage.recruit

    def hub(self, monitor: Monitor) -> Hub:
        """The embedded hub, or what the test put in its place."""
        return self._stage.open_hub(monitor)

    async def close(self) -> None:
        """Nothing is open."""


class Stage:
    """One workspace, one Recruit, and shorthands for what tests do with them. Syncs run daily unless said otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock()
        self.space = Workspace(folder, self.clock)
        self.space.meta.write("settings", Settings(timezone="Asia/Kolkata"))
        self.recruit = ListedRecruit(self.clock)
        self.events: list[Event] = []
        self.writes: list[HubCall] = []
        self.open_hub: Callable[[Monitor], Hub] = lambda monitor: WatchedHub(self.space.leads, monitor, self.writes)
        self.desk = Desk(self.space, self.clock, lambda: Ends(self), "test")
        self._loop = asyncio.Runner()

    def close(self) -> None:
        """Close the workspace and the event loop."""
        self._loop.close()
        self.space.close()

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine comes to."""
        return self._loop.run(work)

    def people(self, count: int, first: int = 1) -> list[str]:
        """Add so many candidates, `p1@zylker.com` and so on; gives their record ids."""
        records = [str(number) for number in range(first, first + count)]
        for record in records:
            self.recruit.add(record, email_of(record))
        return records

    def sync(
        self,
        name: str,
        list_name: str = "Zylker",
        *,
        module: str = "Candidates",
        on_opt_out: Removal = KEEP,
        on_delete: Removal | None = None,
        on_convert: Removal = KEEP,
        selection: Selection | None = None,
        frequency: Frequency = Frequency.DAILY,
        after: datetime | None = None,
    ) -> Sync:
        """An active sync."""
        mailing = self.wait_for(Embedded(self.space.leads, self.control()).create_list(list_name))
        now = self.clock.now()
        sync = Sync(
            id=name, name=name, module=module, list_key=mailing.key, list_name=list_name, mapping=MAPPING,
            policies=Policies(on_opt_out, on_delete, on_convert), selection=selection or Selection(),
            schedule=Schedule(frequency=frequency, after=after), state=SyncState.ACTIVE, created=now, initiated=now,
        )  # fmt: skip
        self.space.syncs.put(sync)
        return sync

    def change(self, name: str, **what: Any) -> None:  # noqa: ANN401 - any attribute of a sync
        """Edit a sync."""
        self.space.syncs.put(msgspec.structs.replace(self.desk.sync(name), **what))

    def control(self) -> Control:
        """A control whose events the stage keeps."""
        return running.control(self.desk, self.events.append)

    def run(self, name: str, *, full: bool = False, control: Control | None = None) -> RunSummary:
        """Run a sync to its end, twenty minutes after whatever was before."""
        self.clock.pass_by(minutes=20)
        return self.wait_for(running.start(self.desk, name, control or self.control(), full=full))

    def preview(self, name: str, *, full: bool = False) -> running.Preview:
        """Run it dry, at the moment at which `run` would start."""
        return self.wait_for(running.preview(self.desk, name, self.control(), full=full))

    def approve(self, run: RunSummary) -> RunSummary:
        """Approve the withheld removals of a run."""
        return self.wait_for(running.approve(self.desk, run.id, self.control()))

    def retry(self, run: RunSummary) -> RunSummary:
        """Retry the failed people of a run."""
        return self.wait_for(running.retry(self.desk, run.id, self.control()))

    def remove(self, email: str, list_name: str = "Zylker") -> None:
        """Take somebody out of a list by hand."""
        self.wait_for(people.remove(self.desk, email, list_name))

    def decisions(self, run: RunSummary) -> dict[str, tuple[Status, Reason | None]]:
        """Record -> what the run decided, apart from removals."""
        told = running.outcomes(self.desk, run.id)
        return {o.record_id: (o.status, o.reason) for o in told if o.status not in REMOVALS}

    def details(self, run: RunSummary) -> dict[str, str | None]:
        """Record -> the sentence of the run's decision."""
        told = running.outcomes(self.desk, run.id)
        return {o.record_id: o.detail for o in told if o.status not in REMOVALS}

    def removals(self, run: RunSummary, status: Status = Status.DELETED) -> dict[str, str]:
        """Record -> the cause of the removal that the run made (or withheld)."""
        return {o.record_id: str(o.cause) for o in running.outcomes(self.desk, run.id) if o.status is status}

    def members(self, list_name: str = "Zylker", state: MemberState = MemberState.ACTIVE) -> set[str]:
        """The people of a list at the hub, by their local part."""

        async def read() -> set[str]:
            hub = Embedded(self.space.leads, self.control())
            key = next(known.key for known in await hub.lists() if known.name == list_name)
            return {m.email.partition("@")[0] async for page in hub.members(key, state) for m in page}

        return self.wait_for(read())

    def lead(self, email: str) -> dict[str, str] | None:
        """The fields of a lead at the hub; None where there is none."""
        found = self.space.leads.leads([email]).get(email)
        return None if found is None else found.fields

    def dump(self) -> dict[str, dict[str, Any]]:
        """The whole workspace, by table."""
        path = self.folder / "dump.json"
        write_dump(self.space.db, path, without=TRANSIENT)
        tables: dict[str, dict[str, Any]] = msgspec.json.decode(path.read_bytes())
        return tables


def email_of(record: str) -> str:
    """The address of a record that `Stage.people` made."""
    return f"p{record}@zylker.com"


def reconciled(run: RunSummary) -> bool:
    """Whether the counts of a run add up: Total over the statuses, Ignored over the reasons."""
    counts, ignored = run.counts, msgspec.structs.asdict(run.ignored)
    total = counts.new + counts.re_added + counts.duplicate + counts.ignored
    return counts.total == total and counts.ignored == sum(ignored.values())
