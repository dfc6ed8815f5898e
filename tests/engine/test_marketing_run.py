"""Runs against the simulated Marketing Automation: what only a hub with people of its own shows."""

from __future__ import annotations

import pytest

from tests.engine.office import DO_NOT_MAIL, NEW_LIST, SUBSCRIBE, UNSUBSCRIBE, Office
from tests.engine.stage import reconciled
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.services import running

NEW, DUPLICATE, RE_ADDED, IGNORED = Status.NEW, Status.DUPLICATE, Status.RE_ADDED, Status.IGNORED
ANN = "ann@zylker.com"
FILLER = [f"filler{number}@zylker.com" for number in range(40)]


def block(office: Office, email: str) -> None:
    """Put an address on the hub's Do-Not-Mail list, of which no sync knows."""
    lead = office.org.leads
    lead.subscribe(lead.list_by_key(office.list_key("Alumni")), {"Lead Email": email}, office.org.seconds())
    lead.do_not_mail(email)


def test_every_reason_in_one_fetch_and_the_counts_reconcile(office: Office) -> None:
    """One record for each row of the contract's table, two for the file duplicate, one for New."""
    for gone in ("bounced@zylker.com", "left@zylker.com"):
        office.candidate(gone)
    office.candidate("hand@zylker.com")
    office.sync("Everyone", on_opt_out="remove-from-list", on_convert="remove-from-list")
    office.run("Everyone")
    office.org.leads.bounce("bounced@zylker.com")
    office.leaves("left@zylker.com", "Zylker")
    block(office, "blocked@zylker.com")
    office.candidate("blocked@zylker.com")
    office.candidate(None)
    office.candidate("   ")
    office.candidate("john@gnail.com")
    office.candidate("no address")
    loser = office.candidate("Twice@zylker.com ")
    winner = office.candidate("twice@zylker.com")
    office.candidate("careers@zylker.com")
    office.candidate("out@zylker.com", Email_Opt_Out=True)
    office.convert(office.candidate("turned@zylker.com"))
    office.candidate("refused@blocked.example")
    office.candidate("new@zylker.com")
    run = office.run("Everyone", full=True)
    told = {(o.email, o.status, o.reason): o.detail for o in running.outcomes(office.desk, run.id)}
    reasons = {(email, reason) for email, status, reason in told if status is IGNORED}
    assert reasons == {
        (None, Reason.EMPTY_EMAIL),
        ("   ", Reason.EMPTY_EMAIL),
        ("john@gnail.com", Reason.INVALID_PATTERN),
        ("no address", Reason.INVALID_PATTERN),
        ("twice@zylker.com", Reason.FILE_DUPLICATE),
        ("careers@zylker.com", Reason.GROUP_EMAIL),
        ("blocked@zylker.com", Reason.DO_NOT_MAIL),
        ("bounced@zylker.com", Reason.BOUNCED),
        ("left@zylker.com", Reason.UNSUBSCRIBED),
        ("out@zylker.com", Reason.OPTED_OUT),
        ("turned@zylker.com", Reason.CONVERTED),
        ("refused@blocked.example", Reason.REFUSED),
    }
    assert "did you mean" in str(told["john@gnail.com", IGNORED, Reason.INVALID_PATTERN]).lower()
    assert str(winner) in str(told["twice@zylker.com", IGNORED, Reason.FILE_DUPLICATE])
    assert "2007" in str(told["refused@blocked.example", IGNORED, Reason.REFUSED])
    assert str(loser) in {o.record_id for o in running.outcomes(office.desk, run.id) if o.reason == "file_duplicate"}
    assert (run.counts.total, run.counts.new, run.counts.duplicate, run.counts.ignored) == (15, 2, 1, 12)
    assert (run.ignored.empty_email, run.ignored.invalid_pattern, run.ignored.file_duplicate) == (2, 2, 1)
    assert reconciled(run)


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


def test_left_on_their_own_they_stay_out_when_their_record_changes(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone")
    office.run("Everyone")
    office.leaves(ANN, "Zylker")
    office.edit(record, City="Madurai")
    run = office.run("Everyone")
    assert office.decisions(run) == {ANN: (IGNORED, Reason.UNSUBSCRIBED)}
    assert office.calls == []
    office.next_day()
    office.edit(record, City="Chennai")
    assert office.decisions(office.run("Everyone", full=True)) == {ANN: (IGNORED, Reason.UNSUBSCRIBED)}
    assert office.calls == []
    assert ANN not in office.members("Zylker")


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
    assert office.decisions(office.run("Everyone")) == {ANN: (IGNORED, Reason.DO_NOT_MAIL)}
    assert office.calls == []


def test_re_added_a_lead_deleted_at_the_hub_comes_back_when_their_record_changes(office: Office) -> None:
    record = office.candidate(ANN)
    office.candidate("bob@zylker.com")
    office.sync("Everyone")
    office.run("Everyone")
    office.org.leads.delete_lead(ANN)
    office.next_day()
    run = office.run("Everyone", full=True)
    assert office.decisions(run)[ANN] == (DUPLICATE, None)
    assert office.calls == []
    office.edit(record, City="Madurai")
    run = office.run("Everyone")
    assert office.decisions(run)[ANN] == (RE_ADDED, None)
    assert office.calls == [(SUBSCRIBE, ANN)]
    assert office.fields(ANN) == {"firstname": "Ann", "city": "Madurai"}
    assert office.members("Zylker") >= {ANN, "bob@zylker.com"}
    office.run("Everyone", full=True)
    assert office.calls == []


def test_re_added_in_the_run_that_learns_of_the_deletion_and_of_the_change_at_once(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone")
    office.run("Everyone")
    office.org.leads.delete_lead(ANN)
    office.edit(record, City="Madurai")
    office.next_day()
    run = office.run("Everyone", full=True)
    assert office.decisions(run) == {ANN: (RE_ADDED, None)}
    assert office.fields(ANN) == {"firstname": "Ann", "city": "Madurai"}


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
