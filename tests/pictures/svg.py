"""A terminal's screen as an SVG picture: text with its colours, nothing that a viewer would have to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

import pyte

WIDE, HIGH, MARGIN = 8.4, 18, 12
PAPER, INK = "#121212", "#d0d0d0"
NAMED = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#e5e510", "blue": "#2472c8", "magenta": "#bc3fbc",
    "cyan": "#11a8cd", "white": "#e5e5e5", "brightblack": "#666666", "brightred": "#f14c4c", "brightgreen": "#23d18b",
    "brightbrown": "#f5f543", "brightblue": "#3b8eea", "brightmagenta": "#d670d6", "brightcyan": "#29b8db",
    "brightwhite": "#ffffff",
}  # fmt: skip


def picture(screen: pyte.Screen) -> str:
    """The whole screen."""
    width, height = screen.columns * WIDE + 2 * MARGIN, screen.lines * HIGH + 2 * MARGIN
    body = "\n".join(part for row in range(screen.lines) for part in _row(screen, row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"\n'
        f'font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14" fill="{INK}" xml:space="preserve">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def _row(screen: pyte.Screen, row: int) -> Iterator[str]:
    cells = [screen.buffer[row][column] for column in range(screen.columns)]
    places = list(enumerate(cells))
    for look, group in groupby(places, key=lambda place: _look(place[1])):
        run = list(group)
        ink, paper, bold, underlined = look
        left, top, text = MARGIN + run[0][0] * WIDE, MARGIN + row * HIGH, "".join(cell.data for _, cell in run)
        if paper != PAPER:
            yield f'<rect x="{left:g}" y="{top}" width="{len(run) * WIDE:g}" height="{HIGH}" fill="{paper}"/>'
        if text.strip():
            lead = len(text) - len(text.lstrip())
            shown = text.strip()
            style = (' font-weight="bold"' if bold else "") + (' text-decoration="underline"' if underlined else "")
            yield (
                f'<text x="{left + lead * WIDE:g}" y="{top + 14}" fill="{ink}" textLength="{len(shown) * WIDE:g}"'
                f"{style}>{escape(shown)}</text>"
            )


def _look(cell: pyte.screens.Char) -> tuple[str, str, bool, bool]:
    ink, paper = _colour(cell.fg, INK), _colour(cell.bg, PAPER)
    if cell.reverse:
        ink, paper = paper, ink
    return ink, paper, cell.bold, cell.underscore


def _colour(name: str, default: str) -> str:
    return default if name == "default" else NAMED.get(name, f"#{name}")
