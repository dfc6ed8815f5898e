"""What is refused at present, by a full disk or by another program that holds the workspace, is told, and the screens stay open.

Textual ends the program at every error that a handler lets through, and with it the runs that go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

from tui_sync.model.errors import Damaged, TuiSyncError

if TYPE_CHECKING:
    from tui_sync.ui.passing import Passing


def met(error: BaseException) -> BaseException:
    """What was met: of a worker what broke it, not that it failed."""
    return error.error if isinstance(error, WorkerFailed) else error


def refusal(error: BaseException) -> TuiSyncError | None:
    """The refusal that the screens outlive; None for damage and for what nobody foresaw, which end the program."""
    found = met(error)
    return found if isinstance(found, TuiSyncError) and not isinstance(found, Damaged) else None


class Outliving(MessagePump):
    """Goes on with its messages after one whose handling was refused; the person is told why."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except TuiSyncError as fault:
            refused = refusal(fault)
            if refused is None:
                raise
            cast("Passing[object]", self.app).told(refused)
