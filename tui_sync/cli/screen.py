"""Opens the screens: on the workspace, or on the demo organisation with its sample syncs."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tui_sync import bootstrap
from tui_sync.cli import narration, output
from tui_sync.cli.organisation import apply_samples, demo_desk
from tui_sync.cli.scope import Scope
from tui_sync.cli.session import current, workspace_folder
from tui_sync.model.errors import UsageError
from tui_sync.model.workspace import ConnectionKind
from tui_sync.services.desk import Desk
from tui_sync.services.patience import IN_SCREENS, waiting_at_most
from tui_sync.ui.script import Step, read
from tui_sync.ui.terminal import profile, quiet, refusal

if TYPE_CHECKING:
    from tui_sync.ui.app import Leaving

WHERE = "screens"
"""How the audit trail calls who asks."""


class Place(NamedTuple):
    """What the screens open on; `first` where its sample syncs were just made."""

    desk: Desk
    first: bool
    script: tuple[Step, ...] = ()


def open_workspace() -> int:
    """Open the screens on the workspace. Raises UsageError where there is no terminal for them."""
    return open_screen(current(), _workspace)


def open_demo(scope: Scope, records: int | None, seed: int | None, script: str = "") -> int:
    """Open the screens on the demo organisation, and play a script there. Raises UsageError, also for what cannot be played
    and where there is no terminal for the screens."""
    opener = partial(_demo, records=records, seed=seed, script=read(script) if script else ())
    return open_screen(scope, opener, "Print the demo instead: tui-sync demo --no-ui")


def open_screen(scope: Scope, opener: Callable[[Scope], Place], hint: str = "") -> int:
    """Show the screens until the user leaves, tell what they leave behind, and give the exit status.

    `opener` opens the desk, after it is known that there is a terminal: a refusal (UsageError, with `hint`) makes nothing.
    """
    _prepare_terminal(hint)
    leaving = _show(scope, opener(scope))
    while leaving.to_demo:
        leaving = _show(scope, _demo(scope))
    if leaving.status == 128 + signal.SIGHUP or leaving.stuck:
        output.abandon_terminal()
    if leaving.message:
        narration.warn(leaving.message)
    return leaving.status


def _prepare_terminal(hint: str) -> None:
    """Set what textual reads of the environment while it is imported. Raises UsageError where no screen can be opened."""
    stdin, stdout, stderr = (stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    why = refusal(os.environ, stdin_tty=stdin, stdout_tty=stdout, stderr_tty=stderr)
    if why:
        raise UsageError(why, hint)
    if not os.environ.get("NO_COLOR", "unset"):
        del os.environ["NO_COLOR"]  # an empty one asks for nothing, but textual takes it for a yes
    with suppress(OSError):  # a terminal that does not tell its size
        if all(os.get_terminal_size()):  # textual would believe these first, and they do not change with the terminal
            os.environ.pop("COLUMNS", None)
            os.environ.pop("LINES", None)
    os.environ.update(quiet(os.environ, profile(os.environ, sys.stderr.encoding)))


def _workspace(scope: Scope) -> Place:
    scope.folder = workspace_folder(scope)
    return Place(bootstrap.open_desk(scope.folder, WHERE), first=False)


def _demo(scope: Scope, records: int | None = None, seed: int | None = None, script: tuple[Step, ...] = ()) -> Place:
    """The demo organisation; on first use its sample syncs are made."""
    desk = demo_desk(scope, WHERE, records=records, seed=seed)
    if desk.workspace.syncs.every():
        return Place(desk, first=False, script=script)
    asyncio.run(_make_samples(desk))
    # Opened anew, since the clients of a connection belong to the event loop that first used them.
    return Place(bootstrap.open_demo(desk.workspace.folder, WHERE), first=True, script=script)


async def _make_samples(desk: Desk) -> None:
    try:
        await apply_samples(desk)
    finally:
        await bootstrap.close(desk)


def _show(scope: Scope, place: Place) -> Leaving:
    """Show the screens on a desk, and close it whatever happens."""
    gc.disable()  # until the first screen stands: collecting while everything is imported takes a quarter of the start
    from tui_sync.ui.app import open_ui

    desk = scope.desk = place.desk
    connection = desk.workspace.connection
    demo = connection is not None and connection.kind is ConnectionKind.DEMO
    try:
        with waiting_at_most(IN_SCREENS):
            return open_ui(
                desk, advance=partial(bootstrap.advance_day, desk) if demo else None, first=place.first,
                warm=partial(bootstrap.load_connection_code, connection), script=place.script,
            )  # fmt: skip
    finally:
        gc.enable()
        asyncio.run(bootstrap.close(desk))
