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
    """The next choice (1) or the one before (-1), one that can be taken before one that cannot; None at the end: going around
    would lead from the weakest choice to the strongest."""
    here = next((place for place, option in enumerate(options) if option.value == taken), -1)
    others = options[here + 1 :] if step > 0 else options[:here][::-1] if here > 0 else ()
    return next((option for option in others if not option.why_not), next(iter(others), None))
