"""The limits as a screen, in lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tui_sync.model.forecast import DAYS, Day, Forecast
from tui_sync.model.limits import Limits, Used
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services.forecast import Outlook
from tui_sync.services.limits import Quota
from tui_sync.ui.present.limits import limits_lines
from tui_sync.ui.present.lines import Line, Tone, width_of

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Kolkata")
START = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def outlook(*due: int, used: Used | None = None, waiting: int = 0, hostile: str = "Crew") -> Outlook:
    quota = Quota(limits=Limits(), used=used or Used(month=12, day=3, active=4), now=NOW, zone=ZONE, waiting=waiting)
    sync = Sync(id="s1", name=hostile, module="Candidates", list_key="z", list_name="Z", state=SyncState.QUEUED, created=NOW)
    run = RunSummary(id="7", sync_id="s1", sync=hostile, started=NOW, credits=15)
    days = tuple(Day(date(2026, 3, 4) + timedelta(place), (due or (1,))[place % len(due or (1,))]) for place in range(DAYS))
    queued = ((sync, START),) if waiting else ()
    return Outlook(quota=quota, queued=queued, forecast=Forecast(13, days), runs=(run,))


def lines(found: Outlook, width: int = 80) -> list[Line]:
    return list(limits_lines(found, width))


def text(found: Outlook, width: int = 80) -> str:
    return "\n".join("".join(part.text for part in one).rstrip() for one in lines(found, width))


def test_each_limit_stands_with_its_bar_what_is_used_and_until_when() -> None:
    told = text(outlook())
    assert " Month     ━━━━━╸────────────────  12 of 50  until Wed 1 Apr 00:00 (in 28 days)" in told
    assert "3 of 10  until Thu 5 Mar 00:00 (in 9 h)" in told
    assert "4 of 10  6 free" in told
    assert "Days and months are those of Asia/Kolkata." in told


def test_a_limit_that_is_used_up_stands_out() -> None:
    full = lines(outlook(used=Used(month=12, day=10, active=10)))
    warned = ["".join(part.text for part in one).split()[0] for one in full[:6] if any(p.tone is Tone.WARN for p in one)]
    assert warned == ["Today", "Active"]


def test_who_is_queued_stands_with_the_moment_at_which_it_becomes_active() -> None:
    assert "Queued    Crew becomes active Thu 5 Mar 00:00 (in 9 h)" in text(outlook(waiting=1))
    assert "6 free, 1 queued" in text(outlook(waiting=1))
    assert "Queued" not in text(outlook())


def test_the_chart_has_a_column_a_day_one_that_is_too_full_stands_out_and_mondays_have_their_date() -> None:
    found = lines(outlook(0, 11, 5))
    place = next(place for place, one in enumerate(found) if one and "Ahead" in one[0].text)
    chart, letters, dates = found[place + 1 : place + 4]
    assert [part.text.strip() for part in chart[1:4]] == ["·", "█", "▄"]
    assert [part.tone for part in chart[1:4]] == [Tone.DIM, Tone.WARN, Tone.ACCENT]
    assert len(chart) == len(letters) == DAYS + 1
    assert "".join(part.text for part in letters).split()[:6] == ["W", "T", "F", "S", "S", "M"]
    dated, lettered = ("".join(part.text for part in one) for one in (dates, letters))
    assert lettered[dated.index("9 Mar")] == "M"


def test_the_credits_of_the_last_runs_stand_with_their_sum() -> None:
    told = text(outlook())
    assert "15 credits of Recruit's API together" in told
    assert told.splitlines()[-1].split() == ["7", "Crew", "today", "15:30", "15"]


def test_where_nothing_has_run_the_place_says_what_will_stand_there() -> None:
    found = outlook()
    assert "\\n" not in text(found)
    empty = Outlook(quota=found.quota, queued=(), forecast=found.forecast, runs=())
    assert "None yet." in text(empty)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_line_fits_and_foreign_names_are_harmless(width: int) -> None:
    found = lines(outlook(3, 11, waiting=1, hostile="\x1b[2J\u202eevil\nname"), width)
    assert all("\x1b" not in part.text and "\u202e" not in part.text and "\n" not in part.text for one in found for part in one)
    assert all(width_of(one) <= width for one in found)
