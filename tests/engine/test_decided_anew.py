"""What changes for people whose record did not: another record stands for them, or the policies became stricter again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.stage import HUB, KEEP, LIST, Stage, email_of
from tui_sync.model.outcomes import Cause
from tui_sync.model.sync import Condition, Frequency, Policies, Removal, Schedule, Selection, SelectionKind
from tui_sync.services import settings

IN_PUNE = Selection(
    kind=SelectionKind.CRITERIA, conditions=(Condition(field="City", operator="is", value="Pune"),), pattern="1"
)
FATES: dict[str, Callable[[Stage], None]] = {
    "deleted": lambda stage: stage.recruit.delete("9"),
    "another address": lambda stage: stage.recruit.edit("9", Email="new@zylker.com"),
    "out of the selection": lambda stage: stage.recruit.edit("9", City="Chennai"),
}


@pytest.mark.parametrize("fate", FATES.values(), ids=FATES.keys())
def test_who_is_left_with_a_converted_record_alone_leaves_with_the_next_run_which_says_why(
    stage: Stage, fate: Callable[[Stage], None]
) -> None:
    stage.people(2)
    stage.recruit.add("9", email_of("1"))
    stage.sync("Newsletter", on_convert=LIST, selection=IN_PUNE)
    stage.run("Newsletter")
    stage.recruit.edit("1", converted=True)
    assert stage.removals(stage.run("Newsletter")) == {}
    fate(stage)
    stage.run("Newsletter")
    run = stage.run("Newsletter")
    assert (run.full, "only a converted record stands for somebody now" in run.why) == (True, True)
    assert (stage.removals(run), stage.members() - {"new"}) == ({"1": Cause.CONVERTED}, {"p2"})
    assert not stage.run("Newsletter").full


def test_the_end_of_a_record_beside_one_that_is_not_converted_asks_for_nothing(stage: Stage) -> None:
    stage.people(2)
    stage.recruit.add("9", email_of("1"))
    stage.sync("Newsletter", on_convert=LIST)
    stage.run("Newsletter")
    stage.recruit.delete("9")
    stage.run("Newsletter")
    assert not stage.run("Newsletter").full


@pytest.mark.parametrize("unchanged", [True, False])
def test_the_end_of_one_of_two_records_that_are_not_converted_asks_for_nothing(stage: Stage, unchanged: bool) -> None:
    stage.people(2)
    for record in ("7", "8", "9"):
        stage.recruit.add(record, email_of("1"))
    stage.recruit.edit("8", converted=True)
    stage.sync("Newsletter", on_convert=LIST)
    stage.run("Newsletter")
    stage.recruit.delete("9")
    if not unchanged:
        stage.recruit.delete("7")
        stage.recruit.edit("1", City="Chennai")
    stage.run("Newsletter")
    assert not stage.run("Newsletter").full


@pytest.mark.parametrize("policy", [LIST, HUB])
@pytest.mark.parametrize("flag", ["opted_out", "converted"])
def test_who_stayed_while_the_policies_were_weaker_leaves_once_they_are_as_before(
    stage: Stage, flag: str, policy: Removal
) -> None:
    strict = Policies(policy, KEEP, policy)
    stage.people(3)
    stage.sync("Newsletter", on_opt_out=policy, on_delete=KEEP, on_convert=policy)
    stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies())
    stage.recruit.edit("1", **{flag: True})
    stage.run("Newsletter")
    stage.change("Newsletter", policies=strict)
    run = stage.run("Newsletter")
    assert (run.full, "has to leave by the policies of now" in run.why) == (True, True)
    assert (stage.removals(run), stage.members()) == ({"1": Cause(flag)}, {"p2", "p3"})
    assert not stage.run("Newsletter").full


def test_stricter_policies_that_concern_nobody_but_the_exempt_ask_for_nothing(stage: Stage) -> None:
    stage.people(3)
    stage.recruit.edit("1", opted_out=True)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.change("Newsletter", policies=Policies(LIST, None, LIST))
    run = stage.run("Newsletter")
    assert (run.full, stage.members()) == (False, {"p1", "p2", "p3"})


ZONES: dict[str, Callable[[Stage], object]] = {
    "of the sync": lambda stage: stage.change("Newsletter", schedule=Schedule(frequency=Frequency.DAILY, timezone="UTC")),
    "of the organisation": lambda stage: settings.change(stage.desk, "timezone", "UTC"),
}


@pytest.mark.parametrize("turn", ZONES.values(), ids=ZONES.keys())
def test_another_time_zone_has_everybody_decided_anew_whom_a_sync_selects_by_a_day(
    stage: Stage, turn: Callable[[Stage], object]
) -> None:
    met = Condition(field="Met", operator="is", value="2026-01-31")
    stage.recruit.add("1", email_of("1"), Met="2026-01-31T20:00:00Z")
    stage.sync("Newsletter", selection=Selection(kind=SelectionKind.CRITERIA, conditions=(met,), pattern="1"))
    stage.sync("In Pune", "Other", selection=IN_PUNE)
    stage.run("Newsletter")
    stage.run("In Pune")
    assert stage.members() == set()
    turn(stage)
    run = stage.run("Newsletter")
    assert (run.full, run.why, stage.members()) == (True, "mapping, criteria, selection or their time zone changed", {"p1"})
    assert [stage.run(name).full for name in ("Newsletter", "In Pune")] == [False, False]
