"""The limits in the screens: why a key cannot act and from when on, a place given up for another, the screen of its own."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.ui.at_wizard import at
from tests.ui.driver import Driver, acting, opened
from tui_sync.model.limits import Limits
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import drafts, limits, syncs
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.screens.dialogs import Picker
from tui_sync.ui.screens.limits import LimitsPage
from tui_sync.ui.screens.retrieval import RetrievalPage
from tui_sync.ui.widgets.lines import Lines


def allow(ui: Driver, **plan: int) -> None:
    """Another plan."""
    space = ui.app.desk.workspace
    space.meta.write("settings", replace(space.settings, limits=Limits(**plan)))
    ui.app.changed()


def known(ui: Driver, name: str) -> Sync:
    return ui.app.desk.sync(name)


async def until_said(ui: Driver, words: str) -> None:
    """Wait until something is told in passing."""
    await ui.until(lambda: any(words in told.message for told in ui.app._notifications), words)


async def until_words(ui: Driver, words: str) -> None:
    """Wait for a sentence of the screen, however it is wrapped."""
    await ui.until(lambda: words in " ".join(ui.text().split()), words)


async def review(ui: Driver, **plan: int) -> None:
    """A new sync "Zulu" at the review, under this plan."""
    sync = replace(known(ui, "Partner letter"), id="", name="Zulu", state=SyncState.DRAFT, initiated=None)
    allow(ui, **plan)
    ui.app.go.wizard(replace(drafts.new(ui.app.desk), step="review", sync=sync))
    await ui.pilot.pause()
    await at(ui, "review")


async def on(ui: Driver, name: str) -> None:
    """Put the cursor on a sync."""
    await ui.press("slash", f'"{name}"', "enter")


@acting
async def test_a_run_that_the_day_refuses_says_from_when_it_is_possible(made: Path) -> None:
    async with opened(made) as ui:
        space = ui.app.desk.workspace
        space.db.table("usage").truncate()
        space.syncs.note_run("another", ui.app.desk.clock.now())
        allow(ui, day=1)
        await on(ui, "graduates")
        await ui.press("r")
        await until_said(ui, '"IT graduates" can run from')
        assert ui.app.desk.workspace.runs.all() == []


@acting
async def test_a_sync_that_has_not_run_says_from_when_it_can_in_place_of_the_key_that_is_refused(made: Path) -> None:
    async with opened(made) as ui:
        space = ui.app.desk.workspace
        space.db.table("usage").truncate()
        space.syncs.note_run("another", ui.app.desk.clock.now())
        await on(ui, "graduates")
        await until_words(ui, "Press r to run it")
        allow(ui, day=1)
        for keys in ((), ("enter", "9")):
            await ui.press(*keys)
            await until_words(ui, '"IT graduates" can run from')
            assert "Press r to run it" not in ui.text()


@acting
async def test_a_one_time_sync_that_is_done_is_not_told_to_be_run_where_the_day_is_used_up(ran: Path) -> None:
    async with opened(ran) as ui:
        space = ui.app.desk.workspace
        space.db.table("usage").truncate()
        space.syncs.note_run("another", ui.app.desk.clock.now())
        allow(ui, day=1)
        await on(ui, "All alumni")
        await ui.press("p")
        await until_said(ui, '"All alumni" can run from')


@acting
async def test_a_sync_that_is_taken_up_and_due_at_once_is_not_said_to_start_where_the_day_is_used_up(made: Path) -> None:
    async with opened(made) as ui:
        space = ui.app.desk.workspace
        space.db.table("usage").truncate()
        space.syncs.note_run("another", ui.app.desk.clock.now())
        syncs.deactivate(ui.app.desk, "All alumni")
        allow(ui, day=1)
        await on(ui, "All alumni")
        await ui.press("p")
        await until_said(ui, "All alumni is active now. ")
        [told] = [told.message for told in ui.app._notifications if "is active now" in told.message]
        assert '"All alumni" can run from' in told


@acting
async def test_a_draft_that_the_month_refuses_says_from_when_it_is_possible(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs.duplicate(ui.app.desk, "Tech clients", "Zulu")
        allow(ui, month=2)
        await on(ui, "Zulu")
        await ui.press("p")
        await until_said(ui, '"Zulu" can be initiated from')
        assert known(ui, "Zulu").state is SyncState.DRAFT


@acting
async def test_a_draft_beyond_the_day_is_queued_says_until_when_and_shows_it(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs.duplicate(ui.app.desk, "Partner letter", "Zulu")
        allow(ui, day=1)
        await on(ui, "Zulu")
        await ui.press("p")
        assert known(ui, "Zulu").state is SyncState.QUEUED
        await until_said(ui, "is queued and becomes active on")
        assert "◦ queued" in ui.text()
        starts = limits.start_of(ui.app.desk, known(ui, "Zulu"))
        shown = next(one for one in ui.lines() if "◦ queued" in one)
        assert shown.split()[-1] == f"{starts.astimezone(ui.app.desk.workspace.zone):%a}", "Next says when it becomes active"
        assert "It becomes active on" in ui.text()
        await ui.press("r")
        assert ui.app.desk.workspace.runs.all(known(ui, "Zulu").id) == []
        home = ui.text()
        await ui.press("enter")
        await until_words(ui, "Next run It becomes active on")
        await ui.press("1")
        await until_words(ui, "Press d to see what a run would do.")
        assert "Press d to see what a run would do." in home
        assert "Press r to run it" not in ui.text()
        [keys] = ui.app.screen.query_one("#keys", Lines).lines
        assert {span.tone for span in keys if span.action == "run"} == {Tone.DIM}


@acting
async def test_where_no_place_is_free_one_is_asked_for_with_cancel_first_and_then_it_goes_on(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs.deactivate(ui.app.desk, "Tech clients")
        allow(ui, active=4)
        await on(ui, "Tech clients")
        await ui.press("p")
        await ui.until(lambda: isinstance(ui.app.screen, Picker))
        assert "All 4 places of active syncs are taken." in ui.text()
        await ui.press("enter")
        assert known(ui, "Tech clients").state is SyncState.INACTIVE
        await ui.press("p", '"graduates"', "enter")
        assert known(ui, "IT graduates").state is SyncState.INACTIVE
        assert known(ui, "Tech clients").state is SyncState.ACTIVE


@acting
async def test_the_review_tells_the_price_and_initiating_without_a_free_place_asks_for_one(ran: Path) -> None:
    async with opened(ran) as ui:
        await review(ui, active=5)
        await until_words(ui, "All 5 places of active syncs are taken.")
        await ui.press("f9")
        await ui.until(lambda: isinstance(ui.app.screen, Picker))
        await ui.press('"graduates"', "enter")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("Zulu") is not None)
        assert known(ui, "Zulu").state is SyncState.ACTIVE
        assert known(ui, "IT graduates").state is SyncState.INACTIVE


@acting
async def test_the_review_says_that_it_will_be_queued_and_until_when(ran: Path) -> None:
    async with opened(ran) as ui:
        await review(ui, day=6)
        await until_words(ui, "It will be queued, and becomes active on")
        await ui.press("f9")
        await until_said(ui, "is queued and becomes active on")
        assert known(ui, "Zulu").state is SyncState.QUEUED


@acting
async def test_the_limits_have_a_screen_with_what_is_used_and_what_is_to_come(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("6")
        assert isinstance(ui.app.screen, LimitsPage)
        text = ui.text()
        assert "6 of 50" in text
        assert "5 of 10  5 free" in text
        assert "At the current schedules the month ends at 6 of 50." in text
        await ui.press("end", "pagedown")
        assert "credits of Recruit's API together" in ui.text()
        await ui.press("escape")
        assert "IT graduates" in ui.text()


@acting
async def test_a_completed_sync_that_gets_a_schedule_asks_for_a_place_where_none_is_free(ran: Path) -> None:
    async with opened(ran) as ui:
        allow(ui, active=5)
        ui.app.go.retrieval(known(ui, "All alumni"))
        page = ui.app.screen
        assert isinstance(page, RetrievalPage)
        await ui.until(lambda: page._parts, "the fields")
        await ui.press("right", "f4")
        await ui.until(lambda: isinstance(ui.app.screen, Picker))
        await ui.press("escape")
        assert known(ui, "All alumni").state is SyncState.COMPLETED
        await ui.press("f4")
        await ui.until(lambda: isinstance(ui.app.screen, Picker))
        await ui.press('"graduates"', "enter")
        await ui.until(lambda: known(ui, "All alumni").state is SyncState.ACTIVE)
        assert known(ui, "IT graduates").state is SyncState.INACTIVE


@acting
async def test_an_undo_that_a_limit_refuses_can_be_tried_again(ran: Path) -> None:
    async with opened(ran) as ui:
        await on(ui, "Tech clients")
        await ui.press("x", "y")
        assert ui.app.desk.workspace.syncs.named("Tech clients") is None
        allow(ui, active=4)
        await ui.press("u")
        await until_said(ui, "All 4 places of active syncs are taken.")
        allow(ui, active=5)
        await ui.press("u")
        assert known(ui, "Tech clients").state is SyncState.ACTIVE


@acting
async def test_a_full_run_fetches_everything_on_one_key(ran: Path) -> None:
    async with opened(ran) as ui:
        await on(ui, "graduates")
        await ui.press("F")
        await ui.idle()
        newest = ui.app.desk.workspace.runs.all(known(ui, "IT graduates").id)[0]
        assert (newest.full, newest.why) == (True, "a full fetch was asked for")
