"""Names that read alike are one name: white space around them and how their accents are composed tell nobody apart."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from tests.engine.stage import Stage, email_of
from tui_sync.model.errors import DefinitionError, UsageError
from tui_sync.model.ledger import MembershipState
from tui_sync.model.sync import Condition, Selection, SelectionKind
from tui_sync.services import catalogue, definitions, deleted, people, syncs

COMPOSED, APART = normalize("NFC", "Café"), normalize("NFD", "Café")


def test_a_sync_is_found_however_its_accents_were_typed(stage: Stage) -> None:
    stage.sync(APART)
    assert stage.desk.sync(f" {COMPOSED} ").name == APART
    syncs.delete(stage.desk, COMPOSED)
    with pytest.raises(UsageError, match="It was deleted"):
        stage.desk.sync(COMPOSED)
    assert deleted.restore(stage.desk, COMPOSED).name == APART


def test_no_two_syncs_have_names_that_read_alike(stage: Stage) -> None:
    stage.sync(APART)
    stage.sync("A")
    with pytest.raises(UsageError, match="There is a sync"):
        syncs.rename(stage.desk, "A", COMPOSED)


@pytest.mark.parametrize("called", ["Letters ", normalize("NFD", "Grüße")])
def test_somebody_is_taken_out_of_a_list_whose_name_reads_like_what_was_typed(stage: Stage, called: str) -> None:
    """The hub has blanks around some names, which no screen shows."""
    stage.people(1)
    stage.sync("A", called)
    stage.run("A")
    gone = stage.wait_for(people.remove(stage.desk, email_of("1"), normalize("NFC", called.strip())))
    assert gone.state is MembershipState.BY_HAND


def test_of_two_lists_that_read_alike_the_one_that_is_typed_as_it_stands_is_meant(stage: Stage) -> None:
    first, second = stage.sync("A", "Letters "), stage.sync("B", "Letters")
    for sync in (first, second):
        assert stage.wait_for(catalogue.mailing_list(stage.desk, sync.list_name)).key == sync.list_key


def test_of_two_syncs_that_read_alike_the_one_that_is_typed_as_it_stands_is_meant(stage: Stage) -> None:
    """As in a workspace whose names are of before they were compared so."""
    for name in (APART, COMPOSED):
        stage.sync(name)
        assert stage.desk.sync(name).name == name


def test_a_definition_changes_nothing_of_a_sync_whose_name_reads_alike_and_no_file_has_two_such(
    stage: Stage, tmp_path: Path
) -> None:
    stage.sync(APART)
    path, text = tmp_path / "syncs.toml", definitions.export(stage.desk)
    path.write_text(text.replace(APART, COMPOSED), encoding="utf-8")
    [planned] = stage.wait_for(definitions.apply(stage.desk, path))
    assert (planned.changes, stage.desk.sync(COMPOSED).name) == ((), APART)
    again = text[text.index("[[sync]]") :].replace(APART, COMPOSED)
    path.write_text(f"{text}\n{again}", encoding="utf-8")
    with pytest.raises(DefinitionError, match="another sync of this file has the same name"):
        stage.wait_for(definitions.plan(stage.desk, path))


def test_of_two_deleted_syncs_that_read_alike_the_one_that_is_typed_as_it_stands_is_brought_back(stage: Stage) -> None:
    for name in (COMPOSED, APART):
        stage.sync(name)
        stage.clock.pass_by(minutes=1)
        syncs.delete(stage.desk, name)
    assert deleted.restore(stage.desk, COMPOSED).name == COMPOSED


def test_a_definition_means_the_list_whose_name_reads_alike(stage: Stage, tmp_path: Path) -> None:
    """Another one of that name was created, which nobody could tell from it."""
    stage.sync("A", APART)
    path, text = tmp_path / "syncs.toml", definitions.export(stage.desk).replace(APART, COMPOSED)
    path.write_text(text, encoding="utf-8")
    [planned] = stage.wait_for(definitions.apply(stage.desk, path))
    assert (planned.changes, planned.new_list) == ((), "")
    path.write_text(text.replace('"A"', '"B"'), encoding="utf-8")
    [planned] = stage.wait_for(definitions.apply(stage.desk, path))
    assert (planned.sync.list_key, planned.new_list) == (stage.desk.sync("A").list_key, "")


def test_a_file_creates_one_list_for_two_names_that_read_alike(stage: Stage, tmp_path: Path) -> None:
    stage.sync("A", "Letters")
    text = definitions.export(stage.desk)
    one, path = text[text.index("[[sync]]") :], tmp_path / "syncs.toml"
    new = [one.replace('"A"', f'"{name}"').replace("Letters", called) for name, called in (("B", APART), ("C", COMPOSED))]
    path.write_text("\n".join(new), encoding="utf-8")
    first, second = stage.wait_for(definitions.apply(stage.desk, path))
    assert first.sync.list_key == second.sync.list_key
    assert [known.key for known in stage.wait_for(catalogue.lists(stage.desk))].count(first.sync.list_key) == 1


def test_a_definition_creates_no_list_for_a_sync_whose_name_reads_alike_and_whose_list_is_called_otherwise_by_now(
    stage: Stage, tmp_path: Path
) -> None:
    stage.sync(APART)
    stage.change(APART, list_name="Called so before")
    path = tmp_path / "syncs.toml"
    path.write_text(definitions.export(stage.desk).replace(APART, COMPOSED), encoding="utf-8")
    [planned] = stage.wait_for(definitions.plan(stage.desk, path))
    assert (planned.changes, planned.new_list) == ((), "")


def test_a_definition_leaves_a_sync_alone_whose_name_reads_alike_and_whose_field_is_gone(stage: Stage, tmp_path: Path) -> None:
    stage.sync(APART)
    gone = Selection(kind=SelectionKind.CRITERIA, conditions=(Condition(field="Gone", operator="is", value="x"),), pattern="1")
    stage.change(APART, selection=gone)
    path = tmp_path / "syncs.toml"
    path.write_text(definitions.export(stage.desk).replace(APART, COMPOSED), encoding="utf-8")
    [planned] = stage.wait_for(definitions.plan(stage.desk, path))
    assert (planned.changes, "it cannot run like this" in planned.warnings[0]) == ((), True)


def test_no_list_is_created_that_reads_like_another_in_capitals_or_not(stage: Stage) -> None:
    stage.sync("A", APART)
    for name in (COMPOSED, f" {COMPOSED.upper()} "):
        assert catalogue.name_mistake(name, [APART]) == "There is a list of that name already."
        with pytest.raises(UsageError, match="There is a list"):
            stage.wait_for(catalogue.create_list(stage.desk, name))
