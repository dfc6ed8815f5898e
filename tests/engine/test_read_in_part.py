"""A reading of the list that shows a part of it only: who is missing for that is not taken for deleted at the hub."""

from __future__ import annotations

import pytest

from tests.engine.office import Office
from tui_sync.hub import wire
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.ledger import MembershipState

PEOPLE = 30


def cut(monkeypatch: pytest.MonkeyPatch, shown: int) -> list[int]:
    """Have the next page of the list's active people end after so many; gives the lengths of all pages that are read."""
    read, lengths = MarketingHub._lead_rows, list[int]()

    async def some(hub: MarketingHub, form: dict[str, str]) -> list[wire.LeadRow]:
        rows = await read(hub, form)
        if form["status"] == "active":
            rows = rows if lengths else rows[:shown]
            lengths.append(len(rows))
        return rows

    monkeypatch.setattr(MarketingHub, "_lead_rows", some)
    return lengths


@pytest.mark.parametrize("shown", [0, 7])
def test_people_whom_a_cut_answer_left_out_of_the_list_can_still_be_removed(
    office: Office, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    records = [office.candidate(f"p{number}@zylker.com") for number in range(PEOPLE)]
    office.sync("Everyone", on_delete="remove-from-list")
    office.run("Everyone")
    office.next_day()
    pages = cut(monkeypatch, shown)
    office.run("Everyone")
    assert len(pages) == 2
    states = {member.state for member in office.desk.workspace.ledger.memberships_in(office.list_key("Zylker"))}
    assert MembershipState.GONE not in states
    office.delete(records[-1])
    assert office.removals(office.run("Everyone")) == {f"p{PEOPLE - 1}@zylker.com": "deleted"}


def test_a_list_in_which_some_are_missing_is_read_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(PEOPLE):
        office.candidate(f"p{number}@zylker.com")
    office.sync("Everyone")
    office.run("Everyone")
    office.next_day()
    pages = cut(monkeypatch, 10_000)
    for number in range(3):
        office.org.leads.delete_lead(f"p{number}@zylker.com")
    office.run("Everyone")
    assert len(pages) == 1
