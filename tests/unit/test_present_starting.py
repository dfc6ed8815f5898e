"""What a first run would do, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui_sync.model.outcomes import Counts, RunSummary
from tui_sync.model.sync import Sync
from tui_sync.services.sampling import Estimate
from tui_sync.ui.present.starting import adding

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SYNC = Sync(id="s1", name="A", module="Candidates", list_key="l", list_name="Alumni", created=NOW)


@pytest.mark.parametrize(
    ("new", "whole", "told"),
    [
        (0, False, "Nobody of those looked at would be added to Alumni."),
        (0, True, "Nobody would be added to Alumni."),
        (1, False, "At least 1 person would be added to Alumni."),
        (7, True, "7 people would be added to Alumni."),
    ],
)
def test_a_sample_in_which_nobody_is_new_says_nothing_of_a_least_number(new: int, whole: bool, told: str) -> None:
    run = RunSummary(id="", sync_id="s1", sync="A", started=NOW, counts=Counts(total=9, new=new))
    assert adding(Estimate(9, whole, run, (), (), 0), SYNC).startswith(told)
