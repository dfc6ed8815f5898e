"""What is told on a small terminal, where it has least room."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tests.ui.test_criteria import editing
from tests.ui.test_person import outcomes, person, whole
from tui_sync.model.outcomes import Status


@acting
async def test_a_long_sentence_about_a_mistaken_pattern_stands_whole_below_its_marks_on_a_narrow_terminal(made: Path) -> None:
    async with editing(made, (60, 16)) as ui:
        await ui.press("p", "ctrl+u", '"(1 and 2) and 3 informationtechnology"')
        marked = next(place for place, line in enumerate(ui.lines()) if "^^^^" in line)
        assert ui.lines()[marked + 1].strip() == 'unknown word "informationtechnolo…"'
        assert "or 4" in ui.text(), "the rows stay in sight"


@acting
async def test_the_sentence_about_the_deciding_rows_stands_whole_on_the_screen_of_a_person(ran: Path) -> None:
    async with opened(ran, size=(60, 16)) as ui:
        page = await person(ui, "IT graduates", outcomes(ui, "IT graduates", Status.NEW)[0])
        assert page.person is not None
        assert page.person.truth is not None
        told = page.person.truth.sentence
        assert told in " ".join(whole(ui).split())
        assert all(len(line) <= 60 for line in whole(ui).splitlines())
