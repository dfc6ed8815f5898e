"""A screen that edits a sync: what is not saved is never lost without a question."""

from __future__ import annotations

from typing import ClassVar

from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.page import Page


class Editor(Page):
    """Asks before it is left, or the program is, with something that is not saved. A subclass says whether it is `changed`."""

    SAVE_KEY: ClassVar[str] = "w"
    """The key that saves here."""

    def changed(self) -> bool:
        """Whether something is not saved."""
        return False

    def unsaved(self) -> str:
        """Told before the program is left."""
        where = ", ".join(self.where())
        return f"{where}: what was changed is not saved yet; {self.SAVE_KEY} saves it." if self.changed() else ""

    _question: Ask | None = None
    """The question whether to leave without saving, once it was asked."""

    def leave_saved(self) -> None:
        """Leave, and put that question away: it may have been asked while it was saved."""
        if self._question is not None:
            self._question.dismiss(False)
        self.dismiss()

    def do_back(self) -> None:
        """Leave the screen; ask first where something is not saved."""
        if not self.changed():
            self.dismiss()
            return

        def done(yes: bool | None) -> None:
            if yes:
                self.dismiss()

        told = f"What was changed here is not saved yet; {self.SAVE_KEY} saves it."
        self._question = Ask("Leave without saving?", (told,), confirm="discard the changes", decline="stay")
        self.program.push_screen(self._question, done)
