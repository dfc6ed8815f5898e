"""The two stages of engine tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.office import Office
from tests.engine.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A workspace with the embedded hub and a Recruit of plain lists."""
    stage = Stage(tmp_path / "workspace")
    yield stage
    stage.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A demo workspace: the real clients over the simulated Recruit and Marketing Automation."""
    office = Office(tmp_path / "workspace")
    yield office
    office.close()
