"""Screens, daemons, commands and editors on one workspace at the same time, some of them killed on the way.

python -m tests.reliability.together [--minutes 10 | --seconds 10] [--seed 1]

Everything works on one demo organisation (the simulator) that changes meanwhile. At the end: no edit was lost or overwritten
without a word, no sync ran twice at once, no limit was exceeded, every lock of a dead process can be had, the store is whole,
and the hub holds what the runs say.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.reliability.company import names
from tests.reliability.together_actors import Command, Editor, People, Schedules, Watcher
from tests.reliability.together_checks import violations
from tests.reliability.together_screen import Screen
from tests.reliability.together_world import LIMITS, LISTS, PROGRAM, definition
from tui_sync import bootstrap
from tui_sync.services import settings
from tui_sync.services.desk import Desk

RECORDS = 240
WELL = (0, 3, 4, 5)
"""Exit statuses of a last run: done, refused by a limit, held, some failed or refused."""


class Trial:
    """What all actors share: the folder, the end, and what they have seen. Counters are only added to."""

    def __init__(self, folder: Path, seconds: float, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.end = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.killed: Counter[str] = Counter()
        self.orphans: dict[str, int] = {}
        """Lock -> the killed process that held it, until somebody else has taken it."""
        self.taken_over = 0
        self.unexpected: list[str] = []

    def going(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.end

    def count(self, counter: Counter[str], what: str) -> None:
        """One more."""
        with self.lock:
            counter[what] += 1

    def wrong(self, what: str) -> None:
        """Something that must not be."""
        with self.lock:
            self.unexpected.append(what)

    def dice(self, name: str) -> random.Random:
        """The chance of one actor."""
        return random.Random(f"{self.seed} {name}")

    def open(self, where: str) -> Desk:
        """A desk for one thread."""
        return bootstrap.open_desk(self.folder, where)

    def killed_holder(self, what: str, pid: int) -> None:
        """A process was killed: remember the locks that it leaves behind."""
        desk = self.open("the trial")
        held = [lock.name for lock in desk.workspace.locks._shelf.all() if lock.pid == pid]
        desk.workspace.close()
        with self.lock:
            self.killed[what + (" holding a lock" if held else "")] += 1
            self.orphans.update(dict.fromkeys(held, pid))


def prepare(trial: Trial) -> None:
    """A demo organisation, its lists, the first syncs, limits that are easily reached."""
    desk = bootstrap.open_demo(trial.folder, "the trial", records=RECORDS)
    for key, value in LIMITS.items():
        settings.change(desk, key, str(value))
    for name in LISTS:
        desk.workspace.lists.note(name)
    desk.workspace.close()
    file = trial.folder.with_suffix(".toml")
    file.write_text("".join(definition(number, f"Sync {number}") for number in range(5)))
    subprocess.run([PROGRAM, "--workspace", str(trial.folder), "apply", str(file)], check=True, capture_output=True)


def acting(trial: Trial) -> list[threading.Thread]:
    """The threads of all actors; each gets its name."""
    actors: dict[str, Callable[[], None]] = {
        "command 1": Command(trial, "command 1").work, "command 2": Command(trial, "command 2").work,
        "editor 1": Editor(trial, "editor 1").work, "editor 2": Editor(trial, "editor 2").work,
        "screen 1": Screen(trial, "screen 1").work, "screen 2": Screen(trial, "screen 2").work,
        "daemon": Schedules(trial, "daemon").work, "people": People(trial, "people").work,
        "watcher": Watcher(trial, "watcher").work,
    }  # fmt: skip

    def guarded(name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - an actor that fails is a finding, told with the others
            trial.wrong(f"{name}: {type(error).__name__}: {error}")

    return [threading.Thread(target=guarded, args=actor, name=actor[0]) for actor in actors.items()]


def settled(trial: Trial) -> None:
    """Run every sync once more, with nobody else there: what was broken off is finished."""
    for name in names(trial.folder):
        ended = subprocess.run(
            [PROGRAM, "--workspace", str(trial.folder), "run", name], capture_output=True, text=True, check=False
        )
        if ended.returncode not in WELL:
            trial.wrong(f"the last run of {name} ended with {ended.returncode}: {ended.stderr}")


def trial_of(folder: Path, seconds: float, seed: int) -> Trial:
    """The whole trial; what was found wrong is in `unexpected`."""
    trial = Trial(folder, seconds, seed)
    prepare(trial)
    trial.end = time.monotonic() + seconds
    threads = acting(trial)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settled(trial)
    last = Watcher(trial, "the last look")
    last.end_of_the_dead()
    desk = trial.open("the trial")
    trial.unexpected += violations(desk, trial)
    trial.done["run records"] = len(desk.workspace.runs.all())
    trial.done["log lines"] = desk.workspace.meta.counted("log")
    desk.workspace.close()
    return trial


def report(trial: Trial) -> None:
    """Print the figures."""
    for title, counter in (("done", trial.done), ("refused", trial.refused), ("killed (-9)", trial.killed)):
        print(f"{title}: {', '.join(f'{what} {number}' for what, number in sorted(counter.items())) or 'nothing'}")
    print(f"locks of killed processes: {trial.taken_over} taken over, {len(trial.orphans)} nobody wanted")
    if len(trial.seconds) > 1:
        cuts = statistics.quantiles(trial.seconds, n=100)
        print(f"a command, whole process: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, of {len(trial.seconds)}")
    for wrong in trial.unexpected:
        print(f"WRONG: {wrong}")
    print(f"violations: {len(trial.unexpected)}")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, try, print; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        trial = trial_of(Path(folder) / "w", given.seconds or 60 * given.minutes, given.seed)
    report(trial)
    return 1 if trial.unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
