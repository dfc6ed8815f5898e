"""Processes that do something as soon as they are told to: `python -m tests.engine.racing FOLDER activate|run|create NAME`.

Each prints "ready", waits for a line, and prints what came of it: a state, a result, "refused" or "created".
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.engine.stage import Stage
from tui_sync.hub.embedded import Embedded
from tui_sync.model.errors import LimitRefused
from tui_sync.services import syncs

ROOT = Path(__file__).parents[2]
CREATED = 20
"""Lists and fields that a process creates."""


def race(stage: Stage, what: str, names: list[str]) -> list[str]:
    """Have a process each take it at the same moment; gives what came of it."""
    command = [sys.executable, "-m", "tests.engine.racing", str(stage.folder), what]
    racers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for name in names
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)


async def create(stage: Stage, name: str) -> str:
    """Create lists and fields of that name in the embedded hub."""
    hub = Embedded(stage.space.leads, stage.control())
    for number in range(CREATED):
        await hub.create_list(f"{name} {number}")
        await hub.create_field(f"{name} {number}", "Text")
    return "created"


def act(stage: Stage, what: str, name: str) -> str:
    """Do it."""
    match what:
        case "activate":
            return str(syncs.activate(stage.desk, name).state)
        case "create":
            return stage.wait_for(create(stage, name))
        case _:
            return str(stage.run(name).result)


def main(folder: Path, what: str, name: str) -> None:
    """Get ready, wait, act."""
    stage = Stage(folder)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        came = act(stage, what, name)
    except LimitRefused:
        came = "refused"
    stage.close()
    sys.stdout.write(came + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
