"""What is broken in a sync and the ways out: sentences, commands and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import command_line, visible
from tui_sync.present.words import counted
from tui_sync.services.repair import Diagnosis, Mended, Option, Way

MOST = 12
"""Views or lists that are named one by one; the others are counted."""
BELONG = (
    "Memberships belong to the list that is gone: everybody is delivered anew, under the policies of now. Who had left that"
    " list, or was taken out by hand, stays out of the other one too."
)


def command(sync: Sync, option: Option) -> str:
    """The command of a way out."""
    match option.way:
        case Way.VIEW:
            return command_line("repair", sync.name, view=option.name)
        case Way.ALL:
            return command_line("repair", sync.name, all=True)
        case Way.LIST:
            return command_line("repair", sync.name, list=option.name)
        case Way.CREATE:
            return command_line("repair", sync.name, list=option.name, create=True)
        case Way.DUPLICATE:
            return command_line("duplicate", sync.name, "NEW")
        case Way.ACTIVATE:
            return command_line("activate", sync.name)
        case _:
            return "tui-sync apply FILE"


def words(sync: Sync, option: Option) -> str:
    """What a way out does, in a few words."""
    match option.way:
        case Way.VIEW:
            return f'Take the view "{visible(option.name)}"'
        case Way.ALL:
            return "Take all records of the module"
        case Way.LIST:
            return f'Deliver to the list "{visible(option.name)}"'
        case Way.CREATE:
            return f'Create the list anew, as "{visible(option.name)}" or under another name'
        case Way.CRITERIA:
            return f"Edit the criteria, at row {option.name}" if option.name else "Edit the criteria"
        case Way.MAPPING:
            return f"Edit the mapping, at {visible(option.name)}"
        case Way.POLICIES:
            return "Edit the policies: keep people who opted out, or bring the field back in Recruit"
        case Way.DUPLICATE:
            return "Duplicate the sync onto another module"
    return {
        "plan": "Try again, once there is room at the hub",
        "failures": "Try again, once the cause of the failures is gone",
    }.get(sync.trouble or "", "Take it up again")


def diagnosis_lines(found: Diagnosis) -> Iterator[str]:
    """What is wrong, and each way out with its command."""
    sync = found.sync
    if not found.troubles:
        again = "Everything is there again." if found.options else "Nothing is broken."
        yield f"{visible(sync.name)}: {again}"
    for _, sentence in found.troubles:
        yield f"{visible(sync.name)}: {sentence}"
    for option in found.options[:MOST]:
        yield f"  {words(sync, option)}: {command(sync, option)}"
    if len(found.options) > MOST:
        yield f"  and {len(found.options) - MOST} more: {command_line('views', sync.module)}, tui-sync lists"
    if any(option.way in (Way.LIST, Way.CREATE) for option in found.options):
        yield f"  {BELONG}"


def diagnosis_object(found: Diagnosis) -> dict[str, object]:
    """The same as JSON."""
    return {
        "sync": found.sync.name,
        "state": found.sync.state.value,
        "troubles": [{"trouble": trouble.value, "sentence": sentence} for trouble, sentence in found.troubles],
        "options": [
            {"way": option.way.value, "name": option.name or None, "command": command(found.sync, option)}
            for option in found.options
        ],
    }


def mended_words(mended: Mended) -> str:
    """What a repair came to."""
    sync = mended.sync
    if mended.left:
        return f"That is repaired, and something else of {visible(sync.name)} is broken: {mended.left}"
    kept = ""
    if mended.staying_out:
        kept = f" {counted(mended.staying_out, 'person', 'people')} who had left the old list stay out."
    if sync.state is SyncState.ACTIVE:
        return f"{visible(sync.name)} is active again; its next run fetches everything.{kept}"
    return f"{visible(sync.name)} is {sync.state}: {visible(sync.reason)}{kept}"
