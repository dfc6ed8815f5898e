"""The messages that the page of troubleshooting explains are messages of the program."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "troubleshooting.md"
CELL, MESSAGE = re.compile(r"^\| (`.+?`) \|", re.MULTILINE), re.compile("`(.+?)`")


def texts() -> str:
    """Every text of the program, one a line; what is filled in is `...`."""
    found: list[str] = []
    for path in sorted((ROOT / "tui_sync").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "..." for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(" ".join(text.split()) for text in found)


def test_every_message_of_the_page_is_one_of_the_program() -> None:
    said, cells = texts(), CELL.findall(PAGE.read_text(encoding="utf-8"))
    assert len(cells) > 25
    for message in (message for cell in cells for message in MESSAGE.findall(cell)):
        parts = [part.strip() for part in message.split("...") if len(part.strip()) > 2]
        wanted = ".*".join(map(re.escape, parts))
        assert re.search(wanted, said), message
