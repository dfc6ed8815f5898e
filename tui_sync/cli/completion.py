"""Shell completion: prints the scripts for bash, zsh and fish, and answers them."""

from __future__ import annotations

import os
import re
import shlex
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

from tui_sync.cli import output
from tui_sync.cli.exits import Exit
from tui_sync.cli.main import COMPLETING, PROGRAM, cli


class QuotingBash(BashComplete):
    """bash takes an answer as it is, so names are quoted; within a quotation of the user's own, what would end it is escaped."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """One answer for the script: its type and its value."""
        if item.type != "plain":
            return f"{item.type},{item.value}"
        begun = re.search("['\"]", os.environ.get("COMP_WORDS", ""))
        if begun is None:
            return f"plain,{shlex.quote(item.value)}"
        if begun[0] == "'":
            escaped: str = item.value.replace("'", "'\\''")
            return f"plain,{escaped}"
        return "plain," + re.sub(r'([$`"\\!])', r"\\\1", item.value)


def complete(instruction: str) -> int:
    """Answer a shell's question, given as the variable COMPLETING holds it; gives the exit status."""
    add_completion_class(QuotingBash)
    return shell_complete(cli, {}, PROGRAM, COMPLETING, instruction)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of a shell.

    For bash: eval "$(tui-sync completion bash)"
    """
    scripts = get_completion_class(shell)
    if scripts is None:
        raise LookupError(f"click knows no completion for {shell}")
    # ShellComplete's own method: bash's starts a bash only to warn about versions older than 4.4.
    output.document(ShellComplete.source(scripts(cli, {}, PROGRAM, COMPLETING)) + "\n")
    return Exit.DONE
