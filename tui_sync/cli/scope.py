"""What a command is about: the workspace named before it, and the one it opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_sync.services.desk import Desk

SECRETS = ("TUI_SYNC_CLIENT_SECRET", "TUI_SYNC_REFRESH_TOKEN", "TUI_SYNC_ZSC_KEY")
"""The environment variables that hold secrets."""


class Scope:
    """One call of the program. `given` is the folder of --workspace or TUI_SYNC_WORKSPACE, None without one."""

    def __init__(self) -> None:
        self.given: Path | None = None
        self.folder: Path | None = None
        """The folder of the workspace in use, as soon as it is known."""
        self.desk: Desk | None = None
        self.prompted: set[str] = set()
        """Secrets typed in during this call."""

    def secrets(self) -> set[str]:
        """Every secret that this call may have seen, so that none is ever written down. Raises TuiSyncError."""
        known = {os.environ.get(name, "") for name in SECRETS} | self.prompted
        if self.desk is not None:
            held = self.desk.workspace.secrets
            kept = {held.get(name) or "" for name in held.names()}
            known |= kept | {value.rpartition(" ")[2] for value in kept}  # the access token stands behind its end
        return known - {""}
