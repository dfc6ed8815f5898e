"""What a person sees of four screens, cell by cell, of a workspace that is always the same.

`python -m tests.ui.seen` writes the pictures in `tests/ui/seen/` anew; look at the difference before it is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_letters
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.engine.listed import FixedClock
from tests.ui.driver import PLAIN, Driver, opened
from tui_sync import bootstrap
from tui_sync.model.outcomes import Calls, Cause, Outcome, Reason, Result, RunSummary, Status
from tui_sync.model.sync import Frequency, MappingRow, Schedule, Sync, SyncState
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind, Settings
from tui_sync.services.desk import Desk
from tui_sync.ui.terminal import Profile

FOLDER = Path(__file__).with_name("seen")
NOON = datetime(2026, 3, 18, 12, 0, 30, tzinfo=UTC)
MAPPING = (MappingRow(target="Lead Email", source="Email"), MappingRow(target="City", source="City"))
PEOPLE = (
    Outcome(record_id="101", email="asha.rao@example.org", status=Status.NEW, detail="added"),
    Outcome(record_id="102", email="li.wei@example.org", status=Status.DUPLICATE, detail="unchanged"),
    Outcome(record_id="103", email="john@gnail.com", status=Status.IGNORED, reason=Reason.INVALID_PATTERN, name="Jo Lind",
            detail="did you mean gmail.com?"),
    Outcome(record_id="104", email="careers@zylker.example", status=Status.IGNORED, reason=Reason.GROUP_EMAIL,
            name="Priya Nair", detail='"careers" is a role'),
    Outcome(record_id="105", status=Status.IGNORED, reason=Reason.EMPTY_EMAIL, name="Zoë Çelik"),
    Outcome(record_id="99", email="tom@example.org", status=Status.WITHHELD, cause=Cause.DELETED),
)  # fmt: skip


class View(NamedTuple):
    """One picture."""

    size: tuple[int, int]
    terminal: Profile = PLAIN
    keys: tuple[str, ...] = ()


VIEWS: Mapping[str, View] = {
    "syncs-80x24": View((80, 24)),
    "syncs-120x40": View((120, 40)),
    "syncs-mono": View((80, 24), PLAIN._replace(colour=False)),
    "details-80x24": View((80, 24), keys=("enter", "5", "j")),
    "details-ascii": View((80, 24), PLAIN._replace(ascii=True), ("enter", "5", "j")),
}


def prepare(folder: Path) -> None:
    """Write the workspace: five syncs in five states, a run that waits for an approval, one that failed."""
    desk = bootstrap.open_desk(folder, "seen")
    workspace = desk.workspace
    workspace.write_connection(Connection(kind=ConnectionKind.ZOHO, hub=HubKind.EMBEDDED, data_centre="eu"))
    workspace.meta.write("settings", Settings(timezone="Europe/Vienna"))
    for number, (name, state) in enumerate((
        ("Alumni reunion", SyncState.INACTIVE), ("Winter letter", SyncState.DRAFT), ("Old list", SyncState.BROKEN),
        ("Newsletter", SyncState.ACTIVE), ("IT graduates", SyncState.ACTIVE),
    )):  # fmt: skip
        workspace.syncs.put(_sync(number, name, state))
    _run(desk, "s3", "Newsletter", Result.FAILED, hours=30)
    held = _run(desk, "s4", "IT graduates", Result.HELD, hours=3)
    workspace.runs.add(held.id, PEOPLE)
    held.count(PEOPLE)
    workspace.runs.put(held)
    workspace.close()


def _sync(number: int, name: str, state: SyncState) -> Sync:
    made = NOON - timedelta(days=40 - number)
    return Sync(
        id=f"s{number}", name=name, module="Candidates", list_key=f"l{number}", list_name=f"List {number}", mapping=MAPPING,
        state=state, schedule=Schedule(frequency=Frequency.DAILY, at="09:00", timezone="Asia/Kolkata"), created=made,
        initiated=None if state is SyncState.DRAFT else made, reason="The list is gone." if state is SyncState.BROKEN else "",
    )  # fmt: skip


def _run(desk: Desk, sync_id: str, name: str, result: Result, *, hours: float) -> RunSummary:
    started = NOON - timedelta(hours=hours)
    run = RunSummary(
        id=desk.workspace.runs.next_id(), sync_id=sync_id, sync=name, result=result, started=started,
        finished=started + timedelta(seconds=41), why="the first run fetches everything", calls=Calls(recruit=5, hub=43),
        message="Recruit answered 401." if result is Result.FAILED else "",
    )  # fmt: skip
    desk.workspace.runs.put(run)
    return run


async def seen(folder: Path, view: View) -> str:
    """The picture of a view: the text, a letter for the look of each cell, and what the letters mean."""
    async with opened(folder, size=view.size, terminal=view.terminal) as ui:
        ui.app.desk.clock = FixedClock(NOON)
        if not view.terminal.colour:
            ui.app.theme = "ansi-dark"  # as `terminal.quiet` has it before textual is imported
        ui.app.changed()
        await ui.press(*view.keys)
        return _picture(ui)


def _picture(ui: Driver) -> str:
    letters: dict[str, str] = {}
    text, looks = [], []
    for strip in ui.app.screen._compositor.render_strips()[: ui.app.size.height]:
        row = ""
        for segment in strip:
            look = str(segment.style.without_color if segment.text.isspace() else segment.style) if segment.style else ""
            letter = letters.setdefault(look, ascii_letters[len(letters)])
            row += letter * segment.cell_length
        text.append(strip.text.rstrip())
        looks.append(row)
    meaning = [f"{letter}  {look}" for look, letter in letters.items()]
    return "\n".join([*text, "", *looks, "", *meaning, ""])


def written(name: str) -> Path:
    """The file of a picture."""
    return FOLDER / f"{name}.txt"


def main() -> None:
    """Write all pictures."""
    with TemporaryDirectory() as folder:
        prepare(Path(folder) / "w")
        for name, view in VIEWS.items():
            written(name).write_text(asyncio.run(seen(Path(folder) / "w", view)), encoding="utf-8")


if __name__ == "__main__":
    main()
