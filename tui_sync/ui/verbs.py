"""What one does with a sync, from whichever screen: each asks what it must, calls the service, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING

from tui_sync.model.errors import Damaged, LimitRefused, RunError, TuiSyncError
from tui_sync.model.sync import Sync, SyncState
from tui_sync.model.text import visible
from tui_sync.present.words import counted
from tui_sync.services import drafts, limits, repair, syncs
from tui_sync.services.deleted import gone
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.present.policies import initiating
from tui_sync.ui.present.syncs import SO_FAR
from tui_sync.ui.screens import room
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

NOTHING_BACK = "No edit or deletion since the start is left to take back."


def why_not(program: TuiSync, sync: Sync | None, name: str) -> str:
    """Why a verb cannot be done with a sync at present; empty where it can."""
    if name == "undo":
        return "" if program.undone else NOTHING_BACK
    if sync is None:
        return "There is no sync yet. Press n to define one."
    if sync.deleted is not None and name in VERBS:  # what only looks at it goes on
        return gone(sync)
    if name in ("watch", "cancel") and not program.runner.is_busy(sync.id):
        holder = program.desk.workspace.locks.holder(f"sync:{sync.id}")
        there = f"{visible(sync.name)} is run by {holder}. It is watched and stopped there. {SO_FAR}"
        return there if holder else f"No run of {visible(sync.name)} goes on."
    if name in ("run", "run_full", "dry_run", "delete") and program.runner.is_busy(sync.id):
        return f"{visible(sync.name)} is running. Press w to watch it."
    if name in ("run", "run_full") and program.go.looking == sync.id:
        return "What the first run would do is looked at already. You are asked when that is known."
    return _state_why_not(program, sync, name) or _limit_why_not(program, sync, name)


def _limit_why_not(program: TuiSync, sync: Sync, name: str) -> str:
    """Why the limits refuse it, with the moment from which they do not; for want of a place one is asked."""
    if name in ("run", "run_full"):
        return limits.why_no_run(program.desk, sync)
    if name == "pause" and sync.initiated is None:
        return limits.why_no_initiation(program.desk, sync)
    return ""


def _state_why_not(program: TuiSync, sync: Sync, name: str) -> str:
    shown = visible(sync.name)
    if name == "mend":
        return syncs.nothing_to_mend(sync)
    if name in ("run", "run_full"):
        match sync.state:
            case SyncState.DRAFT:
                return f"{shown} is a draft. Press e, and initiate it in the review."
            case SyncState.BROKEN:
                return f"{shown} is broken: {sync.reason} Press m to mend it."
    if name == "pause" and sync.state is SyncState.COMPLETED:
        again = limits.why_no_run(program.desk, sync) or "Press r to run it again."
        return f"{shown} is completed: a one-time sync has no schedule to stop. {again}"
    return ""


def run(program: TuiSync, sync: Sync, *, full: bool = False) -> None:
    """Start a run and stay where one is; the first one into Marketing Automation only after a question."""
    if program.desk.marketing and syncs.never_ran(program.desk, sync):
        program.go.first_run(sync)
    else:
        program.runner.run(sync, full=full)


def dry_run(program: TuiSync, sync: Sync) -> None:
    """Start a dry run and watch it."""
    program.go.run(program.runner.dry_run(sync))


def watch(program: TuiSync, sync: Sync) -> None:
    """Look at the run that goes on."""
    going = program.runner.of(sync.id)
    if going is not None:
        program.go.run(going)


def cancel(program: TuiSync, sync: Sync) -> None:
    """Stop the run that goes on."""
    going = program.runner.of(sync.id)
    if going is not None:
        program.runner.cancel(going)
        program.say(f"{sync.name} stops after the present person.", about=sync.id)


def pause(program: TuiSync, sync: Sync) -> None:
    """Stop the schedule, or take it up again; a draft is initiated. Where no place is free, one is asked for."""
    if sync.state in (SyncState.ACTIVE, SyncState.QUEUED):
        _attempt(program, lambda: syncs.deactivate(program.desk, sync),
                 f"{sync.name} is inactive now: it runs by hand only. p takes it up again.", sync.id)
    elif sync.initiated is None:
        _initiate(program, sync)
    else:
        _activate(program, sync)


def _activate(program: TuiSync, sync: Sync) -> None:
    if sync.state is SyncState.BROKEN:
        program.run_worker(_look_and_activate(program, sync), group=f"activate-{sync.id}", exclusive=True)
        return
    room.with_room(program, sync.name, lambda: syncs.activate(program.desk, sync),
                   lambda active: room.tell_state(program, active))


async def _look_and_activate(program: TuiSync, sync: Sync) -> None:
    """Ask the connection whether a broken sync is mended, and make it active where it is."""
    here = program.typed_at
    program.say(f"Asking the connection whether {sync.name} is mended.", about=sync.id)
    try:
        found = await repair.activate(program.desk, sync)
    except TuiSyncError as fault:
        program.unsay(sync.id)
        room.refused(program, sync.name, fault, lambda: _activate(program, sync), asks=program.typed_at == here)
        return
    if found.left:
        program.say(f"{sync.name} is still broken: {found.left} Press m to mend it.", Tone.WARN, sync.id)
        program.changed()
    else:
        room.tell_state(program, found.sync)


def _initiate(program: TuiSync, sync: Sync) -> None:
    """Make a draft active; what its policies do at Marketing Automation is asked for first."""
    question = initiating(sync.name, sync.policies, marketing=program.desk.marketing)
    if question is None:
        _activate(program, sync)
        return

    def done(yes: bool | None) -> None:
        if yes:
            _activate(program, sync)

    asked, told, typed = question
    program.push_screen(Ask(asked, told, confirm="initiate it", typed=typed), done)


def mend(program: TuiSync, sync: Sync) -> None:
    """Find out what is broken, and offer the ways out."""
    program.go.mending(sync)


def rename(program: TuiSync, sync: Sync) -> None:
    """Ask for another name."""
    def check(text: str) -> str:
        return refusal(lambda: syncs.good_name(program.desk, text, besides=sync.id))

    def done(name: str | None) -> None:
        if name is not None and name.strip() != sync.name:
            def renamed() -> None:
                remember_edit(program, sync, syncs.rename(program.desk, sync, name), f"the name of {sync.name}")

            _attempt(program, renamed, f"{sync.name} is called {name.strip()} now.", sync.id)

    program.push_screen(Prompt(f"Another name for {sync.name}", sync.name, check=check, go="rename"), done)


def duplicate(program: TuiSync, sync: Sync) -> None:
    """Ask for the name of the copy."""
    def check(text: str) -> str:
        return refusal(lambda: syncs.good_name(program.desk, text))

    def done(name: str | None) -> None:
        if name is None:
            return

        def copied() -> None:
            program.go.wanted = syncs.duplicate(program.desk, sync, name).id

        _attempt(program, copied, f"{name.strip()} is a draft. Press e on it: everything of a draft can be changed.", sync.id)

    hint = "The copy is a draft; module, view and list of a draft can still be changed."
    program.push_screen(Prompt(f"Duplicate {sync.name} as", f"{sync.name} 2", hint=hint, check=check, go="duplicate"), done)


def delete(program: TuiSync, sync: Sync) -> None:
    """Ask, with what it means in numbers, and delete; `u` brings it back."""
    runs = len(program.desk.workspace.runs.all(sync.id))
    stays = f"{counted(runs, 'run')} and everybody it brought stay on record, and nobody is removed from {sync.list_name}."
    means = f"It stops for good. {stays if runs else 'It has never run, so it has brought nobody.'}"

    def done(yes: bool | None) -> None:
        if not yes:
            return

        def deleted() -> None:
            gone = syncs.delete(program.desk, sync)
            program.undone.append((f"the deletion of {sync.name}", lambda: syncs.put_back(program.desk, gone)))

        if _attempt(program, deleted, f"{sync.name} is deleted. u brings it back.", sync.id):
            program.go.first()

    program.push_screen(
        Ask(f"Delete the sync {sync.name}?", (means,), confirm="delete it"), done
    )


def tell_gone(program: TuiSync, sync_id: str) -> None:
    """Tell that a sync was deleted, if it was, by another program."""
    sync = program.desk.workspace.syncs.get(sync_id)
    if sync is not None and sync.deleted is not None:
        program.say(gone(sync), Tone.WARN, sync_id)


def edit(program: TuiSync, sync: Sync) -> None:
    """The edit menu; a draft opens in the wizard, where everything can be changed."""
    if sync.state is SyncState.DRAFT:
        program.go.wizard(drafts.reopen(program.desk, sync))
        return
    criteria = "" if sync.selection.conditions else "This sync selects by no criteria; duplicate it to select otherwise."
    choices = [
        Choice("mapping", "Edit mapping", why_not=""),
        Choice("criteria", "Edit criteria", why_not=criteria),
        Choice("retrieval", "Edit retrieval details: schedule, data, policies"),
        Choice("rename", "Rename"),
    ]

    def done(choice: str | None) -> None:
        match choice:
            case "mapping":
                program.go.mapping(sync)
            case "criteria":
                program.go.criteria(sync)
            case "retrieval":
                program.go.retrieval(sync)
            case "rename":
                rename(program, sync)

    hint = "Module, view and list stay; duplicate the sync to change them."
    program.push_screen(Picker(f"Edit {sync.name}", choices, hint=hint), done)


def fix(program: TuiSync, sync: Sync) -> None:
    """The addresses of the sync that look misspelt."""
    program.go.corrections(visible(sync.name))


def remember_edit(program: TuiSync, before: Sync, after: Sync, what: str) -> None:
    """Let `u` bring the version before an edit back, unless somebody has changed since what the edit had left."""
    program.undone.append((what, lambda: syncs.put_back(program.desk, before, after)))


async def take_back(program: TuiSync, what: str, back: Callable[[], object]) -> None:
    """Take back an edit or deletion. What a limit, a run that goes on or a full disk refuses can be tried again: all pass, and
    nothing was changed."""
    try:
        there = back()
        if isawaitable(there):
            there = await there
    except TuiSyncError as fault:
        if isinstance(fault, (LimitRefused, RunError)) and not isinstance(fault, Damaged):
            program.undone.append((what, back))
        program.told(fault)
        return
    program.go.wanted = there.id if isinstance(there, Sync) else ""
    program.say(f"Taken back: {what}.", about=program.go.wanted or what)
    program.changed()


def refusal(check: Callable[[], object]) -> str:
    """The sentence with which a check refuses; empty where it passes."""
    try:
        check()
    except TuiSyncError as fault:
        return str(fault)
    return ""


def _attempt(program: TuiSync, action: Callable[[], object], well: str, about: str) -> bool:
    try:
        action()
    except TuiSyncError as fault:
        program.told(fault)
        return False
    program.say(well, about=about)
    program.changed()
    return True


VERBS: dict[str, Callable[[TuiSync, Sync], None]] = {
    "run": run, "run_full": partial(run, full=True), "dry_run": dry_run, "watch": watch, "cancel": cancel, "pause": pause,
    "rename": rename,
    "duplicate": duplicate, "delete": delete, "edit": edit,
    "mend": mend, "fix": fix,
}  # fmt: skip
"""Actions of the registry that every screen about a sync has."""
