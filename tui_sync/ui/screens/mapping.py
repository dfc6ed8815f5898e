"""The mapping editor: which Recruit field fills which field of the hub, with real values beside each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.mapping import HubField, Suggestion, default_rows, same_name
from tui_sync.model.records import Field
from tui_sync.model.sync import MappingRow, SelectionKind, Sync
from tui_sync.model.text import unfit_name, visible
from tui_sync.services import catalogue, editing, sampling
from tui_sync.ui import verbs
from tui_sync.ui.keys import bindings
from tui_sync.ui.parts import Parts, parts_of
from tui_sync.ui.present import mapping as words
from tui_sync.ui.present.columns import Cell
from tui_sync.ui.present.fields import type_word
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.lines import Line, Span, Tone, followed, line, wrapped
from tui_sync.ui.present.mapping import COLUMNS, EMAIL_BLANK, EMAIL_STAYS, FIELD_COLUMNS, HUB_COLUMNS, MapRow
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt
from tui_sync.ui.screens.editor import Editor
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable

READING = "The fields of Recruit and of the hub are being read."
SIZE = 200
"""Records whose values are shown: one page of Recruit's."""


class MappingPage(Editor):
    """One row for each field of the hub that is filled. `save` (of the wizard) takes the changed sync instead of the store;
    `at` names the hub field that the cursor begins on."""

    PLACES = ("mapping",)
    ABOUT = "Which field of Recruit fills which field of the hub; beside each row three real values as they will arrive."
    BINDINGS: ClassVar[list[BindingType]] = bindings("mapping")
    DEFAULT_CSS = "MappingPage > #below { height: auto; max-height: 50%; }"

    def __init__(self, sync: Sync, save: Callable[[Sync], None] | None = None, at: str = "") -> None:
        super().__init__()
        self._at = at
        self._before, self._keep = sync, save
        self._mapping: tuple[MappingRow, ...] = sync.mapping
        self._past: list[tuple[MappingRow, ...]] = []
        self._sample: sampling.Sample | None = None
        self._arriving: dict[str, tuple[str, ...]] = {}
        self._skipped: set[str] = set()
        self._suggestion: Suggestion | None = None
        self._parts: Parts | None = None
        self._fault, self._no_sample = READING, ""

    def body(self) -> Iterable[Widget]:
        """The rows, and what is to be said of the one under the cursor."""
        yield RecordTable(COLUMNS, self._cells, key=lambda row: row.target, empty=self._empty, id="mapping")
        yield Lines(id="below")

    def on_mount(self) -> None:
        """Show the rows, and read what is to be known of them."""
        self._show(self._at)
        self._read()

    def _read(self) -> None:
        self._fault, self._no_sample = READING, ""
        self.run_worker(self._load(), group="load", exclusive=True)

    async def _load(self) -> None:
        """Fields first, so that rows can be edited; then a sample of records."""
        sync = self._before
        try:
            self._parts = await parts_of(self.desk, sync)
        except TuiSyncError as fault:
            self._fault = followed(str(fault), "Press r to read again.")
            self._show()
            return
        self._fault = ""
        if not self._mapping:
            self._mapping = default_rows(self._parts.fields, self._parts.module.email)
        self._show()
        view = sync.selection.view_id if sync.selection.kind is SelectionKind.VIEW else ""
        try:
            self._sample = await sampling.take(
                self.desk, sync.module, size=SIZE, view_id=view, zone_name=sync.schedule.timezone
            )
        except TuiSyncError as fault:
            self._no_sample = followed(f"There are no values to show. {fault}", "Press r to read again.")
        else:
            self._arriving = {}
        self._show()

    # what is shown

    @property
    def _table(self) -> RecordTable:
        return self.query_one(RecordTable)

    @property
    def _fields(self) -> Sequence[Field]:
        return () if self._parts is None else self._parts.fields

    @property
    def _hub_fields(self) -> Sequence[HubField]:
        return () if self._parts is None else self._parts.hub_fields

    @property
    def _row(self) -> MapRow | None:
        row: MapRow | None = self._table.current
        return row

    @property
    def _place(self) -> int:
        """Which row of the mapping is under the cursor."""
        row = self._row
        return next((n for n, one in enumerate(self._mapping) if row is not None and one.target == row.target), -1)

    def where(self) -> Sequence[str]:
        """The sync, and this."""
        return (self._before.name or "New sync", "Mapping")

    def right(self) -> Line:
        """How many fields of the hub are filled, and whether that is saved."""
        spans = [Span("not saved  ", Tone.WARN)] if self.changed() else []
        if self._parts is not None:
            spans.append(Span(f"{len(self._mapping)} of {len(self._hub_fields)} hub fields", Tone.DIM))
        return tuple(spans)

    def sync(self) -> Sync | None:
        """The sync that is edited."""
        return self._before

    def _cells(self, row: MapRow) -> Sequence[Cell]:
        return words.cells(row)

    def _empty(self) -> Sequence[Line]:
        return [line(Span("   Nothing is mapped yet. Press a to fill a field of the hub.", Tone.DIM))]

    def _show(self, at: str = "") -> None:
        """Draw the rows anew; `at` names the hub field to put the cursor on."""
        if self._sample is not None:
            for source in {row.source for row in self._mapping} - self._arriving.keys():
                self._arriving[source] = sampling.arriving(self._sample, source)
        self._suggestion = words.next_suggestion(self._fields, self._hub_fields, self._mapping, self._skipped)
        unread = self._no_sample or (self._fault and self._fault != READING)
        none = dict.fromkeys((row.source for row in self._mapping), ("-",)) if unread else {}
        arriving, labels = {**none, **self._arriving}, self._before.labels
        self._table.show(words.rows_of(self._mapping, self._fields, self._hub_fields, arriving, labels))
        if at:
            self._table.select(at)
        self._tell()

    def _tell(self) -> None:
        below = self.query_one("#below", Lines)
        width = self.size.width
        told: list[Line] = [rule(width)]
        if self._fault:
            told += wrapped(self._fault, width - 4, Tone.DIM if self._fault == READING else Tone.WARN, "   ")
        told += wrapped(self._no_sample, width - 4, Tone.WARN, "   ") if self._no_sample else ()
        told += words.told_below(self._row, self._suggestion, self._fields, width)
        below.show(told)
        self.refresh_frame()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self._tell()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another row is told of."""
        event.stop()
        self._tell()

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Edit the row."""
        event.stop()
        await self.action_do("edit")

    # actions

    def changed(self) -> bool:
        """Whether what stands here differs from what is saved."""
        return self._mapping != self._before.mapping

    def why_not(self, name: str) -> str:
        """What the row under the cursor, or what is known so far, does not allow."""
        if name == "undo":
            return "" if self._past else "Nothing was changed here."
        if name in ("edit", "add", "create", "save") and self._fault:
            return self._fault
        row = self._row
        if name in ("edit", "delete", "blank") and row is None:
            return "There is no row here. Press a to fill a field of the hub."
        if name in ("delete", "blank") and row is not None and row.is_email:
            return EMAIL_STAYS if name == "delete" else EMAIL_BLANK
        if name in ("accept", "skip") and self._suggestion is None:
            return "There is no suggestion. Press a to choose yourself."
        if name == "add" and not words.free_targets(self._mapping, self._hub_fields):
            return "Every field of the hub is filled already. Press c to create another."
        return ""

    def do_reload(self) -> None:
        """Ask Recruit and the hub again."""
        self._read()
        self._show()

    def _change(self, mapping: tuple[MappingRow, ...], at: str = "") -> None:
        """Take a change; it can be taken back."""
        if mapping != self._mapping:
            self._past.append(self._mapping)
            self._mapping = mapping
        self._show(at)

    def do_undo(self) -> None:
        """Take back the last change of this screen."""
        self._mapping = self._past.pop()
        self._show()

    def do_edit(self) -> None:
        """Choose another Recruit field for the row."""
        row = self._row
        if row is not None:
            self._choose_source(row.target, row.source)

    def _choose_source(self, target: str, at: str = "") -> None:
        choices = [
            Choice(field.name, visible(field.label), type_word(field.type), visible(field.name), why_not=why)
            for field, why in words.sources_for(target, self._fields, self._hub_fields)
        ]

        def done(source: str | None) -> None:
            if source is not None:
                self._change(words.with_source(self._mapping, target, source), target)

        self.program.push_screen(Picker(f"What fills {target}", choices, columns=FIELD_COLUMNS, at=at or None), done)

    def do_add(self) -> None:
        """Choose a field of the hub that nothing fills, then what fills it."""
        choices = [
            Choice(known.name, visible(known.name), visible(known.kind))
            for known in words.free_targets(self._mapping, self._hub_fields)
        ]

        def done(target: str | None) -> None:
            if target is not None:
                self._choose_source(target, words.likeliest(target, self._fields, self._hub_fields, self._mapping))

        hint = "Is it missing? Leave with esc and press c to create it at the hub."
        self.program.push_screen(Picker("Fill which field of the hub", choices, columns=HUB_COLUMNS, hint=hint), done)

    def do_delete(self) -> None:
        """Fill the field no more."""
        self._change(words.without(self._mapping, self._place))

    def do_blank(self) -> None:
        """Turn around what a blank does."""
        self._change(words.with_blanks_turned(self._mapping, self._place))

    def do_accept(self) -> None:
        """Take the suggestion."""
        if self._suggestion is not None:
            row = self._suggestion.row
            self._change(words.with_source(self._mapping, row.target, row.source), row.target)

    def do_skip(self) -> None:
        """Skip the suggestion until the screen is opened again."""
        if self._suggestion is not None:
            self._skipped.add(self._suggestion.row.target)
            self._show()

    def do_create(self) -> None:
        """Ask for the name of a new field, then make it at the hub."""

        def check(text: str) -> str:
            if not text.strip():
                return "A field needs a name that is not empty."
            taken = any(same_name(known.name, text) for known in self._hub_fields)
            return "The hub has a field of this name already. Press esc, then a." if taken else unfit_name(text.strip())

        def named(name: str | None) -> None:
            if name is not None:
                self._confirm_create(name.strip())

        hint = "It holds text, which takes every kind of value."
        self.program.push_screen(Prompt("Name of a new field at the hub", check=check, hint=hint, go="go on"), named)

    def _confirm_create(self, name: str) -> None:
        told = ("It is made at the hub at once, for every lead, and can be taken away only there.",)

        def done(yes: bool | None) -> None:
            if yes:
                # Of the app, not of this screen: leaving it must not cut the call off half way.
                self.program.run_worker(self._create(name), group="create-field")

        self.program.push_screen(Ask(f"Create the field {name}?", told, confirm="create it"), done)

    async def _create(self, name: str) -> None:
        here = self.program.typed_at
        try:
            made = await catalogue.create_field(self.desk, name)
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        self.say(f"The hub has the field {made.name} now.")
        if self._parts is not None:
            self._parts = self._parts._replace(hub_fields=(*self._parts.hub_fields, made))
        if self in self.program.screen_stack:
            self._show()
        if self.program.typed_at == here:
            self._choose_source(made.name)

    def do_save(self) -> None:
        """Hand the mapping to the wizard, or save it."""
        after = msgspec.structs.replace(self._before, mapping=self._mapping)
        if self._keep is not None:
            self.dismiss()
            self._keep(after)
            return
        if not self.changed() or self._parts is None:
            self.say("Nothing was changed.")
            return
        parts = self._parts
        try:
            stored = editing.save(
                self.desk, self._before, after, module=parts.module, fields=parts.every_field, hub_fields=parts.hub_fields
            )
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        verbs.remember_edit(self.program, self._before, stored, f"the edit of {self._before.name}")
        self.dismiss()
        self.say(f"Saved: effective at the next fetch of {stored.name}. u takes it back.", about=stored.id)
