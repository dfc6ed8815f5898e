"""Settings: account and privileges, the ZSC key, and what the organisation has chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar
from zoneinfo import available_timezones

from textual.binding import BindingType
from textual.events import Resize
from textual.widget import Widget

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.settings import SETTINGS, is_default, text_of, value_of, words_of
from tui_sync.model.workspace import ConnectionKind
from tui_sync.services import settings, zsc
from tui_sync.services.account import account
from tui_sync.services.settings import SettingChange
from tui_sync.ui.keys import bindings
from tui_sync.ui.present import settings as present
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.settings import COLUMNS, SettingLine, below, setting_cells, setting_lines
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt
from tui_sync.ui.screens.filtered_page import FilteredPage
from tui_sync.ui.screens.page import TO_CONNECT
from tui_sync.ui.screens.telling import Telling
from tui_sync.ui.widgets.filter_line import FilterLine
from tui_sync.ui.widgets.lines import Lines
from tui_sync.ui.widgets.record_table import RecordTable

BELOW = 4
"""Lines below the table: the rule, and what the setting is for."""


class SettingsPage(FilteredPage):
    """One line a setting; enter edits it, u takes the last change back."""

    PLACES = ("settings", "matches")
    ABOUT = "The connection's account and privileges, the ZSC key, and the organisation's settings. Enter edits a line."
    BINDINGS: ClassVar[list[BindingType]] = bindings("settings", "matches")
    DEFAULT_CSS = f"SettingsPage #below {{ height: {BELOW}; }}"

    def body(self) -> Iterable[Widget]:
        """The lines, what the one under the cursor is for, the filter."""
        yield RecordTable(COLUMNS, setting_cells, key=lambda one: one.key, id="settings")
        yield Lines(id="below")
        yield FilterLine("settings")

    def on_mount(self) -> None:
        """Show everything."""
        self.reload()

    def reload(self) -> None:
        """Read everything anew."""
        try:
            known = account(self.desk)
        except TuiSyncError as fault:
            self.program.told(fault)
            known = None
        self._shown = settings.settings(self.desk)
        self.table.show(setting_lines(known, self._shown, self.program.state, self.program.terminal.colour))
        self._explain()
        self.refresh_frame()

    def _explain(self) -> None:
        width = self.size.width
        self.query_one("#below", Lines).show([rule(width), *below(self.table.current, width)])

    def where(self) -> Sequence[str]:
        """The settings."""
        return ("Settings",)

    def came_back(self) -> None:
        """What was done elsewhere shows."""
        if self.is_mounted:
            self.reload()

    def time_passed(self) -> None:
        """Another program may have changed something. Why the account cannot be read is not told anew for every run of it."""
        if settings.settings(self.desk) != self._shown:
            self.came_back()

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 - textual's signature
        """Sentences wrap elsewhere."""
        self.refresh_frame()
        self.call_after_refresh(self._explain)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another line is meant."""
        event.stop()
        self._explain()
        self.refresh_frame()

    async def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """Edit the line, or say why that cannot be done."""
        event.stop()
        await self.action_do("open")

    # actions

    def why_not(self, name: str) -> str:
        """What the line or the connection does not allow."""
        one: SettingLine | None = self.table.current
        connection = self.desk.workspace.connection
        match name:
            case "open":
                return "There is no line to edit." if one is None else one.why_not
            case "reset":
                if one is None or one.key not in SETTINGS:
                    return "This line has no default."
                return "It has its default already." if is_default(settings.settings(self.desk), one.key) else ""
            case "test" | "paste" if connection is None:
                return TO_CONNECT
            case "regenerate" if connection is None or connection.kind is not ConnectionKind.DEMO:
                return f"The key of a real account is generated in {zsc.WHERE}."
        return ""

    def do_open(self) -> None:
        """Edit the line."""
        one: SettingLine = self.table.current
        match one.key:
            case "timezone":
                self._choose_zone()
            case "webhook-private":
                private = settings.settings(self.desk).webhook_private
                self._change(lambda: settings.change(self.desk, one.key, "no" if private else "yes"))
            case key if key in SETTINGS:
                self._type(key)
            case present.ZSC:
                self.do_paste()
            case present.BELL:
                self.program.do_bell()
                self.reload()
            case present.THEME:
                self.program.do_theme()
            case present.PRIVILEGES:
                self.do_test()

    def _type(self, key: str) -> None:
        setting, known = SETTINGS[key], settings.settings(self.desk)
        empty = f" Empty: {setting.blank}." if setting.blank else ""

        def done(text: str | None) -> None:
            if text is not None:
                self._change(lambda: settings.change(self.desk, key, text, known))

        self.program.push_screen(
            Prompt(setting.label, text_of(known, key), hint=f"{setting.form}{empty}",
                   check=lambda text: settings.problem(self.desk, key, text),
                   replaced=isinstance(value_of(known, key), int)), done)  # fmt: skip

    def _choose_zone(self) -> None:
        known = settings.settings(self.desk)
        system = words_of(known, "timezone")
        zones = [Choice(name, name) for name in sorted(available_timezones()) if name != "localtime"]

        def done(name: str | None) -> None:
            if name is not None:
                self._change(lambda: settings.change(self.desk, "timezone", name, known))

        hint = "Type a part of the name, such as kolkata or new_york."
        self.program.push_screen(Picker("Time zone of the organisation", [Choice("", SETTINGS["timezone"].blank), *zones],
                                        at=system, hint=hint), done)

    def do_reset(self) -> None:
        """Back to the default."""
        key = self.table.current.key
        self._change(lambda: settings.reset(self.desk, key))

    def _change(self, change: Callable[[], SettingChange]) -> None:
        try:
            done = change()
        except TuiSyncError as fault:
            self.program.told(fault)
            return
        if done.changed:
            self.program.undone.append((f"{done.label}: {done.after}", lambda: self._put_back(done)))
            self.say(f"{done.label}: {done.before} -> {done.after}. u takes it back.", about=done.label)
        self.program.changed()

    def _put_back(self, done: SettingChange) -> SettingChange:
        back = settings.put_back(self.desk, done)
        self.program.unsay(done.label)
        return back

    def do_test(self) -> None:
        """Try every call of the connection."""
        self.program.go.trial()

    def do_paste(self) -> None:
        """Ask for the key, hidden."""
        kept = ""

        async def attempt(key: str) -> str:
            nonlocal kept
            try:
                kept = await zsc.paste(self.desk, key)
            except TuiSyncError as fault:
                return str(fault)
            return ""

        def done(key: str | None) -> None:
            if key is not None:
                self.say(kept)
                self.reload()

        self.program.push_screen(
            Prompt("Paste the ZSC key", hint=f"It stands in {zsc.WHERE}. What you paste is not shown.", check=zsc.problem,
                   go="try and keep", secret=True, attempt=attempt), done)  # fmt: skip

    def do_regenerate(self) -> None:
        """Ask, issue a new key, show it once."""
        means = ("It stands for an administrator who has a new key generated in Recruit. The old one ends at once: runs fail "
                 "until the new one is pasted (z). Nothing is lost.")

        def done(yes: bool | None) -> None:
            if not yes:
                return
            try:
                key = zsc.regenerate(self.desk)
            except TuiSyncError as fault:
                self.program.told(fault)
                return
            self.program.push_screen(Telling("The new ZSC key, shown once", key, ("Copy it, then paste it with z.",)))

        self.program.push_screen(Ask("Issue a new ZSC key?", (means,), confirm="issue it"), done)

    def copied(self) -> str:
        """The value of the line."""
        one: SettingLine | None = self.table.current
        return "" if one is None else "".join(part.text for part in one.value)
