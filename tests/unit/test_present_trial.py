"""What came of each call of a connection that was tried, in lines."""

from __future__ import annotations

from tui_sync.services.privileges import Tried
from tui_sync.ui.present.settings import trial_lines


def test_a_call_that_was_not_tried_says_so_once_and_columns_stand_apart() -> None:
    tried = [Tried("Lists", "3 lists."), Tried("Fields of leads", "Not tried, since one before it failed.", skipped=True)]
    told = ["".join(part.text for part in row) for row in trial_lines(tried, done=True, width=80)]
    assert told[0] == " ✓ Lists               ok         3 lists."
    assert told[1] == " ○ Fields of leads     not tried  since one before it failed."
