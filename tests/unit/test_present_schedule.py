"""The schedule as it is typed, and the policies in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tui_sync.model.records import Module
from tui_sync.model.sync import Frequency, Policies, Removal, Schedule
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.options import Option, beside, option_lines
from tui_sync.ui.present.policies import LABELS, options, sentence, stronger, warning, with_value
from tui_sync.ui.present.schedule import hints, mistakes, next_runs, schedule_of, typed, zones
from tui_sync.ui.present.wizard import module_lines

KOLKATA, BERLIN = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
KEEP, LIST, HUB = Removal.KEEP, Removal.LIST, Removal.HUB


def text(lines: list[Line]) -> list[str]:
    return ["".join(part.text for part in line).rstrip() for line in lines]


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(),
        Schedule(frequency=Frequency.WEEKLY, on="friday", at="09:00", timezone="Asia/Kolkata"),
        Schedule(after=datetime(1, 1, 1, tzinfo=UTC), timezone="America/New_York"),
        Schedule(frequency=Frequency.MONTHLY, day=31, after=datetime(2026, 1, 1, 5, 30, 12, tzinfo=UTC)),
    ],
)
def test_a_schedule_that_nobody_touched_comes_back_as_it_was(schedule: Schedule) -> None:
    assert schedule_of(typed(schedule, BERLIN, NOW), BERLIN) == schedule


def test_each_mistake_is_told_at_its_own_field() -> None:
    form = typed(Schedule(frequency=Frequency.MONTHLY, day=1), BERLIN, NOW)
    wrong = mistakes(form._replace(day="32", at="25:00", timezone="Mars/Olympus", limited=True, after="soon"), BERLIN)
    assert set(wrong) == {"day", "at", "timezone", "after"}
    assert wrong["at"] == '"25:00" is not a time of day. Write HH:MM, such as "09:00".'
    assert schedule_of(form._replace(day=""), BERLIN) is None


@pytest.mark.parametrize("day", ["", "0", "32", "-1", "1.5", "²", "٣", "first"])
def test_a_day_that_no_month_has_is_told(day: str) -> None:
    form = typed(Schedule(frequency=Frequency.MONTHLY, day=1), BERLIN, NOW)._replace(day=day)
    assert mistakes(form, BERLIN) == {"day": "Type a day of the month, 1 to 31."}
    assert "day" not in hints(form, BERLIN) or day == "32"


def test_a_field_that_the_frequency_does_not_use_is_no_mistake() -> None:
    form = typed(Schedule(), BERLIN, NOW)._replace(day="99", after="nonsense")
    assert mistakes(form, BERLIN) == {}
    assert schedule_of(form, BERLIN) == Schedule()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-01", datetime(2025, 12, 31, 18, 30, tzinfo=UTC)),
        ("2026-01-01 09:00", datetime(2026, 1, 1, 3, 30, tzinfo=UTC)),
        ("2026-01-01T09:00Z", datetime(2026, 1, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_without_offset_is_in_the_zone_of_the_sync(written: str, moment: datetime) -> None:
    form = typed(Schedule(timezone="Asia/Kolkata"), BERLIN, NOW)._replace(limited=True, after=written)
    read = schedule_of(form, BERLIN)
    assert read is not None
    assert read.after == moment


@pytest.mark.parametrize("written", ["", "0001-01-01 00:00", "9999-12-31T23:59-14:00", "2026-02-30"])
def test_a_moment_that_is_none_is_told(written: str) -> None:
    form = typed(Schedule(timezone="Asia/Kolkata"), BERLIN, NOW)._replace(limited=True, after=written)
    assert "after" in mistakes(form, BERLIN)


def test_an_hour_of_one_digit_is_understood() -> None:
    read = schedule_of(typed(Schedule(frequency=Frequency.DAILY), BERLIN, NOW)._replace(at="9:05"), BERLIN)
    assert read is not None
    assert read.at == "09:05"


def test_the_next_five_runs_stand_in_both_zones() -> None:
    schedule = Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")
    told = text(list(next_runs(schedule, initiated=NOW, now=NOW, zone=BERLIN)))
    assert told[0].split() == ["Asia/Kolkata", "Europe/Berlin"]
    assert told[1] == "Mon 12 Jan 09:00  Mon 12 Jan 04:30  in 7 days"
    assert len(told) == 6


def test_a_draft_that_is_due_at_once_shows_that_run_first() -> None:
    told = text(list(next_runs(Schedule(), initiated=None, now=NOW, zone=BERLIN)))
    assert told[1:] == ["Mon 5 Jan 13:00  at initiation"]


def test_the_runs_of_a_one_time_sync_are_told_from_now_on_where_its_time_is_changed() -> None:
    days_ago = NOW - timedelta(days=3)

    def told(before: Schedule, after: Schedule) -> list[str]:
        return text(list(next_runs(after, initiated=days_ago, now=NOW, zone=BERLIN, before=before)))

    at_nine, at_three = Schedule(at="09:00"), Schedule(at="15:00")
    assert told(at_nine, at_nine) == ["None: a one-time sync is due once."]
    assert told(at_nine, at_three)[1:] == ["Mon 5 Jan 15:00  in 2 h"]
    assert told(Schedule(frequency=Frequency.DAILY), Schedule())[1:] == ["Mon 5 Jan 13:00  at once"]


def test_a_time_that_the_clocks_skip_says_so() -> None:
    now = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    schedule = Schedule(frequency=Frequency.DAILY, at="02:30", timezone="Europe/Berlin")
    told = text(list(next_runs(schedule, initiated=now, now=now, zone=BERLIN)))
    assert told[2] == "Sun 29 Mar 03:00  no 02:30 that day"


def test_a_day_that_some_months_lack_says_what_they_do() -> None:
    form = typed(Schedule(frequency=Frequency.MONTHLY, day=29), BERLIN, NOW)
    assert hints(form, BERLIN)["day"] == "in short months the last day"
    assert "day" not in hints(form._replace(day="28"), BERLIN)


def test_runs_of_another_year_stand_whole_in_two_zones_at_80_columns() -> None:
    monthly = Schedule(frequency=Frequency.MONTHLY, day=31, at="08:00", timezone="America/New_York")
    december = datetime(2026, 12, 1, tzinfo=UTC)
    told = text(list(next_runs(monthly, initiated=december, now=december, zone=ZoneInfo("UTC"))))
    assert told[2].split("  ") == ["31 Jan 2027 08:00", "31 Jan 2027 13:00", "in 61 days"]
    assert max(map(len, told)) <= 55 - len("  ")


def test_the_deletion_follows_the_opt_out_until_it_is_set_by_itself() -> None:
    policies = Policies(LIST)
    assert sentence(policies, "on_delete", None) == "As for those who opted out: they leave its list."
    own = with_value(policies, "on_delete", "keep")
    assert own == Policies(LIST, KEEP)
    assert with_value(own, "on_delete", "follow") == policies


def test_what_a_module_lacks_can_only_be_kept_and_says_why() -> None:
    contacts = Module(name="Contacts", label="Contacts", has_opt_out=False)
    assert [option.value for option in options("on_opt_out", contacts) if not option.why_not] == ["keep"]
    assert [option.value for option in options("on_convert", contacts) if not option.why_not] == ["keep"]
    assert all(not option.why_not for option in options("on_delete", contacts))
    assert "Without effect" in sentence(Policies(), "on_convert", contacts)
    assert sentence(Policies(), "on_opt_out", contacts) == "Contacts has no field Email Opt Out that tells who opted out."


def test_the_wizard_names_the_fields_of_a_module_as_recruit_shows_them() -> None:
    referees = Module(name="CustomModule3", label="Referees", has_opt_out=False, email="Work_Mail", email_label="Work e-mail")
    told = " ".join(part.text for row in module_lines(referees, 200) for part in row)
    assert "in the field Work e-mail." in told
    assert "no field Email Opt Out" in told


def test_every_value_of_every_policy_has_a_sentence_that_fits_a_small_terminal() -> None:
    for name in LABELS:
        for value in Removal:
            told = sentence(with_value(Policies(), name, value.value), name, None)
            assert 0 < len(told) <= 54
    for value in Removal:
        assert len(sentence(Policies(value), "on_delete", None)) <= 54


def test_only_a_policy_that_becomes_stronger_is_warned_of() -> None:
    assert warning(Policies(HUB), Policies(LIST), exempt=5, marketing=True) == []
    assert stronger(Policies(KEEP, KEEP), Policies(LIST, KEEP)) == ("on_opt_out",)
    assert stronger(Policies(KEEP), Policies(LIST)) == ("on_opt_out", "on_delete")


def test_the_warning_tells_what_removing_is_at_marketing_automation_and_who_is_exempt() -> None:
    told = " ".join(warning(Policies(), Policies(KEEP, LIST, HUB), exempt=1234, marketing=True))
    for part in ("an unsubscribe", "permanent Do-Not-Mail", "1 234 people", "not retroactive"):
        assert part in told
    embedded = " ".join(warning(Policies(), Policies(KEEP, LIST, HUB), marketing=False))
    assert "Marketing Automation" not in embedded
    assert "also whom another sync brought; so far this one has brought nobody" in embedded
    assert "concerns everybody whom the sync brought" in " ".join(warning(Policies(), Policies(LIST), brought=5, marketing=False))


def test_choices_wrap_where_there_is_little_room_and_the_one_taken_is_told_by_its_glyph() -> None:
    choices = [Option("a", "alpha"), Option("b", "beta"), Option("c", "gamma")]
    assert text(option_lines(choices, "b", 80, lit=False)) == ["○ alpha  ● beta  ○ gamma"]
    assert text(option_lines(choices, "b", 16, lit=True)) == ["○ alpha  ● beta", "○ gamma"]


def test_a_choice_that_cannot_be_taken_is_stepped_over() -> None:
    choices = [Option("a", "alpha"), Option("b", "beta", "not here"), Option("c", "gamma")]
    assert beside(choices, "a", 1) == choices[2]
    assert beside(choices, "c", -1) == choices[0]
    assert beside(choices[:2], "a", 1) == choices[1], "where there is no other, the one that says why it cannot be taken"


def test_no_step_leads_around_the_end_of_a_row_of_choices() -> None:
    choices = [Option("keep", "keep"), Option("list", "remove from list"), Option("hub", "remove from hub")]
    assert beside(choices, "keep", -1) is None
    assert beside(choices, "hub", 1) is None


def test_utc_and_the_cities_of_regions_stand_before_the_zones_of_old() -> None:
    found = zones({"US/Eastern", "Zulu", "Europe/Vienna", "localtime", "W-SU", "America/New_York", "UTC", "Etc/UTC"})
    assert found == ["Etc/UTC", "UTC", "America/New_York", "Europe/Vienna", "US/Eastern", "W-SU", "Zulu"]


@pytest.mark.parametrize(("own", "number"), [("UTC", 1), ("Etc/UTC", 1), ("Asia/Kolkata", 2)])
def test_two_names_of_one_time_zone_are_told_once(own: str, number: int) -> None:
    schedule = Schedule(frequency=Frequency.DAILY, at="09:00", timezone=own)
    head, first, *_ = text(list(next_runs(schedule, initiated=NOW, now=NOW, zone=ZoneInfo("UTC"))))
    assert head.split()[0] == own
    assert len(head.split()) == number
    assert first.count(":") == number
