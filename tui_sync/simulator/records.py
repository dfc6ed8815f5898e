"""The Recruit side of the file: listing, reading and changing records.

A record is its id, its module, its state (bits), the moment of its last change, its folded address and a JSON array of
values. Pages are cut from the stored bytes, so nothing is decoded that is not asked for.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tui_sync.simulator.clock import stamp_text
from tui_sync.simulator.criteria import Clause, column
from tui_sync.simulator.database import Database, Snapshots
from tui_sync.simulator.schema import BY_NUMBER, CANDIDATES, ModuleSpec, id_range

CONVERTED, UNAPPROVED = 1, 2
"""Bits of a record's state."""
Row = tuple[int, int, int, int, str | None, bytes]
_PIECES = msgspec.json.Decoder(list[msgspec.Raw])
_VALUES = msgspec.json.Decoder(list[Any])
_INSERT = "INSERT INTO record (id, module, state, stamp, email, data) VALUES (?, ?, ?, ?, ?, ?)"


class Listing(NamedTuple):
    """What a list call selects: `converted` and `approved` are true, false or both; `since` is inclusive."""

    module: ModuleSpec
    converted: str = "false"
    approved: str = "true"
    since: int | None = None
    where: Clause | None = None
    sort: str = ""
    descending: bool = False


def folded(email: object) -> str | None:
    """The address as it is compared: trimmed and lower-cased; None where there is none."""
    return email.strip().casefold() or None if isinstance(email, str) else None


def encoded(module: ModuleSpec, values: Mapping[str, Any]) -> bytes:
    """The stored form of values by API name."""
    return msgspec.json.encode([values.get(field.name) for field in module.fields])


def row(module: ModuleSpec, record_id: int, state: int, stamp: int, values: Mapping[str, Any]) -> Row:
    """The row of a record, ready to be inserted."""
    return record_id, module.number, state, stamp, folded(values.get("Email")), encoded(module, values)


def insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Store rows of records."""
    connection.executemany(_INSERT, rows)


def _states(converted: str, approved: str) -> list[int]:
    wanted = {"true": (1,), "false": (0,), "both": (0, 1)}
    flags = {"true": (0,), "false": (UNAPPROVED,), "both": (0, UNAPPROVED)}
    return [one | two for one in wanted[converted] for two in flags[approved]]


class Records:
    """Records of all modules. Every change counts the Recruit revision, which ends the snapshots of listings."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshots = Snapshots(database)

    def ids(self, listing: Listing) -> array[int]:
        """The ids of a listing, in its order (by default by id). KeyError where the sort field is unknown."""
        states = _states(listing.converted, listing.approved)
        sql = f"SELECT id FROM record WHERE module=? AND state IN ({','.join('?' * len(states))})"  # noqa: S608 - marks
        values: list[str | int | float] = [listing.module.number, *states]
        if listing.since is not None:
            sql += " AND stamp>=?"
            values.append(listing.since)
        if listing.where is not None:
            sql += f" AND ({listing.where.sql})"
            values += listing.where.values
        direction = " DESC" if listing.descending else ""
        keys = [] if listing.sort in ("", "id") else [self._sort_key(listing.module, listing.sort)]
        sql += " ORDER BY " + ", ".join(f"{key}{direction}" for key in [*keys, "id"])
        return self._snapshots.ids("recruit", sql, values)

    @staticmethod
    def _sort_key(module: ModuleSpec, field: str) -> str:
        return "stamp" if field == module.stamp else column(module, field)

    def page(self, module: ModuleSpec, ids: Sequence[int], fields: Sequence[str] | None) -> list[bytes]:
        """The JSON objects of some records, in the order of `ids`; `fields` None means all. Gone ones are left out."""
        marks = ",".join("?" * len(ids))
        with self._database.reading() as connection:
            found = connection.execute(f"SELECT id, state, data FROM record WHERE id IN ({marks})", ids)  # noqa: S608 - marks
            rows = {row[0]: (row[1], row[2]) for row in found}
        names = [field.name for field in module.fields]
        wanted = names if fields is None else [name for name in fields if name in names]
        places = [(b',"%s":' % name.encode(), names.index(name)) for name in wanted]
        system = None if fields is None else [name for name in fields if name.startswith("$")]
        return [self._object(key, *rows[key], places, system) for key in ids if key in rows]

    @staticmethod
    def _object(
        key: int, state: int, data: bytes, places: Sequence[tuple[bytes, int]], system: Sequence[str] | None
    ) -> bytes:
        pieces = _PIECES.decode(data)
        parts = [b'{"id":"%d"' % key]
        for name, place in places:
            parts += (name, bytes(pieces[place]))
        if system is None or system:
            marks = system_values(state)
            parts += (
                b',"%s":%s' % (name.encode(), msgspec.json.encode(value))
                for name, value in marks.items()
                if system is None or name in system
            )
        return b"".join((*parts, b"}"))

    def get(self, record_id: int) -> dict[str, Any] | None:
        """One record's values by API name, with `id` (an int) and `$state`; None where it does not exist."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT module, state, data FROM record WHERE id=?", (record_id,)).fetchone()
        if found is None:
            return None
        names = (field.name for field in BY_NUMBER[found[0]].fields)
        return dict(zip(names, _VALUES.decode(found[2]), strict=True)) | {"id": record_id, "$state": found[1]}

    def module_of(self, record_id: int) -> ModuleSpec | None:
        """The module that an existing record belongs to."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT module FROM record WHERE id=?", (record_id,)).fetchone()
        return BY_NUMBER[found[0]] if found else None

    def add(self, module: ModuleSpec, values: Mapping[str, Any], when: int, state: int = 0) -> int:
        """A new record; its id follows the highest one that the module ever gave out."""
        with self._database.writing() as connection:
            block = id_range(module)
            highest = [
                connection.execute(f"SELECT max(id) FROM {table} WHERE id>=? AND id<?", block).fetchone()[0] or 0  # noqa: S608 - own names
                for table in ("record", "deleted")
            ]
            record_id = max(*highest, block[0] - 1) + 1
            full_name = " ".join(str(values[key]) for key in ("First_Name", "Last_Name") if values.get(key))
            stamps = {"Created_Time": stamp_text(when), module.stamp: stamp_text(when), "Full_Name": full_name}
            insert(connection, [row(module, record_id, state, when, {**values, **stamps})])
            self._database.changed("recruit")
        return record_id

    def edit(self, record_id: int, changes: Mapping[str, Any], when: int, state: int | None = None) -> None:
        """Change fields (and the state) of a record, which gets a new stamp. KeyError where it does not exist."""
        with self._database.writing() as connection:
            values, module = self.get(record_id), self.module_of(record_id)
            if values is None or module is None:
                raise KeyError(record_id)
            values |= {**changes, module.stamp: stamp_text(when)}
            connection.execute(
                "UPDATE record SET state=?, stamp=?, email=?, data=? WHERE id=?",
                (
                    values["$state"] if state is None else state,
                    when,
                    folded(values.get("Email")),
                    encoded(module, values),
                    record_id,
                ),
            )
            self._database.changed("recruit")

    def convert(self, record_id: int, when: int) -> None:
        """Convert a candidate: it leaves the default listing and is found with converted=true."""
        changes = {"Candidate_Status": "Converted - Employee", "Is_Locked": True}
        self.edit(record_id, changes, when, state=CONVERTED)

    def delete(self, record_id: int, when: int, kind: str = "recycle") -> None:
        """Delete a record into the recycle bin, or for good (`permanent`). KeyError where it does not exist."""
        with self._database.writing() as connection:
            values, module = self.get(record_id), self.module_of(record_id)
            if values is None or module is None:
                raise KeyError(record_id)
            connection.execute("DELETE FROM record WHERE id=?", (record_id,))
            connection.execute("DELETE FROM association WHERE candidate=? OR opening=?", (record_id, record_id))
            connection.execute(
                "INSERT INTO deleted VALUES (?, ?, ?, ?, ?)",
                (record_id, module.number, str(values.get(module.display) or ""), kind, when),
            )
            self._database.changed("recruit")

    def deleted(
        self, module: ModuleSpec, kind: str, since: int | None, first: int, count: int
    ) -> list[tuple[int, str, str, int]]:
        """Rows (id, name, type, moment) of the deleted list, oldest first, from place `first`; up to `count` + 1."""
        sql = "SELECT id, name, type, deleted FROM deleted WHERE module=? AND (?='all' OR type=?) AND deleted>=?"
        sql += " ORDER BY deleted, id LIMIT ? OFFSET ?"
        with self._database.reading() as connection:
            return connection.execute(sql, (module.number, kind, kind, since or 0, count + 1, first)).fetchall()

    def empty_bin(self, before: int) -> int:
        """Make recycled records that were deleted before a moment permanent; how many."""
        with self._database.writing() as connection:
            done = connection.execute(
                "UPDATE deleted SET type='permanent' WHERE type='recycle' AND deleted<?", (before,)
            )
            return done.rowcount

    def associations(self, module: ModuleSpec, record_id: int) -> list[tuple[int, str]]:
        """Ids and statuses of what is associated with a candidate (openings) or an opening (candidates)."""
        mine, other = ("candidate", "opening") if module is CANDIDATES else ("opening", "candidate")
        sql = f"SELECT {other}, status FROM association WHERE {mine}=? ORDER BY {other}"  # noqa: S608 - own names
        with self._database.reading() as connection:
            return connection.execute(sql, (record_id,)).fetchall()

    def associate(self, opening: int, candidate: int, status: str = "Associated") -> None:
        """Associate a candidate with a job opening."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO association VALUES (?, ?, ?)", (opening, candidate, status))
            self._database.changed("recruit")

    def matching(self, module: ModuleSpec, where: Clause, most: int) -> list[int]:
        """The first unconverted, approved records that satisfy a condition; it looks no further than it must."""
        sql = f"SELECT id FROM record WHERE id>=? AND id<? AND state=0 AND ({where.sql}) ORDER BY id LIMIT ?"  # noqa: S608 - own SQL
        with self._database.reading() as connection:
            return [found[0] for found in connection.execute(sql, (*id_range(module), *where.values, most))]

    def live_with(self, email: str) -> list[int]:
        """The live, unconverted records of all modules that carry a folded address."""
        marks = ",".join("?" * len(BY_NUMBER))
        sql = f"SELECT id FROM record WHERE module IN ({marks}) AND email=? AND state=0 ORDER BY id"  # noqa: S608 - marks
        with self._database.reading() as connection:
            return [found[0] for found in connection.execute(sql, (*BY_NUMBER, email))]

    def count(self, module: ModuleSpec = CANDIDATES) -> int:
        """How many records a module has, converted and unapproved ones included."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM record WHERE module=?", (module.number,)).fetchone()[0])


def system_values(state: int) -> dict[str, Any]:
    """The `$` values that a full record carries."""
    return {
        "$converted": bool(state & CONVERTED),
        "$converted_detail": {},
        "$approved": not state & UNAPPROVED,
        "$approval": {"delegate": False, "approve": False, "reject": False, "resubmit": False},
        "$process_flow": False,
        "$editable": not state & CONVERTED,
        "$followed": False,
        "$currency_symbol": "€",
    }


def json_text(value: object) -> str:
    """A value as JSON text, for columns that hold small documents."""
    return json.dumps(value, ensure_ascii=False)
