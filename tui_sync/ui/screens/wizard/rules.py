"""The steps with forms: policies, and schedule."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Input

from tui_sync.present.words import counted
from tui_sync.ui.present.lines import Span, Tone, line
from tui_sync.ui.screens.wizard.step import Step
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.policies_form import PoliciesForm
from tui_sync.ui.widgets.schedule_form import ScheduleForm


class Sheet(VerticalScroll, can_focus=False):
    """Holds a form that may be taller than the terminal; the field with the keys is scrolled into sight."""

    DEFAULT_CSS = "Sheet { height: 1fr; scrollbar-size: 0 0; }"


class FormStep(Step):
    """A step with a form, which is scrolled where the terminal is small; then a line tells how much more there is."""

    DEFAULT_CSS = "FormStep > #more { height: 1; }"

    def on_mount(self) -> None:
        """Tell how much is out of sight, whenever that changes."""
        sheet = self.query_one(Sheet)
        for what in ("scroll_y", "virtual_size", "container_size"):
            self.watch(sheet, what, self._resized, init=False)

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """The keys of a row of choices do nothing in a text: the key line says which it is."""
        self.call_after_refresh(self.page.refresh_frame)

    def _resized(self) -> None:
        """Sizes come one after the other: the one before the last is not to be told."""
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        if not self.is_mounted:
            return
        sheet = self.query_one(Sheet)
        below = round(sheet.max_scroll_y - sheet.scroll_y)
        told = f"   {counted(below, 'more line')}: pgdn" if below > 0 else ""
        self.query_one("#more", Lines).show([line(Span(told, Tone.DIM))])

    def line(self, lines: int) -> None:
        """Scroll the form."""
        self.query_one(Sheet).scroll_relative(y=lines, animate=False)


class PoliciesStep(FormStep):
    """What happens to people who opted out, were deleted or were converted."""

    KEY: ClassVar[str] = "policies"
    READING: ClassVar[str] = "the module"

    def compose(self) -> ComposeResult:
        """The form."""
        with Sheet():
            module = self.page.offered.module(self.sync.module)
            yield PoliciesForm(self.sync.policies, module=module, marketing=self.page.desk.marketing)
        yield Lines(id="more")
        yield Lines(id="below")

    async def ask(self) -> None:
        """The module, where it is not known yet: what it lacks cannot be chosen."""
        await self.page.offered.modules()
        module = self.page.offered.module(self.sync.module)
        if module is not None:
            self.query_one(PoliciesForm).know(module)

    def show(self) -> None:
        """Tell what is still asked for."""
        self.query_one("#below", Lines).show(self.waiting())

    def on_policies_form_changed(self, event: PoliciesForm.Changed) -> None:
        """Another policy."""
        event.stop()
        self.page.change(msgspec.structs.replace(self.sync, policies=event.form.value))


class ScheduleStep(FormStep):
    """When the sync runs, and from when on data is retrieved."""

    KEY: ClassVar[str] = "schedule"

    def compose(self) -> ComposeResult:
        """The form."""
        program = self.page.program
        with Sheet():
            kept = self.page.draft.typed
            yield ScheduleForm(self.sync.schedule, zone=program.zone, now=program.now, initiated=None, kept=kept)
        yield Lines(id="more")

    def on_schedule_form_changed(self, event: ScheduleForm.Changed) -> None:
        """Another schedule; of one that is not right yet the draft keeps what was typed."""
        event.stop()
        schedule = event.form.value or self.sync.schedule
        self.page.change(msgspec.structs.replace(self.sync, schedule=schedule), event.form.as_typed)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field goes on."""
        event.stop()
        self.post_message(self.Done(self))

    def problem(self) -> str:
        """What is wrong in the form comes first."""
        return self.query_one(ScheduleForm).problem or super().problem()

    def held(self) -> None:
        """To the field that is wrong."""
        self.query_one(ScheduleForm).to_problem()
