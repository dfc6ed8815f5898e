"""The demo: an organisation of its own, its sample syncs, and what they do from one day to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from tui_sync import bootstrap
from tui_sync.cli import narration, output
from tui_sync.cli.exits import Exit
from tui_sync.cli.organisation import apply_samples, demo_desk
from tui_sync.cli.screen import open_demo
from tui_sync.cli.session import WHERE, attend, current
from tui_sync.cli.steering import steering
from tui_sync.model.errors import LimitRefused, UsageError
from tui_sync.model.outcomes import LABELS, Cause, Reason, Result, RunSummary, Status
from tui_sync.model.sync import SyncState
from tui_sync.model.text import word
from tui_sync.present.runs import ignored_rows
from tui_sync.present.words import happening
from tui_sync.services import limits, running
from tui_sync.services.desk import Desk
from tui_sync.ui.script import TOUR

HEADER = ("Sync", "Run", "Result", "Total", "New", "Re-added", "Duplicate", "Ignored", "Deleted")
NextSteps = tuple[str, str, str]
"""The commands that go on from here: another day, the outcomes of a run (without its number), one person."""

RUNNABLE = (SyncState.ACTIVE, SyncState.COMPLETED)


def _scripts(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    tour = [CompletionItem(TOUR)] if TOUR.startswith(begun) else []
    return [*tour, CompletionItem(begun, type="file")]


@click.command()
@click.option("--records", type=click.IntRange(1), help="Candidates to make up on first use; 2000 without it.")
@click.option("--seed", type=int, help="Another seed makes up other people.")
@click.option("--no-ui", is_flag=True, help="Print the outcomes instead of opening the screens.")
@click.option("--advance", is_flag=True, help="Move the organisation one day on, run its syncs again and print the outcomes.")
@click.option(
    "--script", default="", metavar="FILE", shell_complete=_scripts,
    help="Play keys from a file in the screens; `tour` comes with the program.",
)  # fmt: skip
@click.pass_context
def demo(
    context: click.Context, records: int | None, seed: int | None, script: str, *, no_ui: bool, advance: bool
) -> int:
    """Run the demo organisation's syncs and see what happened to every person.

    The first call makes the organisation, in a folder of its own unless a workspace is given. With --no-ui or --advance
    the outcomes are printed; else the screens open.
    """
    scope = current()
    if not (no_ui or advance):
        return open_demo(scope, records, seed, script)
    if script:
        raise UsageError("A script is played in the screens.", "Leave --no-ui and --advance out.")
    desk = demo_desk(scope, WHERE, records=records, seed=seed)
    folder = desk.workspace.folder
    named = context.find_root().get_parameter_source("workspace") is ParameterSource.ENVIRONMENT
    here = "tui-sync" if named else "tui-sync --workspace " + word(str(folder))
    again = here if scope.given else "tui-sync"
    next_steps = (f"{again} demo --advance", f"{here} outcomes", f"{here} explain EMAIL")
    return attend(scope, desk, lambda: _demo(desk, next_steps, advance=advance))


async def _demo(desk: Desk, next_steps: NextSteps, *, advance: bool) -> int:
    """Set the syncs up on first use, let a day pass if asked to, run them, say what is next."""
    first = not desk.workspace.syncs.every()
    if first:
        await apply_samples(desk)
    status = await _run_all(desk) if first or not advance else Exit.DONE
    if advance and status == Exit.DONE:
        if first:
            output.text("")
        output.text("One day on:")
        output.fields((happening(name), number) for name, number in bootstrap.advance_day(desk).items())
        output.text("")
        status = await _run_all(desk)
    if status == Exit.DONE:
        _what_next(desk, next_steps)
    return status


async def _run_all(desk: Desk) -> int:
    """Run every sync that may run, oldest first, and print what happened; 1 where a run failed."""
    ended: list[RunSummary] = []
    status = int(Exit.DONE)
    limits.promote(desk)
    for sync in desk.workspace.syncs.all():
        if sync.state not in RUNNABLE:
            continue
        with steering(desk, sync.name) as helm:
            try:
                run = await running.start(desk, sync.name, helm.control)
            except LimitRefused as refusal:
                narration.warn(str(refusal))
                continue
        ended.append(run)
        if run.result in (Result.FAILED, Result.CANCELLED):
            narration.warn(f"{run.sync}: {run.message}")
            status = helm.status(run)
        if run.result is Result.CANCELLED:
            break
    output.table(HEADER, map(_row, ended))
    output.text("")
    output.fields(_why(desk, ended))
    return status


def _row(run: RunSummary) -> list[str | int | None]:
    counts = run.counts
    return [
        run.sync, run.id, run.result, counts.total, counts.new, counts.re_added, counts.duplicate, counts.ignored,
        counts.deleted,
    ]  # fmt: skip


def _why(desk: Desk, ended: Iterable[RunSummary]) -> list[tuple[str, int]]:
    """The reasons and causes of all these runs, with how many people each met."""
    ignored: Counter[str] = Counter()
    removed: Counter[tuple[Status, Cause | None]] = Counter()
    for run in ended:
        ignored.update(dict(ignored_rows(run)))
        for status in (Status.DELETED, Status.WITHHELD):
            if run.withheld if status is Status.WITHHELD else run.counts.deleted:
                removed.update((status, outcome.cause) for outcome in running.outcomes(desk, run.id, status))
    rows = [(f"Ignored: {LABELS[reason]}", ignored[LABELS[reason]]) for reason in Reason]
    for status in (Status.DELETED, Status.WITHHELD):
        rows += [(f"{LABELS[status]}: {LABELS[cause].lower()} in Recruit", removed[status, cause]) for cause in Cause]
    return [row for row in rows if row[1]]


def _what_next(desk: Desk, next_steps: NextSteps) -> None:
    """Say what to do next, with commands that work as they stand."""
    advance, outcomes, explain = next_steps
    output.text("")
    output.text(f"Let a day pass and run again: {advance}")
    for newest in running.listing(desk)[:1]:
        output.text(f"See everybody of a run:       {outcomes} {newest.id}")
        output.text(f"See all of one person:        {explain}")
