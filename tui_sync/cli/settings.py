"""The settings of the organisation: listed, set, set back to their defaults."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import Items, json_option
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_any_desk, at_desk
from tui_sync.model.errors import UsageError
from tui_sync.model.settings import SETTINGS, setting_of
from tui_sync.present.settings import SETTING_HEADER, setting_object, setting_row
from tui_sync.services import settings as services
from tui_sync.services.desk import Desk


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def settings(context: click.Context, *, as_json: bool) -> int:
    """List the settings of the organisation, or change one.

    To change one: settings set KEY VALUE
    """
    return Exit.DONE if context.invoked_subcommand else _show(as_json=as_json)


@at_desk
def _show(desk: Desk, *, as_json: bool) -> int:
    known = services.settings(desk)
    if as_json:
        output.listing("settings", (setting_object(known, key) for key in SETTINGS))
    else:
        output.table(SETTING_HEADER, (setting_row(known, key) for key in SETTINGS), spare=("What it is for", "Default"))
    return Exit.DONE


def _keys(context: click.Context, parameter: click.Parameter, begun: str) -> Items:  # noqa: ARG001 - click's
    return [CompletionItem(key, help=known.says) for key, known in SETTINGS.items() if key.startswith(begun)]


@settings.command(name="set")
@click.argument("key", shell_complete=_keys)
@click.argument("value", required=False)
@click.option("--reset", is_flag=True, help="Back to the default.")
@at_any_desk
def set_one(desk: Desk, key: str, value: str | None, *, reset: bool) -> int:
    """Give a setting another value.

    Several values are separated by commas. An empty value ("") is one where the setting has a meaning for it.
    """
    known = setting_of(key)
    if reset is (value is not None):
        raise UsageError(f"Name a value for {known.key}, or --reset.", known.form)
    done = services.reset(desk, key) if value is None else services.change(desk, key, value)
    narration.warn(f"{done.label}: {done.before} -> {done.after}" if done.changed else f"{done.label} is {done.after} already.")
    return Exit.DONE
