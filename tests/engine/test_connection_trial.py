"""Test connection: every call that runs need, each with what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from tests.engine.listed import FixedClock
from tests.engine.office import Office
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.errors import CredentialsRejected, RunError
from tui_sync.model.hub import HubList
from tui_sync.model.privileges import HUB_SCOPES, RECRUIT_SCOPES, lacking
from tui_sync.model.records import DeletedRecord
from tui_sync.model.workspace import HubKind
from tui_sync.recruit.client import RecruitClient
from tui_sync.services import care, zsc
from tui_sync.services.desk import Quiet
from tui_sync.services.privileges import Trial, Tried, needed

CALLS = [
    "Access token", "Modules of Recruit", "Fields of a module", "Records", "Deleted records", "Lists of the hub",
    "Fields of the hub",
]  # fmt: skip


def tried(office: Office, *, fresh: bool = True) -> dict[str, Tried]:
    desk = office.desk
    trial = Trial(desk.connect, HubKind.MARKETING, Quiet(desk.clock), desk.clock.now(), fresh=fresh)

    async def every() -> dict[str, Tried]:
        return {one.what: one async for one in trial.calls()}

    return office.wait_for(every())


def test_every_call_is_tried_and_answers(office: Office) -> None:
    found = tried(office)
    assert list(found) == CALLS
    assert all(one.well for one in found.values())
    assert found["Access token"].says == "Accepted, with every privilege."
    assert "To sync: Candidates, Contacts" in found["Modules of Recruit"].says


def test_what_builds_on_a_failed_call_is_not_tried_and_the_rest_is(office: Office) -> None:
    zsc.regenerate(office.desk)
    found = tried(office)
    assert isinstance(found["Modules of Recruit"].fault, CredentialsRejected)
    assert [what for what, one in found.items() if one.skipped] == ["Fields of a module", "Records", "Deleted records"]
    assert found["Lists of the hub"].well


def test_the_doctor_sends_nobody_to_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.desk.clock, "sleep", FixedClock().sleep)
    office.fault(kind="bad-json", path="/recruit/v2/settings/modules", count=9)
    found = office.wait_for(care.doctor(office.desk))
    [failed] = [finding for finding in found if finding.what.startswith("Modules of Recruit")]
    assert ("no JSON" in failed.what, failed.advice) == (True, "Try again later.")


def test_a_wait_beside_a_run_tells_why_and_until_when() -> None:
    clock, told = FixedClock(), list[str]()
    until = (clock.now() + timedelta(seconds=60)).astimezone()
    asyncio.run(Quiet(clock, told.append).wait(60, "waiting for the next try: it was asked too often"))
    assert told == [f"Waiting until {until:%H:%M:%S} for the next try: it was asked too often."]


def test_a_wait_whose_end_nobody_knows_names_none_and_is_told_once() -> None:
    told = list[str]()
    quiet = Quiet(FixedClock(), told.append)

    async def looks() -> None:
        for holder in ("run 5", "run 5", "run 6"):
            await quiet.wait(2, f"waiting for the list Zylker: {holder}", a_look=True)

    asyncio.run(looks())
    assert told == ["Waiting for the list Zylker: run 5.", "Waiting for the list Zylker: run 6."]


def test_a_missing_privilege_is_named(office: Office) -> None:
    narrow = ",".join(scope for scope in (*RECRUIT_SCOPES, *HUB_SCOPES) if scope != "ZohoRecruit.modules.ALL")
    issue = office.org.tokens.issue

    def narrowed(refresh: str, scopes: str, now: int) -> str:
        return issue(refresh, narrow, now)

    office.org.tokens.issue = narrowed  # type: ignore[method-assign]
    found = tried(office)
    fault = found["Records"].fault
    assert isinstance(fault, RunError)
    assert "ZohoRecruit.modules.ALL is missing" in fault.sentence


def test_a_fresh_token_is_asked_for_only_where_that_is_wanted(office: Office) -> None:
    asked = []
    issue = office.org.tokens.issue

    def noted(refresh: str, scopes: str, now: int) -> str:
        asked.append(now)
        return issue(refresh, scopes, now)

    office.org.tokens.issue = noted  # type: ignore[method-assign]
    for fresh, number in ((False, 1), (False, 1), (True, 2)):
        tried(office, fresh=fresh)
        assert len(asked) == number


def test_a_list_of_which_one_page_was_asked_for_is_closed_before_the_next_call(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    async def pages(*_: object) -> AsyncIterator[Sequence[DeletedRecord]]:
        try:
            yield ()
            yield ()
        finally:
            closed.append("deleted")

    async def found(hub: MarketingHub) -> Sequence[HubList]:
        closed.append("lists")
        return ()

    monkeypatch.setattr(RecruitClient, "deleted", pages)
    monkeypatch.setattr(MarketingHub, "lists", found)
    tried(office)
    assert closed == ["deleted", "lists"]


def test_nothing_is_written_at_either_end(office: Office) -> None:
    before = (office.org.records.count(office.module("Candidates")), office.members("Zylker"))
    tried(office)
    assert (office.org.records.count(office.module("Candidates")), office.members("Zylker")) == before
    assert office.calls == []


def test_a_scope_covers_what_it_says_and_the_needed_ones_that_are_not_covered_are_named() -> None:
    assert lacking((*RECRUIT_SCOPES, *HUB_SCOPES), needed(HubKind.MARKETING)) == ()
    reading = ("zohorecruit.modules.read", "ZohoRecruit.settings.all", "ZohoRecruit.setup.operation.ALL")
    assert lacking(reading, RECRUIT_SCOPES) == ()
    assert lacking(("ZohoRecruit.modules.candidate.READ",), RECRUIT_SCOPES[:1]) == RECRUIT_SCOPES[:1]
    assert lacking(("ZohoMarketingAutomation.lead.READ",), HUB_SCOPES) == HUB_SCOPES[1:]
    assert lacking(RECRUIT_SCOPES, needed(HubKind.EMBEDDED)) == ()
