"""From spans to what textual draws: the one place where a tone becomes a style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_sync.ui.glyphs import harmless
from tui_sync.ui.present.lines import Line, Tone, clip_line

if TYPE_CHECKING:
    from textual.widget import Widget


class Palette(Protocol):
    """What a widget needs of its app: the look of each tone under the present theme."""

    tones: Mapping[Tone, Style]


def tones_of(widget: Widget) -> Mapping[Tone, Style]:
    """The look of each tone, as the app of the widget has it."""
    return cast("Palette", widget.app).tones


def strip(spans: Line, width: int, base: Style, tones: Mapping[Tone, Style], *, over: Style | None = None) -> Strip:
    """A line drawn in exactly `width` cells on the style `base`; a longer one ends in an ellipsis.

    `over` replaces the colours of all spans (a cursor row).
    """
    segments: list[Segment] = []
    length = 0
    spans = clip_line(spans, width)
    for text, tone, action in spans:
        look = base + tones[tone] if over is None else over + Style(bold=tones[tone].bold)
        if action:
            look += Style(meta={"act": action})
        segments.append(Segment(harmless(text), look))
        length += cell_len(text)
    if length < width:
        segments.append(Segment(" " * (width - length), over or base))
    return Strip(segments, width)
