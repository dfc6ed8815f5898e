"""A simulated Zoho on a socket, whose every call a test may stop at, a workspace connected to it, and a naive model of both.

The model knows nothing of runs: whoever is alive in Recruit, wants mail and has a good address is in the list, nobody else.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.engine.office import MAPPING, MARKERS, MINE
from tui_sync import bootstrap
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.hub import MemberState
from tui_sync.model.outcomes import RunSummary
from tui_sync.services import running
from tui_sync.services.desk import Desk
from tui_sync.simulator import Organisation, create_app
from tui_sync.simulator.schema import CANDIDATES

SYNC, LIST = "Everyone", "Zylker"
SUBSCRIBE, UNSUBSCRIBE = "json/listsubscribe", "json/listunsubscribe"
HOME = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
"""Python itself leaves cut files of bytecode behind where the disk is full."""
DEFINITION = f"""
[[sync]]
name = "{SYNC}"
module = "Candidates"
select = "criteria"
conditions = [{{ field = "{MARKERS['Candidates']}", operator = "is", value = "{MINE}" }}]
list = "{LIST}"
on_opt_out = "remove-from-list"
frequency = "daily"
at = "00:00"
[sync.mapping]
""" + "\n".join(f'"{target}" = "{source}"' for target, source in MAPPING["Candidates"].items())
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Takes the place of a program after limiting the size of the files that it may write."""
Write = tuple[str, str]
"""Endpoint and address."""


class Person:
    """One candidate of the model."""

    def __init__(self, record: int, email: str, city: str, *, good: bool = True) -> None:
        self.record, self.email, self.city, self.good = record, email, city, good
        self.alive, self.opted_out = True, False

    @property
    def belongs(self) -> bool:
        """Whether they are to be in the list."""
        return self.good and self.alive and not self.opted_out


class Watched:
    """The simulator's application, with a look at each call: `before` tells whether it is to be carried out at all, `after` is
    called once it is carried out and before its answer goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.before: Callable[[str], bool] = lambda path: True
        self.after: Callable[[str], object] = lambda path: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or leave it without effect."""
        path = scope.get("path", "")
        if not self.before(path):
            await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.after(path)
            await send(message)

        await self._app(scope, receive, answer)


