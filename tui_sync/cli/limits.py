"""The command for the organisation's limits."""

from __future__ import annotations

import click

from tui_sync.cli import output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.present.limits import limits_fields, limits_object
from tui_sync.services.desk import Desk
from tui_sync.services.forecast import outlook


@click.command()
@json_option
@at_desk
def limits(desk: Desk, *, as_json: bool) -> int:
    """Show what is used of the organisation's limits.

    Syncs initiated this month, initiated or run today, active now; who is queued and until when; what the schedules
    will use; the credits of the last runs.
    """
    now = outlook(desk)
    if as_json:
        output.one("limits", limits_object(now))
    else:
        output.fields(limits_fields(now))
    return Exit.DONE
