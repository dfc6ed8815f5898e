"""The way to every screen and every dialog, for tests that hold what is true of all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from tests.ui.at_wizard import at
from tests.ui.driver import Driver
from tui_sync.model.definitions import render
from tui_sync.model.ledger import Mark
from tui_sync.model.outcomes import Outcome, RunSummary, Status
from tui_sync.model.sync import Sync, SyncState, Trouble
from tui_sync.services import catalogue, definitions, drafts
from tui_sync.ui.present.details import tabs
from tui_sync.ui.present.wizard import STEPS
from tui_sync.ui.screens.ask import Ask
from tui_sync.ui.screens.details import DetailsPage
from tui_sync.ui.screens.dialogs import Picker, Prompt
from tui_sync.ui.screens.telling import Telling

Stop = Callable[[Driver, Sync], Awaitable[None]]


async def home(ui: Driver) -> None:
    """Back to the list of syncs; nothing begun is left behind."""
    await ui.pilot.pause()
    while len(ui.app.screen_stack) > 1:
        ui.app.pop_screen()
        await ui.pilot.pause()
    for left in drafts.left(ui.app.desk):
        drafts.discard(ui.app.desk, left.key)


def last_run(ui: Driver, sync: Sync) -> tuple[RunSummary, list[Outcome]]:
    """The newest run of a sync, and its outcomes."""
    runs = ui.app.desk.workspace.runs
    run = max(runs.all(sync.id), key=lambda known: int(known.id))
    return run, list(runs.outcomes(run.id))


async def syncs(ui: Driver, sync: Sync) -> None:
    ui.app.screen.query_one("#syncs").select(sync.id)  # type: ignore[attr-defined]


def details(tab: str) -> Stop:
    async def go(ui: Driver, sync: Sync) -> None:
        ui.app.go.details(sync)
        await ui.pilot.pause()
        page = ui.app.screen
        assert isinstance(page, DetailsPage)
        await ui.until(lambda: not page.people.loading, "the people")
        if tab in (*tabs(page.shown), "setup"):
            page.do_tab(tab)

    return go


async def person(ui: Driver, sync: Sync) -> None:
    run, outcomes = last_run(ui, sync)
    ui.app.go.person(sync, outcomes[-1], run.id)


async def people(ui: Driver, sync: Sync) -> None:
    delivered = (Status.NEW, Status.DUPLICATE)
    ui.app.go.people(next(outcome.email or "" for outcome in last_run(ui, sync)[1] if outcome.status in delivered))


async def run(ui: Driver, sync: Sync) -> None:
    ui.app.go.run(ui.app.runner.run(sync, full=True))
    await ui.idle()


async def dry_run(ui: Driver, sync: Sync) -> None:
    ui.app.go.run(ui.app.runner.dry_run(sync))
    await ui.idle()


async def foreseen(ui: Driver, sync: Sync) -> None:
    await dry_run(ui, sync)
    await ui.press("o")


def place(name: str) -> Stop:
    """One of the other places, once its rows are there."""

    async def go(ui: Driver, sync: Sync) -> None:
        ui.app.go.place(name)
        await ui.pilot.pause()
        await ui.until(lambda: "Reading" not in ui.text(), "the rows")

    return go


async def trial(ui: Driver, sync: Sync) -> None:
    ui.app.go.trial()
    await ui.until_text("Nothing was written")


async def criteria(ui: Driver, sync: Sync) -> None:
    ui.app.go.criteria(sync)
    await ui.until_text("sample: ")


async def mapping(ui: Driver, sync: Sync) -> None:
    ui.app.go.mapping(sync)
    await ui.until(lambda: ui.app.screen._arriving, "the sample")  # type: ignore[attr-defined]


async def retrieval(ui: Driver, sync: Sync) -> None:
    ui.app.go.retrieval(sync)
    await ui.until(lambda: ui.app.screen._parts, "the module")  # type: ignore[attr-defined]


async def leads(ui: Driver, sync: Sync) -> None:
    mailing = next(known for known in await catalogue.lists(ui.app.desk) if known.key == sync.list_key)
    ui.app.go.leads(mailing)
    await ui.until(lambda: "Reading" not in ui.text(), "the people")


async def suppressed(ui: Driver, sync: Sync) -> None:
    ui.app.desk.workspace.ledger.put(Mark(email="ann@example.org", suppressed=sync.name))
    await place("suppression")(ui, sync)


def wizard(step: str) -> Stop:
    async def go(ui: Driver, sync: Sync) -> None:
        draft = drafts.new(ui.app.desk)
        copy = replace(sync, id=draft.sync.id, name=f"{sync.name} 2", state=draft.sync.state, initiated=None)
        ui.app.go.wizard(replace(draft, step=step, sync=copy))
        await ui.pilot.pause()
        await at(ui, step)

    return go


def then(first: Stop, *keys: str, opens: type | None = None) -> Stop:
    """A stop, some keys, and the dialog that they are to open."""

    async def go(ui: Driver, sync: Sync) -> None:
        await first(ui, sync)
        await ui.press(*keys)
        if opens is not None:
            await ui.until(lambda: isinstance(ui.app.screen, opens), opens.__name__)

    return go


async def compared(ui: Driver, sync: Sync) -> None:
    """A definition file of the workspace itself, with another sync."""
    desk = ui.app.desk
    path = desk.workspace.folder / "tour.toml"
    another = render([replace(sync, name=f"{sync.name} 2", state=SyncState.ACTIVE)], "UTC")
    path.write_text(definitions.export(desk) + another, encoding="utf-8")
    ui.app.remember(definitions=str(path))
    ui.app.go.place("definitions")
    await ui.until(lambda: "Comparing" not in ui.text(), "the difference")


async def broken(ui: Driver, sync: Sync) -> None:
    """The ways out of a trouble."""
    stored = ui.app.desk.workspace.syncs.get(sync.id)
    assert stored is not None
    told = replace(stored, state=SyncState.BROKEN, trouble=Trouble.PLAN, reason=sync.name)
    ui.app.desk.workspace.syncs.put(told)
    ui.app.go.mending(told)
    await ui.until(lambda: isinstance(ui.app.screen, Picker), "the ways out")
    ui.app.desk.workspace.syncs.put(stored)


async def begun(ui: Driver, sync: Sync) -> None:
    """The question what to do with a new sync that was begun."""
    draft = drafts.new(ui.app.desk)
    drafts.save(ui.app.desk, replace(draft, sync=replace(draft.sync, name=sync.name)))
    await ui.press("n")
    await ui.until(lambda: isinstance(ui.app.screen, Picker), "the question")


TABLES: dict[str, Stop] = {
    "syncs": syncs,
    **{f"details {tab}": details(tab) for tab in ("total", "ignored", "runs", "setup")},
    "foreseen": foreseen,
    "criteria": criteria,
    "mapping": mapping,
    **{f"wizard {step}": wizard(step) for step in ("module", "records", "mapping")},
    "wizard name and list": then(wizard("name and list"), "down"),
    "help": then(syncs, "question_mark"),
    "log": place("log"),
    "settings": place("settings"),
    "lists": place("lists"), "leads": leads, "suppression": suppressed, "corrections": place("corrections"),
}
"""Screens with a table that has the keys."""

PAGES: dict[str, Stop] = {
    **TABLES,
    "details new": details("new"), "details duplicate": details("duplicate"), "person": person, "people": people,
    "definitions": compared, "run": run, "trial": trial, "dry run": dry_run, "limits": then(syncs, "6"), "retrieval": retrieval,
    "wizard name": wizard("name and list"),
    **{f"wizard {step}": wizard(step) for step in STEPS if step in ("policies", "schedule", "review")},
}  # fmt: skip
"""Every screen, with each of its parts."""

DIALOGS: dict[str, Stop] = {
    "palette": then(syncs, "colon", opens=Picker),
    "themes": then(syncs, "f2", opens=Picker),
    "edit menu": then(details("setup"), "e", opens=Picker),
    "rename": then(syncs, "R", opens=Prompt),
    "mend": broken,
    "duplicate": then(syncs, "D", opens=Prompt),
    "delete": then(syncs, "x", opens=Ask),
    "begun": begun,
    "export form": then(details("total"), "c", opens=Picker),
    "export file": then(details("total"), "c", "enter", opens=Prompt),
    "take out of": then(people, "x", opens=Picker),
    "take out": then(people, "x", "enter", opens=Ask),
    "suppress": then(people, "s", opens=Prompt),
    "lift": then(suppressed, "L", opens=Prompt),
    "suppress whom": then(place("suppression"), "a", opens=Prompt),
    "suppress from": then(place("suppression"), "i", opens=Prompt),
    "take out of the list": then(leads, "x", opens=Ask),
    "export leads": then(leads, "e", opens=Picker),
    "create list": then(place("lists"), "c", opens=Prompt),
    "correct": then(place("corrections"), "e", opens=Prompt),
    "correct all": then(place("corrections"), "a", opens=Ask),
    "allow a domain": then(place("corrections"), "x", opens=Ask),
    "criteria row": then(criteria, "enter", opens=Picker),
    "criteria value": then(criteria, "enter", "enter", opens=Picker),
    "criteria field": then(criteria, "a", opens=Picker),
    "criteria operator": then(criteria, "a", "enter", opens=Picker),
    "criteria text": then(criteria, "a", '"city"', "enter", "enter", opens=Prompt),
    "criteria person": then(criteria, "t", opens=Picker),
    "criteria leave": then(criteria, "x", "escape", opens=Ask),
    "mapping source": then(mapping, "enter", opens=Picker),
    "mapping target": then(mapping, "a", opens=Picker),
    "mapping field": then(mapping, "c", opens=Prompt),
    "log line": then(place("log"), "enter", opens=Telling),
    "setting": then(place("settings"), "G", "k", "k", "k", "k", "k", "enter", opens=Prompt),
    "zones": then(retrieval, "f6", opens=Picker),
    "new list": then(wizard("name and list"), "down", "c", opens=Prompt),
}
"""Every kind of question, as it is asked somewhere."""


def known(stops: Sequence[str]) -> list[tuple[str, Stop]]:
    """Stops by name."""
    return [(name, (PAGES | DIALOGS)[name]) for name in stops]
