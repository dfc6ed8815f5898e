"""When syncs are due: local times through gaps, overlaps, short months and zones far apart."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_sync.model.errors import UsageError
from tui_sync.model.schedule import following, in_words, next_due, zone_of
from tui_sync.model.sync import WEEKDAYS, Frequency, Schedule

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Asia/Kathmandu",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "Africa/Cairo", "Atlantic/Azores", "UTC",
)  # fmt: skip
"""Among them gaps at midnight (Sao Paulo, Cairo, Azores) and a shift of 30 minutes (Lord Howe)."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAILY, WEEKLY, MONTHLY = Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def walls(schedule: Schedule, start: str, count: int = 5, *, initiated: str | None = None) -> list[str]:
    """The next runs after a local time, as clocks of the schedule's zone show them."""
    zone = ZoneInfo(schedule.timezone)
    after = local(start, schedule.timezone)
    begun = local(initiated, schedule.timezone) if initiated else after
    runs = following(schedule, initiated=begun, after=after, zone=UTC_ZONE, count=count)
    return [run.astimezone(zone).strftime("%Y-%m-%d %H:%M") for run in runs]


def first_showing(day: datetime, zone: ZoneInfo) -> datetime:
    """The first minute at which the zone's clocks show the naive time `day` or a later one of its day or after it.

    Found by watching the clock go by, from 27 hours before it is that time in Greenwich.
    """
    moment = day.replace(tzinfo=UTC) - 27 * HOUR
    while moment.astimezone(zone).replace(tzinfo=None) < day:
        moment += MINUTE
    return moment


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
instants = st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2037-12-01"), timezones=st.just(UTC)
)
schedules = st.builds(
    Schedule,
    frequency=st.sampled_from((DAILY, WEEKLY, MONTHLY)),
    on=st.sampled_from(("", *WEEKDAYS)),
    day=st.integers(0, 31),
    at=times | st.just(""),
    timezone=st.sampled_from(ZONES),
)


@given(schedules, instants, st.timedeltas(-DAY, 800 * DAY))
def test_runs_are_in_utc_strictly_later_each_and_never_before_initiation(
    schedule: Schedule, initiated: datetime, later: timedelta
) -> None:
    after = initiated + later
    runs = following(schedule, initiated=initiated, after=after, zone=BERLIN, count=8)
    assert len(runs) == 8
    assert all(run.tzinfo is UTC and run >= initiated for run in runs)
    assert all(early < late for early, late in pairwise([after, *runs]))


@given(schedules, instants)
def test_runs_keep_the_distance_of_their_frequency(schedule: Schedule, initiated: datetime) -> None:
    runs = following(schedule, initiated=initiated, after=initiated, zone=BERLIN, count=14)
    days = {DAILY: (1, 1), WEEKLY: (7, 7), MONTHLY: (28, 31)}[schedule.frequency]
    for early, late in pairwise(runs):
        # Clocks move by an hour at most here; into a gap and out of an overlap may add up.
        assert days[0] * DAY - 2 * HOUR <= late - early <= days[1] * DAY + 2 * HOUR
    assert runs[0] - initiated <= days[1] * DAY + 2 * HOUR


@given(schedules, instants)
def test_clocks_show_the_time_of_the_schedule_unless_they_skip_it(schedule: Schedule, initiated: datetime) -> None:
    zone = ZoneInfo(schedule.timezone)
    begun = initiated.astimezone(zone)
    wanted = schedule.at or begun.strftime("%H:%M")
    for run in following(schedule, initiated=initiated, after=initiated, zone=BERLIN, count=40):
        wall = run.astimezone(zone)
        if f"{wall:%H:%M}" != wanted:
            before = (run - timedelta(microseconds=1)).astimezone(zone)
            assert wall.utcoffset() != before.utcoffset(), "a run at another time is the first minute after a gap"
            continue
        match schedule.frequency:
            case Frequency.WEEKLY:
                assert WEEKDAYS[wall.weekday()] == (schedule.on or WEEKDAYS[begun.weekday()])
            case Frequency.MONTHLY:
                last = monthrange(wall.year, wall.month)[1]
                assert wall.day == min(schedule.day or begun.day, last)


@given(schedules, instants, st.integers(0, 2000))
def test_the_next_run_is_the_next_one_of_the_series_wherever_one_asks(
    schedule: Schedule, initiated: datetime, share: int
) -> None:
    runs = following(schedule, initiated=initiated, after=initiated - MINUTE, zone=BERLIN, count=6)
    between = runs[2] + (runs[3] - runs[2]) * share / 2001
    assert next_due(schedule, initiated=initiated, after=between, zone=BERLIN) == runs[3]


TURNS = (
    ("Europe/Berlin", "2024-03-31"), ("Europe/Berlin", "2024-10-27"),
    ("America/New_York", "2024-03-10"), ("America/New_York", "2024-11-03"),
    ("Australia/Lord_Howe", "2024-04-07"), ("Australia/Lord_Howe", "2024-10-06"),
    ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-18"), ("Africa/Cairo", "2024-04-26"),
)  # fmt: skip


