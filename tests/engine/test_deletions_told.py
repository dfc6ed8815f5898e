"""What is told of people whose record was deleted in Recruit and who stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.stage import KEEP, LIST, Stage, email_of
from tui_sync.engine.removals import without_outdated
from tui_sync.model.ledger import RecordEntry
from tui_sync.model.outcomes import Cause
from tui_sync.model.sync import Policies
from tui_sync.services import log, policies


@pytest.mark.parametrize("where", ["the same sync", "another sync of the list"])
def test_the_number_of_exempt_people_who_would_leave_has_nobody_in_it_who_stays_by_another_record(
    stage: Stage, where: str
) -> None:
    stage.people(3)
    stage.sync("News")
    stage.sync("Contacts", module="Contacts")
    stage.recruit.add("9", email_of("1"), module="Candidates" if where == "the same sync" else "Contacts")
    stage.run("News")
    stage.run("Contacts")
    stage.change("News", policies=Policies(KEEP, LIST))
    stage.recruit.delete("1", "2")
    stage.run("News")
    sync = stage.desk.sync("News")
    assert stage.wait_for(policies.exempt(stage.desk, sync)).leaving == ((Cause.DELETED, 1),)
    stage.wait_for(policies.apply_to_exempt(stage.desk, sync))
    assert stage.removals(stage.run("News")) == {"2": "deleted"}


def test_the_log_tells_how_many_deletions_removed_nobody(stage: Stage) -> None:
    stage.people(5)
    stage.recruit.add("9", email_of("1"))
    stage.sync("News", on_delete=LIST)
    stage.sync("Keeps", "Other")
    stage.run("News")
    stage.run("Keeps")
    stage.recruit.delete("1", "2")
    told = []
    for name in ("News", "Keeps", "News"):
        stage.run(name)
        told.append(log.listing(stage.desk)[0].what.partition("completed, ")[2].partition(";")[0])
    assert told == ["1 deleted, 1 deleted in Recruit without a removal", "2 deleted in Recruit without a removal", "nobody"]


def test_other_records_are_looked_through_only_for_who_would_leave_by_a_deletion_or_another_address(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all 200 of a page they took 100 000 people some seconds, each time a policy was turned in the form."""
    looked: list[None] = []

    class Watched(list[RecordEntry]):
        def __iter__(self) -> Iterator[RecordEntry]:
            looked.append(None)
            return super().__iter__()

    monkeypatch.setattr(policies, "without_outdated", lambda entries: Watched(without_outdated(entries)))
    stage.people(3)
    stage.sync("News", on_delete=KEEP)
    stage.run("News")
    stage.recruit.delete("1")
    stage.run("News")
    found = stage.wait_for(policies.exempt(stage.desk, stage.desk.sync("News"), Policies(LIST, LIST, LIST)))
    assert (found.people, found.leaving, len(looked)) == (3, ((Cause.DELETED, 1),), 1)
