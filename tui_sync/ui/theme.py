"""The themes: for each what the tones look like, and the colours that the style sheets use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from rich.style import Style
from textual.theme import Theme

from tui_sync.ui.present.lines import Tone

ANSI_GROUND = {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}
"""What textual's style sheets ask of themes in the terminal's own colours, and makes for all others itself."""


class Look(NamedTuple):
    """A theme for the style sheets, and its tones. Styles without a background stand on the widget's own."""

    theme: Theme
    tones: Mapping[Tone, Style]
    says: str
    """What it is for."""


def _look(name: str, says: str, colours: Mapping[str, str], *, dark: bool, ansi: bool = False) -> Look:
    theme = Theme(
        name=name,
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warn"],
        error=colours["bad"],
        success=colours["good"],
        foreground=colours["plain"],
        background=colours["background"],
        surface=colours["raised"],
        panel=colours["raised"],
        dark=dark,
        ansi=ansi,
        variables={"entry": colours["entry"], "quiet": colours["dim"], **(ANSI_GROUND if ansi else {})},
    )
    tones = {
        Tone.PLAIN: Style(),
        Tone.DIM: Style(color=_rich(colours["dim"]), dim=ansi),
        Tone.STRONG: Style(bold=True),
        Tone.ACCENT: Style(color=_rich(colours["accent"])),
        Tone.GOOD: Style(color=_rich(colours["good"])),
        Tone.WARN: Style(color=_rich(colours["warn"])),
        Tone.BAD: Style(color=_rich(colours["bad"])),
        Tone.KEY: Style(color=_rich(colours["accent"]), bold=True),
        Tone.CURSOR: Style(reverse=True),
        Tone.FIELD: Style(bgcolor=_rich(colours["raised"])),
    }
    return Look(theme, tones, says)


def _rich(colour: str) -> str:
    """A colour as rich writes it: `ansi_bright_black` of the style sheets is `bright_black`, the default has no prefix."""
    return colour.removeprefix("ansi_")


DARK = _look(
    "dark",
    "for dark rooms: white on black",
    {
        "plain": "#e4e4e4", "dim": "#9c9c9c", "accent": "#5fafff", "good": "#5fd787", "warn": "#ffaf5f", "bad": "#ff7878",
        "background": "#121212", "raised": "#262626", "entry": "#333333",
    },
    dark=True,
)  # fmt: skip
LIGHT = _look(
    "light",
    "for bright rooms: black on white",
    {
        "plain": "#1c1c1c", "dim": "#5c5c5c", "accent": "#005faf", "good": "#00652e", "warn": "#8a4b00", "bad": "#b00020",
        "background": "#ffffff", "raised": "#e8e8e8", "entry": "#dcdcdc",
    },
    dark=False,
)  # fmt: skip
CONTRAST = _look(
    "contrast",
    "the highest contrast, for weak eyes",
    {
        "plain": "#ffffff", "dim": "#d0d0d0", "accent": "#87d7ff", "good": "#87ff87", "warn": "#ffd75f", "bad": "#ffafaf",
        "background": "#000000", "raised": "#1c1c1c", "entry": "#303030",
    },
    dark=True,
)  # fmt: skip
TERMINAL = _look(
    "terminal",
    "the sixteen colours of your terminal",
    {
        "plain": "ansi_default", "dim": "ansi_default", "accent": "ansi_cyan", "good": "ansi_green", "warn": "ansi_yellow",
        "bad": "ansi_red", "background": "ansi_default", "raised": "ansi_default", "entry": "ansi_default",
    },
    dark=True,
    ansi=True,
)  # fmt: skip
LOOKS: dict[str, Look] = {look.theme.name: look for look in (DARK, LIGHT, CONTRAST, TERMINAL)}
"""Themes by name, in the order in which they are offered. `terminal` takes the terminal's own sixteen colours."""


@cache
def fallback() -> dict[str, str]:
    """What the style sheets get where a theme has no such colour, so that none of them can fail: that of the dark one; for
    textual's own themes, which know nothing of our entries and quiet texts, the terminal's."""
    return {**DARK.theme.to_color_system().generate(), "entry": "ansi_default", "quiet": "ansi_default"}


MONO: Mapping[Tone, Style] = {
    Tone.PLAIN: Style(),
    Tone.DIM: Style(dim=True),
    Tone.STRONG: Style(bold=True),
    Tone.ACCENT: Style(bold=True),
    Tone.GOOD: Style(),
    Tone.WARN: Style(bold=True),
    Tone.BAD: Style(bold=True),
    Tone.KEY: Style(bold=True),
    Tone.CURSOR: Style(reverse=True),
    Tone.FIELD: Style(underline=True),
}
"""The tones without any colour."""
