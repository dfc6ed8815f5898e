"""A small firm behind a server that can be spoiled: a connected workspace, six people, and what should have come of them.

The first run has brought keep, moved and gone. Then gone is deleted, moved gets another city, and new1 and new2 come. Pages
hold two records, so that a listing has several. Waits are over at once; the clock moves on instead.
"""

from __future__ import annotations

import io
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

import msgspec
import tomli_w

from tests.reliability.spoiled import Spoiled, spoiled
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.recruit import client
from tui_sync.simulator import Organisation
from tui_sync.simulator.records import Listing
from tui_sync.simulator.schema import CANDIDATES
from tui_sync.store import budget, ledger
from tui_sync.store.dump import dump
from tui_sync.store.workspace import TABLES, Workspace

SYNC, LIST = "Everyone", "Wires"
DEFINITION = {
    "name": SYNC, "module": "Candidates", "list": LIST, "frequency": "daily", "on_delete": "remove-from-list",
    "select": "criteria", "conditions": [{"field": "Current_Employer", "operator": "is", "value": "Firm"}],
    "mapping": {"Lead Email": "Email", "First Name": "First_Name", "City": "City"},
}  # fmt: skip
MEMBERS = {"keep@firm.example", "moved@firm.example", "new1@firm.example", "new2@firm.example"}
WAY_OUT = {"gone@firm.example"}
ONCE = (
    ("json/listsubscribe", "new1@firm.example"), ("json/listsubscribe", "new2@firm.example"),
    ("json/listunsubscribe", "gone@firm.example"),
)  # fmt: skip
"""What the hub must hear exactly once; the update of moved may be repeated."""


class QuickClock(bootstrap.SystemClock):
    """The system's time and whatever was waited for."""

    waited = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=QuickClock.waited)

    async def sleep(self, seconds: float) -> None:
        QuickClock.waited += seconds


@contextmanager
def quick() -> Iterator[None]:
    """Waits are over at once, and listings come in pages of two."""
    QuickClock.waited = 0.0
    real = time.time
    moved = SimpleNamespace(time=lambda: real() + QuickClock.waited)
    with (
        patch.object(bootstrap, "SystemClock", QuickClock), patch.object(budget, "time", moved),
        patch.object(client, "PER_PAGE", 2),
    ):  # fmt: skip
        yield


@dataclass
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str


class Firm:
    """One workspace and its organisation, with the server between them."""

    def __init__(self, folder: Path, server: Spoiled) -> None:
        self.folder, self.server = folder, server

    def __call__(self, *arguments: str) -> Ended:
        """Call the program."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = execute(["--workspace", str(self.folder), *arguments])
        return Ended(status, out.getvalue(), err.getvalue())

    def connect(self, **urls: str) -> None:
        """Keep the connection to the server; some of its addresses may be others."""
        origin = self.server.origin
        known = {"recruit_url": origin, "accounts_url": origin, "hub_url": origin, **urls}
        connection = Connection(kind=ConnectionKind.ZOHO, hub=HubKind.MARKETING, data_centre="us", client_id="demo-client")
        space = Workspace(self.folder, QuickClock())
        space.write_connection(msgspec.convert({**msgspec.to_builtins(connection), **known}, Connection))
        space.close()

    def remembered(self) -> dict[str, Any]:
        """The ledger and the syncs, as they are committed."""
        space = Workspace(self.folder, QuickClock())
        path = self.folder / "remembered.json"
        kept = {*ledger.TABLES}
        dump(space.db, path, without=frozenset(set(TABLES) - kept))
        space.close()
        known: dict[str, Any] = msgspec.json.decode(path.read_bytes())
        return known

    def members(self, status: str = "active") -> set[str]:
        """The addresses of the list at the hub."""
        leads = self.server.organisation.leads
        target = next(known for known in leads.lists() if known.name == LIST)
        return {email for _, email, _ in leads.rows(leads.members(target, status, self.server.organisation.seconds()))}

    def city(self) -> str:
        """Where the hub believes that moved lives."""
        lead = self.server.organisation.leads.lead("moved@firm.example")
        assert lead is not None
        return str(dict(lead["fields"]).get("city", ""))

    def everybody_moves(self, city: str) -> None:
        """Every record gets another city."""
        organisation = self.server.organisation
        for record in organisation.records.ids(Listing(CANDIDATES)):
            organisation.records.edit(record, {"City": city}, organisation.seconds())

    def writes(self) -> Counter[tuple[str, str]]:
        """How often the hub heard of each person, by endpoint."""
        found: Counter[tuple[str, str]] = Counter()
        for path, body in self.server.applied:
            form = parse_qs(body.decode())
            if "leadinfo" in form:
                found[path.removeprefix("/api/v1/"), msgspec.json.decode(form["leadinfo"][0])["Lead Email"]] += 1
        return found


def found(folder: Path) -> None:
    """Make the firm's workspace and organisation in a folder, up to the moment before the run that meets a fault."""
    folder.mkdir()
    organisation = Organisation.open(folder / "organisation.db", records=1)
    with spoiled(organisation) as server:
        firm = Firm(folder / "w", server)
        urls = [f"--{name}-url={server.origin}" for name in ("recruit", "accounts", "hub")]
        with patch.dict("os.environ", TUI_SYNC_CLIENT_SECRET="demo-secret", TUI_SYNC_REFRESH_TOKEN="demo-refresh"):
            must(firm("connect", "--data-centre", "us", "--client-id", "demo-client", *urls))
        must(firm("create-list", LIST))
        path = folder / "definition.toml"
        path.write_text(tomli_w.dumps({"sync": [DEFINITION]}))
        must(firm("apply", str(path)))
        now = organisation.seconds() - 600
        known = {name: hired(organisation, name, now + number) for number, name in enumerate(("keep", "moved", "gone"))}
        must(firm("run", SYNC))
        organisation.records.edit(known["moved"], {"City": "Chennai"}, now + 10)
        organisation.records.delete(known["gone"], now + 11)
        for number, name in enumerate(("new1", "new2")):
            hired(organisation, name, now + 20 + number)
    organisation.close()


def hired(organisation: Organisation, name: str, when: int) -> int:
    """Somebody of the firm comes."""
    values = {"First_Name": name, "City": "Pune", "Current_Employer": "Firm", "Email": f"{name}@firm.example"}
    return organisation.records.add(CANDIDATES, values, when)


def must(ended: Ended) -> None:
    """The command has worked."""
    assert ended.status == 0, ended.err


@contextmanager
def firm_of(founded: Path, folder: Path) -> Iterator[Firm]:
    """A firm of its own, with the server running."""
    shutil.copytree(founded, folder)
    organisation = Organisation.open(folder / "organisation.db")
    with spoiled(organisation) as server:
        firm = Firm(folder / "w", server)
        firm.connect()
        yield firm
    organisation.close()
