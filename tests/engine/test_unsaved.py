"""Before a definition is saved: its dry run, its run as it goes on, and the hub's fields that its mapping may need."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.flaky import FlakyHub, Trouble
from tests.engine.office import Office
from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import RunError, Unconfirmed, UsageError
from tui_sync.model.sync import Sync
from tui_sync.services import catalogue, running


def unsaved(stage: Stage) -> Sync:
    """A definition that was never saved, for a list that does not exist yet."""
    made = stage.sync("Template")
    stage.space.syncs.put(msgspec.structs.replace(made, deleted=stage.clock.now()))
    return msgspec.structs.replace(made, id="", name="New", list_key="", list_name="Brand new")


def test_a_dry_run_of_an_unsaved_definition_foresees_its_first_run_and_leaves_no_trace(stage: Stage) -> None:
    stage.people(12)
    stage.sync("Other", "Elsewhere")
    stage.run("Other")
    stage.clock.pass_by(minutes=1)
    sync = unsaved(stage)
    before = stage.dump()
    preview = stage.wait_for(running.preview_of(stage.desk, sync, stage.control()))
    assert stage.dump() == before
    assert (preview.summary.counts.total, preview.summary.counts.duplicate, preview.calls) == (12, 12, 12)
    assert preview.summary.why == "the first run fetches everything"
    assert len(list(preview.outcomes())) == 12


def test_a_dry_run_of_an_unsaved_definition_leaves_the_withheld_removals_of_others_alone(stage: Stage) -> None:
    records = stage.people(30)
    stage.sync("Other", on_delete=LIST)
    stage.run("Other")
    stage.recruit.delete(*records[:15])
    assert stage.run("Other").withheld == 15
    sync = msgspec.structs.replace(stage.desk.sync("Other"), id="", name="New")
    preview = stage.wait_for(running.preview_of(stage.desk, sync, stage.control()))
    assert (preview.summary.withheld, preview.summary.counts.deleted, preview.summary.counts.total) == (0, 0, 15)


def test_a_dry_run_of_a_definition_without_an_address_is_refused(stage: Stage) -> None:
    sync = msgspec.structs.replace(unsaved(stage), mapping=())
    with pytest.raises(UsageError, match="Lead Email is not mapped"):
        stage.wait_for(running.preview_of(stage.desk, sync, stage.control()))


def test_whoever_steers_a_run_sees_its_counts_grow(stage: Stage) -> None:
    stage.people(700)
    stage.sync("A")
    control = stage.control()
    seen: list[int] = []
    tell = control.tell

    def watch(event: object) -> None:
        tell(event)  # type: ignore[arg-type]
        if control.summary is not None:
            seen.append(control.summary.counts.total)

    control.tell = watch
    assert control.summary is None
    run = stage.run("A", control=control)
    assert control.summary is run
    assert seen[0] == 0
    assert any(0 < count < 700 for count in seen)
    assert seen[-1] == 700


def test_the_fields_of_the_hub_are_listed_and_made(stage: Stage) -> None:
    made = stage.wait_for(catalogue.create_field(stage.desk, " Shoe size "))
    assert (made.name, made.kind) == ("Shoe size", "Text")
    assert made in stage.wait_for(catalogue.hub_fields(stage.desk))
    with pytest.raises(UsageError, match="has a field"):
        stage.wait_for(catalogue.create_field(stage.desk, "shoe SIZE"))
    with pytest.raises(UsageError, match="not empty"):
        stage.wait_for(catalogue.create_field(stage.desk, "  "))
    assert [line["what"] for line in stage.dump()["log"].values()] == ["created the hub field Shoe size"]


def test_a_field_is_made_at_marketing_automation(office: Office) -> None:
    office.wait_for(catalogue.create_field(office.desk, "Shoe size"))
    assert "Shoe size" in [known.name for known in office.wait_for(catalogue.hub_fields(office.desk))]


class SilentHub(FlakyHub):
    """A hub whose answer to a new field is lost, before or after its effect."""

    happens = True

    async def create_field(self, name: str, kind: str) -> None:
        """Lose the answer."""
        if self.happens:
            await super().create_field(name, kind)
        raise Unconfirmed("the answer was lost")


@pytest.mark.parametrize("happens", [True, False])
def test_a_field_whose_answer_was_lost_is_looked_for(stage: Stage, monkeypatch: pytest.MonkeyPatch, happens: bool) -> None:
    monkeypatch.setattr(SilentHub, "happens", happens)
    stage.open_hub = lambda monitor: SilentHub(stage, monitor, Trouble())
    if happens:
        assert stage.wait_for(catalogue.create_field(stage.desk, "Shoe size")).name == "Shoe size"
        return
    with pytest.raises(RunError, match='The field "Shoe size" was not created: the answer was lost'):
        stage.wait_for(catalogue.create_field(stage.desk, "Shoe size"))
    assert stage.dump()["log"] == {}
