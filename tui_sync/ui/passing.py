"""What is told in passing: a few messages over the screen, each only as long as it is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.notifications import Notification, Notify

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible
from tui_sync.ui.in_turn import InTurn
from tui_sync.ui.outliving import Outliving, met, misses_parts, refusal
from tui_sync.ui.present.lines import Tone

T = TypeVar("T")
LEAST = 0.05
"""Seconds that a message stands that is on a screen at all."""


@dataclass
class Message(Notification):
    """What is told in passing."""

    withdrawn: bool = False
    """Whether it was taken back, perhaps before it stood."""

    @property
    def time_left(self) -> float:
        """Never none: where it goes while a screen comes, textual's timer would reckon with less than nothing, without an end,
        and the program would stand still for good."""
        return max(LEAST, super().time_left)

    @property
    def has_expired(self) -> bool:
        """Whether it has stood as long as it should."""
        return super().time_left <= 0


class Passing(Outliving, InTurn[T]):
    """An app that tells something in passing, a refusal that nobody has caught too."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._why: Message | None = None
        self._about: dict[str, Message] = {}

    def say(self, text: str, tone: Tone = Tone.PLAIN, about: str = "") -> None:
        """Tell something in passing. At most two messages stand at a time, and none twice: they cover the screen. Of those
        `about` the same, such as the id of a sync, only the last one stands."""
        told = visible(text)
        self.unsay(about)
        others = [shown for shown in self._notifications if shown.message != told]
        for shown in list(self._notifications):
            if shown not in others[-1:]:
                self._withdraw(shown)
        severity = {Tone.WARN: "warning", Tone.BAD: "error"}.get(tone, "information")
        new = Message(told, severity=severity, timeout=5 if tone is Tone.PLAIN else 8)  # type: ignore[arg-type]
        if about:
            self._about[about] = new
        self.post_message(Notify(new))

    def unsay(self, about: str) -> None:
        """What was told about it holds no longer."""
        shown = self._about.pop(about, None)
        if shown is not None:
            self._withdraw(shown)

    def _withdraw(self, shown: Notification) -> None:
        """Take a message away with its place: textual leaves an empty line where it stood."""
        if isinstance(shown, Message):
            shown.withdrawn = True
        self._unnotify(shown)
        for screen in self.screen_stack:
            for rack in screen.query("ToastRack"):  # only what holds it is laid out anew
                rack.query(f"#--textual-toast-{shown.identity}").remove()

    def on_notify(self, event: Notify) -> None:
        """What was taken back before it stood does not stand any more."""
        if isinstance(event.notification, Message) and event.notification.withdrawn:
            event.prevent_default()

    def explain(self, why: str) -> None:
        """Tell why a key does nothing; only the last such sentence stays, an empty one takes it away."""
        if self._why is not None:
            self._withdraw(self._why)
        self._why = Message(visible(why), severity="warning", timeout=5) if why else None
        if self._why is not None:
            self.post_message(Notify(self._why))

    def told(self, fault: TuiSyncError) -> None:
        """Tell what went wrong and what to do."""
        self.say(str(fault), Tone.BAD)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Do what may be refused: why is told, and what comes after it goes on."""
        try:
            yield
        except TuiSyncError as fault:
            self.told(fault)

    def _handle_exception(self, error: Exception) -> None:
        """As textual's, which ends the program; a refusal of a worker, or of what a dialog's answer does, is told instead. What
        is left misses its parts, and while the program ends what opens gets none: that is no error."""
        refused, found = refusal(error), met(error)
        if refused is not None:
            self.told(refused)
        elif not (misses_parts(found) or (self._exit and isinstance(found, NoMatches | NoScreen))):
            super()._handle_exception(error)
