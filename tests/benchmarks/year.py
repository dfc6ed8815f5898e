"""A workspace after a year: whether it opens at once, what retention costs, what it leaves on the disk.

python -m tests.benchmarks.year [--runs 3] [--kept 3000]

3 000 runs of 300 people each, 200 syncs, 10 000 lines of the log. Commands and the first paint are compared with those on a
workspace of a day (200 syncs, 10 runs); then a run ends in the screens, which drops old outcomes while keys are pressed; then
everything that is too old is dropped at once.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.first_load import Bench, server
from tests.benchmarks.screen_terminal import TimedTerminal, gaps, turns_in
from tests.benchmarks.screen_workspaces import a_year, many_syncs
from tests.benchmarks.screens import BETWEEN, RUNNING, key_to_paint, leave
from tui_sync import bootstrap
from tui_sync.services import retention
from tui_sync.store.workspace import FILE

COMMANDS = (("syncs", "--json"), ("runs", "--json"), ("log", "--json"), ("limits", "--json"))
AFTER = 3.0
"""Seconds after the run in which the screen goes on being used: retention works then."""


class Year:
    """Two workspaces, and the figures of all rounds by name."""

    def __init__(self, folder: Path, origin: str, kept: int) -> None:
        self.folder, self.bench = folder, Bench(origin, folder)
        self.rows: dict[str, list[float]] = {}
        many_syncs(folder / "day", runs=10, connected=False)
        begun = time.monotonic()
        a_year(folder / "year", runs=kept)
        print(f"made a year in {time.monotonic() - begun:.0f} s: {self.size():.0f} MiB")
        for workspace in ("day", "year"):
            self.bench.prepare(workspace)
            self.bench.ours("pause-all", workspace=workspace)

    def size(self) -> float:
        """MiB of the year's database with its journal."""
        return sum(path.stat().st_size for path in (self.folder / "year").glob(f"{FILE}*")) / 2**20

    def note(self, name: str, *values: float) -> None:
        """Add figures to a row of the table."""
        self.rows.setdefault(name, []).extend(values)

    def commands(self) -> None:
        """Whole processes, in turn on both workspaces."""
        for command in COMMANDS:
            for workspace in ("day", "year"):
                self.note(f"{' '.join(command)}, a {workspace}: s", self.bench.ours(*command, workspace=workspace)[0])

    def paint(self) -> None:
        """The first paint of the list of syncs."""
        for workspace in ("day", "year"):
            program = [sys.executable, "-m", "tui_sync", "--workspace", str(self.folder / workspace)]
            with TimedTerminal(program, env={"HOME": str(self.folder)}) as terminal:
                self.note(f"first paint, a {workspace}: s", terminal.first_paint().seconds)
                leave(terminal)

    def pruned_in_use(self) -> None:
        """A run ends, and retention begins, while keys are pressed."""
        file = self.folder / "year.turns"
        program = [sys.executable, "-m", "tests.benchmarks.ticking", str(file), "--workspace", str(self.folder / "year")]
        with TimedTerminal(program, env={"HOME": str(self.folder)}) as terminal:
            terminal.wait_for("? more")
            terminal.settle(1.0)
            terminal.press("/")
            terminal.type("Benchmark")
            terminal.press("enter", "esc", "r")
            terminal.wait_for(RUNNING)
            terminal.wait_until(lambda: RUNNING not in terminal.text(), 60)
            begun, keys = time.monotonic(), list[float]()
            while time.monotonic() < begun + AFTER:
                keys.append(1000 * key_to_paint(terminal, "jk"[len(keys) % 2]))
                terminal.watch(BETWEEN)
            leave(terminal)
        found = gaps(turns_in(file), begun - AFTER, begun + AFTER)
        self.note("the end of a run, key to paint: ms", *keys)
        self.note("the end of a run, gap of the loop, p99: ms", found.late)
        self.note("the end of a run, gap of the loop, worst: ms", found.worst)

    def pruned(self) -> None:
        """Everything that is due goes."""
        before, begun = self.size(), time.monotonic()
        desk = bootstrap.open_desk(self.folder / "year", "benchmark")
        number = asyncio.run(retention.prune(desk))
        seconds = time.monotonic() - begun
        free, page = (desk.workspace.db.rows.fetch(f"PRAGMA {what}")[0][0] for what in ("freelist_count", "page_size"))
        desk.workspace.close()
        print(f"dropped the outcomes of {number} runs in {seconds:.1f} s; {before:.0f} MiB before, {self.size():.0f} MiB after,"
              f" of which {free * page / 2**20:.0f} MiB are free for what comes")

    def print_table(self) -> None:
        """Medians, with the least and the most."""
        print(f"{'':50}{'median':>10}{'least':>10}{'most':>10}")
        for name, values in self.rows.items():
            print(f"{name:50}" + "".join(f"{value:10.2f}" for value in (statistics.median(values), min(values), max(values))))


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kept", type=int, default=3000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(2000) as origin:
        year = Year(Path(folder), origin, given.kept)
        for _ in range(given.runs):
            year.commands()
            year.paint()
        for _ in range(given.runs):
            year.pruned_in_use()
        year.pruned()
        year.print_table()


if __name__ == "__main__":
    main()
