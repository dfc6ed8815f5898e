"""Lines and columns: nothing is ever wider than its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_sync.ui.keys import ACTIONS, bindings, first_key
from tui_sync.ui.present.charts import bar, columns
from tui_sync.ui.present.columns import Column, fit, measured, natural, table_line
from tui_sync.ui.present.frame import key_line, title_lines
from tui_sync.ui.present.lines import TIE, Span, beside, clip, clip_line, first, followed, line, pad, spread, width_of, wrapped
from tui_sync.ui.present.lists import LEAD_COLUMNS
from tui_sync.ui.present.moments import briefly, day, distance, speed, when
from tui_sync.ui.present.syncs import COLUMNS as SYNC_COLUMNS
from tui_sync.ui.widgets.record_table import MARGIN

texts = st.text(alphabet=st.sampled_from("ab 漢字é─\x1b[]/@click"), max_size=40)
widths = st.integers(0, 60)


@given(texts, widths)
def test_a_clipped_text_fits_and_a_short_one_stays(text: str, width: int) -> None:
    assert cell_len(clip(text, width)) <= width
    if cell_len(text) <= width:
        assert clip(text, width) == text


@given(texts, st.integers(1, 60), st.booleans())
def test_a_padded_text_takes_exactly_its_place(text: str, width: int, right: bool) -> None:
    assert cell_len(pad(text, width, right=right)) == width


@given(st.lists(texts, max_size=5), widths)
def test_a_clipped_line_fits(parts: list[str], width: int) -> None:
    assert width_of(clip_line(line(*parts), width)) <= width


@given(texts, texts, texts, st.integers(30, 120))
def test_a_spread_line_fills_the_width_and_keeps_its_right_part(left: str, middle: str, right: str, width: int) -> None:
    whole = spread(line(left), line(middle), line(right[:10]), width)
    if width_of(line(right[:10])) < width:
        assert width_of(whole) == width
        assert whole[-1:] == line(right[:10])[-1:]


@given(texts, st.integers(8, 60))
def test_wrapped_sentences_fit_and_lose_no_word(text: str, width: int) -> None:
    rows = ["".join(part.text for part in row) for row in wrapped(text, width)]
    assert all(cell_len(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join("".join(part.text for part in line(text)).split())


@given(st.lists(st.integers(1, 40), min_size=1, max_size=7), st.integers(20, 160))
def test_columns_fit_the_terminal(wished: list[int], width: int) -> None:
    some = [Column(f"c{n}", least=2, most=40, spare=n) for n in range(len(wished))]
    sizes = fit(some, wished, width)
    assert width_of(table_line(some, sizes, ["x" * 50] * len(some))) <= width
    assert sizes[0]


def test_the_column_that_can_best_be_spared_goes_first() -> None:
    some = [Column("name"), Column("list", spare=1), Column("next", spare=2)]
    assert fit(some, [20, 20, 20], 64) == [20, 20, 20]
    assert fit(some, [20, 20, 20], 42) == [20, 20, 0]
    assert fit(some, [20, 20, 20], 20) == [20, 0, 0]


def test_wide_characters_are_measured_in_cells() -> None:
    assert natural([Column("n", least=1)], [["漢字"]]) == [4]


def test_the_key_line_ends_in_more_at_every_width() -> None:
    for width in (40, 60, 80, 120, 200):
        for actions in ACTIONS.values():
            spans = key_line(actions, {}, width)
            assert width_of(spans) == width
            assert "".join(part.text for part in spans).endswith("? more ")


def test_the_title_line_keeps_the_quotas_and_cuts_the_breadcrumb() -> None:
    top, below = title_lines(["Syncs", "A very long name of a sync that goes on and on"], (), (Span("Month 1/50"),), 40)
    assert "".join(part.text for part in top).rstrip().endswith("Month 1/50")
    assert width_of(top) == width_of(below) == 40


def test_every_action_of_the_registry_has_a_key_or_a_row_and_says_what_it_does() -> None:
    for place, actions in ACTIONS.items():
        names = [action.name for action in actions]
        assert len(names) == len(set(names)), place
        for action in actions:
            assert first_key(action)
            assert action.says.endswith("."), action.says


def test_no_key_means_two_things_in_one_place() -> None:
    for place in ACTIONS:
        keys = [key for action in ACTIONS[place] for key in action.keys.split(",") if key]
        assert len(keys) == len(set(keys)), place
        assert len(bindings(place)) == sum(1 for action in ACTIONS[place] if action.keys)


NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_moments_within_a_week_are_relative_and_others_absolute() -> None:
    assert when(NOW - timedelta(hours=2), NOW, BERLIN) == "today 13:00"
    assert when(NOW - timedelta(days=1), NOW, BERLIN) == "yesterday 15:00"
    assert when(NOW + timedelta(days=3), NOW, BERLIN) == "Fri 15:00"
    assert when(NOW - timedelta(days=30), NOW, BERLIN) == "8 Feb"
    assert when(NOW - timedelta(days=400), NOW, BERLIN) == "3 Feb 2025"
    assert when(None, NOW, BERLIN) == "-"


def test_moments_in_a_column_are_one_short_word() -> None:
    assert day(NOW + timedelta(hours=1), NOW, BERLIN) == "16:00"
    assert day(NOW + timedelta(days=1), NOW, BERLIN) == "Wed"
    assert day(NOW - timedelta(days=1), NOW, BERLIN) == "Mon"
    assert day(NOW - timedelta(days=30), NOW, BERLIN) == "8 Feb"
    assert day(NOW - timedelta(days=90), NOW, BERLIN) == "10 Dec", "the nearest one, whatever the year"
    assert day(NOW + timedelta(days=400), NOW, BERLIN) == "14 Apr 2027"
    assert day(None, NOW, BERLIN) == "-"


def test_lengths_of_time_and_speeds_in_a_column_are_one_number() -> None:
    assert [briefly(seconds) for seconds in (0.2, 41.6, 125, 7_300)] == ["0 s", "42 s", "2 min", "2 h"]
    assert [speed(rate) for rate in (1_234.4, 2, 1.58, 0.1)] == ["1 234/s", "2/s", "95/min", "6/min"]


def test_a_way_out_follows_a_sentence_and_a_command() -> None:
    assert followed("Nobody answers.", "Press r.") == "Nobody answers. Press r."
    assert followed("Nobody answers. See: tui-sync doctor", "Press r.") == "Nobody answers. See: tui-sync doctor. Press r."


def test_distances_are_told_in_their_largest_unit() -> None:
    assert away(days=3, hours=5) == "in 3 days"
    assert away(hours=23, minutes=40) == away(hours=33) == "in 1 day"
    assert away(minutes=59, seconds=40) == "in 1 h"
    assert away(minutes=5) == "in 5 min"
    assert away(hours=-2) == "2 h ago"
    assert away(days=-2) == "2 days ago"
    assert away(seconds=45) == "in 45 s"
    assert away() == away(seconds=-45) == "now"


def test_a_week_from_now_is_seven_days_away_at_every_time_of_the_day_and_days_are_those_of_the_zone() -> None:
    assert {away(days=7, hours=hour) for hour in range(-14, 10)} == {"in 7 days"}
    assert away(days=7, hours=10) == "in 8 days"
    assert away(days=7, hours=9, zone="Asia/Kolkata") == "in 8 days"


def away(*, zone: str = "UTC", **later: float) -> str:
    return distance(NOW + timedelta(**later), NOW, ZoneInfo(zone))


def test_where_one_is_stands_in_the_title_although_the_names_before_are_long() -> None:
    top, _ = title_lines(["A very long name of a sync " * 9, "Mapping"], (), (Span("5 of 14 hub fields"),), 60)
    assert " > Mapping" in "".join(part.text for part in top)
    assert width_of(top) <= 60


@given(st.floats(-1, 2), st.integers(1, 40))
def test_a_bar_takes_its_width(share: float, width: int) -> None:
    assert width_of(bar(share, width)) == width


def test_columns_of_a_chart_follow_the_numbers() -> None:
    assert columns([0, 4, 8]) == "▁▅█"
    assert columns([0, 0]) == "▁▁"
    assert columns([]) == ""


def test_lines_of_which_only_the_first_are_shown_say_that_there_are_more() -> None:
    lines = [line("one"), line("two two two"), line("three")]
    assert first(lines, 3, 12) == lines
    assert ["".join(part.text for part in row) for row in first(lines, 2, 13)] == ["one", "two two two…"]
    assert ["".join(part.text for part in row) for row in first(lines, 2, 12)] == ["one", "two two tw…"]


def test_a_tie_keeps_words_on_one_line_and_is_shown_as_a_blank() -> None:
    told = ["".join(part.text for part in row) for row in wrapped(f"one two, Group{TIE}email{TIE}1, three", 16)]
    assert told == ["one two,", "Group email 1,", "three"]


def test_things_beside_one_another_stay_whole_and_no_line_of_them_ends_in_a_comma() -> None:
    told = ["".join(part.text for part in row) for row in beside(["Empty email 2", "Group email 1", "Bounced 3"], 32, indent=" ")]
    assert told == [" Empty email 2   Group email 1", " Bounced 3"]
    assert list(beside([], 32)) == []


def test_people_of_a_list_keep_their_address_whole_while_long_names_give_way() -> None:
    address = "antonio.conceicao83.alum@inbox.example.com"
    sizes = fit(LEAD_COLUMNS, natural(LEAD_COLUMNS, [[address, "Bartholomew Alexander", "Vandersteen-Guðmundsdóttir"]]), 76)
    assert sizes[0] >= len(address)
    assert all(size >= 8 for size in sizes)


def test_narrow_columns_that_have_room_after_all_are_not_left_out_for_a_wide_one() -> None:
    columns = [Column("List", 12, 40, grow=True), Column("Bounced", 6, 10, spare=3), Column("Fed by", 8, 40, spare=1)]
    assert fit(columns, [15, 7, 40], 40) == [31, 7, 0]


NAME, EMAIL, WHY = Column("Name", 8, 26, yields=True), Column("E-mail", 14, 40), Column("Why", 8, 15)


def of_length(*sizes: int) -> list[str]:
    return ["x" * size for size in sizes]


def test_room_that_a_few_long_names_need_goes_to_addresses_that_would_be_cut() -> None:
    rows = [of_length(12, 36, 8)] * 26 + [of_length(24, 36, 8)] * 4
    widths = measured([NAME, EMAIL, WHY], rows)
    assert (widths.wished, widths.usual) == ([24, 36, 8], [12, 36, 8])
    assert fit([NAME, EMAIL, WHY], widths.wished, 60, widths.usual) == [12, 36, 8]
    assert fit([NAME, EMAIL, WHY], widths.wished, 66, widths.usual) == [18, 36, 8]
    assert fit([NAME, EMAIL, WHY], widths.wished, 80, widths.usual) == [24, 36, 8]


def test_more_than_a_few_long_names_keep_their_room() -> None:
    rows = [of_length(12, 36, 8)] * 25 + [of_length(24, 36, 8)] * 5
    assert measured([NAME, EMAIL, WHY], rows).usual == [24, 36, 8]


SYNCS = (
    ("Top rated newsletter", "Candidates", "Zylker friends", "● active", "12 Nov +1 234", "31 Jan"),
    ("Winter campaign", "Contacts", "Winter", "! 3 not delivered", "31 Dec +7", "31 Jan 2028"),
    ("Partner letter", "Contacts", "Partners", "✓ completed", "12 Nov 2025 +12 345", "-"),
)


def shown_at(width: int, rows: Sequence[Sequence[str]]) -> list[str]:
    """The list of syncs as it is drawn in a terminal of that width."""
    sizes = fit(SYNC_COLUMNS, natural(SYNC_COLUMNS, rows), width - MARGIN - 1)
    return ["".join(part.text for part in table_line(SYNC_COLUMNS, sizes, row)) for row in rows]


def test_modules_numbers_and_days_stand_whole_in_the_list_of_syncs_at_80_cells() -> None:
    [told] = shown_at(80, SYNCS[:1])
    for whole in ("Candidates", "● active", "12 Nov +1 234", "31 Jan"):
        assert whole in told
    for row, told in zip(SYNCS, shown_at(80, SYNCS), strict=True):
        assert row[4] in told
        assert row[5] in told


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), max_size=40), st.integers(20, 160))
def test_columns_that_yield_fit_the_terminal_and_no_wider_one_is_narrower_for_it(rows: list[tuple[int, ...]], width: int) -> None:
    columns = [NAME, EMAIL, WHY]
    widths = measured(columns, [of_length(*row) for row in rows])
    before, after = fit(columns, widths.wished, width), fit(columns, widths.wished, width, widths.usual)
    assert width_of(table_line(columns, after, ["x" * 60] * 3)) <= max(width, 20)
    assert after[1] >= before[1]
    assert after[2] >= before[2]
