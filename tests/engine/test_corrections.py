"""The fix-it queue: addresses that look misspelt, and what an accepted correction does to every later run."""

from __future__ import annotations

import pytest

from tests.engine.office import Office
from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import UsageError
from tui_sync.model.outcomes import Reason, Status
from tui_sync.model.sync import Condition, Selection, SelectionKind
from tui_sync.services import corrections, people, settings, suppression
from tui_sync.services.corrections import Doubt

INVALID = (Status.IGNORED, Reason.INVALID_PATTERN)


def queue(stage: Stage | Office) -> list[Doubt]:
    return stage.wait_for(corrections.queue(stage.desk))


def pairs(stage: Stage | Office) -> dict[str, str]:
    return {doubt.wrong: doubt.suggestion for doubt in queue(stage)}


def accept(stage: Stage | Office, email: str, right: str = "") -> tuple[str, ...]:
    return stage.wait_for(corrections.accept(stage.desk, email, right))[1]


@pytest.fixture
def doubtful(stage: Stage) -> Stage:
    """Two misspelt addresses, one nonsense, one empty and one sound; two syncs have run."""
    stage.recruit.add("1", " John@Gnail.com ")
    stage.recruit.add("2", "ann@hotmial.com")
    stage.recruit.add("3", "nonsense")
    stage.recruit.add("4", None)
    stage.recruit.add("5", "eve@zylker.com")
    stage.sync("A")
    stage.sync("B", "Other", selection=Selection(
        kind=SelectionKind.CRITERIA, conditions=(Condition(field="First_Name", operator="is", value="F1"),), pattern="1"
    ))  # fmt: skip
    stage.run("A")
    stage.run("B")
    return stage


def test_the_queue_holds_every_address_that_looks_misspelt_once_with_the_syncs_that_ignore_it(doubtful: Stage) -> None:
    assert [(d.wrong, d.suggestion, d.syncs) for d in queue(doubtful)] == [
        ("ann@hotmial.com", "ann@hotmail.com", ("A",)), ("john@gnail.com", "john@gmail.com", ("A", "B")),
    ]  # fmt: skip


def test_a_record_that_two_syncs_ignore_is_told_once(doubtful: Stage) -> None:
    assert {d.wrong: d.records for d in queue(doubtful)} == {"ann@hotmial.com": ("2",), "john@gnail.com": ("1",)}


def test_an_unchanged_record_is_delivered_under_the_corrected_address_by_every_sync(doubtful: Stage) -> None:
    before = {record: row.values["Email"] for record, row in doubtful.recruit.rows.items()}
    assert accept(doubtful, "john@gnail.com") == ("A", "B")
    run = doubtful.run("A")
    assert run.why == "john@gnail.com was corrected to john@gmail.com"
    assert doubtful.decisions(run)["1"] == (Status.NEW, None)
    assert doubtful.details(run)["1"] == "added; corrected from john@gnail.com"
    doubtful.run("B")
    assert (doubtful.members(), doubtful.members("Other")) == ({"john", "eve"}, {"john"})
    assert pairs(doubtful) == {"ann@hotmial.com": "ann@hotmail.com"}
    assert {record: row.values["Email"] for record, row in doubtful.recruit.rows.items()} == before
    assert not doubtful.run("A").full


def test_a_correction_may_be_another_address_and_be_changed(doubtful: Stage) -> None:
    accept(doubtful, "JOHN@gnail.com", "j.doe@zylker.com")
    doubtful.run("A")
    assert "j.doe" in doubtful.members()
    doubtful.change("A", policies=doubtful.desk.sync("A").policies)
    accept(doubtful, "john@gnail.com", "john@zylker.com")
    assert doubtful.details(doubtful.run("A"))["1"] == "added; corrected from john@gnail.com"


def test_all_suggestions_are_accepted_in_one_commit(doubtful: Stage) -> None:
    assert corrections.accept_all(doubtful.desk, queue(doubtful)) == ("A", "B")
    doubtful.run("A")
    assert doubtful.members() == {"john", "ann", "eve"}
    assert queue(doubtful) == []
    told = [line.what for line in doubtful.space.log.lines()]
    assert "corrected the address john@gnail.com to john@gmail.com" in told


@pytest.mark.parametrize("right", ["nonsense", "john@gmial.com", "john@gnail.com"])
def test_a_correction_to_what_is_no_better_is_refused(doubtful: Stage, right: str) -> None:
    assert corrections.problem(doubtful.desk, "john@gnail.com", right)
    with pytest.raises(UsageError):
        accept(doubtful, "john@gnail.com", right)
    assert corrections.accepted(doubtful.desk) == []


