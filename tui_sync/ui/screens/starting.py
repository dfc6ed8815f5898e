"""The first run into Marketing Automation: what the hub will do, and to how many people, is said before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.sync import SelectionKind, Sync
from tui_sync.services import outcomes, sampling
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.present.review import estimate_words
from tui_sync.ui.present.starting import adding, removing
from tui_sync.ui.screens.dialogs import Ask

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync


def begin(program: TuiSync, sync: Sync) -> None:
    """Look at some records, tell what the first run would do with them, and run the sync if that is wanted."""
    program.run_worker(_ask(program, sync), group="first-run", exclusive=True)


async def _ask(program: TuiSync, sync: Sync) -> None:
    program.say(f"Looking at some records of {sync.module}, to say what the first run would do.", Tone.DIM, sync.id)
    view = sync.selection.view_id if sync.selection.kind is SelectionKind.VIEW else ""
    try:
        sample = await sampling.take(program.desk, sync.module, view_id=view, zone_name=sync.schedule.timezone)
        estimate = await sampling.estimate(program.desk, sync, sample)
        told = [estimate_words(estimate), adding(estimate, sync)]
    except TuiSyncError as fault:
        told = [f"How many people it would add is not known. {fault}", adding(None, sync)]

    def done(yes: bool | None) -> None:
        if yes:
            program.runner.run(sync)
            program.changed()

    details = [*told, *removing(sync)]
    question = f"Run {sync.name} for the first time?"
    if program.desk.workspace.runs.unfinished(sync.id) is not None:
        question = f"Go on with the first run of {sync.name}?"
    elif await outcomes.managed(program.desk, sync):
        question = f"Run {sync.name} again? Its first run was not completed."
    program.unsay(sync.id)
    program.push_screen(Ask(question, details, confirm="run it", decline="not now"), done)
