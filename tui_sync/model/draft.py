"""A sync that is still being put together: where the wizard stands, and what was entered so far."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui_sync.model.sync import Sync

FIRST_STEP = "module"
LAST_STEP = "review"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Unfinished work. `step` names the wizard's step, `sync` may lack name, module and list, `saved` is aware UTC.

    `sync.id` is empty for a new sync. `before` is the saved sync that is edited, as it was when it was opened.
    """

    key: str
    step: str
    sync: Sync
    saved: datetime
    before: Sync | None = None
    typed: dict[str, str] = msgspec.field(default_factory=dict)
    """What stands in the form of the schedule while something is wrong with it, by field; empty: nothing is."""
