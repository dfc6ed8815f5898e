"""Sentences that are put together from parts."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tui_sync.model.ledger import Membership, MembershipState, PendingRemoval
from tui_sync.model.outcomes import Cause
from tui_sync.model.sync import Removal
from tui_sync.present.people import person_sentences
from tui_sync.services.people import Explanation
from tui_sync.ui.present.definitions import question
from tui_sync.ui.present.person import known_lines

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def known(*places: Membership, pending: tuple[PendingRemoval, ...] = ()) -> Explanation:
    named = tuple(("Zylker", place) for place in places)
    return Explanation(email="a@b.example", records=(), memberships=named, bars=(), mark=None, pending=pending)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (MembershipState.ACTIVE, 'Is in the list "Zylker" since 2026-03-04 12:00'),
        (MembershipState.LEFT, 'Left the list "Zylker" on 2026-03-04 12:00'),
        (MembershipState.REMOVED, 'Was removed by a sync from the list "Zylker" on 2026-03-04 12:00'),
    ],
)
def test_somebody_is_in_a_list_since_a_moment_and_left_it_at_one(state: MembershipState, told: str) -> None:
    place = Membership(key="a/k", list_key="k", since=NOW, state=state)
    assert told in "\n".join(person_sentences(known(place), {}, ZoneInfo("UTC")))


def test_screens_name_the_key_that_approves_and_commands_the_command() -> None:
    waiting = PendingRemoval(
        key="p", sync="s1", email="a@b.example", scope=Removal.LIST, list_key="k", cause=Cause.DELETED, run="7", withheld=True,
        record="9", since=NOW,
    )  # fmt: skip
    person = known(pending=(waiting,))
    assert "tui-sync approve 7" in "\n".join(person_sentences(person, {}, ZoneInfo("UTC")))
    shown = " ".join(part.text for row in known_lines(person, {}, ZoneInfo("UTC"), 300) for part in row)
    assert "a in the details of run 7" in shown
    assert "tui-sync" not in shown


@pytest.mark.parametrize(
    ("new", "changed", "told"),
    [(0, 1, "1 sync is changed."), (2, 1, "2 syncs are created, 1 sync is changed."), (0, 0, "No sync changes.")],
)
def test_what_is_not_done_to_any_sync_is_left_out_of_the_question(new: int, changed: int, told: str) -> None:
    items = [SimpleNamespace(old=None, changes=())] * new + [SimpleNamespace(old=object(), changes=("x",))] * changed
    _, (numbers, *_) = question(cast("Any", SimpleNamespace(items=items, quota=None, initiated=0)), "syncs.toml")
    assert numbers == told
