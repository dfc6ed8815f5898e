"""The baseline: what somebody would write with httpx, sqlite3 and email-validator for the same job, and nothing more.

python -m tests.benchmarks.bare ORIGIN DATABASE [--since] [--no-validation]

Fetches every page (or what changed), keeps those that match "(1 and 2) and (3 or 4)", validates the address, maps five
fields and upserts. No outcomes, no ledger, no duplicates by address, no resume.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from typing import Any

import httpx

from tests.benchmarks.job import believed, matches, validation

UPSERT = """INSERT INTO lead(id, email, first, last, city, phone) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET
email = excluded.email, first = excluded.first, last = excluded.last, city = excluded.city, phone = excluded.phone"""


def mapped(record: dict[str, Any], email_of: Callable[[str | None], str | None]) -> tuple[str, ...] | None:
    """The five mapped fields, or None where the address is not valid."""
    email = email_of(record["Email"])
    return None if email is None else (
        record["id"], email, record["First_Name"], record["Last_Name"], record["City"], record["Mobile"]
    )  # fmt: skip


def main(origin: str, database: str, since: bool, validate: bool) -> None:
    """Fetch, match, map, store; a commit a page."""
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("CREATE TABLE IF NOT EXISTS lead(id TEXT PRIMARY KEY, email, first, last, city, phone) WITHOUT ROWID")
    email_of = validation() if validate else believed
    headers = {"If-Modified-Since": "2024-01-01T00:00:00Z"} if since else {}
    page, more, read = 1, True, 0
    with httpx.Client(headers=headers) as client:
        while more:
            answer = client.get(f"{origin}/recruit/v2/Candidates?per_page=200&page={page}").json()
            rows = [row for record in answer["data"] if matches(record) and (row := mapped(record, email_of))]
            store.execute("BEGIN")
            store.executemany(UPSERT, rows)
            store.execute("COMMIT")
            read += len(answer["data"])
            page, more = page + 1, answer["info"]["more_records"]
    print(read, store.execute("SELECT count(*) FROM lead").fetchone()[0])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--since" in sys.argv, "--no-validation" not in sys.argv)
