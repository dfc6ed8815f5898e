"""The form for the schedule of a sync and the data it retrieves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui_sync.model.sync import Frequency, Schedule
from tui_sync.ui.present import schedule as words
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.present.schedule import AFTER, ALL, DATA, DAYS, FREQUENCIES, Typed
from tui_sync.ui.screens.dialogs import Choice, Picker
from tui_sync.ui.widgets.entry import Entry
from tui_sync.ui.widgets.form_row import Form, FormRow
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.options import Options

LABELS = {"frequency": "Run", "on": "On", "day": "Day of the month", "at": "At", "timezone": "Time zone",
          "data": "Data to retrieve", "after": "After"}  # fmt: skip


class ScheduleForm(Form):
    """Frequency, day, time, zone, data; below, the next five runs. Only what matters for the frequency is shown.

    `zone` is the organisation's and the one that the viewer reads times in; `initiated` None: the sync is a draft.
    `value` is None while a field is wrong, and `problem` says what is; `as_typed` can be given again as `kept` then.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "zones", show=False)]

    class Changed(Message):
        """Something was chosen or typed; `form.value` has the schedule, or None."""

        def __init__(self, form: ScheduleForm) -> None:
            super().__init__()
            self.form = form

        @property
        def control(self) -> ScheduleForm:
            """The form."""
            return self.form

    def __init__(
        self, schedule: Schedule, *, zone: ZoneInfo, now: datetime, initiated: datetime | None,
        kept: Mapping[str, str] | None = None, id: str | None = None,  # noqa: A002 - textual's name
    ) -> None:  # fmt: skip
        super().__init__(id=id)
        self._zone, self._now, self._initiated, self._before = zone, now, initiated, schedule
        typed = words.typed(schedule, zone, now)
        self._typed = typed = words.retyped(kept, typed) if kept else typed
        self._options = {
            "frequency": Options(FREQUENCIES, typed.frequency.value),
            "on": Options(DAYS, typed.on),
            "data": Options(DATA, AFTER if typed.limited else ALL),
        }
        self._entries = {
            "day": Entry(typed.day, placeholder="1 to 31", replaced=True),
            "at": Entry(typed.at, placeholder="HH:MM", replaced=True),
            "timezone": Entry(typed.timezone, placeholder=zone.key, replaced=True),
            "after": Entry(typed.after, placeholder="YYYY-MM-DD HH:MM", replaced=True),
        }
        self._rows = {
            name: FormRow(label, self._options.get(name) or self._entries[name], beside=name in self._entries)
            for name, label in LABELS.items()
        }
        self._runs = Lines()

    def compose(self) -> ComposeResult:
        """The fields, and the runs ahead."""
        yield from self._rows.values()
        yield FormRow("Next runs", self._runs)

    def on_mount(self) -> None:
        """Show what matters."""
        self._tell()

    @property
    def value(self) -> Schedule | None:
        """The schedule as it is typed; None while something is wrong with it."""
        return words.schedule_of(self._typed, self._zone)

    @property
    def typed(self) -> Typed:
        """What stands in it, right or wrong."""
        return self._typed

    def put(self, typed: Typed) -> None:
        """Have that stand in it, without telling anybody."""
        self._typed = typed
        chosen = {"frequency": typed.frequency.value, "on": typed.on, "data": AFTER if typed.limited else ALL}
        for name, row in self._options.items():
            row.offer(row.choices, chosen[name])
        for name, entry in self._entries.items():
            with entry.prevent(Input.Changed):
                entry.value = getattr(typed, name)
        self._tell()

    @property
    def as_typed(self) -> dict[str, str]:
        """What stands in it, where something is wrong with that; else nothing."""
        return words.as_typed(self._typed) if self.value is None else {}

    @property
    def problem(self) -> str:
        """The first thing that is wrong, empty where nothing is."""
        return next(iter(words.mistakes(self._typed, self._zone).values()), "")

    def to_problem(self) -> None:
        """Put the keys into the first field that is wrong."""
        name = next(iter(words.mistakes(self._typed, self._zone)), None)
        if name is not None:
            self._rows[name].query("Entry, Options").first().focus()

    def on_options_changed(self, event: Options.Changed) -> None:
        """Frequency, week day or the kind of data."""
        event.stop()
        match next(name for name, row in self._options.items() if row is event.options):
            case "frequency":
                self._take(self._typed._replace(frequency=Frequency(event.value)))
            case "on":
                self._take(self._typed._replace(on=event.value))
            case _:
                self._take(self._typed._replace(limited=event.value == AFTER))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        texts = {name: entry.value for name, entry in self._entries.items()}
        self._take(
            self._typed._replace(day=texts["day"], at=texts["at"], timezone=texts["timezone"], after=texts["after"])
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the time zone opens all zones; elsewhere it is for the screen."""
        if event.input is self._entries["timezone"]:
            event.stop()
            self.action_zones()

    def action_zones(self) -> None:
        """Choose the time zone from all that are known here."""
        choices = [Choice(name, name) for name in words.zones(available_timezones())]
        at = self._typed.timezone.strip() or self._zone.key

        def done(name: str | None) -> None:
            if name is not None:
                self._entries["timezone"].value = name

        hint = "Type a part of the name, such as kolkata or new_york."
        self.app.push_screen(Picker("Time zone of the schedule", choices, at=at, hint=hint), done)

    def _take(self, typed: Typed) -> None:
        if typed != self._typed:
            self._typed = typed
            self._tell()
            self.post_message(self.Changed(self))

    def _tell(self) -> None:
        """Each mistake beside its field, else what is to be known of it; then the runs ahead."""
        self._rows["on"].display = self._typed.frequency is Frequency.WEEKLY
        self._rows["day"].display = self._typed.frequency is Frequency.MONTHLY
        self._rows["after"].display = self._typed.limited
        wrong, hints = words.mistakes(self._typed, self._zone), words.hints(self._typed, self._zone)
        for name, row in self._rows.items():
            if name in wrong:
                row.tell(wrong[name], Tone.WARN)
            else:
                row.tell(hints.get(name, ""))
        runs = words.next_runs(self.value, initiated=self._initiated, now=self._now, zone=self._zone, before=self._before)
        self._runs.show(runs)
