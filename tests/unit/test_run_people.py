"""Whose people are shown while the user turns from one run to another."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.engine.stage import Stage
from tui_sync.model.outcomes import Result
from tui_sync.ui.run_people import RunPeople


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path / "w")
    stage.people(3)
    stage.sync("A")
    return stage


def test_people_read_too_late_do_not_replace_those_of_the_run_turned_to(stage: Stage) -> None:
    first = stage.run("A", full=True)
    stage.people(2, first=4)
    second = stage.run("A", full=True)
    people = RunPeople(stage.desk, "A")
    slow = msgspec.structs.replace(first, result=Result.RUNNING)
    assert people.begin(slow)
    assert not people.begin(second)
    stage.wait_for(people.load(slow))
    assert len(people.sheet.rows("total")) == 5
    stage.close()


def test_the_people_of_a_run_are_read_again_only_when_it_has_changed(stage: Stage) -> None:
    run = stage.run("A")
    people = RunPeople(stage.desk, "A")
    assert not people.is_of(run)
    people.begin(run)
    assert people.is_of(msgspec.structs.replace(run))
    assert not people.is_of(msgspec.structs.replace(run, withheld=1))
    stage.close()