@settings(max_examples=60)
@given(st.sampled_from(TURNS), times)
def test_around_a_change_of_clocks_a_daily_run_is_when_they_first_show_its_time(turn: tuple[str, str], at: str) -> None:
    name, day = turn
    zone, midnight = ZoneInfo(name), datetime.fromisoformat(day)
    schedule = Schedule(frequency=DAILY, at=at, timezone=name)
    hour = timedelta(hours=int(at[:2]), minutes=int(at[3:]))
    expected = [first_showing(midnight + number * DAY + hour, zone) for number in (-1, 0, 1)]
    runs = following(schedule, initiated=utc("2010-01-01"), after=expected[0] - MINUTE, zone=BERLIN, count=3)
    assert runs == expected


@pytest.mark.parametrize(
    ("zone", "day", "at", "runs_at"),
    [
        ("Europe/Berlin", "2024-03-31", "02:30", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31", "02:00", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31", "03:00", "2024-03-31T01:00"),
        ("America/New_York", "2024-03-10", "02:59", "2024-03-10T07:00"),
        ("Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-05T15:30"),
        ("Australia/Lord_Howe", "2024-10-06", "02:30", "2024-10-05T15:30"),
        ("America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04T03:00"),
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00"),
    ],
)
def test_a_time_that_clocks_skip_runs_at_the_next_minute_they_show(zone: str, day: str, at: str, runs_at: str) -> None:
    schedule = Schedule(at=at, timezone=zone)
    midnight = local(day, zone)
    assert next_due(schedule, initiated=midnight, after=midnight - DAY, zone=UTC_ZONE) == utc(runs_at)


@pytest.mark.parametrize(
    ("zone", "at", "first", "second"),
    [
        ("Europe/Berlin", "02:30", "2024-10-27T00:30", "2024-10-27T01:30"),
        ("America/New_York", "01:15", "2024-11-03T05:15", "2024-11-03T06:15"),
        ("Australia/Lord_Howe", "01:45", "2024-04-06T14:45", "2024-04-06T15:15"),
    ],
)
def test_a_time_that_clocks_show_twice_runs_once_at_its_first_occurrence(
    zone: str, at: str, first: str, second: str
) -> None:
    schedule = Schedule(frequency=DAILY, at=at, timezone=zone)
    assert f"{utc(second).astimezone(ZoneInfo(zone)):%H:%M}" == at
    runs = following(schedule, initiated=utc("2010-01-01"), after=utc(first) - HOUR, zone=UTC_ZONE, count=2)
    assert runs[0] == utc(first)
    assert runs[1] - runs[0] > 24 * HOUR


def test_a_sync_initiated_in_the_second_of_two_equal_hours_runs_in_the_first_one_a_year_later() -> None:
    schedule = Schedule(frequency=DAILY, timezone="Europe/Berlin")
    begun = utc("2024-10-27T01:30")
    assert next_due(schedule, initiated=begun, after=begun - DAY, zone=UTC_ZONE) == begun
    assert next_due(schedule, initiated=begun, after=utc("2025-10-25T12:00"), zone=UTC_ZONE) == utc("2025-10-26T00:30")


def test_day_31_is_the_last_day_of_shorter_months_also_in_leap_years_and_over_the_end_of_the_year() -> None:
    schedule = Schedule(frequency=MONTHLY, day=31, at="09:00", timezone="Asia/Kolkata")
    assert walls(schedule, "2023-12-31 09:00") == [
        "2024-01-31 09:00", "2024-02-29 09:00", "2024-03-31 09:00", "2024-04-30 09:00", "2024-05-31 09:00",
    ]  # fmt: skip
    assert walls(schedule, "2025-02-01 00:00", 1) == ["2025-02-28 09:00"]
    assert walls(schedule, "2100-02-01 00:00", 1) == ["2100-02-28 09:00"]


def test_a_monthly_sync_without_a_day_keeps_that_of_its_initiation() -> None:
    schedule = Schedule(frequency=MONTHLY, timezone="Europe/Berlin")
    runs = walls(schedule, "2024-02-01 00:00", 3, initiated="2024-01-30 17:45")
    assert runs == ["2024-02-29 17:45", "2024-03-30 17:45", "2024-04-30 17:45"]


