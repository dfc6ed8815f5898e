"""The hub side of the file: lists, leads and memberships, with the rules of Marketing Automation.

A refused action raises `RefusedError` with the hub's code. A lead is known by its folded address. A membership is
active, pending (a public list waits for the person's confirmation) or unsub; a bounced lead bounces in every list, and
one on the Do-Not-Mail list is in none.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tui_sync.simulator.clock import DAY
from tui_sync.simulator.database import Database, Snapshots
from tui_sync.simulator.hub_seed import LeadField
from tui_sync.simulator.records import folded, json_text

ROLE_NAMES = frozenset(
    {"info", "administrator", "admin", "careers", "service", "support", "postmaster", "webmaster", "noreply"}
)
REFUSED_DOMAIN = "blocked.example"
"""Addresses of this domain are refused with a code of no special meaning (2007, parameter value invalid)."""
_PATTERN = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")

MESSAGES = {
    "903": "Mandatory fields are missing.",
    "916": "A field of this name exists already.",
    "980": "Maximum number of leads reached for your plan.",
    "1004": "Unable to find the resource you're looking for. Please recheck the documentation and try again.",
    "2001": "Please enter correct JSON format.",
    "2002": "Listkey is empty or invalid.",
    "2004": "Lead Email Address is invalid.",
    "2005": "Lead Email Address is a group email address.",
    "2006": "Lead is in the Do-Not-Mail list.",
    "2007": "Parameter value is invalid.",
    "2008": "You have exceeded the number of calls permitted.",
    "2103": "Lead does not exist.",
    "2202": "Mailing list is deleted from your account.",
    "2203": "There are no leads in this list.",
    "2205": "A mailing list of this name exists already.",
    "2302": "Maximum number of leads reached.",
    "2401": "No mailing list has been created. Please create a list.",
    "2501": "Listkey is empty or invalid.",
}
_STATUS_SQL = {
    "active": "m.status='active' AND l.bounced=0 AND l.blocked=0",
    "recent": "m.status='active' AND l.bounced=0 AND l.blocked=0 AND m.since>=?",
    "mostrecent": "m.status='active' AND l.bounced=0 AND l.blocked=0 AND m.since>=?",
    "unsub": "m.status='unsub' AND l.bounced=0 AND l.blocked=0",
    "bounce": "l.bounced=1 AND l.blocked=0",
    "spam": "m.status='spam'",
}
_MEMBERS = "SELECT m.lead FROM member m JOIN lead l ON l.id=m.lead WHERE m.list=?"
_BROUGHT = "SELECT m.list, l.email FROM member m JOIN lead l ON l.id=m.lead WHERE m.by_api=1"
_RECENT_DAYS = {"recent": 7, "mostrecent": 1}


class RefusedError(Exception):
    """The hub says no; `code` is one of its error codes."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


class MailingList(NamedTuple):
    """One mailing list."""

    id: int
    key: str
    name: str
    public: bool
    created: int
    deleted: bool


