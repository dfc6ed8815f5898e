"""How the syncs and their schedules are: sentences and JSON."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.health import Alert, Condition
from tui_sync.model.supervision import Pause
from tui_sync.present.words import moment
from tui_sync.services.health import Overview


def pause_words(pause: Pause, zone: ZoneInfo) -> str:
    """That all schedules are paused, since when and by whom; empty where they are not."""
    return f"All schedules are paused since {moment(pause.since, zone)} by {pause.by}." if pause.since is not None else ""


def health_lines(overview: Overview, zone: ZoneInfo) -> list[str]:
    """A sentence for each sync, those that are not well with the way out, and for the schedules as a whole."""
    lines = []
    for name, health in overview.syncs:
        way = f" See to it: {health.way}" if health.way else ""
        mark = " " if health.condition is Condition.WELL else "!"
        lines.append(f"{mark} {name}: {health.condition}" + (f". {health.sentence}{way}" if health.sentence else ""))
    if overview.pause.since is not None:
        lines.append(f"! {pause_words(overview.pause, zone)} Take them up again: tui-sync resume-all")
    if overview.idle:
        lines.append(f"! {overview.idle} Start one: tui-sync daemon")
    elif overview.holder:
        lines.append(f"  The schedules are run by {overview.holder}.")
    elif overview.waits:
        lines.append(f"  The schedules are about to be taken over by {overview.waits}.")
    return lines


def health_object(overview: Overview) -> dict[str, object]:
    """The same as JSON; null where there is nothing."""
    paused = overview.pause.since is not None
    return {
        "well": overview.well,
        "run_by": overview.holder or None,
        "waiting": overview.waits or None,
        "nobody": overview.idle or None,
        "paused": msgspec.to_builtins(overview.pause) if paused else None,
        "syncs": [
            {
                "name": name, "condition": health.condition.value, "sentence": health.sentence or None,
                "way": health.way or None, "run": health.run or None,
            }
            for name, health in overview.syncs
        ],
    }  # fmt: skip


def alert_words(alert: Alert) -> str:
    """A change of condition in one sentence."""
    return f"{alert.sync} is {alert.after}; it was {alert.before} before. {alert.sentence}"
