"""What is refused at present, by a full disk or by another program that holds the workspace, is told, and the screens stay open.

Textual ends the program at every error that a handler lets through, and with it the runs that go on.
"""

from __future__ import annotations

from traceback import walk_tb
from typing import TYPE_CHECKING, cast

from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
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


def misses_parts(error: BaseException) -> bool:
    """Whether what is being left, a screen or a step of one, missed its parts, which go before it: that is no error."""
    whose = (frame.f_locals.get("self") for frame, _ in walk_tb(error.__traceback__))
    return isinstance(error, NoMatches | NoScreen) and any(
        isinstance(one, Widget) and one._pruning for one in whose  # noqa: SLF001 - textual tells it nowhere else
    )


class Outliving(MessagePump):
    """Goes on with its messages after one whose handling was refused, of which the person is told why, and after one that asked
    something of a part that is being left: textual reads none after an error, and what stays would be deaf."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except TuiSyncError as fault:
            refused = refusal(fault)
            if refused is None:
                raise
            cast("Passing[object]", self.app).told(refused)
        except (NoMatches, NoScreen) as error:
            if not misses_parts(error):
                raise