class Company:
    """Organisation, server, workspace and model; as a context manager it closes all of them."""

    def __init__(self, folder: Path, seed: int, hub: str = "marketing-automation") -> None:
        self.folder, self.hub, self.random = folder, hub, random.Random(seed)
        folder.mkdir(parents=True, exist_ok=True)
        self.workspace = folder / "w"
        self.org = Organisation.open(folder / "organisation.db", records=1)
        self.watched = Watched(create_app(self.org, hub_limits=hub == "marketing-automation"))
        self.people: list[Person] = []
        self.due: Counter[Write] = Counter()
        """The write calls that the changes since `settled` bring about, each once."""
        self.fresh = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.origin = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(self.watched, log_level="critical", lifespan="off", date_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> Self:
        self._thread.start()
        ends = [word for end in ("recruit", "accounts", "hub") for word in (f"--{end}-url", self.origin)]
        connect = ("connect", "--data-centre", "us", "--client-id", "demo-client", "--hub", self.hub, *ends)
        self.call(*connect, TUI_SYNC_CLIENT_SECRET="demo-secret", TUI_SYNC_REFRESH_TOKEN="demo-refresh")
        definition = self.folder / "definition.toml"
        definition.write_text(DEFINITION)
        self.call("apply", str(definition))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self.org.close()

    # the program

    def start(self, *arguments: str, most: int | None = None, **environment: str) -> subprocess.Popen[str]:
        """The program with these arguments on the workspace, in a process of its own whose files may have at `most` so many
        bytes."""
        limited = [] if most is None else ["-c", LIMITED, str(most), sys.executable]
        return subprocess.Popen(
            [sys.executable, *limited, "-m", "tui_sync", "--workspace", str(self.workspace), *arguments],
            cwd=HOME, env={**ENVIRONMENT, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def call(self, *arguments: str, **environment: str) -> str:
        """Call the program and give what it printed. Raises AssertionError where it does not end with 0."""
        status, out, err = self.tried(*arguments, most=None, **environment)
        assert status == 0, f"{arguments}: exit {status}: {err}"
        return out

    def tried(self, *arguments: str, most: int | None = None, **environment: str) -> tuple[int, str, str]:
        """Call the program; its exit status and what it wrote to stdout and stderr."""
        with self.start(*arguments, most=most, **environment) as program:
            out, err = program.communicate(timeout=120)
        return program.returncode, out, err

    def run(self) -> dict[str, Any]:
        """Run the sync to its end; the run as the command prints it."""
        run: dict[str, Any] = json.loads(self.call("run", SYNC, "--json"))["run"]
        return run

    def desk(self) -> Desk:
        """The workspace, opened here."""
        return bootstrap.open_desk(self.workspace, "test")

    # changes, and what they bring about

    def add(self, count: int, *, good: bool = True) -> None:
        """So many new candidates."""
        for _ in range(count):
            number = len(self.people)
            email = f"person{number}@{'zylker.com' if good else 'gnail.com'}"
            values = {"First_Name": f"P{number}", "City": "Pune", MARKERS["Candidates"]: MINE, "Email": email}
            record = self.org.records.add(CANDIDATES, values, self.org.seconds())
            self.people.append(Person(record, email, "Pune", good=good))
            if good:
                self.due[SUBSCRIBE, email] += 1
                self.fresh += 1

    def change(self, edits: int, deletions: int, opt_outs: int) -> None:
        """Edit, delete and opt out so many people of the list, no one twice."""
        settled = [person for person in self.people if person.belongs and (SUBSCRIBE, person.email) not in self.due]
        chosen = self.random.sample(settled, min(len(settled), edits + deletions + opt_outs))
        for number, person in enumerate(chosen):
            if number < edits:
                person.city = f"City {self.random.randrange(10**6)}"
                self.org.records.edit(person.record, {"City": person.city}, self.org.seconds())
                self.due[SUBSCRIBE, person.email] += 1
                continue
            if number < edits + deletions:
                person.alive = False
                self.org.records.delete(person.record, self.org.seconds())
            else:
                person.opted_out = True
                self.org.records.edit(person.record, {"Email_Opt_Out": True}, self.org.seconds())
            self.due[UNSUBSCRIBE, person.email] += 1

    def settled(self) -> None:
        """Everything so far has been brought about."""
        self.due.clear()
        self.fresh = 0
        httpx.delete(f"{self.origin}/simulator/writes")

    # what became of it

    def written(self) -> Counter[Write]:
        """The writes that the simulator has carried out since `settled`, as its control call tells them."""
        rows = httpx.get(f"{self.origin}/simulator/writes").json()["writes"]
        return Counter({(row["endpoint"], row["email"]): row["calls"] for row in rows})

    def expected(self) -> dict[str, str]:
        """Address and city of everybody who is to be in the list."""
        return {person.email: person.city for person in self.people if person.belongs}

    def standing(self) -> dict[str, str]:
        """Address and city of everybody who is in the list."""
        return self._standing_embedded() if self.hub == "embedded" else self._standing_outside()

    def _standing_outside(self) -> dict[str, str]:
        target = next(known for known in self.org.leads.lists() if known.name == LIST)
        found = self.org.leads.rows(self.org.leads.members(target, "active", self.org.seconds()))
        ours = {person.email for person in self.people}
        return {email: fields.get("city", "") for _, email, fields in found if email in ours}

    def _standing_embedded(self) -> dict[str, str]:
        desk = self.desk()
        try:
            hub = desk.workspace.leads.hub()
            key = next((key for key, name in hub.lists.items() if name == LIST), "") if hub is not None else ""
            leads = list(desk.workspace.leads.members(key, MemberState.ACTIVE)) if key else []
            return {lead.email: lead.fields.get("City", "") for lead in leads}
        finally:
            desk.workspace.close()

    def wrong(self) -> list[str]:
        """What is wrong with the store, the runs and their outcomes; nothing, if all is well."""
        desk = self.desk()
        try:
            found = desk.workspace.db.integrity()
            for run in running.listing(desk):
                found += wrong_counts(run, desk)
            return found
        finally:
            desk.workspace.close()


def wrong_counts(run: RunSummary, desk: Desk) -> list[str]:
    """What does not add up in a run: Total over the statuses, Ignored over the reasons, the counts over the outcomes."""
    counts, again = run.counts, RunSummary(id=run.id, sync_id="", sync="", started=run.started)
    again.count(desk.workspace.runs.outcomes(run.id))
    found = []
    if counts.total != counts.new + counts.re_added + counts.duplicate + counts.ignored:
        found.append(f"run {run.id}: Total is not the sum of its statuses: {counts}")
    if counts.ignored != sum(getattr(run.ignored, name) for name in run.ignored.__struct_fields__):
        found.append(f"run {run.id}: Ignored is not the sum of its reasons")
    if (again.counts, again.ignored) != (counts, run.ignored):
        found.append(f"run {run.id} ({run.result}): the outcomes say {again.counts}, the run says {counts}")
    return found


def names(workspace: Path) -> list[str]:
    """The syncs that can be run."""
    desk, found = bootstrap.open_desk(workspace, "test"), []
    for sync in desk.workspace.syncs.all():
        with suppress(TuiSyncError):
            found.append(running.runnable(desk, sync.name).name)
    desk.workspace.close()
    return found


def kill(program: subprocess.Popen[str]) -> None:
    """As by `kill -9`; nothing where it has ended."""
    with suppress(ProcessLookupError):
        program.kill()
