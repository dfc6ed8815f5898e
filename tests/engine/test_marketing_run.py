"""Runs against the simulated Marketing Automation: what only a hub with people of its own shows."""

from __future__ import annotations

import httpx
import pytest

from tests.engine.office import DO_NOT_MAIL, NEW_LIST, SUBSCRIBE, UNSUBSCRIBE, Office, block
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.services import running

NEW, DUPLICATE, RE_ADDED, IGNORED = Status.NEW, Status.DUPLICATE, Status.RE_ADDED, Status.IGNORED
ANN = "ann@zylker.com"
FILLER = [f"filler{number}@zylker.com" for number in range(40)]


def test_codes_of_the_hub_that_are_reasons_of_their_own(office: Office) -> None:
    """2004, 2005 and 2006 at delivery; the last one is remembered as Do-Not-Mail for every sync."""
    block(office, "blocked@zylker.com")
    office.candidate("blocked@zylker.com")
    office.contact("blocked@zylker.com")
    office.sync("Everyone")
    run = office.run("Everyone")
    assert office.calls == [(SUBSCRIBE, "blocked@zylker.com")]
    assert office.decisions(run) == {"blocked@zylker.com": (IGNORED, Reason.DO_NOT_MAIL)}
    assert (run.result, run.failed) == (Result.COMPLETED, 0)
    for name, module in (("Everyone", "Candidates"), ("Contacts", "Contacts")):
        if module == "Contacts":
            office.sync(name, module=module)
        assert office.decisions(office.run(name, full=True)) == {"blocked@zylker.com": (IGNORED, Reason.DO_NOT_MAIL)}
        assert office.calls == []


def test_a_refused_person_is_asked_again_only_when_what_is_sent_changes(office: Office) -> None:
    email = "ann@blocked.example"
    record = office.candidate(email)
    office.sync("Everyone")
    assert office.decisions(office.run("Everyone")) == {email: (IGNORED, Reason.REFUSED)}
    office.edit(record, Department="Sales")
    for _ in range(2):
        assert office.decisions(office.run("Everyone", full=True)) == {email: (IGNORED, Reason.REFUSED)}
        assert office.calls == []
    office.edit(record, City="Madurai")
    office.run("Everyone")
    assert office.calls == [(SUBSCRIBE, email)]


