"""Questions for secrets at a terminal, and what connect says before it asks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.terminal.pty_screen import Terminal
from tui_sync import bootstrap

SECRETS = {"TUI_SYNC_CLIENT_SECRET": None, "TUI_SYNC_REFRESH_TOKEN": None, "TUI_SYNC_ZSC_KEY": None}


def at_a_terminal(folder: Path, *arguments: str) -> Terminal:
    argv = [sys.executable, "-m", "tui_sync", "--workspace", str(folder), *arguments]
    return Terminal(argv, size=(120, 24), env=SECRETS)


@pytest.mark.parametrize(
    ("arguments", "question"),
    [(("connect", "--data-centre", "eu", "--client-id", "1000.A"), "Client secret:"), (("zsc-key",), "ZSC key:")],
)
def test_ctrl_c_at_a_hidden_question_leaves_at_once(arguments: tuple[str, ...], question: str, tmp_path: Path) -> None:
    bootstrap.open_desk(tmp_path / "w", "test").workspace.close()
    with at_a_terminal(tmp_path / "w", *arguments) as terminal:
        terminal.wait_for(question)
        terminal.press("ctrl+c")
        assert terminal.status() == 130
        assert "Stopped." in terminal.text()


def test_a_secret_of_bytes_that_are_no_text_is_told_and_written_down_nowhere(tmp_path: Path) -> None:
    bootstrap.open_desk(tmp_path / "w", "test").workspace.close()
    with at_a_terminal(tmp_path / "w", "zsc-key") as terminal:
        terminal.wait_for("ZSC key:")
        terminal.wait_until(terminal.hides, what="the hidden answer")
        terminal.send("k\udce4y\r")
        assert terminal.status() == 2
        assert "What was typed as ZSC key is not valid UTF-8." in terminal.text()
    assert not (tmp_path / "w" / "errors.log").exists()


def test_before_secrets_are_asked_for_the_page_and_the_scopes_are_named(tmp_path: Path) -> None:
    with at_a_terminal(tmp_path / "w", "connect", "--data-centre", "eu", "--client-id", "1000.A") as terminal:
        terminal.wait_for("Client secret:")
        assert "https://api-console.zoho.eu" in terminal.text()
        assert "ZohoRecruit.modules.ALL" in terminal.text()


def test_without_a_data_centre_connect_names_all_of_them_with_their_pages_and_the_scopes(tui: Program) -> None:
    ended = tui("connect")
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "us (https://api-console.zoho.com)" in ended.err
    assert "jp (https://api-console.zoho.jp)" in ended.err
    assert "ZohoRecruit.modules.ALL" in ended.err


def test_without_credentials_connect_names_the_page_and_the_scopes(tui: Program) -> None:
    ended = tui("connect", "--data-centre", "eu")
    assert ended.status == 2
    assert "https://api-console.zoho.eu" in ended.err
    assert "ZohoRecruit.modules.ALL" in ended.err


def test_a_first_connect_that_meets_what_nobody_foresaw_leaves_the_details_without_a_secret_and_no_workspace(
    tui: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("1000.code, 1000.refresh and a-secret")

    monkeypatch.setattr(bootstrap, "connect_zoho", broken)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TUI_SYNC_CLIENT_SECRET", "a-secret")
    monkeypatch.setenv("TUI_SYNC_REFRESH_TOKEN", "1000.refresh")
    tui.folder = tmp_path / "none yet"
    ended = tui("connect", "--data-centre", "eu", "--client-id", "1000.A", "--code", "1000.code")
    log = tmp_path / "state" / "tui-sync" / "errors.log"
    assert (ended.status, str(log) in ended.err) == (1, True)
    assert "ValueError: [secret], [secret] and [secret]" in log.read_text()
    assert not tui.folder.exists()