def test_one_suggestion_that_is_all_is_told_as_one(stage: Stage) -> None:
    stage.recruit.add("1", "john@gnail.com")
    stage.sync("A")
    stage.run("A")
    corrections.accept_all(stage.desk, queue(stage))
    assert stage.run("A").why == "1 misspelt address was corrected"


@pytest.mark.parametrize("email", ["eve@zylker.com", "nobody@gnail.com", "nonsense", ""])
def test_only_an_address_of_the_queue_is_corrected(doubtful: Stage, email: str) -> None:
    with pytest.raises(UsageError, match="not among the addresses to review"):
        accept(doubtful, email, "other@zylker.com")


def test_a_dropped_correction_lets_the_next_run_ignore_the_address_again(stage: Stage) -> None:
    stage.recruit.add("1", "john@gnail.com")
    stage.sync("A", on_delete=LIST)
    stage.run("A")
    accept(stage, "john@gnail.com")
    stage.run("A")
    assert corrections.drop(stage.desk, "john@gnail.com") == ("A",)
    run = stage.run("A")
    assert stage.decisions(run)["1"] == INVALID
    assert stage.removals(run) == {"1": "address_changed"}
    assert (pairs(stage), stage.members()) == ({"john@gnail.com": "john@gmail.com"}, set())
    with pytest.raises(UsageError, match="has no correction"):
        corrections.drop(stage.desk, "john@gnail.com")


def test_an_address_mended_in_recruit_leaves_the_queue_as_does_a_deleted_record(doubtful: Stage) -> None:
    doubtful.recruit.edit("1", Email="john@zylker.com")
    doubtful.recruit.delete("2")
    doubtful.run("A")
    doubtful.run("B")
    assert pairs(doubtful) == {}


def test_another_misspelling_of_a_record_replaces_the_one_before(doubtful: Stage) -> None:
    doubtful.recruit.edit("2", Email="ann@yaho.com")
    doubtful.run("A")
    assert pairs(doubtful) == {"ann@yaho.com": "ann@yahoo.com", "john@gnail.com": "john@gmail.com"}


def test_an_allowed_domain_is_delivered_as_it_is(doubtful: Stage) -> None:
    corrections.allow(doubtful.desk, "gnail.com")
    assert pairs(doubtful) == {"ann@hotmial.com": "ann@hotmail.com"}
    doubtful.run("A")
    assert doubtful.lead("john@gnail.com") is not None
    assert doubtful.space.settings.allowed_domains == ("gnail.com",)


def test_a_correction_goes_before_a_domain_that_is_allowed_later(doubtful: Stage) -> None:
    accept(doubtful, "john@gnail.com")
    settings.change(doubtful.desk, "allowed-domains", "gnail.com")
    doubtful.run("A")
    assert "john" in doubtful.members()
    assert doubtful.lead("john@gmail.com") is not None


def test_the_corrected_address_is_judged_like_any_other(stage: Stage) -> None:
    stage.recruit.add("1", "john@gnail.com")
    stage.recruit.add("2", "info@gnail.com")
    stage.recruit.add("3", "ann@gnail.com")
    stage.recruit.add("4", "ann@gmail.com")
    stage.sync("A")
    stage.run("A")
    corrections.accept_all(stage.desk, queue(stage))
    suppression.suppress(stage.desk, "john@gmail.com", "why")
    stage.recruit.edit("4", City="Lyon")
    run = stage.run("A")
    assert stage.decisions(run) == {
        "1": (Status.IGNORED, Reason.DO_NOT_MAIL), "2": (Status.IGNORED, Reason.GROUP_EMAIL),
        "3": (Status.IGNORED, Reason.FILE_DUPLICATE), "4": (Status.DUPLICATE, None),
    }  # fmt: skip
    assert all("corrected from" in (stage.details(run)[record] or "") for record in "123")


def test_an_explanation_of_the_wrong_address_is_that_of_the_right_one(doubtful: Stage) -> None:
    accept(doubtful, "john@gnail.com")
    doubtful.run("A")
    known = people.explain(doubtful.desk, "john@gnail.com")
    assert (known.email, known.corrected) == ("john@gmail.com", "john@gnail.com")
    assert known.memberships


def test_a_correction_holds_at_marketing_automation(office: Office) -> None:
    office.candidate("john@gnail.com")
    office.sync("A")
    office.run("A")
    assert pairs(office) == {"john@gnail.com": "john@gmail.com"}
    accept(office, "john@gnail.com")
    run = office.run("A")
    assert office.decisions(run) == {"john@gmail.com": (Status.NEW, None)}
    assert "john@gmail.com" in office.members("Zylker")
