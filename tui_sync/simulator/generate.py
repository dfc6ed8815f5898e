"""Filling a new organisation, in batches of bounded memory: the same seed gives the same people.

Stamps count back from the moment of filling, so a fresh organisation always looks recently used.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from math import sqrt
from random import Random

from tui_sync.simulator import people, schema
from tui_sync.simulator.clock import DAY
from tui_sync.simulator.database import INDEXES, SCHEMA
from tui_sync.simulator.hub_seed import HubSeed
from tui_sync.simulator.people import Values, created_at
from tui_sync.simulator.planted import PLANTED
from tui_sync.simulator.records import CONVERTED, UNAPPROVED, Row, insert, json_text, row
from tui_sync.simulator.schema import ModuleSpec, first_id
from tui_sync.simulator.views import initial_views

Progress = Callable[[int, int], None]
BATCH = 5_000
_USUAL = {"Contacts": 300, "Clients": 60, "Job_Openings": 40, "CustomModule1": 150, "CustomModule2": 12}


def module_sizes(candidates: int) -> dict[str, int]:
    """How many records each module gets; the others grow with the square root of the candidates."""
    factor = max(1.0, sqrt(candidates / 2_000))
    return {"Candidates": candidates, "CustomModule3": 15} | {
        name: int(usual * factor) for name, usual in _USUAL.items()
    }


class Filling:
    """One filling of an empty file: knows the seed, the moment, and the names that lookups refer to."""

    def __init__(self, connection: sqlite3.Connection, candidates: int, seed: int, now: int) -> None:
        self._connection = connection
        self._sizes = module_sizes(candidates)
        self._seed = seed
        self._now = now
        self._clients: list[Values] = []
        self._contacts: list[Values] = []
        self._hub = HubSeed(connection, seed, now)

    def run(self, progress: Progress | None) -> None:
        """Make the tables and everything in them; `progress` hears of candidates done, from none on, and of their number."""
        total = self._sizes["Candidates"]
        if progress is not None:
            progress(0, total)
        self._connection.executescript(SCHEMA)
        self._connection.execute("BEGIN")
        for module in (schema.CLIENTS, schema.CONTACTS, schema.OPENINGS, schema.ALUMNI, schema.VENUES, schema.REFEREES):
            insert(self._connection, self._rows(module))
        rows = self._rows(schema.CANDIDATES)
        for done in range(0, total, BATCH):
            insert(self._connection, islice(rows, BATCH))
            if progress is not None:
                progress(min(done + BATCH, total), total)
        self._associate()
        self._recycled()
        self._hub.fill()
        self._connection.executemany(
            "INSERT INTO view VALUES (?, ?, ?, ?)",
            [(view.id, view.module.number, view.name, json_text(view.criteria)) for view in initial_views()],
        )
        self._settings()
        self._connection.execute("COMMIT")
        self._connection.executescript(INDEXES)

    def _settings(self) -> None:
        settings = {"seed": str(self._seed), "days": "0", "zsc_key": new_zsc_key(), "daily_credits": "100000"}
        self._connection.executemany("INSERT INTO setting VALUES (?, ?)", settings.items())

    def _rows(self, module: ModuleSpec) -> Iterator[Row]:
        """The rows of a module, the planted ones spread evenly among them."""
        random = Random(f"{self._seed}:{module.name}")  # noqa: S311 - a seeded world, no secrets
        count = self._sizes[module.name]
        planted = PLANTED.get(module.name, ())
        step = max(1, count // (len(planted) + 1))
        first = first_id(module)
        for place in range(count):
            created = created_at(place, count, self._now)
            values = self._values(module, random, place + 1, created)
            state = 0
            index, rest = divmod(place, step)
            if rest == step // 2 and index < len(planted):
                state = _plant(values, planted[index])
            elif module is schema.CANDIDATES and place % 33 == 11:
                state = _vary(values, random)
            record_id = first + place
            self._remember(module, record_id, values, place)
            yield row(module, record_id, state, values["$stamp"], values)

    def _values(self, module: ModuleSpec, random: Random, number: int, created: int) -> Values:
        if module is schema.CANDIDATES:
            return people.candidate(random, number, created, self._now)
        if module is schema.CONTACTS:
            return people.contact(random, number, created, self._now, self._clients)
        if module is schema.OPENINGS:
            return people.opening(random, number, created, self._now, self._clients, self._contacts)
        makers = {"CustomModule1": people.alumnus, "CustomModule2": people.venue, "CustomModule3": people.referee}
        return makers.get(module.name, people.client)(random, number, created, self._now)

    def _remember(self, module: ModuleSpec, record_id: int, values: Values, place: int) -> None:
        """Keep the names that later lookups point to, and let some people be leads of the hub already."""
        if module is schema.CLIENTS:
            self._clients.append({"name": values["Client_Name"], "id": str(record_id)})
        elif module is schema.CONTACTS:
            self._contacts.append({"name": values["Full_Name"], "id": str(record_id)})
        if module.number in KNOWN_EVERY and place % KNOWN_EVERY[module.number] == 7:
            self._hub.know(values)

    def _associate(self) -> None:
        """Candidates who applied for an opening, about ten for each."""
        random = Random(f"{self._seed}:associations")  # noqa: S311 - a seeded world, no secrets
        statuses = ("Associated", "Applied", "Interview-Scheduled", "Rejected", "Hired")
        candidates = self._sizes["Candidates"]
        if candidates == 0:
            return
        rows = [
            (
                first_id(schema.OPENINGS) + opening,
                first_id(schema.CANDIDATES) + random.randrange(candidates),
                people.pick(random, statuses),
            )
            for opening in range(self._sizes["Job_Openings"])
            for _ in range(5 + random.randrange(11))
        ]
        self._connection.executemany("INSERT OR IGNORE INTO association VALUES (?, ?, ?)", rows)

    def _recycled(self) -> None:
        """A recycle bin that is not empty, with ids of records older than any that live."""
        rows = [
            (
                first_id(module) - 1 - place,
                module.number,
                f"Former {module.singular} {place + 1}",
                "permanent" if place > 3 else "recycle",
                self._now - (2 + 9 * place) * DAY - DAY // 2,  # the bin's last day must not hang on the second of a turn
            )
            for module in (schema.CANDIDATES, schema.CONTACTS, schema.ALUMNI)
            for place in range(9)
        ]
        self._connection.executemany("INSERT INTO deleted VALUES (?, ?, ?, ?, ?)", rows)


KNOWN_EVERY = {schema.CANDIDATES.number: 40, schema.CONTACTS.number: 20, schema.ALUMNI.number: 15}
"""Of every so many records of a module, one is a lead of the hub from before."""


def _plant(values: Values, planted: Mapping[str, object]) -> int:
    """Override a record's values with planted ones; the state that they ask for."""
    values.update(planted)
    values["Full_Name"] = f"{values['First_Name']} {values['Last_Name']}"
    if "Name" in values:
        values["Name"] = values["Full_Name"]
    if planted.get("$converted"):
        values |= {"Candidate_Status": planted.get("Candidate_Status", "Converted - Employee"), "Is_Locked": True}
        return CONVERTED
    return UNAPPROVED if planted.get("$unapproved") else 0


def _vary(values: Values, random: Random) -> int:
    """One of the ordinary blemishes that a few in a hundred candidates have; the record's state."""
    kind = int(random.random() * 10)
    if kind < 4:
        values["Email_Opt_Out"] = True
    elif kind < 7:
        values |= {"Candidate_Status": "Converted - Employee", "Is_Locked": True}
        return CONVERTED
    elif kind == 7:
        values["Email"] = None
    elif kind == 8:
        values["Email"] = values["Email"].split("@")[0] + "@gmial.com"
    else:
        return UNAPPROVED
    return 0


def new_zsc_key() -> str:
    """A fresh ZSC key: 64 hexadecimal digits."""
    return secrets.token_hex(32)
