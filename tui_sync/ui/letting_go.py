"""A screen that is left is let go, with the pictures of all that stood on it.

Textual 8.2 keeps them: the colours that a widget was drawn on are remembered by the widget's own cache of drawn lines in place of
that cache's class, for the last 1 024 caches. In a program that is open all day that is a third of its memory, and more in a
large terminal.
"""

from __future__ import annotations

from typing import TypeVar

from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete

T = TypeVar("T")


class LettingGo(App[T]):
    """An app whose screens leave nothing behind."""

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen."""
        left = super().pop_screen()
        StylesCache.get_inner_outer.cache_clear()
        return left
