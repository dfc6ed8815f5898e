"""How the program is left, and what is said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui_sync.ui.screens.ask import Ask

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

CONNECT = (
    "The secrets of the connection are asked for on the command line. Leave this program and run:",
    "tui-sync connect --data-centre eu --client-id ID --code CODE",
    "It names the console's address, the scopes to tick, and tries every call before it keeps anything.",
)
STANDS_STILL = "A run goes on, and would stand still with the program. Leave it instead (ctrl+c): the next start goes on with it."
"""Why the shell cannot be given back."""


class Leaving(msgspec.Struct, frozen=True):
    """How the program was left: the exit status, a sentence for the shell, whether the demo was chosen, and whether the terminal
    took nothing any more."""

    status: int = 0
    message: str = ""
    to_demo: bool = False
    stuck: bool = False


def going_on(runs: int) -> list[str]:
    """What leaving does to so many runs that go on."""
    told, they = ("One run goes on.", "It stops") if runs == 1 else (f"{runs} runs go on.", "They stop")
    return [told, f"{they} between two people; what was delivered stays recorded, and the next run goes on from there."]


def explain_connect(program: TuiSync) -> None:
    """How a workspace is connected: the secrets are asked for on the command line, where nobody looks on."""
    async def done(yes: bool | None) -> None:
        if yes:
            await program.leave(0)

    program.push_screen(Ask("Connect this workspace to Zoho", CONNECT, confirm="leave the program now", decline="stay"), done)
