"""What a definition file said of a sync when it was applied last."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui_sync.model.sync import Sync


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The definition that a file gave a sync: by it one sees what was changed in the workspace since."""

    sync: str
    definition: Sync
    file: str
    at: datetime
    who: str
