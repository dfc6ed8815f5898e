"""Filtering and sorting many rows in slices, so that the event loop gets its turn between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from heapq import merge
from time import perf_counter
from typing import Any

SLICE = 500
"""Rows handled between two looks at the clock."""
TURN = 0.005
"""Seconds after which the event loop gets its turn."""


def at_once(
    rows: Sequence[Any], keep: Callable[[Any], bool] | None, key: Callable[[Any], Any] | None, *, descending: bool
) -> Sequence[int]:
    """The places of the rows that `keep` is true for, sorted by `key`, without a turn for anybody; None for all, and unsorted."""
    places = range(len(rows)) if keep is None else [place for place, row in enumerate(rows) if keep(row)]
    return places if key is None else sorted(places, key=lambda place: key(rows[place]), reverse=descending)


async def kept(rows: Sequence[Any], keep: Callable[[Any], bool]) -> list[int]:
    """The places of the rows that `keep` is true for, in order."""
    places: list[int] = []
    begun = perf_counter()
    for start in range(0, len(rows), SLICE):
        stop = min(start + SLICE, len(rows))
        places += [place for place in range(start, stop) if keep(rows[place])]
        begun = await _turn(begun)
    return places


async def ordered(
    rows: Sequence[Any], places: Sequence[int], key: Callable[[Any], Any], *, descending: bool
) -> list[int]:
    """The places sorted by the key of their rows, stable in both directions. Keys must be comparable with each other."""
    runs: list[list[int]] = []
    begun = perf_counter()
    for start in range(0, len(places), SLICE):
        runs.append(sorted(places[start : start + SLICE], key=lambda place: key(rows[place]), reverse=descending))
        begun = await _turn(begun)
    if len(runs) <= 1:
        return runs[0] if runs else []
    whole: list[int] = []
    for place in merge(*runs, key=lambda place: key(rows[place]), reverse=descending):
        whole.append(place)
        if len(whole) % SLICE == 0:
            begun = await _turn(begun)
    return whole


async def _turn(begun: float) -> float:
    """Give the event loop its turn if it is due; gives when the present one began."""
    if perf_counter() - begun < TURN:
        return begun
    await asyncio.sleep(0)
    return perf_counter()
