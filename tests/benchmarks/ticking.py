"""The program as it is, with a clock in its event loop: it notes the moments at which the loop turned.

python -m tests.benchmarks.ticking FILE ARGUMENT...    (ARGUMENTs are those of tui-sync)

FILE gets the moments as doubles of the system's monotonic clock, which all processes of this machine share.
"""

from __future__ import annotations

import asyncio
import sys
import time
from array import array
from pathlib import Path
from unittest.mock import patch

from tui_sync.cli.main import run
from tui_sync.ui import app

EVERY = 0.005
"""Seconds that the clock sleeps between two turns."""
TURNS = array("d")


class Ticking(app.TuiSync):
    """The program with the clock."""

    def on_mount(self) -> None:
        self.clock_task = asyncio.create_task(tick())


async def tick() -> None:
    """Note every turn for as long as the program goes on."""
    while True:
        await asyncio.sleep(EVERY)
        TURNS.append(time.monotonic())


def main() -> None:
    """Run the program; write the moments at its end."""
    file, sys.argv = Path(sys.argv[1]), ["tui-sync", *sys.argv[2:]]
    try:
        with patch.object(app, "TuiSync", Ticking):
            run()
    finally:
        file.write_bytes(TURNS.tobytes())


if __name__ == "__main__":
    main()
