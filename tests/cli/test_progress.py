"""The progress line."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from tui_sync.cli.progress import ProgressLine, measure
from tui_sync.model.events import Phase, PhaseStarted, Progressed, RunStarted, Waiting

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stderr a terminal of 60 columns; in the test's own phase, since pytest sets stderr anew for each."""
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("tui_sync.cli.progress.REDRAW", 0.0)
    return shown


def test_it_tells_records_rate_and_time_left() -> None:
    told = measure("delivering", 1000, 4000, 2.0)
    assert told == "delivering  #####...............  1 000 of 4 000  500/s  6 s left"


def test_without_a_total_it_tells_records_and_rate() -> None:
    assert measure("fetching", 12408, None, 4.0) == "fetching  12 408  3 102/s"


@pytest.mark.parametrize(("done", "seconds"), [(0, 0.0), (0, 5.0), (4000, 1.0)])
def test_it_promises_no_time_left_where_it_knows_none(done: int, seconds: float) -> None:
    assert "left" not in measure("delivering", done, 4000, seconds)


def test_where_stderr_is_no_terminal_only_waits_are_told_and_at_most_one_a_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 1000.0
    monkeypatch.setattr("tui_sync.cli.progress.time.monotonic", lambda: moment)
    line = ProgressLine("Newsletter")
    line.tell(RunStarted("1", "Newsletter", resumed=True))
    line.tell(PhaseStarted("1", Phase.FETCH, None))
    line.tell(Progressed("1", Phase.FETCH, 200))
    assert capsys.readouterr() == ("", "")
    line.tell(Waiting("1", "waiting for the hub", NOON))
    line.tell(Waiting("1", "waiting for the hub", NOON))
    until = f"{NOON.astimezone():%H:%M:%S}"
    assert capsys.readouterr() == ("", f"Newsletter: waiting until {until} for the hub.\n")
    moment += 60
    line.tell(Waiting("1", "waiting for the hub", NOON))
    line.close()
    assert capsys.readouterr().err.count("\n") == 1


def test_it_is_one_line_that_is_drawn_anew_and_cleared_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    line = ProgressLine("Newsletter")
    line.tell(PhaseStarted("1", Phase.FETCH, None))
    line.tell(Progressed("1", Phase.FETCH, 200))
    line.close()
    assert "\n" not in terminal.getvalue()
    assert "Newsletter: fetching from Recruit  200" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_wait_tells_why_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    ProgressLine("Newsletter").tell(Waiting("1", "waiting for the hub", NOON))
    assert f"waiting until {NOON.astimezone():%H:%M:%S} for the hub" in terminal.getvalue()


def test_where_the_line_is_short_the_reason_is_cut_behind_the_end_of_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    ProgressLine("Newsletter").tell(Waiting("1", "waiting for the hub's call limit: 475 calls of json/listsubscribe", NOON))
    drawn = terminal.getvalue().removeprefix("\r\x1b[K")
    assert drawn.startswith(f"Newsletter: waiting until {NOON.astimezone():%H:%M:%S} for the hub's")
    assert (len(drawn), drawn[-1]) == (59, "…")


def test_it_never_wraps_and_foreign_names_cannot_steer_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    ProgressLine("\x1b[2J" + "x" * 100).begin("fetching", None)
    drawn = terminal.getvalue().removeprefix("\r\x1b[K")
    assert "\x1b" not in drawn
    assert len(drawn) <= 59


def test_a_resumed_run_says_so_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    ProgressLine("Newsletter").tell(RunStarted("7", "Newsletter", resumed=True))
    assert "Run 7 was interrupted; it goes on under its number.\n" in terminal.getvalue()
