"""Scripts that play the program by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driver import acting, opened
from tui_sync.model.errors import UsageError
from tui_sync.services import drafts
from tui_sync.ui.screens.details import DetailsPage
from tui_sync.ui.screens.syncs import SyncsPage
from tui_sync.ui.script import TOUR, parse, play, read


@acting
async def test_a_script_presses_types_and_says_and_leaves_the_screens_open(ran: Path) -> None:
    async with opened(ran) as ui:
        typed = "# to the details of a sync\n\npress /\ntype IT grad\npress enter enter pgdn ? esc\nsay Here it is.\nwait 30"
        await play(parse(typed, "a.keys"), ui.pilot, pace=0)
        await ui.pilot.pause()
        assert isinstance(ui.app.screen, DetailsPage)
        assert "IT graduates" in ui.lines()[0]
        assert "Here it is." in ui.text()


@acting
async def test_the_tour_goes_through_the_screens_and_ends_where_it_began(ran: Path) -> None:
    async with opened(ran) as ui:
        seen: list[str] = []
        for step in read(TOUR):
            await play([step], ui.pilot, pace=0)
            seen.append(type(ui.app.screen).__name__)
        assert set(seen) == {"SyncsPage", "DetailsPage", "PersonPage", "WizardPage", "PeoplePage", "LimitsPage", "HelpPage"}
        assert isinstance(ui.app.screen, SyncsPage)
        assert drafts.left(ui.app.desk) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("press n\njump", "a.keys, line 2: there is no instruction jump."),
        ("press", "line 1: press needs something behind it."),
        ("wait soon", "line 1: soon is no number of seconds."),
        ("wait 601", "line 1: wait takes 0 to 600 seconds."),
        ("press j pgdown\npress foo", "line 1: there is no key pgdown."),
        ("\nquit now", "line 2: nothing stands behind quit."),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace(".", r"\.")):
        parse(text, "a.keys")


def test_a_file_that_is_not_there_is_told_with_the_script_that_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read: No such file or directory\. Name a script, or tour"):
        read(str(tmp_path / "none.keys"))
