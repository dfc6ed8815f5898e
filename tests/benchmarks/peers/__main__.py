"""Measures a first load by tui-sync and by what else one could use for it, in turn, and prints a table.

python -m tests.benchmarks.peers [--records 100000] [--runs 3], in an environment with the extra `bench`

The job is that of `tests.benchmarks.first_load`; a program's ratio is its time by that of tui-sync. Stock TinyDB with an upsert a
record does only the first 2 000, and what all would take is reckoned from them: its time goes with the square of their number.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shlex
import sqlite3
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.first_load import Bench, server, timed

PACKAGES = ("httpx", "email-validator", "tinydb", "dlt", "duckdb", "pyarrow", "singer-sdk", "target-duckdb")
FEW = 2000
ONE_BY_ONE = f"first load of {FEW}: stock TinyDB, an upsert a record"


def peers(origin: str, folder: Path, old: str) -> dict[str, tuple[str, ...]]:
    """The command of every peer, by the name of its row; its files go into the folder. `old` is the Python of an environment with
    target-sqlite, empty where it is left out."""

    def module(name: str, file: str, *options: str) -> tuple[str, ...]:
        return (sys.executable, "-m", f"tests.benchmarks.{name}", origin, str(folder / file), *options)

    return {
        "first load: bare script": module("bare", "bare.db"),
        "first load: bare script, no validation": module("bare", "believing.db", "--no-validation"),
        "first load: dlt to DuckDB, default": module("peers.dlt_load", "dlt"),
        "first load: dlt to DuckDB, parquet": module("peers.dlt_load", "dlt-parquet", "--parquet"),
        "first load: Singer tap to target-duckdb": singer(
            origin, folder, (str(Path(sys.executable).with_name("target-duckdb")),),
            {"path": str(folder / "singer.duckdb"), "default_target_schema": "main"},
        ),
        **({} if not old else {"first load: Singer tap to target-sqlite 0.2.0": singer(
            origin, folder, (old, "-m", "tests.benchmarks.peers.singer_target"), {"database": str(folder / "singer")}
        )}),
        "first load: stock TinyDB, one write in the end": module("peers.tinydb_load", "tinydb.json"),
        ONE_BY_ONE: module("peers.tinydb_load", "one-by-one.json", "--first", str(FEW)),
    }


def singer(origin: str, folder: Path, target: tuple[str, ...], settings: dict[str, str]) -> tuple[str, ...]:
    """Tap and target, joined by a pipe; what they log goes nowhere."""
    tap, config = folder / "tap.json", folder / f"{Path(target[-1]).name}.json"
    tap.write_text(json.dumps({"origin": origin}))
    config.write_text(json.dumps(settings))
    tapped = shlex.join((sys.executable, "-m", "tests.benchmarks.peers.singer_tap", "--config", str(tap)))
    stored = shlex.join((*target, "--config", str(config)))
    return ("bash", "-o", "pipefail", "-c", f"{tapped} 2>/dev/null | {stored} 2>/dev/null")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--target-sqlite", default="", help="the Python of an environment with target-sqlite (see singer_target)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(given.records) as origin:
        bench = Bench(origin, Path(folder))
        for number in range(given.runs):
            bench.first_load(number)
            files = Path(folder) / f"peers-{number}"
            files.mkdir()
            for name, command in peers(origin, files, given.target_sqlite).items():
                bench.note(name, timed(command, bench.environment))
        print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load {os.getloadavg()[0]:.1f} at the end")
        print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
        bench.print_table("tui-sync")
        few = statistics.median(seconds for seconds, _ in bench.rows[ONE_BY_ONE])
        hours = few * (given.records / FEW) ** 2 / 3600
        print(f"stock TinyDB with an upsert a record would take about {hours:.1f} hours for {given.records}, reckoned from {FEW}")


if __name__ == "__main__":
    main()
