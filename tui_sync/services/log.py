"""The log: who changed what from where, and what each run did; its lines, and the words of some of them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tui_sync.model.definitions import changes
from tui_sync.model.outcomes import LABELS, Result, RunSummary
from tui_sync.model.schedule import in_words
from tui_sync.model.sync import Sync
from tui_sync.model.text import counted
from tui_sync.model.workspace import Level, LogLine
from tui_sync.services.desk import Desk

LEVELS = tuple(Level)
TIMES = frozenset({"frequency", "on", "day", "at", "timezone"})
"""Keys of a definition that together are its schedule."""
UNSET = "default"


def listing(desk: Desk, level: Level = Level.INFO, limit: int | None = None) -> list[LogLine]:
    """The lines of that level or a graver one, newest first; at most `limit`."""
    return graver(list(desk.workspace.log.lines())[::-1], level)[:limit]


def older(desk: Desk, key: str, most: int) -> list[LogLine]:
    """At most so many lines before the one of that key ("": the newest ones), newest first."""
    return desk.workspace.log.older(key, most)


def newer(desk: Desk, key: str, level: Level = Level.INFO) -> list[LogLine]:
    """The lines that came after the one of that key, oldest first; cheap where there are none."""
    return graver(desk.workspace.log.newer(key), level)


def graver(lines: Sequence[LogLine], level: Level) -> list[LogLine]:
    """Those of that level or a graver one."""
    least = LEVELS.index(level)
    return [line for line in lines if LEVELS.index(line.level) >= least]


def state_words(what: str, before: Sync, after: Sync) -> str:
    """That the state of a sync was changed by hand, with the one before and the one after; a reason that ended is told."""
    why = f" (it was so because: {before.reason})" if before.reason else ""
    return f"{what} {after.name}: {before.state} -> {after.state}{why}"


def run_words(run: RunSummary) -> str:
    """What a run did, in one line: its result, the counts that are not 0, its calls, and what stopped it."""
    counts = [
        (getattr(run.counts, status), LABELS[status].lower())
        for status in ("new", "re_added", "duplicate", "ignored", "deleted")
    ]
    counts += [(run.ignored.refused, "refused by the hub"), (run.withheld, "withheld"), (run.failed, "failed")]
    counts.append((run.spared, "deleted in Recruit without a removal"))
    told = [f"{number} {word}" for number, word in counts if number] or ([] if run.message else ["nobody"])
    calls = f"{run.calls.recruit} {'call' if run.calls.recruit == 1 else 'calls'} to Recruit, {run.calls.hub} to the hub"
    cost = f", {counted(run.credits, 'credit')}" if run.credits else ""
    said = f". {run.message}" if run.message else ""
    return f"run {run.id} of {run.sync}: {', '.join([run.result, *told])}; {calls}{cost}{said}"


def run_level(run: RunSummary) -> Level:
    """How much the end of a run matters."""
    if run.result is Result.FAILED:
        return Level.ERROR
    well = run.result is Result.COMPLETED and not run.ignored.refused
    return Level.INFO if well else Level.WARNING


def edit_words(old: Sync, new: Sync, zone: ZoneInfo) -> str:
    """What differs between two versions of a sync, each with its value before and after; empty where nothing does.

    The schedule is told as a whole; `zone` is the organisation's.
    """
    told: list[str] = []
    for change in changes(old, new):
        if change.key == "module":
            told.append(f"module: {old.module_shown or UNSET} -> {new.module_shown or UNSET}")
        elif change.key not in TIMES:
            told.append(f"{change.key}: {change.before or UNSET} -> {change.after or UNSET}")
        elif not any(said.startswith("schedule: ") for said in told):
            told.append(f"schedule: {in_words(old.schedule, zone)} -> {in_words(new.schedule, zone)}")
    return "; ".join(told)
