"""A process that runs a sync of a demo workspace and kills itself at one of its writes at the hub.

`python -m tests.engine.killed_run FOLDER SYNC LOG NUMBER before|after`: at write NUMBER, before it reaches the hub or
once the hub has answered. Every write that reaches the hub is a line of LOG: endpoint and address.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx

from tests.engine.office import write_of
from tui_sync import bootstrap
from tui_sync.demonstration import DemoConnector
from tui_sync.services import running


def die() -> None:
    """As by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, name: str, log: Path, number: int, moment: str) -> None:
    """Run the sync; does not return."""
    desk = bootstrap.open_desk(folder, "the process that dies")
    connector = desk.connect
    assert isinstance(connector, DemoConnector)
    seen = 0

    async def asked(request: httpx.Request) -> None:
        nonlocal seen
        write = write_of(request)
        if write is None:
            return
        seen += 1
        if seen == number and moment == "before":
            die()
        with log.open("a") as lines:
            lines.write(" ".join(write) + "\n")

    async def answered(response: httpx.Response) -> None:
        if seen == number and moment == "after" and write_of(response.request):
            die()

    connector.http.event_hooks = {"request": [asked], "response": [answered]}
    asyncio.run(running.start(desk, name, running.control(desk, lambda event: None)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
