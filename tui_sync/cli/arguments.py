"""Arguments and options that several commands share, and what a shell may complete them to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import click
from click.shell_completion import CompletionItem

from tui_sync import bootstrap
from tui_sync.bootstrap import Glance, SeenRun
from tui_sync.model.sync import SyncState
from tui_sync.model.text import visible

F = TypeVar("F", bound=Callable[..., Any])
Items: TypeAlias = "list[CompletionItem[str]]"
"""Quoted: older versions of click know no type of their items at run time."""


def json_option(command: F) -> F:
    """--json: one object with one key instead of text for people."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def format_option(command: F) -> F:
    """--format table|jsonl|csv, and --json; the command gets `form`, one of `table`, `json`, `jsonl`, `csv`."""

    def as_json(context: click.Context, _: click.Parameter, given: bool) -> None:
        if given:
            context.params["form"] = "json"

    json_flag = click.option(
        "--json", is_flag=True, expose_value=False, callback=as_json, help="Print one JSON object."
    )
    chosen = click.option(
        "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True,
        is_eager=True, help="How to print.",
    )  # fmt: skip
    return chosen(json_flag(command))


def choice(kind: type[StrEnum]) -> click.Choice[str]:
    """The values of an enumeration as a choice, in any case; the command gets the text (click itself takes names)."""
    return click.Choice([member.value for member in kind], case_sensitive=False)


def sync_argument(*, required: bool = True, states: Collection[SyncState] = ()) -> Callable[[F], F]:
    """NAME: the name of a sync; empty where it is not required and not given. Shells complete it to the syncs of these states."""
    complete = completed(lambda glance: [sync.name for sync in glance.syncs() if not states or sync.state in states])
    if required:
        return click.argument("name", shell_complete=complete)
    return click.argument("name", required=False, default="", shell_complete=complete)


def run_argument(wanted: Callable[[SeenRun], object] = bool) -> Callable[[F], F]:
    """RUN: the number of a run. Shells complete it to the runs that are wanted."""

    def numbers(glance: Glance) -> list[str | CompletionItem[str]]:
        said = ((run.id, visible(f"{run.sync}: {run.result}")) for run in glance.runs() if wanted(run))
        return [CompletionItem(number, help=words) for number, words in said]

    return click.argument("run", shell_complete=completed(numbers))


def completed(read: Callable[[Glance], Iterable[str | CompletionItem[str]]]) -> Callable[..., Items]:
    """Complete to what `read` finds in the workspace: to nothing where there is none, and not to names that hide something."""

    def complete(context: click.Context, _: click.Parameter, begun: str) -> Items:
        # Whatever is wrong, a shell in the middle of a line must not be interrupted by it.
        with suppress(Exception):
            glance = Glance(context.find_root().params.get("workspace") or bootstrap.default_folder())
            found = [CompletionItem(item) if isinstance(item, str) else item for item in read(glance)]
            return [item for item in found if item.value.startswith(begun) and visible(item.value) == item.value]
        return []

    return complete


known_list = completed(lambda glance: glance.lists())
"""Lists that are known without a question to the hub."""

noted_list = completed(lambda glance: glance.noted())
"""Lists that only the workspace knows, and that no sync uses: those that can be deleted."""


def module_argument(*others: str) -> Callable[[F], F]:
    """MODULE: a module's name. Shells complete it to those of the syncs, and to these others."""
    return click.argument(
        "module",
        shell_complete=completed(lambda glance: dict.fromkeys([*(sync.module for sync in glance.syncs()), *others])),
    )
