"""Settings act: the rules for addresses on people whose records have not changed, and a change is taken back alone."""

from __future__ import annotations

import pytest

from tests.engine.stage import HUB, LIST, Stage
from tui_sync.model.errors import UsageError
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import corrections, settings


def test_changed_address_rules_judge_people_anew_whose_records_have_not_changed(stage: Stage) -> None:
    stage.recruit.add("1", "sales@zylker.com")
    stage.recruit.add("2", "ann@gmial.com")
    stage.sync("A")
    stage.run("A")
    settings.change(stage.desk, "role-names", "sales")
    settings.change(stage.desk, "allowed-domains", "gmial.com")
    run = stage.run("A")
    assert run.why == "the rules for addresses were changed"
    assert stage.decisions(run) == {"1": (Status.IGNORED, Reason.GROUP_EMAIL), "2": (Status.NEW, None)}
    assert not stage.run("A").full, "one full fetch is enough"


def test_other_settings_ask_for_no_full_fetch(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A")
    settings.change(stage.desk, "limit-day", "20")
    settings.change(stage.desk, "role-names", ", ".join(settings.settings(stage.desk).role_names or ("info",)))
    settings.reset(stage.desk, "misspelt-domains")
    settings.reset(stage.desk, "role-names")
    assert stage.run("A").full, "the role names were others for a moment"
    settings.reset(stage.desk, "role-names")
    assert not stage.run("A").full, "nothing was changed"


def test_a_change_is_taken_back_without_the_others(stage: Stage) -> None:
    done = settings.change(stage.desk, "limit-day", "20")
    settings.change(stage.desk, "limit-month", "70")
    settings.put_back(stage.desk, done)
    now = settings.settings(stage.desk).limits
    assert (now.day, now.month) == (10, 70)
    assert [line.what for line in stage.space.log.lines()][-1] == "setting limit-day: 20 -> 10"


def test_a_refused_value_leaves_everything_and_nothing_on_record(stage: Stage) -> None:
    before = settings.settings(stage.desk)
    with pytest.raises(UsageError):
        settings.change(stage.desk, "limit-day", "0")
    assert settings.settings(stage.desk) == before
    assert list(stage.space.log.lines()) == []


INVALID = (Status.IGNORED, Reason.INVALID_PATTERN)


def no_longer_allowed(stage: Stage) -> None:
    """Two people of an allowed domain are in the list; then the domain is taken for misspelt again."""
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    stage.recruit.add("1", "Ann@gnail.com")
    stage.recruit.add("2", "ben@gnail.com")
    stage.sync("A", on_delete=LIST, on_opt_out=HUB)
    stage.run("A")
    settings.reset(stage.desk, "allowed-domains")


def test_whose_domain_is_no_longer_allowed_is_ignored_and_stays_since_nobody_changed_the_address(stage: Stage) -> None:
    no_longer_allowed(stage)
    run = stage.run("A")
    assert (run.full, stage.decisions(run)) == (True, {"1": INVALID, "2": INVALID})
    assert (stage.removals(run), stage.members()) == ({}, {"ann", "ben"})
    assert [doubt.wrong for doubt in stage.wait_for(corrections.queue(stage.desk))] == ["ann@gnail.com", "ben@gnail.com"]
    stage.recruit.edit("1", City="Lyon")
    assert stage.removals(stage.run("A")) == {}
    assert len(stage.wait_for(corrections.queue(stage.desk))) == 2


def test_who_stays_by_a_domain_no_longer_allowed_leaves_when_deleted_opted_out_or_really_changed(stage: Stage) -> None:
    no_longer_allowed(stage)
    stage.recruit.add("3", "cid@zylker.com")
    stage.run("A")
    stage.recruit.delete("1")
    stage.recruit.edit("2", opted_out=True)
    assert stage.removals(stage.run("A")) == {"1": "deleted", "2": "opted_out"}
    assert stage.members() == {"cid"}
    stage.recruit.edit("3", Email="cid@gnail.com")
    run = stage.run("A")
    assert (stage.decisions(run)["3"], stage.removals(run)) == (INVALID, {"3": "address_changed"})


def test_who_stays_by_a_domain_no_longer_allowed_is_corrected_and_allowed_again(stage: Stage) -> None:
    no_longer_allowed(stage)
    stage.run("A")
    stage.wait_for(corrections.accept(stage.desk, "ann@gnail.com"))
    run = stage.run("A")
    assert (stage.decisions(run)["1"], stage.removals(run)) == ((Status.NEW, None), {"1": "address_changed"})
    settings.change(stage.desk, "allowed-domains", "gnail.com")
    run = stage.run("A")
    assert (stage.decisions(run)["2"], stage.removals(run)) == ((Status.DUPLICATE, None), {})
    assert stage.wait_for(corrections.queue(stage.desk)) == []
