"""The lines of the log have a number each, whoever writes them and when their commit is made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.listed import FixedClock
from tui_sync.store import log
from tui_sync.store.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace(tmp_path, FixedClock())
    yield opened
    opened.close()


def lines(space: Workspace) -> list[tuple[str, str]]:
    return [(line.key, line.what) for line in space.log.lines()]


def test_a_line_that_is_gathered_has_its_number_from_its_commit_and_takes_nobody_elses_place(space: Workspace) -> None:
    space.log.add("first", "tests")
    with space.db.gathering() as gathered:
        space.log.add("gathered", "tests")
    other = Workspace(space.folder, FixedClock())
    other.log.add("of another program", "tests")
    other.close()
    last = space.log.older("", 1)[0].key
    asyncio.run(space.db.commit(gathered))
    space.log.add("last", "tests")
    told = ["first", "of another program", "gathered", "last"]
    assert lines(space) == [(f"{number:012}", what) for number, what in enumerate(told, 1)]
    assert [line.what for line in space.log.newer(last)] == ["gathered", "last"], "whoever follows the log misses none"
    assert not space.db.integrity()


def test_what_is_gathered_and_never_committed_leaves_no_line_and_no_gap(space: Workspace) -> None:
    with space.db.gathering():
        space.log.add("never", "tests")
    space.log.add("first", "tests")
    assert lines(space) == [("000000000001", "first")]


def test_only_so_many_lines_are_kept(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "KEPT", 3)
    for number in range(5):
        space.log.add(f"line {number}", "tests")
    assert [what for _, what in lines(space)] == ["line 2", "line 3", "line 4"]


def test_a_line_is_noted_also_where_the_tables_are_not_there(space: Workspace) -> None:
    space.db.drop_table("log")
    space.db.drop_table("meta")
    space.log.add("a path with a NUL \0 and \u202e", "tests")
    assert lines(space) == [("000000000001", "a path with a NUL \0 and \u202e")]
