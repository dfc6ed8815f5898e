"""The review of a new sync and the steps of the wizard, as lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tui_sync.model.definitions import Problem, problems
from tui_sync.model.hub import HubList
from tui_sync.model.limits import Limits, Used
from tui_sync.model.outcomes import Counts, IgnoredCounts, Outcome, Reason, RunSummary, Status
from tui_sync.model.sync import Condition, Frequency, MappingRow, Policies, Removal, Schedule, Selection, SelectionKind, Sync
from tui_sync.services.limits import Quota
from tui_sync.services.sampling import Estimate
from tui_sync.ui.present import review
from tui_sync.ui.present.lines import Line, Tone, width_of
from tui_sync.ui.present.wizard import STEPS, list_lines, step_of, title

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SYNC = Sync(id="", name="Crew", module="Candidates", list_key="z", list_name="Zylker", created=NOW,
            mapping=(MappingRow(target="Lead Email", source="Email"),))  # fmt: skip


def texts(lines: Iterable[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def whole(lines: Iterable[Line]) -> str:
    return " ".join(" ".join(texts(lines)).split())


def estimate(read: int = 500, *, all_read: bool = False, people: tuple[Outcome, ...] = (), **counts: int) -> Estimate:
    summary = RunSummary(id="", sync_id="", sync="Crew", started=NOW, counts=Counts(**counts),
                         ignored=IgnoredCounts(empty_email=2, group_email=1))  # fmt: skip
    return Estimate(read, all_read, summary, people)


def quota(month: int, day: int, active: int, waiting: int = 0) -> Quota:
    used = Used(month=month, day=day, active=active)
    return Quota(limits=Limits(), used=used, now=NOW, zone=BERLIN, waiting=waiting)


def test_addresses_in_the_review_are_not_cut_for_the_one_long_reason_of_a_row() -> None:
    added = [Outcome(record_id=str(n), email=f"somebody.number{n:03}@letters.example.com", status=Status.NEW, name="Ann Lee",
                     detail="added") for n in range(15)]  # fmt: skip
    long = Outcome(record_id="99", email="x@example.com", status=Status.DUPLICATE, detail="updated: First Name, Last Name")
    told = whole(review.estimate_lines(estimate(people=(*added, long)), {}, 80, marketing=False))
    assert all(str(outcome.email) in told for outcome in added)


def test_the_price_says_what_is_left_and_how_many_are_active_then() -> None:
    sentence, tone = review.price(quota(12, 3, 4))
    assert sentence == "Initiating uses 1 of 38 left this month, 1 of 7 left today; Active becomes 5 of 10."
    assert tone is Tone.PLAIN


@pytest.mark.parametrize(
    ("used", "told"),
    [
        (quota(50, 10, 10), "{month} Keep it as a draft: it can be initiated from 2026-04-01 00:00 Europe/Berlin on."),
        (quota(1, 10, 10), "{places} Keep it as a draft, or initiate it in place of another: f9 asks which."),
        (quota(1, 10, 4), "{day} It will be queued, and becomes active on 2026-03-05 00:00 Europe/Berlin. {active}"),
        (quota(49, 10, 4, waiting=1), "{day} It will be queued, and becomes active on 2026-04-01 00:00 Europe/Berlin. {active}"),
    ],
)  # fmt: skip
def test_a_limit_that_is_used_up_is_named_with_what_comes_of_it(used: Quota, told: str) -> None:
    words = {"month": "All 50 initiations of March 2026 are used.", "day": "All 10 syncs of today, 2026-03-04, are used.",
             "active": "Active becomes 5 of 10.", "places": "All 10 places of active syncs are taken."}  # fmt: skip
    assert review.price(used) == (told.format_map(words), Tone.WARN)


def test_the_estimate_says_of_how_many_it_speaks_and_why_people_are_left_out() -> None:
    told = review.estimate_words(estimate(total=38, new=30, duplicate=5, ignored=3))
    assert told == "Of the first 500 records 38 match: 30 New, 5 Duplicate, 3 Ignored (Empty email 2, Group email 1)."
    assert review.estimate_words(estimate(1200, all_read=True, total=1, new=1)) == "Of all 1 200 records 1 matches: 1 New."
    assert review.estimate_words(estimate()) == "Of the first 500 records none matches."
    assert "bring nobody" in review.estimate_words(estimate(0, all_read=True))


@pytest.mark.parametrize("width", [58, 78, 118])
def test_no_line_of_mapping_next_runs_and_reasons_breaks_off_at_a_comma_or_within_one_of_them(width: int) -> None:
    schedule = Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")
    found = estimate(total=38, new=30, duplicate=5, ignored=3)
    lines = texts([*review.definition_lines(SYNC, None, width), *review.mapping_lines(SYNC, width),
                   *review.next_run_lines(replace(SYNC, schedule=schedule), NOW, BERLIN, width),
                   *review.estimate_lines(found, {}, width, marketing=False)])  # fmt: skip
    assert not [each for each in lines if each.rstrip().endswith((",", ";"))]
    for thing in ("Lead Email from Email", "Mon 9 Mar 09:00", "Mon 6 Apr 09:00", "Empty email 2", "Group email 1"):
        assert any(thing in each for each in lines), thing


def test_the_dry_run_has_its_price() -> None:
    contacts = replace(estimate(401, all_read=True), converting=False, of_view=False)
    assert "about 6 calls to Recruit, 13 credits" in review.dry_run_words(contacts)
    assert "about 8 calls to Recruit, 17 credits" in review.dry_run_words(replace(contacts, converting=True, of_view=True))
    assert "for each 200 records" in review.dry_run_words(estimate())


def test_sample_people_stand_below_with_what_would_become_of_them() -> None:
    people = (
        Outcome(record_id="7", email="a@x.org", status=Status.NEW),
        Outcome(record_id="8", status=Status.IGNORED, reason=Reason.EMPTY_EMAIL, detail="no e-mail"),
    )
    found = estimate(total=2, new=1, ignored=1, people=people)
    lines = texts(review.estimate_lines(found, {"7": "Ann \x1b[31mLee"}, 100, marketing=True))
    assert "may write to the 1 person or more whom it would add" in whole(review.estimate_lines(found, {}, 100, marketing=True))
    assert "Marketing" not in whole(review.estimate_lines(found, {}, 100, marketing=False))
    none = estimate(total=1, ignored=1)
    assert "Nobody of those looked at would be added" in whole(review.estimate_lines(none, {}, 100, marketing=True))
    assert any("Ann \\x1b[31mLee" in line and "a@x.org" in line and "New" in line for line in lines)
    assert any("8" in line and "(none)" in line and "Empty email, no e-mail" in line for line in lines)


@pytest.mark.parametrize("width", [60, 80])
def test_what_would_become_of_a_person_is_never_cut(width: int) -> None:
    one = Outcome(record_id="7", email="wolfeschlegelstein@correo.example", status=Status.DUPLICATE, detail="updated: First Name")
    lines = texts(review.estimate_lines(estimate(total=1, people=(one,)), {"7": "José Luis García Pérez"}, width, marketing=True))
    assert any(" Would be " in each for each in lines)
    assert any(" Duplicate " in each for each in lines)


def test_a_definition_is_told_in_words_and_keeping_everybody_takes_one_line() -> None:
    listed = HubList(key="z", name="Zylker", members=811)
    parts = (review.definition_lines(SYNC, listed, 78), review.policy_lines(SYNC.policies, 78, marketing=True))
    told = whole([*parts[0], *parts[1], *review.mapping_lines(SYNC, 78)])
    assert "From Candidates, all records" in told
    assert "To list Zylker, 811 members, private" in told
    assert "Lead Email from Email" in told
    assert "kept like anybody" in told
    assert "Do-Not-Mail" not in told


def test_removing_people_says_what_that_means_at_marketing_automation_only_there() -> None:
    policies = Policies(on_opt_out=Removal.LIST, on_convert=Removal.HUB)
    there, kept_here = (whole(review.policy_lines(policies, 78, marketing=marketing)) for marketing in (True, False))
    assert "opted out: remove from list deleted: remove from list converted: remove from hub" in there
    assert "permanent Do-Not-Mail" in there
    assert "Do-Not-Mail" not in kept_here


def test_one_criteria_row_is_told_as_it_is_several_by_pattern_and_rows() -> None:
    rows = (Condition(field="City", operator="is", value="Pune"), Condition(field="Age", operator=">", value=3))
    one = Selection(kind=SelectionKind.CRITERIA, conditions=rows[:1], pattern="1")
    told = whole(review.definition_lines(replace(SYNC, selection=one), None, 78))
    assert 'Candidates, where City is "Pune"' in told
    two = Selection(kind=SelectionKind.CRITERIA, conditions=rows, pattern="(1 or 2)")
    told = whole(review.definition_lines(replace(SYNC, selection=two), None, 78))
    assert 'where 1 or 2 1 City is "Pune" 2 Age > 3' in told
    called = whole(review.definition_lines(replace(SYNC, selection=two, labels={"Age": "Years \x1b[2J old"}), None, 78))
    assert 'where 1 or 2 1 City is "Pune" 2 Years \\x1b[2J old > 3' in called
    wrong = replace(two, pattern="(1 or")
    assert "where (1 or" in whole(review.definition_lines(replace(SYNC, selection=wrong), None, 78))


def test_the_next_runs_stand_in_the_syncs_own_zone_with_the_first_one_here() -> None:
    schedule = Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata")
    weekly = replace(SYNC, schedule=schedule)
    told = whole(review.schedule_lines(weekly, NOW, BERLIN, 78))
    assert told == "Schedule every Monday 09:00 Asia/Kolkata (in 5 days, 04:30 here)"
    ahead = whole(review.next_run_lines(weekly, NOW, BERLIN, 78))
    assert "Mon 9 Mar 09:00 Mon 16 Mar 09:00" in ahead
    assert ahead.count("09:00") == 5
    assert ahead.endswith("in Asia/Kolkata")
    assert "in Asia/Kolkata" not in whole(review.next_run_lines(weekly, NOW, ZoneInfo("Asia/Kolkata"), 78))


def test_a_new_sync_says_how_to_run_it_and_when_it_is_due() -> None:
    once = replace(SYNC, initiated=NOW)
    assert review.initiated_words(once, NOW, BERLIN, "It starts now.") == "Crew is draft and due now. It starts now."
    at_once = replace(once, schedule=Schedule(frequency=Frequency.WEEKLY))
    later = NOW + timedelta(seconds=20)
    assert review.initiated_words(at_once, later, BERLIN, "It starts now.") == "Crew is draft and due now. It starts now."
    daily = replace(once, schedule=Schedule(frequency=Frequency.DAILY, at="12:00"))
    assert review.initiated_words(daily, NOW, BERLIN, "").endswith("it is due Wed 4 Mar 12:00 (in 1 h).")


def test_each_problem_names_the_number_of_its_step() -> None:
    lines = texts(review.problem_lines([Problem("name", "A sync needs a name."), Problem("mapping.City", "City is wrong.")], 78))
    assert lines[0].startswith(" 2 things are still to be done")
    assert lines[1].split() == ["3", "Name", "and", "list", "A", "sync", "needs", "a", "name."]
    assert lines[2].split()[:2] == ["6", "Mapping"]
    assert list(review.problem_lines([], 78)) == []


def test_every_problem_of_an_empty_definition_belongs_to_a_step_in_order() -> None:
    bad = Schedule(frequency=Frequency.MONTHLY, day=0, at="25:00", timezone="Nowhere")
    found = problems(replace(SYNC, module="", name="", list_key="", schedule=bad), module=None, fields=(), hub_fields=())
    steps = [step_of(problem.key) for problem in found]
    assert steps == sorted(steps, key=STEPS.index)
    assert set(steps) == {"module", "name and list", "schedule"}


@pytest.mark.parametrize(("width", "rows"), [(60, 2), (80, 2), (120, 1)])
def test_the_steps_wrap_evenly_and_end_at_the_edge(width: int, rows: int) -> None:
    lines = title("New sync", "policies", 5, {"records"}, width)
    assert len(lines) == rows + 1
    assert all(width_of(line) <= width for line in lines)
    told = texts(lines)
    assert told[0].startswith(" New sync")
    together = " ".join(told)
    for part in ("✓ Module", "! Records", "✓ Name and list", "▌ Policies", "✓ Schedule", "✓ Mapping", "Review"):
        assert part in together
    assert "✓ Review" not in together


def test_a_public_list_and_one_that_is_only_noted_say_what_follows() -> None:
    public = HubList(key="z", name="Zylker", members=3, public=True)
    assert "people must confirm before they are members" in whole(list_lines(public, SYNC, 78))
    noted = HubList(key="z", name="Zylker", noted=True)
    assert "to be created, private, with its first person" in whole(list_lines(noted, SYNC, 78))
    assert "none yet" in whole(list_lines(None, replace(SYNC, list_key=""), 78))
