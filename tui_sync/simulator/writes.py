"""Which write calls about which person the hub has carried out: whoever drives the simulator sees what was sent twice."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Writes:
    """Counts of this process, by endpoint and address."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def add(self, endpoint: str, email: str) -> None:
        """Count a call about a person."""
        with self._lock:
            self._counts[endpoint, email] += 1

    def counts(self) -> dict[tuple[str, str], int]:
        """How many calls each endpoint carried out for each address."""
        with self._lock:
            return dict(self._counts)

    def clear(self) -> None:
        """Count anew from here on."""
        with self._lock:
            self._counts.clear()
