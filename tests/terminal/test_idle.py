"""Nothing goes over the wire while time passes and nothing that is seen changes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.terminal.pty_screen import Terminal
from tui_sync import bootstrap
from tui_sync.services import schedules

POKED = dedent("""
    import asyncio
    import os
    import signal
    from datetime import UTC, datetime
    from pathlib import Path

    from tui_sync.cli.main import run
    from tui_sync.ui.app import TuiSync
    from tui_sync.ui.scheduling import Schedules

    begin, turned = Schedules.begin, Schedules.turned
    TuiSync.now = datetime.now(UTC)

    def begun(self):
        begin(self)
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.poke)

    def counted(self):
        turned(self)
        with Path(os.environ["TURNS"]).open("a") as file:
            file.write(".")

    Schedules.begin, Schedules.turned = begun, counted
    run()
""")
"""The program with a turn at each SIGUSR1 beside those of every half minute, at a moment that stands still. The file named by
TURNS grows at each of them."""
TURNS = 5


@pytest.mark.parametrize(
    ("size", "keys"),
    [((80, 24), keys) for keys in ((), ("/", "a", "enter"), ("enter",), ("enter", "0"), ("6",))] + [((150, 40), ("enter", "9"))],
)
def test_turns_of_the_supervisor_that_change_nothing_send_nothing(
    ran: Path, tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    desk = bootstrap.open_desk(ran, "test")
    schedules.pause_all(desk)
    desk.workspace.close()
    (turns := tmp_path / "turns").touch()
    env = {"HOME": str(ran), "TURNS": str(turns)}
    with Terminal([sys.executable, "-c", POKED, "--workspace", str(ran)], size, env) as terminal:
        terminal.wait_for("? more")
        terminal.wait_until(lambda: turns.stat().st_size > 0, what="the first turn")
        terminal.settle()
        terminal.press(*keys)
        terminal.settle(0.6)

        def turn() -> None:
            for _ in range(TURNS):
                before = turns.stat().st_size
                os.kill(terminal.pid, signal.SIGUSR1)
                terminal.wait_until(lambda before=before: turns.stat().st_size > before, what="a turn")  # type: ignore[misc]

        assert terminal.bytes_of(turn) == b""
