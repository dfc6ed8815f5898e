"""Nothing goes over the wire while time passes and nothing that is seen changes."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent
from time import monotonic

import pytest

from tests.terminal.pty_screen import LIMIT, Terminal
from tui_sync import bootstrap
from tui_sync.services import schedules

HASTY = dedent("""
    import os
    from datetime import UTC, datetime
    from pathlib import Path

    from tui_sync.cli.main import run
    from tui_sync.services import supervisor
    from tui_sync.ui.app import TuiSync
    from tui_sync.ui.scheduling import Schedules

    supervisor.NAP = 0.1
    begun, turned = datetime.now(UTC), Schedules.turned
    TuiSync.now = begun

    def counted(self):
        turned(self)
        with Path(os.environ["TURNS"]).open("a") as file:
            file.write(".")

    Schedules.turned = counted
    run()
""")
"""The program with ten turns a second instead of one in half a minute, at a moment that stands still. The file
named by TURNS grows at each of them."""
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
    with Terminal([sys.executable, "-c", HASTY, "--workspace", str(ran)], size, env) as terminal:
        terminal.wait_for("? more")
        terminal.settle()
        terminal.press(*keys)
        terminal.settle(0.6)
        before = turns.stat().st_size

        def turn() -> None:
            end = monotonic() + LIMIT
            while turns.stat().st_size < before + TURNS:
                terminal.settle(0.05)
                assert monotonic() < end, "no turn is taken any more"

        assert terminal.bytes_of(turn, quiet=0.1) == b""
