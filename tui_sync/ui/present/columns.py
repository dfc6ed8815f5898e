"""Which columns of a table a terminal has room for, and how wide each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_sync.ui.present.lines import Line, Span, Tone, clip_line, pad, width_of

GAP = 2
"""Cells between two columns."""

BEARABLE = 0.75
"""The share of its width that a column may be cut to before another one is left out for it."""

FEW = 0.15
"""The share of the rows that are measured whose long cells may be cut to keep those of another column whole."""

Cell = str | Span | Line
"""What stands in one field of a table."""


class Column(NamedTuple):
    """A column: its title, the cells it needs and may take, and when it is left out: the highest `spare` goes first, 0
    never goes. What room is left over goes to the columns with `grow`; one that is `firm` is cut after all others, one that is
    `loose` before them; one that is `whole` is not cut while another can be left out or cut for it; where only few rows need its
    width, one that `yields` is cut before any other."""

    title: str
    least: int = 4
    most: int = 40
    right: bool = False
    spare: int = 0
    grow: bool = False
    firm: bool = False
    loose: bool = False
    whole: bool = False
    yields: bool = False


def as_line(cell: Cell) -> Line:
    """A cell as a line."""
    if isinstance(cell, Span):
        return (cell,)
    return (Span(cell),) if isinstance(cell, str) else cell


class Widths(NamedTuple):
    """How wide each column would like to be, and how wide it must be for all rows but a few; the same where it does not yield."""

    wished: list[int]
    usual: list[int]


def measured(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Widths:
    """The widths of the columns for these rows, within their bounds."""
    wide: list[list[int]] = [[] for _ in columns]
    for row in rows:
        for sizes, cell in zip(wide, row, strict=True):
            sizes.append(cell_len(cell) if isinstance(cell, str) else width_of(as_line(cell)))
    found = Widths([], [])
    for column, sizes in zip(columns, wide, strict=True):
        longest = sorted(sizes, reverse=True) or [0]
        for place, widths in ((0, found.wished), (int(len(sizes) * FEW) if column.yields else 0, found.usual)):
            widths.append(min(max(longest[place], cell_len(column.title), column.least), column.most))
    return found


def natural(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> list[int]:
    """How wide each column would like to be for these rows, within its bounds."""
    return measured(columns, rows).wished


def fit(columns: Sequence[Column], wished: Sequence[int], width: int, usual: Sequence[int] = ()) -> list[int]:
    """The width of each column in a terminal of `width` cells; 0 for those left out.

    What the columns need beyond `usual` goes first. Columns that can be spared go as long as the others would have to be cut by
    more than a quarter, or a whole one at all; then all shrink in turn, the widest first, the loose ones before and the firm ones
    after the others. Room that is left goes to those that had to give some, then to those that grow.
    """
    sizes = _shrunk(columns, usual or wished, width)
    for place, size in enumerate(sizes):
        if size:
            sizes[place] += max(0, min(wished[place] - size, width - _total(sizes)))
    growing = [place for place, column in enumerate(columns) if column.grow and sizes[place]]
    left = width - _total(sizes)
    for number, place in enumerate(growing):
        share = left // (len(growing) - number)
        sizes[place] += max(0, share)
        left -= max(0, share)
    return sizes


def _shrunk(columns: Sequence[Column], wished: Sequence[int], width: int) -> list[int]:
    sizes = list(wished)
    spare = sorted((p for p in range(len(columns)) if columns[p].spare), key=lambda p: -columns[p].spare)
    for place in spare:
        bearable = [size if columns[p].whole else min(size, max(columns[p].least, round(size * BEARABLE)))
                    for p, size in enumerate(sizes)]  # fmt: skip
        if _total(bearable) <= width:
            break
        sizes[place] = 0
    for place in reversed(spare):  # where a wide one was left out, narrow ones may have room after all
        if not sizes[place] and _total([*sizes, wished[place]]) <= width:
            sizes[place] = wished[place]
    while _total(sizes) > width:
        cuttable = [p for p, size in enumerate(sizes) if size > columns[p].least]
        soft = [p for p in cuttable if not columns[p].firm] or [p for p in cuttable if not columns[p].whole]
        soft = [p for p in cuttable if columns[p].loose] or soft
        place = max(soft or range(len(sizes)), key=lambda p: sizes[p] - columns[p].least if sizes[p] else -1)
        if sizes[place] <= 1:
            break
        sizes[place] -= 1
    return sizes


def _total(sizes: Sequence[int]) -> int:
    shown = [size for size in sizes if size]
    return sum(shown) + GAP * max(0, len(shown) - 1)


def table_line(columns: Sequence[Column], sizes: Sequence[int], row: Sequence[Cell]) -> Line:
    """One row as a line, each cell in the width of its column."""
    spans: list[Span] = []
    for column, size, cell in zip(columns, sizes, row, strict=True):
        if not size:
            continue
        if spans:
            spans.append(Span(" " * GAP))
        if isinstance(cell, str):
            spans.append(Span(pad(cell, size, right=column.right)))
        else:
            spans += _padded(as_line(cell), size, right=column.right)
    return tuple(spans)


def _padded(cell: Line, size: int, *, right: bool) -> Line:
    cut = clip_line(cell, size)
    blanks = Span(" " * (size - width_of(cut)))
    return (blanks, *cut) if right else (*cut, blanks)


def header(columns: Sequence[Column], sizes: Sequence[int], sorted_by: int | None, *, descending: bool) -> Line:
    """The line of titles, with an arrow at the one that the rows are sorted by."""
    titles = [
        f"{column.title}{'▾' if descending else '▴'}" if place == sorted_by else column.title
        for place, column in enumerate(columns)
    ]
    plain = table_line(columns, sizes, titles)
    return tuple(part._replace(tone=Tone.DIM) for part in plain)
