"""The criteria editor: rows, the pattern as text and as a tree, counts over a sample, and for one person why."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.records import Record
from tui_sync.model.related import modules_of
from tui_sync.model.sync import Condition, Sync
from tui_sync.model.text import visible
from tui_sync.services import catalogue, editing, sampling
from tui_sync.services.sampling import Sample, SampleCounts
from tui_sync.ui import verbs
from tui_sync.ui.keys import ALWAYS, Action, bindings
from tui_sync.ui.present import criteria as shown
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.criteria_refusals import NEED_SAMPLE, NOT_YET, refusal, related_refusal
from tui_sync.ui.present.lines import Line, Span, Tone, followed, line
from tui_sync.ui.sampled import Sampled
from tui_sync.ui.screens.condition import RowDialogs, asked_person
from tui_sync.ui.screens.editor import Editor
from tui_sync.ui.widgets.criteria_panes import Contents, CriteriaPanes
from tui_sync.ui.widgets.pattern_line import PatternLine
from tui_sync.ui.widgets.record_table import RecordTable

TYPING = (
    Action("take_pattern", "enter", "take the pattern", "Take the pattern that is typed.", "", 10),
    Action("back", "escape", "leave it as it was", "Go on with the pattern as it was.", "", 20),
)
"""What the line of keys shows while the pattern is typed."""


class CriteriaPage(Editor):
    """Rows above, pattern and tree below. What is shown is `edited`, a value; `before` is what is saved. `at` is the number of
    the row that the cursor begins on."""

    PLACES = ("criteria",)
    ABOUT = "Which records the sync takes: rows that compare a field, and the pattern that joins them, counted over real records."
    BINDINGS: ClassVar[list[BindingType]] = bindings("criteria")

    def __init__(self, sync: Sync, save: Callable[[Sync], None] | None = None, at: str = "") -> None:
        super().__init__()
        self._at = int(at) if at.isdecimal() else 0
        self.before, self._save = sync, save
        self.edited, self._unread = Criteria.of(sync.selection)
        self._saved = self.edited
        self._past: list[Criteria] = []
        self.counts: SampleCounts | None = None
        self._person: Record | None = None
        self._tried: Criteria | None = None  # what is typed as the pattern, where it could be read last
        self._asking = self._saving = False
        self.sampled = Sampled(self.edited.conditions, self.refresh_frame)

    def body(self) -> Iterable[Widget]:
        """Rows, pattern, tree."""
        yield CriteriaPanes()

    @property
    def panes(self) -> CriteriaPanes:
        """The body."""
        return self.query_one(CriteriaPanes)

    def on_mount(self) -> None:
        """Show what is saved, and read the sample."""
        super().on_mount()
        self._show(self._at)
        self.do_reload()

    # what is shown

    @property
    def sample(self) -> Sample | None:
        """The records that are counted over; None where there are none."""
        return self.sampled.sample

    def where(self) -> Sequence[str]:
        """The sync, and this."""
        return (self.before.name or "New sync", "Criteria")

    def right(self) -> Line:
        """Whether something is to be saved, and what the counts are over."""
        return line(Span("not saved   " if self.changed() else "", Tone.WARN), Span(self.sampled.words, Tone.DIM))

    def changed(self) -> bool:
        """Whether something was changed."""
        return self.edited != self._saved

    def sync(self) -> Sync | None:
        """The sync as it is saved."""
        return self.before

    @property
    def number(self) -> int:
        """The number of the row under the cursor; 0 without rows."""
        row = self.panes.row()
        return 0 if row is None else row.number

    def _show(self, number: int = 0) -> None:
        """Count and draw everything anew, the cursor on that row."""
        edited = self._tried or self.edited
        rows = edited.conditions
        self.counts = None
        if self.sample is not None and rows:
            self.counts = sampling.counts(self.sample, rows, edited.pattern)
        trouble = "" if self.changed() else self._unread
        if self.sampled.fault:
            trouble = followed(self.sampled.fault, "Press r to read again.")
        self.sampled.ticked.update(modules_of(rows))  # an undo may bring back rows whose box was left
        boxes = shown.boxes(self.before.module, self.sampled.ticked)
        self.panes.show(Contents(edited, self.sample, self.counts, self._person, trouble, boxes, self.before.labels), number)
        self.refresh_frame()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another row is under the cursor."""
        event.stop()
        self.panes.draw()
        self.refresh_frame()

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Edit the row."""
        event.stop()
        await self.action_do("edit")

    # reading

    def do_reload(self) -> None:
        """Read fields and sample."""
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        await self.sampled.take(self.desk, self.before, self.edited.conditions)
        self._person = self.sampled.find(self._person)
        self._show(self.number)

    async def _relate(self, module: str) -> None:
        try:
            await self.sampled.relate(self.desk, self.edited.conditions)
        except TuiSyncError as fault:
            self.sampled.ticked.discard(module)
            self.program.told(fault)
        self._person = self.sampled.find(self._person)
        self._show(self.number)

    def do_related(self, module: str) -> None:
        """Offer the fields of a related module, or no more."""
        if module in self.sampled.ticked:
            self.sampled.ticked.discard(module)
            self.workers.cancel_group(self, "related")
        else:
            self.sampled.ticked.add(module)
            self.run_worker(self._relate(module), group="related", exclusive=True)
        self._show(self.number)

    # actions

    def actions(self) -> list[Action]:
        """Two while the pattern is typed, else those of this place."""
        typing = self.is_mounted and self.panes.pattern.typing
        return list(TYPING) if typing else super().actions()

    def why_not(self, name: str) -> str:
        """What the rows, or what goes on, do not allow."""
        if name in ALWAYS:
            return ""
        if self._saving:
            return "The criteria are being saved."
        if self.panes.pattern.typing:
            if name == "take_pattern":
                return self.panes.pattern.mistake
            return "The pattern is being typed: enter takes it, esc brings the one before back."
        if name == "undo":
            return "" if self._past else "Nothing was changed here."
        if name == "reload":
            return "" if self.sample is not None or self.sampled.fault else "The sample is being read."
        if name.startswith("related"):
            module = name.split("'")[1]
            ticked = self.sampled.ticked
            return NOT_YET if self.sample is None else related_refusal(self.before.module, module, self.edited, ticked)
        if name in NEED_SAMPLE and self.sampled.is_reading(self.edited.conditions):
            return NOT_YET
        if name == "save" and not self.changed() and self._save is None:
            return "Nothing was changed since it was saved."
        if self.sampled.fault and name in NEED_SAMPLE:
            return self.sampled.fault
        return refusal(name, self.edited, self.number, self.sample)

    def _change(self, edited: Criteria, number: int) -> None:
        """Take a change; it can be taken back."""
        if edited != self.edited:
            self._past.append(self.edited)
            self.edited = edited
        self._show(number)

    def do_undo(self) -> None:
        """Take back the last change of this screen."""
        self.edited = self._past.pop()
        self._show(self.number)

    def do_add(self) -> None:
        """Ask for a new row."""
        if self.sample is not None:
            self._ask(self._adding(RowDialogs(self.program, self.sampled.offered(self.sample))))

    def do_edit(self) -> None:
        """Ask what to change in the row."""
        if self.sample is not None:
            self._ask(self._editing(RowDialogs(self.program, self.sampled.offered(self.sample)), self.number))

    def do_person(self) -> None:
        """Choose a person of the sample."""
        if self.sample is not None:
            self._ask(self._choosing(self.sample))

    def _ask(self, dialogs: Coroutine[object, object, None]) -> None:
        """Ask one thing at a time, however fast the keys come."""
        if self._asking:
            dialogs.close()
            return
        self._asking = True
        self.run_worker(self._asked(dialogs), group="ask")

    async def _asked(self, dialogs: Coroutine[object, object, None]) -> None:
        try:
            await dialogs
        finally:
            self._asking = False

    async def _adding(self, dialogs: RowDialogs) -> None:
        made = await dialogs.add()
        if made is not None:
            self._change(self.edited.added(made), len(self.edited.conditions) + 1)

    async def _editing(self, dialogs: RowDialogs, number: int) -> None:
        now: Condition = self.edited.conditions[number - 1]
        made = await dialogs.edit(number, now)
        if made is not None:
            self._change(self.edited.changed(number, made), number)

    async def _choosing(self, sample: Sample) -> None:
        at = "" if self._person is None else self._person.id
        chosen = await asked_person(self.program, sample, self.edited, at)
        self._person = next((record for record in sample.records if record.id == chosen), self._person)
        self._show()

    def do_step_person(self, step: int) -> None:
        """The next person of the sample, or the one before."""
        records = [] if self.sample is None else self.sample.records
        ids = [record.id for record in records]
        here = ids.index(self._person.id) if self._person is not None else -1 if step > 0 else 0
        self._person = records[(here + step) % len(records)]
        self._show()

    def do_delete(self) -> None:
        """Delete the row."""
        self._change(self.edited.without(self.number), min(self.number, len(self.edited.conditions) - 1))

    def do_connector(self) -> None:
        """Turn and into or, and back."""
        self._change(self.edited.toggled(self.number), self.number)

    # the pattern as text

    def do_pattern(self) -> None:
        """Type the pattern."""
        self.panes.pattern.open(self.edited.shown, len(self.edited.conditions))
        self.panes.draw()
        self.refresh_frame()

    def on_pattern_line_typed(self, event: PatternLine.Typed) -> None:
        """Rows, tree and count follow what is typed; where it cannot be read, only the count is gone."""
        if event.node is not None and self.panes.pattern.typing:
            self._tried = self.edited.joined(event.node)
            self._show()
        else:
            self.panes.draw()
        self.refresh_frame()

    def on_pattern_line_taken(self, event: PatternLine.Taken) -> None:
        """Take the typed pattern."""
        self._close_pattern()
        self._unread = ""
        self._change(self.edited.joined(event.node), self.number)

    async def do_take_pattern(self) -> None:
        """Take the typed pattern, with the mouse."""
        await self.panes.pattern.take()

    def _close_pattern(self) -> None:
        self._tried = None
        self.panes.pattern.close()
        self.panes.table.focus()

    # leaving

    def do_back(self) -> None:
        """Leave the pattern as it was, or this screen; ask before changes are lost."""
        if self.panes.pattern.typing:
            self._close_pattern()
            self._show(self.number)
        else:
            super().do_back()

    def do_save(self) -> None:
        """Hand the sync over, or write it to the workspace."""
        after = self.sampled.labelled(self.edited.into(self.before))
        if self._save is None:
            self.run_worker(self._write(after), group="save", exclusive=True)
            return
        try:
            self._save(after)
        except TuiSyncError as fault:
            self.program.told(fault)
        else:
            self.dismiss()

    async def _write(self, after: Sync) -> None:
        self._saving = True
        written = self.edited
        try:
            sample = self.sample
            hub_fields = await catalogue.hub_fields(self.desk)
            stored = editing.save(
                self.desk, self.before, after, module=None if sample is None else sample.module,
                fields=() if sample is None else sample.fields, hub_fields=hub_fields,
            )  # fmt: skip
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        finally:
            self._saving = False
            self.refresh_frame()
        verbs.remember_edit(self.program, self.before, stored, f"the criteria of {self.before.name}")
        self.before, self._saved = stored, written
        self.program.say(f"The criteria of {visible(stored.name)} are saved, effective at the next fetch. u takes it back.",
                             about=stored.id)
        self.program.changed()
        self.leave_saved()

    def copied(self) -> str:
        """The row in words."""
        row = self.panes.row()
        return "" if row is None else f"{row.label} {row.operator} {row.value}".rstrip()
