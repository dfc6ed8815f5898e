"""A row of choices in a form: all are seen, one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.message import Message
from textual.screen import Screen

from tui_sync.ui.keys import bindings
from tui_sync.ui.present.options import Option, beside, option_lines
from tui_sync.ui.widgets.lines import Lines


class Options(Lines, can_focus=True):
    """Left, right, space or a digit take another choice; a click too. One with a reason against it cannot be taken."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("choices"),
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, 8)),
    ]
    DEFAULT_CSS = "Options { height: auto; width: 1fr; }"

    class Changed(Message):
        """Another choice was taken by hand."""

        def __init__(self, options: Options, value: str) -> None:
            super().__init__()
            self.options, self.value = options, value

        @property
        def control(self) -> Options:
            """The row of choices."""
            return self.options

    class Refused(Message):
        """A choice that cannot be taken was asked for; `why` says why not."""

        def __init__(self, options: Options, why: str) -> None:
            super().__init__()
            self.options, self.why = options, why

        @property
        def control(self) -> Options:
            """The row of choices."""
            return self.options

    def __init__(self, choices: Sequence[Option], taken: str, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(option_lines(choices, taken, 80, lit=False), id=id)
        self.choices, self.taken = tuple(choices), taken
        self._lit = False

    def offer(self, choices: Sequence[Option], taken: str) -> None:
        """Replace the choices and the one taken, without telling anybody."""
        self.choices, self.taken = tuple(choices), taken
        self._draw()

    def _draw(self) -> None:
        self.show(option_lines(self.choices, self.taken, self.size.width or 80, lit=self._lit))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - textual's signature
        """As many lines as the choices need in this width."""
        return len(option_lines(self.choices, self.taken, width, lit=False))

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """The choices stand on other lines now."""
        self._draw()

    def on_focus(self, event: Focus) -> None:  # noqa: ARG002 - textual's signature
        """The keys act here."""
        self._lit = True
        self._draw()

    def on_blur(self, event: Blur) -> None:  # noqa: ARG002 - textual's signature
        """The keys act elsewhere."""
        self._lit = False
        self._draw()

    def on_click(self, event: Click) -> None:
        """Take the choice under the mouse."""
        self.focus()
        value = event.style.meta.get("act")
        event.stop()
        event.prevent_default()  # to the lines that it is drawn with, a click would be an action of the screen
        self._take(next((option for option in self.choices if option.value == value), None))

    def action_choice(self, step: int) -> None:
        """Take the next choice or the one before; where it cannot be taken, say why."""
        self._take(beside(self.choices, self.taken, step))

    def action_pick(self, number: int) -> None:
        """Take the choice of that number."""
        if number <= len(self.choices):
            self._take(self.choices[number - 1])

    def _take(self, option: Option | None) -> None:
        if option is None or option.value == self.taken:
            return
        if option.why_not:
            self.post_message(self.Refused(self, option.why_not))
            return
        self.taken = option.value
        self._draw()
        self.post_message(self.Changed(self, option.value))


def step_focused(screen: Screen[Any], step: int) -> None:
    """Take the next (1) choice or the one before (-1) of the row that has the keys, if one has them."""
    if isinstance(screen.focused, Options):
        screen.focused.action_choice(step)
