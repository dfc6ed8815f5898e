"""The ledger on rows: satisfies `engine.ports.Ledger`."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

from tui_sync.model.ledger import (
    Bar,
    Cursor,
    Failure,
    FullFetch,
    Intent,
    ListReading,
    Mark,
    Membership,
    MembershipState,
    PendingRemoval,
    RecordEntry,
    entry_key,
    membership_key,
)
from tui_sync.model.parts import chunks
from tui_sync.model.sync import Policies
from tui_sync.store.rowfile import Statement
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TURN = 500
"""Documents looked at before the event loop gets its turn."""
TABLES = {
    "records": TableSpec(key="key", indexes=("email",)),
    "memberships": TableSpec(key="key", indexes=("list_key",)),
    "marks": TableSpec(key="email"),
    "bars": TableSpec(key="key", indexes=("email", "origin")),
    "pending": TableSpec(key="key", indexes=("sync", "run")),
    "failures": TableSpec(key="key", indexes=("sync", "run")),
    "intents": TableSpec(key="key", indexes=("list_key",)),
    "cursors": TableSpec(key="sync"),
    "full_fetches": TableSpec(key="sync"),
    "readings": TableSpec(key="list_key"),
}


class Ledger:
    """What the workspace remembers of records and people."""

    def __init__(self, db: RowsDB) -> None:
        self._db = db
        self._records = Shelf(db, "records", RecordEntry)
        self._memberships = Shelf(db, "memberships", Membership)
        self._marks = Shelf(db, "marks", Mark)
        self._bars = Shelf(db, "bars", Bar)
        self._pending = Shelf(db, "pending", PendingRemoval)
        self._failures = Shelf(db, "failures", Failure)
        self._intents = Shelf(db, "intents", Intent)
        self._cursors = Shelf(db, "cursors", Cursor)
        self._full_fetches = Shelf(db, "full_fetches", FullFetch)
        self._readings = Shelf(db, "readings", ListReading)
        self._shelves: dict[type, tuple[Shelf[Any], str]] = {
            RecordEntry: (self._records, "key"),
            Membership: (self._memberships, "key"),
            Mark: (self._marks, "email"),
            Bar: (self._bars, "key"),
            PendingRemoval: (self._pending, "key"),
            Failure: (self._failures, "key"),
            Intent: (self._intents, "key"),
            Cursor: (self._cursors, "sync"),
            FullFetch: (self._full_fetches, "sync"),
            ListReading: (self._readings, "list_key"),
        }

    def batch(self) -> AbstractContextManager[object]:
        """All writes within are one durable commit; an exception undoes them."""
        return self._db.batch()

    def gathering(self) -> AbstractContextManager[list[Statement]]:
        """Writes of the workspace inside are gathered for `commit`."""
        return self._db.gathering()

    async def commit(self, gathered: Sequence[Statement]) -> None:
        """Make gathered writes in one durable commit, while the event loop goes on."""
        await self._db.commit(gathered)

    def entries(self, sync_id: str, records: Iterable[str]) -> dict[str, RecordEntry]:
        """What the sync knows of these records, by record id."""
        found = self._records.get_many([entry_key(sync_id, record) for record in records])
        return {entry.record: entry for entry in found.values()}

    def entries_of(self, emails: Iterable[str]) -> list[RecordEntry]:
        """Every sync's entries that carry one of the addresses."""
        return self._records.find_in("email", emails)

    def nameless(self) -> Iterator[RecordEntry]:
        """Every sync's entries whose record names nobody: its address is empty or none."""
        return self._records.find(email="")

    def record_ids(self, sync_id: str) -> Iterator[str]:
        """The ids of all records that the sync has fetched."""
        start = len(entry_key(sync_id, ""))
        return (key[start:] for key in self._records.keys_beginning(entry_key(sync_id, "")))

    def knows(self, sync_id: str) -> bool:
        """Whether the sync has fetched anything."""
        return next(iter(self._records.keys_beginning(entry_key(sync_id, ""), 1)), None) is not None

    def memberships_of(self, emails: Iterable[str]) -> list[Membership]:
        """The memberships of these addresses in all lists."""
        return self._memberships.find_beginning(membership_key("", email) for email in emails)

    def members(self, list_key: str, emails: Iterable[str]) -> dict[str, Membership]:
        """The memberships of these addresses in one list, by address."""
        found = self._memberships.get_many(membership_key(list_key, email) for email in emails)
        return {member.email: member for member in found.values()}

    def set_policies(self, sync_id: str, policies: Policies, keys: Iterable[str]) -> None:
        """Have the memberships of these keys that the sync holds by then store these policies for it. Whatever else is known of
        them stays, also what was learned since they were read."""
        self._memberships.set_part(f'$.by."{sync_id}"[2]', policies, keys)

    def addresses_beginning(self, beginning: str, most: int) -> list[str]:
        """Addresses in any list or of any record that begin with a text, in order; not more than `most` memberships and `most`
        records are looked at."""
        found = self._memberships.get_many(self._memberships.keys_beginning(beginning, most))
        carried = self._records.column_beginning("email", beginning, most)
        return sorted({member.email for member in found.values()}.union(carried))

    def memberships_in(self, list_key: str) -> Iterator[Membership]:
        """The memberships of a list."""
        return self._memberships.find(list_key=list_key)

    async def managed(self, sync_id: str, list_key: str) -> int:
        """How many active members of the list the sync may remove; the event loop goes on meanwhile."""
        number = 0
        for place, member in enumerate(self.memberships_in(list_key)):
            number += member.state is MembershipState.ACTIVE and member.made_by != "" and sync_id in member.by
            if place % TURN == 0:
                await asyncio.sleep(0)
        return number

    def marks(self, emails: Iterable[str]) -> dict[str, Mark]:
        """The marks of these addresses."""
        return self._marks.get_many(emails)

    async def suppress(self, marks: Sequence[Mark], gathered: Sequence[Statement] = ()) -> None:
        """Write that these people are suppressed, and why, in one durable commit beside the event loop, together with what was
        gathered. Whatever else is known of them stays, also what was learned since the marks were read."""
        statements = [*gathered]
        for some in chunks(marks, TURN):
            statements += self._marks.merge_many(some, ("suppressed", "suppressed_at"))
            await asyncio.sleep(0)
        await self._db.commit(statements)

    def suppressed(self) -> Iterator[list[Mark]]:
        """The marks of everybody on the suppression list, some at a time."""
        every = self._marks.all()
        while some := list(islice(every, TURN)):
            yield [mark for mark in some if mark.suppressed]

    def bars(self, emails: Iterable[str] = (), origins: Iterable[str] = ()) -> list[Bar]:
        """Bars on these addresses, and bars set by these records (module/record id); each once."""
        found = self._bars.find_in("email", emails) + self._bars.find_in("origin", origins)
        return list({bar.key: bar for bar in found}.values())

    def pending(self, sync_id: str = "", run_id: str = "") -> list[PendingRemoval]:
        """Journalled and withheld removals of a sync, of a run, or all."""
        return _of(self._pending, sync_id, run_id)

    def pending_of(self, keys: Iterable[str]) -> dict[str, PendingRemoval]:
        """The removals of those keys that are there."""
        return self._pending.get_many(keys)

    def failures(self, sync_id: str = "", run_id: str = "") -> list[Failure]:
        """People whose delivery failed, of a sync, of a run, or of both."""
        return _of(self._failures, sync_id, run_id)

    def intents(self, list_key: str) -> list[Intent]:
        """Writes that are not confirmed, of every sync that feeds the list."""
        return list(self._intents.find(list_key=list_key))

    def cursor(self, sync_id: str) -> Cursor | None:
        """How far the sync got."""
        return self._cursors.get(sync_id)

    def full_fetch(self, sync_id: str) -> FullFetch | None:
        """What asks for a full fetch of the sync, if anything does."""
        return self._full_fetches.get(sync_id)

    def ask_for_all(self, sync_id: str, because: str) -> None:
        """Have the next fetch of the sync be a full one. A sync that has not run yet fetches everything anyway, but a first run
        may be under way."""
        self.put(FullFetch(sync=sync_id, because=because, token=secrets.token_hex(6)))

    def reading(self, list_key: str) -> ListReading | None:
        """When the list's active members were read last."""
        return self._readings.get(list_key)

    def put(self, *documents: object) -> None:
        """Write documents of any ledger type in one commit; those with the same key are replaced."""
        kinds = _by_type(documents)
        with self._db.batch() if len(kinds) > 1 else nullcontext():
            for kind, items in kinds.items():
                self._shelves[kind][0].put_many(items)

    def drop(self, *documents: object) -> None:
        """Delete documents of any ledger type."""
        for kind, items in _by_type(documents).items():
            shelf, key = self._shelves[kind]
            shelf.remove(*(getattr(item, key) for item in items))


def _by_type(documents: Iterable[object]) -> dict[type, list[Any]]:
    kinds: dict[type, list[Any]] = {}
    for document in documents:
        kinds.setdefault(type(document), []).append(document)
    return kinds


def _of(shelf: Shelf[Any], sync_id: str, run_id: str) -> list[Any]:
    if run_id:
        return [item for item in shelf.find(run=run_id) if not sync_id or item.sync == sync_id]
    return list(shelf.find(sync=sync_id) if sync_id else shelf.all())
