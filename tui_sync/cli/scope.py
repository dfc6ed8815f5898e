"""What a command is about: the workspace named before it, and the one it opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_sync.services.desk import Desk


class Scope:
    """One call of the program. `given` is the folder of --workspace or TUI_SYNC_WORKSPACE, None without one."""

    def __init__(self) -> None:
        self.given: Path | None = None
        self.folder: Path | None = None
        """The folder of the workspace in use, as soon as it is known."""
        self.desk: Desk | None = None
        self.prompted: set[str] = set()
        """Secrets typed in, or given as arguments, during this call."""

    def secrets(self) -> set[str]:
        """Every secret that this call may have seen, so that none is ever written down. Raises TuiSyncError."""
        from tui_sync.services.unforeseen import secrets_of

        return secrets_of(self.desk) | self.prompted - {""}
