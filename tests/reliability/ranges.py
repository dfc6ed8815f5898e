"""The suite with the lowest and with the newest dependencies that `pyproject.toml` allows: `python -m tests.reliability.ranges`.

For each interpreter (`--python`, as often as wanted; this one by itself) and each end of the ranges it makes a virtual
environment in a temporary folder, installs the project, runs `pip check` and pytest, and prints what was installed and
what came of it. It needs the package index. Exit status 1 where anything failed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOWEST, NEWEST = "lowest", "newest"
LONGEST = 1800
"""Seconds that one suite may take."""
REQUIREMENT = re.compile(r"([A-Za-z0-9-]+)>=([0-9.]+)(?:,<([0-9.]+))?")


def requirements() -> dict[str, list[str]]:
    """The dependencies of the program ("") and of each extra, as the project file names them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def lowest(required: Sequence[str]) -> list[str]:
    """Each requirement held at its lower end. Raises ValueError for one without."""
    pinned = []
    for requirement in required:
        found = REQUIREMENT.fullmatch(requirement)
        if found is None:
            raise ValueError(f"{requirement} is not of the form NAME>=VERSION[,<VERSION]")
        pinned.append(f"{found[1]}=={found[2]}")
    return pinned


def trial(python: str, end: str, folder: Path, chosen: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Install and test at one end of the ranges; gives what each step said, and whether it went well."""
    inside = folder / "bin" / "python"
    steps: dict[str, Sequence[str]] = {
        "venv": [python, "-m", "venv", str(folder)],
        "install": [
            str(inside), "-m", "pip", "install", "-q", "--disable-pip-version-check",
            *(lowest(requirements()[""]) if end == LOWEST else []), f"{ROOT}[test]",
        ],
        "pip check": [str(inside), "-m", "pip", "check", "--disable-pip-version-check"],
        "pytest": [str(inside), "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
    }  # fmt: skip
    for name, command in steps.items():
        begun = time.monotonic()
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)
        said = [text for text in (ended.stdout + ended.stderr).strip().splitlines() if not text.startswith("WARNING")]
        told = said[-40:] if ended.returncode else said[-1:]
        yield f"{name} ({time.monotonic() - begun:.0f} s): {' '.join(told[-1:]) or 'done'}", not ended.returncode
        if ended.returncode:
            sys.stdout.write("\n".join(told) + "\n")
            return
    names = sorted(re.split("[>=<]", requirement)[0] for requirement in requirements()[""])
    listing = subprocess.run(
        [str(inside), "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    versions = dict(line.lower().replace("_", "-").split("==") for line in listing.splitlines() if "==" in line)
    yield "with " + ", ".join(f"{name} {versions[name]}" for name in names), True


def main() -> int:
    """Try all that was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--python", action="append", help="an interpreter")
    asked.add_argument("--end", action="append", choices=(LOWEST, NEWEST), help="one end of the ranges only")
    asked.add_argument("tests", nargs="*", help="what pytest runs; the default suite by itself")
    options = asked.parse_args()
    well = True
    for python in options.python or [sys.executable]:
        called = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
        for end in options.end or (LOWEST, NEWEST):
            with tempfile.TemporaryDirectory() as folder:
                for told, passed in trial(python, end, Path(folder) / "venv", options.tests):
                    sys.stdout.write(f"{called}, {end}: {told}\n")
                    sys.stdout.flush()
                    well = well and passed
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
