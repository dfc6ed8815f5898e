"""Test connection: every call that runs need is tried, one after the other, and nothing is written at Recruit or the hub."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import NamedTuple, TypeVar

from tui_sync.engine.ports import Hub, Monitor, Query, Recruit
from tui_sync.model.errors import RunError
from tui_sync.model.privileges import HUB_SCOPES, RECRUIT_SCOPES, lacking
from tui_sync.model.records import Columns, Field, Module
from tui_sync.model.text import counted, visible
from tui_sync.model.workspace import HubKind
from tui_sync.services.connections import Account

Told = Callable[[], Coroutine[None, None, str]]
T = TypeVar("T")


class Tried(NamedTuple):
    """One call: what it was, and what came of it in a sentence. `fault` is set where it failed, `skipped` where it was not
    tried because one before it failed."""

    what: str
    says: str
    fault: RunError | None = None
    skipped: bool = False

    @property
    def well(self) -> bool:
        """Whether it was tried and answered."""
        return self.fault is None and not self.skipped


class Trial:
    """Tries the calls of one connection. `fresh` has a new access token fetched, which tests the refresh token too."""

    def __init__(self, account: Account, hub: HubKind, monitor: Monitor, now: datetime, *, fresh: bool) -> None:
        self._account, self._kind, self._monitor, self._now, self._fresh = account, hub, monitor, now, fresh
        self.scopes: tuple[str, ...] = ()
        """What the token answer named as granted; empty where it named nothing."""
        self._module: Module | None = None
        self._fields: tuple[Field, ...] = ()
        self._recruit: Recruit
        self._hub: Hub

    async def calls(self) -> AsyncIterator[Tried]:
        """Each call as soon as it is answered. Where one fails, those that build on it are not tried. Raises UsageError
        where the connection cannot be used at all."""
        token = await _tried("Access token", self._token)
        yield token
        if token.fault is None:
            self._recruit, self._hub = self._account.recruit(self._monitor), self._account.hub(self._monitor)
        recruit: tuple[tuple[str, Told], ...] = (
            ("Modules of Recruit", self._modules), ("Fields of a module", self._module_fields),
            ("Records", self._records), ("Deleted records", self._deleted),
        )  # fmt: skip
        hub: tuple[tuple[str, Told], ...] = (("Lists of the hub", self._lists), ("Fields of the hub", self._hub_fields))
        for chain in (recruit, hub):
            well = token.fault is None
            for what, told in chain:
                one = await _tried(what, told) if well else Tried(what, "Not tried, since one before it failed.", skipped=True)
                well = one.well
                yield one

    async def _token(self) -> str:
        self.scopes = await self._account.scopes(self._monitor, fresh=self._fresh)
        if not self.scopes:
            return "Accepted; Zoho did not say which privileges it has, so each call tells."
        missing = lacking(self.scopes, needed(self._kind))
        return f"Accepted; missing privileges: {', '.join(missing)}." if missing else "Accepted, with every privilege."

    async def _modules(self) -> str:
        modules = await self._recruit.modules()
        usable = [module for module in modules if module.available]
        if not usable:
            raise RunError(
                "Recruit answers, and has no module that could be synced.",
                "; ".join(f"{module.label}: {module.reason}" for module in modules) or "See: tui-sync modules",
            )
        self._module = usable[0]
        return f"To sync: {', '.join(visible(module.label) for module in usable)}."

    @property
    def _chosen(self) -> Module:
        if self._module is None:
            raise LookupError("a module is asked for before the modules")
        return self._module

    async def _module_fields(self) -> str:
        self._fields = await self._recruit.fields(self._chosen.name)
        return f"{counted(len(self._fields), 'field')} of {visible(self._chosen.label)}."

    async def _records(self) -> str:
        module = self._chosen
        query = Query(module=module.name, columns=Columns((module.email,)), stamp=module.stamp)
        page = await _first(self._recruit.records(query))
        if page is None:
            return f"No page of {visible(module.label)}."
        return f"A page of {visible(module.label)} with {counted(len(page.records), 'record')}."

    async def _deleted(self) -> str:
        await _first(self._recruit.deleted(self._chosen.name, self._now))
        return f"The deleted list of {visible(self._chosen.label)} answers."

    async def _lists(self) -> str:
        number = len(await self._hub.lists())
        where = "kept in this workspace" if self._kind is HubKind.EMBEDDED else "at Marketing Automation"
        return f"{number} list{'' if number == 1 else 's'}, {where}."

    async def _hub_fields(self) -> str:
        return f"{counted(len(await self._hub.fields()), 'field')} of leads."


async def _first(pages: AsyncIterator[T]) -> T | None:
    """The first of the pages; the others are not asked for."""
    try:
        return await anext(pages, None)
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


async def _tried(what: str, told: Told) -> Tried:
    try:
        return Tried(what, await told())
    except RunError as fault:
        return Tried(what, fault.sentence, fault)


def needed(hub: HubKind) -> tuple[str, ...]:
    """The scopes that a connection with this hub needs."""
    return RECRUIT_SCOPES if hub is HubKind.EMBEDDED else (*RECRUIT_SCOPES, *HUB_SCOPES)


def make_at(console: str, hub: HubKind) -> str:
    """Where client and refresh token of a connection with this hub are made, and with which scopes; without a full stop, so that
    the scopes can be copied."""
    return f"Make client and token at {console} with the scopes {','.join(needed(hub))}"
