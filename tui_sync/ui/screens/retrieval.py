"""Edit retrieval details: when a saved sync runs, which data it retrieves, and its policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.events import DescendantFocus, Resize
from textual.widget import Widget
from textual.widgets import Input

from tui_sync.model.definitions import tidied
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.sync import Policies, Removal, Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.present.policies import exempt_sentences
from tui_sync.present.words import counted
from tui_sync.services import editing, outcomes
from tui_sync.services.policies import Exempt, apply_to_exempt, exempt, take_back
from tui_sync.ui import verbs
from tui_sync.ui.keys import Action, bindings
from tui_sync.ui.parts import Parts, parts_of
from tui_sync.ui.present.lines import BLANK, Line, Span, Tone, followed, line, wrapped
from tui_sync.ui.present.policies import applying, stronger, strongest, warning
from tui_sync.ui.present.schedule import Typed
from tui_sync.ui.screens import room
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.editor import Editor
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.options import Options, step_focused
from tui_sync.ui.widgets.policies_form import PoliciesForm
from tui_sync.ui.widgets.schedule_form import ScheduleForm
from tui_sync.ui.widgets.sheet import Below, Sheet

READING = "Reading the module from the connection."


class RetrievalPage(Editor):
    """The schedule and the policies of a saved sync in one form. What is saved is effective at the next fetch."""

    PLACES = ("retrieval", "choices")
    ABOUT = "When the sync runs, which data it retrieves, and what becomes of people who opt out, are deleted or converted."
    BINDINGS: ClassVar[list[BindingType]] = bindings("retrieval")
    AUTO_FOCUS = "Options"
    SAVE_KEY = "f4"
    DEFAULT_CSS = """
    RetrievalPage > #told { height: auto; }
    RetrievalPage .heading { height: 1; }
    RetrievalPage #exempt { height: auto; margin-left: 3; margin-right: 1; }
    """

    def __init__(self, sync: Sync) -> None:
        super().__init__()
        self._before = sync
        self._parts: Parts | None = None
        self._fault = READING
        self._exempt = Exempt()
        self._past: list[tuple[Typed, Policies]] = []
        """What stood here before each change."""
        self._typed_in: Widget | None = None
        """The line in which the last change was typed: all that is typed there before another change is one."""

    def body(self) -> Iterable[Widget]:
        """Two forms under their headings."""
        marketing = self.desk.marketing
        before, program = self._before, self.program
        yield Lines(id="told")
        with Sheet() as sheet:
            yield Lines([line(Span(" Schedule and data", Tone.STRONG))], classes="heading")
            yield ScheduleForm(before.schedule, zone=program.zone, now=program.now, initiated=before.begun)
            yield Lines([line(Span(" Policies", Tone.STRONG))], classes="heading")
            yield PoliciesForm(before.policies, module=None, marketing=marketing)
            yield Lines(id="exempt")
        yield Below(sheet)

    def on_mount(self) -> None:
        """Read what saving needs."""
        self._stands = self._schedule.typed, self._policies.value
        self._read()
        self._count()

    def _read(self) -> None:
        self._fault = READING
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            self._parts = await parts_of(self.desk, self._before)
        except TuiSyncError as fault:
            self._fault = followed(str(fault), "Press f5 to read again; until then nothing can be saved.")
        else:
            self._fault = ""
            self._policies.know(self._parts.module)
        self._tell()

    def _count(self) -> None:
        self.run_worker(self._count_exempt(), group="exempt", exclusive=True)

    async def _count_exempt(self) -> None:
        self._exempt = await exempt(self.desk, self._before, self._policies.value)
        told = " ".join((*exempt_sentences(self._exempt), "f12 applies these to them too.")) if self._exempt.people else ""
        self.query_one("#exempt", Lines).show(wrapped(told, max(20, self.size.width - 5), Tone.DIM) if told else ())
        self.refresh_frame()

    # what is shown

    @property
    def _schedule(self) -> ScheduleForm:
        return self.query_one(ScheduleForm)

    @property
    def _policies(self) -> PoliciesForm:
        return self.query_one(PoliciesForm)

    def where(self) -> Sequence[str]:
        """The sync, and this."""
        return (self._before.name, "Retrieval details")

    def right(self) -> Line:
        """How many people are exempt, and whether something is not saved."""
        people = self._exempt.people
        told = (Span(f"{counted(people, 'person', 'people')} exempt   ", Tone.ACCENT),) if people else BLANK
        return (*told, Span("not saved", Tone.WARN)) if self.changed() else told

    def sync(self) -> Sync | None:
        """The sync that is edited."""
        return self._before

    def actions(self) -> list[Action]:
        """Without the keys of a row of choices where a text has the keys."""
        typed = isinstance(self.focused, Input)
        return [action for action in super().actions() if not (typed and action.name.startswith("choice("))]

    def on_descendant_focus(self, event: DescendantFocus) -> None:  # noqa: ARG002 - textual's signature
        """Other keys act in another field."""
        self.call_after_refresh(self.refresh_frame)

    def _tell(self) -> None:
        shown = "" if self._fault == READING else self._fault
        self.query_one("#told", Lines).show(wrapped(shown, self.size.width - 2, Tone.WARN, " ") if shown else ())
        self.refresh_frame()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """The sentence wraps elsewhere."""
        self._tell()

    def on_schedule_form_changed(self, event: ScheduleForm.Changed) -> None:
        """The title tells that something is not saved."""
        event.stop()
        self._changed_here()

    def on_policies_form_changed(self, event: PoliciesForm.Changed) -> None:
        """The same; and others may be exempt."""
        event.stop()
        self._count()
        self._changed_here()

    def _changed_here(self) -> None:
        """Keep what stood here before; it can be taken back."""
        before, self._stands = self._stands, (self._schedule.typed, self._policies.value)
        within = self.focused if isinstance(self.focused, Input) else None
        if before != self._stands and (within is None or within is not self._typed_in):
            self._past.append(before)
        self._typed_in = within
        self.refresh_frame()

    # actions

    def changed(self) -> bool:
        """Whether what stands here differs from what is saved."""
        before = tidied(self._before)
        return (self._schedule.value, self._policies.value) != (before.schedule, before.policies)

    def why_not(self, name: str) -> str:
        """Nothing can be saved before the connection has answered, or while a field is wrong."""
        if name == "undo":
            return "" if self._past else "Nothing was changed here."
        if name == "exempt" and not self._exempt.people:
            return "Nobody is exempt: these policies act on everybody whom the sync brought."
        return self._schedule.problem or self._fault if name in ("save", "exempt") else ""

    def do_reload(self) -> None:
        """Ask the connection again."""
        self._read()
        self._tell()

    def do_undo(self) -> None:
        """Take back the last change of this screen."""
        self._stands = self._past.pop()
        self._typed_in = None
        typed, policies = self._stands
        self._schedule.put(typed)
        self._policies.put(policies)
        self._count()
        field = self.focused
        if field is not None and not all(part.display for part in field.ancestors_with_self):  # its row is there no more
            self.query(Options).first().focus()
        self.refresh_frame()

    def do_choice(self, step: int) -> None:
        """Take the value beside the present one."""
        step_focused(self, step)

    def do_next_field(self) -> None:
        """Go to the next field."""
        self.focus_next()

    async def do_save(self) -> None:
        """Save; ask first where more people than before may be removed."""
        schedule, policies, before = self._schedule.value, self._policies.value, self._before
        if schedule is None or not self.changed():
            self.say("Nothing was changed.")
            return
        after = msgspec.structs.replace(before, schedule=schedule, policies=policies)
        marketing = self._policies.marketing
        names = stronger(before.policies, policies)
        if not names:
            self._save(after)
            return
        held, brought = await exempt(self.desk, before, policies), await outcomes.managed(self.desk, before)
        told = warning(before.policies, policies, exempt=held.people, brought=brought, marketing=marketing)
        for_good = marketing and strongest(policies, names) is Removal.HUB

        def done(yes: bool | None) -> None:
            if yes:
                self._save(after)

        question = f"May {before.name} remove more people than before?"
        self.program.push_screen(Ask(question, told, confirm="save", typed=visible(before.name) if for_good else ""), done)

    async def do_exempt(self) -> None:
        """Save, leave, and let the policies act on those who are exempt too; ask first, with their number."""
        schedule, policies, before = self._schedule.value, self._policies.value, self._before
        if schedule is None:
            return
        after = msgspec.structs.replace(before, schedule=schedule, policies=policies)
        found = await exempt(self.desk, before, policies)
        question, told, for_good = applying(before.name, policies, found, marketing=self._policies.marketing)

        async def work() -> None:
            if not self.changed():
                self.dismiss()
            elif not self._save(after):
                return
            await self._apply()

        def done(yes: bool | None) -> None:
            if yes:
                self.program.run_worker(work(), group="exempt-apply")

        typed = visible(before.name) if for_good else ""
        self.program.push_screen(Ask(question, told, confirm="apply them", typed=typed), done)

    async def _apply(self) -> None:
        program, sync = self.program, self.desk.workspace.syncs.get(self._before.id) or self._before
        try:
            applied = await apply_to_exempt(program.desk, sync)
        except TuiSyncError as fault:
            program.told(fault)
            return
        what = f"that the policies of {sync.name} act on everybody"
        program.undone.append((what, lambda: take_back(program.desk, sync, applied)))
        who = counted(applied.exempt.people, "more person", "more people")
        program.say(f"The policies of {sync.name} act on {who}. Its next run fetches everything. u takes it back.", about=sync.id)

    def _save(self, after: Sync) -> bool:
        """Whether it was saved; then this screen is left."""
        parts, before = self._parts, self._before
        if parts is None:
            return False
        try:
            stored = editing.save(
                self.desk, before, after, module=parts.module, fields=parts.every_field, hub_fields=parts.hub_fields
            )
        except TuiSyncError as fault:
            room.refused(self.program, before.name, fault, lambda: self._save(after))
            return False
        verbs.remember_edit(self.program, before, stored, f"the edit of {before.name}")
        self.program.schedules.poke()
        again = before.state is SyncState.COMPLETED and stored.state is SyncState.ACTIVE
        recurring = f" It is active again, {stored.schedule.frequency}." if again else ""
        self.dismiss()
        self.say(f"Saved: effective at the next fetch of {visible(stored.name)}.{recurring} u takes it back.", about=stored.id)
        return True
