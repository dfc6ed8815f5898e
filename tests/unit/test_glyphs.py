"""What stands for our glyphs and for foreign letters on terminals that have ASCII only."""

from __future__ import annotations

from rich.cells import cell_len

from tui_sync.ui.glyphs import in_ascii


def test_a_text_that_is_cut_does_not_end_in_what_could_be_a_part_of_it() -> None:
    assert in_ascii("CustomMod…  Alumni") == "CustomMod~  Alumni"


def test_a_draft_keeps_its_own_glyph() -> None:
    assert in_ascii("Winter l…  … draft") == "Winter l~  - draft"
    assert in_ascii("… draft") == "- draft"


def test_letters_with_a_bar_or_of_two_parts_have_a_plain_twin_of_one_cell() -> None:
    text = "Đorđe Łukasz Øyvind Groß Zoë"
    assert in_ascii(text) == "Dorde Lukasz Oyvind Gros Zoe"
    assert cell_len(in_ascii(text)) == cell_len(text)


def test_a_panel_has_a_frame_of_ascii() -> None:
    assert in_ascii("╭──╮│╰──╯") == "+--+|+--+"
