"""A simulated Zoho whose weather changes all the time, a workspace connected to it, and what must hold once it is fair again."""

from __future__ import annotations

import asyncio
import io
import json
import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs

import msgspec

from tests.reliability.company import names, wrong_counts
from tests.reliability.spoiled import Call, Respond, Spoil, Spoiled, Wire, proper, spoiled
from tests.reliability.wire_answers import answer, cut, error, raw, reset, reset_after_effect
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Result
from tui_sync.services.desk import Desk
from tui_sync.services.running import listing
from tui_sync.services.unforeseen import LOG
from tui_sync.simulator import Organisation
from tui_sync.simulator.criteria import clause
from tui_sync.simulator.day import POPULATIONS
from tui_sync.simulator.planted import PLANTED
from tui_sync.simulator.records import folded

RECORDS = 150
BUSY = {"code": "TOO_MANY_REQUESTS", "message": "Too many requests fired", "status": "error"}


async def slow(wire: Wire, call: Call) -> None:
    """The proper answer, after some seconds."""
    await asyncio.sleep(4)
    await proper(wire, call)


SHOWERS: tuple[Respond, ...] = (
    answer(BUSY, 429, "Retry-After: 1"), answer(BUSY, 429), error("INTERNAL_ERROR", 500), answer(b"", 503, "Retry-After: 2"),
    answer(b"<html>Bad Gateway</html>", 502, kind="text/html"), error("INVALID_TOKEN", 401), cut, reset, reset_after_effect, slow,
    answer(b'{"data":[{"id":"8463'), answer(b"<html>Sorry</html>", kind="text/html"), raw(b""), answer([1, {"x": None}]),
)  # fmt: skip
"""What meets single calls."""
STORMS: tuple[Respond, ...] = (
    answer(BUSY, 429), answer(BUSY, 429, "Retry-After: 3"), error("INTERNAL_ERROR", 500), error("INVALID_TOKEN", 401), cut, slow,
    error("NO_PERMISSION", 403), raw(b""), reset_after_effect,
)  # fmt: skip
"""What meets all calls for a while, or all of one side."""
SIDES = ("/", "/recruit/", "/api/v1/", "/oauth/")


_CARRIED = Counter(folded(values.get("Email")) for people in PLANTED.values() for values in people)
SHARED = {email for email, records in _CARRIED.items() if records > 1}
"""Addresses of the sample people that several records carry."""


class Told(msgspec.Struct, frozen=True):
    """A write call about a person that was carried out: what the hub had before and after it, and whether the answer was lost."""

    endpoint: str
    target: str
    email: str
    info: str
    before: str
    after: str
    lost: bool


