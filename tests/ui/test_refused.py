"""What is refused behind a question, or not kept for want of room, is told: the program stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tests.ui.test_corrections import queue
from tui_sync.model.errors import RunError
from tui_sync.services import corrections, drafts, syncs
from tui_sync.services.schedules import LOCK
from tui_sync.ui.screens.dialogs import Prompt

FULL = "No space is left on the disk."


def full_disk() -> None:
    """Nothing can be written."""
    raise RunError(FULL)


BEHIND = {
    "pausing all": ("P", "y"), "sorting": ("s",), "the bell": ("f3",), "correcting all": ("4", "a", "y"),
    "discarding a draft": ("n", "down", "down", "enter"),
}  # fmt: skip


@pytest.mark.parametrize("keys", BEHIND.values(), ids=BEHIND.keys())
@acting
async def test_a_full_disk_is_told_and_everything_stays_as_it_is(ran: Path, keys: Sequence[str]) -> None:
    async with opened(ran) as ui:
        space = ui.app.desk.workspace
        left = [drafts.save(ui.app.desk, drafts.new(ui.app.desk))]
        space.db.rows.before_writing = full_disk
        for key in keys:
            await ui.press(key)
        await ui.until_text(FULL)
        assert (drafts.left(ui.app.desk), corrections.accepted(ui.app.desk)) == (left, [])


@acting
async def test_a_correction_that_somebody_else_has_dropped_meanwhile_is_told(ran: Path) -> None:
    async with opened(ran) as ui:
        await queue(ui)
        await ui.press("a", "y")
        await ui.until(lambda: corrections.accepted(ui.app.desk), "the corrections")
        await ui.press("2", "d")
        for known in corrections.accepted(ui.app.desk):
            corrections.drop(ui.app.desk, known.wrong)
        await ui.press("y")
        await ui.until_text("has no correction.")


@acting
async def test_a_draft_that_somebody_else_has_deleted_meanwhile_is_told(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.details(syncs.duplicate(ui.app.desk, "Tech clients", "Copy"))
        await ui.until_text("Copy")
        syncs.delete(ui.app.desk, "Copy")
        await ui.press("e")
        await ui.until_text('"Copy" was deleted meanwhile.')
        [told] = ui.app._notifications
        assert told.message == '"Copy" was deleted meanwhile. Bring it back: tui-sync restore Copy'


@acting
async def test_where_the_schedules_cannot_be_let_go_they_go_on(ran: Path) -> None:
    async with opened(ran, schedules=True) as ui:
        schedules, rows = ui.app.schedules, ui.app.desk.workspace.db.rows
        await ui.until(lambda: ui.app.desk.workspace.locks.keeps(LOCK), "the schedules")
        rows.before_writing = full_disk
        await ui.press("ctrl+z")
        await ui.until_text(FULL)
        rows.before_writing = None
        schedules.poke()
        await ui.until(lambda: ui.app.desk.workspace.locks.keeps(LOCK), "the schedules again")
        assert not any(task.done() for task in schedules._tasks)


@acting
async def test_a_question_that_met_a_refusal_while_it_is_typed_hears_what_is_typed_next(ran: Path) -> None:
    judged = list[str]()

    def check(text: str) -> str:
        judged.append(text)
        if text == "a":
            raise RunError(FULL)
        return ""

    async with opened(ran) as ui:
        ui.app.push_screen(Prompt("Name", check=check))
        await ui.press("a")
        await ui.until_text(FULL)
        await ui.press("b")
        assert judged[-1] == "ab"