class Leads:
    """Lists, leads and memberships. Every change counts the hub revision."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshots = Snapshots(database)

    def lists(self) -> list[MailingList]:
        """The lists that exist, oldest first."""
        return [found for found in self._lists("ORDER BY id") if not found.deleted]

    def _lists(self, tail: str, *values: str) -> list[MailingList]:
        sql = f"SELECT id, key, name, public, created, deleted FROM list {tail}"  # noqa: S608 - own SQL
        with self._database.reading() as connection:
            return [MailingList(*row) for row in connection.execute(sql, values)]

    def list_by_key(self, key: str, *, reading: bool = False) -> MailingList:
        """The list of a key. RefusedError 2002 (2501 for a reading call) for a wrong key, 2202 for a deleted list."""
        found = self._lists("WHERE key=?", key)
        if not found or (reading and found[0].deleted):
            raise RefusedError("2501" if reading else "2002")
        if found[0].deleted:
            raise RefusedError("2202")
        return found[0]

    def create_list(self, name: str, *, public: bool, now: int) -> MailingList:
        """A new, empty list. RefusedError 2205 where the name is taken."""
        if any(known.name.casefold() == name.casefold() for known in self.lists()):
            raise RefusedError("2205")
        with self._database.writing() as connection:
            number = connection.execute("SELECT count(*) FROM list").fetchone()[0] + 1
            key = "3z" + hashlib.sha256(f"{number}:{name}:{now}".encode()).hexdigest()[:56]
            sql = "INSERT INTO list (id, key, name, public, created) VALUES (?, ?, ?, ?, ?)"
            connection.execute(sql, (number, key, name, public, now))
            self._database.changed("hub")
        return self.list_by_key(key)

    def update_list(self, key: str, name: str, *, public: bool) -> None:
        """Rename a list or change its sign-up form. RefusedError 2205 where another list has the name."""
        target = self.list_by_key(key)
        if any(known.id != target.id and known.name.casefold() == name.casefold() for known in self.lists()):
            raise RefusedError("2205")
        self._write("UPDATE list SET name=?, public=? WHERE id=?", name, public, target.id)

    def delete_list(self, key: str, *, with_leads: bool) -> None:
        """Delete a list and its memberships, and with `with_leads` its leads, too."""
        target = self.list_by_key(key)
        with self._database.writing() as connection:
            if with_leads:
                of_list = "(SELECT lead FROM member WHERE list=?)"
                connection.execute(f"DELETE FROM lead WHERE id IN {of_list}", (target.id,))  # noqa: S608 - own SQL
                connection.execute(f"DELETE FROM member WHERE list<>? AND lead IN {of_list}", (target.id, target.id))  # noqa: S608 - own SQL
            connection.execute("DELETE FROM member WHERE list=?", (target.id,))
            self._write("UPDATE list SET deleted=1 WHERE id=?", target.id)

    def fields(self) -> list[LeadField]:
        """The fields of leads, in the order of their making."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT display, name, type, length FROM lead_field ORDER BY id")
            return [LeadField(*row) for row in rows]

    def add_field(self, display: str, kind: str, length: int) -> None:
        """A new field. RefusedError 916 where one of this name exists."""
        name = re.sub(r"\W+", "", display).lower()
        try:
            sql = "INSERT INTO lead_field (display, name, type, length) VALUES (?, ?, ?, ?)"
            self._write(sql, display, name, kind, length)
        except sqlite3.IntegrityError as error:
            raise RefusedError("916") from error

    def remove_field(self, display: str) -> None:
        """Take a field of leads away, as an administrator of the hub may at any time."""
        self._write("DELETE FROM lead_field WHERE display=?", display)

    def subscribe(self, target: MailingList, info: Mapping[str, Any], now: int) -> bool:
        """Add a lead to a list, or update it there; whether it is active at once (a public list asks the person).

        `info` is by display name, any case; unknown names are ignored. RefusedError 2004 to 2007.
        """
        names = {field.display.casefold(): field.name for field in self.fields()}
        given = {names[key.casefold()]: value for key, value in info.items() if key.casefold() in names}
        email = self.checked(given.pop("lead_email", None))
        with self._database.writing() as connection:
            known = self.lead(email)
            if known and known["blocked"]:
                raise RefusedError("2006")
            if known is None:
                sql = "INSERT INTO lead (email, blocked, bounced, fields) VALUES (?, 0, 0, ?)"
                number = connection.execute(sql, (email, json_text(given))).lastrowid
            else:
                number = known["id"]
                if not target.public:
                    connection.execute(
                        "UPDATE lead SET fields=? WHERE id=?", (json_text(known["fields"] | given), number)
                    )
            status = self._status(target.id, int(number or 0))
            if status != "active":
                row = (target.id, number, "pending" if target.public else "active", now)
                connection.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, 1)", row)
            self._database.changed("hub")
        return status == "active" or not target.public

    @staticmethod
    def checked(email: object) -> str:
        """The folded address, if the hub takes it. RefusedError 903, 2004, 2005 or 2007."""
        address = folded(email)
        if address is None:
            raise RefusedError("903")
        if not _PATTERN.fullmatch(address) or ".." in address:
            raise RefusedError("2004")
        local, _, domain = address.partition("@")
        if local in ROLE_NAMES:
            raise RefusedError("2005")
        if domain == REFUSED_DOMAIN:
            raise RefusedError("2007")
        return address

    def unsubscribe(self, target: MailingList, email: object, now: int) -> None:
        """Unsubscribe a lead from a list. RefusedError 2103 where it is not in it."""
        known = self.lead(folded(email) or "")
        if known is None or self._status(target.id, known["id"]) is None:
            raise RefusedError("2103")
        sql = "UPDATE member SET status='unsub', since=? WHERE list=? AND lead=?"
        self._write(sql, now, target.id, known["id"])

    def do_not_mail(self, email: object) -> bool:
        """Move a lead to Do-Not-Mail for good; false where it was there. RefusedError 2103 for an unknown lead."""
        known = self.lead(folded(email) or "")
        if known is None:
            raise RefusedError("2103")
        self._write("UPDATE lead SET blocked=1 WHERE id=?", known["id"])
        return not known["blocked"]

    def bounce(self, email: str, *, ended: bool = False) -> None:
        """Let a lead bounce hard: it is bounced in every list from now on, until that has `ended`."""
        self._write("UPDATE lead SET bounced=? WHERE email=?", not ended, email)

    def delete_lead(self, email: str) -> None:
        """Delete a lead and its memberships, as a person may do at the hub."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM member WHERE lead=(SELECT id FROM lead WHERE email=?)", (email,))
            self._write("DELETE FROM lead WHERE email=?", email)

    def lead(self, email: str) -> dict[str, Any] | None:
        """A lead by folded address: id, email, blocked, bounced, fields (by internal name); None if unknown."""
        sql = "SELECT id, email, blocked, bounced, fields FROM lead WHERE email=?"
        with self._database.reading() as connection:
            row = connection.execute(sql, (email,)).fetchone()
        if row is None:
            return None
        names = ("id", "email", "blocked", "bounced")
        return dict(zip(names, row[:4], strict=True)) | {"fields": json.loads(row[4])}

    def members(self, target: MailingList, status: str, now: int) -> array[int]:
        """The ids of a list's leads with a status of `getleads` or `leadscount`. KeyError for another status."""
        recent = [now - now % DAY - _RECENT_DAYS[status] * DAY] if status in _RECENT_DAYS else []
        return self._snapshots.ids("hub", f"{_MEMBERS} AND {_STATUS_SQL[status]} ORDER BY m.lead", [target.id, *recent])

    def rows(self, ids: Sequence[int]) -> list[tuple[int, str, dict[str, Any]]]:
        """Id, address and fields of some leads, in the order of `ids`."""
        marks = ",".join("?" * len(ids))
        with self._database.reading() as connection:
            found = connection.execute(f"SELECT id, email, fields FROM lead WHERE id IN ({marks})", ids)  # noqa: S608 - marks
            by_id = {row[0]: (row[0], row[1], json.loads(row[2])) for row in found}
        return [by_id[key] for key in ids if key in by_id]

    def brought(self) -> list[tuple[int, str]]:
        """List id and address of every active lead that came through the API."""
        with self._database.reading() as connection:
            return connection.execute(f"{_BROUGHT} AND {_STATUS_SQL['active']} ORDER BY m.list, l.id").fetchall()

    def _status(self, list_id: int, lead: int) -> str | None:
        with self._database.reading() as connection:
            sql = "SELECT status FROM member WHERE list=? AND lead=?"
            row = connection.execute(sql, (list_id, lead)).fetchone()
        return row[0] if row else None

    def _write(self, sql: str, *values: str | int) -> None:
        with self._database.writing() as connection:
            connection.execute(sql, values)
            self._database.changed("hub")
