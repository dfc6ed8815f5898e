"""The list of syncs and the summary, as lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tui_sync.model.events import Phase, PhaseStarted, Progressed, Waiting
from tui_sync.model.health import Condition, Health
from tui_sync.model.outcomes import Counts, IgnoredCounts, Result, RunSummary
from tui_sync.model.sync import Frequency, Schedule, Sync, SyncState
from tui_sync.present.words import span
from tui_sync.services.syncs import SyncRow
from tui_sync.ui import runner
from tui_sync.ui.present.columns import as_line, fit, natural
from tui_sync.ui.present.lines import width_of
from tui_sync.ui.present.syncs import COLUMNS, cells, summary
from tui_sync.ui.runner import Step, Watch

NOW, MOMENT = datetime(2026, 3, 10, 14, 0, tzinfo=UTC), 100_000.0
ROOM = 76
"""Cells of a row at 80 columns."""


def listed(name: str = "Newsletter", **more: object) -> SyncRow:
    known = {
        "id": "s1", "name": name, "module": "Candidates", "module_shown": "Candidates", "list": f"People of {name}",
        "state": SyncState.ACTIVE, "running": False, "next": None, "last": None, "reason": "",
    }  # fmt: skip
    return SyncRow(**{**known, **more})  # type: ignore[arg-type]


def told(row: SyncRow, watch: Watch | None = None, refused: str = "") -> str:
    """The summary, in one piece."""
    schedule = Schedule(frequency=Frequency.WEEKLY, on="friday", at="16:00", timezone="UTC")
    sync = Sync(id="s1", name=row.name, module="Candidates", list_key="l", list_name="L", schedule=schedule, created=NOW)
    lines = summary(row, sync, watch, NOW, ZoneInfo("UTC"), 80, refused=refused)
    return " ".join(" ".join("".join(part.text for part in line).split()) for line in lines)


def run(result: Result, **more: object) -> RunSummary:
    known = {"id": "1", "sync_id": "s1", "sync": "Newsletter", "result": result, "started": NOW, "finished": NOW}
    return RunSummary(**{**known, **more})  # type: ignore[arg-type]


def shown(watch: Watch | None, name: str = "Newsletter") -> list[str]:
    row = listed(name)
    cut = cells(row, watch, NOW, ZoneInfo("UTC"))
    return ["".join(part.text for part in as_line(cell)) for cell in cut]


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate and the time left are those of the moment, however busy the machine is."""
    monkeypatch.setattr(runner, "monotonic", lambda: MOMENT)


def delivering(done: int, total: int, seconds: float) -> Watch:
    watch = Watch(Sync(id="s1", name="Newsletter", module="Candidates", list_key="l", list_name="L", created=NOW), "run")
    step = Step(Phase.DELIVER, total, MOMENT - seconds)
    step.done = done
    watch.steps.append(step)
    return watch


def test_a_run_that_goes_on_shows_bar_share_rate_and_time_left_in_its_row() -> None:
    *_, state, run, left = shown(delivering(95, 210, 60))
    assert state == "▸ running"
    assert run == "━╸─ 45% 95/min"
    assert left == "1 min"


def test_a_run_that_waits_says_so_beside_its_bar_and_counts_the_wait() -> None:
    watch = delivering(475, 1_468, 5)
    watch.waiting, watch.until = "waiting for the hub's call limit", NOW + timedelta(minutes=5)
    *_, run, left = shown(watch)
    assert run == "━╸── 32% waits"
    assert left == "5 min"
    watch.until = None
    assert shown(watch)[5] == "10 s"


def test_the_bar_is_longer_where_the_numbers_are_short() -> None:
    assert shown(delivering(50, 100, 10))[4] == "━━━─── 50% 5/s"


def test_a_phase_that_counts_nothing_is_told_without_a_nought() -> None:
    watch = delivering(0, 1, 1)
    watch.take(PhaseStarted("1", Phase.COMMIT, None))
    assert shown(watch)[4] == "commit"
    assert "▸ running, commit Press w" in told(listed(), watch)
    watch.take(PhaseStarted("1", Phase.FETCH, None))
    watch.take(Progressed("1", Phase.FETCH, 200))
    assert shown(watch)[4] == "fetch 200"
    assert "▸ running, fetch: 200, " in told(listed(), watch)


@pytest.mark.parametrize(
    ("seconds", "length"), [(0.04, "0.0 s"), (0.94, "0.9 s"), (0.97, "1 s"), (59.7, "1 min 0 s"), (3_700, "1 h 1 min")]
)
def test_a_length_of_time_has_a_fraction_below_a_second_only(seconds: float, length: str) -> None:
    assert span(seconds) == length


def test_all_columns_stand_at_80_cells_whatever_is_long() -> None:
    for watch in (None, delivering(95, 210, 60), delivering(199_000, 200_000, 100)):
        rows = [shown(watch), shown(watch, "A name that is much longer than anybody would wish for")]
        sizes = fit(COLUMNS, natural(COLUMNS, rows), ROOM)
        assert all(sizes)
        assert sizes[4] >= width_of(as_line(rows[0][4])) - 3


