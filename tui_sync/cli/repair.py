"""The command that tells what of a sync is broken, and mends it."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option, known_list, sync_argument
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.model.errors import UsageError
from tui_sync.present import repair as present
from tui_sync.services import repair as services
from tui_sync.services.desk import Desk
from tui_sync.services.repair import Mended


@click.command()
@sync_argument()
@click.option("--view", metavar="V", help="Take the records of another view, where the view vanished.")
@click.option("--all", "everything", is_flag=True, help="Take all records of the module, where the view vanished.")
@click.option(
    "--list", "list_name", metavar="L", shell_complete=known_list, help="Deliver to another list, where the list vanished."
)
@click.option("--create", is_flag=True, help="With --list: create the list where there is none of that name.")
@json_option
@at_desk
async def repair(
    desk: Desk, name: str, *, view: str | None, everything: bool, list_name: str | None, create: bool, as_json: bool
) -> int:
    """Tell what of a sync is broken, and mend it.

    Without an option it asks the connection what is gone, and names every way out. A vanished field is mended by editing the
    criteria, mapping or policies and applying the file; that makes the sync active again.
    """
    chosen = [given for given in (view, everything or None, list_name) if given is not None]
    if len(chosen) > 1 or (create and list_name is None):
        raise UsageError("Give one of --view, --all and --list; --create goes with --list.")
    if not chosen:
        found = await services.diagnose(desk, name)
        if as_json:
            output.one("repair", present.diagnosis_object(found))
        else:
            for line in present.diagnosis_lines(found):
                output.text(line)
        return Exit.DONE
    mended = await _mend(desk, name, view, list_name, create=create)
    narration.warn(present.mended_words(mended))
    if as_json:
        output.one("repair", present.diagnosis_object(await services.diagnose(desk, name)))
    return Exit.DONE


async def _mend(desk: Desk, name: str, view: str | None, list_name: str | None, *, create: bool) -> Mended:
    if view is not None:
        return await services.use_view(desk, name, view)
    if list_name is not None:
        return await services.use_list(desk, name, list_name, create=create)
    return await services.use_all(desk, name)
