"""The hub as it is before any sync: its fields, six mailing lists, and the leads that are in them already."""

from __future__ import annotations

import hashlib
import sqlite3
from random import Random
from typing import Any, NamedTuple

from tui_sync.simulator.clock import DAY
from tui_sync.simulator.names import CULTURES
from tui_sync.simulator.people import phone, pick
from tui_sync.simulator.planted import PLANTED_LEADS
from tui_sync.simulator.records import folded, json_text


class LeadField(NamedTuple):
    """One field of leads: what people and `leadinfo` call it, its internal name, its type and length."""

    display: str
    name: str
    type: str = "Text"
    length: int = 100


LEAD_FIELDS = (
    LeadField("lead Email", "lead_email", "Email"),
    LeadField("First Name", "firstname"),
    LeadField("Last Name", "lastname"),
    LeadField("Company Name", "companyname"),
    LeadField("Job Title", "jobtitle"),
    LeadField("Phone", "phone", "Phone", 30),
    LeadField("Mobile", "mobile", "Phone", 30),
    LeadField("Address", "address", "textarea", 250),
    LeadField("City", "city"),
    LeadField("State", "state"),
    LeadField("Country", "country"),
    LeadField("Zip Code", "zipcode", "Text", 20),
    LeadField("Website", "website", "URL", 120),
    LeadField("Birth Date", "birthdate", "Date", 20),
)
"""The fields that every lead has; the doc's sample spells the first one `lead Email`."""
LISTS = (
    ("Zylker", False),
    ("Newsletter", False),
    ("Alumni", False),
    ("Tech clients", False),
    ("Winter campaign", False),
    ("Partners", True),
)
"""The mailing lists, and whether a list has a public sign-up form."""
_STATUSES = ("active",) * 18 + ("unsub", "bounce")


def list_key(seed: int, name: str) -> str:
    """The key of a list: 58 characters that never change for one seed and name."""
    return "3z" + hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()[:56]


class HubSeed:
    """Collects the people of Recruit who are leads already, then writes lists, leads and memberships."""

    def __init__(self, connection: sqlite3.Connection, seed: int, now: int) -> None:
        self._connection = connection
        self._random = Random(f"{seed}:hub")  # noqa: S311 - a seeded world, no secrets
        self._seed = seed
        self._now = now
        self._leads: dict[str, int] = {}

    def know(self, values: dict[str, Any]) -> None:
        """Make a person of Recruit a lead, in one or two lists."""
        email = folded(values.get("Email"))
        if email is None or "@" not in email or email in self._leads:
            return
        names = (("firstname", "First_Name"), ("lastname", "Last_Name"), ("phone", "Phone"), ("city", "City"))
        status = pick(self._random, _STATUSES)
        fields = {name: values[source] for name, source in names if values.get(source)}
        lead = self._lead(email, fields, bounced=status == "bounce")
        for number in {1 + self._random.randrange(len(LISTS)) for _ in range(2)}:
            self._member(number, lead, status)

    def fill(self) -> None:
        """Write the lists, the fields, the planted leads, and leads of whom Recruit knows nothing."""
        rows = [
            (number, list_key(self._seed, name), name, public, self._now - (400 - 10 * number) * DAY)
            for number, (name, public) in enumerate(LISTS, 1)
        ]
        self._connection.executemany("INSERT INTO list (id, key, name, public, created) VALUES (?, ?, ?, ?, ?)", rows)
        self._connection.executemany(
            "INSERT INTO lead_field (display, name, type, length) VALUES (?, ?, ?, ?)", LEAD_FIELDS
        )
        numbers = {name: number for number, (name, _) in enumerate(LISTS, 1)}
        for planted in PLANTED_LEADS:
            lead = self._lead(planted.email, {}, blocked=planted.blocked, bounced=planted.status == "bounce")
            self._member(numbers[planted.list], lead, planted.status)
        for place in range(60):
            self._stranger(place)

    def _stranger(self, place: int) -> None:
        culture = pick(self._random, CULTURES)
        (first, plain), (last, _) = pick(self._random, culture.given), pick(self._random, culture.family)
        fields = {"firstname": first, "lastname": last, "phone": phone(self._random, culture)}
        status = pick(self._random, _STATUSES)
        lead = self._lead(f"{plain}{place}@readers.example.org", fields, bounced=status == "bounce")
        self._member(1 + place % len(LISTS), lead, status)

    def _lead(self, email: str, fields: dict[str, Any], *, blocked: bool = False, bounced: bool = False) -> int:
        known = self._leads.get(email)
        if known is not None:
            self._connection.execute("UPDATE lead SET blocked=?, bounced=? WHERE id=?", (blocked, bounced, known))
            return known
        number = self._leads[email] = len(self._leads) + 1
        row = (number, email, blocked, bounced, json_text(fields))
        self._connection.execute("INSERT INTO lead VALUES (?, ?, ?, ?, ?)", row)
        return number

    def _member(self, list_number: int, lead: int, status: str) -> None:
        since = self._now - (20 + self._random.randrange(300)) * DAY
        row = (list_number, lead, status, since)
        self._connection.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, 0)", row)
