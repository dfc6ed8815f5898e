"""The one owner of stdout: tables for people, JSON, JSON lines and CSV for programs.

Text that came from elsewhere is made visible in tables and CSV; JSON is plain ASCII, so nothing in it steers a terminal
and any locale can print it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TextIO

import msgspec

from tui_sync.cli import layout
from tui_sync.model.text import csv_safe, visible

Cell = str | int | None
SAMPLE = 1000
"""Rows after which the widths of a table are fixed, so that a long one is printed while it is read."""


def text(line: str) -> None:
    """One line for people."""
    sys.stdout.write(visible(line) + "\n")


def document(content: str) -> None:
    """A whole text exactly as it is."""
    sys.stdout.write(content)


def flush() -> None:
    """Hand over what was printed so far."""
    sys.stdout.flush()


def abandon() -> None:
    """Nobody reads stdout any more: what is still printed goes nowhere, and nobody complains at the end."""
    _to_nowhere(sys.stdout)


def abandon_unwritable() -> None:
    """The end of the program: what a stream still holds and cannot get rid of goes nowhere, since Python would complain of it and
    end with a status of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _to_nowhere(stream)


def abandon_terminal() -> None:
    """The line to the terminal is broken: nothing that is still written to it may fail. Files and pipes go on."""
    for stream in (sys.stdout, sys.stderr):
        if stat.S_ISCHR(os.fstat(stream.fileno()).st_mode):  # a lost terminal no longer says that it is one
            _to_nowhere(stream)


def _to_nowhere(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def one(key: str, value: object) -> None:
    """A JSON object with one key."""
    sys.stdout.write(_json({key: value}) + "\n")


def listing(key: str, items: Iterable[object]) -> None:
    """A JSON object with one key whose value is a list, an item a line."""
    sys.stdout.write(f"{{{_json(key)}: [")
    between = "\n"
    for item in items:
        sys.stdout.write(between + _json(item))
        between = ",\n"
    sys.stdout.write("]}\n" if between == "\n" else "\n]}\n")


def json_lines(items: Iterable[object]) -> None:
    """One JSON object a line."""
    for item in items:
        sys.stdout.write(_json(item) + "\n")


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]], spare: Sequence[str] = ()) -> None:
    """A table; columns of numbers stand to the right, also where some are not known.

    At a terminal it is cut to its width: `spare` columns go first, in their order. Elsewhere nothing is cut.
    """
    remaining = iter(rows)
    sample = list(islice(remaining, SAMPLE))
    titles, shown = _cells(header), [_cells(row) for row in sample]
    natural = [max(map(layout.width, column)) for column in zip(titles, *shown, strict=True)]
    right = [{int} <= {type(row[index]) for row in sample} <= {int, type(None)} for index in range(len(header))]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    kept = layout.keep(natural, [header.index(name) for name in spare], room)
    widths = layout.fit([natural[index] for index in kept], room)
    for cells in chain([titles], shown, map(_cells, remaining)):
        row = [cells[index] for index in kept]
        sys.stdout.write(layout.line(row, widths, [right[index] for index in kept], cut=room is not None) + "\n")


def comma_separated(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """CSV under a header (an empty one for rows that go on); no cell is taken for a formula by a spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if header:
        writer.writerow(_safe(header))
    writer.writerows(map(_safe, rows))


def fields(pairs: Iterable[tuple[str, Cell]]) -> None:
    """Names and values, one pair a line, the values in one column."""
    shown = [_cells(pair) for pair in pairs]
    wide = max((layout.width(name) for name, _ in shown), default=0)
    for name, value in shown:
        sys.stdout.write(f"{name}{' ' * (wide - layout.width(name))}  {value}".rstrip() + "\n")


def _cells(row: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else visible(cell) if isinstance(cell, str) else str(cell) for cell in row]


def _safe(row: Sequence[Cell]) -> list[str]:
    return [csv_safe(cell) for cell in _cells(row)]


def _json(value: object) -> str:
    return json.dumps(msgspec.to_builtins(value))
