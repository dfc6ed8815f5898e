"""Where a screen can be opened, and how it is drawn there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui_sync.ui.terminal import Profile, Wrap, profile, quiet, refusal

XTERM = {"TERM": "xterm-256color", "LANG": "en_IN.UTF-8"}
COLOURED = Profile(ascii=False, colour=True, remote=False, wrap="")


def refused(env: dict[str, str], *, stdin: bool = True, stdout: bool = True, stderr: bool = True) -> str:
    return refusal(env, stdin_tty=stdin, stdout_tty=stdout, stderr_tty=stderr)


@pytest.mark.parametrize("term", ["xterm", "linux", "screen", "vt100", "", None])
def test_a_screen_opens_on_every_terminal_that_can_place_its_cursor(term: str | None) -> None:
    assert refused({} if term is None else {"TERM": term}) == ""


@pytest.mark.parametrize("term", ["dumb", "DUMB", "unknown", " dumb "])
def test_a_dumb_terminal_is_refused_with_a_sentence_that_names_the_commands(term: str) -> None:
    told = refused({"TERM": term})
    assert f"TERM={term.strip()}" in told
    assert "tui-sync --help" in told
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("stdin", "stdout", "stderr", "named"),
    [
        (False, True, True, "standard input"), (True, False, True, "standard output"), (True, True, False, "standard error"),
        (False, False, False, "standard input"),
    ],
)  # fmt: skip
def test_without_a_terminal_the_sentence_names_the_stream_that_is_none(
    stdin: bool, stdout: bool, stderr: bool, named: str
) -> None:
    told = refused(XTERM, stdin=stdin, stdout=stdout, stderr=stderr)
    assert f"{named} is a file or a pipe" in told
    assert "tui-sync --help" in told


def test_an_ordinary_terminal_gets_colours_and_glyphs() -> None:
    assert profile(XTERM, "utf-8") == COLOURED
    assert profile({"TERM": "xterm"}, "UTF8") == COLOURED


@pytest.mark.parametrize(
    ("env", "encoding", "plain"),
    [
        ({"LANG": "en_US.ISO-8859-1"}, "iso8859-1", True),
        ({"LANG": "en_US.UTF-8"}, "no such encoding", True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),  # so Python finds LANG=C
        ({"LANG": "C.UTF-8", "LC_ALL": "C"}, "utf-8", True),
        ({"LC_ALL": "POSIX"}, "utf-8", True),
        ({"LANG": "C.UTF-8"}, "utf-8", False),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8", False),  # so Python finds no locale at all
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "de_DE.ISO-8859-1@euro"}, "utf-8", True),  # so Python finds a locale that is not installed
        ({"LANG": "ru_RU.KOI8-R", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),  # and so if LANG names it
        ({"LANG": "en_IN.utf8@euro", "LC_CTYPE": "C.UTF-8"}, "utf-8", False),
        ({"LANG": "en_IN", "LC_CTYPE": "UTF-8"}, "utf-8", False),
        ({"TERM": "linux", "LANG": "en_IN.UTF-8"}, "utf-8", True),
        ({"TUI_SYNC_ASCII": "1", "LANG": "en_IN.UTF-8"}, "utf-8", True),
        ({"TUI_SYNC_ASCII": "0", "LANG": "C"}, "ascii", False),
        ({"TUI_SYNC_ASCII": "", "LANG": "en_IN.UTF-8"}, "utf-8", False),
    ],
)
def test_glyphs_are_ascii_where_the_locale_or_the_user_says_so(env: dict[str, str], encoding: str, plain: bool) -> None:
    assert profile(env, encoding).ascii is plain


@pytest.mark.parametrize(
    ("locale", "plain"),
    [
        ({"LANG": "C"}, True), ({"LC_ALL": "C"}, True), ({"LANG": "C.UTF-8"}, False), ({}, False),
        ({"LANG": "xx_XX.ISO-8859-1"}, True), ({"LC_ALL": "xx_XX.ISO-8859-1"}, True), ({"LANG": "xx_XX.UTF-8"}, False),
    ],
)
def test_the_locale_is_known_though_python_changes_it_at_its_start(locale: dict[str, str], plain: bool) -> None:
    ask = "import os, sys; from tui_sync.ui.terminal import profile; print(profile(os.environ, sys.stderr.encoding).ascii)"
    told = subprocess.run([sys.executable, "-c", ask], env=locale, capture_output=True, text=True, check=True)
    assert told.stdout == f"{plain}\n"


def test_no_color_counts_unless_it_is_empty() -> None:
    assert not profile({**XTERM, "NO_COLOR": "1"}, "utf-8").colour
    assert profile({**XTERM, "NO_COLOR": ""}, "utf-8").colour


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
def test_a_terminal_reached_over_ssh_is_remote(variable: str) -> None:
    assert profile({**XTERM, variable: "set"}, "utf-8").remote


@pytest.mark.parametrize(
    ("env", "wrap"),
    [
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux-0/default,1,0"}, "tmux"),
        ({"TERM": "screen", "TMUX": "/run/tmux-0/default,1,0", "STY": "1.pts"}, "tmux"),
        ({"TERM": "screen-256color", "STY": "1.pts"}, "screen"),
        ({"TERM": "screen.xterm-256color"}, "screen"),
        ({"TERM": "screen-256color"}, ""),  # a machine reached from within tmux or screen: tmux takes the bare sequence
        ({"TERM": "xterm-256color", "STY": "1.pts"}, ""),  # a terminal that was started from within screen
    ],
)
def test_the_multiplexer_around_the_program_is_known(env: dict[str, str], wrap: Wrap) -> None:
    assert profile(env, "utf-8").wrap == wrap


def test_animations_are_off_on_every_terminal_and_nothing_else_is_set_on_an_ordinary_one() -> None:
    env = {**XTERM, "TEXTUAL_ANIMATIONS": "full"}
    assert quiet(env, COLOURED) == {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}
    assert env["TEXTUAL_ANIMATIONS"] == "full"


def test_without_colours_textual_starts_with_the_theme_that_needs_none() -> None:
    assert quiet(XTERM, COLOURED._replace(colour=False))["TEXTUAL_THEME"] == "ansi-dark"


def test_a_remote_terminal_is_drawn_on_less_often_unless_the_user_says_how_often() -> None:
    assert quiet(XTERM, COLOURED._replace(remote=True))["TEXTUAL_FPS"] == "30"
    assert "TEXTUAL_FPS" not in quiet({"TEXTUAL_FPS": "10"}, COLOURED._replace(remote=True))


@pytest.mark.parametrize(("value", "kept"), [("256", True), ("auto", True), ("", False), ("nonsense", False)])
def test_a_colour_system_that_textual_does_not_know_is_not_handed_to_it(value: str, *, kept: bool) -> None:
    asked = quiet({**XTERM, "TEXTUAL_COLOR_SYSTEM": value}, COLOURED).get("TEXTUAL_COLOR_SYSTEM")
    assert asked == (None if kept else "auto")
