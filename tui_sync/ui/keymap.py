"""Keys of one's own: `keys.toml` in the folder of settings names other keys for actions by their ids.

What it says wrongly changes nothing and is told, each with its entry; all else of it holds.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import platformdirs

from tui_sync.model.text import visible
from tui_sync.ui.actions import SHOWN, Action, key_named
from tui_sync.ui.keys import ACTIONS

VARIABLE = "TUI_SYNC_KEYS"
FIXED = frozenset({"enter", "ctrl+j", "escape", "tab", "shift+tab", "ctrl+c", "ctrl+z", "ctrl+s", "ctrl+q"})
"""Keys that answer questions, end the program, or that terminals keep or send for enter (ctrl+j): none is given away."""
EVERYWHERE = frozenset({"anywhere", "table", "matches"})
"""Places whose keys hold beside those of a screen."""


class Keymap(NamedTuple):
    """Keys by action id (`syncs.run`), as textual writes them, and what is wrong with the file: sentences."""

    keys: dict[str, str]
    wrong: tuple[str, ...]

    def said(self, log: Callable[[str], object]) -> str:
        """What is wrong, short enough to be told in passing; where that is not all of it, all is logged."""
        if len(self.wrong) > 1:
            for sentence in self.wrong:
                log(sentence)
            return f"{self.wrong[0]} And {len(self.wrong) - 1} more of the file: tui-sync log, or the log here (5), has all."
        return "".join(self.wrong)


_CHANGED: dict[str, str] = {}


def use(keys: Mapping[str, str]) -> None:
    """Show these keys by action id; an action that is not among them has the program's own."""
    _CHANGED.clear()
    _CHANGED.update(keys)


def actions(place: str) -> tuple[Action, ...]:
    """The actions of a place with the keys that they have now."""
    return tuple(action._replace(keys=_CHANGED.get(f"{place}.{action.name}", action.keys)) for action in ACTIONS[place])


def path() -> Path:
    """Where the file is looked for: TUI_SYNC_KEYS, else the folder of settings of the platform."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("tui-sync") / "keys.toml"


def read(file: Path) -> Keymap:
    """What the file says; nothing where there is none, unless it was named."""
    try:
        entries = tomllib.loads(file.expanduser().read_text(encoding="utf-8"))
    except FileNotFoundError:
        absent = f"There is no {visible(str(file))}, which {VARIABLE} names. The keys are those of the program."
        return Keymap({}, (absent,) if os.environ.get(VARIABLE) else ())
    except (OSError, ValueError, RuntimeError) as error:  # without nesting too deep, the home of nobody
        deep = "brackets are nested too deep" if isinstance(error, RecursionError) else str(error).rstrip(".")
        said = error.strerror if isinstance(error, OSError) else deep
        return Keymap({}, (f"{visible(str(file))} cannot be read: {visible(str(said))}. The keys are those of the program.",))
    return judged(entries)


def judged(entries: Mapping[str, object]) -> Keymap:
    """The entries that can be, and a sentence about each that cannot."""
    ids = {f"{place}.{action.name}": action.keys for place, actions in ACTIONS.items() for action in actions if action.keys}
    keys: dict[str, str] = {}
    wrong: list[str] = []
    for name, value in entries.items():
        problem = _problem(name, value, ids)
        if problem:
            wrong.append(f"keys.toml, {visible(name)}: {problem}")
        else:
            kept = [key for key in ids[name].split(",") if key in FIXED]
            keys[name] = ",".join(dict.fromkeys([*map(key_named, str(value).split()), *kept]))
    while clash := next(_clashes(keys, ids), None):
        name, key, other = clash
        wrong.append(f"keys.toml, {name}: {SHOWN.get(key, key)} is the key of {other} already. {name} keeps its own.")
        del keys[name]
    return Keymap(keys, tuple(wrong))


def _problem(name: str, value: object, ids: Mapping[str, str]) -> str:
    if name not in ids:
        near = get_close_matches(name, ids, 1)
        return "there is no such action." + (f" Did you mean {near[0]}?" if near else " `?` and docs/keys.md name them.")
    if not isinstance(value, str) or not value.split():
        return 'name keys as a text, such as "f6" or "x delete".'
    for part in value.split():
        key = key_named(part)
        if not key:
            return f"there is no key {visible(part)}."
        if key in FIXED:
            return f"{part} cannot be given away."
    return ""


def _clashes(keys: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(changed action, key, the other action that has it) where both hold on one screen."""
    for name, chosen in keys.items():
        place = name.partition(".")[0]
        for other in ids:
            beside = other.partition(".")[0]
            if other == name or not (beside == place or {place, beside} & EVERYWHERE or {place, beside} == {"syncs", "places"}):
                continue
            shared = set(chosen.split(",")) & set(keys.get(other, ids[other]).split(","))
            if shared:
                yield name, min(shared), other
