"""Pages of a listing in their order, a few fetched ahead."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from tui_sync.model.errors import BadAnswer

PER_PAGE = 200
AHEAD = 5
"""Pages under way at once: at 300 ms a call, 100 000 records come in half a minute; every edition allows so many."""



class Named(Protocol):
    """What a listing lists."""

    @property
    def id(self) -> str:
        """Its id."""


T = TypeVar("T")
N = TypeVar("N", bound=Named)


class Sheet(msgspec.Struct, Generic[T], frozen=True):
    """One page of a listing: its items, whether more follow, and the server's own time of the answer."""

    items: list[T]
    more: bool
    at: datetime


Fetch = Callable[[int], Coroutine[Any, Any, Sheet[T]]]


async def sheets(fetch: Fetch[T], ahead: int = AHEAD) -> AsyncGenerator[Sheet[T], None]:
    """All pages from number 1 to the last, in order; the first is always given, a later one only if it has items.

    Starts with one page and fetches one more ahead after every second page, because each page asked for beyond the end
    is paid for. What is under way is cancelled when the listing ends, fails or is left.
    """
    under_way: deque[asyncio.Task[Sheet[T]]] = deque()
    given = asked = 0
    more = True
    try:
        while more:
            while len(under_way) < min(1 + given // 2, ahead):
                asked += 1
                under_way.append(asyncio.create_task(fetch(asked)))
            sheet = await under_way.popleft()
            given += 1
            more = sheet.more and bool(sheet.items)
            if sheet.items or given == 1:
                yield sheet
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def listing(fetch: Fetch[N], host: str, what: str, ahead: int = AHEAD) -> AsyncGenerator[Sheet[N], None]:
    """All pages of `what`, as `sheets` gives them. Raises BadAnswer where one is empty and says that more follow, for some would
    be missing, or comes twice, for it would never end."""

    async def checked(number: int) -> Sheet[N]:
        sheet = await fetch(number)
        if sheet.more and not sheet.items:
            raise BadAnswer(f"{host} gave an empty page of {what} and says that more follow.", "See: tui-sync doctor")
        return sheet

    begun: set[str] = set()
    async with aclosing(sheets(checked, ahead)) as found:
        async for sheet in found:
            first = sheet.items[0].id if sheet.items else ""
            if first in begun:
                raise BadAnswer(f"{host} gave one page of {what} twice.", "See: tui-sync doctor")
            if first:
                begun.add(first)
            yield sheet