class Weather:
    """Changes what the server answers, and remembers what was carried out."""

    def __init__(self, server: Spoiled, dice: random.Random) -> None:
        self.server, self.dice = server, dice
        self.seen: Counter[str] = Counter()
        self.told: list[Told] = []
        self._often = 0.0
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self._changing = Future[None]()
        self._changing.set_result(None)

    def begin(self) -> None:
        """Change from now on, and let people come, change and go."""
        self._over.clear()
        self._changing = self._pool.submit(self._change)

    def clear(self) -> None:
        """Answer everything properly from now on."""
        self._over.set()
        self._changing.result()
        self.server.organisation.daily_credits = 100_000
        self.server.spoil(Spoil("/", self._fair))

    def _change(self) -> None:
        while not self._over.wait(self.dice.uniform(1, 9)):
            kind = self.dice.choice(("fair", "showers", "showers", "rain", "storm", "storm", "no credits"))
            self.seen[kind] += 1
            self.server.organisation.daily_credits = 0 if kind == "no credits" else 100_000
            self._often = {"showers": 0.1, "rain": 0.4}.get(kind, 0.0)
            gusts = [Spoil(self.dice.choice(SIDES), self._noted(self.dice.choice(STORMS)))] if kind == "storm" else []
            self.server.spoil(*gusts, Spoil("/", self._respond))
            for _ in range(self.dice.randrange(8)):
                live_on(self.server.organisation, self.dice)

    async def _fair(self, wire: Wire, call: Call) -> None:
        await self._noted(proper)(wire, call)

    async def _respond(self, wire: Wire, call: Call) -> None:
        await self._noted(self.dice.choice(SHOWERS) if self.dice.random() < self._often else proper)(wire, call)

    def _noted(self, respond: Respond) -> Respond:
        """The answer, with a note of what the call brought about for the person that it names."""

        async def noted(wire: Wire, call: Call) -> None:
            form = parse_qs(call.body.decode())
            if "leadinfo" not in form:
                await respond(wire, call)
                return
            info, target = form["leadinfo"][0], form.get("listkey", [""])[0]
            email = json.loads(info)["Lead Email"]
            before, carried = self._standing(target, email), self._written(call, email)
            try:
                await respond(wire, call)
            finally:
                if self._written(call, email) > carried:
                    lost = respond not in (proper, slow)
                    self.told.append(Told(call.path, target, email, info, before, self._standing(target, email), lost))

        return noted

    def _written(self, call: Call, email: str) -> int:
        """How often the hub has carried this call out for the person."""
        return self.server.organisation.writes.counts().get((call.path.removeprefix("/api/v1/"), email.casefold()), 0)

    def _standing(self, target: str, email: str) -> str:
        """The person at the hub and in the list."""
        leads = self.server.organisation.leads
        lead = leads.lead(email.lower())
        known = [one for one in leads.lists() if one.key == target]
        return f"{lead} {leads._status(known[0].id, lead['id']) if lead and known else ''}"

    def repeated(self) -> Iterator[str]:
        """Calls that told the hub of a person what it had been told, and answered, just before."""
        last: dict[tuple[str, str], Told] = {}
        for told in self.told:
            if told.email in SHARED:  # another record of theirs, which takes the place of the first, tells what it has
                continue
            key = told.target, told.email
            before = last.get(key)
            if before and told.before == told.after and (before.endpoint, before.info) == (told.endpoint, told.info):
                added = "subscribe" in told.endpoint and "active" not in before.before
                if not before.lost or added:
                    yield f"the hub was told twice: {told}, before: {before}"
            last[key] = told


def live_on(organisation: Organisation, dice: random.Random) -> None:
    """Somebody whom a sync selects is edited, opted out or in, deleted, or comes."""
    records, now = organisation.records, organisation.seconds()
    module, criteria, _ = dice.choice(POPULATIONS)
    found = records.matching(module, clause(module, criteria), 500)
    if not found:
        return
    chosen = dice.choice(found)
    match dice.choice(("edit", "edit", "opt out", "opt in", "delete", "add", "add")):
        case "edit":
            records.edit(chosen, {"First_Name": f"Name{dice.randrange(1000)}"}, now)
        case "delete":
            records.delete(chosen, now)
        case "add":
            kept = {name: value for name, value in (records.get(chosen) or {}).items() if name not in ("id", "$state")}
            records.add(module, {**kept, "Email": f"new{dice.randrange(10**6)}@example.org"}, now)
        case what:
            records.edit(chosen, {"Email_Opt_Out": what == "opt out"}, now)


def founded(folder: Path) -> Path:
    """An organisation, and a workspace whose sample syncs have brought its people in, connected to it over a socket."""
    folder.mkdir()
    organisation = Organisation.open(folder / "organisation.db", records=RECORDS)
    with spoiled(organisation) as server:
        urls = [f"--{name}-url={server.origin}" for name in ("recruit", "accounts", "hub")]
        space = folder / "w"
        with patch.dict("os.environ", TUI_SYNC_CLIENT_SECRET="demo-secret", TUI_SYNC_REFRESH_TOKEN="demo-refresh"):
            assert called(space, "connect", "--data-centre", "us", "--client-id", "demo-client", *urls)[0] == 0
        samples = folder / "samples.toml"
        samples.write_text(bootstrap.sample_definitions(), encoding="utf-8")
        assert called(space, "apply", str(samples))[0] == 0
        for name in names(space):
            assert called(space, "run", name)[0] in (0, 5)
    organisation.close()
    return folder


