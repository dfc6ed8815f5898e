"""One day in the life of the organisation: what recruiters, candidates and readers of the mailings do.

The same seed and day give the same events over the same data. Part of them meets people whom the sample syncs select,
so that a rerun has something to show; the rest is spread over everybody. The counts stay small enough that no sample
sync loses more than ten people, or a tenth of its people, to deletions, conversions and changed addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

from tui_sync.simulator import people
from tui_sync.simulator.clock import DAY
from tui_sync.simulator.criteria import Clause, Criteria, clause
from tui_sync.simulator.leads import Leads
from tui_sync.simulator.names import DOMAINS, TITLES
from tui_sync.simulator.planted import CONTACTED, IT_GRADUATES, PARTNERS, TECHNOLOGY, WINTER
from tui_sync.simulator.records import Records
from tui_sync.simulator.schema import ALUMNI, CANDIDATES, CONTACTS, ModuleSpec, first_id
from tui_sync.simulator.views import ALPINE, TOP_RATED, every, leaf, some
from tui_sync.simulator.views import PARTNERS as PARTNER_VIEW

GRADUATES = every(
    leaf("Department", "Information Technology"),
    leaf("Experience_in_Years", 2, "greater_equal"),
    some(leaf("Year_of_Passing", 2015), leaf("Year_of_Passing", 2016)),
)
POPULATIONS: tuple[tuple[ModuleSpec, Criteria, Any], ...] = (
    (CANDIDATES, GRADUATES, IT_GRADUATES),
    (CANDIDATES, TOP_RATED, CONTACTED),
    (CANDIDATES, ALPINE, WINTER),
    (CONTACTS, leaf("Department", "Technology"), TECHNOLOGY),
    (CONTACTS, PARTNER_VIEW, PARTNERS),
    (ALUMNI, leaf("Name", "${EMPTY}", "not_equal"), {}),
)
"""What the sample syncs select: module, criteria, and the values that put a new record into it."""
PEOPLE = (CANDIDATES, CONTACTS, ALUMNI)
_ORDINARY = re.compile(r"[a-z]+\.[a-z]+\d+(\.hr|\.alum)?@.+")
"""Addresses as generation makes them: nobody planted has one."""
_CITY = {CANDIDATES.number: "City", CONTACTS.number: "Mailing_City", ALUMNI.number: "City"}
_TITLE = {CANDIDATES.number: "Current_Job_Title", CONTACTS.number: "Job_Title", ALUMNI.number: "Job_Title"}
_MOST_SEEN = 500
_BIN_DAYS = 30


class Day:
    """The events of the `day`th day, which ends at `now` (seconds, UTC)."""

    def __init__(self, records: Records, leads: Leads, seed: str, day: int, now: int) -> None:
        self._records = records
        self._leads = leads
        self._day = day
        self._random = Random(f"{seed}:{day}")  # noqa: S311 - a seeded world, no secrets
        self._now = now
        self._met: set[int] = set()
        self._counts: Counter[str] = Counter()

    def happen(self) -> dict[str, int]:
        """Let everything happen; how many of each kind did."""
        self._readers()
        for module, criteria, belonging in POPULATIONS:
            self._population(module, self._ordinary(module, criteria), belonging)
        self._everybody()
        self._counts["made_permanent"] = self._records.empty_bin(self._now - _BIN_DAYS * DAY)
        return dict(self._counts)

    def _when(self) -> int:
        """A moment of the last twenty hours."""
        return self._now - self._random.randrange(20 * 3_600)

    def _ordinary(self, module: ModuleSpec, criteria: Criteria) -> list[int]:
        """Members of a population to whom nothing has happened yet, in the day's random order."""
        wanted = clause(module, criteria)
        unique = "(SELECT count(*) FROM record twin WHERE twin.module=record.module AND twin.email=record.email)=1"
        found = self._records.matching(module, Clause(f"({wanted.sql}) AND {unique}", wanted.values), _MOST_SEEN)
        known = [(key, self._records.get(key)) for key in found if key not in self._met]
        ids = [
            key
            for key, values in known
            if values and not values["Email_Opt_Out"] and _ORDINARY.fullmatch(str(values["Email"]))
        ]
        self._random.shuffle(ids)
        return ids

    def _population(self, module: ModuleSpec, ids: list[int], belonging: dict[str, Any]) -> None:
        """What happens to one population: each event takes other people."""
        steps = [("edits", 5, self._edit), ("deletions", 2, self._delete), ("opt_outs", 2, self._opt_out)]
        steps.append(("address_changes", 2, self._change_address))
        if module is CANDIDATES:
            steps.append(("conversions", 2, self._convert))
        for name, count, act in steps:
            share = min(count, len(ids) // 8)
            for key in ids[:share]:
                act(key)
            self._met.update(ids[:share])
            self._counts[name] += share
            ids = ids[share:]
        for _ in range(2):
            self._add(module, belonging)

    def _everybody(self) -> None:
        """Changes all over the candidates, about one in two hundred."""
        total = self._records.count()
        ids = [first_id(CANDIDATES) + self._random.randrange(total) for _ in range(min(5_000, total // 200))]
        for place, key in enumerate(ids):
            values = self._records.get(key)
            if values is None or key in self._met or values["$state"] or not _ORDINARY.fullmatch(str(values["Email"])):
                continue
            self._met.add(key)
            if place % 10 == 9:
                self._delete(key)
                self._counts["deletions"] += 1
            else:
                self._edit(key)
                self._counts["edits"] += 1
        for _ in range(min(1_000, 3 + total // 1_000)):
            self._add(CANDIDATES, {"Candidate_Status": "New", "Department": "Sales"})

    def _edit(self, key: int) -> None:
        module = self._records.module_of(key)
        if module is not None:
            towns = ("Springfield", "Görlitz", "Malmö", "Łódź", "Da Nang", "Nîmes", "Puebla", "Accra")
            changes = {
                _CITY[module.number]: f"{people.pick(self._random, towns)} {self._random.randrange(10, 100)}",
                _TITLE[module.number]: people.pick(self._random, TITLES),
            }
            self._records.edit(key, changes, self._when())

    def _delete(self, key: int) -> None:
        self._records.delete(key, self._when())

    def _opt_out(self, key: int) -> None:
        self._records.edit(key, {"Email_Opt_Out": True}, self._when())

    def _convert(self, key: int) -> None:
        """Convert a candidate to a contact, as Recruit does: the contact carries the same address."""
        values = self._records.get(key) or {}
        self._records.convert(key, self._when())
        shared = {name: values.get(name) for name in ("First_Name", "Last_Name", "Email", "Created_By", "Modified_By")}
        more = {"Department": "Management", "Source": "Referral", "Email_Opt_Out": False}
        self._records.add(CONTACTS, {**shared, **more}, self._when())

    def _change_address(self, key: int) -> None:
        values = self._records.get(key) or {}
        local = str(values["Email"]).partition("@")[0]
        address = f"{local}.{self._random.randrange(100, 1000)}@{people.pick(self._random, DOMAINS)}"
        self._records.edit(key, {"Email": address}, self._when())

    def _add(self, module: ModuleSpec, belonging: dict[str, Any]) -> None:
        number = 10_000_000 + self._day * 10_000 + self._counts["additions"]
        when = self._when()
        if module is CONTACTS:
            values = people.contact(self._random, number, when, self._now, ())
        else:
            maker = people.candidate if module is CANDIDATES else people.alumnus
            values = maker(self._random, number, when, self._now)
        self._records.add(module, values | belonging, when)
        self._counts["additions"] += 1

    def _readers(self) -> None:
        """What readers do at the hub: a few whom syncs brought delete themselves, unsubscribe, or bounce.

        Who was deleted is edited in Recruit on the same day, so a sync brings them back.
        """
        brought = self._leads.brought()
        self._random.shuffle(brought)
        steps = [self._forget] * 3 + [self._leave] * 3 + [self._bounce] * 2
        for list_id, email in brought:
            if not steps:
                return
            keys = [key for key in self._records.live_with(email) if self._records.module_of(key) in PEOPLE]
            if keys and _ORDINARY.fullmatch(email) and self._met.isdisjoint(keys):
                steps.pop(0)(list_id, email, keys)
                self._met.update(keys)

    def _forget(self, _list_id: int, email: str, keys: Sequence[int]) -> None:
        self._leads.delete_lead(email)
        for key in keys:
            self._edit(key)
        self._counts["hub_deletions"] += 1

    def _leave(self, list_id: int, email: str, _keys: Sequence[int]) -> None:
        target = next(known for known in self._leads.lists() if known.id == list_id)
        self._leads.unsubscribe(target, email, self._now)
        self._counts["unsubscribes"] += 1

    def _bounce(self, _list_id: int, email: str, _keys: Sequence[int]) -> None:
        self._leads.bounce(email)
        self._counts["bounces"] += 1