def test_the_time_left_before_the_first_wait_for_a_limit_is_no_less_than_the_limit_leaves() -> None:
    watch = delivering(95, 1_963, 10)
    watch.steps[0].least = 1_200
    assert shown(watch)[5] == "19 min"


def test_the_time_left_is_untold_after_the_first_wait_for_a_limit_and_then_counts_whole_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch, seconds = delivering(0, 488, 0), 0.0
    start = watch.steps[0].begun
    monkeypatch.setattr(runner, "monotonic", lambda: start + seconds)
    left: list[str] = []
    for done, at, waits in ((1, 0.5, True), (2, 600.5, False), (50, 606.0, True), (51, 1206.0, False), (99, 1212.0, True)):
        seconds = at
        watch.take(Progressed("1", Phase.DELIVER, done))
        if waits:
            watch.take(Waiting("1", "waiting for the hub's call limit", NOW + timedelta(minutes=10)))
        left.append(shown(watch)[5])
    assert left == ["14:10", "-", "1 h", "1 h", "1 h"]


def test_the_number_beside_the_last_run_is_that_of_the_new_people_as_in_the_summary() -> None:
    row = listed(last=run(Result.COMPLETED, counts=Counts(total=9, new=4, re_added=1)))
    last = as_line(cells(row, None, NOW, ZoneInfo("UTC"))[4])
    assert "".join(part.text for part in last).endswith("+4")
    assert "New 4 Re-added 1" in told(row)


def test_why_a_run_waits_and_until_when_is_one_sentence() -> None:
    watch = delivering(10, 100, 1)
    watch.waiting, watch.until = "waiting for the next try: recruit.zoho.eu answered 500", NOW
    assert "waiting until 14:00:00 for the next try: recruit.zoho.eu answered 500" in told(listed(), watch)
    watch.until = None
    assert "waiting for the next try: recruit.zoho.eu answered 500" in told(listed(), watch)


def test_a_cancelled_run_is_followed_by_a_new_one_and_an_interrupted_one_goes_on() -> None:
    cancelled = told(listed(last=run(Result.CANCELLED, message="The run was cancelled.")))
    assert "The run was cancelled. Press r: the next run does what is left." in cancelled
    assert "Press r to go on with it" in told(listed(last=run(Result.INTERRUPTED)))


def test_where_the_limits_refuse_a_run_the_summary_says_from_when_it_is_possible_and_names_no_key_for_it() -> None:
    late = Health(condition=Condition.LATE, sentence="It was due at 09:00.")
    refused = '"Newsletter" can run from tomorrow on.'
    failed, completed = run(Result.FAILED, message="It failed."), run(Result.COMPLETED)
    for row in (listed(), listed(last=failed), listed(last=completed, health=late)):
        assert "Press r" in told(row)
        assert refused in told(row, refused=refused)
        assert "Press r" not in told(row, refused=refused)


def test_a_schedule_that_is_paused_with_all_others_says_so_and_names_no_moment() -> None:
    friday = NOW + timedelta(days=3)
    assert "every Friday 16:00 UTC (in 3 days)" in told(listed(next=friday))
    assert "every Friday 16:00 UTC (all schedules are paused)" in told(listed(next=friday, paused=True))


def rows_of(*names: tuple[str, str, str]) -> list[list[str]]:
    """Rows of syncs that have run, by name, module and list."""
    return [
        ["".join(part.text for part in as_line(cell)) for cell in cells(row, None, NOW, ZoneInfo("UTC"))]
        for name, module, mailing in names
        for row in [listed(name, module_shown=module, list=mailing, next=NOW + timedelta(hours=3),
                           last=run(Result.COMPLETED, counts=Counts(total=150, new=129)))]
    ]  # fmt: skip


def test_names_of_syncs_stand_whole_at_80_columns_beside_lists_and_modules_of_common_length() -> None:
    rows = rows_of(("Top rated newsletter", "Candidates", "Newsletter"), ("Winter campaign", "Candidates", "Winter campaign"))
    sizes = fit(COLUMNS, natural(COLUMNS, rows), ROOM)
    assert sizes[0] >= len("Top rated newsletter")
    assert sizes[1:3] == [len("Candidates"), len("Newsletter")]


def test_a_run_that_goes_on_is_told_whole_at_80_columns_and_cuts_no_name_of_a_sync() -> None:
    rows = [shown(delivering(95, 210, 60)), *rows_of(("Top rated newsletter", "Candidates", "Newsletter"))]
    sizes = fit(COLUMNS, natural(COLUMNS, rows), ROOM)
    assert sizes[0] >= len("Top rated newsletter")
    assert sizes[4] >= len("━╸─ 45% 95/min")


