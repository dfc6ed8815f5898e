"""The program `tui-sync`: its commands by name, each loaded only when it is called, and the place where all ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from tui_sync import __version__
from tui_sync.cli import narration, output
from tui_sync.cli.exits import SIGNALLED, Exit
from tui_sync.cli.patient import PATIENCE
from tui_sync.cli.scope import Scope
from tui_sync.model.errors import RunError, UsageError
from tui_sync.model.text import visible

PROGRAM = "tui-sync"
COMPLETING = "_TUI_SYNC_COMPLETE"
"""The environment variable by which a shell asks for completions."""

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "demo": ("demo", "Run the demo organisation's syncs and see what happened to every person."),
        "connect": ("connect", "Connect the workspace to Zoho Recruit and a hub."),
        "zsc-key": ("connect", "Paste the ZSC key; in the demo also issue a new one."),
        "simulate": ("connect", "Serve a made-up Zoho on this machine, to connect to."),
    },
    "Look": {
        "modules": ("catalogue", "List the modules that can be synced."),
        "fields": ("catalogue", "List the fields of a module."),
        "views": ("catalogue", "List the custom views of a module."),
        "lists": ("catalogue", "List the mailing lists of the hub."),
        "leads": ("catalogue", "List the people in a mailing list."),
        "create-list": ("catalogue", "Create a mailing list."),
        "delete-list": ("catalogue", "Delete a list that is only noted here and that no sync uses."),
    },
    "Define": {
        "plan": ("definitions", "Show what applying a definition file would change."),
        "apply": ("definitions", "Create and change syncs as a definition file says, all or nothing."),
        "export": ("definitions", "Print all syncs as a definition file."),
        "syncs": ("syncs", "List the syncs."),
        "show": ("syncs", "Show one sync in words."),
        "policies": ("policies", "Show the policies of a sync, and who is exempt from them."),
        "rename": ("syncs", "Give a sync another name."),
        "duplicate": ("syncs", "Copy a sync as a draft under another name."),
        "activate": ("syncs", "Initiate a draft, or take up an inactive or broken sync again."),
        "repair": ("repair", "Tell what of a sync is broken, and mend it."),
        "deactivate": ("syncs", "Stop the schedule of a sync."),
        "delete": ("syncs", "Delete a sync; its runs and people stay on record."),
        "restore": ("syncs", "Bring a deleted sync back."),
    },
    "Run": {
        "run": ("runs", "Run a sync."),
        "runs": ("runs", "List the runs, newest first."),
        "outcomes": ("runs", "List what a run did with every record."),
        "approve": ("runs", "Make the removals that a run withheld."),
        "retry": ("runs", "Deliver the people whose delivery failed in a run."),
        "daemon": ("daemon", "Run the schedules until it is stopped."),
        "pause-all": ("schedules", "Stop all schedules until they are resumed."),
        "resume-all": ("schedules", "Take all schedules up again."),
    },
    "People": {
        "explain": ("people", "Tell everything that is known of one address."),
        "remove": ("people", "Take one person out of a list for good."),
        "suppress": ("people", "Put one person on the suppression list: no sync adds or updates them."),
        "suppression": ("people", "List the people on the suppression list; export or import it."),
        "lift": ("people", "Lift what keeps one person out."),
        "corrections": ("corrections", "List addresses that look misspelt; accept or drop corrections."),
    },
    "Workspace": {
        "log": ("log", "List who changed what from where, and what each run did."),
        "limits": ("limits", "Show what is used of the organisation's limits."),
        "settings": ("settings", "List the settings of the organisation, or change one."),
        "health": ("schedules", "Tell how every sync is, and who runs the schedules."),
        "doctor": ("care", "Look for everything that can be wrong with the workspace."),
        "dump": ("care", "Write the workspace, without secrets, to a TinyDB file."),
        "load": ("care", "Read a TinyDB file into an empty workspace."),
        "completion": ("completion", "Print the completion script of a shell."),
    },
}
"""Section of the help -> command -> (module of this package, what the help says)."""


class Program(click.Group):
    """The group of all commands. Listing them imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The names of all commands, in the order of the help."""
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of a command and give the command."""
        for section in COMMANDS.values():
            if cmd_name in section:
                module = import_module(f"tui_sync.cli.{section[cmd_name][0]}")
                command: click.Command = getattr(module, cmd_name.replace("-", "_"))
                return command
        near = get_close_matches(cmd_name, self.list_commands(ctx), 1)
        if near:
            ctx.fail(f'There is no command "{cmd_name}". Did you mean "{near[0]}"?')
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the sections of the help."""
        for title, section in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, sentence) for name, (_, sentence) in section.items()], col_max=12)


class Folder(click.Path):
    """A folder whose name is not empty, as that of an unset variable is. `~` is the home folder, also where no shell has said so:
    in a unit of systemd, a crontab or a file of variables."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's
        """The path. Raises click.BadParameter for an empty text, and for the home of nobody."""
        if value == "":
            self.fail("the name of the folder is empty", param, ctx)
        try:
            return super().convert(Path(value).expanduser() if str(value).startswith("~") else value, param, ctx)
        except RuntimeError:
            name = visible(Path(value).parts[0][1:])
            nobody = f"there is no user {name} whose home folder that could be"
            self.fail(nobody if name else "where your home folder is, neither HOME nor the system says", param, ctx)


@click.group(cls=Program, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.option(
    "--workspace",
    type=Folder(file_okay=False, readable=False, path_type=Path),
    envvar="TUI_SYNC_WORKSPACE",
    metavar="DIR",
    help="The folder to work in; else TUI_SYNC_WORKSPACE, else one of your own.",
)
@click.pass_context
def cli(context: click.Context, workspace: Path | None) -> int:
    """Bring people from Zoho Recruit into mailing lists, and see what happened to every one of them.

    Without a command the screens open.
    """
    context.ensure_object(Scope).given = workspace
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from tui_sync.cli.screen import open_workspace

    return open_workspace()


def execute(arguments: Sequence[str]) -> int:
    """Run the program with these arguments and give its exit status; whatever goes wrong is told in one sentence."""
    scope, status = Scope(), int(Exit.DONE)
    try:
        _check_text(arguments)
        with cli.make_context(PROGRAM, list(arguments), obj=scope) as context:
            status = cli.invoke(context)
        _flush()
    except click.exceptions.Exit as ended:
        status = ended.exit_code
    except BrokenPipeError:
        output.abandon()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort: a sentence and a log, no traceback
        status = narration.fail(error, scope)
    return status


def _check_text(arguments: Sequence[str]) -> None:
    """Raises UsageError for an argument of bytes that are no text: neither the database nor a screen can hold it."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"The argument {argument!a} is not valid UTF-8.") from error


def _flush() -> None:
    """Raises RunError where stdout takes no more, BrokenPipeError where nobody reads it."""
    try:
        output.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        output.abandon()
        raise RunError(f"Standard output cannot be written: {error.strerror}.") from error


def run() -> NoReturn:
    """The script's entry."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # a program started with them closed has none
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - it stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    instruction = os.environ.get(COMPLETING)
    if instruction:
        sys.exit(import_module("tui_sync.cli.completion").complete(instruction))
    status = execute(sys.argv[1:])
    narration.settle(PATIENCE if status > SIGNALLED else None)
    output.abandon_unwritable()
    sys.exit(status)
