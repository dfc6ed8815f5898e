"""Glyphs for terminals that have few of them, and the last guard before text reaches the terminal."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

ASCII = str.maketrans("●○◦▸◂▴▾✗✓…▌─━╸│├└╭╮╰╯·▁▂▃▄▅▆▇█", "*o.><^vxv~>-=-||`++++._.:-=+*#")
"""Our own glyphs in ASCII. Each is one cell wide on both sides. An ellipsis is no hyphen: that could be a part of the text."""
LETTERS = str.maketrans("ĐđÐðŁłØøßẞÆæŒœÞþıĦħŊŋ", "DdDdLlOosSAaOoTtiHhNn")
"""Letters that are no plain ones with an accent, by what is nearest in one cell."""

_STATE = re.compile(r"(?<!\S)…(?= )")
"""The glyph of a draft: no text is cut behind a blank."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text without characters that steer a terminal: a question mark stands for each."""
    return _CONTROL.sub("?", text)


def in_ascii(text: str) -> str:
    """The text in ASCII: our glyphs by their twins, letters without their accents, a question mark for all else."""
    if text.isascii():
        return text
    return "".join(map(_ascii_char, _STATE.sub("-", text).translate(ASCII).translate(LETTERS)))


def _ascii_char(char: str) -> str:
    if char.isascii():
        return char
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    width = cell_len(char)
    return plain[:width].ljust(width, "?") if width else ""


class Guard(LineFilter):
    """Passes every segment that is drawn: none can steer the terminal, and in ASCII mode none is outside ASCII.

    Text is made visible where it enters; this is the second line, for what a widget might draw past it.
    """

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__()
        self.ascii_only = ascii_only

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - textual's signature
        """The segments with their text made harmless."""
        return [self._one(segment) for segment in segments]

    def _one(self, segment: Segment) -> Segment:
        text = segment.text
        if text.isascii() and text.isprintable():
            return segment
        text = harmless(text)
        return Segment(in_ascii(text) if self.ascii_only else text, segment.style, segment.control)
