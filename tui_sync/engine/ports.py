"""What the engine needs of the world. Adapters in recruit/, hub/ and store/ satisfy these by shape."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from tui_sync.model.errors import PersonError
from tui_sync.model.hub import HubCall, HubList, Member, MemberState
from tui_sync.model.ledger import (
    Bar,
    Cursor,
    Failure,
    FullFetch,
    Intent,
    ListReading,
    Mark,
    Membership,
    PendingRemoval,
    RecordEntry,
)
from tui_sync.model.mapping import HubField
from tui_sync.model.outcomes import Outcome, RunSummary, Status
from tui_sync.model.records import Columns, DeletedRecord, Field, Module, Record, View
from tui_sync.model.sync import Sync


class Clock(Protocol):
    """Time. In the demo organisation *now* is the system's time plus the days advanced."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""


class Monitor(Protocol):
    """What a client tells about its calls, and how it waits: one per run (or per command)."""

    def called(self, api: Literal["recruit", "hub"], credits: int = 0) -> None:
        """One API call is about to be made."""

    async def wait(self, seconds: float, why: str, *, a_look: bool = False) -> None:
        """Wait `seconds`, telling why and until when. Raises Cancelled as soon as the run is cancelled.

        `why` begins with "waiting for" what it is, details follow a colon, and no full stop ends it: the moment is put in.
        With `a_look` the seconds are those to the next look at something whose end nobody knows, and no moment is told.
        """


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which records to list: `since` (aware) asks only for those modified at or after it."""

    module: str
    columns: Columns
    stamp: str
    view_id: str = ""
    converted: bool = False
    since: datetime | None = None


class Page(msgspec.Struct, frozen=True):
    """One page of records; `answered` is the server's own time of the answer (its Date header), aware UTC."""

    records: Sequence[Record]
    answered: datetime


ASSOCIATE_CREDITS = 1
"""API credits of one associate call."""


class Recruit(Protocol):
    """Zoho Recruit. Every method raises RunError subclasses, never httpx's own."""

    async def modules(self) -> tuple[Module, ...]:
        """The modules of people that the connection reports, with those that cannot be synced and why."""

    async def module(self, name: str) -> Module | None:
        """One module of people by its API name, with as few calls as possible; None where there is none."""

    async def fields(self, module: str) -> tuple[Field, ...]:
        """All fields of a module (also Clients and Job_Openings)."""

    async def views(self, module: str) -> tuple[View, ...]:
        """The custom views of a module."""

    def records(self, query: Query) -> AsyncIterator[Page]:
        """All pages to the end, in order, a few prefetched. An empty listing yields one empty page."""

    def deleted(self, module: str, since: datetime | None) -> AsyncIterator[Sequence[DeletedRecord]]:
        """The pages of the deleted list, from `since` (inclusive) on."""

    def associated(self, module: str, record_id: str, columns: Columns) -> AsyncIterator[Page]:
        """Candidates of a job opening, or job openings of a candidate."""

    async def record(self, module: str, record_id: str, columns: Columns) -> Record | None:
        """One record, or None where there is none."""


class Hub(Protocol):
    """Where the mailing lists are."""

    batch: int
    """How many calls `deliver` takes at once."""
    transactional: bool
    """True where its writes join the workspace's own batch, so effect and confirmation are one commit."""
    removal_blocks: bool
    """True where removing from the hub bars the address for good (Do-Not-Mail) instead of deleting the lead."""

    async def lists(self) -> tuple[HubList, ...]:
        """All lists, noted ones included."""

    async def fields(self) -> tuple[HubField, ...]:
        """The lead fields by display name."""

    async def create_list(self, name: str) -> HubList:
        """Create a list, or note it where the hub creates lists only with their first lead."""

    async def create_field(self, name: str, kind: str) -> None:
        """Create a lead field."""

    def members(self, list_key: str, state: MemberState) -> AsyncIterator[Sequence[Member]]:
        """The pages of a list's members in one state. Raises SourceGone when the list is gone."""

    def addresses(self, list_key: str, state: MemberState) -> AsyncIterator[Sequence[str]]:
        """The pages of the addresses alone of a list's members in one state. Raises SourceGone when the list is gone."""

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Make the calls (at most `batch`); one answer each. Raises RunError when the run cannot go on."""


class Ledger(Protocol):
    """The workspace's memory of people."""

    def batch(self) -> AbstractContextManager[object]:
        """All writes within are one durable commit; an exception undoes them."""

    def gathering(self) -> AbstractContextManager[list[Any]]:
        """Writes of the workspace inside are not made but gathered for `commit`. Never await inside."""

    async def commit(self, gathered: Sequence[Any]) -> None:
        """Make gathered writes in one durable commit, while the event loop goes on."""

    def entries(self, sync_id: str, records: Iterable[str]) -> dict[str, RecordEntry]:
        """What the sync knows of these records, by record id."""

    def entries_of(self, emails: Iterable[str]) -> list[RecordEntry]:
        """Every sync's entries that carry one of the addresses."""

    def record_ids(self, sync_id: str) -> Iterator[str]:
        """The ids of all records that the sync has fetched."""

    def knows(self, sync_id: str) -> bool:
        """Whether the sync has fetched anything."""

    def memberships_of(self, emails: Iterable[str]) -> list[Membership]:
        """The memberships of these addresses in all lists."""

    def members(self, list_key: str, emails: Iterable[str]) -> dict[str, Membership]:
        """The memberships of these addresses in one list, by address."""

    def memberships_in(self, list_key: str) -> Iterator[Membership]:
        """The memberships of a list."""

    async def managed(self, sync_id: str, list_key: str) -> int:
        """How many active members of the list the sync may remove."""

    def marks(self, emails: Iterable[str]) -> dict[str, Mark]:
        """The marks of these addresses."""

    def bars(self, emails: Iterable[str] = (), origins: Iterable[str] = ()) -> list[Bar]:
        """Bars on these addresses, and bars set by these records (module/record id)."""

    def pending(self, sync_id: str = "", run_id: str = "") -> list[PendingRemoval]:
        """Withheld removals of a sync or of a run."""

    def failures(self, sync_id: str = "", run_id: str = "") -> list[Failure]:
        """People whose delivery failed."""

    def intents(self, list_key: str) -> list[Intent]:
        """Unconfirmed writes of every sync that feeds the list."""

    def cursor(self, sync_id: str) -> Cursor | None:
        """How far the sync got."""

    def full_fetch(self, sync_id: str) -> FullFetch | None:
        """What asks for a full fetch of the sync, if anything does."""

    def ask_for_all(self, sync_id: str, because: str) -> None:
        """Have the next fetch of the sync be a full one."""

    def reading(self, list_key: str) -> ListReading | None:
        """When the list's active members were read last."""

    def put(self, *documents: object) -> None:
        """Write documents of any ledger type; those with the same key are replaced."""

    def drop(self, *documents: object) -> None:
        """Delete documents of any ledger type."""


