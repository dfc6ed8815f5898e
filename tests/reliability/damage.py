"""Cuts a workspace's database short and flips its bytes, and looks what every command and the doctor make of it.

`python -m tests.reliability.damage [--seed 1] [--cuts 20] [--flips 200]`: either a command works, or it ends with 1 and one
sentence that names the doctor; what a command stumbles over the doctor names, and `doctor --restore` mends. Exits with 1
on a violation.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

from tests.engine.stage import LIST, Stage
from tui_sync.cli.main import execute
from tui_sync.model.errors import TuiSyncError
from tui_sync.store.backups import Backups
from tui_sync.store.dump import dump
from tui_sync.store.rows import RowsDB
from tui_sync.store.workspace import FILE, TABLES, TRANSIENT

COMMANDS = (
    ("syncs", "--json"), ("show", "Newsletter"), ("runs", "--json"), ("outcomes", "1", "--format", "jsonl"), ("log", "--json"),
    ("explain", "p3@zylker.com"), ("limits",), ("export",), ("suppression",), ("settings",), ("rename", "Newsletter", "News"),
)  # fmt: skip
HEADER = 100
OWN = ("log", "meta", *TRANSIENT)
"""Tables in which putting a backup back leaves its own traces."""


NEWER = "Install the newer version"
"""One byte makes the number of the version a likely one; then nothing but that is told, and nothing is done."""


def call(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Call the program within this process; exit status, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = execute(["--workspace", str(folder), *arguments])
    return status, out.getvalue(), err.getvalue()


def make(folder: Path, people: int = 300) -> None:
    """A workspace with a sync, runs, removals and a backup of the state it is in; its last changes are still in the WAL."""
    stage = Stage(folder / "live")
    stage.people(people)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete("1", "2")
    stage.run("Newsletter")
    stage.space.db.rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stage.space.backups.make("daily", stage.clock.now())
    stage.people(50, first=people + 1)
    stage.run("Newsletter")
    shutil.copytree(stage.folder, folder / "open", ignore=shutil.ignore_patterns("*-shm"))
    stage.close()
    shutil.copytree(stage.folder, folder / "closed")


def content(file: Path) -> bytes | None:
    """Everything in a database but the traces of putting it back; None where it cannot be read."""
    target = file.with_name("content.json")
    try:
        with closing(RowsDB(file, TABLES)) as db:
            dump(db, target, without=(*OWN, "cursors", "full_fetches", "readings"))
        return target.read_bytes()
    except TuiSyncError:
        return None
    finally:
        target.unlink(missing_ok=True)


class Script:
    """Seeded damage, and what became of it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random, self.seed, self.folder = random.Random(seed), seed, folder
        self.wrong: list[str] = []
        self.seen: Counter[tuple[str, str]] = Counter()
        make(folder)
        self.before = content(folder / "closed" / FILE)
        [backup] = [one.path for one in Backups(folder / "closed" / FILE).all() if one.path.stat().st_size > 4096][:1]
        shutil.copy(backup, folder / "backup.db")
        self.kept = content(folder / "backup.db")

    def cuts(self, count: int) -> None:
        """Cut the file at so many places."""
        size = (self.folder / "closed" / FILE).stat().st_size
        places = [0, 1, 50, 100, 511, 512, 4095, 4096, size - 1, size - 4096]
        places += [self.random.randrange(size) for _ in range(count - len(places))]
        for place in places[:count]:
            workspace = self._copy("closed")
            with (workspace / FILE).open("r+b") as file:
                file.truncate(place)
            self._look(workspace, "cut", f"cut to {place} bytes of {size}")

    def flips(self, count: int) -> None:
        """Flip so many bytes, one at a time: in the header, in pages, in the write-ahead log."""
        for number in range(count):
            where = ("header", "page", "page", "wal")[number % 4]
            workspace = self._copy("open" if where == "wal" else "closed")
            path = workspace / (f"{FILE}-wal" if where == "wal" else FILE)
            data = bytearray(path.read_bytes())
            place = self.random.randrange(HEADER) if where == "header" else self.random.randrange(HEADER, len(data))
            data[place] ^= self.random.randrange(1, 256)
            path.write_bytes(data)
            self._look(workspace, where, f"{where}: byte {place} flipped")

    def _copy(self, which: str) -> Path:
        workspace = self.folder / "w"
        shutil.rmtree(workspace, ignore_errors=True)
        shutil.copytree(self.folder / which, workspace)
        return workspace

    def _look(self, workspace: Path, kind: str, what: str) -> None:
        stumbled = [command[0] for command in COMMANDS if not self._works(workspace, what, *command)]
        status, out, err = call(workspace, "doctor")
        if (workspace / "errors.log").exists():
            self.wrong.append(f"{what}: an error that nobody foresaw:\n{(workspace / 'errors.log').read_text()}")
        elif stumbled and not status:
            self.wrong.append(f"{what}: {stumbled} stumbled, and the doctor found nothing")
        elif not status:
            call(workspace, "rename", "News", "Newsletter")
            same = content(workspace / FILE) == self.before
            self.seen[kind, "harmless" if same else "older or other content, whole"] += 1
        else:
            newer = NEWER in err
            self.seen[kind, "taken for a newer version's" if newer else "named and mended"] += 1
            if not newer:
                self._mend(workspace, what, out)

    def _works(self, workspace: Path, what: str, *command: str) -> bool:
        status, _, err = call(workspace, *command)
        told = (status, err.count("\n"), "tui-sync doctor" in err or NEWER in err)
        if status and told != (1, 1, True) and not (status == 2 and command[0] == "explain"):
            self.wrong.append(f"{what}: {' '.join(command)} ended with {status}: {err}")
        return not status

    def _mend(self, workspace: Path, what: str, out: str) -> None:
        if "--restore" not in out:
            self.wrong.append(f"{what}: the doctor named no way out: {out}")
            return
        status, _, err = call(workspace, "doctor", "--restore")
        if status:
            self.wrong.append(f"{what}: doctor --restore ended with {status}: {err}")
        elif content(workspace / FILE) != self.kept:
            self.wrong.append(f"{what}: what is in place is not the backup")
        elif call(workspace, "doctor")[0]:
            self.wrong.append(f"{what}: the doctor is not content with the backup")


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--flips", type=int, default=200)
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        script = Script(asked.seed, Path(folder))
        script.cuts(asked.cuts)
        script.flips(asked.flips)
    print(f"seed {asked.seed}: {asked.cuts} cuts, {asked.flips} flipped bytes, {time.monotonic() - begun:.0f} s")
    for (kind, became), number in sorted(script.seen.items()):
        print(f"{kind:8}{became:32}{number:6}")
    for problem in script.wrong:
        print(f"VIOLATION {problem}")
    return 1 if script.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
