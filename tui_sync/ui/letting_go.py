"""A screen that is left is left alone, and let go with the pictures of all that stood on it.

Textual 8.2 keeps them: the colours that a widget was drawn on are remembered by the widget's own cache of drawn lines in place of
that cache's class, for the last 1 024 caches. In a program that is open all day that is a third of its memory, and more in a
large terminal.
"""

from __future__ import annotations

from typing import TypeVar

from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen

T = TypeVar("T")


class LettingGo(App[T]):
    """An app whose screens leave nothing behind."""

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen."""
        left = super().pop_screen()
        StylesCache.get_inner_outer.cache_clear()
        return left


class LeftOnce(Screen[T]):
    """A screen that takes no other one with it when it is left."""

    _gone = False
    _answer: tuple[T | None] | None = None

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave this screen, as soon as it is on top. Textual leaves whichever is: what is clicked twice, or ends under a
        question, would take the screen below or the question away."""
        if not self._gone and self.is_active:
            self._gone = True
            return super().dismiss(result)
        self._answer = (result,)
        return AwaitComplete()

    @property
    def leaves(self) -> bool:
        """Whether it goes as soon as it is on top."""
        return self._answer is not None

    def on_screen_suspend(self) -> None:
        """What is told in passing stands on the screen on top. On one below textual leaves it where it stood, also once it is
        over."""
        self.query("ToastRack").set(display=False)

    def on_screen_resume(self) -> None:
        """What lay over it is gone."""
        if self._answer is not None:
            self.dismiss(*self._answer)