def test_an_unsubscribe_that_a_sync_made_is_undone_by_a_sync(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone", on_opt_out="remove-from-list")
    office.run("Everyone")
    office.edit(record, Email_Opt_Out=True)
    run = office.run("Everyone")
    assert (office.decisions(run), office.removals(run)) == ({ANN: (IGNORED, Reason.OPTED_OUT)}, {ANN: "opted_out"})
    assert office.calls == [(UNSUBSCRIBE, ANN)]
    assert office.members("Zylker", "unsub") >= {ANN}
    office.edit(record, Email_Opt_Out=False)
    assert office.decisions(office.run("Everyone")) == {ANN: (DUPLICATE, None)}
    assert office.calls == [(SUBSCRIBE, ANN)]
    assert ANN in office.members("Zylker")


def test_removed_from_the_hub_means_do_not_mail_and_no_sync_lifts_it(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone", on_opt_out="remove-from-hub")
    office.run("Everyone")
    office.edit(record, Email_Opt_Out=True)
    run = office.run("Everyone")
    assert office.calls == [(DO_NOT_MAIL, ANN)]
    assert (office.decisions(run), office.removals(run)) == ({ANN: (IGNORED, Reason.OPTED_OUT)}, {ANN: "opted_out"})
    office.edit(record, Email_Opt_Out=False)
    again = office.run("Everyone")
    assert office.decisions(again) == {ANN: (IGNORED, Reason.DO_NOT_MAIL)}
    [told] = [outcome.detail for outcome in running.outcomes(office.desk, again.id)]
    assert told is not None
    assert told.startswith("moved to Do-Not-Mail by sync Everyone on ")
    assert told.endswith(": opted out in Recruit")
    assert office.calls == []


def test_a_bounce_that_the_hub_reports_no_more_keeps_nobody_out_of_any_list(office: Office) -> None:
    office.candidate(ANN)
    office.contact(ANN)
    office.sync("Everyone")
    office.sync("Contacts", "Newsletter", module="Contacts")
    office.run("Everyone")
    office.org.leads.bounce(ANN)
    office.run("Everyone", full=True)
    assert office.decisions(office.run("Contacts")) == {ANN: (IGNORED, Reason.BOUNCED)}
    office.org.leads.bounce(ANN, ended=True)
    for name in ("Everyone", "Contacts"):
        assert office.decisions(office.run(name, full=True)) == {ANN: (Status.DUPLICATE, None)}, name


def test_a_bounced_member_of_another_list_is_known_to_every_sync(office: Office) -> None:
    office.candidate(ANN)
    office.contact(ANN)
    office.sync("Everyone")
    office.run("Everyone")
    office.org.leads.bounce(ANN)
    assert office.decisions(office.run("Everyone", full=True)) == {ANN: (IGNORED, Reason.BOUNCED)}
    office.sync("Contacts", "Newsletter", module="Contacts")
    assert office.decisions(office.run("Contacts")) == {ANN: (IGNORED, Reason.BOUNCED)}
    assert office.calls == []


def test_a_noted_list_is_created_with_its_first_lead_and_the_fields_follow(office: Office) -> None:
    for email in (ANN, "bob@zylker.com"):
        office.candidate(email)
    office.note_list("Fresh")
    office.sync("Everyone", "Fresh")
    assert not any(known.name == "Fresh" for known in office.org.leads.lists())
    run = office.run("Everyone")
    assert run.counts.new == 2
    assert office.calls == [(NEW_LIST, ANN), (SUBSCRIBE, ANN), (SUBSCRIBE, "bob@zylker.com")]
    fresh = office.org.leads.list_by_key(office.list_key("Fresh"))
    assert not fresh.public
    assert office.members("Fresh") == {ANN, "bob@zylker.com"}
    assert office.fields(ANN) == {"firstname": "Ann", "city": "Pune"}
    office.run("Everyone", full=True)
    assert office.calls == []


def test_a_person_of_the_list_whom_no_sync_brought_is_a_duplicate_and_is_never_removed(office: Office) -> None:
    leads = office.org.leads
    leads.subscribe(leads.list_by_key(office.list_key("Zylker")), {"Lead Email": ANN}, office.org.seconds())
    record = office.candidate(ANN)
    office.sync("Everyone", on_delete="remove-from-hub")
    assert office.decisions(office.run("Everyone")) == {ANN: (DUPLICATE, None)}
    office.delete(record)
    assert office.removals(office.run("Everyone")) == {}
    assert office.calls == []
    assert ANN in office.members("Zylker")


@pytest.mark.parametrize("full", [False, True])
def test_nothing_changed_the_hub_sees_no_write(office: Office, full: bool) -> None:
    for email in FILLER:
        office.candidate(email)
    office.candidate("john@gnail.com")
    office.candidate("out@zylker.com", Email_Opt_Out=True)
    office.candidate("ann@blocked.example")
    office.sync("Everyone", on_opt_out="remove-from-list")
    office.run("Everyone")
    assert sorted(office.calls) == sorted((SUBSCRIBE, email) for email in [*FILLER, "ann@blocked.example"])
    run = office.run("Everyone", full=full)
    assert office.calls == []
    assert (run.full, run.counts.new, run.counts.duplicate) == (full, 0, len(FILLER))


def test_an_edit_made_at_the_hub_stands_until_the_value_in_recruit_changes(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone")
    office.run("Everyone")
    leads = office.org.leads
    target = leads.list_by_key(office.list_key("Zylker"))
    leads.subscribe(target, {"Lead Email": ANN, "First Name": "Annie"}, office.org.seconds())
    office.edit(record, City="Madurai")
    office.run("Everyone")
    assert office.fields(ANN) == {"firstname": "Annie", "city": "Madurai"}
    office.edit(record, First_Name="Anna")
    office.run("Everyone")
    assert office.fields(ANN) == {"firstname": "Anna", "city": "Madurai"}


def test_somebody_who_moves_up_a_page_while_the_list_is_read_can_still_be_removed(office: Office) -> None:
    people = {f"p{number:03}@zylker.com": office.candidate(f"p{number:03}@zylker.com") for number in range(210)}
    office.sync("Everyone", on_opt_out="remove-from-list")
    office.run("Everyone")
    leads, zylker = office.org.leads, office.org.leads.list_by_key(office.list_key("Zylker"))
    order = [email for _, email, _ in leads.rows(leads.members(zylker, "active", office.when()))]
    gone, moved = order[0], order[200]

    async def leave(response: httpx.Response) -> None:
        if b"status=active" in response.request.content and gone in office.members("Zylker"):
            office.leaves(gone, "Zylker")

    office.http.event_hooks["response"].append(leave)
    office.next_day()
    assert office.decisions(office.run("Everyone", full=True))[moved] == (DUPLICATE, None)
    office.edit(people[moved], Email_Opt_Out=True)
    assert office.removals(office.run("Everyone")) == {moved: "opted_out"}
    assert moved not in office.members("Zylker")
