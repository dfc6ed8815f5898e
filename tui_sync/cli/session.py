"""From a command's arguments to its exit status: opens the workspace, runs the command on it, closes it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from tui_sync import bootstrap
from tui_sync.cli import narration
from tui_sync.cli.scope import Scope
from tui_sync.services.desk import Desk

P = ParamSpec("P")
Work = Callable[Concatenate[Desk, P], int | Coroutine[Any, Any, int]]

WHERE = "command line"
"""How the audit trail calls who asks."""


def at_desk(work: Work[P]) -> Callable[P, int]:
    """Make a command of `work`, which is called with the opened workspace before its own arguments. Exit status 2 where there
    is none: in a folder that nobody meant, a new one would be well."""

    @wraps(work)
    def command(*args: P.args, **kwargs: P.kwargs) -> int:
        bootstrap.need_workspace(workspace_folder(current()))
        return at_any_desk(work)(*args, **kwargs)

    return command


def at_any_desk(work: Work[P]) -> Callable[P, int]:
    """The same for a command that gives a new workspace something: it is made where there is none."""

    @wraps(work)
    def command(*args: P.args, **kwargs: P.kwargs) -> int:
        scope = current()
        scope.folder = workspace_folder(scope)
        desk = bootstrap.open_desk(scope.folder, WHERE)
        return attend(scope, desk, lambda: work(desk, *args, **kwargs))

    return command


def attend(scope: Scope, desk: Desk, work: Callable[[], int | Coroutine[Any, Any, int]]) -> int:
    """Do the work with the opened desk, on an event loop if it needs one, and close the desk whatever happens."""
    scope.desk = desk
    desk.tell = narration.hint
    with asyncio.Runner() as runner:
        try:
            done = work()
            return done if isinstance(done, int) else runner.run(done)
        finally:
            runner.run(bootstrap.close(desk))


def current() -> Scope:
    """What the command that is running is about."""
    scope = click.get_current_context().find_object(Scope)
    if scope is None:
        raise LookupError("a command was called outside the program")
    return scope


def workspace_folder(scope: Scope) -> Path:
    """The workspace's folder: as given, else the platform's."""
    return scope.given or bootstrap.default_folder()


def without_syncs(desk: Desk) -> str:
    """The sentence where the workspace has no sync, so that a folder that nobody meant is noticed; empty where it has one."""
    space = desk.workspace
    if space.syncs.all():
        return ""
    begin = "tui-sync connect" if space.connection is None else "tui-sync apply FILE.toml"
    named = f"The workspace {space.folder.absolute()} has no sync yet."
    return f"{named} Name another one with --workspace or TUI_SYNC_WORKSPACE, or begin in it: {begin}"
