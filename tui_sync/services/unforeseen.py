"""Errors that nobody foresaw: one sentence for the person, and the traceback for a file of the workspace."""

from __future__ import annotations

import json
import os
import traceback
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from platformdirs import user_state_path

from tui_sync import __version__
from tui_sync.model.errors import TuiSyncError
from tui_sync.model.text import visible

if TYPE_CHECKING:
    from tui_sync.services.desk import Desk

LOG = "errors.log"
"""The file of the workspace that unexpected errors are written to, or of the user's state folder before there is one."""
MOST = 1_000_000
"""Bytes after which the log begins anew."""
SECRETS = ("TUI_SYNC_CLIENT_SECRET", "TUI_SYNC_REFRESH_TOKEN", "TUI_SYNC_ZSC_KEY")
"""The environment variables that hold secrets."""


def at_desk(desk: Desk, error: BaseException) -> str:
    """Write the error down in the workspace of the desk, and give the sentence for it."""
    return written_down(error, desk.workspace.folder, lambda: secrets_of(desk))


def written_down(error: BaseException, folder: Path | None, secrets: Callable[[], set[str]]) -> str:
    """The sentence for an error that nobody foresaw; its traceback goes to a file of the folder, or where programs of the user
    keep their logs while there is no such folder yet."""
    what = f"Something went wrong that should not ({type(error).__name__})"
    there = folder is not None and folder.is_dir()
    path = (folder if folder is not None and there else user_state_path("tui-sync", appauthor=False)) / LOG
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _append(error, path, secrets())
    except (OSError, TuiSyncError) as trouble:
        return f"{what}, and the details could not be written to {path} ({type(trouble).__name__})."
    return f"{what}; the details are in {path}." + (" See whether the workspace is whole: tui-sync doctor" if there else "")


def secrets_of(desk: Desk | None) -> set[str]:
    """Every secret of the environment and of the workspace, so that none is ever written down. Raises TuiSyncError."""
    known = {os.environ.get(name, "") for name in SECRETS}
    if desk is not None:
        held = desk.workspace.secrets
        kept = {held.get(name) or "" for name in held.names()}
        known |= kept | {value.rpartition(" ")[2] for value in kept}  # the access token stands behind its end
    return known - {""}


def _forms(secrets: set[str]) -> set[str]:
    """The secrets as they are and as they stand in addresses, forms, code, JSON and headers."""
    ways = (str, quote, lambda secret: quote(secret, ""), quote_plus, lambda secret: repr(secret)[1:-1],
            lambda secret: json.dumps(secret)[1:-1], lambda secret: b64encode(secret.encode()).decode())  # fmt: skip
    return {way(secret) for way in ways for secret in secrets}


def _append(error: BaseException, path: Path, secrets: set[str]) -> None:
    """Append the traceback, without the values of variables, with every known secret blotted out and harmless to look at.

    A link in the place of the file is not followed: whoever made it would choose which file is written to.
    """
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, tui-sync {__version__}\n", *traceback.format_exception(error)]
    text = "".join(lines)
    for secret in sorted(_forms(secrets), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    text = "\n".join(map(visible, text.split("\n")))
    with suppress(FileNotFoundError):  # the first error of a workspace makes the file
        if path.lstat().st_size > MOST:
            path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
