"""Counts the turns that the event loop has while some work goes on: whoever takes none holds up everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def beside(work: Coroutine[Any, Any, T]) -> tuple[T, int]:
    """What the work comes to, and how many turns others had meanwhile."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    ticking = asyncio.create_task(others())
    await asyncio.sleep(0)
    turns = 0
    try:
        return await work, turns
    finally:
        ticking.cancel()
