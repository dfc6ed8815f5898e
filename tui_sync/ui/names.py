"""The names of the people in outcomes: asked for a page of rows at a time, each once."""

from __future__ import annotations

from collections.abc import Sequence

from tui_sync.model.outcomes import Outcome
from tui_sync.model.text import visible
from tui_sync.services import people
from tui_sync.services.desk import Desk


class Names:
    """Who the people of one sync's outcomes are, harmless to show. An outcome of somebody ignored carries the name itself;
    of the others the ledger has it."""

    def __init__(self, desk: Desk, sync_id: str) -> None:
        self._desk, self._sync_id = desk, sync_id
        self._known: dict[str, str] = {}

    def of(self, outcome: Outcome) -> str:
        """The name, as far as it was fetched; empty where nobody knows it."""
        return visible(outcome.name) if outcome.name else self._known.get(outcome.record_id, "")

    @property
    def known(self) -> int:
        """How many were looked up so far."""
        return len(self._known)

    def fetch(self, outcomes: Sequence[Outcome]) -> None:
        """Look up those that are not known yet, in one go."""
        lacking = [one.record_id for one in outcomes if not one.name and one.record_id not in self._known]
        if lacking:
            found = people.names(self._desk, self._sync_id, lacking)
            self._known.update((record, found.get(record, "")) for record in lacking)

    def forget(self) -> None:
        """Ask anew: a run may have brought other names."""
        self._known.clear()
