"""Named case *new key*: the ZSC key is regenerated in Recruit, runs fail and say so, a pasted key mends it, nothing is lost."""

from __future__ import annotations

import pytest

from tests.engine.office import Office
from tui_sync.model.errors import CredentialsRejected, UsageError
from tui_sync.model.outcomes import Result, Status
from tui_sync.services import zsc


def paste(office: Office, key: str) -> str:
    return office.wait_for(zsc.paste(office.desk, key))


def logged(office: Office) -> str:
    return "\n".join(line.what for line in office.desk.workspace.log.lines())


def test_new_key(office: Office) -> None:
    office.sync("A")
    office.candidate("ann@zylker.com")
    assert office.run("A").counts.new == 1
    new = zsc.regenerate(office.desk)
    office.candidate("ben@zylker.com")

    failed = office.run("A")
    assert failed.result is Result.FAILED
    assert "Settings > Setup > Extensions & APIs > APIs > ZSC Key" in failed.message
    assert "tui-sync zsc-key" in failed.message
    assert office.calls == []

    assert "accepts the new ZSC key" in paste(office, f" {new}\n")
    run = office.run("A")
    assert {email: status for email, (status, _) in office.decisions(run).items()}["ben@zylker.com"] is Status.NEW
    assert office.members("Zylker") >= {"ann@zylker.com", "ben@zylker.com"}
    assert new not in logged(office)


def test_a_wrong_key_leaves_the_old_one_in_place_and_says_so(office: Office) -> None:
    office.sync("A")
    office.candidate("ann@zylker.com")
    old = office.org.zsc_key
    with pytest.raises(CredentialsRejected, match="stays in place") as refused:
        paste(office, "0123456789abcdef")
    assert "0123456789abcdef" not in str(refused.value)
    assert office.desk.workspace.secrets.get(zsc.NAME) == old
    assert office.run("A").counts.new == 1
    assert "pasted" not in logged(office)


@pytest.mark.parametrize("text", ["", "   ", "two words", "new\nline", "clé"])
def test_a_text_that_is_no_key_is_refused_without_a_call(text: str, office: Office) -> None:
    with pytest.raises(UsageError, match="Copy it from Recruit"):
        paste(office, text)


def test_the_key_is_shown_by_its_end_alone(office: Office) -> None:
    key = office.org.zsc_key
    assert zsc.masked(office.desk) == f"****{key[-4:]}"
    office.desk.workspace.secrets.set(zsc.NAME, "12345678")
    assert zsc.masked(office.desk) == "****", "of a short one nothing is shown"


def test_a_key_regenerated_while_the_old_one_is_pasted_again_is_still_missing(office: Office) -> None:
    old = office.org.zsc_key
    zsc.regenerate(office.desk)
    with pytest.raises(CredentialsRejected):
        paste(office, old)
