"""The boxes of related modules in the criteria editor, and what they change elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.ui.at_wizard import at, unfinished
from tests.ui.driver import Driver, acting, opened
from tests.ui.test_criteria import line_with, page
from tui_sync.model.sync import Condition, Schedule, Sync
from tui_sync.services import relating
from tui_sync.ui.screens.dialogs import Picker
from tui_sync.ui.widgets.long_lines import LongLines

CHEFS = Condition(field="Job_Openings.Posting_Title", operator="is", value="Software Developer")


def synced(ui: Driver, name: str) -> Sync:
    sync = ui.app.desk.workspace.syncs.named(name)
    assert sync is not None
    return sync


@asynccontextmanager
async def editing(folder: Path, name: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """The editor on a sync, its sample read."""
    async with opened(folder, size=size) as ui:
        ui.app.go.criteria(synced(ui, name))
        await ui.until(lambda: page(ui).sample is not None, "the sample")
        yield ui


def flowing(ui: Driver) -> str:
    """The text of the screen without its line breaks."""
    return " ".join(ui.text().split())


def total(ui: Driver) -> int:
    """How many of the sample the whole pattern selects."""
    whole = page(ui).counts
    assert whole is not None
    assert whole.whole is not None
    return whole.whole


@acting
async def test_the_boxes_leave_the_line_that_adds_a_row_whole_on_a_narrow_terminal(ran: Path) -> None:
    async with editing(ran, "Tech clients", (60, 24)) as ui:
        assert " ".join(line_with(ui, "add a row").split()) == "+ add a row 1 [x] Clients 2 [ ] Job Openings"


@acting
async def test_who_looks_for_a_field_reads_how_those_of_other_modules_are_offered(ran: Path) -> None:
    async with editing(ran, "Partner letter") as ui:
        await ui.press("a")
        await ui.until(lambda: "For fields of Clients and Job Openings: esc, then 1 and 2." in flowing(ui), "the keys")
    async with editing(ran, "Tech clients") as ui:
        await ui.press("a")
        await ui.until(lambda: "For fields of Job Openings: esc, then 2." in flowing(ui), "the key")


@acting
async def test_the_boxes_tell_what_the_rows_use_and_counts_are_those_of_a_run(ran: Path) -> None:
    async with editing(ran, "Tech clients") as ui:
        assert "1 [x] Clients  2 [ ] Job Openings fields" in ui.text()
        assert "or 2  Clients: Industry" in ui.text()
        [run] = ui.app.desk.workspace.runs.all(synced(ui, "Tech clients").id)
        assert total(ui) == run.counts.total
        sample = page(ui).sample
        assert sample is not None
        assert int(line_with(ui, "Clients: Industry").split()[-1]) == sum(
            record.values[sample.columns.index("Clients.Industry")] == ("Software",) for record in sample.records
        )


@acting
async def test_a_ticked_module_is_read_then_and_its_fields_can_be_picked(made: Path) -> None:
    async with editing(made, "IT graduates") as ui:
        sample = page(ui).sample
        assert sample is not None
        assert not sample.related
        await ui.press("2")
        await ui.until(lambda: page(ui).sample.related == {"Job_Openings": ""}, "the openings")  # type: ignore[union-attr]
        assert "[x] Job Openings fields" in ui.text()
        await ui.press("a", '"Posting"')
        await ui.until_text("Job Openings: Posting Ti")
        await ui.press("enter", "enter", '"Developer"', "enter")
        assert page(ui).edited.conditions[-1] == Condition(
            field="Job_Openings.Posting_Title", operator="is", value="Developer"
        )
        assert page(ui).counts is not None
        await ui.press("t", "enter")
        assert "5 Job Openings: Posting" in ui.text()
        await ui.press("w")
        await ui.until_text("effective at the next fetch")
        assert synced(ui, "IT graduates").selection.conditions[-1].field == "Job_Openings.Posting_Title"


@acting
async def test_a_box_that_a_row_needs_stays_and_one_that_none_needs_goes(made: Path) -> None:
    async with editing(made, "Tech clients") as ui:
        await ui.press("1")
        await ui.until_text("Row 2 uses Clients.")
        await ui.press("2")
        await ui.until(lambda: "Job_Openings" in page(ui).sample.related, "the openings")  # type: ignore[union-attr]
        await ui.press("2")
        assert "1 [x] Clients  2 [ ] Job Openings fields" in ui.text()
        await ui.press("a", '"Posting"')
        await ui.until(lambda: isinstance(ui.app.screen, Picker))
        assert "Job Openings: Posting" not in ui.text()


@acting
async def test_boxes_are_there_only_where_recruit_ties_the_modules_together(made: Path) -> None:
    async with editing(made, "IT graduates") as ui:
        assert "Clients" not in ui.text()
        await ui.press("1")
        await ui.until_text("Recruit ties Clients to Contacts, not to Candidates.")
    async with opened(made) as ui:
        ui.app.go.criteria(synced(ui, "All alumni"))
        await ui.until(lambda: page(ui).sample is not None, "the sample")
        assert "fields" not in "\n".join(ui.lines()[2:12])
        await ui.press("2")
        await ui.until_text("not to a custom module")


@acting
async def test_rows_that_are_not_known_say_why_and_the_others_count_on(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "MOST_CALLS", 3)
    async with opened(made) as ui:
        before = synced(ui, "IT graduates")
        pattern = replace(before.selection, conditions=(*before.selection.conditions[:1], CHEFS), pattern="(1 and 2)")
        ui.app.go.criteria(replace(before, selection=pattern))
        await ui.until(lambda: page(ui).sample is not None, "the sample")
        assert line_with(ui, "Department           ").split()[-1].isdigit()
        assert line_with(ui, "2  Job Openings:").split()[-1] == "-"
        await ui.press("down")
        assert "not known here" in ui.text()
        assert "at most 3" in " ".join(ui.text().split())
        assert page(ui).why_not("save").startswith("Nothing was changed")


@acting
async def test_mapping_and_schedule_of_a_sync_with_related_rows_can_be_saved(made: Path) -> None:
    async with opened(made) as ui:
        sync = synced(ui, "Tech clients")
        ui.app.go.mapping(sync)
        await ui.until_text("hub fields")
        await ui.press("down", "down", "down", "x", "w")
        await ui.until(lambda: synced(ui, "Tech clients").mapping != sync.mapping, "the saved mapping")


@acting
async def test_the_review_of_the_wizard_estimates_with_related_records(made: Path) -> None:
    async with opened(made) as ui:
        known = synced(ui, "Tech clients")
        unfinished(
            ui.app.desk, step="review", module="Contacts", list_key=known.list_key, list_name=known.list_name,
            selection=known.selection, schedule=Schedule(),
        )  # fmt: skip
        await ui.press("n", "enter")
        await at(ui, "review")
        text = "\n".join("".join(span.text for span in line) for line in ui.app.screen.query_one(LongLines)._text)
        ui.app.go.run(ui.app.runner.dry_run(replace(known, id="", name="Crew")))
        await ui.idle()
        going = ui.app.runner.of("")
        assert going is not None
        assert going.summary is not None
        assert f"Of all 300 records {going.summary.counts.total} match" in " ".join(text.split())
        assert "beside the calls for Clients" in " ".join(text.split())
        assert any("1 call for 60 clients" in note for note in going.summary.notes)
