"""One row of a form: the label, the field, and what is to be said of it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus, Resize
from textual.widget import Widget

from tui_sync.ui.present.lines import Line, Span, Tone, pad, wrapped
from tui_sync.ui.widgets.lines import Flowing, Lines

LABEL = 22
"""Cells of a label."""
NARROW = 72
"""Cells below which labels stand over their fields."""


class FormRow(Horizontal):
    """A label, a mark where the keys act, the field, and a sentence beside it (`beside`) or below."""

    DEFAULT_CSS = """
    FormRow { height: auto; width: 1fr; }
    FormRow > .label { width: 25; }
    FormRow > Container { width: 1fr; height: auto; layout: vertical; }
    FormRow.-beside > Container { layout: horizontal; }
    FormRow.-beside > Container > Entry { width: 24; margin-right: 2; }
    """

    def __init__(self, label: str, field: Widget, *, beside: bool = False) -> None:
        super().__init__(classes="-beside" if beside else "")
        self._label_text, self._field, self._note = label, field, Flowing(classes="note")

    def compose(self) -> ComposeResult:
        """Label, field, sentence."""
        yield Lines([self._label(lit=False)], classes="label")
        with Container():
            yield self._field
            yield self._note

    def _label(self, *, lit: bool) -> Line:
        return (Span(" ▌ " if lit else "   ", Tone.ACCENT), Span(pad(self._label_text, LABEL)))

    def tell(self, text: str, tone: Tone = Tone.DIM) -> None:
        """Say something of the field; an empty text takes it away."""
        self._note.tell(lambda width: wrapped(text, width - 1, tone) if text else ())

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """The keys act in this row."""
        self.query_one(".label", Lines).show([self._label(lit=True)])

    def on_descendant_blur(self, event: DescendantBlur) -> None:  # noqa: ARG002 - textual's signature
        """The keys act elsewhere."""
        self.query_one(".label", Lines).show([self._label(lit=False)])


class Form(Vertical):
    """Rows of fields, one under the other. Up and down go from field to field, as tab does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "field(1)", show=False),
        Binding("up,k", "field(-1)", show=False),
    ]
    DEFAULT_CSS = """
    Form { height: auto; width: 1fr; }
    Form.-narrow FormRow { layout: vertical; }
    Form.-narrow FormRow > .label { width: 1fr; }
    Form.-narrow FormRow > Container { margin-left: 3; }
    Form.-narrow FormRow.-beside { layout: horizontal; }
    Form.-narrow FormRow.-beside > .label { width: 25; }
    Form.-narrow FormRow.-beside > Container { margin-left: 0; layout: vertical; }
    """

    def on_resize(self, event: Resize) -> None:
        """Labels stand over their fields where there is little room."""
        self.set_class(event.size.width < NARROW, "-narrow")

    def action_field(self, step: int) -> None:
        """Go to the next field (1) or the one before (-1)."""
        if step > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()
