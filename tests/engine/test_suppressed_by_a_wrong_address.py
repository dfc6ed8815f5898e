"""Whoever is named by an address that was corrected is the person of the right one, for what keeps people out, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.stage import Stage
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import corrections, lifting, settings, suppression

WRONG, RIGHT = "john@gnail.com", "john@gmail.com"
BARRED = (Status.IGNORED, Reason.DO_NOT_MAIL)


@pytest.fixture
def misspelt(stage: Stage) -> Stage:
    """A sync that ignores one person, whose address is misspelt."""
    stage.recruit.add("1", WRONG)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    return stage


def corrected(stage: Stage) -> None:
    """The suggestion is taken."""
    stage.wait_for(corrections.accept(stage.desk, WRONG))


def in_the_list(stage: Stage) -> set[str]:
    """The addresses that are in the list, as the workspace knows them."""
    members = stage.space.ledger.memberships_in(stage.desk.sync("Newsletter").list_key)
    return {member.email for member in members if member.state is MembershipState.ACTIVE}


def test_who_is_suppressed_by_the_wrong_address_stays_out(misspelt: Stage) -> None:
    corrected(misspelt)
    assert suppression.suppress(misspelt.desk, "John@gnail.com", "a complaint").mark.email == RIGHT
    assert misspelt.decisions(misspelt.run("Newsletter"))["1"] == BARRED
    assert misspelt.members() == set()


def test_who_was_suppressed_before_the_address_was_corrected_stays_out(misspelt: Stage) -> None:
    suppression.suppress(misspelt.desk, WRONG, "a complaint")
    corrected(misspelt)
    assert misspelt.decisions(misspelt.run("Newsletter"))["1"] == BARRED
    assert [(mark.email, mark.suppressed) for mark in suppression.listing(misspelt.desk) if mark.email == RIGHT] == [
        (RIGHT, "a complaint")
    ]


def test_a_suppression_of_the_right_address_keeps_its_own_reason(misspelt: Stage) -> None:
    suppression.suppress(misspelt.desk, WRONG, "a complaint")
    suppression.suppress(misspelt.desk, RIGHT, "another one")
    corrected(misspelt)
    reasons = {mark.email: mark.suppressed for mark in suppression.listing(misspelt.desk)}
    assert reasons[RIGHT] == "another one"


def test_an_imported_wrong_address_keeps_the_person_of_the_right_one_out(misspelt: Stage, tmp_path: Path) -> None:
    corrected(misspelt)
    path = tmp_path / "list.csv"
    path.write_text(f"email,reason\n{WRONG},a complaint\n")
    misspelt.wait_for(suppression.read(misspelt.desk, path))
    assert misspelt.decisions(misspelt.run("Newsletter"))["1"] == BARRED


def test_who_is_taken_out_by_the_wrong_address_leaves_and_is_lifted_by_it(misspelt: Stage) -> None:
    corrected(misspelt)
    misspelt.run("Newsletter")
    assert misspelt.members() == {"john"}
    misspelt.remove(WRONG)
    assert misspelt.members() == set()
    assert misspelt.wait_for(lifting.lift(misspelt.desk, WRONG, "asked for it")).email == RIGHT
    misspelt.run("Newsletter")
    assert misspelt.members() == {"john"}


def test_whoever_is_in_a_list_by_the_wrong_address_itself_is_taken_out_by_it(stage: Stage) -> None:
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    stage.recruit.add("1", WRONG)
    stage.recruit.add("2", RIGHT)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    settings.reset(stage.desk, "allowed-domains")
    stage.run("Newsletter")
    corrected(stage)
    stage.run("Newsletter")
    assert in_the_list(stage) == {WRONG, RIGHT}
    stage.remove(WRONG)
    assert in_the_list(stage) == {RIGHT}
    stage.remove(WRONG)
    assert in_the_list(stage) == set()


def test_what_is_lifted_of_a_person_is_lifted_of_the_wrong_address_too(misspelt: Stage, tmp_path: Path) -> None:
    suppression.suppress(misspelt.desk, WRONG, "a complaint")
    corrected(misspelt)
    misspelt.wait_for(lifting.lift(misspelt.desk, RIGHT, "asked for it"))
    assert suppression.listing(misspelt.desk) == []
    misspelt.wait_for(suppression.export(misspelt.desk, tmp_path / "list.csv"))
    misspelt.wait_for(suppression.read(misspelt.desk, tmp_path / "list.csv"))
    misspelt.run("Newsletter")
    assert misspelt.members() == {"john"}


def test_who_was_lifted_by_a_version_that_left_the_wrong_address_on_the_list_is_taken_off_it(misspelt: Stage) -> None:
    suppression.suppress(misspelt.desk, WRONG, "a complaint")
    corrected(misspelt)
    misspelt.space.ledger.drop(misspelt.space.ledger.marks([RIGHT])[RIGHT])
    assert [mark.email for mark in suppression.listing(misspelt.desk)] == [WRONG]
    lifted = misspelt.wait_for(lifting.lift(misspelt.desk, WRONG, "asked for it"))
    assert lifted.lifted == ("They are off the suppression list (the reason was: a complaint).",)
    assert suppression.listing(misspelt.desk) == []
