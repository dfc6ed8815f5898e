"""The baseline: what somebody would write with httpx, sqlite3 and email-validator for the same job, and nothing more.

python -m tests.benchmarks.bare ORIGIN DATABASE [--since] [--no-validation]

Fetches every page (or what changed), keeps those that match "(1 and 2) and (3 or 4)", validates the address, maps the
fields and upserts. No outcomes, no ledger, no duplicates by address, no resume.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import httpx

from tests.benchmarks.job import COLUMNS, FIELDS, believed, matches, validation

UPSERT = "INSERT INTO lead({columns}) VALUES ({marks}) ON CONFLICT(id) DO UPDATE SET {settings}"
values = itemgetter(*tuple(FIELDS.values())[1:])


def mapped(record: dict[str, Any], email_of: Callable[[str | None], str | None]) -> tuple[str, ...] | None:
    """The id and the mapped fields, or None where the address is not valid."""
    email = email_of(record["Email"])
    return None if email is None else (record["id"], email, *values(record))


def main(origin: str, database: str, since: bool, validate: bool) -> None:
    """Fetch, match, map, store; a commit a page."""
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute(f"CREATE TABLE IF NOT EXISTS lead(id TEXT PRIMARY KEY, {', '.join(COLUMNS[1:])}) WITHOUT ROWID")
    settings = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    upsert = UPSERT.format(columns=", ".join(COLUMNS), marks=", ".join("?" * len(COLUMNS)), settings=settings)
    email_of = validation() if validate else believed
    headers = {"If-Modified-Since": "2024-01-01T00:00:00Z"} if since else {}
    page, more, read = 1, True, 0
    with httpx.Client(headers=headers) as client:
        while more:
            answer = client.get(f"{origin}/recruit/v2/Candidates?per_page=200&page={page}").json()
            rows = [row for record in answer["data"] if matches(record) and (row := mapped(record, email_of))]
            store.execute("BEGIN")
            store.executemany(upsert, rows)
            store.execute("COMMIT")
            read += len(answer["data"])
            page, more = page + 1, answer["info"]["more_records"]
    print(read, store.execute("SELECT count(*) FROM lead").fetchone()[0])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--since" in sys.argv, "--no-validation" not in sys.argv)
