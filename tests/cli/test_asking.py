"""Questions for secrets at a terminal, and what connect says before it asks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.terminal.pty_screen import Terminal

SECRETS = {"TUI_SYNC_CLIENT_SECRET": None, "TUI_SYNC_REFRESH_TOKEN": None, "TUI_SYNC_ZSC_KEY": None}


def at_a_terminal(folder: Path, *arguments: str) -> Terminal:
    argv = [sys.executable, "-m", "tui_sync", "--workspace", str(folder), *arguments]
    return Terminal(argv, size=(120, 24), env=SECRETS)


@pytest.mark.parametrize(
    ("arguments", "question"),
    [(("connect", "--data-centre", "eu", "--client-id", "1000.A"), "Client secret:"), (("zsc-key",), "ZSC key:")],
)
def test_ctrl_c_at_a_hidden_question_leaves_at_once(arguments: tuple[str, ...], question: str, tmp_path: Path) -> None:
    with at_a_terminal(tmp_path / "w", *arguments) as terminal:
        terminal.wait_for(question)
        terminal.press("ctrl+c")
        assert terminal.status() == 130
        assert "Stopped." in terminal.text()


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
