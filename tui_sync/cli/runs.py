"""Commands for runs: run, runs, outcomes, approve, retry."""

from __future__ import annotations

from itertools import chain, islice

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import choice, format_option, json_option, run_argument, sync_argument
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.cli.steering import Steering, steering, tell_end
from tui_sync.model.events import Event, delivering
from tui_sync.model.outcomes import Reason, RunSummary, Status
from tui_sync.model.sync import Removal
from tui_sync.present import runs as present
from tui_sync.present.policies import WRITES, there
from tui_sync.present.words import counted
from tui_sync.services import running, syncs
from tui_sync.services.desk import Desk

SHOWN_REMOVALS = 20
"""Removals that a dry run names."""


@click.command()
@sync_argument()
@click.option("--dry-run", is_flag=True, help="Fetch and decide only, in any state of the sync: nothing is written anywhere.")
@click.option("--full", is_flag=True, help="Fetch everything, not only what changed, and read who is in the list.")
@json_option
@at_desk
async def run(desk: Desk, name: str, *, dry_run: bool, full: bool, as_json: bool) -> int:
    """Run a sync.

    Exit status: 0 done, 1 failed, 4 held until an approval, 5 done with people who failed or were refused.
    """
    if dry_run:
        return await _preview(desk, name, full=full, as_json=as_json)
    with steering(desk, name) as helm:
        if desk.marketing and syncs.never_ran(desk, running.runnable(desk, name)):
            _tell_first(helm)
        summary = await running.start(desk, name, helm.control, full=full)
    _show(desk, summary, as_json=as_json)
    tell_end(summary)
    return helm.status(summary)


@click.command()
@sync_argument(required=False)
@json_option
@at_desk
def runs(desk: Desk, name: str, *, as_json: bool) -> int:
    """List the runs, newest first.

    With NAME: those of one sync.
    """
    found = running.listing(desk, name)
    if as_json:
        output.listing("runs", map(present.run_object, found))
    elif found:
        rows = (present.run_row(summary, desk.workspace.zone) for summary in found)
        output.table(present.RUN_HEADER, rows, spare=present.SPARE_RUN_COLUMNS)
        for summary in found:
            for remark in present.run_remarks(summary):
                output.text(remark)
    else:
        narration.warn("There is no run yet. Start one: tui-sync run NAME")
    return Exit.DONE


@click.command()
@run_argument()
@click.option("--status", type=choice(Status), help="Only those of one status.")
@click.option("--reason", type=choice(Reason), help="Only those ignored for it.")
@format_option
@at_desk
def outcomes(desk: Desk, run: str, *, status: str | None, reason: str | None, form: str) -> int:
    """List what a run did with every record."""
    kept = present.kept_sentence(desk.run(run), desk.workspace.zone)  # an unknown one is told before anything is printed
    if kept:
        narration.warn(kept)
    found = running.outcomes(desk, run, Status(status) if status else None, Reason(reason) if reason else None)
    match form:
        case "json":
            output.listing("outcomes", map(present.outcome_object, found))
        case "jsonl":
            output.json_lines(map(present.outcome_object, found))
        case "csv":
            output.comma_separated(present.OUTCOME_KEYS, map(present.outcome_cells, found))
        case _:
            first = next(found, None)
            if first is None:
                narration.warn(f"Run {run} has no such outcome. See its counts: tui-sync runs")
            else:
                output.table(present.OUTCOME_HEADER, map(present.outcome_row, chain((first,), found)), spare=("Record",))
    return Exit.DONE


@click.command()
@run_argument(lambda run: run.withheld)
@json_option
@at_desk
async def approve(desk: Desk, run: str, *, as_json: bool) -> int:
    """Make the removals that a run withheld.

    At most the people shown are removed; those who came back since are left alone.
    """
    held = desk.run(run)
    due = running.waiting(desk, held)
    if due.people:
        people = counted(due.people, "person", "people")
        narration.warn(f'Removing up to {people} that run {held.id} of "{held.sync}" withheld.')
    if desk.marketing:
        for scope, number in ((Removal.LIST, due.from_list), (Removal.HUB, due.from_hub)):
            if number:
                narration.warn(there(scope, number))
    with steering(desk, held.sync) as helm:
        summary = await running.approve(desk, run, helm.control)
    _show(desk, summary, as_json=as_json)
    tell_end(summary)
    return helm.status(summary)


@click.command()
@run_argument(lambda run: run.failed)
@json_option
@at_desk
async def retry(desk: Desk, run: str, *, as_json: bool) -> int:
    """Deliver the people whose delivery failed in a run."""
    with steering(desk, desk.run(run).sync) as helm:
        summary = await running.retry(desk, run, helm.control)
    _show(desk, summary, as_json=as_json)
    tell_end(summary)
    return helm.status(summary)


def _tell_first(helm: Steering) -> None:
    """Before the first delivery into Marketing Automation: say to how many people the hub may write."""
    pass_on = helm.control.tell

    def tell(event: Event) -> None:
        people = delivering(event)
        if people:
            helm.progress.close()
            narration.warn(f"{counted(people, 'person is', 'people are')} delivered for the first time. {WRITES}")
        pass_on(event)

    helm.control.tell = tell


async def _preview(desk: Desk, name: str, *, full: bool, as_json: bool) -> int:
    """Show what a run would do."""
    with steering(desk, name) as helm:
        preview = await running.preview(desk, name, helm.control, full=full)
    _show(desk, preview.summary, as_json=as_json)
    if desk.marketing:
        narration.warn(present.LEARNED_AT_DELIVERY)
    if as_json:
        return Exit.DONE
    calls = counted(preview.calls, "call")
    output.text(f"A run would make {calls} at the hub; what only a call can tell is learned at delivery.")
    long = present.delivery_words(preview.alike) if desk.limited else ""
    if long:
        output.text(long)
    removals = (o for o in preview.outcomes() if o.status in (Status.DELETED, Status.WITHHELD))
    shown = list(islice(removals, SHOWN_REMOVALS))
    if shown:
        output.table(present.OUTCOME_HEADER, map(present.outcome_row, shown), spare=("Record",))
    return Exit.DONE


def _show(desk: Desk, summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        output.one("run", present.run_object(summary))
        return
    output.fields(present.run_fields(summary, desk.workspace.zone))
    for note in summary.notes:
        output.text(note)
