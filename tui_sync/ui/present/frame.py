"""What frames every screen: the title line, the rule under it, and the line of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui_sync.ui.keys import Action, first_key
from tui_sync.ui.present.lines import Line, Span, Tone, clip, spread, width_of

LOW = 16
"""Lines of a terminal below which panels have no edge, and beside rows stands only what must."""
MIDWAY = 16
"""Cells that a name on the way to the present screen keeps on any terminal."""


def title_lines(where: Sequence[str], middle: Line, right: Line, width: int) -> list[Line]:
    """The breadcrumb on the left, the organisation in the middle where there is room, the quotas or the state on the
    right; a rule below. Long names on the way give way to where one is."""
    left: list[Span] = [Span(" ")]
    for place, name in enumerate(where):
        last = place == len(where) - 1
        left.append(Span(name, Tone.STRONG) if last else Span(clip(name, max(MIDWAY, width // 4)), Tone.DIM))
        if not last:
            left.append(Span(" > ", Tone.DIM))
    return [spread(tuple(left), middle, (*right, Span(" ")), width), rule(width)]


def rule(width: int) -> Line:
    """A line across the screen."""
    return (Span("─" * width, Tone.DIM),)


def key_line(actions: Iterable[Action], disabled: Mapping[str, str], width: int) -> Line:
    """The keys by importance, as many as there is room for, always ending in `? more`. What cannot be done is dim."""
    end = (Span("?", Tone.KEY, "help"), Span(" more "))
    room = width - width_of(end) - 1
    spans: list[Span] = [Span(" ")]
    used = 1
    for action in sorted((a for a in actions if a.rank), key=lambda a: a.rank):
        key, label = first_key(action), action.label
        size = len(key) + 1 + len(label) + 2
        if used + size > room:
            continue
        off = action.name in disabled
        spans.append(Span(key, Tone.DIM if off else Tone.KEY, action.name))
        spans.append(Span(f" {label}  ", Tone.DIM if off else Tone.PLAIN, action.name))
        used += size
    return (*spans, Span(" " * (width - used - width_of(end))), *end)
