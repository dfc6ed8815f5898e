"""Every screen and every question, with hostile text wherever text of others is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui import hostile
from tests.ui.driver import acting, opened
from tests.ui.tour import DIALOGS, PAGES, Stop, home
from tui_sync.model.sync import Sync
from tui_sync.ui.routes import SCREENS

SIZES = ((60, 16), (120, 40))
CLICKED = 2
"""Lines with a trap that are clicked on each screen."""


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile.answering_so(monkeypatch)


@pytest.mark.parametrize("stops", [PAGES, DIALOGS], ids=["screens", "questions"])
@acting
async def test_no_screen_is_crashed_steered_or_made_to_act_by_text_of_strangers(
    stops: dict[str, Stop], ran: Path, answering: None
) -> None:
    async with opened(ran) as ui:
        sync = await hostile.infest(ui.app.desk)
        ui.app.changed()
        for name, stop in stops.items():
            await stop(ui, sync)
            for size in SIZES:
                await ui.pilot.resize_terminal(*size)
                await ui.pilot.pause()
                assert not hostile.steering(ui), f"{name} at {size}:\n{ui.text()}"
            traps = [(text.index("click=") + 12, row) for row, text in enumerate(ui.lines()) if "click=" in text]
            for trap in traps[:CLICKED]:
                await ui.pilot.click(offset=trap)
            assert ui.app.is_running, f"a click left the program from {name}"
            assert ui.app.fault is None, name
            await home(ui)
            sync = again(ui.app.desk.workspace.syncs.get(sync.id))


def again(sync: Sync | None) -> Sync:
    assert sync is not None
    return sync


def test_the_tour_goes_to_every_screen() -> None:
    assert {*SCREENS, "syncs"} <= {name.replace("dry run", "run").split()[0] for name in PAGES} | {"help"}


@acting
async def test_a_person_whose_every_field_has_ten_thousand_characters_holds_nothing_up(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostile, "CORPUS", ("\u202eW\x1b" * 3_333, "\u0301" * 10_000))
    async with opened(ran) as ui:
        sync = await hostile.infest(ui.app.desk)
        ui.app.changed()
        for name in ("details total", "person", "people", "criteria", "mapping", "leads", "suppress", "criteria person"):
            await (PAGES | DIALOGS)[name](ui, sync)
            assert not hostile.steering(ui), name
            assert ui.app.fault is None, name
            await home(ui)
