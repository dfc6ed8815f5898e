"""The command about a sync's policies and the people who are exempt from them."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option, sync_argument
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.model.text import command_line
from tui_sync.present import policies as present
from tui_sync.present.definitions import removal_warning
from tui_sync.present.words import counted
from tui_sync.services import policies as services
from tui_sync.services.desk import Desk


@click.command()
@sync_argument()
@click.option("--apply-to-exempt", is_flag=True, help="Let the policies act on the people who are exempt too.")
@json_option
@at_desk
async def policies(desk: Desk, name: str, *, apply_to_exempt: bool, as_json: bool) -> int:
    """Show the policies of a sync, and who is exempt from them.

    A policy is never retroactive: people fetched under a weaker one keep it. With --apply-to-exempt the policies of now act on
    them too, from the next run on, which fetches everything; removals meet its guard.
    """
    sync = desk.sync(name)
    found = await services.exempt(desk, sync)
    if apply_to_exempt:
        if desk.marketing and found.people:
            narration.warn(removal_warning(sync))
        applied = await services.apply_to_exempt(desk, sync)
        more = applied.exempt.people
        if more:
            people = counted(more, "more person", "more people")
            narration.warn(f"The policies act on {people} from the next run on, which fetches everything.")
        else:
            narration.warn("Nobody is exempt; nothing was changed.")
        found = await services.exempt(desk, sync)
    if as_json:
        output.one("policies", present.exempt_object(sync, found))
        return Exit.DONE
    output.fields(present.policy_fields(sync, found))
    for sentence in present.exempt_sentences(found):
        output.text(sentence)
    if found.people:
        narration.hint(f"Apply them to those too: {command_line('policies', sync.name, apply_to_exempt=True)}")
    return Exit.DONE
