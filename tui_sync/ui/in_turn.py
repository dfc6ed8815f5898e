"""Keys in turn: each, and what is pasted, is done with what it opens and where it moves the focus before the next one is
looked at.

Textual hands every key at once to the widget that has the focus. Over a slow line several come in one piece, and what was
typed after a `/` or into a question that was about to open would act as commands of the screen below.
"""

from __future__ import annotations

from collections import deque
from math import inf
from time import monotonic
from typing import TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.message import Message

from tui_sync.ui.broken_line import PatientDriver

T = TypeVar("T")
ROUNDS = 2
"""Ways from the focus to the app that a key takes, with the message that it may give rise to."""
LOST = 0.5
"""Seconds after which a mark is taken for lost: what it was sent to is gone."""


class Mark(Message):
    """Follows a key on its way from the focus to the app; when it arrives, everything before it has been handled."""

    def __init__(self, rounds: int, focus: DOMNode) -> None:
        super().__init__()
        self.rounds, self.focus = rounds, focus


class Asking:
    """A screen that asks. What was typed before it was painted is no answer: who typed it had not seen what is asked."""

    @property
    def painted(self) -> float:
        """The moment at which it was painted first."""
        return inf


def _as_meant(event: Key | Paste) -> Key | Paste:
    """Enter where a line feed came: a terminal makes one of enter that is pressed before the program has taken it over."""
    if isinstance(event, Paste) or event.key != "ctrl+j":
        return event
    enter = Key("enter", "\r")
    enter.time = event.time
    return enter


class InTurn(App[T]):
    """An app that handles one key after the other, and whose line may break."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(driver_class=PatientDriver, ansi_color=ansi_color)
        self._typed: deque[Key | Paste] = deque()
        self._meant_for: DOMNode | None = None
        """The screen that was on top when the last key was handed on."""
        self._busy_since: float | None = None

    @property
    def stuck(self) -> bool:
        """Whether the terminal took nothing up to the end, so that another word to it would never be taken either."""
        return isinstance(self._driver, PatientDriver) and self._driver.stuck

    @property
    def typed_at(self) -> tuple[DOMNode, DOMNode | None]:
        """Where keys go. What is asked once an answer has come is asked only where they go there still: somebody who has gone on
        to another screen or to a field would answer it with what they type there."""
        return self.screen, self.focused

    async def on_event(self, event: Event) -> None:
        """As textual's, but a key, or what is pasted, waits until the one before it is done. A key on whose way from the focus to
        the app another screen has come is not for that one, whose parts may not stand yet."""
        if not isinstance(event, (Key, Paste)) or event.is_forwarded:
            if not isinstance(event, Key) or self.screen is self._meant_for:
                await super().on_event(event)
            return
        self._typed.append(_as_meant(event))
        if self._busy_since is None or monotonic() - self._busy_since > LOST:
            await self._next_key()

    async def _next_key(self) -> None:
        self._busy_since = None
        while self._typed and isinstance(self.screen, Asking) and self._typed[0].time < self.screen.painted:
            self._typed.popleft()
        if self._typed:
            self._busy_since = monotonic()
            key, self._meant_for = self._typed.popleft(), self.screen
            try:
                await super().on_event(key)
            finally:
                self._send_mark(ROUNDS)

    def _send_mark(self, rounds: int) -> None:
        focus = self.focused or self.screen
        focus.post_message(Mark(rounds, focus))

    async def on_mark(self, mark: Mark) -> None:
        """A mark arrived. What was put off until now comes before it goes round again, or before the next key."""
        self.call_later(self._arrived, mark)

    async def _arrived(self, mark: Mark) -> None:
        moved = mark.focus is not (self.focused or self.screen)
        if moved or mark.rounds > 1:
            self._send_mark(ROUNDS if moved else mark.rounds - 1)
        else:
            await self._next_key()
