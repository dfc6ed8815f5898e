"""The one owner of stderr: hints for people at a terminal, warnings and errors for everybody."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import traceback
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import click

from tui_sync import __version__
from tui_sync.cli.exits import Stopped, of_error
from tui_sync.cli.scope import Scope
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import full_stop, visible

LOG = "errors.log"
"""The file of the workspace that unexpected errors are written to."""

MOST = 1_000_000
"""Bytes after which the log begins anew."""


def is_terminal() -> bool:
    """Whether somebody watches stderr on a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def draw(line: str) -> None:
    """Replace the line that the cursor is in; an empty one clears it. Only for a terminal."""
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


def hint(text: str) -> None:
    """Tell people at a terminal what comes next; silent elsewhere."""
    if sys.stderr.isatty():
        warn(text)


def warn(text: str) -> None:
    """Tell what was done, that there is nothing to list, or what must be known, wherever stderr goes."""
    sys.stderr.write(visible(text) + "\n")
    sys.stderr.flush()


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_secret(what: str) -> str:
    """Ask for a secret on the terminal, without echo. Raises click.Abort at Ctrl+C, also within an event loop, whose own handler
    of the signal would wait until the answer is there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer: str = click.prompt(what[:1].upper() + what[1:], hide_input=True, err=True)
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
        case OSError(errno=errno.ENOSPC) if not error.filename:
            return f"Standard output cannot be written: {error.strerror}."
        case OSError(strerror=str()) if error.filename:
            return f"{error.filename}: {error.strerror}."
        case _:
            return _unexpected(error, scope)


def _path(error: click.UsageError) -> str:
    return "tui-sync" if error.ctx is None else error.ctx.command_path


def _unexpected(error: BaseException, scope: Scope) -> str:
    """The sentence for an error that nobody foresaw; its traceback goes to a file."""
    what = f"Something went wrong that should not ({type(error).__name__})"
    folder = scope.folder or scope.given
    if folder is None or not folder.is_dir():
        return f"{what}; there is no workspace yet to write the details to."
    path = folder / LOG
    try:
        _write_down(error, path, scope.secrets())
    except (OSError, TuiSyncError) as trouble:
        return f"{what}, and the details could not be written to {path} ({type(trouble).__name__})."
    return f"{what}; the details are in {path}. See whether the workspace is whole: tui-sync doctor"


def _forms(secrets: set[str]) -> set[str]:
    """The secrets as they are and as they stand in addresses, forms, code, JSON and headers."""
    ways = (str, quote, lambda secret: quote(secret, ""), quote_plus, lambda secret: repr(secret)[1:-1],
            lambda secret: json.dumps(secret)[1:-1], lambda secret: b64encode(secret.encode()).decode())  # fmt: skip
    return {way(secret) for way in ways for secret in secrets}


def _write_down(error: BaseException, path: Path, secrets: set[str]) -> None:
    """Append the traceback, without the values of variables, and with every known secret blotted out."""
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, tui-sync {__version__}\n", *traceback.format_exception(error)]
    text = "".join(lines)
    for secret in sorted(_forms(secrets), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    with suppress(FileNotFoundError):  # the first error of a workspace makes the file
        if path.stat().st_size > MOST:
            path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
