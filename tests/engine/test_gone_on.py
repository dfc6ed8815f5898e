"""A workspace that went back, or a sync that slept, while Recruit and the hub went on: nobody is overlooked or sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.flaky import FlakyHub, Trouble
from tests.engine.stage import HUB, LIST, Stage, email_of
from tui_sync.model.outcomes import Cause, Status
from tui_sync.services import care, settings, syncs

ANN = "ann@zylker.com"


@pytest.fixture
def loaded(stage: Stage, tmp_path: Path) -> Iterator[Stage]:
    """Another workspace that is connected to the Recruit and the hub of the first."""
    other = Stage(tmp_path / "loaded")
    other.clock, other.recruit = stage.clock, stage.recruit
    other.desk.clock = stage.clock
    other.open_hub = lambda monitor: FlakyHub(stage, monitor, Trouble())
    yield other
    other.close()


def test_who_was_added_since_a_dump_was_made_is_found_in_the_list_by_the_workspace_that_loads_it(
    stage: Stage, loaded: Stage, tmp_path: Path
) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.run("Newsletter")
    care.dump(stage.desk, tmp_path / "dump.json")
    stage.people(1, first=3)
    stage.run("Newsletter")
    loaded.space.db.drop_tables()
    care.load(loaded.desk, tmp_path / "dump.json")
    run = loaded.run("Newsletter")
    assert (run.full, run.why) == (True, "the workspace was read from a dump")
    assert (run.counts.new, loaded.decisions(run)["3"]) == (0, (Status.DUPLICATE, None))
    assert not loaded.run("Newsletter").full


def test_a_bar_that_ended_while_a_sync_was_deleted_lets_people_in_once_it_is_put_back(stage: Stage) -> None:
    stage.recruit.add("8", ANN)
    stage.recruit.add("9", ANN, module="Contacts")
    stage.sync("Candidates", on_opt_out=HUB)
    stage.sync("Contacts", "Other", module="Contacts")
    stage.recruit.edit("8", opted_out=True)
    for name in ("Candidates", "Contacts"):
        stage.run(name)
    gone = syncs.delete(stage.desk, "Contacts")
    stage.recruit.edit("8", opted_out=False)
    stage.run("Candidates")
    syncs.put_back(stage.desk, gone)
    run = stage.run("Contacts")
    assert (run.full, run.why, stage.members("Other")) == (True, "the sync was deleted for a while", {"ann"})
    assert not stage.run("Contacts").full


def test_address_rules_that_changed_while_a_sync_was_deleted_are_followed_once_it_is_put_back(stage: Stage) -> None:
    stage.recruit.add("1", "sales@zylker.com")
    stage.sync("Newsletter")
    stage.run("Newsletter")
    gone = syncs.delete(stage.desk, "Newsletter")
    settings.change(stage.desk, "role-names", "sales")
    syncs.put_back(stage.desk, gone)
    run = stage.run("Newsletter")
    assert [status for status, _ in stage.decisions(run).values()] == [Status.IGNORED]


def test_an_undone_edit_asks_for_nothing(stage: Stage) -> None:
    stage.people(1)
    before = stage.sync("Newsletter")
    stage.run("Newsletter")
    after = syncs.rename(stage.desk, "Newsletter", "Letter")
    syncs.put_back(stage.desk, before, after)
    assert not stage.run("Newsletter").full


def test_what_changed_before_the_moment_at_which_a_wrong_clock_ended_a_run_is_fetched(stage: Stage) -> None:
    stage.people(3)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.clock.pass_by(days=30)
    stage.run("Newsletter")
    stage.clock.pass_by(days=-30)
    stage.recruit.edit("1", opted_out=True)
    stage.recruit.delete("2")
    run = stage.run("Newsletter")
    assert (run.full, run.why) == (True, "the last run is of a later time than now: a clock was wrong")
    assert stage.removals(run) == {"1": Cause.OPTED_OUT, "2": Cause.DELETED}
    assert not stage.run("Newsletter").full


def test_a_list_that_was_read_at_a_later_time_than_now_is_read_again(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter")
    stage.clock.pass_by(days=30)
    stage.run("Newsletter")
    stage.clock.pass_by(days=-30)
    stage.space.leads.delete(email_of("1"))
    stage.run("Newsletter")
    stage.recruit.edit("1", City="Chennai")
    assert stage.decisions(stage.run("Newsletter"))["1"] == (Status.RE_ADDED, None)
