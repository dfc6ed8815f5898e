"""Finding out what the keys do, and why one does nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, opened
from tests.ui.tour import criteria
from tui_sync.ui import verbs
from tui_sync.ui.keys import ACTIONS, ALWAYS, OWN, first_key, shown_keys
from tui_sync.ui.screens.dialogs import Picker
from tui_sync.ui.screens.help import HelpPage
from tui_sync.ui.screens.palette import COLUMNS, UNLISTED
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.titles import title_of
from tui_sync.ui.widgets.record_table import RecordTable


def found(ui: Driver) -> list[tuple[str, str]]:
    """Name and key of what the palette shows."""
    assert isinstance(ui.app.screen, Picker)
    choices = ui.app.screen.query_one(RecordTable).shown
    return [(choice.cells[0], choice.cells[2].text) for choice in choices if choice.value[0] == "do"]


@acting
async def test_the_palette_finds_an_action_by_its_name_and_does_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("colon", '"find pers"')
        assert found(ui) == [("Find person", "f")]
        await ui.press("enter")
        assert "People" in ui.lines()[0]


@acting
async def test_the_palette_has_every_action_with_its_key_wherever_it_is_done(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("colon")
        has = set(found(ui))
        for place in ACTIONS.keys() - OWN - {"picker", "ask", "matches"}:
            for action in ACTIONS[place]:
                if action.name not in UNLISTED:
                    assert (title_of(place, action), first_key(action)) in has, f"{place}.{action.name}"


@acting
async def test_no_two_rows_of_the_palette_read_alike(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("colon", '"person"')
        rows = [row for row in ui.lines() if "Suppress person" in row]
        assert len(rows) == 1


@acting
async def test_the_palette_has_one_way_out_of_the_program_on_every_screen(ran: Path) -> None:
    async with opened(ran) as ui:
        ways = (("Syncs", ()), ("Configuration", ("enter",)), ("Settings", ("escape", "8")), ("Review", ("escape", "n")))
        for place, keys in ways:
            await ui.press(*keys)
            await ui.until_text(place)
            await ui.press("colon", '"quit"')
            assert [choice for choice in found(ui) if "Quit" in choice[0]] == [("Quit the program", "ctrl+c")], ui.text()
            await ui.press("escape")
            await ui.until(lambda: not isinstance(ui.app.screen, Picker), "the screen")


def test_every_action_has_a_title_of_its_own_in_the_palette_that_says_what_it_does_without_its_screen() -> None:
    for place in ACTIONS.keys() - OWN - {"picker", "ask", "matches"}:
        for action in ACTIONS[place]:
            if action.name in UNLISTED:
                continue
            title = title_of(place, action)
            assert title[0].isupper(), f"{place}.{action.name}: {title}"
            assert " " in title, f"{place}.{action.name}: {title}"
            assert len(title) <= COLUMNS[0].most, f"{place}.{action.name}: {title}"
            words = set(action.label.casefold().replace("/", " ").split())
            assert words & set(title.casefold().replace("/", " ").replace(":", " ").split()), f"{place}.{action.name}: {title}"


@acting
async def test_the_palette_says_why_an_action_cannot_be_done_and_does_not_do_it(ran: Path) -> None:
    async with opened(ran) as ui:
        for typed, why in (
            ('"undo"', "No edit or deletion since the start is left to take back."),
            ('"watch"', "goes on."),
            ('"approve"', "Details of a sync: enter on a sync opens them."),
        ):
            await ui.press("colon", typed)
            assert why in ui.text()
            await ui.press("enter")
            assert isinstance(ui.app.screen, Picker)
            await ui.press("escape")


@acting
async def test_the_palette_stands_on_the_first_match_and_what_can_be_done_comes_before_the_rest(ran: Path) -> None:
    async with opened(ran) as ui:
        for typed, label in (('"misspelt"', "Go to misspelt"), ('"limits"', "Go to limits"), ('"criteria"', "Edit sync")):
            await ui.press("colon", typed)
            assert isinstance(ui.app.screen, Picker)
            table = ui.app.screen.query_one(RecordTable)
            assert (table.cursor, table.current.cells[0], table.current.why_not) == (0, label, ""), typed
            whys = [bool(choice.why_not) for choice in table.shown]
            assert whys == sorted(whys), typed
            await ui.press("escape")


@acting
async def test_enter_in_the_palette_on_what_is_done_elsewhere_says_the_way(ran: Path) -> None:
    async with opened(ran) as ui:
        way = "Details of a sync: enter on a sync opens them."
        await ui.press("colon", '"approve"')
        before = ui.text().count(way)
        await ui.press("enter")
        assert ui.text().count(way) == before + 1


@acting
async def test_help_finds_a_key_by_the_name_of_its_action_and_names_its_command(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("question_mark", "slash", '"dry run"', "enter")
        assert "Fetch and plan without changing anything." in ui.text()
        assert "Same as: tui-sync run NAME --dry-run" in ui.text()
        await ui.press("escape")
        assert isinstance(ui.app.screen, HelpPage)
        assert "Define a new sync." in ui.text()
        await ui.press("escape")
        assert isinstance(ui.app.screen, SyncsPage)


@acting
async def test_help_says_why_a_key_does_nothing_now(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("question_mark", "slash", '"undo"', "enter")
        assert "Not now: No edit or deletion since the start is left to take back." in ui.text()


@acting
async def test_what_is_done_anywhere_is_refused_by_no_state_of_a_screen(ran: Path, tmp_path: Path) -> None:
    def refused(ui: Driver) -> dict[str, str]:
        page = ui.app.page
        assert page is not None
        return {name: why for name in sorted(ALWAYS) if (why := page.refusal(name))}

    async with opened(tmp_path / "unconnected") as ui:
        assert refused(ui) == {}
    async with opened(ran) as ui:
        await ui.press("slash", '"nobody"', "enter")
        assert refused(ui) == {}
        await criteria(ui, ui.app.desk.workspace.syncs.all()[0])
        await ui.press("p", "backspace")
        assert refused(ui) == {}


@acting
async def test_keys_pressed_in_vain_leave_one_sentence_not_a_heap(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("u", "w", "C", "w")
        await ui.until_text("goes on.")
        assert "No edit or deletion" not in ui.text()
        assert "has its connection" not in ui.text()
        assert ui.text().count("goes on.") == 1


@acting
async def test_every_text_that_scrolls_goes_to_its_ends_with_the_keys_of_the_tables(ran: Path) -> None:
    for place, actions in ACTIONS.items():
        keys = {action.name: action.keys.split(",") for action in actions}
        if "line(1)" in keys:
            assert {"end", "G"} <= set(keys["line(9999)"]), place
            assert {"home", "g"} <= set(keys["line(-9999)"]), place
    async with opened(ran) as ui:
        await ui.press("6")
        top = ui.text()
        await ui.press("G")
        assert "more lines" not in ui.text()
        await ui.press("g", "g")
        assert ui.text() == top


@acting
async def test_the_keys_that_help_tells_stand_in_the_lowest_terminal(ran: Path) -> None:
    async with opened(ran, size=(40, 10)) as ui:
        await ui.press("question_mark")
        assert ui.lines()[0].strip() == "Syncs > Help"
        assert any(line.startswith(" ▌ enter") for line in ui.lines())
        assert "? more" in ui.lines()[-1]
        assert not ui.app.screen.show_vertical_scrollbar


TYPED_INTO = {"retrieval", "wizard"}
"""Places where letters may be typed into a line: what a letter does elsewhere has a key besides that works there too."""


@pytest.mark.parametrize(
    ("label", "letter", "anywhere"), [("read again", "r", "f5"), ("save", "w", "f4"), ("dry run", "d", ""), ("filter", "/", "")]
)
def test_what_has_one_name_has_the_same_keys_on_every_screen(label: str, letter: str, anywhere: str) -> None:
    named = [(place, action) for place, actions in ACTIONS.items() for action in actions if action.label == label]
    assert len(named) > 1
    for place, action in named:
        keys = shown_keys(action).split(", ")
        assert not anywhere or anywhere in keys, place
        if place not in TYPED_INTO or not anywhere:
            assert keys[0] == letter, place


def test_a_function_key_that_many_screens_have_means_the_same_on_all_of_them() -> None:
    for key, labels in (("f5", {"read again"}), ("f4", {"save", "save draft"})):
        assert {action.label for actions in ACTIONS.values() for action in actions if key in action.keys.split(",")} == labels


def test_a_function_key_goes_to_one_action_wherever_it_is_a_key() -> None:
    holders: dict[str, set[str]] = {}
    for action in (action for place in ACTIONS.values() for action in place):
        for key in action.keys.split(","):
            if re.fullmatch(r"f\d+", key):
                holders.setdefault(key, set()).add(action.name)
    assert {key: names for key, names in holders.items() if len(names) > 1} == {
        "f4": {"save", "save_draft"}, "f5": {"reload", "again"},
    }  # fmt: skip


def test_every_screen_that_can_read_again_says_so_in_its_key_line() -> None:
    for place, actions in ACTIONS.items():
        assert all(action.rank for action in actions if action.label == "read again"), place


def test_every_verb_about_a_sync_names_the_command_that_does_the_same() -> None:
    for place in ("syncs", "details"):
        for action in ACTIONS[place]:
            assert action.name not in verbs.VERBS or action.twin, f"{place}.{action.name}"


@acting
async def test_why_a_key_did_nothing_is_gone_when_another_does_something(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("u")
        await ui.until_text("No edit or deletion since the start is left to take back.")
        await ui.press("P")
        await ui.press("escape")
        assert "No edit or deletion" not in ui.text()


@acting
async def test_help_names_the_keys_of_a_table_only_where_there_is_one(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("question_mark")
        assert "Next row." in [row.says for row in ui.app.screen.query_one(RecordTable).rows]
        await ui.press("escape")
        ui.app.go.people("opal.outley@zylker.com")
        await ui.pilot.pause()
        await ui.press("question_mark")
        told = [row.says for row in ui.app.screen.query_one(RecordTable).rows]
        assert "Scroll down." in told
        assert "Next row." not in told
