"""One day is written in one form, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState
from tui_sync.model.workspace import Level, LogLine
from tui_sync.present.syncs import data_words
from tui_sync.present.words import dated, slot, weekday
from tui_sync.ui.present import log, review, schedule, setup
from tui_sync.ui.present.lines import Line, Span, Tone
from tui_sync.ui.present.moments import when

ROOT = Path(__file__).parents[2] / "tui_sync"
KOLKATA, LONDON = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/London")
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
DUE = "Mon 7 Dec 09:00"
WEEKLY = Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")
SYNC = Sync(id="s", name="A", module="Candidates", list_key="l", list_name="L", schedule=WEEKLY, state=SyncState.ACTIVE,
            created=NOW, initiated=NOW)  # fmt: skip


def whole(lines: Iterable[Line]) -> str:
    return " ".join(part.text for line in lines for part in line)


def test_the_next_run_is_the_same_words_in_configuration_review_and_schedule() -> None:
    assert next(setup.next_runs(SYNC, NOW, KOLKATA, KOLKATA)).startswith(f"{DUE} (in 6 days")
    assert DUE in whole(review.next_run_lines(SYNC, NOW, KOLKATA, 80))
    assert DUE in whole(schedule.next_runs(WEEKLY, initiated=NOW, now=NOW, zone=KOLKATA))
    assert DUE in review.initiated_words(SYNC, NOW, KOLKATA, "")


def test_a_next_run_in_another_year_says_so_wherever_it_stands() -> None:
    yearly = replace(SYNC, schedule=replace(WEEKLY, frequency=Frequency.MONTHLY, on="", day=5))
    told = [*setup.next_runs(yearly, NOW, KOLKATA, KOLKATA)]
    assert [text.split(" (")[0] for text in told][:2] == ["Sat 5 Dec 09:00", "5 Jan 2027 09:00"]
    assert "5 Jan 2027 09:00" in whole(review.next_run_lines(yearly, NOW, KOLKATA, 80))
    assert "5 Jan 2027 09:00" in review.initiated_words(yearly, NOW + timedelta(days=5), KOLKATA, "")
    assert "5 Jan 2027 09:00" in whole(schedule.next_runs(yearly.schedule, initiated=NOW, now=NOW, zone=KOLKATA))


def test_a_day_of_one_digit_has_no_nought_and_another_year_says_so() -> None:
    then = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert (dated(then), weekday(then), slot(then, then)) == ("7 Dec", "Mon 7 Dec", DUE)
    later = then + timedelta(days=60)
    assert slot(then, later) == "7 Dec 2026 09:00"
    assert when(then, later, LONDON) == "7 Dec 2026"
    told = LogLine(key="1", at=then.isoformat(), who="ann", where="ssh", what="x", level=Level.INFO)
    assert log.log_cells(told, later, LONDON)[0] == Span("7 Dec 2026 09:00", Tone.DIM)


def test_no_other_place_makes_a_form_of_its_own() -> None:
    files = [path for room in ("present", "ui") for path in (ROOT / room).rglob("*.py")]
    places = [path for path in files if "%b" in path.read_text(encoding="utf-8")]
    assert places == [ROOT / "present" / "words.py"]


def test_the_moment_from_which_data_is_retrieved_is_told_in_the_zone_of_the_sync_as_it_was_typed() -> None:
    floor = replace(SYNC, schedule=replace(WEEKLY, after=datetime(2025, 12, 31, 18, 30, tzinfo=UTC)))
    assert data_words(floor, LONDON) == "added or modified after 2026-01-01 00:00 Asia/Kolkata"
    assert "after 2026-01-01 00:00 Asia/Kolkata" in whole(review.schedule_lines(floor, NOW, LONDON, 80))