@pytest.mark.parametrize("width", [39, 60, 80])
@pytest.mark.parametrize("tall", [True, False])
def test_no_line_of_the_summary_breaks_off_at_a_comma(width: int, tall: bool) -> None:
    reasons = IgnoredCounts(empty_email=12, invalid_pattern=12, file_duplicate=12, group_email=12, do_not_mail=12, bounced=12)
    row = listed("All alumni", last=run(Result.COMPLETED, counts=Counts(total=812, ignored=72), ignored=reasons))
    sync = Sync(id="s1", name=row.name, module="CustomModule1", module_label="Former students", list_key="l",
                list_name="Graduates of the year", created=NOW)  # fmt: skip
    lines = ["".join(p.text for p in each) for each in summary(row, sync, None, NOW, ZoneInfo("UTC"), width, tall=tall)]
    assert not [each for each in lines if each.rstrip().endswith(",")]
    assert sum(each.count(" 12") for each in lines) == 6


@pytest.mark.parametrize("low", [True, False])
def test_no_count_of_a_run_is_cut_off_where_they_have_no_room_on_one_line(low: bool) -> None:
    row = listed(last=run(Result.COMPLETED, counts=Counts(total=15, new=4, re_added=1, duplicate=8, ignored=2, deleted=5)))
    sync = Sync(id="s1", name=row.name, module="Candidates", list_key="l", list_name="L", created=NOW)
    for width in (40, 60, 72, 80):
        lines = list(summary(row, sync, None, NOW, ZoneInfo("UTC"), width, low=low))
        assert all(width_of(each) < width for each in lines)
        text = " ".join(" ".join(part.text for part in each) for each in lines)
        for count in ("Total  15", "New 4", "Re-added 1", "Duplicate 8", "Ignored 2", "Deleted 5"):
            assert count in text


def test_counts_above_a_thousand_stand_closer_before_any_that_is_zero_is_left_out() -> None:
    row = listed(last=run(Result.COMPLETED, counts=Counts(total=1_849, new=1_626, duplicate=153, ignored=70)))
    assert "Total 1 849 New 1 626 Re-added 0 Duplicate 153 Ignored 70 Deleted 0" in told(row)


def test_when_a_sync_is_due_is_told_on_one_line_however_narrow_its_place_is() -> None:
    schedule = Schedule(frequency=Frequency.DAILY, at="09:00", timezone="Asia/Kolkata")
    sync = Sync(id="s1", name="N", module="Candidates", list_key="l", list_name="L", schedule=schedule, created=NOW)
    for width in range(36, 48):
        lines = summary(listed(next=NOW + timedelta(hours=15)), sync, None, NOW, ZoneInfo("UTC"), width, tall=True)
        assert any("(in 15 h)" in "".join(part.text for part in each) for each in lines), width


def test_beside_the_list_what_is_to_be_done_stands_above_the_counts_so_that_no_low_terminal_hides_it() -> None:
    row = listed(last=run(Result.COMPLETED, counts=Counts(total=9, ignored=1)))
    sync = Sync(id="s1", name=row.name, module="Candidates", list_key="l", list_name="L", created=NOW)
    lines = ["".join(p.text for p in each) for each in summary(row, sync, None, NOW, ZoneInfo("UTC"), 40, 1, tall=True)]
    review, total = (next(n for n, each in enumerate(lines) if text in each) for text in ("Press 4", "Total"))
    assert review < total


def test_names_of_modules_stand_whole_from_a_hundred_columns_on_and_no_row_without_a_run_keeps_room_for_a_bar() -> None:
    row = listed("All alumni", module="CustomModule1", module_shown="Former students", list="Alumni", last=run(Result.COMPLETED))
    sizes = fit(COLUMNS, natural(COLUMNS, [cells(row, None, NOW, ZoneInfo("UTC"))]), 96)
    assert sizes[1] >= len("Former students")
    assert sizes[4] < len(shown(delivering(95, 210, 60))[4])


def test_very_large_counts_stand_in_columns_below_one_another() -> None:
    many, one = Counts(total=1_234_567, new=1_234_567), Counts(total=1, new=1)
    runs = (run(Result.COMPLETED, counts=many), run(Result.COMPLETED, counts=one))
    row, schedule = listed(last=runs[0], recent=runs), Schedule(timezone="UTC")
    sync = Sync(id="s1", name=row.name, module="Candidates", list_key="l", list_name="L", schedule=schedule, created=NOW)
    lines = ["".join(span.text for span in one) for one in summary(row, sync, None, NOW, ZoneInfo("UTC"), 60, tall=True)]
    [head] = [number for number, text in enumerate(lines) if "Run" in text and "New" in text]
    ends = [lines[head].index("New") + 3, lines[head].index("Deleted") + 7]
    for text, new in zip(lines[head + 1 :], ("1 234 567", "1"), strict=True):
        assert (text[: ends[0]].endswith(f" {new}"), len(text)) == (True, ends[1])
    [total] = [text for text in lines if text.startswith("   Total")]
    [deleted] = [text for text in lines if text.startswith("   Deleted")]
    assert len(total) == len(deleted.rstrip()), "numbers end in one column"
