"""Prefetching: in order, a bounded number at once, nothing left running."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from tests.contract.wire_fixtures import NOW
from tui_sync.recruit.paging import AHEAD, Sheet, sheets


class Source:
    """Pages of one number each, answered in the reverse order where several are under way."""

    def __init__(self, last: int, *, fails: int = 0) -> None:
        self.last, self.fails = last, fails
        self.asked: list[int] = []
        self.cancelled: list[int] = []
        self.most = self.running = 0

    async def fetch(self, number: int) -> Sheet[int]:
        """One page; later pages answer sooner."""
        self.asked.append(number)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(20 - number % 20):
                await asyncio.sleep(0)
            if number == self.fails:
                raise ValueError("no page")
            return Sheet([number] if number <= self.last else [], number < self.last, NOW)
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        finally:
            self.running -= 1


def numbers(source: Source, stop_after: int = 0) -> list[int]:
    """The numbers of all pages, or of the first few."""

    async def scenario() -> list[int]:
        found: list[int] = []
        async with aclosing(sheets(source.fetch)) as pages:
            async for page in pages:
                found += page.items
                if len(found) == stop_after:
                    break
        assert len(asyncio.all_tasks()) == 1
        return found

    return asyncio.run(scenario())


def test_pages_come_in_order_and_five_at_most_are_under_way() -> None:
    source = Source(60)
    assert numbers(source) == list(range(1, 61))
    assert source.most == AHEAD == 5


@pytest.mark.parametrize(("last", "most"), [(1, 1), (2, 2), (3, 4), (10, 14), (100, 104)])
def test_few_pages_are_asked_for_beyond_the_end(last: int, most: int) -> None:
    source = Source(last)
    assert numbers(source) == list(range(1, last + 1))
    assert len(source.asked) <= most


def test_what_is_under_way_is_cancelled_when_the_listing_is_left() -> None:
    source = Source(60)
    assert numbers(source, stop_after=20) == list(range(1, 21))
    assert source.running == 0
    assert source.cancelled


def test_what_is_under_way_is_cancelled_when_a_page_fails() -> None:
    source = Source(60, fails=20)
    with pytest.raises(ValueError, match="no page"):
        numbers(source)
    assert source.running == 0
    assert source.cancelled


def test_a_failure_beyond_the_end_is_nobodys_concern() -> None:
    assert numbers(Source(20, fails=21)) == list(range(1, 21))


def test_an_empty_listing_gives_one_empty_page_and_an_empty_last_page_none() -> None:
    async def scenario(source: Source) -> list[list[int]]:
        return [page.items async for page in sheets(source.fetch)]

    assert asyncio.run(scenario(Source(0))) == [[]]

    async def claims_more(number: int) -> Sheet[int]:
        return Sheet([number] if number < 4 else [], True, NOW)

    async def read() -> list[list[int]]:
        return [page.items async for page in sheets(claims_more)]

    assert asyncio.run(read()) == [[1], [2], [3]]
