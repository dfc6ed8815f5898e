"""Measures whole processes, ours against the bare script, in one run, and prints a table.

python -m tests.benchmarks.first_load [--records 100000] [--runs 3] [--latency] [--alone]

The job: records of 30 fields in pages of 200 from a local server of ready-made pages, criteria "(1 and 2) and (3 or 4)",
the fields mapped that `tests.benchmarks.job` names, the embedded hub. Medians, with the least and the most; the two programs
take turns. What else one could use stands beside them in `tests.benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.job import FIELDS
from tui_sync.bootstrap import open_desk
from tui_sync.services import catalogue

TUI_SYNC = (sys.executable, "-m", "tui_sync")
DEFINITION = """
[[sync]]
name = "Benchmark"
module = "Candidates"
select = "criteria"
conditions = [
  { field = "Country", operator = "is", value = "Germany" },
  { field = "City", operator = "is not empty" },
  { field = "Experience_in_Years", operator = ">=", value = 2 },
  { field = "Skill_Set", operator = "contains", value = "python" },
]
pattern = "(1 and 2) and (3 or 4)"
list = "Benchmark"
[sync.mapping]
""" + "".join(f'"{target}" = "{source}"\n' for target, source in FIELDS.items())


@contextmanager
def server(records: int, latency_ms: int = 0) -> Iterator[str]:
    """A page server in a process of its own; gives its origin."""
    command = (sys.executable, "-m", "tests.benchmarks.page_server", f"--records={records}", f"--latency-ms={latency_ms}")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        port = process.stdout.readline().split()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()


def timed(command: tuple[str, ...], environment: dict[str, str]) -> tuple[float, int]:
    """Seconds and peak memory in MiB of a whole process. Raises CalledProcessError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds, usage.ru_maxrss // 1024


class Bench:
    """One server, and a workspace and a database made anew for every round."""

    def __init__(self, origin: str, folder: Path) -> None:
        self.origin, self.folder = origin, folder
        self.rows: dict[str, list[tuple[float, int]]] = {}
        self.environment = {
            **os.environ, "TUI_SYNC_CLIENT_SECRET": "s", "TUI_SYNC_REFRESH_TOKEN": "r", "COLUMNS": "80",
            "PYTHONDONTWRITEBYTECODE": "",  # an installed program has its bytecode; `prepare` writes a checkout's
        }  # fmt: skip

    def note(self, name: str, measured: tuple[float, int]) -> None:
        """Add to a row of the table."""
        self.rows.setdefault(name, []).append(measured)

    def ours(self, *arguments: str, workspace: str) -> tuple[float, int]:
        """One `tui-sync` command as a whole process."""
        return timed((*TUI_SYNC, "--workspace", str(self.folder / workspace), *arguments), self.environment)

    def prepare(self, workspace: str) -> None:
        """A connected workspace with the benchmark's sync."""
        urls = (f"--recruit-url={self.origin}", f"--accounts-url={self.origin}")
        self.ours("connect", "--data-centre=us", "--client-id=c", "--hub=embedded", *urls, workspace=workspace)
        asyncio.run(self._create_fields(self.folder / workspace))
        definition = self.folder / "benchmark.toml"
        definition.write_text(DEFINITION)
        self.ours("apply", str(definition), workspace=workspace)

    async def _create_fields(self, folder: Path) -> None:
        """The lead fields that the job maps and a new hub does not have."""
        desk = open_desk(folder, "benchmark")
        try:
            known = {field.name for field in await catalogue.hub_fields(desk)}
            for name in FIELDS.keys() - known:
                await catalogue.create_field(desk, name)
            await desk.connect.close()
        finally:
            desk.workspace.close()

    def version(self, number: int) -> None:
        """Tell the server which version of the records to serve."""
        httpx.post(f"{self.origin}/version/{number}")

    def first_load(self, number: int) -> None:
        """The first load alone, by tui-sync, and what it leaves on the disk."""
        workspace = f"workspace-{number}"
        self.prepare(workspace)
        self.note("first load: tui-sync", self.ours("run", "Benchmark", "--full", workspace=workspace))
        size = sum(path.stat().st_size for path in (self.folder / workspace).rglob("*"))
        print(f"the workspace: {size / 2**20:.0f} MiB")

    def round(self, number: int) -> None:
        """First load, full rerun with one percent changed, incremental rerun: ours and the bare script in turn."""
        workspace = f"workspace-{number}"
        self.prepare(workspace)
        bare = (sys.executable, "-m", "tests.benchmarks.bare", self.origin, str(self.folder / f"bare-{number}.db"))
        for version, what, full, since in (
            (0, "first load", "--full", ()),
            (1, "full rerun, 1 % changed", "--full", ()),
            (2, "incremental, 1 % changed", "", ("--since",)),
        ):
            self.version(version)
            if version == 2:
                self.version(0)
                self.ours("run", "Benchmark", "--full", workspace=workspace)
                self.version(2)
            arguments = ("run", "Benchmark", *((full,) if full else ()))
            self.note(f"{what}: tui-sync", self.ours(*arguments, workspace=workspace))
            self.note(f"{what}: bare script", timed((*bare, *since), self.environment))
        for name, arguments in (("tui-sync --help", ("--help",)), ("tui-sync syncs --json", ("syncs", "--json"))):
            self.note(name, self.ours(*arguments, workspace=workspace))

    def print_table(self, base: str) -> None:
        """Medians, spread, memory, and the ratio to the program `base` in the same job."""
        print(f"{'':55}{'median s':>10}{'least':>8}{'most':>8}{'MiB':>6}{'ratio':>8}")
        for name, measured in self.rows.items():
            seconds = sorted(second for second, _ in measured)
            middle = statistics.median(seconds)
            other = self.rows.get(f"{name.partition(':')[0]}: {base}") if not name.endswith(f": {base}") else None
            ratio = f"{middle / statistics.median(second for second, _ in other):.2f}" if other else ""
            peak = max(memory for _, memory in measured)
            print(f"{name:55}{middle:10.2f}{seconds[0]:8.2f}{seconds[-1]:8.2f}{peak:6d}{ratio:>8}")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", action="store_true", help="also a first load with 300 ms added to every answer")
    parser.add_argument("--alone", action="store_true", help="only our first load, for very many records")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(given.records) as origin:
        bench = Bench(origin, Path(folder))
        for number in range(given.runs):
            (bench.first_load if given.alone else bench.round)(number)
        bench.print_table("bare script")
    if given.latency:
        with tempfile.TemporaryDirectory() as folder, server(given.records, 300) as origin:
            bench = Bench(origin, Path(folder))
            bench.prepare("slow")
            seconds, _ = bench.ours("run", "Benchmark", workspace="slow")
            print(f"{'first load, 300 ms added: tui-sync':55}{seconds:10.2f}")


if __name__ == "__main__":
    main()
