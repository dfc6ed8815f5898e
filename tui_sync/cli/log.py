"""The command for the log: who changed what from where, and what each run did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import choice, json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.model.workspace import Level, LogLine
from tui_sync.present.log import LOG_HEADER, log_object, log_row, log_text
from tui_sync.services import log as services
from tui_sync.services.desk import Desk

BEFORE = 10
"""Lines that --follow begins with, unless told otherwise."""
LOOK = 1.0
"""Seconds between two looks for new lines."""


@click.command()
@click.option("--level", type=choice(Level), default=Level.INFO.value, show_default=True, help="Only those and graver ones.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many lines, the newest.")
@click.option("--follow", is_flag=True, help="Print new lines as they come, newest last, until Ctrl-C.")
@json_option
@at_desk
async def log(desk: Desk, *, level: str, limit: int | None, follow: bool, as_json: bool) -> int:
    """List who changed what from where, and what each run did.

    Newest first. With --follow and --json: one object a line.
    """
    if follow:
        return await _follow(desk, Level(level), limit or BEFORE, as_json=as_json)
    found = services.listing(desk, Level(level), limit)
    if as_json:
        output.listing("log", map(log_object, found))
    elif found:
        output.table(LOG_HEADER, (log_row(line, desk.workspace.zone) for line in found), spare=("Level", "From", "Who"))
    else:
        only = "" if level == Level.INFO else f" of the level {level} or graver"
        narration.warn(f"Nothing{only} is on record yet. See what there is to do: tui-sync --help")
    return Exit.DONE


async def _follow(desk: Desk, level: Level, before: int, *, as_json: bool) -> int:
    known = services.listing(desk)
    last = known[0].key if known else ""
    fresh: Sequence[LogLine] = services.graver(known, level)[:before][::-1]
    while True:
        if as_json:
            output.json_lines(map(log_object, fresh))
        else:
            for line in fresh:
                output.text(log_text(line, desk.workspace.zone))
        output.flush()
        await asyncio.sleep(LOOK)
        every = services.newer(desk, last)
        last = every[-1].key if every else last
        fresh = services.graver(every, level)
