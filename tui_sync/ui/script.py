"""Scripts that show the program by itself: keys with pauses, an instruction a line, for `tui-sync demo --script FILE`.

    # a remark
    say The syncs of a made-up organisation.    a message that stands for some seconds
    press j enter                               keys, as docs/keys.md names them
    type Zylker                                 the rest of the line, letter by letter
    wait 1.5                                    seconds
    wait-for-runs                               until no run goes on
    quit                                        leave; without it the screens stay open

Whoever sits in front of it may press keys meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui_sync.model.errors import UsageError
from tui_sync.model.text import visible
from tui_sync.ui.actions import key_named

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tui_sync.ui.app import Leaving, TuiSync

TOUR = "tour"
"""The name of the script that comes with the program."""
LETTER = 0.07
"""Seconds between two letters that are typed."""
HINT = "Instructions are: say, press, type, wait, wait-for-runs, quit."
BARE = frozenset({"wait-for-runs", "quit"})


class Step(NamedTuple):
    """One instruction and what stands behind it."""

    does: str
    what: str


def read(name: str) -> tuple[Step, ...]:
    """The script of a file, or the one that comes with the program. Raises UsageError for what cannot be played."""
    if name == TOUR and not Path(name).exists():
        return parse(resources.files("tui_sync.ui").joinpath("tour.keys").read_text(encoding="utf-8"), TOUR)
    try:
        return parse(Path(name).read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{visible(name)} cannot be read: {said}.", f"Name a script, or {TOUR}.") from error


def parse(text: str, name: str) -> tuple[Step, ...]:
    """The instructions of a text. Raises UsageError with the line of the first mistake."""
    return tuple(_steps(text, name))


def _steps(text: str, name: str) -> Iterator[Step]:
    for number, line in enumerate(text.splitlines(), 1):
        does, _, what = line.strip().partition(" ")
        if not does or does.startswith("#"):
            continue
        why = _wrong(does, what.strip())
        if why:
            raise UsageError(f"{visible(name)}, line {number}: {why}", HINT)
        yield Step(does, what.strip())


def _wrong(does: str, what: str) -> str:
    if does in BARE:
        return f"nothing stands behind {does}." if what else ""
    if does not in ("say", "press", "type", "wait"):
        return f"there is no instruction {visible(does)}."
    if not what:
        return f"{does} needs something behind it."
    if does == "press":
        unknown = [key for key in what.split() if not key_named(key)]
        return f"there is no key {visible(unknown[0])}." if unknown else ""
    if does == "wait":
        try:
            return "" if 0 <= float(what) <= 600 else "wait takes 0 to 600 seconds."
        except ValueError:
            return f"{visible(what)} is no number of seconds."
    return ""


async def begin(steps: Sequence[Step], pilot: Pilot[Leaving]) -> None:
    """Have it done beside everything else: it ends with the program, and whoever leaves need not wait for its pauses."""
    pilot.app.run_worker(play(steps, pilot), group="script")


async def play(steps: Sequence[Step], pilot: Pilot[Leaving], *, pace: float = 1.0) -> None:
    """Do it. `pace` stretches the pauses: with 0 there are none."""
    program: TuiSync = pilot.app  # type: ignore[assignment]
    for does, what in steps:
        match does:
            case "say":
                program.say(what)
            case "press":
                await pilot.press(*map(key_named, what.split()))
            case "type":
                for letter in what:
                    await pilot.press(letter)
                    await asyncio.sleep(LETTER * pace)
            case "wait":
                await asyncio.sleep(float(what) * pace)
            case "wait-for-runs":
                await program.runner.all_ended()
            case _:
                await program.leave(0)
