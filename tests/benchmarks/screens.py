"""Measures the screens on a terminal of 80 by 24, in one run, and prints a table.

python -m tests.benchmarks.screens [--runs 3] [--records 100000] [--people 200000] [--beside PROGRAM ...]

Every round: the first paint of the least application (`plain_screen.py`) and of the list of 200 syncs with 1 000 runs, what
an idle screen and a key cost, opening a run of many people, and how the event loop and a key fare while a run goes on.
`--beside` measures the first paint of other programs as well, each in an empty home.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.first_load import Bench, server
from tests.benchmarks.screen_terminal import TimedTerminal, gaps, turns_in
from tests.benchmarks.screen_workspaces import BIG, many_people, many_syncs

PLAIN = (sys.executable, str(Path(__file__).with_name("plain_screen.py")))
OURS = (sys.executable, "-m", "tui_sync")
IDLE = 5.0
"""Seconds in which an idle screen is listened to."""
BETWEEN = 0.1
"""Seconds between two keys while a run goes on."""
RUNNING = "▸ running"


class Screens:
    """The workspaces, and the figures of all rounds by name."""

    def __init__(self, folder: Path, origin: str, people: int, beside: Sequence[str]) -> None:
        self.folder, self.bench, self.beside = folder, Bench(origin, folder), beside
        self.rows: dict[str, list[float]] = {}
        self.sought = f"user{people - 1:07d}"
        many_syncs(folder / "syncs")
        many_people(folder / "people", people)
        for workspace in ("syncs", "people"):  # else their schedules begin, or not, by the time of the day
            self.bench.ours("pause-all", workspace=workspace)

    def note(self, name: str, *values: float) -> None:
        """Add figures to a row of the table."""
        self.rows.setdefault(name, []).extend(values)

    def on(self, workspace: str, *program: str) -> TimedTerminal:
        """A program on a workspace, on a terminal of its own."""
        return TimedTerminal([*program, "--workspace", str(self.folder / workspace)], env={"HOME": str(self.folder)})

    def ticking(self, workspace: str, file: Path) -> TimedTerminal:
        """The program with a clock in its loop, whose turns are in the file when it has ended."""
        return self.on(workspace, sys.executable, "-m", "tests.benchmarks.ticking", str(file))

    def round(self, number: int) -> None:
        """Everything once."""
        self.paint()
        for program in self.beside:
            self.other(program)
        self.many(number)
        self.running(number)

    def paint(self) -> None:
        """First paints in turn; then idle bytes and a key on the first screen."""
        with TimedTerminal(PLAIN, env={"HOME": str(self.folder)}) as terminal:
            plain = terminal.first_paint()
        with self.on("syncs", *OURS) as terminal:
            ours = terminal.first_paint()
            terminal.settle(1.0)
            idle = terminal.watch(IDLE)
            keys = [terminal.cost_of(lambda: terminal.press("down")) for _ in range(8)]
        self.note("first paint, least application: s", plain.seconds)
        self.note("first paint, 200 syncs: s", ours.seconds)
        self.note("first paint, ratio", ours.seconds / plain.seconds)
        self.note("first paint, least application: bytes", plain.sent)
        self.note("first paint, 200 syncs: bytes", ours.sent)
        self.note(f"idle for {IDLE:g} s: bytes", idle)
        self.note("key down: bytes", *(key.sent for key in keys))
        self.note("key down: ms", *(1000 * key.seconds for key in keys))

    def other(self, program: str) -> None:
        """The first paint of somebody else's program."""
        with tempfile.TemporaryDirectory() as home, TimedTerminal([program], env={"HOME": home}) as terminal:
            cost = terminal.first_paint()
        self.note(f"first paint, {Path(program).name}: s", cost.seconds)
        self.note(f"first paint, {Path(program).name}: bytes", cost.sent)

    def many(self, number: int) -> None:
        """Opening a run of many people, and finding one of them."""
        with self.ticking("people", file := self.folder / f"people-{number}.turns") as terminal:
            terminal.wait_for(BIG)
            terminal.settle(1.0)
            opened = terminal.seconds_until(lambda: "@" in terminal.text(), lambda: terminal.press("enter"))
            begun = time.monotonic()
            terminal.settle(1.0)
            keys = [terminal.cost_of(lambda: terminal.press("down")) for _ in range(8)]
            last = terminal.cost_of(lambda: terminal.press("G"))
            terminal.press("/")
            terminal.settle()
            sought = terminal.seconds_until(lambda: terminal.text().count(self.sought) == 2, lambda: terminal.type(self.sought))
            terminal.settle()
            ended = time.monotonic()
            leave(terminal)
        found = gaps(turns_in(file), begun, ended)
        self.note("run of many people, enter to its rows: s", opened)
        self.note("  key down: bytes", *(key.sent for key in keys))
        self.note("  to its last row: ms", 1000 * last.seconds)
        self.note("  finding one by a filter: s", sought)
        self.note("  meanwhile, longest gap of the loop: ms", found.worst)

    def running(self, number: int) -> None:
        """The event loop's gaps and a key's way to the screen while a run of many records goes on."""
        workspace, file = f"running-{number}", self.folder / f"running-{number}.turns"
        many_syncs(self.folder / workspace, connected=False)
        self.bench.prepare(workspace)
        self.bench.ours("pause-all", workspace=workspace)  # as above: one run is what is measured
        with self.ticking(workspace, file) as terminal:
            terminal.wait_for("? more")
            terminal.settle(1.0)
            terminal.press("/")
            terminal.type("Benchmark")
            terminal.press("enter", "esc", "r")
            begun = time.monotonic()
            terminal.wait_for(RUNNING)
            keys: list[float] = []
            while RUNNING in terminal.text():
                keys.append(1000 * key_to_paint(terminal, "jk"[len(keys) % 2]))
                terminal.watch(BETWEEN)
            ended, memory = time.monotonic(), terminal.memory()
            leave(terminal)
        found = gaps(turns_in(file), begun, ended)
        self.note("run of many records, r to its end: s", ended - begun)
        self.note("  meanwhile, key to paint: ms", *keys)
        self.note("  meanwhile, gap of the loop, p50: ms", found.middle)
        self.note("  meanwhile, gap of the loop, p99: ms", found.late)
        self.note("  meanwhile, gap of the loop, worst: ms", found.worst)
        self.note("  memory after it: MiB", memory)

    def print_table(self) -> None:
        """Medians, with the least and the most."""
        print(f"{'':50}{'median':>10}{'least':>10}{'most':>10}")
        for name, values in self.rows.items():
            middle = statistics.median(values)
            digits = 2 if middle < 10 else 0
            print(f"{name:50}" + "".join(f"{value:10.{digits}f}" for value in (middle, min(values), max(values))))


def key_to_paint(terminal: TimedTerminal, key: str) -> float:
    """Seconds from a key that moves the cursor to the moment when the cursor stands elsewhere."""
    before = terminal.cursor_row()
    return terminal.seconds_until(lambda: terminal.cursor_row() not in (before, -1), lambda: terminal.press(key))


def leave(terminal: TimedTerminal) -> None:
    """End the program as its user does."""
    terminal.press("ctrl+c")
    terminal.status()


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--beside", nargs="*", default=(), help="programs whose first paint is measured as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(given.records) as origin:
        screens = Screens(Path(folder), origin, given.people, given.beside)
        for number in range(given.runs):
            screens.round(number)
        screens.print_table()


if __name__ == "__main__":
    main()
