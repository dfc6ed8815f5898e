"""Fuzzing: `python -m tests.reliability.fuzz [--seconds N] [--seed S] [--engine atheris] [TARGET ...]`.

Hypothesis makes the inputs up; with `--engine atheris`, where that is installed, coverage steers it through one target.
For each target it prints how many inputs were tried. An input that takes longer than `LONGEST` seconds, or lets out an
error that is not declared, is printed in its smallest form, with exit status 1.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

LONGEST = 5
"""Seconds of the processor that one input may take."""
ROUND = 100
"""Inputs between two looks at the clock."""


class Hang(Exception):
    """One input took too long."""


def _alarm(_: int, __: FrameType | None) -> None:
    raise Hang(f"an input takes more than {LONGEST} seconds")


@contextmanager
def bounded() -> Iterator[None]:
    """Have what takes longer than `LONGEST` end with `Hang`."""
    before = signal.signal(signal.SIGVTALRM, _alarm)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Fuzzed:
    """One target as a property that counts the inputs it has seen; `names` come from `fuzz_targets.TARGETS`."""

    def __init__(self, name: str, first_seed: int = 0) -> None:
        targets = importlib.import_module("tests.reliability.fuzz_targets").TARGETS
        self._target, self._seed, self.tried = targets[name], first_seed, 0

    def property(self, inputs: int = ROUND) -> Any:  # noqa: ANN401 - hypothesis's own type says as little
        """A test of hypothesis over so many inputs, with the next seed."""

        def holds(value: Any) -> None:  # noqa: ANN401 - as the target's strategy makes it
            self.tried += 1
            with bounded():
                self._target.try_one(value)

        self._seed += 1
        chosen = settings(
            max_examples=inputs,
            deadline=None,
            database=None,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        tested: Any = holds
        decorators: tuple[Any, ...] = (given(self._target.inputs), seed(self._seed), chosen)
        for decorate in decorators:
            tested = decorate(tested)
        return tested

    def run(self, seconds: float) -> None:
        """Try inputs for that long. Raises what a target lets out, after it was made smaller."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.property()()


def by_coverage(name: str, seconds: int) -> None:
    """Let atheris steer one target; it ends the process itself, after it has told its figures on stderr."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tui_sync"]):
        fuzzed = Fuzzed(name)
    one = fuzzed.property().hypothesis.fuzz_one_input
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-print_final_stats=1"], one)
    atheris.Fuzz()


def main() -> int:
    """Fuzz what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=60, help="for each target")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    asked.add_argument("target", nargs="*", help="all of them by themselves; atheris takes one")
    options = asked.parse_args()
    if options.engine == "atheris":
        by_coverage(options.target[0], options.seconds)
    names = options.target or list(importlib.import_module("tests.reliability.fuzz_targets").TARGETS)
    well = True
    for name in names:
        fuzzed, begun = Fuzzed(name, options.seed), time.monotonic()
        try:
            fuzzed.run(options.seconds)
        except (Exception, BaseExceptionGroup):  # noqa: BLE001 - whatever comes out is the finding
            well = False
            traceback.print_exc()
        sys.stdout.write(f"{name}: {fuzzed.tried} inputs in {time.monotonic() - begun:.0f} s\n")
        sys.stdout.flush()
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
