"""The named cases that only a hub with people of its own shows: every reason, re-added, left on their own."""

from __future__ import annotations

from tests.engine.office import SUBSCRIBE, Office, block
from tests.engine.stage import reconciled
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import running

NEW, DUPLICATE, RE_ADDED, IGNORED = Status.NEW, Status.DUPLICATE, Status.RE_ADDED, Status.IGNORED
ANN = "ann@zylker.com"


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


def test_re_added_on_the_day_of_the_deletion_where_a_full_run_asks_who_is_in_the_list(office: Office) -> None:
    record = office.candidate(ANN)
    office.sync("Everyone")
    office.run("Everyone")
    office.org.leads.delete_lead(ANN)
    office.edit(record, City="Madurai")
    assert office.decisions(office.run("Everyone", full=True)) == {ANN: (RE_ADDED, None)}
    office.org.leads.delete_lead(ANN)
    office.edit(record, City="Chennai")
    assert office.decisions(office.run("Everyone")) == {ANN: (DUPLICATE, None)}  # read once a day unless it is asked for
