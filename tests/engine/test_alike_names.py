"""Names that read alike are one name: white space around them and how their accents are composed tell nobody apart."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from tests.engine.stage import Stage, email_of
from tui_sync.model.errors import DefinitionError, UsageError
from tui_sync.model.ledger import MembershipState
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
