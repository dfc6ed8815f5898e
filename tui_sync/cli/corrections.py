"""Commands for addresses that look misspelt: list, accept, drop."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.present import corrections as present
from tui_sync.present.words import counted
from tui_sync.services import corrections as service
from tui_sync.services.desk import Desk


@at_desk
async def _listing(desk: Desk, *, as_json: bool) -> int:
    doubts, known = await service.queue(desk), service.accepted(desk)
    if as_json:
        output.listing("corrections", [*map(present.doubt_object, doubts), *map(present.correction_object, known)])
    elif doubts or known:
        rows = [*map(present.doubt_row, doubts), *map(present.correction_row, known)]
        output.table(present.HEADER, rows, ("Records", "Syncs"))
    else:
        narration.warn("No address looks misspelt or is corrected. Correct one: tui-sync corrections accept EMAIL --as ADDRESS")
    return Exit.DONE


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def corrections(context: click.Context, *, as_json: bool) -> int:
    """List addresses that look misspelt; accept or drop corrections.

    Below them stand the corrections that were accepted. A correction holds for every sync. Nothing is written to Recruit.
    """
    return Exit.DONE if context.invoked_subcommand is not None else _listing(as_json=as_json)


@corrections.command()
@click.argument("email", required=False, default="")
@click.option("--as", "right", metavar="ADDRESS", default="", help="The right address, where it is not the suggestion.")
@click.option("--all", "every", is_flag=True, help="Accept every suggestion.")
@at_desk
async def accept(desk: Desk, email: str, right: str, *, every: bool) -> int:
    """Correct the address EMAIL to the one suggested, or to another one."""
    if every == bool(email) or (every and right):
        raise click.UsageError("Name one address, or --all.")
    if every:
        doubts = await service.queue(desk)
        syncs = service.accept_all(desk, doubts)
        narration.warn(f"Corrected {counted(len(doubts), 'address', 'addresses')}. {present.coming(syncs)}")
        return Exit.DONE
    done, syncs = await service.accept(desk, email, right)
    narration.warn(f"{done.wrong} is corrected to {done.right}. {present.coming(syncs)}")
    return Exit.DONE


@corrections.command()
@click.argument("email")
@at_desk
def drop(desk: Desk, email: str) -> int:
    """Take back the correction of the address EMAIL.

    The next run ignores it again; people whom it brought follow what the sync does with a changed address.
    """
    narration.warn(f"The correction is dropped. {present.coming(service.drop(desk, email))}")
    return Exit.DONE
