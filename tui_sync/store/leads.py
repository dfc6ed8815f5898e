"""The embedded hub's leads and members on rows: satisfies `hub.embedded.LeadStore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui_sync.model.hub import EmbeddedHub, Lead, ListMember, member_key
from tui_sync.store.meta import Meta
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {
    "hub_leads": TableSpec(key="email"),
    "hub_members": TableSpec(key="key", indexes=("standing",)),
}
DOCUMENT = "embedded hub"


class LeadRows:
    """Leads by address; members by list and state."""

    def __init__(self, db: RowsDB, meta: Meta) -> None:
        self._meta = meta
        self._leads = Shelf(db, "hub_leads", Lead)
        self._members = Shelf(db, "hub_members", ListMember)

    def hub(self) -> EmbeddedHub | None:
        """The hub's lists and fields; None before the first use."""
        return self._meta.read(DOCUMENT, EmbeddedHub)

    def write_hub(self, hub: EmbeddedHub) -> None:
        """Keep the hub's lists and fields."""
        self._meta.write(DOCUMENT, hub)

    def leads(self, emails: Iterable[str]) -> dict[str, Lead]:
        """The leads of these addresses."""
        return self._leads.get_many(emails)

    def put_leads(self, leads: Iterable[Lead]) -> None:
        """Write leads."""
        self._leads.put_many(leads)

    def put_members(self, members: Iterable[ListMember]) -> None:
        """Write members."""
        self._members.put_many(members)

    def delete(self, email: str) -> None:
        """Delete a lead and all its places in lists."""
        hub = self.hub()
        self._leads.remove(email)
        self._members.remove(*(member_key(list_key, email) for list_key in (hub.lists if hub else ())))

    def members(self, standing: str) -> Iterator[ListMember]:
        """The members with that list and state."""
        return self._members.find(standing=standing)

    def count(self, standing: str) -> int:
        """How many members have that list and state."""
        return self._members.count(standing=standing)
