"""Every theme can be read: the contrast of each tone on each ground it stands on, after WCAG 2.1."""

from __future__ import annotations

import pytest
from textual.color import Color

from tui_sync.ui.present.lines import Tone
from tui_sync.ui.theme import CONTRAST, DARK, LIGHT, LOOKS, TERMINAL, Look

READABLE, GREATEST = 4.5, 7.0
"""What WCAG 2.1 asks for text at level AA and at level AAA."""


def luminance(colour: Color) -> float:
    """Relative luminance after WCAG 2.1."""
    parts = [value / 255 for value in colour.rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def grounds(look: Look) -> dict[str, Color]:
    named = {"background": look.theme.background, "raised": look.theme.surface, "entry": look.theme.variables["entry"]}
    return {name: Color.parse(colour) for name, colour in named.items() if colour is not None}


def inks(look: Look) -> dict[Tone, Color]:
    assert look.theme.foreground is not None
    coloured = {tone: style.color.name for tone, style in look.tones.items() if style.color is not None}
    return {Tone.PLAIN: Color.parse(look.theme.foreground), **{tone: Color.parse(name) for tone, name in coloured.items()}}


@pytest.mark.parametrize("look", [DARK, LIGHT, CONTRAST], ids=lambda look: look.theme.name)
def test_every_tone_can_be_read_on_every_ground(look: Look) -> None:
    least = GREATEST if look is CONTRAST else READABLE
    weak = {
        (tone, name): round(contrast(ink, ground), 2)
        for tone, ink in inks(look).items()
        for name, ground in grounds(look).items()
        if contrast(ink, ground) < least
    }
    assert weak == {}


def test_the_colours_of_the_terminal_are_its_own() -> None:
    assert {style.color.name for style in TERMINAL.tones.values() if style.color} == {"default", "cyan", "green", "yellow", "red"}
    assert set(LOOKS) == {"dark", "light", "contrast", "terminal"}
