"""Cut files and flipped bytes; `python -m tests.reliability.damage` makes hundreds."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.reliability.damage import Script
from tests.terminal.pty_screen import Terminal
from tui_sync.cli.main import execute
from tui_sync.services import restoring
from tui_sync.services.restoring import SAID
from tui_sync.store.workspace import FILE


def test_damage_is_told_or_harmless_and_the_backup_mends_it(tmp_path: Path) -> None:
    script = Script(seed=5, folder=tmp_path)
    script.cuts(5)
    script.flips(8)
    assert script.wrong == []
    assert script.seen["cut", "named and mended"] == 5


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_much_damage_is_told_or_harmless_and_the_backup_mends_it(tmp_path: Path) -> None:
    script = Script(seed=6, folder=tmp_path)
    script.cuts(40)
    script.flips(400)
    assert script.wrong == []


def test_the_doctor_tells_three_problems_of_a_page_full_of_them_a_line_each(
    ran: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(ran / FILE)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with (ran / FILE).open("r+b") as file:
        file.seek((page - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    assert execute(["--workspace", str(ran), "doctor"]) == 1
    *told, last = capsys.readouterr().out.splitlines()
    assert len(told) == SAID
    assert all("\\n" not in line and "***" not in line for line in told)
    assert "more problem" in last


def test_one_problem_beyond_those_that_are_told_is_one_problem() -> None:
    assert restoring.shortened(["a", "b", "c", "d"]) == ["a", "b", "c", "And 1 more problem."]
    assert restoring.shortened(["a", "b", "c"]) == ["a", "b", "c"]


def test_the_screens_on_a_damaged_workspace_say_one_sentence(made: Path) -> None:
    path = made / FILE
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    shutil.rmtree(made / "backups", ignore_errors=True)
    program = str(Path(sys.executable).with_name("tui-sync"))
    with Terminal([program, "--workspace", str(made)], (200, 24), {"HOME": str(made)}) as terminal:
        assert terminal.status() == 1
        [line] = [line for line in terminal.lines() if line]
        assert "is damaged" in line
        assert line.endswith("Run tui-sync doctor.")
        assert b"\x1b[?1049h" not in terminal.raw
