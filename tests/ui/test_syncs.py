"""The first screen."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from textual.containers import Vertical

from tests.ui.driver import acting, opened
from tui_sync.model.sync import Policies, Removal, SyncState
from tui_sync.services import drafts
from tui_sync.services import syncs as services
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.widgets.record_table import RecordTable


@acting
async def test_it_shows_every_sync_with_its_last_run_and_the_quotas(ran: Path) -> None:
    async with opened(ran) as ui:
        text = ui.text()
        for name in ("IT graduates", "Tech clients", "All alumni"):
            assert name in text
        assert "Month 6/50  Today 6/10  Active 5/10" in ui.lines()[0]
        assert "✓ completed" in text
        assert "today" in text or "yesterday" in text


@acting
async def test_the_sample_syncs_of_a_new_demo_run_at_once_and_show_it(made: Path) -> None:
    async with opened(made, first=True) as ui:
        await ui.until_text("▸ running")
        await ui.idle()
        assert len(ui.app.desk.workspace.runs.all()) == 6
        await ui.until(lambda: "running" not in ui.text())


@acting
async def test_a_filter_narrows_the_list_while_it_is_typed_and_escape_brings_all_back(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"tech"')
        assert "Tech clients" in ui.text()
        assert "Winter campaign" not in ui.text()
        await ui.press("escape")
        assert "Winter campaign" in ui.text()


@acting
async def test_a_filter_survives_the_end_of_the_program(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"!winter"', "enter")
    async with opened(ran) as ui:
        assert "Winter campaign" not in ui.text()
        assert "Tech clients" in ui.text()


@acting
async def test_a_sync_runs_with_one_key_and_its_counts_show(made: Path) -> None:
    async with opened(made) as ui:
        await ui.press("slash", '"graduates"', "enter")
        await ui.first_run()
        await ui.idle()
        await ui.until_text("Total")
        run = ui.app.desk.workspace.runs.all()[0]
        assert run.sync == "IT graduates"
        assert f"New {run.counts.new}" in ui.text()


@acting
async def test_a_key_that_cannot_act_says_why(made: Path) -> None:
    async with opened(made) as ui:
        await ui.press("w")
        await ui.until_text("No run of")


@acting
async def test_pausing_stops_the_schedule_and_the_same_key_takes_it_up(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs = ui.app.desk.workspace.syncs
        await ui.press("slash", '"clients"', "enter", "p")
        assert syncs.named("Tech clients").state is SyncState.INACTIVE  # type: ignore[union-attr]
        await ui.until_text("○ inactive")
        await ui.press("p")
        assert syncs.named("Tech clients").state is SyncState.ACTIVE  # type: ignore[union-attr]


@acting
async def test_deleting_asks_first_does_nothing_on_enter_and_can_be_taken_back(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs = ui.app.desk.workspace.syncs
        await ui.press("slash", '"clients"', "enter", "x")
        await ui.until_text("Delete the sync Tech clients?")
        assert "1 runs" in ui.text() or "1 run" in ui.text()
        await ui.press("enter")
        assert syncs.named("Tech clients") is not None
        await ui.press("x", "y")
        assert syncs.named("Tech clients") is None
        await ui.press("u")
        assert syncs.named("Tech clients") is not None


@acting
async def test_renaming_refuses_a_taken_name_while_it_is_typed(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"clients"', "enter", "R", "ctrl+u", '"All alumni"')
        await ui.until_text('There is a sync "All alumni" already.')
        await ui.press("ctrl+u", '"Technology"', "enter")
        assert ui.app.desk.workspace.syncs.named("Technology") is not None


@acting
async def test_a_day_passes_in_the_demo_and_the_syncs_run_again(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("A")
        await ui.until_text("A day has passed")
        await ui.idle()
        assert len(ui.app.desk.workspace.runs.all()) == 12


@acting
async def test_an_empty_workspace_says_what_to_do_and_offers_the_demo(empty: Path) -> None:
    async with opened(empty) as ui:
        assert "Nothing is synced yet." in ui.text()
        await ui.press("n")
        await ui.until_text("no connection yet")
        await ui.press("T")
        await ui.pilot.pause()
        assert ui.app.return_value is not None
        assert ui.app.return_value.to_demo


@acting
async def test_an_empty_workspace_offers_the_same_on_a_small_terminal(empty: Path) -> None:
    async with opened(empty, size=(60, 16)) as ui:
        for offer in ("C  connect", "T  try it: the demo organisation, without an account", "n  define a sync"):
            assert offer in ui.text()
        assert "…" not in ui.text()


@acting
async def test_a_question_is_read_whole_at_every_size(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        await ui.press("slash", '"clients"', "enter", "x")
        await ui.until_text("Delete the sync Tech clients?")
        assert "everybody it brought stay" in ui.text()
        assert "on record, and nobody is removed" in ui.text()
        await ui.pilot.resize_terminal(80, 24)
        await ui.pilot.pause()
        assert "everybody it brought stay on record," in ui.text()
        await ui.press("escape", "e")
        await ui.pilot.resize_terminal(60, 16)
        await ui.pilot.pause()
        assert "duplicate the sync to change them." in " ".join(ui.text().split())


@acting
async def test_a_question_too_long_for_the_terminal_keeps_its_ways_out_and_is_scrolled(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        ui.app.push_screen(Ask("Go on?", [f"Reason {number} is one to think of." for number in range(20)], confirm="go on"))
        await ui.until_text("cancel   enter or esc")
        assert "Reason 0 " in ui.text()
        assert "more lines: down or pgdn" in ui.text()
        await ui.press(*["down"] * 50)
        assert "Reason 19 " in ui.text()
        assert "cancel   enter or esc" in ui.text()


@acting
async def test_a_long_name_and_schedule_stand_whole_below_the_list(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("slash", '"tech"', "enter")
        told = " ".join(" ".join(ui.lines()[12:]).split())
        assert "monthly on day 31 (or the last day) 08:00 America/New_York (in" in told
        assert "…" not in told.partition("Last run")[0]


@acting
async def test_a_discarded_beginning_is_brought_back_with_u(made: Path) -> None:
    async with opened(made) as ui:
        draft = drafts.new(ui.app.desk)
        drafts.save(ui.app.desk, replace(draft, sync=replace(draft.sync, name="Crew")))
        await ui.press("n", '"discard"', "enter")
        await ui.until_text("Crew is discarded. u brings it back.")
        assert drafts.left(ui.app.desk) == []
        await ui.press("u")
        assert [left.sync.name for left in drafts.left(ui.app.desk)] == ["Crew"]


@acting
async def test_it_is_complete_at_80_by_24_and_useful_at_60_by_16(ran: Path) -> None:
    titles = ("Name", "Module", "List", "State", "Last run", "Next")
    for size, seen in (((80, 24), titles), ((60, 16), ("Name", "List", "State", "Last run")), ((120, 40), titles)):
        async with opened(ran, size=size) as ui:
            assert ui.lines()[-1].endswith("? more")
            assert "Active 5/10" in ui.lines()[0]
            head = next(line for line in ui.lines() if "Last run" in line)
            assert [title for title in titles if title in head] == list(seen)
            assert any(line.startswith("   Top rated") and "● active" in line for line in ui.lines())
            assert all(len(text) <= size[0] for text in ui.lines())


@acting
async def test_a_summary_that_has_no_room_says_that_there_is_more(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        await ui.press("slash", '"graduates"', "enter")
        assert ui.lines()[-3].endswith("… J more")
        await ui.pilot.resize_terminal(80, 24)
        await ui.pilot.pause()
        assert not any(line.endswith(" …") for line in ui.lines())


@acting
async def test_few_messages_stand_at_a_time_and_those_taken_away_leave_no_gap(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        for text in ("One thing.", "Nobody answers.", "Nobody answers.", "Nobody answers.", f"Another {'long ' * 12}thing."):
            ui.app.say(text)
            await ui.pilot.pause()
        await ui.until_text("Another")
        await ui.press("u", "u", "u")
        await ui.until_text("No edit or deletion since the start is left")
        places = [place for place, line in enumerate(ui.lines()) if "▌" in line and place > 10]
        assert places == list(range(places[0], 15))
        assert "One thing." not in ui.text()
        assert ui.text().count("Nobody answers.") == 1
        assert all(line in " ".join(ui.text().split()) for line in ("Another long", "long thing."))


@acting
async def test_a_message_of_any_length_is_read_to_its_last_word(ran: Path) -> None:
    for size in ((60, 16), (80, 24)):
        async with opened(ran, size=size) as ui:
            for length in range(size[0] - 8, size[0] + 3):
                ui.app.say("a " * (length // 2) + f"end{length}")
                await ui.pilot.pause()
                assert f"end{length}" in ui.text(), (size, length)


@acting
async def test_initiating_a_draft_that_removes_from_the_hub_asks_for_its_name(made: Path) -> None:
    async with opened(made) as ui:
        desk = ui.app.desk
        copy = services.duplicate(desk, "Tech clients", "Zulu")
        desk.workspace.syncs.put(replace(copy, policies=Policies(Removal.HUB)))
        ui.app.changed()
        await ui.press("slash", '"Zulu"', "enter", "p")
        await ui.until_text("Type Zulu to initiate it")
        await ui.press("enter", "escape")
        assert desk.sync("Zulu").state is SyncState.DRAFT
        await ui.press("p", '"Zulu"', "enter")
        assert desk.sync("Zulu").state is SyncState.ACTIVE


@acting
async def test_the_key_line_offers_to_initiate_a_draft_instead_of_pausing_it(ran: Path) -> None:
    async with opened(ran) as ui:
        assert "p pause" in ui.lines()[-1]
        services.duplicate(ui.app.desk, "Tech clients", "Zulu")
        ui.app.changed()
        await ui.press("slash", '"Zulu"', "enter")
        assert "p initiate" in ui.lines()[-1]


@acting
async def test_the_cursor_goes_to_the_copy_that_is_told_to_be_edited(ran: Path) -> None:
    async with opened(ran) as ui:
        table = ui.app.screen.query_one(RecordTable)
        await ui.press("G", "D", "enter")
        await ui.until_text("is a draft. Press e on it")
        assert table.current.name == "IT graduates 2"
        await ui.press("G", "enter", "D", '" b"', "enter", "escape")
        assert table.current.name == "IT graduates 2 b", "from the details of a sync, too"


@acting
async def test_the_demo_tells_its_own_day(ran: Path) -> None:
    async with opened(ran, size=(100, 24)) as ui:
        today = ui.app.now.astimezone(ui.app.zone)
        assert f"Demo organisation, {today:%a} {today.day} {today:%b}" in ui.lines()[0]
        await ui.press("A")
        await ui.until_text("Demo organisation, " + f"{ui.app.now.astimezone(ui.app.zone):%a} ")
        assert ui.app.now.astimezone(ui.app.zone).date() != today.date()
        await ui.idle()


@acting
async def test_the_cursor_goes_back_to_a_sync_that_is_brought_back_and_no_more_is_left_to_take_back(ran: Path) -> None:
    async with opened(ran) as ui:
        table = ui.app.screen.table  # type: ignore[attr-defined]
        await ui.press("j", "j")
        name = table.current.name
        await ui.press("x", "y")
        assert table.current.name != name
        await ui.press("home", "u")
        assert table.current.name == name
        await ui.press("u")
        await ui.until_text("No edit or deletion since the start is left")


@acting
async def test_nothing_of_the_screen_behind_stands_beside_a_question_at_80_columns(ran: Path) -> None:
    async with opened(ran) as ui:
        for keys in (("x",), ("escape", "e"), ("escape", "D")):
            await ui.press(*keys)
            panel = ui.app.screen.query_one(Vertical).region
            assert (panel.x, panel.width) == (0, 80)
