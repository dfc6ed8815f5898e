"""Export, then apply, over whole workspaces: nothing changes, nothing is initiated, and the next export is the same text."""

from __future__ import annotations

import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.engine.stage import Stage
from tests.unit.definition_samples import NOW, PEOPLE
from tests.unit.test_definitions_laws import SYNCS
from tui_sync.hub.embedded import Embedded
from tui_sync.model.errors import UsageError
from tui_sync.model.sync import SelectionKind, Sync, SyncState
from tui_sync.services import definitions

HOSTILE = " [/x] [@click=app.quit]\x1b]0;pwn\x07 \u202eview\u2028"
LISTS = ("Zylker", " Zylker", "[[sync]]\n\"'''", "\x1b[31mred", "\u202eevil")
STATES = tuple(SyncState)


@st.composite
def workspaces(draw: st.DrawFn) -> list[tuple[Sync, str]]:
    """Syncs of any selection, policy, schedule, mapping and state, each with its list."""
    syncs = draw(st.lists(SYNCS, min_size=1, max_size=4, unique_by=lambda sync: sync.name))
    return [(replace(sync, state=draw(st.sampled_from(STATES))), draw(st.sampled_from(LISTS))) for sync in syncs]


def settle(stage: Stage, made: list[tuple[Sync, str]]) -> None:
    """Put the syncs into the workspace, bound to its lists and its view."""
    hub = Embedded(stage.space.leads, stage.control())
    stage.recruit.known = PEOPLE
    stage.recruit.views_by_id = {HOSTILE: lambda row: True}
    keys = {name: stage.wait_for(hub.create_list(name)).key for name in LISTS}
    for number, (sync, list_name) in enumerate(made):
        selection = sync.selection
        if selection.kind is SelectionKind.VIEW:
            selection = replace(selection, view_id=HOSTILE, view_name=HOSTILE)
        stage.space.syncs.put(
            replace(
                sync, id=f"s{number}", list_key=keys[list_name], list_name=list_name, selection=selection,
                initiated=None if sync.state is SyncState.DRAFT else NOW,
            )
        )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(workspaces())
def test_an_export_applied_changes_nothing_and_exports_the_same(made: list[tuple[Sync, str]]) -> None:
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder) / "w")
        try:
            settle(stage, made)
            before = stage.space.syncs.all()
            text = definitions.export(stage.desk)
            path = Path(folder) / "export.toml"
            path.write_text(text, encoding="utf-8", newline="")
            found = stage.wait_for(definitions.survey(stage.desk, path))
            assert (found.differs, found.absent, found.initiated) == (False, (), 0)
            stage.wait_for(definitions.apply(stage.desk, path))
            assert stage.space.syncs.all() == before
            assert definitions.export(stage.desk) == text
            assert not any(item.drift for item in stage.wait_for(definitions.survey(stage.desk, path)).items)
        finally:
            stage.close()


def test_an_export_that_cannot_be_made_leaves_no_file_in_the_way_of_the_next_one(stage: Stage, tmp_path: Path) -> None:
    path, [most, hard] = tmp_path / "syncs.toml", resource.getrlimit(resource.RLIMIT_FSIZE)
    stage.sync("A")
    known = stage.space.settings
    stage.space.meta.write("settings", replace(known, timezone="Nowhere/AtAll"))
    with pytest.raises(UsageError, match="is not known here"):
        definitions.write_export(stage.desk, path)
    stage.space.meta.write("settings", known)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(UsageError, match="cannot be written: File too large"):
            definitions.write_export(stage.desk, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert definitions.write_export(stage.desk, path) == 1
    with pytest.raises(UsageError, match="cannot be written: Not a directory"):
        definitions.write_export(stage.desk, path / "syncs.toml")
    with pytest.raises(UsageError, match="cannot be written: File exists"):
        definitions.write_export(stage.desk, path)
    assert path.read_text(encoding="utf-8") == definitions.export(stage.desk)
