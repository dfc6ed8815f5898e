"""Stock TinyDB, as its own documentation shows it.

python -m tests.benchmarks.peers.tinydb_load ORIGIN FILE [--first N]

Without `--first` everything is gathered in memory and written once, in the end; with it the first N records are upserted one
by one, each of which reads and writes the whole file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx
from tinydb import TinyDB, where

from tests.benchmarks.job import mapping, matches


def records(origin: str) -> Iterator[dict[str, Any]]:
    """All records, page after page."""
    page, more = 1, True
    with httpx.Client() as client:
        while more:
            answer = client.get(f"{origin}/recruit/v2/Candidates?per_page=200&page={page}").json()
            yield from answer["data"]
            page, more = page + 1, answer["info"]["more_records"]


def main(origin: str, file: str, first: int | None) -> None:
    """Fetch, match, map, validate, store."""
    rows = filter(None, map(mapping(), filter(matches, islice(records(origin), first))))
    with TinyDB(file) as database:
        if first is None:
            database.insert_multiple(rows)
        else:
            for row in rows:
                database.upsert(row, where("id") == row["id"])
        print(len(database))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[-1]) if "--first" in sys.argv else None)
