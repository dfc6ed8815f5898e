"""The names of files that are typed into a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui_sync.model.text import visible


def here() -> Path:
    """The folder from which names are meant: that of the program's start, or the home folder where that one is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path.home()


def located(text: str, folder: Path) -> Path:
    """The file that a typed name means: from `folder` on, `~` is the home folder, as `~name` is where there is such a user."""
    typed = Path(text.strip())
    try:
        return folder / typed.expanduser()
    except RuntimeError:
        return folder / typed


def objection(text: str, folder: Path, judge: Callable[[Path], str]) -> str:
    """What `judge` has against the file of a typed name; empty where it has nothing. It is asked at every key, so of half a name
    too, and of one that is too long or in a folder that is closed to this user."""
    if not text.strip():
        return "Name a file."
    path = located(text, folder)
    try:
        return judge(path)
    except OSError as error:
        return f"{visible(str(path), 200)} cannot be looked at: {error.strerror}."


def is_there(path: Path) -> str:
    """The objection to a file that is to be read."""
    return "" if path.is_file() else f"There is no file {visible(str(path))}."
