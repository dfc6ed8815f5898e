"""Any keys, faster than anybody types them: the program answers all the time, and nothing but leaving it ends it.

python -m tests.reliability.keys [--seconds 600] [--seed 1] [--faults]

Keys, clicks, pastes and sizes at random on the screens of a demo, over a real terminal. After every few of them the terminal gets
another size, and a picture has to come. What is exported lands in the folder of the workspace, which goes with the program.

With --faults the workspace is connected to a service that fails in one way and then in another, and runs are started and
stopped all the time. When it is well again every run comes to its end; after one more of each sync hub and ledger agree, and the
hub was told nothing twice.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.weather import Weather, founded, running, under, wrong
from tests.terminal.pty_screen import ESCAPE_GAP, KEYS, Terminal
from tui_sync.cli.main import execute

OFTEN = ("up", "down", "left", "right", "enter", "enter", "enter", "tab", "shift+tab", "esc", "esc")
CHARACTERS = "abcdefghijklmnoprstuvwxyzABDEFGHIJKLMNOPRSTUVWXYZ0123456789/?:[]()+-=<>.,*"
"""Without those of the list of syncs that leave the program."""
CONTROLS = [number for number in range(1, 27) if number not in (3, 8, 9, 10, 13, 17, 26)]
"""ctrl and a letter, without what leaves or stops the program and what is a key of its own."""
TEXTS = ("IT", "1 and 2", "(1 or 2) and 3", "ann@zylker.com", "09:30", "31", "2026-12-31", "99999", "\u00fc\u6f22", "x" * 50)
SIZES = ((80, 24), (79, 24), (120, 40), (60, 16), (40, 10))
TOGETHER = 30
"""Keys between two looks whether the program answers, at the most."""
SITTING = 240.0
"""Seconds before the program is begun anew."""
RUNS = ("r", "ry", "F", "Fy", "d", "c", "w", "wc", "p", "m", "n\r\r", "e\r", "2\r", "4", "8", "fann\r")
"""Keys of the list of syncs that begin, stop or show a run, or open what asks the service."""
STRETCH = (15.0, 90.0)
"""Seconds after which the program ends in bad weather, amid its runs, and goes on with them."""
ENDING = 300.0
"""Seconds in which every run ends once the service is well: as long as it may wait for the hub's call limit."""


def made(folder: Path) -> Path:
    """A demo workspace whose syncs have run."""
    assert execute(["--workspace", str(folder), "demo", "--no-ui", "--records", "150"]) == 0
    return folder


def strike(dice: random.Random) -> str:
    """What one key sends, or a word, a paste or a click."""
    match dice.choices(("often", "named", "word", "paste", "click", "control", "character"), (40, 14, 6, 2, 4, 2, 32))[0]:
        case "often":
            return KEYS[dice.choice(OFTEN)]
        case "named":
            return dice.choice(list(KEYS.values()))
        case "word":
            return dice.choice(TEXTS)
        case "paste":
            return f"\x1b[200~{dice.choice(TEXTS)}\x1b[201~"
        case "click":
            place = f"0;{dice.randint(1, 80)};{dice.randint(1, 24)}"
            return f"\x1b[<{place}M\x1b[<{place}m"
        case "control":
            return chr(dice.choice(CONTROLS))
        case _:
            return dice.choice(CHARACTERS)


def at_runs(dice: random.Random) -> list[str]:
    """Keys that go back to the list of syncs and there to a run of one."""
    back = ("esc", "esc", "y", "esc", "esc", "home", *["down"] * dice.randrange(6))
    return [*(KEYS.get(key, key) for key in back), *dice.choice(RUNS)]


def sit(workspace: Path, dice: random.Random, seconds: float, weather: Weather | None = None, *, last: bool = False) -> int:
    """Strike keys for so long, or until the program is left; gives their number. Raises AssertionError, with the last keys,
    where it does not answer, ends with an error, or keeps one in `errors.log`. In bad weather it is killed now and then; at the
    `last` the weather is fair again and all runs have to end."""
    struck = list[str]()
    program = [sys.executable, "-m", "tui_sync", "--workspace", str(workspace)]
    try:
        with Terminal(program, env={"HOME": str(workspace)}, folder=workspace) as terminal:
            terminal.wait_for("? more")
            end = time.monotonic() + seconds
            while time.monotonic() < end and terminal.running():
                others = at_runs(dice) if weather and dice.random() < 0.5 else []
                for key in [*(strike(dice) for _ in range(dice.randint(5, TOGETHER))), *others]:
                    struck.append(key)
                    terminal.send(key)
                    terminal.watch(ESCAPE_GAP if struck[-1] == KEYS["esc"] else dice.choice((0.0, 0.0, 0.01, 0.05, 0.2)))
                answers(terminal, dice)
            if weather and last:
                weather.clear()
                terminal.wait_until(lambda: not (terminal.running() and running(workspace)), ENDING, "the end of the runs")
            number = signal.SIGKILL if weather and dice.random() < 0.3 else signal.SIGTERM
            if terminal.running():
                os.kill(terminal.pid, number)
            ended = terminal.status()
            assert ended in (0, 128 + signal.SIGTERM, -number), f"it ended with {ended}:\n{terminal.text()}"
    except (AssertionError, OSError) as error:
        if terminal.status() != 0:  # a key is sent in vain to a program that was just left
            raise AssertionError(f"after {struck[-40:]}: {error}") from error
    assert not (workspace / "errors.log").exists(), f"after {struck[-40:]}: {(workspace / 'errors.log').read_text()}"
    return len(struck)


def answers(terminal: Terminal, dice: random.Random) -> None:
    """See that a terminal of another size gets a picture."""
    os.kill(terminal.pid, signal.SIGCONT)  # the palette may have sent it to the shell
    columns, rows = dice.choice(SIZES)
    before = len(terminal.raw)
    for width in (columns + 1, columns):
        terminal.resize(width, rows)
        terminal.watch(0.2)
    terminal.wait_until(lambda: len(terminal.raw) > before or not terminal.running(), what="a picture")


def sittings(seconds: float, seed: int) -> int:
    """Strike keys for so long on demos that begin anew; gives their number."""
    dice, end, number = random.Random(seed), time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory() as folder:
        kept = made(Path(folder) / "made")
        while (left := end - time.monotonic()) > 0:
            workspace = Path(shutil.copytree(kept, Path(folder) / "w"))
            number += sit(workspace, dice, min(left, SITTING))
            shutil.rmtree(workspace)
    return number


def in_bad_weather(seconds: float, seed: int) -> int:
    """Strike keys for so long on workspaces whose service fails; gives their number. Raises AssertionError also where a run has
    not come to its end or hub and ledger disagree."""
    dice, number = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        kept = founded(Path(folder) / "made")
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with under(kept, Path(folder) / "w", dice) as (workspace, weather):
                until = time.monotonic() + min(left, SITTING)
                weather.begin()
                while (rest := until - time.monotonic()) > 0:
                    some = min(rest, dice.uniform(*STRETCH))
                    number += sit(workspace, dice, some, weather, last=some == rest)
                violations = wrong(workspace, weather)
                assert not violations, "\n".join(violations)
    return number


def main() -> None:
    """Read the command line, strike, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    given = parser.parse_args()
    print(f"{(in_bad_weather if given.faults else sittings)(given.seconds, given.seed)} keys")


if __name__ == "__main__":
    main()
