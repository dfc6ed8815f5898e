"""The steps with forms: policies, and schedule."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.widgets import Input

from tui_sync.ui.screens.wizard.step import Step
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.policies_form import PoliciesForm
from tui_sync.ui.widgets.schedule_form import ScheduleForm
from tui_sync.ui.widgets.sheet import Below, Sheet


class FormStep(Step):
    """A step with a form, which is scrolled where the terminal is small; then a line tells how much more there is."""

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """The keys of a row of choices do nothing in a text: the key line says which it is."""
        self.call_after_refresh(self.page.refresh_frame)

    def line(self, lines: int) -> None:
        """Scroll the form."""
        self.query_one(Sheet).scroll_relative(y=lines, animate=False)


class PoliciesStep(FormStep):
    """What happens to people who opted out, were deleted or were converted."""

    KEY: ClassVar[str] = "policies"
    READING: ClassVar[str] = "the module"

    def compose(self) -> ComposeResult:
        """The form."""
        with Sheet() as sheet:
            module = self.page.offered.module(self.sync.module)
            yield PoliciesForm(self.sync.policies, module=module, marketing=self.page.desk.marketing)
        yield Below(sheet)
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
        with Sheet() as sheet:
            kept = self.page.draft.typed
            yield ScheduleForm(self.sync.schedule, zone=program.zone, now=program.now, initiated=None, kept=kept)
        yield Below(sheet)

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
