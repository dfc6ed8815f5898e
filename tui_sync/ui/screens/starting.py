"""The first run into Marketing Automation: what the hub will do, and to how many people, is said before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.related import related_modules
from tui_sync.model.sync import SelectionKind, Sync
from tui_sync.services import outcomes, sampling
from tui_sync.services.relating import relate
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.present.review import estimate_words
from tui_sync.ui.present.starting import adding, removing
from tui_sync.ui.screens.ask import Ask

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync


def begin(program: TuiSync, sync: Sync) -> None:
    """Look at some records, tell what the first run would do with them, and run the sync if that is wanted. Whoever has gone
    elsewhere meanwhile is not asked there."""
    program.run_worker(_look(program, sync), group="first-run", exclusive=True)


async def _look(program: TuiSync, sync: Sync) -> None:
    here, program.go.looking = program.typed_at, sync.id
    program.changed()
    try:
        told, question = await _foreseen(program, sync), await _question(program, sync)
    finally:
        if program.go.looking == sync.id:
            program.go.looking = ""
    program.changed()
    if program.typed_at == here:
        _ask(program, sync, question, told)
    else:
        program.say(f"{sync.name} was not run: you went elsewhere before it could be asked for. Press r on it again.", Tone.WARN,
                    sync.id)


async def _foreseen(program: TuiSync, sync: Sync) -> list[str]:
    view = sync.selection.view_id if sync.selection.kind is SelectionKind.VIEW else ""
    try:
        sample = await sampling.take(program.desk, sync.module, view_id=view, zone_name=sync.schedule.timezone)
        sample = await relate(program.desk, sample, related_modules(sync))
        estimate = await sampling.estimate(program.desk, sync, sample)
        return [estimate_words(estimate), adding(estimate, sync)]
    except TuiSyncError as fault:
        return [f"How many people it would add is not known. {fault}", adding(None, sync)]


async def _question(program: TuiSync, sync: Sync) -> str:
    if program.desk.workspace.runs.unfinished(sync.id) is not None:
        return f"Go on with the first run of {sync.name}?"
    if await outcomes.managed(program.desk, sync):
        return f"Run {sync.name} again? Its first run was not completed."
    return f"Run {sync.name} for the first time?"


def _ask(program: TuiSync, sync: Sync, question: str, told: list[str]) -> None:
    def done(yes: bool | None) -> None:
        if yes:
            program.runner.run(sync)
            program.changed()

    details = [*told, *removing(sync)]
    program.push_screen(Ask(question, details, confirm="run it", decline="not now"), done)
