"""Somebody who types a line in a real shell with the tab key in it, and the arguments that the program then gets."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

from tests.terminal.pty_screen import BEHIND

PROMPT = "READY>"
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], f"PS1='{PROMPT[:3]}''{PROMPT[3:]}'; "),
    "zsh": (["zsh", "-f", "-i"], f"PROMPT='{PROMPT[:3]}''{PROMPT[3:]}'; "),
    "fish": (["fish", "--interactive"], f"function fish_prompt; echo -n '{PROMPT[:3]}''{PROMPT[3:]}'; end; "),
}
"""How a shell is started without anything of its user's, and given a prompt that is not what was typed to set it."""
STUB = """#!/bin/sh
if [ -n "$_TUI_SYNC_COMPLETE" ] || [ "$1" = completion ]; then exec {python} -m tui_sync "$@"; fi
printf '%s\\n' "$@" > {said}
"""


class Typist:
    """A folder with a program `tui-sync` that completes as the real one does, and otherwise notes what it was called with."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        self.folder, self.said = folder, folder / "said"
        folder.mkdir(exist_ok=True)
        stub = folder / "tui-sync"
        stub.write_text(STUB.format(python=shlex.quote(sys.executable), said=shlex.quote(str(self.said))))
        stub.chmod(0o700)
        self.surroundings = {
            "HOME": str(folder), "PATH": f"{folder}:{os.environ['PATH']}", "TERM": "dumb", "LANG": "C.UTF-8",
            "TUI_SYNC_WORKSPACE": str(workspace),
        }  # fmt: skip

    def types(self, shell: str, line: str, set_up: str = "") -> list[str]:
        """The arguments of the program after this line was typed, tabs and all. `set_up` is in the place of the script."""
        self.said.unlink(missing_ok=True)
        command, prompt = SHELLS[shell]
        script = self.folder / f"script.{shell}"
        script.write_bytes(subprocess.run(
            [sys.executable, "-m", "tui_sync", "completion", shell], env=self.surroundings, stdout=subprocess.PIPE, check=True
        ).stdout)  # fmt: skip
        watcher, terminal = pty.openpty()
        program = subprocess.Popen(
            [sys.executable, "-c", BEHIND, *command], stdin=terminal, stdout=terminal, stderr=terminal,
            env=self.surroundings, cwd=self.folder, start_new_session=True,
        )  # fmt: skip
        os.close(terminal)
        try:
            os.write(watcher, f"{prompt}{set_up or f'. {script}'}\n".encode())
            self._until_prompted(watcher)
            os.write(watcher, f"{line}\nexit\n".encode())
            while _read(watcher):
                pass
            program.wait(20)
        finally:
            program.kill()
            program.wait()
            os.close(watcher)
        return self.said.read_text().splitlines() if self.said.exists() else []

    def _until_prompted(self, watcher: int) -> None:
        drawn = b""
        while PROMPT.encode() not in drawn:
            piece = _read(watcher)
            assert piece, drawn
            drawn += piece


def _read(watcher: int) -> bytes:
    """What the shell drew next; nothing once it has ended."""
    try:
        return os.read(watcher, 10_000)
    except OSError:
        return b""