def test_a_weekly_sync_runs_on_its_week_day_over_the_end_of_the_year() -> None:
    schedule = Schedule(frequency=WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")
    assert walls(schedule, "2024-12-24 12:00", 2) == ["2024-12-30 09:00", "2025-01-06 09:00"]


def test_the_initiation_gives_week_day_and_time_where_the_schedule_names_none() -> None:
    schedule = Schedule(frequency=WEEKLY, timezone="Pacific/Kiritimati")
    begun = utc("2024-05-07T23:10:42")
    runs = following(schedule, initiated=begun, after=begun, zone=UTC_ZONE, count=2)
    assert runs == [utc("2024-05-14T23:10"), utc("2024-05-21T23:10")]
    assert runs[0].astimezone(ZoneInfo("Pacific/Kiritimati")).strftime("%A %H:%M") == "Wednesday 13:10"


def test_the_same_local_time_comes_a_day_apart_in_zones_far_apart() -> None:
    early = Schedule(frequency=DAILY, at="09:00", timezone="Pacific/Kiritimati")
    late = Schedule(frequency=DAILY, at="09:00", timezone="Pacific/Pago_Pago")
    begun = utc("2024-12-31T00:00")
    assert next_due(early, initiated=begun, after=begun, zone=UTC_ZONE) == utc("2024-12-31T19:00")
    assert next_due(late, initiated=begun, after=begun, zone=UTC_ZONE) == utc("2024-12-31T20:00")
    first_of_month = Schedule(frequency=MONTHLY, day=1, at="09:00", timezone="Pacific/Kiritimati")
    assert next_due(first_of_month, initiated=begun, after=begun, zone=UTC_ZONE) == utc("2024-12-31T19:00")
    first_of_month = Schedule(frequency=MONTHLY, day=1, at="09:00", timezone="Pacific/Pago_Pago")
    assert next_due(first_of_month, initiated=begun, after=begun, zone=UTC_ZONE) == utc("2025-01-01T20:00")


def test_a_schedule_without_zone_is_in_the_organisations() -> None:
    schedule = Schedule(frequency=DAILY, at="09:00")
    begun = utc("2024-07-01T00:00")
    assert next_due(schedule, initiated=begun, after=begun, zone=BERLIN) == utc("2024-07-01T07:00")
    assert next_due(schedule, initiated=begun, after=begun, zone=ZoneInfo("Asia/Kolkata")) == utc("2024-07-01T03:30")


@pytest.mark.parametrize("frequency", Frequency)
def test_a_sync_without_a_time_is_due_at_its_initiation_to_the_second(frequency: Frequency) -> None:
    begun = utc("2024-07-01T08:30:59")
    assert next_due(Schedule(frequency=frequency), initiated=begun, after=begun - DAY, zone=BERLIN) == begun


def test_a_one_time_sync_is_due_once() -> None:
    begun = utc("2024-07-01T08:30:59")
    assert next_due(Schedule(), initiated=begun, after=begun, zone=BERLIN) is None
    assert following(Schedule(), initiated=begun, after=begun - DAY, zone=BERLIN) == [begun]
    assert following(Schedule(), initiated=begun, after=begun, zone=BERLIN) == []


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        ("2024-07-01T06:59:59", "2024-07-01T07:00"),
        ("2024-07-01T07:00:00", "2024-07-01T07:00"),
        ("2024-07-01T07:00:01", "2024-07-02T07:00"),
    ],
)
def test_a_one_time_sync_with_a_time_is_due_when_it_is_that_time_first(begun: str, due: str) -> None:
    schedule = Schedule(at="09:00")
    assert next_due(schedule, initiated=utc(begun), after=utc(begun) - DAY, zone=BERLIN) == utc(due)
    assert next_due(schedule, initiated=utc(begun), after=utc(due), zone=BERLIN) is None
    assert next_due(schedule, initiated=utc(begun), after=utc("2030-01-01"), zone=BERLIN) is None


def test_moments_may_come_in_any_zone() -> None:
    schedule = Schedule(frequency=DAILY, at="09:00")
    begun = utc("2024-07-01T00:00").astimezone(ZoneInfo("America/New_York"))
    assert next_due(schedule, initiated=begun, after=begun, zone=BERLIN) == utc("2024-07-01T07:00")


def test_nothing_is_due_by_a_zone_that_this_machine_does_not_know_and_whoever_needs_the_zone_is_told() -> None:
    for name in ("Mars/Olympus", "../etc/passwd", "Europe"):
        schedule = Schedule(frequency=DAILY, timezone=name)
        assert next_due(schedule, initiated=utc("2024-07-01"), after=utc("2024-07-01"), zone=BERLIN) is None
        with pytest.raises(UsageError, match="time zone"):
            zone_of(schedule, BERLIN)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(), "once, at initiation"),
        (Schedule(at="09:00"), "once, at 09:00 Europe/Berlin"),
        (Schedule(frequency=DAILY, at="07:30"), "every day 07:30 Europe/Berlin"),
        (Schedule(frequency=DAILY), "every day at the time of initiation, Europe/Berlin"),
        (
            Schedule(frequency=WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata"),
            "every Monday 09:00 Asia/Kolkata",
        ),
        (Schedule(frequency=WEEKLY, at="09:00"), "every week on the day of initiation 09:00 Europe/Berlin"),
        (Schedule(frequency=MONTHLY, day=28, at="09:00"), "monthly on day 28 09:00 Europe/Berlin"),
        (Schedule(frequency=MONTHLY, day=29, at="09:00"), "monthly on day 29 (or the last day) 09:00 Europe/Berlin"),
        (Schedule(frequency=MONTHLY, at="09:00"), "monthly on the day of initiation 09:00 Europe/Berlin"),
    ],
)
def test_a_schedule_in_words(schedule: Schedule, words: str) -> None:
    assert in_words(schedule, BERLIN) == words
