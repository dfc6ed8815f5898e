"""The page of all commands, made from their own help: `python -m tests.commands_page` writes `docs/commands.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from tui_sync.cli.main import COMMANDS, PROGRAM, cli

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Everything that the screens do has a command, for scripts, cron and systemd. Results go to stdout, messages to stderr; a command
never asks, it says the same on stderr and goes on. Every listing takes `--json` and prints one object with one key that names
it, newest first: `{"runs": [...]}`. `--workspace DIR` before the command names the folder to work in; else `TUI_SYNC_WORKSPACE`
does, else it is one of your own. A folder without a workspace is refused (2), but by what begins one: `demo`, `connect`, `load`,
`settings set`, `suppress`, `suppression import` and the screens. `tui-sync COMMAND --help` says what is written here.

| Exit status | Meaning |
|---|---|
| 0 | done, also where a sync was queued |
| 1 | the run or command failed |
| 2 | wrong usage or definition, or no terminal for the screens; nothing was changed |
| 3 | refused by a limit, with the moment from which it is possible |
| 4 | removals are held back and wait for `tui-sync approve RUN` |
| 5 | done, but some people failed or were refused by the hub |
| 130 | Ctrl+C stopped it (any other signal: 128 and its number); what was delivered until then stays recorded |

1 goes before 4, and 4 before 5. `run` ends with 2 on a draft or broken sync, with 3 on a queued one, and with 1 where the sync
runs already. `health` ends with 1 where a sync is not well or nobody runs the schedules, `doctor` where something is damaged:
cron or a monitor can ask them.

A run as JSON (`run --json`, `runs --json`) always has these keys: `id`, `sync`, `result` (running, completed, completed-with-
errors, held, failed, cancelled, interrupted), `started`, `finished`, `full`, `read`, `counts` (`total`, `new`, `re_added`,
`duplicate`, `ignored`, `deleted`), `ignored` (a number for each reason), `withheld`, `failed`, `calls` (`recruit`, `hub`).
`outcomes --format jsonl` prints an object a line: `record_id`, `email`, `status`, `reason`, `cause`, `detail`, null where there
is none.
"""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _described(command: click.Command, path: str, context: click.Context) -> Iterator[str]:
    inner = click.Context(command, info_name=path.rpartition(" ")[2], parent=context)
    pieces = [piece for piece in command.collect_usage_pieces(inner) if piece != "[OPTIONS]"]
    if isinstance(command, click.Group):
        pieces = ["[COMMAND] [ARGS]..."]  # each of them does something by itself too; versions of click tell it differently
    yield f"\n### {path}\n\n`{' '.join([f'{PROGRAM} {path}', *pieces])}`\n\n{inspect.cleandoc(command.help or '')}\n"
    records = [record for param in command.get_params(inner) if (record := param.get_help_record(inner)) is not None]
    options = [(names, says) for names, says in records if says and "--help" not in names]
    if options:
        yield "\n| Option | |\n|---|---|\n"
        yield from (f"| `{_cell(names)}` | {_cell(says)} |\n" for names, says in options)
    if isinstance(command, click.Group):
        for name in command.list_commands(inner):
            part = command.get_command(inner, name)
            assert part is not None
            yield from _described(part, f"{path} {name}", inner)


def page() -> str:
    """The whole page."""
    context, parts = click.Context(cli, info_name=PROGRAM), [HEAD]
    for title, section in COMMANDS.items():
        parts.append(f"\n## {title}\n")
        for name in section:
            command = cli.get_command(context, name)
            assert command is not None
            parts.extend(_described(command, name, context))
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
