"""Suppressing one person, and lifting what keeps one out: the reason is asked for, then it is done and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible
from tui_sync.present.people import suppressed_sentences
from tui_sync.services import lifting, suppression
from tui_sync.ui.screens.dialogs import Prompt

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

SUPPRESSING = (
    "No sync adds or updates them from then on, until it is lifted. They stay in the lists they are in; taking out is another"
    " key."
)


def why_not(program: TuiSync, name: str, email: str) -> str:
    """Why `suppress` or `lift` cannot be done with an address; empty where it can."""
    if not email:
        return "There is no address here."
    return suppression.address_check(email) if name == "suppress" else lifting.why_not(program.desk, email)


def suppress(program: TuiSync, email: str, done: Callable[[], None]) -> None:
    """Ask for the reason; `done` is called when the person is on the suppression list."""

    def reasoned(reason: str | None) -> None:
        if reason is None:
            return
        try:
            told = suppression.suppress(program.desk, email, reason)
        except TuiSyncError as fault:
            program.told(fault)
            return
        program.say(" ".join(suppressed_sentences(told, "x on the screen of the person")), about=told.mark.email)
        done()

    program.push_screen(
        Prompt(f"Suppress {visible(email)}: why?", hint=SUPPRESSING, check=suppression.reason_check, go="suppress"), reasoned
    )


def lift(program: TuiSync, email: str, done: Callable[[], None]) -> None:
    """Say what would be lifted and ask for the reason; `done` is called afterwards."""

    async def lifted(reason: str) -> None:
        try:
            told = await lifting.lift(program.desk, email, reason)
        except TuiSyncError as fault:
            program.told(fault)
            return
        program.say(" ".join(lifting.sentences(told)), about=told.email)
        done()

    def reasoned(reason: str | None) -> None:
        if reason is not None:
            program.run_worker(lifted(reason), group="lift")

    told = " ".join(lifting.would_lift(program.desk, email))
    hint = f"Once lifted, {told[:1].lower()}{told[1:]}"
    program.push_screen(
        Prompt(f"Lift what keeps {visible(email)} out: why?", hint=hint, check=suppression.reason_check,
               go="lift"), reasoned,
    )  # fmt: skip
