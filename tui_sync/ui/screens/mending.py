"""Mending a broken sync: what is gone, asked of the connection, and the ways out to choose from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_sync.model.errors import TuiSyncError
from tui_sync.model.sync import Sync
from tui_sync.model.text import visible
from tui_sync.present.repair import BELONG, mended_words, words
from tui_sync.services import catalogue, repair
from tui_sync.services.repair import Diagnosis, Mended, Option, Way
from tui_sync.ui import verbs
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

WRITES = " The hub may write to the people whom the next run adds to it."


def mend(program: TuiSync, sync: Sync) -> None:
    """Ask the connection what is gone, and offer the ways out. Whoever has gone elsewhere meanwhile is not asked there."""
    program.run_worker(_look(program, sync), group="mend", exclusive=True)


async def _look(program: TuiSync, sync: Sync) -> None:
    here = program.typed_at
    program.say(f"Asking the connection what of {sync.name} is gone.", about=sync.id)
    try:
        found = await repair.diagnose(program.desk, sync)
    except TuiSyncError as fault:
        program.say(str(fault), Tone.BAD, sync.id)
        return
    program.unsay(sync.id)
    if not found.options:
        program.say(f"Nothing of {sync.name} is broken.", about=sync.id)
        return
    if program.typed_at != here:
        program.say(f"{sync.name} was not mended: you went elsewhere before the ways out were known. Press m on it again.",
                    Tone.WARN, sync.id)  # fmt: skip
        return
    told = " ".join(sentence for _, sentence in found.troubles) or f"Everything of {visible(sync.name)} is there again."
    choices = [Choice(option, words(found.sync, option)) for option in found.options]
    program.push_screen(Picker(told, choices, hint=_hint(program, found)), lambda option: _chosen(program, found.sync, option))


def _hint(program: TuiSync, found: Diagnosis) -> str:
    if not any(option.way in (Way.LIST, Way.CREATE) for option in found.options):
        return ""
    return BELONG + (WRITES if program.desk.marketing else "")


def _chosen(program: TuiSync, sync: Sync, option: Option | None) -> None:
    if option is None:
        return
    desk = program.desk
    match option.way:
        case Way.VIEW:
            _begin(program, lambda: repair.use_view(desk, sync, option.key))
        case Way.ALL:
            _begin(program, lambda: repair.use_all(desk, sync))
        case Way.LIST:
            _begin(program, lambda: repair.use_list(desk, sync, option.name))
        case Way.CREATE:
            _ask_name(program, sync, option)
        case Way.MAPPING:
            program.go.mapping(sync, at=option.name)
        case Way.CRITERIA:
            program.go.criteria(sync, at=option.name)
        case Way.POLICIES:
            program.go.retrieval(sync)
        case Way.DUPLICATE:
            verbs.duplicate(program, sync)
        case Way.ACTIVATE:
            verbs.pause(program, sync)


def _ask_name(program: TuiSync, sync: Sync, option: Option) -> None:
    def named(name: str | None) -> None:
        if name is not None:
            _begin(program, lambda: repair.use_list(program.desk, sync, name, create=True))

    check = catalogue.name_mistake
    program.push_screen(Prompt("Name of the new list", option.name, check=check, hint="It is private.", go="create"), named)


def _begin(program: TuiSync, action: Callable[[], Awaitable[Mended]]) -> None:
    async def work() -> None:
        try:
            mended = await action()
        except TuiSyncError as fault:
            program.told(fault)
            return
        program.say(mended_words(mended), Tone.WARN if mended.left else Tone.PLAIN, mended.sync.id)
        program.changed()

    program.run_worker(work(), group="repair")
