"""Commands that look at what the connection offers: modules, fields, views, lists, leads, create-list, delete-list."""

from __future__ import annotations

import click

from tui_sync.cli import narration, output
from tui_sync.cli.arguments import format_option, json_option, known_list, module_argument, noted_list
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import at_desk
from tui_sync.model.hub import Member, MemberState
from tui_sync.model.text import visible
from tui_sync.present import catalogue as present
from tui_sync.services import catalogue
from tui_sync.services.desk import Desk


@click.command()
@json_option
@at_desk
async def modules(desk: Desk, *, as_json: bool) -> int:
    """List the modules that can be synced.

    Those that cannot say why.
    """
    found = await catalogue.modules(desk)
    if as_json:
        output.listing("modules", map(present.module_object, found))
    elif not found:
        narration.warn("The connection reports no module. See whether it may read them: tui-sync doctor")
    else:
        output.table(present.MODULE_HEADER, map(present.module_row, found))
    return Exit.DONE


@click.command()
@module_argument("Candidates", "Clients", "Job_Openings")
@json_option
@at_desk
async def fields(desk: Desk, module: str, *, as_json: bool) -> int:
    """List the fields of a module.

    MODULE is its name or label; Clients and Job_Openings are possible too.
    """
    found = await catalogue.fields(desk, module)
    if as_json:
        output.listing("fields", map(present.field_object, found))
    elif not found:
        narration.warn(f'The module "{module}" has no field. See the modules: tui-sync modules')
    else:
        output.table(present.FIELD_HEADER, map(present.field_row, found))
    return Exit.DONE


@click.command()
@module_argument("Candidates")
@json_option
@at_desk
async def views(desk: Desk, module: str, *, as_json: bool) -> int:
    """List the custom views of a module."""
    found = await catalogue.views(desk, module)
    if as_json:
        output.listing("views", map(present.view_object, found))
    elif not found:
        narration.warn(f'The module "{module}" has no custom view. One is made in Recruit.')
    else:
        output.table(present.VIEW_HEADER, map(present.view_row, found))
    return Exit.DONE


@click.command()
@json_option
@at_desk
async def lists(desk: Desk, *, as_json: bool) -> int:
    """List the mailing lists of the hub.

    Lists that were noted and are not created yet stand among them.
    """
    found = await catalogue.lists(desk)
    if as_json:
        output.listing("lists", map(present.list_object, found))
    elif not found:
        narration.warn("The hub has no list yet. Create one: tui-sync create-list NAME")
    else:
        output.table(present.LIST_HEADER, map(present.list_row, found))
    return Exit.DONE


@click.command()
@click.argument("name", metavar="LIST", shell_complete=known_list)
@format_option
@at_desk
async def leads(desk: Desk, name: str, *, form: str) -> int:
    """List the people in a mailing list.

    As CSV: the active ones, in the columns that Marketing Automation's own import takes, fields by their display names.
    """
    await catalogue.mailing_list(desk, name)
    columns: tuple[str, ...] = ()
    if form == "csv":
        columns = await catalogue.import_columns(desk)
        output.comma_separated(columns, ())
    kept: list[tuple[MemberState, Member]] = []
    async for state, page in catalogue.leads(desk, name):
        if form == "jsonl":
            output.json_lines(present.lead_object(state, member) for member in page)
        elif form != "csv":
            kept += [(state, member) for member in page]
        elif state is MemberState.ACTIVE:
            output.comma_separated((), (present.import_row(member, columns) for member in page))
        else:
            break
    if form == "json":
        output.listing("leads", (present.lead_object(*known) for known in kept))
    elif form == "table" and not kept:
        narration.warn(f'Nobody is in the list "{name}". A sync that delivers to it brings people: tui-sync syncs')
    elif form == "table":
        output.table(present.LEAD_HEADER, (present.lead_row(*known) for known in kept))
    return Exit.DONE


@click.command()
@click.argument("name")
@at_desk
async def create_list(desk: Desk, name: str) -> int:
    """Create a mailing list.

    Marketing Automation has no call for an empty list: there it is noted in the workspace, and the first delivery
    creates it, private.
    """
    made = await catalogue.create_list(desk, name)
    how = "Noted the list; the first delivery creates it, private:" if made.noted else "Created the list"
    narration.warn(f'{how} "{made.name}".')
    return Exit.DONE


@click.command()
@click.argument("name", shell_complete=noted_list)
@at_desk
async def delete_list(desk: Desk, name: str) -> int:
    """Delete a list that is only noted here and that no sync uses.

    One that the hub has is deleted there.
    """
    gone = await catalogue.delete_list(desk, name)
    narration.warn(f'Deleted the noted list "{visible(gone.name)}".')
    return Exit.DONE
