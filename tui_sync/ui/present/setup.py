"""A sync in words, a line for each part of its definition, with the editor that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tui_sync.model.schedule import following, zone_of
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.present.syncs import definition_fields
from tui_sync.present.words import slot
from tui_sync.services.syncs import SyncRow
from tui_sync.ui.present import moments
from tui_sync.ui.present.columns import GAP, Cell, Column
from tui_sync.ui.present.lines import Span, Tone, wrapped
from tui_sync.ui.present.moments import distance

LABEL = 18
COLUMNS = (Column("", LABEL, LABEL), Column("", 20, 400, grow=True))
MARGIN = 4
EDITORS = {
    "Sync": "rename", "From": "criteria", "To list": "mapping", "Opted out": "retrieval", "Deleted": "retrieval",
    "Converted": "retrieval", "Schedule": "retrieval", "Data": "retrieval", "Next run": "retrieval",
}  # fmt: skip
"""Part of the definition -> what changes it. The lines below a part belong to it."""


class SetupRow(NamedTuple):
    """One line: what it is, its words, and which editor enter opens (empty: none changes it)."""

    place: int
    label: str
    text: str
    edit: str


def setup_rows(sync: Sync, row: SyncRow, now: datetime, zone: ZoneInfo, here: tzinfo | None, width: int) -> list[SetupRow]:
    """The whole definition for a table of `width` cells; `here` is the zone of who looks, None for this machine's."""
    rows: list[SetupRow] = []
    edit = ""
    for label, value in definition_fields(sync, row, zone):
        if not label.startswith(" "):
            edit = EDITORS.get(label, "")
        texts = [str(value or "")]
        if label == "Next run":
            texts = list(next_runs(sync, now, zone, here)) or texts
        for text in texts:
            for (part,) in wrapped(text, max(20, width - MARGIN - LABEL - GAP)):
                rows.append(SetupRow(len(rows), visible(label), part.text, edit))
                label = ""
    return rows


def next_runs(sync: Sync, now: datetime, zone: ZoneInfo, here: tzinfo | None) -> Iterator[str]:
    """The next five runs of an active sync in its own zone, which the schedule names, how far away, and where one looks."""
    if sync.state is not SyncState.ACTIVE or sync.begun is None or sync.deleted is not None:
        return
    for moment in following(sync.schedule, initiated=sync.begun, after=now, zone=zone):
        own = zone_of(sync.schedule, zone)
        yield f"{slot(moment.astimezone(own), now)} ({distance(moment, now, zone)}{moments.here(moment, own, here)})"


def cells(row: SetupRow) -> Sequence[Cell]:
    """A line under `COLUMNS`."""
    return Span(row.label, Tone.DIM), Span(row.text)
