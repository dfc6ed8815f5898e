"""Arguments and options that several commands share, and what a shell may complete them to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import click
from click.shell_completion import CompletionItem

from tui_sync import bootstrap
from tui_sync.model.text import visible
from tui_sync.services.desk import Desk

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


def sync_argument(*, required: bool = True) -> Callable[[F], F]:
    """NAME: the name of a sync; empty where it is not required and not given."""
    if required:
        return click.argument("name", shell_complete=_sync_names)
    return click.argument("name", required=False, default="", shell_complete=_sync_names)


def run_argument(command: F) -> F:
    """RUN: the number of a run."""
    return click.argument("run", shell_complete=_run_numbers)(command)


def _sync_names(context: click.Context, _: click.Parameter, begun: str) -> Items:
    def names(desk: Desk) -> Items:
        return [CompletionItem(sync.name) for sync in desk.workspace.syncs.all() if visible(sync.name) == sync.name]

    return [item for item in _look(context, names) if item.value.startswith(begun)]


def _run_numbers(context: click.Context, _: click.Parameter, begun: str) -> Items:
    def numbers(desk: Desk) -> Items:
        return [CompletionItem(run.id, help=visible(f"{run.sync}: {run.result}")) for run in desk.workspace.runs.all()]

    return [item for item in _look(context, numbers) if item.value.startswith(begun)]


def _look(context: click.Context, read: Callable[[Desk], Items]) -> Items:
    """What `read` finds in the workspace; nothing where there is none, which is not made for it."""
    # Whatever is wrong, a shell in the middle of a line must not be interrupted by it.
    with suppress(Exception):
        folder = context.find_root().params.get("workspace") or bootstrap.default_folder()
        if folder.is_dir():
            desk = bootstrap.open_desk(folder, "completion")
            try:
                return read(desk)
            finally:
                asyncio.run(_close(desk))
    return []


async def _close(desk: Desk) -> None:
    await bootstrap.close(desk)
