"""Command lines that are shown to be copied: a name in them is one word for every shell, and nothing in it is carried out."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tui_sync.model.text import command_line, word

PACKAGE = Path(__file__).parents[2] / "tui_sync"
NAMES = [
    "Newsletter", "IT graduates", "Graduates of `touch made`", "$(touch made)", "$HOME", 'the "best"', "Bob's", "Back\\slash",
    "wow!!", "a;touch made", "*", "~", "#1", "=ls", "a=b", "J\u00fcrgens", "Letters: all", "a,b", "(1)", "[x]", "{a,b}", "",
    "a  b", "a'b\"c`d$e", "%self", "!1", "a&b|c<d>e", "^x",
]  # fmt: skip


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "sh"])
def test_a_shell_reads_a_name_in_a_command_as_that_name_and_carries_nothing_out(shell: str, tmp_path: Path) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    script = "\n".join(f"printf '%s\\0' {word(name)}" for name in NAMES)
    ended = subprocess.run([found, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ended.stdout.split("\0")[:-1] == NAMES
    assert not list(tmp_path.iterdir())


def test_a_name_is_quoted_no_more_than_it_needs() -> None:
    assert command_line("run", "Newsletter") == "tui-sync run Newsletter"
    assert command_line("explain", "a+b@example.org") == "tui-sync explain a+b@example.org"
    assert command_line("run", "IT graduates") == 'tui-sync run "IT graduates"'
    assert command_line("run", "Cost: $5") == "tui-sync run 'Cost: $5'"
    assert command_line("repair", "A", list="All of it", create=True) == 'tui-sync repair A --list "All of it" --create'


def test_a_name_that_begins_with_a_dash_is_no_option() -> None:
    assert command_line("run", "-x") == "tui-sync run -- -x"
    assert command_line("repair", "-x", list="--all") == "tui-sync repair --list=--all -- -x"


def test_a_name_that_steers_a_terminal_is_shown_harmless() -> None:
    assert command_line("run", "a\x1b[2Jb\n") == r"tui-sync run 'a\x1b[2Jb\n'"


def test_no_hint_puts_a_value_into_a_command_by_itself() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                _check(node, path)


def _check(node: ast.JoinedStr, path: Path) -> None:
    for part, value in pairwise(node.values):
        if isinstance(part, ast.Constant) and isinstance(value, ast.FormattedValue):
            begun = re.search(r"tui-sync [a-z-][^.:;,`]*$|chmod \S+ [\"']?$", str(part.value))
            shown = ast.unparse(value.value)
            assert not begun or shown.startswith(("word(", "origins")), f"{path}: {ast.unparse(node)}"
