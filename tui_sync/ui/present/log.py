"""Lines of the log as rows of a table; a grave one has a glyph, a word and a tone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_sync.model.text import visible
from tui_sync.model.workspace import Level, LogLine
from tui_sync.present.words import dated
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.lines import Span, Tone

LOG_COLUMNS = (
    Column("When", 8, 18),
    Column("Who", 4, 16, spare=2),
    Column("From", 4, 14, spare=3),
    Column("What", 30, 30, grow=True),
)
GRAVE: dict[Level, tuple[str, Tone]] = {
    Level.INFO: ("", Tone.PLAIN), Level.WARNING: ("! ", Tone.WARN), Level.ERROR: ("✗ ", Tone.BAD),
}  # fmt: skip
LEVEL_WORDS: dict[Level, str] = {Level.INFO: "all lines", Level.WARNING: "warnings and errors", Level.ERROR: "errors only"}
NONE_OF = {Level.WARNING: "warnings and no errors", Level.ERROR: "errors"}


def log_cells(line: LogLine, now: datetime, zone: ZoneInfo) -> Sequence[Cell]:
    """A line under `LOG_COLUMNS`."""
    glyph, tone = GRAVE[line.level]
    return (
        Span(_when(line, now, zone), Tone.DIM), visible(line.who), Span(visible(line.where), Tone.DIM),
        (Span(glyph, tone), Span(visible(line.what), tone)),
    )  # fmt: skip


def _when(line: LogLine, now: datetime, zone: ZoneInfo) -> str:
    """Today the time to the second, else the day and the minute."""
    local, here = datetime.fromisoformat(line.at).astimezone(zone), now.astimezone(zone)
    if local.date() == here.date():
        return f"{local:%H:%M:%S}"
    return f"{dated(local, year=local.year != here.year)} {local:%H:%M}"
