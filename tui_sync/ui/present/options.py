"""A row of choices of which one is taken, as lines: the one taken is told by its glyph, never by a tone alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_sync.model.text import visible
from tui_sync.ui.present.lines import Line, Span, Tone

TAKEN, OPEN = "●", "○"
GAP = 2
"""Cells between two choices."""


class Option(NamedTuple):
    """One of the choices: its value, the word shown, and why it cannot be taken (empty: it can)."""

    value: str
    label: str
    why_not: str = ""


def option_lines(options: Sequence[Option], taken: str, width: int, *, lit: bool) -> list[Line]:
    """The choices beside each other, on as many lines as `width` makes necessary; at least one.

    `lit`: the keys act here, so the one taken is the cursor. A click on a choice has its value as action.
    """
    lines: list[list[Span]] = [[]]
    used = 0
    for option in options:
        is_taken = option.value == taken
        text = f"{TAKEN if is_taken else OPEN} {visible(option.label)}"
        size = cell_len(text)
        if used and used + GAP + size > width:
            lines.append([])
            used = 0
        if used:
            lines[-1].append(Span(" " * GAP))
            used += GAP
        tone = Tone.CURSOR if is_taken and lit else Tone.STRONG if is_taken else Tone.DIM if option.why_not else Tone.PLAIN
        lines[-1].append(Span(text, tone, option.value))
        used += size
    return [tuple(row) for row in lines]


def beside(options: Sequence[Option], taken: str, step: int) -> Option | None:
    """The next choice (1) or the one before (-1) that can be taken, around the end; None where there is no other."""
    places = [place for place, option in enumerate(options) if not option.why_not or option.value == taken]
    here = next((n for n, place in enumerate(places) if options[place].value == taken), None)
    if here is None:
        return options[places[0]] if places else None
    found = options[places[(here + step) % len(places)]]
    return None if found.value == taken else found
