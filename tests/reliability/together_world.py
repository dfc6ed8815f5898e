"""What the trial of many programs on one workspace is made of: its lists, its syncs, its limits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("tui-sync"))
LISTS = tuple(f"List {number}" for number in range(10))
LIMITS = {"limit-month": 30, "limit-day": 12, "limit-active": 7}
"""Settings that are easily reached."""
SYNC = """
[[sync]]
name = "{name}"
module = "Candidates"
select = "criteria"
conditions = [{{ field = "Experience_in_Years", operator = "=", value = {number} }}]
list = "List {number}"
[sync.mapping]
"Lead Email" = "Email"
"First Name" = "First_Name"
"Last Name" = "Last_Name"
"""


def definition(number: int, name: str) -> str:
    """A one-time sync of the people with so many years of experience into a list of their own."""
    return SYNC.format(name=name, number=number)


def surroundings(folder: Path) -> dict[str, str]:
    """A small environment of a program."""
    return {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"}
