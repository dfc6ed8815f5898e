"""Measures a backup of a workspace: python -m tests.benchmarks.backup [--records 100000]."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from tests.engine.stage import Stage
from tui_sync.store.backups import DAILY
from tui_sync.store.workspace import FILE

LOOKS = 1000


async def longest_gap(stage: Stage) -> float:
    """Seconds for which the event loop had no turn while a thread made a backup."""
    work = asyncio.ensure_future(asyncio.to_thread(stage.space.backups.make, DAILY, stage.clock.now() + timedelta(days=30)))
    worst, last = 0.0, perf_counter()
    while not work.done():
        await asyncio.sleep(0.001)
        worst, last = max(worst, perf_counter() - last - 0.001), perf_counter()
    await work
    return worst


def main() -> None:
    """Make a workspace, back it up, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, closing(Stage(Path(folder) / "w")) as stage:
        stage.people(asked.records)
        stage.sync("Everyone")
        stage.run("Everyone")
        taken = []
        for day in range(5):
            begun = perf_counter()
            stage.space.backups.make(DAILY, stage.clock.now() + timedelta(days=day + 1))
            taken.append(perf_counter() - begun)
        begun = perf_counter()
        for _ in range(LOOKS):
            stage.space.backups.due(stage.clock.now())
        look = (perf_counter() - begun) / LOOKS
        size = (stage.folder / FILE).stat().st_size
        print(f"{asked.records} people, {size / 1e6:.0f} MB: ", end="")
        print(f"{statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})")
        print(f"to see that it is there: {look * 1e6:.0f} microseconds")
        print(f"longest gap of the event loop beside it: {asyncio.run(longest_gap(stage)) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
