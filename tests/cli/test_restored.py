"""What a workspace does that was put back from a backup."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.conftest import Program
from tests.reliability.company import HOME
from tui_sync.store.backups import Backups
from tui_sync.store.workspace import FILE

KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path

from tui_sync.services import restoring
from tui_sync.store.backups import Backups

put_back = Backups.put_back
Backups.put_back = lambda *given: put_back(*given) and os._exit(1)
restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(UTC), damaged=False)
"""


def test_who_restores_and_is_killed_just_behind_it_leaves_a_workspace_that_fetches_everything(tui: Program) -> None:
    tui.people(3)
    tui.apply()
    tui("run", "Newsletter")
    tui.clock.pass_by(days=1)
    tui("rename", "Newsletter", "News")
    assert not tui("run", "News", "--json").json("run")["full"]
    backup = Backups(tui.folder / FILE).all()[0].path
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tui.folder), str(backup)], cwd=HOME, check=False)
    assert (killed.returncode, len(list(tui.folder.glob("workspace.db.replaced-*Z")))) == (1, 1)
    assert tui("run", "Newsletter", "--json").json("run")["full"]
