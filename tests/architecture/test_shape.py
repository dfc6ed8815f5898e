"""Ceilings and habits that keep the house small: see ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "tui_sync").rglob("*.py"))
ALL = SOURCES + sorted((ROOT / "tests").rglob("*.py"))
FILE_LINES = 350
FUNCTION_LINES = 40
EMPTY_WORDS = re.compile(r"(^|_)(utils?|helpers?|common|base|mixins?|managers?|misc)(_|$)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", ALL, ids=named)
def test_no_file_is_longer_than_its_ceiling(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_function_is_longer_than_its_ceiling(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", ALL, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_file_names_say_something(path: Path) -> None:
    assert not EMPTY_WORDS.search(path.stem.strip("_"))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_is_left_for_later(path: Path) -> None:
    words = re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b|for now\b|NotImplementedError", path.read_text(encoding="utf-8"))
    assert not words
