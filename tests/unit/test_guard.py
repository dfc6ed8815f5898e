"""A mass removal is withheld until somebody approves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tui_sync.engine.guard import guard
from tui_sync.engine.removals import Departure
from tui_sync.model.outcomes import Cause
from tui_sync.model.sync import Removal


def leaving(count: int, cause: Cause = Cause.DELETED) -> list[Departure]:
    """That many people who leave the list for one cause."""
    return [
        Departure(f"{cause}{number}@example.com", "zylker", Removal.LIST, cause, str(number)) for number in range(count)
    ]


def guarded(removals: list[Departure], managed: Callable[[], int]) -> tuple[list[Departure], list[Departure]]:
    """What the guard says where so many people are managed."""

    async def count() -> int:
        return managed()

    return asyncio.run(guard(removals, count))


async def hundred() -> int:
    return 100


def never_asked() -> int:
    raise AssertionError("the people managed were counted without need")


def test_ten_people_go_however_few_are_managed() -> None:
    ten = leaving(10)
    assert guarded(ten, lambda: 10) == (ten, [])


def test_eleven_people_are_withheld_when_they_are_more_than_a_tenth() -> None:
    eleven = leaving(11)
    assert guarded(eleven, lambda: 109) == ([], eleven)


def test_eleven_people_go_when_they_are_just_a_tenth() -> None:
    eleven = leaving(11)
    assert guarded(eleven, lambda: 110) == (eleven, [])


def test_sixty_of_a_hundred_are_withheld() -> None:
    sixty = leaving(60)
    assert guarded(sixty, lambda: 100) == ([], sixty)


def test_removals_by_opt_out_are_never_withheld() -> None:
    sixty = leaving(60, Cause.OPTED_OUT)
    assert guarded(sixty, lambda: 60) == (sixty, [])


def test_removals_by_opt_out_go_on_while_the_others_are_withheld() -> None:
    opted_out, deleted = leaving(30, Cause.OPTED_OUT), leaving(11)
    assert guarded([*deleted, *opted_out], lambda: 41) == (opted_out, deleted)


def test_removals_by_opt_out_do_not_push_the_others_over_the_limit() -> None:
    both = [*leaving(10), *leaving(30, Cause.OPTED_OUT)]
    assert guarded(both, lambda: 40) == (both, [])


def test_deletion_conversion_and_changed_address_count_together() -> None:
    mixed = [*leaving(4), *leaving(4, Cause.CONVERTED), *leaving(4, Cause.ADDRESS_CHANGED)]
    assert guarded(mixed, lambda: 100) == ([], mixed)


def test_a_few_beside_many_that_wait_are_withheld_with_them_and_nobody_beside_them_is_nothing() -> None:
    two, opted_out = leaving(2), leaving(5, Cause.OPTED_OUT)
    assert asyncio.run(guard([*two, *opted_out], hundred, 9)) == (opted_out, two)
    assert asyncio.run(guard(two, hundred, 8)) == (two, [])
    assert asyncio.run(guard(opted_out, hundred, 60)) == (opted_out, [])


def test_people_are_counted_only_when_it_matters() -> None:
    few = [*leaving(10), *leaving(60, Cause.OPTED_OUT)]
    assert guarded(few, never_asked) == (few, [])


@given(
    st.lists(st.sampled_from(Cause), max_size=400),
    st.integers(0, 4000) | st.integers(0, 400).map(lambda number: number * 10),
)
def test_everyone_goes_or_is_withheld_by_the_two_limits_together(causes: list[Cause], managed: int) -> None:
    everyone = [
        Departure(f"p{number}@example.com", "zylker", Removal.HUB, cause, str(number))
        for number, cause in enumerate(causes)
    ]
    going, withheld = guarded(everyone, lambda: managed)
    sparing = [departure for departure in everyone if departure.cause is not Cause.OPTED_OUT]
    mass = len(sparing) > 10 and Fraction(len(sparing)) > Fraction(managed, 10)
    assert withheld == (sparing if mass else [])
    assert going == [departure for departure in everyone if departure not in withheld]
