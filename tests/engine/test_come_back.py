"""People who come back, or are barred, while something is under way for them."""

from __future__ import annotations

from tests.engine.flaky import over_a_flaky_line
from tests.engine.stage import LIST, Stage, email_of
from tui_sync.model.events import Event, Phase, Progressed
from tui_sync.model.ledger import HUB_SCOPE, Bar, bar_key
from tui_sync.model.outcomes import Cause, Reason, Result, Status
from tui_sync.model.sync import Selection, SelectionKind
from tui_sync.services import running, settings

VIEW = Selection(kind=SelectionKind.VIEW, view_id="pune", view_name="Pune")


def test_a_withheld_deletion_is_made_only_for_records_that_recruit_has_no_more(stage: Stage) -> None:
    """A record restored outside the view is not listed, so only a look at the record itself tells."""
    stage.recruit.views_by_id["pune"] = lambda row: row.values["City"] == "Pune"
    records = stage.people(40)
    stage.sync("Newsletter", on_delete=LIST, selection=VIEW)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    assert stage.run("Newsletter").withheld == 12
    for record in records[:4]:
        stage.recruit.add(record, email_of(record))
    for record in records[4:10]:
        stage.recruit.add(record, email_of(record), City="Madurai")
    run = stage.run("Newsletter")
    assert (run.result, run.counts.deleted) == (Result.COMPLETED, 2)
    assert set(stage.removals(run)) == set(records[10:12])
    assert len(stage.members()) == 38
    assert stage.space.ledger.pending() == []


def test_who_is_restored_by_an_address_that_is_taken_for_misspelt_by_now_has_come_back(stage: Stage) -> None:
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    records = [str(number) for number in range(1, 21)]
    for record in records:
        stage.recruit.add(record, f"p{record}@gnail.com")
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.delete(*records[:12])
    run = stage.run("Newsletter")
    assert run.withheld == 12
    settings.change(stage.desk, "allowed-domains", "")
    for record in records[:11]:
        stage.recruit.add(record, f"p{record}@gnail.com")
    assert (stage.approve(run).counts.deleted, len(stage.members())) == (1, 19)


def test_a_bar_that_another_run_sets_during_the_calls_of_a_page_keeps_the_next_person_out(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter")
    over_a_flaky_line(stage)
    email = email_of("2")
    bar = Bar(
        key=bar_key(HUB_SCOPE, email, "Contacts/9", Cause.OPTED_OUT), email=email, scope=HUB_SCOPE, cause=Cause.OPTED_OUT,
        origin="Contacts/9", sync="other", since=stage.clock.now(),
    )  # fmt: skip

    def tell(event: Event) -> None:
        if isinstance(event, Progressed) and (event.phase, event.done) == (Phase.DELIVER, 1):
            stage.space.ledger.put(bar)

    run = stage.run("Newsletter", control=running.control(stage.desk, tell))
    assert stage.decisions(run)["2"] == (Status.IGNORED, Reason.OPTED_OUT)
    assert stage.members() == {"p1", "p3"}
