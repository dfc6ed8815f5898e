"""The bytes by which a text is copied."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest

from tui_sync.ui.clipboard import CAP, SCREEN_STRING, osc52
from tui_sync.ui.terminal import Wrap

WRAPS: list[Wrap] = ["", "tmux", "screen"]


def sent(text: str, wrap: Wrap) -> str:
    sequence = osc52(text, wrap)
    assert sequence is not None
    return sequence


def test_a_text_is_one_sequence_in_base64() -> None:
    assert sent("ada@example.org", "") == "\x1b]52;c;YWRhQGV4YW1wbGUub3Jn\x07"
    assert sent("Zoë", "") == "\x1b]52;c;Wm/Dqw==\x07"


def test_tmux_passes_it_on_with_doubled_escapes_or_copies_the_bare_one_itself() -> None:
    assert sent("a", "tmux") == "\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\\x1b]52;c;YQ==\x07"


def test_screen_passes_a_short_one_on_as_one_string() -> None:
    assert sent("a", "screen") == "\x1bP\x1b]52;c;YQ==\x07\x1b\\"


@pytest.mark.parametrize("size", [560, 567, 568, 5_000, CAP])
def test_screen_passes_a_long_one_on_in_strings_that_it_can_hold(size: int) -> None:
    strings = re.findall(r"\x1bP.*?\x1b\\", sent("x" * size, "screen"), re.DOTALL)
    assert "".join(strings) == sent("x" * size, "screen")
    assert max(map(len, strings)) <= SCREEN_STRING
    assert "".join(string[2:-2] for string in strings) == sent("x" * size, "")


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_text_over_the_cap_is_not_sent(wrap: Wrap) -> None:
    assert osc52("x" * CAP, wrap) is not None
    assert osc52("x" * (CAP + 1), wrap) is None
    assert osc52("ë" * (CAP // 2 + 1), wrap) is None


def test_the_longest_sequence_is_one_that_terminals_take() -> None:
    assert len(sent("x" * CAP, "")) == 100_000


@pytest.mark.parametrize("wrap", WRAPS)
def test_an_empty_text_leaves_the_clipboard_alone(wrap: Wrap) -> None:
    assert osc52("", wrap) == ""


def test_nothing_in_a_text_can_end_the_sequence() -> None:
    hostile = "\x07\x1b\\\x1b]0;title\x07"
    sequence = sent(hostile, "")
    assert re.fullmatch(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07", sequence)
    assert b64decode(sequence[7:-1]).decode() == hostile


def test_what_cannot_be_encoded_arrives_as_a_question_mark() -> None:
    assert sent("a\udcffb", "") == sent("a?b", "")
