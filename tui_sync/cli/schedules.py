"""Commands for the schedules as a whole: pause-all, resume-all, health."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk, without_syncs
from tui_sync.model.errors import RunError, UsageError
from tui_sync.model.health import Alert, Condition
from tui_sync.present import health as present
from tui_sync.services import health as services
from tui_sync.services import schedules
from tui_sync.services.desk import Desk


@click.command()
@at_desk
def pause_all(desk: Desk) -> int:
    """Stop all schedules until they are resumed.

    Runs that go on end as usual, and runs by hand are possible. What is missed meanwhile is caught up once each.
    """
    paused = present.pause_words(schedules.pause_all(desk), desk.workspace.zone)
    narration.warn(f"{paused} Take them up again: tui-sync resume-all")
    return Exit.DONE


@click.command()
@at_desk
def resume_all(desk: Desk) -> int:
    """Take all schedules up again."""
    if not schedules.resume_all(desk):
        narration.warn("The schedules were not paused.")
        return Exit.DONE
    narration.warn("All schedules go on; what was missed is caught up once each.")
    nobody = idle(desk)
    if nobody:
        narration.warn(nobody)
    return Exit.DONE


def idle(desk: Desk) -> str:
    """That nobody runs the schedules, with the way out; empty where somebody does, or nothing is scheduled."""
    nobody = services.overview(desk).idle
    return f"{nobody} Start one: tui-sync daemon" if nobody else ""


def hint_idle(desk: Desk) -> None:
    """Tell who has made a sync active at a terminal that nobody will run it."""
    nobody = idle(desk)
    if nobody:
        narration.hint(nobody)


@click.command()
@click.option("--test-webhook", is_flag=True, help="Send the webhook an alert that means nothing, and tell whether it took it.")
@json_option
@at_desk
async def health(desk: Desk, *, test_webhook: bool, as_json: bool) -> int:
    """Tell how every sync is, and who runs the schedules.

    Exit status: 0 all is well, 1 something wants looking after.
    """
    if test_webhook:
        return await _try_webhook(desk)
    nothing = without_syncs(desk)
    if nothing:
        narration.warn(nothing)
    overview = services.overview(desk)
    if as_json:
        output.one("health", present.health_object(overview))
    else:
        for line in present.health_lines(overview, desk.workspace.zone):
            output.text(line)
    return Exit.DONE if overview.well else Exit.FAILED


async def _try_webhook(desk: Desk) -> int:
    if not desk.workspace.settings.webhook:
        raise UsageError("No webhook is set.", "Set one: tui-sync settings set webhook URL")
    test = Alert(
        sync="Test", before=Condition.WELL, after=Condition.WELL, sentence="This is a test of the webhook.", run="",
        at=desk.clock.now(),
    )  # fmt: skip
    why = await desk.post(test)
    if why:
        raise RunError(why, "Look at the address: tui-sync settings")
    narration.warn("The webhook took the test alert.")
    return Exit.DONE
