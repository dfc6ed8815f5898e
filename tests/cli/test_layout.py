"""Columns of text: widths of characters, cutting, and fitting into a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_sync.cli.layout import GAP, NARROWEST, crop, fit, keep, line, width


def test_east_asian_characters_take_two_cells_and_combining_marks_none() -> None:
    assert width("Rao") == 3
    assert width("李伟") == 4
    assert width("e\u0301") == 1


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert crop("Asha Rao", 8) == "Asha Rao"


def test_a_longer_text_ends_in_an_ellipsis() -> None:
    assert crop("Asha Rao", 6) == "Asha \N{HORIZONTAL ELLIPSIS}"


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_cut_text_never_takes_more_cells_than_it_may(text: str, limit: int) -> None:
    assert width(crop(text, limit)) <= limit


WIDTHS = st.lists(st.integers(min_value=0, max_value=300), min_size=1, max_size=12)


@given(WIDTHS, st.integers(min_value=1, max_value=300))
def test_columns_fit_wherever_all_at_their_narrowest_would(natural: list[int], room: int) -> None:
    widths = fit(natural, room)
    needed = sum(min(wide, NARROWEST) for wide in natural) + len(GAP) * (len(natural) - 1)
    assert all(now <= was for now, was in zip(widths, natural, strict=True))
    assert sum(widths) + len(GAP) * (len(widths) - 1) <= max(room, needed)


@given(WIDTHS)
def test_without_a_width_to_fit_nothing_is_cut(natural: list[int]) -> None:
    assert fit(natural, None) == natural


def test_a_row_is_padded_by_cells_and_has_no_blanks_at_its_end() -> None:
    assert line(["李", "7", "x"], [4, 3, 5], [False, True, False], cut=True) == "李      7  x"


def test_a_narrow_terminal_does_without_the_spare_columns_in_their_order_and_no_more_than_needed() -> None:
    assert keep([3, 20, 9, 50], [3, 2], None) == [0, 1, 2, 3]
    assert keep([3, 20, 9, 50], [3, 2], 68) == [0, 1, 2, 3]
    assert keep([3, 20, 9, 50], [3, 2], 67) == [0, 1, 2]
    assert keep([3, 20, 9, 50], [3, 2], 35) == [0, 1]
    assert keep([3, 20, 9, 50], [3, 2], 10) == [0, 1]
