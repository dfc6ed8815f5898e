"""The embedded hub: mailing lists kept in the workspace. Satisfies `engine.ports.Hub`."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby, islice
from typing import Protocol

from tui_sync.engine.ports import Monitor
from tui_sync.model.errors import PersonError, SourceGone, UsageError
from tui_sync.model.hub import (
    EmbeddedHub,
    HubCall,
    HubList,
    Lead,
    Member,
    MemberState,
    Remove,
    Subscribe,
    Unsubscribe,
    standing,
)
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL, HubField
from tui_sync.model.sync import Trouble
from tui_sync.model.text import visible

PAGE = 500
FIELDS = {FIRST_NAME: "Text", LAST_NAME: "Text", "City": "Text", "Phone": "Phone"}
"""The fields a new embedded hub has beside the address, with their kinds."""


class LeadStore(Protocol):
    """Where the embedded hub keeps its leads."""

    def batch(self) -> AbstractContextManager[None]:
        """All reads and writes inside are one commit."""

    def hub(self) -> EmbeddedHub | None:
        """The hub's lists and fields; None before the first use."""

    def write_hub(self, hub: EmbeddedHub) -> None:
        """Keep the hub's lists and fields."""

    def leads(self, emails: Iterable[str]) -> dict[str, Lead]:
        """The leads of these addresses."""

    def put_leads(self, leads: Iterable[Lead]) -> None:
        """Write leads."""

    def delete(self, email: str) -> None:
        """Delete a lead."""

    def members(self, list_key: str, state: MemberState) -> Iterator[Lead]:
        """The leads with this state in the list."""

    def addresses(self, list_key: str, state: MemberState) -> Iterator[str]:
        """The addresses of the leads with this state in the list."""

    def count(self, list_key: str, state: MemberState) -> int:
        """How many leads have this state in the list."""


class Embedded:
    """Mailing lists in the workspace itself; what it does joins the workspace's own commit."""

    batch = 1000
    transactional = True
    removal_blocks = False

    def __init__(self, store: LeadStore, monitor: Monitor) -> None:
        self._store, self._monitor = store, monitor

    def _hub(self) -> EmbeddedHub:
        return self._store.hub() or EmbeddedHub({}, FIELDS)

    async def lists(self) -> tuple[HubList, ...]:
        """All lists, by name."""
        count = self._store.count
        return tuple(
            HubList(
                key=key,
                name=name,
                members=count(key, MemberState.ACTIVE),
                unsubscribed=count(key, MemberState.UNSUBSCRIBED),
            )
            for key, name in sorted(self._hub().lists.items(), key=lambda item: item[1].casefold())
        )

    async def fields(self) -> tuple[HubField, ...]:
        """The lead fields."""
        return tuple(
            HubField(name=name, kind=kind) for name, kind in {LEAD_EMAIL: "Email", **self._hub().fields}.items()
        )

    async def create_list(self, name: str) -> HubList:
        """Create an empty list; a name that exists gives that list."""
        with self._store.batch():
            hub = self._hub()
            for key, known in hub.lists.items():
                if known == name:
                    return HubList(key=key, name=name)
            key = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
            self._store.write_hub(EmbeddedHub({**hub.lists, key: name}, hub.fields))
        return HubList(key=key, name=name)

    async def create_field(self, name: str, kind: str) -> None:
        """Create a lead field. Raises UsageError where one of that name exists."""
        with self._store.batch():
            hub = self._hub()
            if name == LEAD_EMAIL or name in hub.fields:
                raise UsageError(f'The hub has a field "{visible(name)}" already.')
            self._store.write_hub(EmbeddedHub(hub.lists, {**hub.fields, name: kind}))

    async def members(self, list_key: str, state: MemberState) -> AsyncIterator[Sequence[Member]]:
        """The pages of a list's members in one state."""
        self._known(list_key)
        found = self._store.members(list_key, state)
        while page := list(islice(found, PAGE)):
            yield [
                Member(lead.email, lead.fields.get(FIRST_NAME, ""), lead.fields.get(LAST_NAME, ""), lead.fields) for lead in page
            ]

    async def addresses(self, list_key: str, state: MemberState) -> AsyncIterator[Sequence[str]]:
        """The pages of the addresses alone of a list's members in one state."""
        self._known(list_key)
        found = self._store.addresses(list_key, state)
        while page := list(islice(found, PAGE)):
            yield page

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Make the calls at once; never suspends, so it may stand within a commit."""
        self._monitor.called("hub")
        for list_key in {call.list_key for call in calls if not isinstance(call, Remove)}:
            self._known(list_key)
        for kind, alike in groupby(calls, type):
            if kind is Subscribe:
                self._subscribe([call for call in alike if isinstance(call, Subscribe)])
            else:
                self._take_out(alike)
        return [None] * len(calls)

    def _take_out(self, calls: Iterable[HubCall]) -> None:
        for call in calls:
            if isinstance(call, Unsubscribe):
                lead = self._store.leads([call.email]).get(call.email, Lead(call.email, {}))
                placed = lead.placed(call.list_key, MemberState.UNSUBSCRIBED)
                self._store.put_leads([Lead(lead.email, lead.fields, placed)])
            else:
                self._store.delete(call.email)

    def _subscribe(self, calls: Sequence[Subscribe]) -> None:
        known = self._store.leads([call.email for call in calls])
        first = {key: standing(key, MemberState.ACTIVE) for key in {call.list_key for call in calls}}
        for call in calls:
            old = known.get(call.email)
            if old is None:
                known[call.email] = Lead(call.email, call.fields, first[call.list_key])
            else:
                placed = old.placed(call.list_key, MemberState.ACTIVE)
                known[call.email] = Lead(call.email, {**old.fields, **call.fields}, placed)
        self._store.put_leads(known.values())

    def _known(self, list_key: str) -> None:
        if list_key not in self._hub().lists:
            raise SourceGone("The list of the sync is no longer at the hub.", "See: tui-sync lists", trouble=Trouble.LIST)
