"""The people of a list as the hub gives them, page by page."""

from __future__ import annotations

import pytest

from tests.engine.office import Office
from tui_sync.hub import marketing
from tui_sync.model.hub import MemberState
from tui_sync.services import catalogue


def test_everybody_of_a_list_is_told_once_although_the_pages_of_the_hub_overlap(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marketing, "RANGE", 10)
    for number in range(25):
        office.candidate(f"p{number}@zylker.com")
    office.sync("Newsletter")
    office.run("Newsletter")

    async def told() -> list[str]:
        return [member.email async for state, page in catalogue.leads(office.desk, "Zylker") if state is MemberState.ACTIVE
                for member in page]  # fmt: skip

    found = office.wait_for(told())
    assert len(found) > 25
    assert len(found) == len(set(found))
    [listed] = [one for one in office.wait_for(catalogue.lists(office.desk)) if one.name == "Zylker"]
    assert len(found) == listed.members
