"""Shell completion: prints the scripts for bash, zsh and fish, and answers them."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

from tui_sync.cli import output
from tui_sync.cli.exits import Exit
from tui_sync.cli.main import COMPLETING, PROGRAM, cli
from tui_sync.cli.typed import BREAKS, Typed, as_bash_takes_it, read

BASH = """%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(%(complete_var)s=bash_complete COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        "${1/#\\~\\//$HOME/}" 2> /dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
ZSH_MENDINGS = (
    ('COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1))', 'COMP_LINE="${(j: :)words[1,CURRENT]}"'),
    ("    compdef ", "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }\n    compdef "),
)
"""click's script asks with the words up to the cursor and loads zsh's completion where nothing has done so yet."""
FISH = """function %(complete_func)s
    set -l line (commandline -cp | string collect)
    for answer in (env %(complete_var)s=fish_complete COMP_LINE="$line" %(prog_name)s 2>/dev/null)
        set -l parts (string split -m 1 "," -- $answer)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                printf '%%s\\n' $parts[2]
        end
    end
end
complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Asked(ShellComplete):
    """A shell that tells the line as far as it is typed."""

    def typed(self) -> Typed:
        """The line, read."""
        return read(os.environ.get("COMP_LINE", ""), os.environ.get("COMP_WORDBREAKS", BREAKS))

    def get_completion_args(self) -> tuple[list[str], str]:
        """The whole words behind the program's name, and the one begun."""
        typed = self.typed()
        return list(typed.words[1:]), typed.begun

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """What the word begun may become. A name that begins with a dash is told only behind `--`, else it were an option."""
        options = "--" not in args
        before = incomplete[: incomplete.index("=") + 1] if options and incomplete[:1] == "-" and "=" in incomplete else ""
        found = super().get_completions(args, incomplete)
        if options and incomplete[:1] != "-":
            found = [item for item in found if not str(item.value).startswith("-")]
        return [_behind(before, item) for item in found]


def _behind(before: str, item: CompletionItem[Any]) -> CompletionItem[Any]:
    return CompletionItem(before + item.value, item.type, item.help) if before and item.type == "plain" else item


class Bash(Asked, BashComplete):
    """bash takes an answer as it is, so it is quoted as what is typed of it."""

    source_template = BASH

    def source(self) -> str:
        """The script; BashComplete's own starts a bash only to warn about versions older than 4.4."""
        return ShellComplete.source(self)

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """One answer for the script: its type and its value."""
        return f"{item.type},{as_bash_takes_it(item.value, self.typed()) if item.type == 'plain' else item.value}"


class Zsh(Asked, ZshComplete):
    """zsh quotes by itself."""

    def source(self) -> str:
        """The script."""
        script = super().source()
        for old, new in ZSH_MENDINGS:
            script = script.replace(old, new)
        return script


class Fish(Asked, FishComplete):
    """fish quotes by itself."""

    source_template = FISH


def complete(instruction: str) -> int:
    """Answer a shell's question, given as the variable COMPLETING holds it; gives the exit status. Where the answer cannot be
    written nobody waits for a reason: the shell shows none."""
    _register()
    try:
        return shell_complete(cli, {}, PROGRAM, COMPLETING, instruction)
    except OSError:
        output.abandon()
        return Exit.FAILED


def _register() -> None:
    for shell in (Bash, Zsh, Fish):
        add_completion_class(shell)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of a shell.

    bash, in ~/.bashrc: eval "$(tui-sync completion bash)"

    zsh, in ~/.zshrc: eval "$(tui-sync completion zsh)", behind compinit if you call that; or the script as a file _tui-sync
    in a folder of fpath.

    fish: tui-sync completion fish > ~/.config/fish/completions/tui-sync.fish; or, in config.fish, tui-sync completion
    fish | source
    """
    _register()
    scripts = get_completion_class(shell)
    if scripts is None:
        raise LookupError(f"click knows no completion for {shell}")
    output.document(scripts(cli, {}, PROGRAM, COMPLETING).source() + "\n")
    return Exit.DONE
