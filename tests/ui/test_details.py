"""The details of a sync: people by status, runs, configuration, approving, exporting."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest

from tests.ui.driver import Driver, acting, held_back, opened
from tui_sync.demonstration import DemoConnector
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.outcomes import Outcome, Reason, Result, RunSummary, Status
from tui_sync.simulator.records import Records
from tui_sync.ui import verbs
from tui_sync.ui.keys import ACTIONS
from tui_sync.ui.screens.details import DetailsPage
from tui_sync.ui.screens.people import PeoplePage
from tui_sync.ui.screens.person import PersonPage
from tui_sync.ui.widgets import people_table


def page(ui: Driver) -> DetailsPage:
    screen = ui.app.screen
    assert isinstance(screen, DetailsPage), ui.text()
    return screen


def shown(ui: Driver) -> RunSummary:
    run = page(ui).shown
    assert run is not None
    return run


async def details(ui: Driver, name: str) -> None:
    sync = ui.app.desk.workspace.syncs.named(name)
    assert sync is not None
    ui.app.go.details(sync)
    await ui.pilot.pause()


def stored(ui: Driver, *, status: Status) -> set[str]:
    """The records that the shown run has under a status, by the store."""
    outcomes = ui.app.desk.workspace.runs.outcomes(shown(ui).id)
    return {outcome.record_id for outcome in outcomes if outcome.status is status}


def organisation(ui: Driver) -> tuple[Records, int]:
    """The records of the demo organisation and its present second."""
    connector = ui.app.desk.connect
    assert isinstance(connector, DemoConnector)
    return connector.organisation.records, connector.organisation.seconds()


async def mass_deletion(ui: Driver, name: str) -> int:
    """Delete half of the people whom a sync delivered, and run it: the removals are withheld. Gives how many."""
    await details(ui, name)
    records, now = organisation(ui)
    delivered = sorted(stored(ui, status=Status.NEW))
    for record in delivered[: len(delivered) // 2]:
        records.delete(int(record), now)
    await ui.press("r")
    await ui.idle()
    await ui.until(lambda: len(page(ui).runs) == 2 and shown(ui).result is Result.HELD)
    return shown(ui).withheld


@acting
async def test_each_tab_shows_exactly_the_people_of_its_status_and_counts_them(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        counts = shown(ui).counts
        assert f"[1 Total {counts.total}]" in ui.text()
        for key, status in (("2", Status.NEW), ("4", Status.DUPLICATE), ("5", Status.IGNORED)):
            await ui.press(key)
            assert {row.record_id for row in page(ui).table.shown} == stored(ui, status=status)
            assert f"[{key} {status.capitalize()} {getattr(counts, status)}]" in ui.text()
        await ui.press("3")
        assert "Nobody in this run had been deleted from the hub and came back." in ui.text()


@acting
async def test_the_people_ignored_are_split_by_reason_and_the_reasons_add_up(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("5")
        numbers = []
        for _ in page(ui).people.sheet.whys(Status.IGNORED):
            await ui.press("o")
            rows = page(ui).table.shown
            assert {row.reason for row in rows} == {Reason(page(ui).why)}
            numbers.append(len(rows))
        assert len(numbers) > 3
        assert sum(numbers) == shown(ui).counts.ignored
        await ui.press("o")
        assert f"[All {shown(ui).counts.ignored}]" in ui.text()


@acting
async def test_escape_shows_all_reasons_again_before_it_leaves_the_screen(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("5", "o")
        assert page(ui).why
        await ui.press("escape")
        assert (page(ui).tab, page(ui).why) == (Status.IGNORED, "")
        await ui.press("escape")
        assert not isinstance(ui.app.screen, DetailsPage)


@acting
async def test_names_are_there_for_people_ignored_and_for_people_delivered(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("slash", '"@zylker"', "enter", "2")
        known = {member.email for member in ui.app.desk.workspace.ledger.memberships_in(page(ui).sync().list_key)}
        assert {row.email for row in page(ui).table.shown} <= known
        rows = [line for line in ui.lines() if "@zylker.com" in line]
        assert rows
        assert all(len(row[3:].partition("@")[0].split()) > 2 for row in rows), ui.text()


@acting
async def test_names_are_there_for_people_far_down_the_table(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_table, "MEASURED", 5)
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("2", "G")
        rows = [line for line in ui.lines() if "@" in line]
        assert len(rows) > 10
        assert all(line[3:6].strip(" -") for line in rows), ui.text()


@acting
async def test_a_filter_finds_people_by_a_name_that_was_never_on_the_screen(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        table = page(ui).table
        names = page(ui).people.names
        wanted = next(row for row in reversed(table.rows) if not names.of(row).isascii())
        surname = names.of(wanted).split()[-1]
        assert surname.casefold() not in (wanted.email or "")
        names.forget()
        table.filter(surname)
        await ui.until(lambda: wanted in table.shown)
        await ui.press("escape")
        assert len(table.shown) == shown(ui).counts.total
        await ui.press("escape")
        assert not isinstance(ui.app.screen, DetailsPage)


@acting
async def test_a_person_opens_with_enter_and_the_way_back_leads_to_the_same_row(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("5", "j", "j")
        here = page(ui).table.current
        await ui.press("enter")
        assert isinstance(ui.app.screen, PersonPage)
        await ui.press("escape")
        assert (page(ui).tab, page(ui).table.current) == (Status.IGNORED, here)


@acting
async def test_a_run_started_here_counts_up_and_is_shown_when_it_has_ended(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(made) as ui:
        await details(ui, "All alumni")
        assert "It has not run yet." in ui.text()
        come = held_back(MarketingHub, "deliver", monkeypatch, after=40)
        await ui.first_run()
        await ui.until(lambda: page(ui).runs and shown(ui).counts.new > 0 and f"New {shown(ui).counts.new}" in ui.text())
        assert "▸ running" in ui.lines()[0]
        assert ui.app.runner.going_on()
        come.set()
        await ui.idle()
        await ui.until_text("✓ completed in")
        counts = shown(ui).counts
        assert f"[1 Total {counts.total}]" in ui.text()
        assert len(page(ui).table.shown) == counts.total > 0


@acting
async def test_older_runs_are_reached_by_brackets_and_by_the_table_of_runs(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "Winter campaign")
        first = shown(ui).id
        assert "the only run" in ui.lines()[0]
        await ui.press("r")
        await ui.idle()
        await ui.until_text("newest of 2 runs")
        assert shown(ui).id != first
        await ui.press("left_square_bracket")
        assert "newest but 1 of 2 runs" in ui.lines()[0]
        assert shown(ui).id == first
        await ui.press("left_square_bracket")
        await ui.until_text("There is no older run.")
        await ui.press("w")
        await ui.until_text("No run of Winter campaign goes on")
        await ui.press("9", "home", "enter")
        assert "newest of 2 runs" in ui.lines()[0]
        assert page(ui).tab == "total"


@acting
async def test_after_watching_a_run_to_its_end_the_way_back_leads_to_it(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "Winter campaign")
        for _ in range(2):
            await ui.press("r")
            await ui.idle()
        await ui.press("left_square_bracket", "left_square_bracket", "r", "w")
        await ui.idle()
        if not isinstance(ui.app.screen, DetailsPage):
            await ui.press("escape")
        await ui.until_text("newest of 4 runs")


@acting
async def test_withheld_removals_are_approved_only_after_a_question_with_their_number(ran: Path) -> None:
    async with opened(ran) as ui:
        withheld = await mass_deletion(ui, "All alumni")
        assert withheld > 10
        assert f"7 Withheld {withheld}" in ui.text()
        await ui.press("a")
        await ui.until_text(f"Remove {withheld} of ")
        assert "unsubscribe at Marketing Automation" in ui.text()
        await ui.press("enter")
        assert not ui.app.runner.going_on()
        await ui.press("a")
        await ui.until_text(f"Remove {withheld} of ")
        await ui.press("y")
        await ui.idle()
        await ui.press("escape")
        await ui.until(lambda: shown(ui).counts.deleted == withheld)
        assert shown(ui).result is Result.COMPLETED
        assert len(stored(ui, status=Status.DELETED)) == withheld
        assert "7 Withheld" not in ui.text()
        await ui.press("a")
        await ui.until_text("No removal of this run waits for an approval.")


@acting
async def test_removals_from_the_whole_hub_need_the_name_of_the_sync_typed(ran: Path) -> None:
    async with opened(ran) as ui:
        withheld = await mass_deletion(ui, "Tech clients")
        await ui.press("a")
        await ui.until_text("Type Tech clients to remove them")
        assert "permanent Do-Not-Mail" in ui.text()
        await ui.press('"tech"', "enter")
        await ui.until_text("That is not Tech clients.")
        assert not ui.app.runner.going_on()
        await ui.press("ctrl+u", '"Tech clients"', "enter")
        await ui.idle()
        await ui.press("escape")
        await ui.until(lambda: shown(ui).counts.deleted == withheld)


@acting
async def test_export_writes_the_rows_that_are_shown_and_overwrites_nothing(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("kept")
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("5", "slash", '"hotmial"', "enter", "c", "enter")
        await ui.until_text("All-alumni-run-")
        await ui.press("end", "ctrl+u", '"mine.csv"', "enter")
        await ui.until_text("exists already")
        await ui.press("ctrl+u", '"new.csv"', "enter")
        await ui.until_text("1 row written to")
        [row] = csv.DictReader((tmp_path / "new.csv").read_text(encoding="utf-8").splitlines())
        [outcome] = page(ui).table.shown
        assert row == {
            "record_id": outcome.record_id, "email": "miss.spelt@hotmial.com", "name": outcome.name, "status": "ignored",
            "reason": "invalid_pattern", "cause": "", "detail": outcome.detail,
        }  # fmt: skip
    assert list(row)[:3] == ["record_id", "email", "name"]
    assert (tmp_path / "mine.csv").read_text() == "kept"
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o600


@acting
async def test_the_configuration_stands_in_words_and_enter_edits_the_part_under_the_cursor(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "IT graduates")
        await ui.press("0")
        text = ui.text()
        assert "where (1 and 2) and (3 or 4)" in text
        assert "every Monday 09:00 Asia/Kolkata" in text
        await ui.press("enter")
        await ui.until_text("Another name for IT graduates")
        await ui.press("escape", "end")
        assert len([line for line in ui.lines() if " 09:00 (in " in line]) == 5


@acting
async def test_text_of_strangers_is_shown_as_it_is_and_steers_nothing(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        run = shown(ui)
        hostile = Outcome(
            record_id="1", email="[@click=app.quit]x", status=Status.IGNORED, reason=Reason.INVALID_PATTERN,
            name="[/oops]\x1b[2J", detail="\u202e",
        )  # fmt: skip
        run.count([hostile])
        ui.app.desk.workspace.runs.add(run.id, [hostile])
        ui.app.desk.workspace.runs.put(msgspec.structs.replace(run))
        ui.app.changed()
        await ui.press("5", "end")
        assert "[/oops]\\x1b[2J" in ui.text()
        assert "\x1b" not in ui.text()
        await ui.press("enter")
        assert "[/oops]\\x1b[2J" in ui.lines()[0]


@acting
async def test_it_fits_every_terminal_and_keeps_the_cursor_when_that_changes(ran: Path) -> None:
    async with opened(ran) as ui:
        await details(ui, "All alumni")
        await ui.press("5", "j", "j", "j")
        here = page(ui).table.current
        for size in ((60, 16), (140, 40), (80, 24), (120, 20), (60, 16)):
            await ui.pilot.resize_terminal(*size)
            await ui.pilot.pause()
            lines = ui.lines()
            assert lines[-1].endswith("? more")
            assert page(ui).table.current is here
            assert any(line.startswith(" ▌ ") for line in lines)
            assert any("E-mail" in line for line in lines)
            assert all(len(line) <= size[0] for line in lines)


@pytest.mark.parametrize("screen", [DetailsPage, PersonPage, PeoplePage])
def test_every_action_of_these_screens_can_be_done(screen: type) -> None:
    for place in screen.PLACES:  # type: ignore[attr-defined]
        for action in ACTIONS[place]:
            method = action.name.partition("(")[0]
            assert hasattr(screen, f"do_{method}") or method in verbs.VERBS, action.name
