"""What is said on stderr, and what an unexpected error leaves behind."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import click
import pytest

from tui_sync.cli import narration
from tui_sync.cli.scope import Scope
from tui_sync.model.errors import LimitRefused, UsageError
from tui_sync.services.unforeseen import LOG, MOST


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def raised(error: BaseException) -> BaseException:
    """The error with a traceback, from a frame whose variables hold a secret."""
    client_secret = "very-secret"
    try:
        assert client_secret
        raise error
    except type(error) as caught:
        return caught


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    known = Scope()
    known.folder = tmp_path
    return known


def test_an_error_is_told_with_its_way_out(scope: Scope, capsys: pytest.CaptureFixture[str]) -> None:
    assert narration.fail(UsageError("There is no run 9.", "See: tui-sync runs"), scope) == 2
    assert capsys.readouterr() == ("", "There is no run 9. See: tui-sync runs\n")


def test_a_refusal_by_a_limit_has_a_status_of_its_own(scope: Scope, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = LimitRefused("All 10 syncs of today are used.", '"A" can run from 2026-03-03 00:00 Asia/Kolkata on.')
    assert narration.fail(refusal, scope) == 3
    assert capsys.readouterr().err == f"{refusal}\n"


def test_wrong_usage_names_the_help_of_the_command(scope: Scope, capsys: pytest.CaptureFixture[str]) -> None:
    assert narration.fail(click.UsageError("Missing argument 'NAME'"), scope) == 2
    assert capsys.readouterr().err == "Missing argument 'NAME'. See: tui-sync --help\n"


def test_an_unexpected_error_is_one_sentence_and_its_traceback_a_private_file(
    scope: Scope, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert narration.fail(raised(ValueError("boom")), scope) == 1
    log = tmp_path / LOG
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(log) in said
    assert "Traceback" not in said
    written = log.read_text()
    assert "ValueError: boom" in written
    assert "very-secret" not in written.replace('client_secret = "very-secret"', "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_secret_in_the_message_of_an_unexpected_error_is_not_written_down(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUI_SYNC_REFRESH_TOKEN", "1000.from.environment")
    scope.prompted.add("typed-in")
    narration.fail(raised(KeyError("1000.from.environment and typed-in")), scope)
    written = (tmp_path / LOG).read_text() + capsys.readouterr().err
    assert "1000.from" not in written
    assert "typed-in" not in written


def test_a_log_that_has_grown_large_begins_anew(scope: Scope, tmp_path: Path) -> None:
    log = tmp_path / LOG
    log.write_text("x" * (MOST + 1))
    narration.fail(raised(ValueError("boom")), scope)
    assert log.stat().st_size < MOST


@pytest.mark.parametrize("named", [True, False])
def test_an_unexpected_error_before_any_workspace_is_written_into_the_users_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], named: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    scope = Scope()
    scope.given = tmp_path / "not yet" if named else None
    assert narration.fail(raised(ValueError("boom")), scope) == 1
    log = tmp_path / "state" / "tui-sync" / LOG
    assert capsys.readouterr().err == f"Something went wrong that should not (ValueError); the details are in {log}.\n"
    assert "ValueError: boom" in log.read_text()
    assert (stat.S_IMODE(log.parent.stat().st_mode), stat.S_IMODE(log.stat().st_mode)) == (0o700, 0o600)
    assert not (tmp_path / "not yet").exists()


def test_where_no_folder_takes_the_details_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert narration.fail(raised(ValueError("boom")), Scope()) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "the details could not be written to" in said


def test_hints_are_for_terminals_and_warnings_for_everybody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    narration.hint("Try this.")
    narration.warn("Mind\x1b this.")
    assert capsys.readouterr().err == "Mind\\x1b this.\n"
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    narration.hint("Try this.")
    assert terminal.getvalue() == "Try this.\n"


def test_nobody_is_asked_without_a_terminal() -> None:
    assert not narration.can_ask()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_no_progress_line(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setenv("TERM", term)
    assert not narration.is_terminal()


def test_foreign_text_in_the_details_of_an_unexpected_error_steers_no_terminal(scope: Scope, tmp_path: Path) -> None:
    narration.fail(raised(ValueError("no such city: \x1b]0;pwn\x07\u202e\nsecond line")), scope)
    written = (tmp_path / LOG).read_text()
    assert "ValueError: no such city: \\x1b]0;pwn\\x07\\u202e\nsecond line\n" in written
    assert not {"\x1b", "\x07", "\u202e"} & set(written)


def test_a_link_in_the_place_of_the_details_leads_nowhere(
    scope: Scope, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile"
    kept = "kept" * (MOST // 4 + 1)
    profile.write_text(kept)
    (tmp_path / LOG).symlink_to(profile)
    assert narration.fail(raised(ValueError("boom")), scope) == 1
    assert "the details could not be written to" in capsys.readouterr().err
    assert profile.read_text() == kept
