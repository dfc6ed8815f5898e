"""Columns of text: how wide a text is on a terminal, and tables that fit into a width. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

GAP = "  "
NARROWEST = 4
"""A column is never cut below this width."""

COMFORT = 30
"""Cells in which most texts can be understood."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def width(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def crop(text: str, limit: int) -> str:
    """The text in at most `limit` cells; a longer one ends in an ellipsis."""
    if width(text) <= limit:
        return text
    kept, taken = [], 0
    for char in text:
        taken += _cells(char)
        if taken >= limit:
            break
        kept.append(char)
    return "".join(kept) + ELLIPSIS


def keep(natural: Sequence[int], spare: Sequence[int], room: int | None) -> list[int]:
    """Which columns to show: all, less as many of the `spare` ones (in that order) as it takes to fit into `room`.

    A column wider than COMFORT may be cut to that before another one goes.
    """
    kept = list(range(len(natural)))
    for column in spare:
        if room is None or sum(min(natural[index], COMFORT) for index in kept) + len(GAP) * (len(kept) - 1) <= room:
            break
        kept.remove(column)
    return kept


def fit(natural: Sequence[int], room: int | None) -> list[int]:
    """The widths of columns: their `natural` ones, the widest cut until all fit into `room` (None: any width)."""
    widths = list(natural)
    if room is None:
        return widths
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    while over > 0 and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
        over -= 1
    return widths


def line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, cut: bool) -> str:
    """One row: cells padded to their widths, cut to them if `cut`, without blanks at the end."""
    shown = []
    for text, wide, to_right in zip(cells, widths, right, strict=True):
        fitted = crop(text, wide) if cut else text
        padding = " " * (wide - width(fitted))
        shown.append(padding + fitted if to_right else fitted + padding)
    return GAP.join(shown).rstrip()
