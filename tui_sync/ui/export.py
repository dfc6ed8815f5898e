"""Rows that a screen shows as a file: CSV for spreadsheets, JSON lines for programs. Nothing is ever overwritten."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from rich.cells import cell_len

from tui_sync.model.hub import Member
from tui_sync.model.ledger import Mark
from tui_sync.model.outcomes import Outcome, RunSummary
from tui_sync.model.text import csv_safe, visible
from tui_sync.present.catalogue import import_row
from tui_sync.present.people import suppressed_object
from tui_sync.present.runs import OUTCOME_KEYS, RUN_HEADER, outcome_cells, outcome_object, run_object, run_row
from tui_sync.services.desk import Desk
from tui_sync.services.suppression import HEADER as SUPPRESSION_COLUMNS
from tui_sync.ui.names import Names
from tui_sync.ui.typed_path import objection

CSV, JSON, TABLE = "csv", "jsonl", "txt"
PRIVATE = 0o600
"""Only the owner reads it: there are people in it."""
SLICE = 500
"""Rows written before the event loop gets its turn: about 5 ms."""
NAME_LENGTH = 80

Cells = Sequence[str | int | None]


class Kind(NamedTuple):
    """How one kind of row is written."""

    header: Sequence[str]
    cells: Callable[[Any], Cells]
    plain: Callable[[Any], dict[str, object]]
    prepare: Callable[[Sequence[Any]], object] = len
    """Called with the rows of a slice before they are written."""


def leads_kind(columns: Sequence[str], plain: Callable[[Member], dict[str, object]]) -> Kind:
    """How the members of a list are written: in the columns of Marketing Automation's own import."""
    return Kind(columns, lambda member: import_row(member, columns), plain)


def named_kind(names: Names) -> Kind:
    """How outcomes are written where the screen shows who the people are: the name behind the address."""

    def cells(outcome: Outcome) -> list[str | int | None]:
        record, email, *rest = outcome_cells(outcome)
        return [record, email, names.of(outcome) or None, *rest]

    record, email, *rest = OUTCOME_KEYS
    header = (record, email, "name", *rest)
    return Kind(header, cells, lambda outcome: dict(zip(header, cells(outcome), strict=True)), names.fetch)


def kind_of(desk: Desk, rows: Sequence[object]) -> Kind:
    """How these rows are written: outcomes under the keys of their JSON, runs under their titles, suppressed people as
    they are imported.

    Raises TypeError for rows of any other kind.
    """
    match rows[0] if rows else None:
        case None | Outcome():
            return Kind(OUTCOME_KEYS, outcome_cells, outcome_object)
        case RunSummary():
            return Kind(RUN_HEADER, lambda run: run_row(run, desk.workspace.zone), run_object)
        case Mark():
            return Kind(SUPPRESSION_COLUMNS, lambda mark: (mark.email, mark.suppressed), suppressed_object)
        case other:
            raise TypeError(f"{type(other).__name__} is not written to files")


def suggested(folder: Path, name: str, form: str) -> Path:
    """A file in `folder` that does not exist yet, named after what is in it, in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:NAME_LENGTH].strip("-") or "people"
    number, path = 1, folder / f"{stem}.{form}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.{form}"
    return path


def refusal(text: str, folder: Path, name: str, form: str) -> str:
    """Why no new file of that name can be made, naming one that can; empty where it can."""

    def judge(path: Path) -> str:
        if path.is_dir():
            return f"{visible(str(path))} is a folder. Name a file in it."
        if path.exists() or path.is_symlink():
            free = suggested(folder, name, form).name
            return f"{visible(path.name)} exists already, and nothing is overwritten. Free is: {free}"
        return "" if path.parent.is_dir() else f"There is no folder {visible(str(path.parent))}."

    return objection(text, folder, judge)


async def write(path: Path, form: str, kind: Kind, rows: Sequence[object]) -> int:
    """Write the rows to a new file that only its owner can read; gives how many they are.

    The event loop gets its turn between slices. Raises OSError where the file exists or cannot be written; what was
    begun is taken away then, as it is when the writing is cancelled.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: ASYNC230, PTH123 - the handle is exclusive
            await _write(file, form, kind, rows)
    except BaseException:
        _take_away(path)
        raise
    return len(rows)


def _take_away(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _write(file: IO[str], form: str, kind: Kind, rows: Sequence[object]) -> None:
    sheet = csv.writer(file, lineterminator="\n")
    widths = [cell_len(_text(name)) for name in kind.header]
    if form == TABLE:
        for start in range(0, len(rows), SLICE):
            kind.prepare(rows[start : start + SLICE])
            for row in rows[start : start + SLICE]:
                widths = list(map(max, widths, (cell_len(_text(cell)) for cell in kind.cells(row))))
            await asyncio.sleep(0)
        file.write(_columned(kind.header, widths))
    elif form == CSV:
        sheet.writerow(_safe(kind.header))
    for start in range(0, len(rows), SLICE):
        some = rows[start : start + SLICE]
        kind.prepare(some)
        if form == TABLE:
            file.writelines(_columned(kind.cells(row), widths) for row in some)
        elif form == CSV:
            sheet.writerows(_safe(kind.cells(row)) for row in some)
        else:
            file.writelines(json.dumps(kind.plain(row)) + "\n" for row in some)
        await asyncio.sleep(0)


def _columned(cells: Cells, widths: Sequence[int]) -> str:
    """One line of a table of text."""
    shown = [_text(cell) for cell in cells]
    return "  ".join(text + " " * (wide - cell_len(text)) for text, wide in zip(shown, widths, strict=True)).rstrip() + "\n"


def _safe(cells: Cells) -> list[str]:
    return [csv_safe(_text(cell)) for cell in cells]


def _text(cell: str | int | None) -> str:
    return "" if cell is None else visible(cell) if isinstance(cell, str) else str(cell)
