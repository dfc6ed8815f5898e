"""Commands for people: explain, remove, suppress, lift, and the suppression list."""

from __future__ import annotations

from pathlib import Path

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import json_option, known_list
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_any_desk, at_desk
from tui_sync.model.errors import UsageError
from tui_sync.model.sync import Removal
from tui_sync.model.text import command_line
from tui_sync.present import people as present
from tui_sync.present.people import is_known, person_object, person_sentences
from tui_sync.present.policies import there
from tui_sync.present.words import counted
from tui_sync.services import lifting, people
from tui_sync.services import suppression as suppressing
from tui_sync.services.desk import Desk

reason_option = click.option("--reason", metavar="R", required=True, help="Why: it is kept and shown.")


@click.command()
@click.argument("email")
@json_option
@at_desk
def explain(desk: Desk, email: str, *, as_json: bool) -> int:
    """Tell everything that is known of one address.

    The records and syncs that carry it, what the last runs did, its lists, what keeps it out of them, and what waits.
    """
    if not email.strip():
        raise UsageError("There is no address to explain.", "Name one: tui-sync explain EMAIL")
    known = people.explain(desk, email, thorough=True)
    names = {sync.id: sync.name for sync in desk.workspace.syncs.every()}
    if as_json:
        output.one("person", person_object(known, names))
    else:
        for sentence in person_sentences(known, names, desk.workspace.zone):
            output.text(sentence)
    near = [] if is_known(known) else people.like(desk, email)
    if near:
        narration.warn(f"Known addresses like it: {', '.join(near)}")
    return Exit.DONE


@click.command()
@click.argument("email")
@click.option(
    "--list", "list_name", metavar="NAME", required=True, shell_complete=known_list, help="The list to take the person out of."
)
@at_desk
async def remove(desk: Desk, email: str, list_name: str) -> int:
    """Take one person out of a list for good.

    No sync brings them back into it.
    """
    means = there(Removal.LIST, 1)
    gone = await people.remove(desk, email, list_name, lambda: narration.warn(means) if desk.marketing else None)
    if gone.made_by or gone.by:
        narration.warn(f'Took {gone.email} out of "{list_name}"; no sync brings them back.')
    else:
        narration.warn(f'{gone.email} is out of "{list_name}": no sync had brought them there, and from now on none does.')
    return Exit.DONE


@click.command()
@click.argument("email")
@reason_option
@at_any_desk
def suppress(desk: Desk, email: str, reason: str) -> int:
    """Put one person on the suppression list: no sync adds or updates them.

    They stay in the lists that they are in; `remove` takes them out. No sync lifts it, only `lift` does.
    """
    done = suppressing.suppress(desk, email, reason)
    for sentence in present.suppressed_sentences(done, f"`{command_line('remove', done.mark.email, list='NAME')}`"):
        narration.warn(sentence)
    return Exit.DONE


@click.command()
@click.argument("email")
@reason_option
@at_desk
async def lift(desk: Desk, email: str, reason: str) -> int:
    """Lift what keeps one person out.

    That is the suppression list, a removal by hand, bars by opt-out or conversion, and Do-Not-Mail as far as it was
    remembered here. The next run of their syncs decides their record anew. Whoever left a list on their own stays out.
    """
    for sentence in lifting.sentences(await lifting.lift(desk, email, reason)):
        narration.warn(sentence)
    return Exit.DONE


@at_desk
def _suppressed(desk: Desk, *, as_json: bool) -> int:
    marks = suppressing.listing(desk)
    if as_json:
        output.listing("suppression", map(present.suppressed_object, marks))
    elif marks:
        rows = (present.suppressed_row(mark, desk.workspace.zone) for mark in marks)
        output.table(present.SUPPRESSION_HEADER, rows, ("Since",))
    else:
        narration.warn("Nobody is on the suppression list. Put somebody there: tui-sync suppress EMAIL --reason R")
    return Exit.DONE


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def suppression(context: click.Context, *, as_json: bool) -> int:
    """List the people on the suppression list; export or import it.

    No sync adds or updates them. The last one added stands first. `export` and `import` speak
    CSV with the columns email and reason.
    """
    return Exit.DONE if context.invoked_subcommand is not None else _suppressed(as_json=as_json)


@suppression.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@at_desk
async def export_suppression(desk: Desk, file: Path | None) -> int:
    """Print the suppression list as CSV, or write it to FILE."""
    if file is None:
        for some in suppressing.as_csv(suppressing.listing(desk)):
            output.document(some)
    else:
        number = await suppressing.export(desk, file)
        narration.warn(f"Wrote {counted(number, 'person', 'people')} to {file}. Only you can read it.")
    return Exit.DONE


@suppression.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@at_any_desk
async def import_suppression(desk: Desk, file: Path) -> int:
    """Add everybody in a CSV file to the suppression list, all or nothing.

    Whoever is on it already stays; nobody is taken off it.
    """
    done = await suppressing.read(desk, file)
    added, changed = counted(done.added, "person", "people"), counted(done.changed, "has", "have")
    same = counted(done.same, "was", "were")
    narration.warn(f"Added {added}; {changed} another reason now, {same} there already.")
    return Exit.DONE
