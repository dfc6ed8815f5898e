"""Commands for one person: explain, remove."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.present.people import person_object, person_sentences
from tui_sync.services import people
from tui_sync.services.desk import Desk


@click.command()
@click.argument("email")
@json_option
@at_desk
def explain(desk: Desk, email: str, *, as_json: bool) -> int:
    """Tell everything that is known of one address.

    The records and syncs that carry it, what the last runs did, its lists, what keeps it out of them, and what waits.
    """
    known = people.explain(desk, email)
    names = {sync.id: sync.name for sync in desk.workspace.syncs.every()}
    if as_json:
        output.one("person", person_object(known, names))
    else:
        for sentence in person_sentences(known, names, desk.workspace.zone):
            output.text(sentence)
    return Exit.DONE


@click.command()
@click.argument("email")
@click.option("--list", "list_name", metavar="NAME", required=True, help="The list to take the person out of.")
@at_desk
async def remove(desk: Desk, email: str, list_name: str) -> int:
    """Take one person out of a list for good.

    No sync brings them back into it.
    """
    gone = await people.remove(desk, email, list_name)
    if gone.made_by or gone.by:
        narration.warn(f'Took {gone.email} out of "{list_name}"; no sync brings them back.')
    else:
        narration.warn(f'No sync has brought {gone.email} into "{list_name}"; from now on none does.')
    return Exit.DONE
