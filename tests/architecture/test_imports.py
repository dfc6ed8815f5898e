"""The rooms and which way imports may go; the table is the one of ARCHITECTURE.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_sync import bootstrap

PACKAGE = Path(__file__).parents[2] / "tui_sync"
FILES = sorted(PACKAGE.rglob("*.py"))

ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "engine": {"model"},
    "net": {"model", "engine.ports", ""},
    "recruit": {"model", "engine.ports", "net"},
    "hub": {"model", "engine.ports", "net"},
    "store": {"model", "engine.ports"},
    "services": {"model", "engine", "store", ""},
    "present": {"model", "services"},
    "ui": {"model", "services", "present", "engine.control"},
    "cli": {"model", "services", "present", "bootstrap", "engine.control", "ui.app", "ui.script", "ui.terminal", ""},
    "simulator": set(),
    "bootstrap": {"model", "engine.ports", "services", "store", "connectors", "demonstration", "simulator", "net.webhook"},
    "connectors": {"model", "engine.ports", "services", "store", "hub", "net", "recruit"},
    "demonstration": {"model", "engine.ports", "store", "hub", "net", "recruit", "simulator"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""Room -> what it may import besides itself ("" is the package itself: its version)."""

LIBRARIES: dict[str, set[str]] = {
    "httpx": {"net", "recruit", "hub"},
    "tinydb": {"store"},
    "sqlite3": {"store", "simulator"},
    "email_validator": {"model"},
    "click": {"cli"},
    "starlette": {"simulator"},
    "uvicorn": {"demonstration"},
    "tomli_w": {"model"},
    "textual": {"ui"},
    "rich": {"ui"},
}
"""Library -> the rooms that may import it."""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            yield node.module


def permitted(inner: str, room: str) -> bool:
    if inner.split(".")[0] == room:
        return True
    return any(inner == name or (name and inner.startswith(f"{name}.")) for name in ALLOWED[room])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_only_where_the_table_allows(path: Path) -> None:
    room = room_of(path)
    assert room in ALLOWED, f"{room} is not a room of the table"
    for name in imports_of(path):
        top, _, inner = name.partition(".")
        if top == "tui_sync":
            assert permitted(inner, room), f"{room} imports {name}"
        elif top in LIBRARIES:
            assert room in LIBRARIES[top], f"{room} imports {top}"


def test_email_validator_has_one_importer() -> None:
    importers = [path.name for path in FILES if "email_validator" in {name.split(".")[0] for name in imports_of(path)}]
    assert importers == ["addresses.py"]


def test_no_room_imports_in_a_circle() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("tui_sync")]
                lazily = room_of(path) in ("__main__", "bootstrap", "cli")
                assert lazily or not inner, f"{path.name}: {node.name} hides an import"


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh process has loaded after a command."""
    script = (
        "import sys; sys.argv = ['tui-sync', *sys.argv[1:]]\n"
        "from tui_sync.cli.main import run\n"
        "try: run()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("command", [("--help",), ("syncs", "--json")])
def test_quick_commands_load_nothing_that_they_do_not_need(command: tuple[str, ...], tmp_path: Path) -> None:
    bootstrap.open_desk(tmp_path / "w", "test").workspace.close()
    loaded = loaded_by("--workspace", str(tmp_path / "w"), *command)
    for heavy in ("textual", "httpx", "starlette", "uvicorn", "email_validator", "tui_sync.simulator"):
        assert heavy not in loaded, f"{' '.join(command)} loads {heavy}"
