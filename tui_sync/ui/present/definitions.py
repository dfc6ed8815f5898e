"""A definition file beside the workspace, as a coloured difference."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tui_sync.model.sync import Policies, Sync
from tui_sync.present.definitions import cost, survey_lines
from tui_sync.present.words import counted
from tui_sync.services.definitions import Survey
from tui_sync.ui.present.lines import Line, Tone, wrapped
from tui_sync.ui.present.policies import stronger

TONES = {"+": Tone.GOOD, "~": Tone.WARN, "=": Tone.DIM}
ABSENT, DRIFT = "  only in the workspace", "    changed in the workspace"


def difference(found: Survey, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """Each line of the plan; its sign tells what its colour tells."""
    if not found.differs:
        yield from wrapped("The file and the workspace agree: applying changes nothing.", width - 2, Tone.STRONG, " ")
        yield ()
    tone = Tone.PLAIN
    for told in survey_lines(found, zone):
        tone = TONES.get(told[:1], tone)
        indent = " " * (1 + len(told) - len(told.lstrip()))
        yield from wrapped(told.strip(), width - len(indent) - 1, _tone(told, tone), indent)
    for item in found.items:
        for warning in item.warnings:
            yield from wrapped(f"{item.sync.name}: {warning}", width - 2, Tone.WARN, " ")


def _tone(told: str, tone: Tone) -> Tone:
    """The tone of a line; `tone` is that of the sync it belongs to."""
    if told.startswith(ABSENT):
        return Tone.DIM
    if told.startswith(DRIFT):
        return Tone.ACCENT
    return tone if told.startswith((" ", *TONES)) else Tone.STRONG


def stricter(found: Survey) -> list[Sync]:
    """The syncs that may remove more people than before once the file is applied."""
    pairs = ((item.sync, Policies() if item.old is None else item.old.policies) for item in found.items)
    return [sync for sync, before in pairs if stronger(before, sync.policies)]


def question(found: Survey, file: str) -> tuple[str, list[str]]:
    """What is asked before a file is applied, with the numbers."""
    new = sum(item.old is None for item in found.items)
    changed = sum(item.old is not None and bool(item.changes) for item in found.items)
    told = ((new, "created"), (changed, "changed"))
    numbers = ", ".join(f"{counted(number, 'sync is', 'syncs are')} {what}" for number, what in told if number)
    done = f"{numbers or 'No sync changes'}."
    return f"Apply {file}?", [done, cost(found.quota, found.initiated), "No run is started. It is all or nothing."]
