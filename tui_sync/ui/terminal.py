"""What the terminal allows: pure decisions on the environment and the streams, made before a screen is opened.

Nothing here imports textual, which reads parts of the environment while it is imported: see `quiet`.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Literal, NamedTuple

Wrap = Literal["", "tmux", "screen"]

PLAIN = frozenset({"dumb", "unknown"})
"""Values of TERM for terminals that cannot place the cursor."""

FEW_GLYPHS = frozenset({"linux"})
"""Values of TERM for terminals whose fonts lack the glyphs, whatever the locale says."""

COLOUR_SYSTEMS = frozenset({"auto", "standard", "256", "truecolor"})
"""Values of TEXTUAL_COLOR_SYSTEM; any other one ends textual with a traceback."""

SMALLEST_LOCALES = frozenset({"C", "POSIX"})


class Profile(NamedTuple):
    """How to draw and copy here.

    `ascii`: only ASCII glyphs; `colour`: colours may be used; `remote`: the terminal is at the other end of a network, so
    every byte counts; `wrap`: the multiplexer that a sequence for the outer terminal must pass.
    """

    ascii: bool
    colour: bool
    remote: bool
    wrap: Wrap


def refusal(env: Mapping[str, str], *, stdin_tty: bool, stdout_tty: bool, stderr_tty: bool = True) -> str:
    """Why no screen can be opened here, in one sentence that names the commands; "" where one can.

    An unset or empty TERM is no reason: it is drawn in 16 colours. The screen is drawn on stderr, so that counts too.
    """
    if not (stdin_tty and stdout_tty and stderr_tty):
        found = "there is none here, since " + _elsewhere(stdin_tty=stdin_tty, stdout_tty=stdout_tty)
    elif env.get("TERM", "").strip().lower() in PLAIN:
        found = f"TERM={env['TERM'].strip()} says that this one cannot show them"
    else:
        return ""
    return f"The screens need a terminal, and {found}; every action is a command as well, as tui-sync --help lists them."


def _elsewhere(*, stdin_tty: bool, stdout_tty: bool) -> str:
    """The first stream that is no terminal."""
    name = "standard error" if stdin_tty and stdout_tty else "standard output" if stdin_tty else "standard input"
    return f"{name} is a file or a pipe"


def profile(env: Mapping[str, str], encoding: str) -> Profile:
    """The profile of this terminal. `encoding` is that of the stream that is drawn on.

    TUI_SYNC_ASCII=1 asks for ASCII and TUI_SYNC_ASCII=0 for the glyphs, whatever else is known.
    """
    return Profile(
        ascii=_wants_ascii(env, encoding),
        colour=not env.get("NO_COLOR"),
        remote=bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY")),
        wrap=_wrap(env),
    )


def _wants_ascii(env: Mapping[str, str], encoding: str) -> bool:
    asked = env.get("TUI_SYNC_ASCII", "")
    if asked:
        return asked != "0"
    locale = _locale(env)
    # Where the named locale is not installed Python takes UTF-8 instead; the terminal is still the one that it was named for.
    charset = locale.partition("@")[0].partition(".")[2]
    return env.get("TERM") in FEW_GLYPHS or locale in SMALLEST_LOCALES or not all(map(_is_utf8, (encoding, charset or encoding)))


def _locale(env: Mapping[str, str]) -> str:
    """The locale that the user has named for characters, "" for none."""
    named = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    # Under LANG=C Python itself sets this variable at its start (PEP 538) and reports UTF-8, which nobody asked for.
    coerced = named == "C.UTF-8" and not env.get("LC_ALL")
    return env["LANG"] if coerced and env.get("LANG") else named


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _wrap(env: Mapping[str, str]) -> Wrap:
    if env.get("TMUX"):
        return "tmux"
    term = env.get("TERM", "")
    # STY alone is inherited by terminals started from within screen; "screen.xterm" is screen's own way to name one, which
    # it also has on a machine reached from within it, where STY is not set.
    if term.startswith("screen") and (env.get("STY") or term.startswith("screen.")):
        return "screen"
    return ""


def quiet(env: Mapping[str, str], profile: Profile) -> dict[str, str]:
    """What must stand in the environment before textual is first imported; `env` itself is not changed.

    This program has no animations, so they are always off. Where no colours are wanted, the theme that textual starts with
    is the one it can draw without any: it chooses its colour filters before the app can choose a theme.
    """
    settings = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}
    if profile.remote and not env.get("TEXTUAL_FPS"):
        settings["TEXTUAL_FPS"] = "30"
    if env.get("TEXTUAL_COLOR_SYSTEM", "auto") not in COLOUR_SYSTEMS:
        settings["TEXTUAL_COLOR_SYSTEM"] = "auto"
    if not profile.colour:
        settings["TEXTUAL_THEME"] = "ansi-dark"
    return settings
