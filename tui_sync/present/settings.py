"""Settings as rows and JSON."""

from __future__ import annotations

from tui_sync.model.settings import SETTINGS, is_default, text_of, value_of, words_of
from tui_sync.model.workspace import Settings

SETTING_HEADER = ("Setting", "Value", "Default", "What it is for")


def setting_row(settings: Settings, key: str) -> list[str]:
    """A setting as a row under `SETTING_HEADER`; the default is left out where it is in force."""
    default = "" if is_default(settings, key) else words_of(Settings(), key)
    value = text_of(settings, key) or words_of(settings, key)
    return [key, value, default, SETTINGS[key].says]


def setting_object(settings: Settings, key: str) -> dict[str, object]:
    """A setting as JSON: the value in force and the default, each in its own type."""
    return {"key": key, "value": value_of(settings, key), "default": value_of(Settings(), key)}
