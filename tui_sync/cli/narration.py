"""The one owner of stderr: hints for people at a terminal, warnings and errors for everybody."""

from __future__ import annotations

import os
import signal
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from traceback import walk_tb

import click

from tui_sync.cli import output
from tui_sync.cli.exits import Stopped, of_error
from tui_sync.cli.patient import Patient
from tui_sync.cli.scope import Scope
from tui_sync.model.errors import TuiSyncError, UsageError
from tui_sync.model.text import full_stop, visible


def is_terminal() -> bool:
    """Whether somebody watches stderr on a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def draw(line: str) -> None:
    """Replace the line that the cursor is in; an empty one clears it. Only for a terminal."""
    _say(f"\r\x1b[K{line}", passing=True)


def hint(text: str) -> None:
    """Tell people at a terminal what comes next; silent elsewhere."""
    if sys.stderr.isatty():
        warn(text)


def warn(text: str) -> None:
    """Tell what was done, that there is nothing to list, or what must be known, wherever stderr goes."""
    _say(visible(text) + "\n")


def settle(seconds: float | None = None) -> None:
    """The end of the program: wait until what was told is taken, as every other program does; at most so long."""
    if _beside.cache_info().currsize:
        _beside().settle(seconds)


def _say(text: str, *, passing: bool = False) -> None:
    """Write to stderr. What it does not take (a full disk, a pipe that nobody reads, a lost terminal) is not told; the work that
    it would tell of goes on, and has the status that it deserves."""
    if _may_stall():
        _beside().say(text.encode(sys.stderr.encoding, "backslashreplace"), passing=passing)
        return
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _may_stall() -> bool:
    """Whether stderr is something that somebody has to read: a terminal, a pipe or a socket."""
    own = sys.__stderr__
    with suppress(OSError):
        return own is not None and sys.stderr is own and not stat.S_ISREG(os.fstat(own.fileno()).st_mode)
    return False


@cache
def _beside() -> Patient:
    """The one that writes to stderr."""
    return Patient(sys.stderr.fileno())


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_secret(what: str) -> str:
    """Ask for a secret on the terminal, without echo. Raises click.Abort at Ctrl+C, also within an event loop, whose own handler
    of the signal would wait until the answer is there; UsageError for an answer that is no text."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer: str = click.prompt(what[:1].upper() + what[1:], hide_input=True, err=True)
    except UnicodeDecodeError as error:
        raise UsageError(f"What was typed as {what} is not valid {error.encoding.upper()}.") from None  # it has the secret in it
    finally:
        signal.signal(signal.SIGINT, before)
    return answer


def fail(error: BaseException, scope: Scope) -> int:
    """Tell in one sentence what ended the command, and give the exit status."""
    warn(_sentence(error, scope))
    return of_error(error)


def _sentence(error: BaseException, scope: Scope) -> str:
    match error:
        case Stopped():
            return error.sentence
        case KeyboardInterrupt() | click.Abort():
            return "Stopped."
        case TuiSyncError():
            return str(error)
        case click.UsageError():
            message = " ".join(error.format_message().split())
            return f"{full_stop(message)} See: {_path(error)} --help"
        case click.ClickException():
            return full_stop(error.format_message())
        case OSError() if not error.filename and _stdout_refuses(error):
            return f"Standard output cannot be written: {error.strerror}."
        case FileNotFoundError() if not error.filename and _stands_nowhere():
            return "The folder that this command was called in is gone. Change to another one, or give whole paths."
        case OSError(strerror=str()) if error.filename:
            return f"{error.filename}: {error.strerror}."
        case _:
            from tui_sync.services.unforeseen import written_down

            return written_down(error, scope.folder or scope.given, scope.secrets)


def _stdout_refuses(error: OSError) -> bool:
    """Whether stdout takes nothing more: who wrote last was its owner, or click for a page of help."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals.get("__name__") in (output.__name__, click.utils.__name__)


def _stands_nowhere() -> bool:
    """Whether the present folder was removed, so that no path can begin there."""
    try:
        return not Path.cwd()
    except FileNotFoundError:
        return True


def _path(error: click.UsageError) -> str:
    return "tui-sync" if error.ctx is None else error.ctx.command_path
