"""A process that takes something of a limit as soon as it is told to: `python -m tests.engine.racing FOLDER activate|run NAME`.

It prints "ready", waits for a line, and prints what came of it: a state, a result, or "refused".
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.engine.stage import Stage
from tui_sync.model.errors import LimitRefused
from tui_sync.services import syncs


def main(folder: Path, what: str, name: str) -> None:
    """Get ready, wait, take."""
    stage = Stage(folder)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        came = str(syncs.activate(stage.desk, name).state if what == "activate" else stage.run(name).result)
    except LimitRefused:
        came = "refused"
    stage.close()
    sys.stdout.write(came + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
