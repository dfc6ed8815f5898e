"""Screens that follow what other programs do in the workspace."""

from __future__ import annotations

from tui_sync.ui.screens.page import Page


class Following(Page):
    """Reads anew what is shown where the log has grown: every change leaves a line there, and every run at its end. While it has
    not, a look costs a row of the database."""

    _logged = 0
    """The newest line of the log by the last look."""

    def on_mount(self) -> None:
        """What is shown first is as new as this line."""
        self._logged = self.desk.workspace.log.newest()

    def time_passed(self) -> None:
        """Look whether somebody has changed something."""
        newest = self.desk.workspace.log.newest()
        if newest != self._logged:
            self.follow()  # what the workspace refuses to tell is asked again at the next look
            self._logged = newest

    def follow(self) -> None:
        """Show what has changed; cursor, place and what is being typed stay."""
        self.came_back()
