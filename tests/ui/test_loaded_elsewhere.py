"""A workspace that was made on another machine, where this one does not know everything."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from tests.ui.driver import acting, opened
from tui_sync import bootstrap


def of_mars(folder: Path) -> None:
    """Have the schedule of the partner letter name a time zone that no machine knows."""
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        sync = space.syncs.named("Partner letter")
        assert sync is not None
        space.syncs.put(replace(sync, schedule=replace(sync.schedule, timezone="Mars/Base")))


@acting
async def test_a_sync_whose_time_zone_is_not_known_is_told_and_hides_no_other(ran: Path) -> None:
    of_mars(ran)
    async with opened(ran) as ui:
        await ui.until_text("IT graduates")
        await ui.press("slash", '"partner"', "enter")
        assert "✗ broken" in ui.text()
        told = " ".join(ui.text().split())
        assert 'The time zone "Mars/Base" is not known here.' in told
        assert "Press e to edit it." in told
        await ui.press("enter", "0")
        assert "none due" in ui.text()


@acting
async def test_the_form_of_such_a_schedule_says_what_is_wrong(ran: Path) -> None:
    of_mars(ran)
    async with opened(ran) as ui:
        await ui.press("slash", '"partner"', "enter", "e", "down", "down", "enter")
        await ui.until_text('"Mars/Base" is not a time')
