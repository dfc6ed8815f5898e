"""The wizard: the way through its steps, the draft, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.widget import Widget

from tui_sync.model.definitions import Problem, tidied
from tui_sync.model.draft import Draft
from tui_sync.model.errors import TuiSyncError, UsageError
from tui_sync.model.mapping import default_rows
from tui_sync.model.sync import MappingRow, Selection, Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.services import drafts, limits, syncs
from tui_sync.ui import verbs
from tui_sync.ui.keys import Action, bindings
from tui_sync.ui.present.frame import LOW
from tui_sync.ui.present.lines import Line
from tui_sync.ui.present.policies import initiating
from tui_sync.ui.present.review import initiated_words
from tui_sync.ui.present.schedule import mistake
from tui_sync.ui.present.wizard import STEPS, step_of, title
from tui_sync.ui.screens import room
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.beginning import UNFINISHED
from tui_sync.ui.screens.page import Page
from tui_sync.ui.screens.wizard.has import absent, why_not
from tui_sync.ui.screens.wizard.mapping import MappingStep
from tui_sync.ui.screens.wizard.offered import Known, Offered
from tui_sync.ui.screens.wizard.review import ReviewStep
from tui_sync.ui.screens.wizard.rules import PoliciesStep, ScheduleStep
from tui_sync.ui.screens.wizard.selection import ModuleStep, RecordsStep, TableStep
from tui_sync.ui.screens.wizard.step import Step
from tui_sync.ui.screens.wizard.target import TargetStep
from tui_sync.ui.widgets.options import step_focused

PAUSE = 1.0
"""Seconds without a change after which the draft is kept, also in the middle of a step."""
KINDS: dict[str, type[Step]] = {
    kind.KEY: kind
    for kind in (ModuleStep, RecordsStep, TargetStep, PoliciesStep, ScheduleStep, MappingStep, ReviewStep)
}


class WizardPage(Page):
    """A new sync step by step, or one in state draft. Whatever is entered is in the draft at once, and the draft is kept."""

    PLACES = ("wizard", "choices")
    ABOUT = "A new sync, step by step. It is kept as you go: leave at any time, and go on later."
    BINDINGS: ClassVar[list[BindingType]] = bindings("wizard")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    WizardPage > #title { height: auto; }
    WizardPage.-low Step { padding-top: 0; }
    WizardPage.-low Step > #below { max-height: 2; margin-top: 0; }
    WizardPage.-low #called { display: none; }
    WizardPage.-low #chosen { max-height: 2; margin: 0; }
    """

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__()
        self._given = draft
        self._over = False
        self._moving = asyncio.Lock()
        self._of_module: dict[str, tuple[Selection, tuple[MappingRow, ...]]] = {}
        """What was chosen for modules that are not the chosen one any more."""

    def body(self) -> Iterable[Widget]:
        """The step at which the draft stands."""
        given = self._given
        self.draft = given or drafts.new(self.desk)
        if self.draft.step not in STEPS:
            self.draft = msgspec.structs.replace(self.draft, step=STEPS[0])
        self._kept = self.draft
        self._stored = given is not None and self.desk.workspace.drafts.get(given.key) is not None
        self._timer = self.set_timer(PAUSE, self.keep, pause=True)
        self.reached = self.place
        self.offered = Offered(self.desk)
        self.step = KINDS[self.draft.step]()
        yield self.step

    # the draft

    @property
    def place(self) -> int:
        """The number of the present step, from 0."""
        return STEPS.index(self.draft.step)

    def change(self, sync: Sync, typed: dict[str, str] | None = None) -> None:
        """Take another definition; `typed` is what stands in the form of the schedule while that is wrong."""
        typed = self.draft.typed if typed is None else typed
        if (sync, typed) != (self.draft.sync, self.draft.typed):
            self.draft = msgspec.structs.replace(self.draft, sync=sync, typed=typed)
            self._timer.reset()
            self._timer.resume()
        self.refresh_frame()

    def take_module(self, name: str, label: str) -> None:
        """Take another module. Selection and mapping belong to a module; those of the one before come back with it."""
        sync = self.draft.sync
        if name != sync.module:
            self._of_module[sync.module] = (sync.selection, sync.mapping)
            selection, mapping = self._of_module.get(name, (Selection(), ()))
            self.change(msgspec.structs.replace(sync, module=name, module_label=label, selection=selection, mapping=mapping))

    def begin_mapping(self, known: Known) -> None:
        """Give a sync without a mapping its first rows."""
        if known.module is not None and not self.draft.sync.mapping:
            rows = default_rows(known.fields, known.module.email)
            self.change(msgspec.structs.replace(self.draft.sync, mapping=rows))

    def problems(self) -> list[Problem]:
        """What is wrong with the draft, as far as is known."""
        sync, before = self.draft.sync, self.draft.before
        found = self.offered.problems(sync)
        besides = "" if before is None else before.id
        taken = verbs.refusal(lambda: syncs.good_name(self.desk, sync.name, besides=besides)) if sync.name.strip() else ""
        named = [Problem("name", taken)] if taken else []
        wrong = mistake(self.draft.typed, sync.schedule, self.program.zone, self.program.now)
        named += [Problem("schedule", wrong)] if wrong else []
        return sorted((*found, *named), key=lambda problem: STEPS.index(step_of(problem.key)))

    def as_called(self) -> Sync:
        """The definition for an editor, without a name where that is refused."""
        refused = any(problem.key == "name" for problem in self.problems())
        return msgspec.structs.replace(self.draft.sync, name="") if refused else self.draft.sync

    def keep(self) -> None:
        """Save the draft, if anything was entered since."""
        self._timer.pause()
        entered = (self.draft.sync, self.draft.typed) != (self._kept.sync, self._kept.typed)
        if self._over or not (entered or (self._stored and self.draft.step != self._kept.step)):
            return
        try:
            self.draft = self._kept = drafts.save(self.desk, self.draft)
            self._stored = True
        except TuiSyncError as fault:
            self.program.told(fault)

    def on_unmount(self) -> None:
        """However the wizard ends, what was entered is kept."""
        self.keep()

    # what the frame shows

    def where(self) -> Sequence[str]:
        """A new sync, or the draft that is edited."""
        before = self.draft.before
        return ("New sync",) if before is None else (before.name,)

    def title_region(self, width: int) -> Sequence[Line]:
        """The steps, those behind with a mark."""
        wrong = {step_of(problem.key) for problem in self.problems()}
        return title(visible(self.where()[0]), self.draft.step, self.reached, wrong, width, low=self.size.height < LOW)

    def actions(self) -> list[Action]:
        """The actions that the present step has."""
        missing = absent(self)
        return [action for action in super().actions() if action.name not in missing]

    def why_not(self, name: str) -> str:
        """What the present step does not have."""
        return why_not(self, name)

    # the way

    async def action_do(self, name: str) -> None:
        """As everywhere, but once the step that it is meant for stands: a click does not wait for its turn."""
        async with self._moving:
            pass
        await super().action_do(name)

    async def _go(self, place: int) -> None:
        """Leave the present step for another; the draft is kept."""
        async with self._moving:
            self.draft = msgspec.structs.replace(self.draft, step=STEPS[place])
            self.reached = max(self.reached, place)
            self.keep()
            old, self.step = self.step, KINDS[STEPS[place]]()
            with self.app.batch_update():
                await old.remove()
                await self.mount(self.step, before=self.query_one("#keys"))
                self.refresh_frame()
        self.step.enter()

    async def do_next(self) -> None:
        """To the next step, if this one is right; from the review to what is wrong."""
        self.step.take()
        if isinstance(self.step, ReviewStep):
            await self._go(min(STEPS.index(step_of(problem.key)) for problem in self.problems()))
            return
        wrong = self.step.problem()
        self.program.explain(wrong)  # that of the time before is over where this one goes on
        if wrong:
            self.step.held()
        else:
            await self._go(self.place + 1)

    async def on_step_done(self, event: Step.Done) -> None:
        """The last choice of the step was made."""
        event.stop()
        if event.step is self.step:
            await self.do_next()

    async def do_step(self, number: int) -> None:
        """To any step: back at once, forth as far as everything before it is right."""
        wrong = {step_of(problem.key): problem.sentence for problem in reversed(self.problems())}
        if own := self.step.problem():
            wrong[STEPS[self.place]] = own
        stop = next((place for place in range(self.place, number - 1) if STEPS[place] in wrong), number - 1)
        if stop != number - 1:
            self.program.explain(wrong[STEPS[stop]])
        if stop != self.place:
            await self._go(stop)
        elif stop != number - 1:
            self.step.held()

    async def do_back(self) -> None:
        """Show all rows again, else the step before, else leave."""
        if self.step.cleared():
            return
        if self.place:
            await self._go(self.place - 1)
            return
        self.keep()
        self.dismiss()
        if self._stored:
            self.say(self._way_back(), about=UNFINISHED)

    def _way_back(self) -> str:
        before = self.draft.before
        if before is not None:
            return f"Your changes to {visible(before.name)} are kept. Press e on it to go on."
        return "The new sync is kept, unfinished. Press n to go on with it."

    def do_line(self, lines: int) -> None:
        """Scroll, or go on to what stands below."""
        self.step.line(lines)

    def do_edit(self) -> None:
        """Open the step's editor."""
        self.step.edit()

    def came_back(self) -> None:
        """An editor may have been left."""
        if self.is_mounted and self.step.is_mounted and not self.leaves:
            self.step.came_back()

    def do_again(self) -> None:
        """Ask the connection again."""
        self.step.load()

    def do_choice(self, step: int) -> None:
        """Take the value beside the present one."""
        step_focused(self, step)

    def do_filter(self) -> None:
        """Type a filter."""
        if isinstance(self.step, TableStep):
            self.step.filter()

    def do_create(self) -> None:
        """Create a list."""
        if isinstance(self.step, TargetStep):
            self.step.create()

    # the end

    def do_save_draft(self) -> None:
        """Keep it and leave: a whole definition as a sync in state draft, another as unfinished work."""
        self.keep()
        self.run_worker(self._save_draft(), group="finish", exclusive=True)

    async def _save_draft(self) -> None:
        try:
            sync = await self._finished(initiate=False)
        except TuiSyncError as fault:
            self.dismiss()
            self.say(f"{self._way_back()} Still to be done: {fault}")
            return
        self.dismiss()
        self.say(f"{sync.name} is kept as a draft. Press e on it to go on, or p to initiate it.", about=sync.id)

    async def _finished(self, *, initiate: bool) -> Sync:
        known = await self.offered.about(self.draft.sync)
        if wrong := [found.sentence for found in self.problems() if found.key == "schedule"]:
            raise UsageError(wrong[0])
        self.begin_mapping(known)
        sync = drafts.finish(self.desk, self.draft, initiate=initiate, module=known.module, fields=known.every_field,
                             hub_fields=known.hub_fields)  # fmt: skip
        self._over, self.program.go.wanted = True, sync.id
        return sync

    def do_dry_run(self) -> None:
        """Fetch and plan everything without a trace, or look at the dry run that goes on."""
        sync, runner = tidied(self.draft.sync), self.program.runner
        going = runner.of(sync.id) if runner.is_busy(sync.id) else None
        self.program.go.run(going or runner.dry_run(sync))

    def do_initiate(self) -> None:
        """Make the sync active; what its policies do at Marketing Automation is asked for first."""
        question = initiating(self.draft.sync.name.strip(), self.draft.sync.policies, marketing=self.desk.marketing)
        if question is None:
            self._confirmed(True)
            return
        asked, told, typed = question
        self.program.push_screen(Ask(asked, told, confirm="initiate it", typed=typed), self._confirmed)

    def _confirmed(self, yes: bool | None) -> None:
        if yes:
            self.run_worker(self._initiate(), group="finish", exclusive=True)

    async def _initiate(self) -> None:
        here = self.program.typed_at
        try:
            sync = await self._finished(initiate=True)
        except TuiSyncError as fault:
            asks = self.program.typed_at == here
            room.refused(self.program, self.draft.sync.name, fault, lambda: self._confirmed(True), asks=asks)
            return
        on_top = self.is_active
        self.dismiss()
        self.program.schedules.poke()
        if on_top:
            self.program.go.details(sync)
        queued = limits.queued_until(self.desk, sync).sentence if sync.state is SyncState.QUEUED else ""
        start = self.program.schedules.start_words
        self.say(queued or initiated_words(sync, self.program.now, self.program.zone, start), about=sync.id)
