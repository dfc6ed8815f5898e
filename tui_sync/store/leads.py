"""The embedded hub's leads on rows: satisfies `hub.embedded.LeadStore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager

from tui_sync.model.hub import EmbeddedHub, Lead, MemberState, standing
from tui_sync.store.meta import Meta
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"hub_leads": TableSpec(key="email", indexes=("standing",))}
DOCUMENT = "embedded hub"


class LeadRows:
    """Leads by address and by standing: most share a few standings, so a list is found by the standings that name it."""

    def __init__(self, db: RowsDB, meta: Meta) -> None:
        self._db, self._meta = db, meta
        self._leads = Shelf(db, "hub_leads", Lead)

    def batch(self) -> AbstractContextManager[None]:
        """All reads and writes inside are one commit."""
        return self._db.batch()

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

    def delete(self, email: str) -> None:
        """Delete a lead."""
        self._leads.remove(email)

    def members(self, list_key: str, state: MemberState) -> Iterator[Lead]:
        """The leads with this state in the list."""
        for value in self._standings(list_key, state):
            yield from self._leads.find(standing=value)

    def addresses(self, list_key: str, state: MemberState) -> Iterator[str]:
        """The addresses of the leads with this state in the list."""
        for value in self._standings(list_key, state):
            yield from self._leads.values("email", standing=value)

    def count(self, list_key: str, state: MemberState) -> int:
        """How many leads have this state in the list."""
        return sum(self._leads.count(standing=value) for value in self._standings(list_key, state))

    def _standings(self, list_key: str, state: MemberState) -> list[str]:
        word = standing(list_key, state)
        return [value for value in self._leads.distinct("standing") if word in value.split()]
