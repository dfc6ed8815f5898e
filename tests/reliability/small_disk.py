"""Runs a sync on a disk of 8 MB that is full but for some KiB, and at last on one with room.

`unshare -Urm python -m tests.reliability.small_disk WORKSPACE MOUNTPOINT`: prints a JSON line a run, then
all runs. To be called in a mount
namespace of its own, whose end takes the disk away.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.reliability.company import ENVIRONMENT, SYNC

FREE = (0, 20, 60, 200, 700, 5000)
"""KiB that are free when the run begins."""


def main(workspace: Path, disk: Path) -> None:
    """Mount, fill and run."""
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "none", str(disk)], check=True)
    shutil.copytree(workspace, disk / "w")
    filler = disk / "filler"
    program = [sys.executable, "-m", "tui_sync", "--workspace", str(disk / "w")]
    for free in FREE:
        filler.unlink(missing_ok=True)
        room = shutil.disk_usage(disk).free - free * 1024
        filler.write_bytes(bytes(max(0, room)))
        done = subprocess.run([*program, "run", SYNC], env=ENVIRONMENT, check=False, capture_output=True, text=True)
        print(json.dumps({"free": free, "status": done.returncode, "err": done.stderr}))
    runs = subprocess.run([*program, "runs", "--json"], env=ENVIRONMENT, check=True, capture_output=True, text=True)
    print(json.dumps(json.loads(runs.stdout)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
