"""A few kills of real runs; `python -m tests.reliability.kills` makes hundreds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kills import Script


def test_after_a_few_kills_nothing_is_lost_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    script = Script(seed=3, count=6, folder=tmp_path)
    script.go()
    assert script.wrong == []
    assert script.kills() >= 6
    assert script.kills("embedded") >= 2


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_after_many_kills_nothing_is_lost_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    script = Script(seed=4, count=300, folder=tmp_path)
    script.go()
    assert script.wrong == []
    assert len(script.hits) == 10, "a phase of one of the hubs was never hit"