@contextmanager
def under(founded: Path, folder: Path, dice: random.Random) -> Iterator[tuple[Path, Weather]]:
    """A copy of the workspace, and the weather over its server."""
    shutil.copytree(founded, folder)
    organisation = Organisation.open(folder / "organisation.db")
    with spoiled(organisation) as server:
        desk = bootstrap.open_desk(folder / "w", "the weather")
        known = desk.workspace.connection
        assert known is not None
        urls = dict.fromkeys(("recruit_url", "accounts_url", "hub_url"), server.origin)
        desk.workspace.write_connection(msgspec.structs.replace(known, **urls))
        desk.workspace.close()
        weather = Weather(server, dice)
        try:
            yield folder / "w", weather
        finally:
            weather.clear()
    organisation.close()
    shutil.rmtree(folder)


def wrong(workspace: Path, weather: Weather) -> list[str]:
    """What is wrong after each sync was run twice more in fair weather: the second run may have nothing to tell the hub."""
    weather.clear()
    found = []
    for name in names(workspace):
        status, said = called(workspace, "run", name, "--full")
        if status not in (0, 3, 4, 5):
            found.append(f"the last run of {name} ended with {status}: {said}")
    before = len(weather.told)
    for name in names(workspace):
        called(workspace, "run", name)
    found += [f"told though nothing had changed: {told}" for told in weather.told[before:]]
    found += weather.repeated()
    desk = bootstrap.open_desk(workspace, "the weather")
    try:
        return [*found, *left_over(desk), *at_odds(desk, weather.server.organisation)]
    finally:
        desk.workspace.close()


def running(workspace: Path) -> bool:
    """Whether a run goes on."""
    desk = bootstrap.open_desk(workspace, "the weather")
    going = any(run.result is Result.RUNNING for run in listing(desk))
    desk.workspace.close()
    return going


def called(workspace: Path, *arguments: str) -> tuple[int, str]:
    """Call the program; its exit status, and what it told."""
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        status = execute(["--workspace", str(workspace), *arguments])
    return status, told.getvalue()


def left_over(desk: Desk) -> Iterator[str]:
    """Errors that nobody foresaw, runs that stay running, counts that contradict outcomes, writes that nobody confirmed."""
    yield from desk.workspace.db.integrity()
    if (log := desk.workspace.folder / LOG).exists():
        yield log.read_text()
    runs, deleted = listing(desk), {sync.id for sync in desk.workspace.syncs.every() if sync.deleted is not None}
    for run in runs:
        if run.result is Result.RUNNING or (run.result is Result.INTERRUPTED and run.sync_id not in deleted):
            yield f"run {run.id} of {run.sync} stays {run.result}"
        if run.kept_until is None:
            yield from wrong_counts(run, desk)


def at_odds(desk: Desk, organisation: Organisation) -> Iterator[str]:
    """Where the ledger has other people in a list than the hub. A mail that bounced takes nobody out of a list."""
    now = organisation.seconds()
    hub = {known.key: known for known in organisation.leads.lists()}
    for key in {sync.list_key for sync in desk.workspace.syncs.all()} & hub.keys():
        active, bounced = (
            {email.lower() for _, email, _ in organisation.leads.rows(organisation.leads.members(hub[key], state, now))}
            for state in ("active", "bounce")
        )
        known = {one.email for one in desk.workspace.ledger.memberships_in(key) if one.state is MembershipState.ACTIVE}
        if active - known or known - active - bounced:
            odd = f"only the hub has {sorted(active - known)}, only the ledger {sorted(known - active - bounced)}"
            yield f"list {hub[key].name}: {odd}"
        if desk.workspace.ledger.intents(key):
            yield f"writes to the list {hub[key].name} were never confirmed"
