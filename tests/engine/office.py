"""The second stage: a demo workspace, so the real clients over the simulated Recruit and Marketing Automation.

Its syncs select only the people whom the test adds. Every write at the hub is on record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

import httpx
import msgspec
import tomli_w

from tui_sync import bootstrap
from tui_sync.demonstration import DemoConnector
from tui_sync.engine.control import Control
from tui_sync.model.events import Event
from tui_sync.model.outcomes import Reason, RunSummary, Status
from tui_sync.services import catalogue, definitions, running
from tui_sync.simulator import Fault, Organisation
from tui_sync.simulator.schema import CANDIDATES, CONTACTS, ModuleSpec

SUBSCRIBE, UNSUBSCRIBE, DO_NOT_MAIL = "json/listsubscribe", "json/listunsubscribe", "json/leaddonotmail"
NEW_LIST = "addlistandleads"
WRITES = (SUBSCRIBE, UNSUBSCRIBE, DO_NOT_MAIL, NEW_LIST)
MARKERS = {"Candidates": "Current_Employer", "Contacts": "Job_Title"}
"""The field by which a sync of the test selects its own people."""
MINE = "On stage"
MAPPING = {
    "Candidates": {"Lead Email": "Email", "First Name": "First_Name", "City": "City"},
    "Contacts": {"Lead Email": "Email", "First Name": "First_Name", "City": "Mailing_City"},
}
REMOVALS = (Status.DELETED, Status.WITHHELD)

T = TypeVar("T")


def write_of(request: httpx.Request) -> tuple[str, str] | None:
    """Endpoint and address of a write at the hub; None for every other call."""
    endpoint = request.url.path.partition("/api/v1/")[2]
    if endpoint not in WRITES:
        return None
    form = {key: values[0] for key, values in parse_qs(request.content.decode()).items()}
    email = form["emailids"] if endpoint == NEW_LIST else msgspec.json.decode(form["leadinfo"])["Lead Email"]
    return endpoint, email


class Office:
    """One demo workspace and its organisation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = bootstrap.open_demo(folder, "test", records=1)
        connector = self.desk.connect
        assert isinstance(connector, DemoConnector)
        self.org: Organisation = connector.organisation
        self.calls: list[tuple[str, str]] = []
        self.http = connector.http
        self.http.event_hooks = {"request": [self._note], "response": []}
        self.events: list[Event] = []
        self._changes = 0
        self._loop = asyncio.Runner()

    async def _note(self, request: httpx.Request) -> None:
        call = write_of(request)
        if call is not None:
            self.calls.append(call)

    def close(self) -> None:
        """Close the workspace, the organisation and the event loop."""
        self.wait_for(bootstrap.close(self.desk))
        self._loop.close()

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine comes to."""
        return self._loop.run(work)

    def when(self) -> int:
        """A moment of the last minutes, later than the ones before: stamps tell two changes apart."""
        self._changes += 1
        return self.org.seconds() - 600 + self._changes

    def candidate(self, email: str | None, **values: object) -> int:
        """A candidate whom the test's syncs select."""
        known = {"First_Name": "Ann", "City": "Pune", "Current_Employer": MINE, "Email": email, **values}
        return self.org.records.add(CANDIDATES, known, self.when())

    def contact(self, email: str | None, **values: object) -> int:
        """A contact whom the test's syncs select."""
        known = {"First_Name": "Ann", "Mailing_City": "Pune", "Job_Title": MINE, "Email": email, **values}
        return self.org.records.add(CONTACTS, known, self.when())

    def edit(self, record: int, **changes: object) -> None:
        """Change a record."""
        self.org.records.edit(record, changes, self.when())

    def delete(self, record: int) -> None:
        """Delete a record into the recycle bin."""
        self.org.records.delete(record, self.when())

    def convert(self, record: int) -> None:
        """Convert a candidate."""
        self.org.records.convert(record, self.when())

    def fault(self, **switch: Any) -> None:  # noqa: ANN401 - the fields of a Fault
        """Switch a fault on."""
        self.org.faults.add(Fault(**switch))

    def module(self, name: str) -> ModuleSpec:
        """A module as the simulator knows it."""
        return {"Candidates": CANDIDATES, "Contacts": CONTACTS}[name]

    def list_key(self, name: str) -> str:
        """The hub's own key of a list."""
        return next(known.key for known in self.org.leads.lists() if known.name == name)

    def leaves(self, email: str, list_name: str) -> None:
        """A person unsubscribes from a list at the hub."""
        target = self.org.leads.list_by_key(self.list_key(list_name))
        self.org.leads.unsubscribe(target, email, self.org.seconds())

    def members(self, list_name: str, status: str = "active") -> set[str]:
        """The addresses of a list at the hub."""
        target = self.org.leads.list_by_key(self.list_key(list_name))
        found = self.org.leads.rows(self.org.leads.members(target, status, self.org.seconds()))
        return {email for _, email, _ in found}

    def fields(self, email: str) -> dict[str, Any]:
        """The fields of a lead at the hub, by internal name."""
        lead = self.org.leads.lead(email)
        assert lead is not None
        return dict(lead["fields"])

    def note_list(self, name: str) -> None:
        """Name a list that the first delivery will create."""
        self.wait_for(catalogue.create_list(self.desk, name))

    def sync(self, name: str, list_name: str = "Zylker", module: str = "Candidates", **more: object) -> None:
        """Apply a definition that selects the test's people of a module; keys of a definition file may be given."""
        conditions = [{"field": MARKERS[module], "operator": "is", "value": MINE}]
        known = {"name": name, "module": module, "list": list_name, "frequency": "daily", "mapping": MAPPING[module]}
        selected = {} if "select" in more else {"select": "criteria", "conditions": conditions}
        self.apply({**known, **selected, **more})

    def apply(self, *syncs: Mapping[str, object]) -> None:
        """Apply definitions."""
        path = self.folder / "definitions.toml"
        path.write_text(tomli_w.dumps({"sync": list(syncs)}))
        self.wait_for(definitions.apply(self.desk, path))

    def control(self) -> Control:
        """A control whose events the office keeps."""
        return running.control(self.desk, self.events.append)

    def run(self, name: str, *, full: bool = False, control: Control | None = None) -> RunSummary:
        """Run a sync to its end; the calls on record are those of this run."""
        self.calls.clear()
        return self.wait_for(running.start(self.desk, name, control or self.control(), full=full))

    def retry(self, run: RunSummary) -> RunSummary:
        """Retry the failed people of a run; the calls on record are those of the retry."""
        self.calls.clear()
        return self.wait_for(running.retry(self.desk, run.id, self.control()))

    def next_day(self) -> None:
        """Move the organisation and the workspace one day on."""
        bootstrap.advance_day(self.desk)

    def decisions(self, run: RunSummary) -> dict[str | None, tuple[Status, Reason | None]]:
        """Address -> what the run decided, apart from removals."""
        return {o.email: (o.status, o.reason) for o in running.outcomes(self.desk, run.id) if o.status not in REMOVALS}

    def removals(self, run: RunSummary) -> dict[str | None, str]:
        """Address -> the cause of the removal that the run made."""
        return {o.email: str(o.cause) for o in running.outcomes(self.desk, run.id) if o.status is Status.DELETED}


def block(office: Office, email: str) -> None:
    """Put an address on the hub's Do-Not-Mail list, of which no sync knows."""
    lead = office.org.leads
    lead.subscribe(lead.list_by_key(office.list_key("Alumni")), {"Lead Email": email}, office.org.seconds())
    lead.do_not_mail(email)
