"""What an ended run leaves to do: approving the removals that it withheld, retrying the people who were not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_sync.model.outcomes import ENDED, RunSummary
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.services import outcomes
from tui_sync.services.deleted import gone
from tui_sync.services.outcomes import Waiting
from tui_sync.ui.present.details import approval
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.run_people import RunPeople
from tui_sync.ui.screens.ask import Ask

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync


def why_not(program: TuiSync, sync: Sync, run: RunSummary | None, people: RunPeople, name: str) -> str:
    """Why `approve` or `retry` cannot be done with a run at present; empty where it can."""
    if sync.deleted is not None:
        return gone(sync)
    if run is None:
        return "There is no run yet."
    if program.runner.is_busy(sync.id):
        return f"{visible(sync.name)} is running. Press w to watch it."
    if people.loading:
        return "The people of the run are being read."
    if name == "approve" and not people.waiting.people:
        taken_over = "A later run has taken over the removals that this one withheld: press ]."
        return taken_over if run.withheld else "No removal of this run waits for an approval."
    if name == "retry" and not people.undelivered and run.result not in ENDED:
        return "Nobody's delivery failed: the run broke off before it came to everybody. The next run does what is left."
    if name == "retry" and not people.undelivered:
        return "Everybody of this run was delivered, or a later run has made up for it."
    return ""


async def ask_approval(program: TuiSync, sync: Sync, run: RunSummary, waiting: Waiting) -> None:
    """Ask, with the numbers and what they mean; then make the removals and watch them. People who leave the whole hub at
    Marketing Automation are let go only after the sync's name was typed."""
    here, marketing = program.typed_at, program.desk.marketing
    question, details = approval(sync, waiting, await outcomes.managed(program.desk, sync), marketing=marketing)

    def done(yes: bool | None) -> None:
        if yes:
            program.go.run(program.runner.approve(sync, run.id))

    if program.typed_at != here:
        program.say(f"Nothing of {sync.name} was approved: you went elsewhere before it could be asked for. Press a on it again.",
                    Tone.WARN, sync.id)  # fmt: skip
        return
    typed = visible(sync.name) if waiting.from_hub and marketing else ""
    program.push_screen(Ask(question, details, confirm="remove them", decline="leave them", typed=typed), done)
