"""The line on stderr that shows how far a run is: phase, records, rate, time left, or what it waits for."""

from __future__ import annotations

import shutil
import time
from typing import assert_never

from tui_sync.cli import narration
from tui_sync.cli.layout import crop
from tui_sync.model.events import Event, Phase, PhaseStarted, Progressed, RunFinished, RunStarted, Waiting
from tui_sync.model.text import visible, waits
from tui_sync.present.words import MINUTE, grouped, span

REDRAW = 0.1
"""Seconds between two drawings."""

CELLS = 20
"""Width of the bar."""


WORDS = {
    Phase.RELATED: "asking Recruit for related records",
    Phase.FETCH: "fetching from Recruit",
    Phase.PLAN: "deciding",
    Phase.GUARD: "checking removals",
    Phase.DELIVER: "delivering",
    Phase.COMMIT: "committing",
}


class ProgressLine:
    """Draws one line and redraws it, if stderr is a terminal; otherwise only waits are told, at most one a minute. `title` names
    the work."""

    def __init__(self, title: str) -> None:
        self._title, self._watched = visible(title), narration.is_terminal()
        self._total: int | None = None
        self._said: float | None = None
        """When a wait was told where nobody watches."""
        self._phase, self._begun, self._drawn = "", time.monotonic(), 0.0

    def tell(self, event: Event) -> None:
        """Show one event of a run."""
        match event:
            case RunStarted(resumed=True):
                self.note(f"Run {event.run} was interrupted; it goes on under its number.")
            case PhaseStarted():
                self.begin(WORDS[event.phase], event.total)
            case Progressed():
                self.advance(event.done)
            case Waiting():
                self._wait(waits(event.why, event.until))
            case RunFinished():
                self.close()
            case RunStarted():
                pass
            case _:
                assert_never(event)

    def begin(self, phase: str, total: int | None) -> None:
        """A piece of work of `total` things begins; None where nobody knows how many."""
        self._phase, self._total, self._begun = phase, total, time.monotonic()
        self._draw(phase)

    def advance(self, done: int) -> None:
        """`done` things are done by now."""
        if self._watched and time.monotonic() - self._drawn >= REDRAW:
            self._draw(measure(self._phase, done, self._total, time.monotonic() - self._begun))

    def note(self, text: str) -> None:
        """Leave a line standing above the progress, at a terminal."""
        if self._watched:
            narration.draw("")
            narration.hint(text)

    def close(self) -> None:
        """Clear the line."""
        if self._watched:
            narration.draw("")

    def _wait(self, text: str) -> None:
        if self._watched:
            self._draw(text)
        elif self._said is None or time.monotonic() - self._said >= MINUTE:
            self._said = time.monotonic()
            narration.warn(f"{self._title}: {text}.")

    def _draw(self, text: str) -> None:
        if self._watched:
            self._drawn = time.monotonic()
            narration.draw(crop(f"{self._title}: {visible(text)}", shutil.get_terminal_size().columns - 1))


def measure(phase: str, done: int, total: int | None, seconds: float) -> str:
    """The words for `done` of `total` things after `seconds` of the phase."""
    rate = done / seconds if seconds > 0 else 0.0
    speed = f"  {grouped(round(rate))}/s" if rate >= 1 else ""
    if not total:
        return f"{phase}  {grouped(done)}{speed}"
    filled = min(CELLS, CELLS * done // total)
    left = f"  {span((total - done) / rate)} left" if rate > 0 and done < total else ""
    return f"{phase}  {'#' * filled}{'.' * (CELLS - filled)}  {grouped(done)} of {grouped(total)}{speed}{left}"
