"""The organisation's settings: read, changed one at a time, each change on record with the value before and after."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui_sync.model import settings as rules
from tui_sync.model.errors import UsageError
from tui_sync.model.settings import setting_of, value_of, with_value, words_of
from tui_sync.model.workspace import Settings
from tui_sync.services.desk import Desk

NEW_RULES = "the rules for addresses were changed"


class SettingChange(msgspec.Struct, frozen=True):
    """What was changed: the setting, its value before and after in words (not made visible), all settings before and after."""

    key: str
    label: str
    before: str
    after: str
    old: Settings
    new: Settings

    @property
    def changed(self) -> bool:
        """Whether the two values differ."""
        return self.before != self.after


def settings(desk: Desk) -> Settings:
    """The settings in force."""
    return desk.workspace.settings


def problem(desk: Desk, key: str, text: str) -> str:
    """The rule that a text for a setting breaks, in one sentence; empty where it keeps it."""
    try:
        rules.changed(desk.workspace.settings, key, text)
    except UsageError as refused:
        return str(refused)
    return ""


def change(desk: Desk, key: str, text: str, seen: Settings | None = None) -> SettingChange:
    """Give a setting another value. `seen` are the settings that were looked at when the text was typed.

    Raises UsageError with the rule that the text breaks, or where the setting is another since; then nothing is changed.
    """
    return _write(desk, key, lambda old: rules.changed(old, key, text), seen)


def reset(desk: Desk, key: str) -> SettingChange:
    """Give a setting the value that it has in a new workspace. Raises UsageError where there is no such setting."""
    known = setting_of(key).key
    return _write(desk, known, lambda old: with_value(old, known, value_of(Settings(), known)))


def put_back(desk: Desk, done: SettingChange) -> SettingChange:
    """Undo one change: this setting has its value of before again, the others stay as they are.

    Raises UsageError where somebody has changed it since.
    """
    return _write(desk, done.key, lambda old: with_value(old, done.key, value_of(done.old, done.key)), done.new)


def _write(desk: Desk, key: str, make: Callable[[Settings], Settings], seen: Settings | None = None) -> SettingChange:
    setting = setting_of(key)
    with desk.workspace.db.batch():
        old = desk.workspace.settings
        if seen is not None and value_of(old, setting.key) != value_of(seen, setting.key):
            now = words_of(old, setting.key)
            raise UsageError(f"{setting.label} was changed meanwhile: {now}.", "Look at it again.")
        new = make(old)
        done = SettingChange(setting.key, setting.label, words_of(old, setting.key), words_of(new, setting.key), old, new)
        if new != old:
            desk.workspace.meta.write("settings", new)
            desk.log(f"setting {setting.key}: {done.before} -> {done.after}")
            if setting.anew:
                _decide_anew(desk)
    return done


def _decide_anew(desk: Desk) -> None:
    """Have the next fetch of every sync look at all records again."""
    for sync in desk.workspace.syncs.all():
        desk.workspace.ledger.ask_for_all(sync.id, NEW_RULES)
