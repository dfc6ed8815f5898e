"""Zoho Recruit, version 2 of its API. Satisfies `engine.ports.Recruit`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import datetime
from typing import TypeVar

import httpx
import msgspec

from tui_sync.engine.ports import ASSOCIATE_CREDITS, Clock, Monitor, Page, Query
from tui_sync.model.errors import INVALID_DATA, CallRejected, CredentialsRejected, SourceGone
from tui_sync.model.records import Columns, DeletedRecord, Field, Module, Record, View
from tui_sync.model.sync import Trouble
from tui_sync.model.text import command_line
from tui_sync.net.authorised import Authorised
from tui_sync.net.datacentres import RECRUIT_PREFIX
from tui_sync.net.oauth import Tokens
from tui_sync.net.sending import Answer, Request, Sender
from tui_sync.recruit.metadata import OPENINGS, Metadata, stamp_of
from tui_sync.recruit.paging import AHEAD, PER_PAGE, Sheet, listing
from tui_sync.recruit.rows import row_reader
from tui_sync.recruit.wire import Asked, read_checked, read_deleted

RECORDS_CREDITS, DELETED_CREDITS, OTHER_CREDITS = 3, 2, 1
SCOPE = "ZohoRecruit.modules.ALL"

T = TypeVar("T")
Records = tuple[list[Record], bool | None]


def recruit_gate() -> asyncio.Semaphore:
    """Bounds the calls that a connection has under way at Recruit; all its clients share one."""
    return asyncio.Semaphore(AHEAD)


class RecruitClient:
    """Recruit for one run or command: `monitor` counts its calls; `tokens` and `gate` belong to the connection.

    `zsc_key` is sent in the demo organisation only, which checks it. Raises CredentialsRejected for one that no header
    can carry.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        origin: str,
        tokens: Tokens,
        monitor: Monitor,
        clock: Clock,
        *,
        gate: AbstractAsyncContextManager[object] | None = None,
        zsc_key: str = "",
    ) -> None:
        if not (zsc_key.isascii() and zsc_key.isprintable()):
            raise CredentialsRejected("The ZSC key has characters that no key has.", "Paste it again: tui-sync zsc-key")

        async def admit(request: Request) -> None:
            monitor.called("recruit", request.credits)

        sender = Sender(http, origin, RECRUIT_PREFIX, clock, admit=admit, gate=gate or recruit_gate())
        self._api = Authorised(sender, tokens, monitor, {"X-ZSC-Key": zsc_key} if zsc_key else None)
        self._metadata = Metadata(self._get, self._api.host)

    async def modules(self) -> tuple[Module, ...]:
        """The modules of people that the connection reports, with those that cannot be synced and why."""
        return await self._metadata.modules()

    async def module(self, name: str) -> Module | None:
        """One module of people, or None where the account has none of that name."""
        return await self._metadata.module(name)

    async def fields(self, module: str) -> tuple[Field, ...]:
        """All fields of a module (also Clients and Job_Openings)."""
        return await self._metadata.fields(module)

    async def views(self, module: str) -> tuple[View, ...]:
        """The custom views of a module."""
        return await self._metadata.views(module)

    async def records(self, query: Query) -> AsyncGenerator[Page, None]:
        """All pages to the end, in order, a few prefetched. An empty listing yields one empty page.

        Raises SourceGone where the view is no longer there, CallRejected where the module is not.
        """
        reader = row_reader(query.columns, query.stamp)
        params = {"fields": ",".join(("id", *reader.names)), "per_page": str(PER_PAGE)}
        if query.view_id:
            params["cvid"] = query.view_id
        if query.converted:
            params["converted"] = "true"
        request = Request(
            path=await self._metadata.path(query.module),
            params=params,
            headers=_since(query.since),
            credits=RECORDS_CREDITS,
        )
        asked = Asked(f"the records of {query.module}", SCOPE)
        try:
            async with aclosing(self._pages(request, reader.page, asked)) as pages:
                async for page in pages:
                    yield page
        except CallRejected as rejected:
            if query.view_id and rejected.status < httpx.codes.TOO_MANY_REQUESTS:
                await self._missing_view(query)
            raise

    async def deleted(self, module: str, since: datetime | None) -> AsyncGenerator[Sequence[DeletedRecord], None]:
        """The pages of the deleted list, from `since` (inclusive) on; an empty list yields one empty page."""
        path = await self._metadata.path(module, "deleted")
        asked = Asked(f"the deleted list of {module}", SCOPE)

        async def fetch(number: int) -> Sheet[DeletedRecord]:
            params = {"type": "all", "page": str(number), "per_page": str(PER_PAGE)}
            request = Request(path=path, params=params, headers=_since(since), credits=DELETED_CREDITS)
            answer = await self._get(request, read_deleted, asked)
            rows = answer.value.data if answer.value else []
            more = answer.value.info.more_records if answer.value and answer.value.info else len(rows) == PER_PAGE
            return Sheet([DeletedRecord(str(row.id), row.deleted_time or "") for row in rows], more, answer.at)

        async with aclosing(listing(fetch, self._api.host, asked.what, ahead=1)) as pages:
            async for sheet in pages:
                yield sheet.items

    async def associated(self, module: str, record_id: str, columns: Columns) -> AsyncGenerator[Page, None]:
        """Candidates of a job opening, or job openings of a candidate; fields may come under their old names."""
        reader = row_reader(columns, stamp_of("Candidates" if module in OPENINGS else OPENINGS[0]), old_names=True)
        path = await self._metadata.path(module, record_id, "associate")
        request = Request(path=path, params={"per_page": str(PER_PAGE)}, credits=ASSOCIATE_CREDITS)
        asked = Asked(f"what is associated with a record of {module}", SCOPE)
        async with aclosing(self._pages(request, reader.page, asked, ahead=1)) as pages:
            async for page in pages:
                yield page

    async def record(self, module: str, record_id: str, columns: Columns) -> Record | None:
        """One record, or None where there is none.

        An id that is not there (any more) may be refused instead of answered by nothing, with a code that a field may
        cause too: the id is at fault where it is refused without those columns as well.
        """
        try:
            return await self._record(module, record_id, columns)
        except CallRejected as refused:
            if refused.code != INVALID_DATA:
                raise
            if await self._refused(module, record_id):
                return None
            raise

    async def _refused(self, module: str, record_id: str) -> bool:
        try:
            return await self._record(module, record_id, Columns(())) is None
        except CallRejected as refused:
            if refused.code != INVALID_DATA:
                raise
            return True

    async def _record(self, module: str, record_id: str, columns: Columns) -> Record | None:
        reader = row_reader(columns, stamp_of(module))
        request = Request(
            path=await self._metadata.path(module, record_id),
            params={"fields": ",".join(("id", *reader.names))},
            credits=OTHER_CREDITS,
        )
        asked = Asked(f"a record of {module}", SCOPE)
        found = (await self._get(request, reader.page, asked)).value
        return found[0][0] if found and found[0] else None

    async def _pages(
        self, request: Request, read: Callable[[bytes], Records], asked: Asked, ahead: int = AHEAD
    ) -> AsyncGenerator[Page, None]:
        """The pages of a listing of records."""

        async def fetch(number: int) -> Sheet[Record]:
            numbered = msgspec.structs.replace(request, params={**request.params, "page": str(number)})
            answer = await self._get(numbered, read, asked)
            records, more = answer.value or ([], False)
            return Sheet(records, len(records) == PER_PAGE if more is None else more, answer.at)

        async with aclosing(listing(fetch, self._api.host, asked.what, ahead)) as found:
            async for sheet in found:
                yield Page(sheet.items, sheet.at)

    async def _missing_view(self, query: Query) -> None:
        """Raises SourceGone where the view of a refused query is no longer listed."""
        if query.view_id not in {view.id for view in await self.views(query.module)}:
            hint = f"See: {command_line('views', query.module)}"
            raise SourceGone(f"The view of the sync is no longer in Recruit's {query.module}.", hint, trouble=Trouble.VIEW)

    async def _get(self, request: Request, read: Callable[[bytes], T], asked: Asked) -> Answer[T | None]:
        """The answer to a reading call; None where it is empty (204) or nothing was modified (304)."""

        def decode(status: int, body: bytes) -> T | None:
            if status == httpx.codes.NO_CONTENT or (status == httpx.codes.NOT_MODIFIED and request.headers):
                return None
            return read_checked(read, self._api.host, status, body, asked)

        return await self._api.call(request, decode)


def _since(moment: datetime | None) -> dict[str, str]:
    """The header that asks only for what was modified at or after a moment; it has an offset and no fraction."""
    return {} if moment is None else {"If-Modified-Since": moment.isoformat(timespec="seconds")}
