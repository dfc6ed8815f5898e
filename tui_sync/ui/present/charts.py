"""Small pictures of numbers: a bar for what is done, a row of columns for what was."""

from __future__ import annotations

from collections.abc import Sequence

from tui_sync.ui.present.lines import Line, Span, Tone

LEVELS = "▁▂▃▄▅▆▇█"


def bar(done: float, width: int) -> Line:
    """A share between 0 and 1 as a bar of `width` cells."""
    halves = round(max(0.0, min(1.0, done)) * width * 2)
    full, half = divmod(halves, 2)
    filled = "━" * full + "╸" * half
    return (Span(filled, Tone.ACCENT), Span("─" * (width - len(filled)), Tone.DIM))


def columns(numbers: Sequence[int]) -> str:
    """Numbers as columns, the greatest one full; none of nothing but zeros."""
    most = max(numbers, default=0)
    if most <= 0:
        return LEVELS[0] * len(numbers)
    return "".join(LEVELS[round(number / most * (len(LEVELS) - 1))] for number in numbers)
