"""What strangers may write into names, and a workspace in which everything foreign is written so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.ui.driver import Driver
from tui_sync.demonstration import DemoConnector
from tui_sync.engine.control import Control
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.hub import HubList
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module, View
from tui_sync.model.sync import Sync
from tui_sync.recruit.client import RecruitClient
from tui_sync.services import running
from tui_sync.services.desk import Desk

CORPUS = (
    "[/x] [@click=app.quit]Q[/]\x1b]0;pwn\x07",
    "[bold red]b\x1b[2J\x1b[H\x9b31m[/",
    "\x1b]52;c;cHdu\x07\x1bP+q\x1b\\\r\n\t\x00",
    "\u202eevil\u2066\u200b\ufeff\U000e0041 [$name] {0} %s",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 👩‍👩‍👧 漢字",
    "=HYPERLINK(1) \\[ ]] [[ [link=x] :smile:",
)
"""Markup that closes nothing, clicks, colours; codes that clear, rename, copy; turned directions; stacks of marks."""
EVERYTHING = " ".join(CORPUS)
STEERS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) | frozenset("\u202e\u2066\u200b\ufeff\U000e0041")
"""What must not be drawn."""


def answering_so(patch: pytest.MonkeyPatch) -> None:
    """Have Recruit and the hub name modules, fields, choices, views and lists like that."""
    modules, module, fields, views = RecruitClient.modules, RecruitClient.module, RecruitClient.fields, RecruitClient.views
    lists, hub_fields = MarketingHub.lists, MarketingHub.fields

    async def hostile_modules(self: RecruitClient) -> tuple[Module, ...]:
        return tuple(replace(known, label=known.label + EVERYTHING) for known in await modules(self))

    async def hostile_module(self: RecruitClient, name: str) -> Module | None:
        known = await module(self, name)
        return known if known is None else replace(known, label=known.label + EVERYTHING)

    async def hostile_fields(self: RecruitClient, name: str) -> tuple[Field, ...]:
        return tuple(replace(known, label=known.label + EVERYTHING, choices=(*known.choices, *CORPUS) if known.choices else ())
                     for known in await fields(self, name))  # fmt: skip

    async def hostile_views(self: RecruitClient, name: str) -> tuple[View, ...]:
        return tuple(replace(known, name=known.name + EVERYTHING) for known in await views(self, name))

    async def hostile_lists(self: MarketingHub) -> tuple[HubList, ...]:
        return tuple(replace(known, name=known.name + EVERYTHING) for known in await lists(self))

    async def hostile_hub_fields(self: MarketingHub) -> tuple[HubField, ...]:
        return (*await hub_fields(self), *(HubField(name=text) for text in CORPUS))

    for owner, name, answer in (
        (RecruitClient, "modules", hostile_modules), (RecruitClient, "module", hostile_module),
        (RecruitClient, "fields", hostile_fields), (RecruitClient, "views", hostile_views),
        (MarketingHub, "lists", hostile_lists), (MarketingHub, "fields", hostile_hub_fields),
    ):  # fmt: skip
        patch.setattr(owner, name, answer)


async def infest(desk: Desk, name: str = "IT graduates") -> Sync:
    """Give a sync, its list and the people whom it selects such names, have it run, and give it."""
    connector = desk.connect
    assert isinstance(connector, DemoConnector)
    organisation, sync = connector.organisation, desk.sync(name)
    last = max(desk.workspace.runs.all(sync.id), key=lambda run: int(run.id))
    records: Sequence[str] = sorted({outcome.record_id for outcome in desk.workspace.runs.outcomes(last.id)})
    for number, record in enumerate(records):
        text = CORPUS[number % len(CORPUS)]
        changes = {"First_Name": text, "Last_Name": text, "City": text}
        if number % 4 == 0:
            changes["Email"] = text
        organisation.records.edit(int(record), changes, organisation.seconds())
    sync = replace(sync, name=EVERYTHING, list_name=EVERYTHING, reason=EVERYTHING)
    desk.workspace.syncs.put(sync)
    run = await running.start(desk, sync.name, Control(desk.clock, lambda _: None), full=True)
    desk.workspace.runs.put(replace(run, message=EVERYTHING, notes=(EVERYTHING,)))
    return sync


def steering(ui: Driver) -> frozenset[str]:
    """The characters on the screen that could steer a terminal."""
    return STEERS & set("".join(ui.lines()))
