"""Outcomes as they are stored: pages of an earlier version, whose outcomes had no name, are read as before."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.engine.listed import FixedClock
from tui_sync.model.outcomes import Outcome, Reason, Status
from tui_sync.store.workspace import Workspace


def test_a_page_stored_before_outcomes_had_names_is_still_read(tmp_path: Path) -> None:
    space = Workspace(tmp_path, FixedClock())
    line = ["7", "a@zylker.com", "ignored", "group_email", None, "role"]
    space.db.table("outcomes").insert({"key": "1/aa", "run": "1", "lines": [line]})
    [old] = space.runs.outcomes("1")
    assert old == Outcome(
        record_id="7", email="a@zylker.com", status=Status.IGNORED, reason=Reason.GROUP_EMAIL, detail="role"
    )
    assert old.name is None
    space.runs.add("1", [msgspec.structs.replace(old, name="Asha Rao")])
    assert [outcome.name for outcome in space.runs.outcomes("1")] == [None, "Asha Rao"]
    space.close()
