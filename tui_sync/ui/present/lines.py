"""Styled text as plain values: a line is a tuple of spans, a span is a text and its tone.

There is no markup language in between, so foreign text cannot be read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from tui_sync.model.text import visible

ELLIPSIS = "…"
TIE = "\N{NO-BREAK SPACE}"
"""Stands between words that stay on one line."""
APART = "   "
"""Stands between things that are beside one another."""
BREAKS = re.compile(f"[^\\S{TIE}]+")


class Tone(StrEnum):
    """What a piece of text is for; the theme decides how that looks. No meaning is carried by a tone alone."""

    PLAIN = "plain"
    DIM = "dim"
    STRONG = "strong"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    KEY = "key"
    """A key to press."""
    CURSOR = "cursor"
    """Where the keys act."""
    FIELD = "field"
    """A place to type into."""


class Span(NamedTuple):
    """A piece of a line. `action` is what a click on it does; empty: nothing."""

    text: str
    tone: Tone = Tone.PLAIN
    action: str = ""


Line = tuple[Span, ...]
BLANK: Line = ()


def span(text: str, tone: Tone = Tone.PLAIN, action: str = "") -> Span:
    """A span of text that may come from elsewhere, made harmless."""
    return Span(visible(text), tone, action)


def line(*parts: str | Span) -> Line:
    """A line of spans; plain strings are plain spans. Everything is made harmless."""
    return tuple(span(part) if isinstance(part, str) else part._replace(text=visible(part.text)) for part in parts)


def width_of(spans: Iterable[Span]) -> int:
    """How many cells the line takes."""
    return sum(cell_len(part.text) for part in spans)


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells; a longer one ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS if width > 0 else ""


def clip_line(spans: Line, width: int) -> Line:
    """The line in at most `width` cells; a longer one ends in an ellipsis."""
    if width_of(spans) <= width:
        return spans
    kept: list[Span] = []
    left = width
    for part in spans:
        size = cell_len(part.text)
        if size >= left:
            cut = clip(part.text + (" " if size == left else ""), left)
            return (*kept, part._replace(text=cut))
        kept.append(part)
        left -= size
    return tuple(kept)


def first(lines: Sequence[Line], most: int, width: int) -> Sequence[Line]:
    """The first `most` lines; the last of them says so where there are more."""
    if len(lines) <= most:
        return lines
    *kept, last = lines[:most]
    return [*kept, clip_line((*last, Span(ELLIPSIS, last[-1].tone if last else Tone.DIM)), width - 1)]


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells, aligned left or right."""
    cut = clip(text, width)
    blanks = " " * (width - cell_len(cut))
    return blanks + cut if right else cut + blanks


def wrapped(text: str, width: int, tone: Tone = Tone.PLAIN, indent: str = "", gap: str = " ") -> Iterator[Line]:
    """A sentence over as many lines as it needs; at least one. `gap` stands between two words of a line."""
    row = indent
    for word in filter(None, re.split(BREAKS, visible(text))):
        for piece in _pieces(word, max(8, width) - len(indent)):
            glue = "" if row == indent else gap
            if glue and cell_len(row) + len(glue) + cell_len(piece) > max(8, width):
                yield (Span(row.replace(TIE, " "), tone),)
                row, glue = indent, ""
            row += glue + piece
    yield (Span(row.replace(TIE, " "), tone),)


def beside(things: Iterable[str], width: int, tone: Tone = Tone.PLAIN, indent: str = "") -> Iterator[Line]:
    """Things beside one another, each on one line, over as many lines as they need: no line ends in a comma. None gives none."""
    told = " ".join(BREAKS.sub(TIE, thing) for thing in things)
    if told:
        yield from wrapped(told, width, tone, indent, gap=APART)


def followed(told: str, way: str) -> str:
    """A sentence that may end with a command, and the next sentence."""
    return f"{told} {way}" if told.endswith((".", "?")) else f"{told}. {way}"


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word, in parts where it alone is longer than a line."""
    while cell_len(word) > width:
        part = set_cell_size(word, width).rstrip() or word[:1]
        yield part
        word = word[len(part):]
    yield word


def spread(left: Line, middle: Line, right: Line, width: int) -> Line:
    """Three parts on one line: left, centred between, right. The middle goes first where there is no room, then the
    left one is cut."""
    rest = width - width_of(right)
    if width_of(left) + 2 > rest:
        left = clip_line(left, max(0, rest - 2))
    room = rest - width_of(left)
    gap = room - width_of(middle)
    if not middle or gap < 6:
        return (*left, Span(" " * max(0, room)), *right)
    before = gap // 2
    return (*left, Span(" " * before), *middle, Span(" " * (gap - before)), *right)
