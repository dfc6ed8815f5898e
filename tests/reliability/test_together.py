"""The short form of the trial of many programs on one workspace."""

from __future__ import annotations

from pathlib import Path

from tests.reliability.together import trial_of


def test_screens_daemon_commands_and_editors_share_a_workspace_for_ten_seconds(tmp_path: Path) -> None:
    trial = trial_of(tmp_path / "w", seconds=10, seed=7)
    assert trial.unexpected == []
    assert sum(trial.done.values()) > 20
