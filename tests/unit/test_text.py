"""Foreign text made harmless."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_sync.model.text import MARKS, csv_safe, full_stop, unfit_name, visible

NASTY = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\r\n\t\u00ad\u034f\u200b\u200c\u200d\u202e\u2028\u2066\ufeff\ufe0f\U000e0041"),
        st.sampled_from("aA1 \u0301\u0308\u0645\u0627\u0915\u094d\u0d28\u0d4d\u3164\ud800\ue000\u2026\u25cc\U0001f469"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\nb\tc\rd\x00", "a\\nb\\tc\\rd\\x00"),
        ("\x9b31m\x7f", "\\x9b31m\\x7f"),
        ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
        ("\u2066x\u2069\u200e\u061c", "\\u2066x\\u2069\\u200e\\u061c"),
        ("zero\u200bwidth\ufeff\u00ad", "zero\\u200bwidth\\ufeff\\xad"),
        ("\ud83d", "\\ud83d"),
        ("\ue000\U000f0000\U000e0041", "\\ue000\\U000f0000\\U000e0041"),
        ("line\u2028para\u2029", "line\\u2028para\\u2029"),
        ("\u3164\u115f\u2800", "\\u3164\\u115f\\u2800"),
        ("a\ufe01", "a\\ufe01"),
        ("\u2764\ufe0f\ufe0f", "\u2764\ufe0f\\ufe0f"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\\u200d\U0001f4bb"),
        ("ab\u200dcd", "ab\\u200dcd"),
        ("\u0308x", "\u25cc\u0308x"),
    ],
)
def test_what_hides_or_steers_becomes_an_escape(text: str, expected: str) -> None:
    assert visible(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Zo\u00eb \u00c7elik-O'Brien",
        "Nguye\u0302\u0303n Va\u0306n A\u0301nh", "\u5c71\u7530\u3000\u592a\u90ce",
        "\u0645\u062d\u0645\u062f", "\u05de\u05b9\u05e9\u05c1\u05b6\u05d4", "\u0928\u0947\u0939\u093e",
        "\u0646\u0627\u0645\u200c\u0647\u0627", "\u0d2e\u0d4b\u0d39\u0d28\u0d4d\u200d",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "\u0e2a\u0e21\u0e0a\u0e31\u0e22", "\u845b\U000e0100\u57ce", "Ren\u00e9\u00a0Dupont",
        "I \u2764\ufe0f 1\ufe0f\u20e3",
        r"C:\new [b]markup[/b]", "\uae40\ubbfc\uc900", "\U0001f600",
    ],
)  # fmt: skip
def test_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert visible(name) == name


def test_every_code_point_alone_is_either_harmless_or_escaped() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        shown = visible(char)
        category = unicodedata.category(char)
        if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            assert shown.isascii(), hex(code)
            assert shown.isprintable(), hex(code)
        elif category[0] == "L" and shown != char:
            assert char in "\u115f\u1160\u3164\uffa0", hex(code)


@given(NASTY, st.one_of(st.none(), st.integers(0, 50)))
@example("\u0646\u200c\u0647", 2)
@example("\u0646\u200c\u0647abc", 3)
@example("\u0d28\u0d4d\u200d\u0d28", 3)
@example("\u0646" + "\u064e" * MARKS + "\u200c\u064e", None)
@example("a" + "\u0301" * MARKS + "\u094d\u200d\u0915", None)
@example("\u0915" + "\u094d" * MARKS + "\u200d\u0301\u200c\u0915", None)
def test_visible_is_idempotent_bounded_and_free_of_controls(text: str, limit: int | None) -> None:
    shown = visible(text, limit)
    assert visible(shown, limit) == shown
    assert visible(shown) == shown
    assert limit is None or len(shown) <= limit
    hidden = {char for char in shown if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    assert hidden <= {"\u200c", "\u200d"}
    assert all(unicodedata.bidirectional(char) not in BIDI_CONTROLS for char in shown)
    shown.encode()


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B", "S"}


def test_a_flood_of_marks_ends_in_an_ellipsis() -> None:
    assert visible("Z" + "\u0351" * 5000 + "algo") == "Z" + "\u0351" * MARKS + "\u2026algo"
    assert visible("Z" + "\u0351" * MARKS + "\x1b\u0351") == "Z" + "\u0351" * MARKS + "\\x1b\u0351"
    assert visible("\u0351" * 5000) == "\u25cc" + "\u0351" * MARKS + "\u2026"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd\u2026"),
        ("abcdef", 1, "\u2026"),
        ("abcdef", 0, ""),
        ("\u00e9" * 6, 3, "\u00e9\u00e9\u2026"),
        ("ab\x1bcd", 6, "ab\u2026"),
        ("ab\x1b", 6, "ab\\x1b"),
        ("ae\u0301x", 3, "a\u2026"),
        ("\x1b", 0, ""),
        ("\u0646\u200c\u0647abc", 3, "\u0646\u2026"),
        ("\u0646\u200c\u0647abc", 4, "\u0646\u200c\u0647\u2026"),
    ],
)
def test_a_long_text_is_cut_between_characters(text: str, limit: int, expected: str) -> None:
    assert visible(text, limit) == expected


def test_a_huge_text_costs_no_more_than_what_is_shown() -> None:
    assert len(visible("\x1b" * 1_000_000, 80)) <= 80


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "+49-30-1", "-",
     "-2+3+cmd|' /C calc'!A0"],
)
def test_a_cell_that_a_spreadsheet_would_calculate_gets_an_apostrophe(text: str) -> None:
    assert csv_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "a=b", "-5", "+3.50", "-1,5", "+49 30 1234", "'=1", " x", "2024-05-10"])
def test_plain_cells_numbers_and_telephone_numbers_stay(text: str) -> None:
    assert csv_safe(text) == text


@given(st.text())
def test_making_a_cell_safe_twice_changes_nothing(text: str) -> None:
    assert csv_safe(csv_safe(text)) == csv_safe(text)


def test_a_sentence_gets_its_full_stop_once() -> None:
    assert [full_stop(said) for said in ("Press z", "Done.", "Really?", "(all)")] == ["Press z.", "Done.", "Really?", "(all)"]


def test_a_name_whose_characters_are_all_seen_may_be_given_and_no_other() -> None:
    assert unfit_name("Jürgens 名前 & co.") == ""
    assert "a\\nb" in unfit_name("a\nb")


@pytest.mark.parametrize("name", ['""', "''", '" "', "“”", '"'])
def test_quotation_marks_with_nothing_between_them_are_no_name(name: str) -> None:
    assert unfit_name(name) == "Quotation marks with nothing between them are no name. Write the name itself, without any."
    assert unfit_name(f"{name}Crew{name}") == ""
