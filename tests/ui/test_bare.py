"""Screens without rows and screens that could not be filled: each says in words what is so, and names a key that works there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.worker import WorkerFailed

from tests.ui import tour
from tests.ui.driver import PLAIN, Driver, acting, opened
from tests.ui.seen import NOON
from tests.ui.test_mending import organisation
from tui_sync.model.errors import Damaged
from tui_sync.model.outcomes import Outcome, Status
from tui_sync.model.sync import Sync, SyncState
from tui_sync.services import running
from tui_sync.simulator import Fault
from tui_sync.ui.app import TuiSync
from tui_sync.ui.keys import ACTIONS, shown_keys
from tui_sync.ui.leaving import going_on
from tui_sync.ui.screens.page import Page
from tui_sync.ui.terminal import Profile

State = Callable[[Driver, Sync], Awaitable[None]]
SMALL = (60, 16)
DOES = "shows|goes|adds|names|writes|watches|connect"
"""What follows a key that begins a sentence."""
ALUMNI = "All alumni"
NOBODYS = Sync(id="s", name="Any", module="Alumni", list_key="l", list_name="Any", created=NOON)


def pressed(*keys: str) -> State:
    """What is there after some keys on the first screen."""

    async def go(ui: Driver, sync: Sync) -> None:
        await ui.press(*keys)
        await ui.until(lambda: "Reading" not in ui.text(), "the rows")

    return go


def nobody(tab: str) -> State:
    """A tab of a run that looked at nobody."""

    async def go(ui: Driver, sync: Sync) -> None:
        await running.start(ui.app.desk, sync.name, running.control(ui.app.desk, lambda _: None))
        await tour.details(tab)(ui, sync)

    return go


async def failed(ui: Driver, sync: Sync) -> None:
    organisation(ui).faults.add(Fault(kind="html", path="/recruit", count=2))
    await nobody("total")(ui, sync)
    organisation(ui).faults.clear()


async def no_new(ui: Driver, sync: Sync) -> None:
    """The tab New of a run that has one duplicate only."""
    run, _ = tour.last_run(ui, sync)
    other = replace(run, id=ui.app.desk.workspace.runs.next_id(), counts=type(run.counts)())
    told = [Outcome(record_id="1", email="ann@example.org", status=Status.DUPLICATE)]
    ui.app.desk.workspace.runs.add(other.id, told)
    other.count(told)
    ui.app.desk.workspace.runs.put(other)
    await tour.details("new")(ui, sync)


async def never_ran(ui: Driver, sync: Sync) -> None:
    ui.app.go.details(replace(sync, id="none"))
    await ui.press("9")


async def no_list_answer(ui: Driver, sync: Sync) -> None:
    organisation(ui).faults.add(Fault(kind="html", path="/api/v1", count=2))
    await ui.press("2")
    await ui.until_text("read again")
    organisation(ui).faults.clear()


async def no_rows(ui: Driver, sync: Sync) -> None:
    graduates = ui.app.desk.sync("IT graduates")
    await tour.criteria(ui, graduates if sync.selection.conditions == () else sync)
    await ui.press("x", "x", "x", "x")


NEW: dict[str, State] = {
    "syncs": pressed(), "people": pressed("f"), "lists": pressed("2"), "suppression": pressed("3"),
    "misspelt": pressed("4"), "accepted": pressed("4", "2"), "log": pressed("5"), "definitions": pressed("7"),
}  # fmt: skip
"""On a workspace that nobody has used."""
USED: dict[str, State] = {
    "errors": pressed("5", "v", "v"), "failed": failed, "never ran": never_ran, "no new": no_new, "no rows": no_rows,
    "no answer": no_list_answer,
    **{f"nobody {tab}": nobody(tab) for tab in ("total", "new", "re_added", "duplicate", "ignored", "deleted")},
    "unknown": pressed("f", '"qqqq@wwwwwwww.museum"', "enter"), "foreseen": tour.foreseen,
    "no match": pressed("slash", '"zzz"'), "suppressed": pressed("3"), "definitions": pressed("7"),
}  # fmt: skip
"""On the demo organisation after its runs."""


def body(ui: Driver) -> str:
    """What stands between the title and the line of keys, as one text; what is told in passing is away."""
    ui.app.clear_notifications()
    return " ".join(" ".join(ui.lines()[2:-1]).split())


def named(told: str, page: Page) -> Iterator[str]:
    """The keys that sentences of a text name, as far as they do something on the screen, or where the sentence says."""
    elsewhere = (*ACTIONS["syncs"], *ACTIONS["places"]) if "in the list of syncs" in told else ()
    actions = [*page.actions(), *ACTIONS["anywhere"], *ACTIONS["matches"], *elsewhere]
    keys = {"enter"} | {key for action in actions for key in shown_keys(action).split(", ")}
    for key in re.findall(rf"[Pp]ress (\w+)|(?:^|[.:;] )(\w+) +(?:{DOES})\b", told):
        word = "".join(key)
        if (word if len(word) == 1 else word.lower()) in keys:
            yield word


async def through(ui: Driver, states: dict[str, State], sync: Sync) -> dict[str, str]:
    """What is wrong with states, by their names."""
    wrong = {}
    for name, go in states.items():
        await tour.home(ui)
        await ui.press("escape")
        await go(ui, sync)
        await ui.pilot.pause()
        told, page = body(ui), ui.app.screen
        assert isinstance(page, Page), f"{name}: {ui.text()}"
        cut = [line for line in ui.lines()[2:-1] if line.endswith(("…", "~"))]
        if ui.app.terminal.ascii and not ui.text().isascii():
            wrong[name] = f"not in ASCII: {ui.text()}"
        elif cut:
            wrong[name] = f"cut: {cut}"
        elif "tui-sync" not in told and not [*named(told, page)]:
            wrong[name] = f"names no key: {told}"
    return wrong


@pytest.mark.parametrize("terminal", [PLAIN, PLAIN._replace(ascii=True, colour=False)], ids=["plain", "ascii"])
@acting
async def test_what_an_unused_workspace_says_is_whole_on_a_small_terminal_and_names_a_key(empty: Path, terminal: Profile) -> None:
    async with opened(empty, size=SMALL, terminal=terminal) as ui:
        assert await through(ui, NEW, NOBODYS) == {}


@pytest.mark.parametrize("terminal", [PLAIN, PLAIN._replace(ascii=True, colour=False)], ids=["plain", "ascii"])
@acting
async def test_what_stands_where_nobody_is_or_nothing_came_is_whole_and_names_a_key(ran: Path, terminal: Profile) -> None:
    async with opened(ran, size=SMALL, terminal=terminal) as ui:
        assert await through(ui, USED, ui.app.desk.sync(ALUMNI)) == {}


@acting
async def test_enter_where_there_is_no_row_says_why_it_does_nothing(empty: Path) -> None:
    async with opened(empty) as ui:
        for key in ("enter", "r", "n"):
            await ui.press(key)
            await ui.until_text("This workspace has no connection yet. Press C to")
            ui.app.clear_notifications()
        await ui.press("ctrl+l")
        assert "There is no sync yet." not in ui.text()


@acting
async def test_a_broken_sync_that_never_ran_is_not_told_to_be_run(ran: Path) -> None:
    async with opened(ran) as ui:
        syncs = ui.app.desk.workspace.syncs
        syncs.put(replace(ui.app.desk.sync(ALUMNI), id="b", name="Aa", state=SyncState.BROKEN, reason="The list is gone."))
        ui.app.changed()
        ui.app.screen.query_one("#syncs").select("b")  # type: ignore[attr-defined]
        await ui.until_text("It has not run yet.")
        assert "Press m to mend it." in ui.text()
        assert "Press r" not in ui.text()
        await ui.press("enter", "9")
        assert " ".join(ui.text().split()).count("Press m to mend it.") == 1
        assert "Press r" not in ui.text()


@acting
async def test_until_when_a_run_waits_stands_whole_in_its_row(made: Path) -> None:
    async with opened(made, size=(160, 50)) as ui:
        fault = Fault(kind="status", status=429, retry_after=3, path="/api/v1/json/listsubscribe", after=60, count=3)
        organisation(ui).faults.add(fault)
        syncs = ui.app.desk.workspace.syncs
        for sync in syncs.all():
            if sync.name != ALUMNI:  # no other row makes the column as wide
                syncs.put(replace(sync, state=SyncState.INACTIVE))
        ui.app.changed()
        ui.app.screen.query_one("#syncs").select(ui.app.desk.sync(ALUMNI).id)  # type: ignore[attr-defined]
        await ui.first_run()
        await ui.until(lambda: re.search(r"waits +\d\d:\d\d ", ui.text()), "the whole time until which it waits")


@acting
async def test_a_message_that_is_taken_back_at_once_never_stands(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.say("Asking.", about="x")
        ui.app.say("No answer.", about="x")
        await ui.until_text("No answer.")
        assert "Asking." not in ui.text()


@pytest.mark.parametrize(("runs", "told"), [(1, "One run goes on. It stops"), (2, "2 runs go on. They stop")])
def test_what_leaving_does_is_said_of_one_run_and_of_many(runs: int, told: str) -> None:
    assert " ".join(going_on(runs)).startswith(told)


def test_a_workspace_that_is_found_damaged_beside_the_screen_ends_the_program_as_damaged(ran: Path) -> None:
    ended: list[TuiSync] = []

    @acting
    async def meet() -> None:
        async with opened(ran) as ui:
            ended.append(ui.app)
            ui.app.run_worker(damaged())
            await ui.pilot.pause()

    with pytest.raises(WorkerFailed):
        meet()
    assert isinstance(ended[0].fault, Damaged)


async def damaged() -> None:
    raise Damaged("The workspace is damaged.")
