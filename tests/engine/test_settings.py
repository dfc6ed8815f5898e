"""Settings act: the rules for addresses on people whose records have not changed, and a change is taken back alone."""

from __future__ import annotations

import pytest

from tests.engine.stage import Stage
from tui_sync.model.errors import UsageError
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import settings


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
