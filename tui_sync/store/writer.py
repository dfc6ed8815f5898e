"""Commits in a thread of their own: while SQLite works through a page of documents, Python makes the next one.

A commit is a few statements over many documents each, so the thread seldom needs the interpreter. On two cores this took a
third off a first load of 100 000 records.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import RLock

from tui_sync.store.rowfile import Rows, Statement

TURN = 0.0001
"""Seconds after which a thread gives way: with Python's own 5 ms the writer waits longer for its turns than it works, with 0.5 ms
a first load of 100 000 still takes a twentieth longer."""


class Writer:
    """One thread with a connection of its own, both made at the first commit. `turn`: who has it writes."""

    def __init__(self, path: Path, turn: RLock) -> None:
        self._path, self._turn = path, turn
        self._thread: ThreadPoolExecutor | None = None
        self._rows: Rows | None = None

    async def commit(self, statements: Sequence[Statement]) -> None:
        """Make all statements in one durable commit. Raises Damaged or RunError; then none was made.

        A commit under way cannot be called back: who is cancelled, however often, waits for its end, so that nothing comes after
        their locks.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
            sys.setswitchinterval(TURN)
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._commit, statements)
        stop: asyncio.CancelledError | None = None
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError as cancelled:
                stop = cancelled
        if stop is not None:
            work.exception()  # of a commit that failed nobody hears but who was cancelled
            raise stop
        work.result()

    def _commit(self, statements: Sequence[Statement]) -> None:
        if self._rows is None:
            self._rows = Rows(self._path, {}, self._turn)
        with self._rows.batch():
            for sql, values in statements:
                self._rows.execute(sql, values)

    def close(self) -> None:
        """Wait for a commit under way, and close the connection."""
        if self._thread is not None:
            self._thread.submit(self._close).result()
            self._thread.shutdown()
            self._thread = None

    def _close(self) -> None:
        if self._rows is not None:
            self._rows.close()
            self._rows = None