class Runs(Protocol):
    """Run history and outcomes."""

    def next_id(self) -> str:
        """The number of the next run."""

    def get(self, run_id: str) -> RunSummary | None:
        """One run."""

    def all(self, sync_id: str = "") -> list[RunSummary]:
        """All runs, or those of one sync, newest first."""

    def unfinished(self, sync_id: str) -> RunSummary | None:
        """The sync's newest run, if it was interrupted (or its process died)."""

    def put(self, run: RunSummary) -> None:
        """Write a run's summary."""

    def add(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Append outcomes to a run."""

    def replace(self, run_id: str, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes in place of those that the run has of the same subjects."""

    def forget(self, run_id: str, statuses: Collection[Status]) -> None:
        """Take back the run's outcomes of these statuses."""

    def withdraw(self, run_id: str, emails: Sequence[str]) -> None:
        """Take back the run's removal outcomes (made or withheld) of these people."""

    def outcomes(self, run_id: str) -> Iterator[Outcome]:
        """A run's outcomes, in the order in which they were added."""


class Syncs(Protocol):
    """Saved definitions."""

    def get(self, sync_id: str) -> Sync | None:
        """One sync, deleted ones included."""

    def all(self) -> list[Sync]:
        """All syncs that are not deleted."""

    def put(self, sync: Sync) -> None:
        """Write one."""


class Locks(Protocol):
    """Locks over all processes of the workspace; a dead holder's lock is taken over."""

    def take(self, name: str, what: str) -> str:
        """Take the lock and give an empty string, or give the sentence that says who holds it."""

    def release(self, name: str) -> None:
        """Give the lock back."""

    def keeps(self, name: str) -> bool:
        """Whether this process still holds the lock; another machine takes over the one of a process that was asleep."""

    def seen(self, name: str) -> datetime | None:
        """When whoever has the lock, alive or dead, gave the last sign of life; None where nobody has it."""

    def beat(self) -> None:
        """Tell the others that this process is alive; cheap, may be called at every step."""


class Connector(Protocol):
    """Opens the two ends of the workspace's connection."""

    def recruit(self, monitor: Monitor) -> Recruit:
        """Recruit, telling its calls to the monitor."""

    def hub(self, monitor: Monitor) -> Hub:
        """The hub, telling its calls to the monitor."""

    async def close(self) -> None:
        """Close what the connection holds open."""


class CallBudget(Protocol):
    """Counts hub calls an endpoint over all processes of the workspace."""

    def reserve(self, endpoint: str, limit: int, window: float) -> float:
        """Count one call now and give 0.0, or give the seconds to wait before asking again."""

    def lock(self, endpoint: str, seconds: float) -> None:
        """The hub has locked the endpoint for that long."""


class ListBook(Protocol):
    """Lists that the workspace has noted and the hub has not created yet, and the keys they got since."""

    def noted(self) -> dict[str, HubList]:
        """Noted lists by their key in the workspace."""

    def note(self, name: str) -> HubList:
        """Note a list by name; the same name gives the same list."""

    def hub_key(self, list_key: str) -> str:
        """The hub's own key for a list of the workspace; empty while it is not created."""

    def created(self, list_key: str, hub_key: str) -> None:
        """The hub has created the noted list under `hub_key`."""


class TokenCache(Protocol):
    """The access token of a connection, shared by all processes of the workspace."""

    def read(self) -> tuple[str, datetime] | None:
        """The token and when it expires (aware UTC)."""

    def write(self, token: str, expires: datetime) -> None:
        """Keep a new token."""


