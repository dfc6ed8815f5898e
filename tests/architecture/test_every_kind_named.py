"""What is new among states, causes, frequencies or events is nowhere taken for another: tables and decisions name every one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from tests.architecture.test_imports import FILES, PACKAGE
from tui_sync.cli.progress import ProgressLine
from tui_sync.engine.removals import allowed
from tui_sync.model.events import Event
from tui_sync.model.health import INTERVALS
from tui_sync.model.outcomes import LABELS, Cause, Counts, IgnoredCounts, Reason, Status
from tui_sync.model.records import FieldType
from tui_sync.model.schedule import next_due
from tui_sync.model.sync import Frequency, Policies, Schedule, Sync
from tui_sync.ui.runner import Watch

PARTIAL = {
    "engine/journal.WANTED": "a removal from the hub leaves nobody in a state of a list",
    "ui/present/log.NONE_OF": "every line has the level info at least",
    "ui/present/outcomes.SPLIT": "the others have neither reasons nor causes",
    "ui/present/policies._MEANS_THERE": "keep does nothing there",
    "ui/present/syncs.FIRST_WAYS": "of all others a run is possible",
    "model/health.INTERVALS": "a one-time sync has none",
}
"""Tables that leave members out, and what that means."""


def tables() -> Iterator[tuple[str, Mapping[Enum, object]]]:
    """Every table of the program whose keys are members of one enumeration, by its place. Fields are apart: a type that is not
    known compares and is mapped as text."""
    for path in FILES:
        inside = path.relative_to(PACKAGE).with_suffix("")
        if path.stem in ("__main__", "__init__"):
            continue
        own = re.findall(r"^(\w+)(?:: .+)? = ", path.read_text(encoding="utf-8"), re.MULTILINE)
        module = import_module(".".join(("tui_sync", *inside.parts)))
        for name, value in ((name, getattr(module, name)) for name in own):
            if isinstance(value, Mapping) and value and all(isinstance(key, Enum) for key in value):
                [kind] = {type(key) for key in value}
                if kind is not FieldType:
                    yield f"{inside.as_posix()}.{name}", value


WHOLE = [(place, table) for place, table in tables() if place not in PARTIAL]


@pytest.mark.parametrize(("place", "table"), WHOLE, ids=[place for place, _ in WHOLE])
def test_a_table_has_a_line_for_every_member(place: str, table: Mapping[Enum, object]) -> None:
    missing = [str(member) for member in type(next(iter(table))) if member not in table]
    assert missing == [], f"{place} has no line for it"


def test_the_tables_that_leave_members_out_are_there() -> None:
    assert {place for place, _ in tables()} >= set(PARTIAL)


def test_every_frequency_but_once_has_the_time_after_which_it_is_late() -> None:
    assert set(Frequency) - set(INTERVALS) == {Frequency.ONCE}


def test_every_status_reason_and_cause_has_its_words_and_those_of_a_decision_their_count() -> None:
    assert set(LABELS) == {*Status, *Reason, *Cause}, "their words are in LABELS of model/outcomes.py"
    assert set(IgnoredCounts.__struct_fields__) == set(Reason), "a reason is counted in IgnoredCounts of model/outcomes.py"
    counted = set(Status) - {Status.WITHHELD}
    assert set(Counts.__struct_fields__) == {"total", *counted}, "a status is counted in Counts of model/outcomes.py"


NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SYNC = Sync(id="s1", name="A", module="Candidates", list_key="k", list_name="L", created=NOON)


@pytest.mark.parametrize(
    "decide",
    [
        lambda: next_due(Schedule(frequency=cast("Frequency", "new")), initiated=NOON, after=NOON, zone=ZoneInfo("UTC")),
        lambda: allowed(Policies(), cast("Cause", "new")),
        lambda: Watch(SYNC, "run").take(cast("Event", "new")),
        lambda: ProgressLine("A").tell(cast("Event", "new")),
    ],
    ids=["frequency", "cause", "event on the screen", "event of a command"],
)
def test_what_nobody_knows_is_taken_for_nothing_else(decide: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="new"):
        decide()
