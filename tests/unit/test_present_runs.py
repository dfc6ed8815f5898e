"""The lines of a run as plain values."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tui_sync.model.events import Phase, PhaseStarted, Progressed, RunFinished, Waiting
from tui_sync.model.outcomes import Calls, Counts, Result, RunSummary
from tui_sync.model.sync import Sync
from tui_sync.present.runs import delivery_words
from tui_sync.ui.present.runs import end_in_words, ends_in_words, run_lines
from tui_sync.ui.runner import Watch

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SYNC = Sync(id="s1", name="Newsletter", module="Candidates", list_key="l", list_name="L", created=NOW)


@pytest.mark.parametrize(
    ("calls", "long"),
    [
        (0, ""), (475, ""), (476, "476 calls to the hub take at least 5 minutes"), (1_468, "at least 15 minutes"),
        (6_000, "at least 1 hour:"), (12_000, "at least 2 h 5 min:"),
    ],
)  # fmt: skip
def test_how_long_a_delivery_takes_at_least_is_told_where_it_does_not_go_at_once(calls: int, long: str) -> None:
    told = delivery_words(calls)
    assert long in told
    assert bool(told) is bool(long)
    assert not told or told.endswith(": it takes 475 of a kind in 5 minutes.")


def test_a_dry_run_says_how_long_the_delivery_that_it_foresees_takes() -> None:
    watch = Watch(SYNC, "dry run")
    watch.summary = RunSummary(id="", sync_id="s1", sync="Newsletter", result=Result.COMPLETED, started=NOW)
    watch.calls_foreseen, watch.long = 476, delivery_words(476)
    watch.end()
    lines = ["".join(part.text for part in row).strip() for row in run_lines(watch, NOW, ZoneInfo("UTC"), 80)]
    assert "take at least 5 minutes: it takes 475 of a kind in 5 minutes. Who is on the hub's" in " ".join(lines)


def ended(result: Result, *phases: tuple[Phase, int | None, int]) -> list[str]:
    """What the screen of a run says that ended in the last of the phases: each with its total and what of it was done."""
    watch = Watch(SYNC, "run")
    for phase, total, done in phases:
        watch.take(PhaseStarted("1", phase, total))
        watch.take(Progressed("1", phase, done))
    watch.take(RunFinished("1", RunSummary(id="1", sync_id="s1", sync="Newsletter", result=result, started=NOW)))
    watch.end()
    return ["".join(part.text for part in row).rstrip() for row in run_lines(watch, NOW, ZoneInfo("UTC"), 80)]


READ = ((Phase.FETCH, None, 710), (Phase.PLAN, 710, 710), (Phase.GUARD, 0, 0))


@pytest.mark.parametrize(("result", "glyph"), [(Result.CANCELLED, "○"), (Result.FAILED, "✗"), (Result.INTERRUPTED, "~")])
def test_the_phase_in_which_a_run_broke_off_shows_how_it_ended_and_how_far_it_came(result: Result, glyph: str) -> None:
    told = ended(result, *READ, (Phase.DELIVER, 710, 381))
    assert told[0].startswith(" ✓ Fetch     710 records")
    assert told[3].startswith(f" {glyph} Deliver   381 of 710,")
    assert told[4] == "   Commit"


def test_a_run_that_failed_in_its_first_call_has_fetched_nothing() -> None:
    assert ended(Result.FAILED, (Phase.FETCH, None, 0))[0].startswith(" ✗ Fetch     failed,")


def test_every_phase_of_a_completed_run_is_done() -> None:
    told = ended(Result.COMPLETED, *READ, (Phase.DELIVER, 710, 710), (Phase.COMMIT, None, 0))
    assert [row[1] for row in told[:5]] == ["✓"] * 5


@pytest.mark.parametrize("width", [60, 80])
def test_no_count_of_a_run_that_goes_on_is_cut_off(width: int) -> None:
    watch, run = Watch(SYNC, "run"), RunSummary(id="1", sync_id="s1", sync="Newsletter", result=Result.RUNNING, started=NOW)
    run.counts.total, run.counts.new, run.counts.ignored = 1194, 1180, 14
    watch.summary = run
    rows = ["".join(part.text for part in row) for row in run_lines(watch, NOW, ZoneInfo("UTC"), width)]
    [counts] = [row for row in rows if "Total" in row]
    assert len(counts) <= width
    assert all(told in counts for told in ("Total 1 194", "New 1 180", "Ignored 14"))
    assert ("Deleted 0" in counts) == (width == 80)


def test_how_a_run_ended_tells_everybody_of_its_total() -> None:
    watch = Watch(SYNC, "run")
    counts = Counts(total=82, new=0, duplicate=59, ignored=23, deleted=6)
    watch.summary = RunSummary(id="7", sync_id="s1", sync="Newsletter", result=Result.COMPLETED, started=NOW, counts=counts)
    assert end_in_words(watch)[0] == "Newsletter: 0 new, 59 duplicate, 23 ignored, 6 deleted."
    assert ends_in_words([watch, watch])[0] == "2 runs ended: 0 new, 118 duplicate, 46 ignored, 12 deleted."


def test_what_an_ended_run_came_to_stands_whole_at_60_columns() -> None:
    watch = Watch(SYNC, "run")
    watch.summary = RunSummary(
        id="1234", sync_id="s1", sync="Newsletter", result=Result.COMPLETED_WITH_ERRORS, started=NOW,
        calls=Calls(recruit=12_408, hub=12_408), credits=37_224,
    )  # fmt: skip
    watch.end()
    rows = ["".join(part.text for part in row).rstrip() for row in run_lines(watch, NOW, ZoneInfo("UTC"), 60)]
    assert all(len(row) < 60 for row in rows)
    told = " ".join(" ".join(rows).split())
    assert told.endswith("run 1234, 12 408 calls to Recruit, 12 408 to the hub, 37 224 credits")


@pytest.mark.parametrize(("done", "waits", "pace"), [(20, False, True), (0, False, False), (20, True, False)])
def test_a_run_has_a_rate_only_while_it_gets_on(done: int, pace: bool, *, waits: bool) -> None:
    watch = Watch(SYNC, "run")
    watch.take(PhaseStarted("1", Phase.DELIVER, 100))
    watch.take(Progressed("1", Phase.DELIVER, done))
    if waits:
        watch.take(Waiting("1", "waiting for another run", NOW))
    rows = ["".join(part.text for part in row) for row in run_lines(watch, NOW, ZoneInfo("UTC"), 80)]
    [row] = [row for row in rows if f"{done} of 100" in row]
    assert ("/s" in row or "/min" in row) is pace
