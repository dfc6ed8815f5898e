"""The forecast: what the schedules will use, and how that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tui_sync.model.forecast import DAYS, Day, Forecast, foresee
from tui_sync.model.limits import Limits, Used, next_day, next_month, starts
from tui_sync.present.limits import forecast_words
from tui_sync.services.forecast import Outlook
from tui_sync.services.limits import Quota

KOLKATA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""


def told(forecast: Forecast, limits: Limits | None = None) -> str:
    quota = Quota(limits=limits or Limits(), used=Used(), now=NOW, zone=KOLKATA)
    return " ".join(forecast_words(Outlook(quota=quota, queued=(), forecast=forecast, runs=())))


def days(*due: int) -> Forecast:
    """A forecast of days from the Monday on, repeated."""
    return Forecast(38, tuple(Day(NOW.date() + timedelta(n), due[n % len(due)]) for n in range(DAYS)))


def test_a_sync_counts_once_a_day_in_the_time_zone_of_the_organisation() -> None:
    late = datetime(2026, 3, 2, 18, 29, tzinfo=UTC)
    due = {"a": [NOW, late], "b": [late + timedelta(minutes=1)]}
    forecast = foresee(0, {"c"}, due, {}, NOW, KOLKATA)
    assert [day.due for day in forecast.days[:3]] == [2, 1, 0]
    assert (forecast.days[0].date.isoformat(), len(forecast.days)) == ("2026-03-02", 31)


def test_what_ran_today_already_counts_for_today_only_once_more() -> None:
    forecast = foresee(0, {"a"}, {"a": [NOW, NOW + timedelta(days=1)]}, {}, NOW, KOLKATA)
    assert [day.due for day in forecast.days[:3]] == [1, 1, 0]


def test_the_month_ends_at_what_was_initiated_and_the_queued_ones_that_it_still_lets_in() -> None:
    tomorrow = next_day(NOW, KOLKATA)
    starting = {"a": tomorrow, "b": tomorrow, "c": next_month(NOW, KOLKATA)}
    forecast = foresee(37, (), {}, starting, NOW, KOLKATA)
    assert forecast.month == 39
    assert [(day.date.isoformat(), day.due) for day in forecast.days if day.due] == [("2026-03-03", 2), ("2026-04-01", 1)]


def test_a_moment_beyond_the_days_looked_ahead_is_left_out() -> None:
    forecast = foresee(0, (), {"a": [NOW + timedelta(days=31)]}, {}, NOW, KOLKATA)
    assert sum(day.due for day in forecast.days) == 0
    assert told(forecast).endswith("Nothing is due in the 30 days after today.")


def test_a_week_day_that_is_too_full_each_time_is_told_as_such() -> None:
    assert told(days(11, 3, 3, 3, 3, 3, 3)) == (
        "At the current schedules the month ends at 38 of 50. On Mondays 11 are due: what is beyond 10 is deferred to the day"
        " after."
    )


def test_several_week_days_stand_together_and_all_of_them_are_every_day() -> None:
    assert "On Mondays 11 and Fridays 12 are due:" in told(days(11, 3, 3, 3, 12, 3, 3))
    assert "Every day up to 12 are due:" in told(days(12))


def test_single_days_are_named_and_where_there_are_many_the_rest_is_counted() -> None:
    counts = [0] * DAYS
    counts[9] = 12
    assert "On Wed 11 Mar 12 are due:" in told(days(*counts))
    counts[10] = counts[11] = counts[12] = counts[13] = 11
    assert "On Wed 11 Mar 12, Thu 12 Mar 11 and Fri 13 Mar 11 and 2 more days are due:" in told(days(*counts))


def test_today_at_its_limit_is_not_too_full_and_tomorrow_beyond_it_is_told_once() -> None:
    counts = [0] * DAYS
    counts[0], counts[1] = 10, 11
    assert "On Tue 3 Mar 11 are due:" in told(days(*counts))
    counts[0] = 11
    assert "On Mon 2 Mar 11 and Tue 3 Mar 11 are due:" in told(days(*counts))


def test_where_no_day_is_too_full_the_fullest_to_come_is_told() -> None:
    assert told(days(4, 10)).endswith("No day of the 30 days after today has more than 10 of 10 due.")


def test_what_has_run_today_by_hand_is_not_told_as_due() -> None:
    assert told(days(7, *[4] * (DAYS - 1))).endswith("No day of the 30 days after today has more than 4 of 10 due.")


@given(st.integers(0, 60), st.integers(0, 12), st.integers(0, 12), st.integers(1, 5), st.integers(1, 5))
def test_queued_syncs_start_in_order_never_more_than_a_day_and_a_month_let_in_and_no_day_later_than_that(
    month: int, day: int, waiting: int, monthly: int, daily: int
) -> None:
    found = starts(Limits(month=monthly, day=daily), Used(month=month, day=day), waiting, NOW, KOLKATA)
    assert len(found) == waiting
    assert found == sorted(found)
    local = [start.astimezone(KOLKATA).date() for start in found]

    def of_day(on: date) -> int:
        return local.count(on) + (day if on == NOW.date() else 0)

    def of_month(on: date) -> int:
        same = [other for other in local if (other.year, other.month) == (on.year, on.month)]
        return len(same) + (month if (on.year, on.month) == (2026, 3) else 0)

    for start in local:
        assert of_day(start) <= daily
        assert of_month(start) <= monthly
        eve = start - timedelta(days=1)
        assert start == NOW.date() or of_day(eve) >= daily or of_month(eve) >= monthly


def test_a_day_whose_midnight_the_clocks_skip_begins_with_the_first_minute_that_they_show() -> None:
    zone = ZoneInfo("America/Santiago")
    begins = next_day(datetime(2025, 9, 6, 15, 0, tzinfo=UTC), zone)
    assert begins.isoformat() == "2025-09-07T01:00:00-03:00"
    before = (begins.astimezone(UTC) - timedelta(minutes=1)).astimezone(zone)
    assert before.date().isoformat() == "2025-09-06"
    assert next_month(datetime(2025, 12, 31, 12, 0, tzinfo=UTC), zone).date().isoformat() == "2026-01-01"
