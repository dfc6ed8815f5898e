"""Marketing Automation, version 1 of its API. Satisfies `engine.ports.Hub`.

It has no call that deletes a lead or takes it out of a list silently: out of a list means unsubscribed, out of the hub
means Do-Not-Mail for good. A list comes into being with its first lead: one that the workspace noted is created then.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import httpx
import msgspec

from tui_sync.engine.ports import CallBudget, Clock, ListBook, Monitor
from tui_sync.hub import wire
from tui_sync.hub.calling import HubApi, reader
from tui_sync.model.errors import BadAnswer, PersonError
from tui_sync.model.hub import HubCall, HubList, Member, MemberState, Subscribe, Unsubscribe
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL, HubField, same_name
from tui_sync.net.oauth import Tokens

RANGE = 200
"""Rows asked for at once; the hub's own limit is not known."""
RETRY_SECONDS = 5.0
"""Before the one repetition of a call that the hub asks to make later."""
_STATES = {MemberState.ACTIVE: "active", MemberState.UNSUBSCRIBED: "unsub", MemberState.BOUNCED: "bounce"}
_STANDARD = (LEAD_EMAIL, FIRST_NAME, LAST_NAME)
_reply = reader(wire.Reply)
_lists = reader(wire.ListsReply)
_leads = reader(wire.LeadsReply)
_new_list = reader(wire.NewListReply)
_nested = reader(wire.Nested)


class MarketingHub:
    """The hub for one run or command. `book` knows the lists that are noted; without `budget` no limit is kept."""

    batch = 1
    transactional = False
    removal_blocks = True

    def __init__(
        self,
        http: httpx.AsyncClient,
        origin: str,
        tokens: Tokens,
        monitor: Monitor,
        clock: Clock,
        book: ListBook,
        budget: CallBudget | None,
    ) -> None:
        self._api = HubApi(http, origin, tokens, monitor, clock, budget)
        self._monitor, self._book = monitor, book

    async def lists(self) -> tuple[HubList, ...]:
        """All lists, under the workspace's own keys; noted ones included."""
        noted = self._book.noted()
        ours = {self._book.hub_key(key): key for key, known in noted.items() if not known.noted}
        waiting = [known for known in noted.values() if known.noted]
        rows = [row for row in await self._rows() if not any(_same_list(row.listname, w.name) for w in waiting)]
        return (*(_hub_list(row, ours.get(row.listkey, row.listkey)) for row in rows), *waiting)

    async def fields(self) -> tuple[HubField, ...]:
        """The lead fields by display name; the API does not tell their types."""
        answer = (await self._api.ask(wire.FIELDS, {"type": "json"}, _nested)).inner()
        if answer.outcome() not in wire.DONE:
            raise wire.refusal(wire.FIELDS, answer)
        rows = answer.fieldname if isinstance(answer.fieldname, list) else []
        return tuple(HubField(name=_standard(row.display_name)) for row in rows)

    async def create_list(self, name: str) -> HubList:
        """Note the list; its first delivery creates it, private."""
        return self._book.note(name)

    async def create_field(self, name: str, kind: str) -> None:
        """Create a lead field. Raises CallRejected where the hub refuses it, Unconfirmed where its answer was lost."""
        form = {"type": "json", "fieldname": name, "fieldtype": kind}
        answer = (await self._api.ask(wire.NEW_FIELD, form, _nested, write=True)).inner()
        if answer.outcome() not in wire.DONE:
            raise wire.refusal(wire.NEW_FIELD, answer)

    async def addresses(self, list_key: str, state: MemberState) -> AsyncGenerator[Sequence[str], None]:
        """The addresses of `members`."""
        async with aclosing(self.members(list_key, state)) as pages:
            async for page in pages:
                yield [member.email for member in page]

    async def members(self, list_key: str, state: MemberState) -> AsyncGenerator[Sequence[Member], None]:
        """The pages of a list's members in one state; a list that the hub has not created yet has none.

        A page that is not full is the last one, unless its length is a multiple of ten: that may be a limit of the
        hub's own. Pages go by place, and who leaves the list meanwhile moves everybody behind up: so each page begins with the
        last person of the one before, and one that shows nobody of it is asked for again from further up; some members may
        then come twice. Raises SourceGone when the list is gone, BadAnswer when a page comes twice.
        """
        hub_key = self._book.hub_key(list_key)
        if not hub_key:
            return
        before: list[Member] = []
        form = {"resfmt": "JSON", "listkey": hub_key, "status": _STATES[state], "range": str(RANGE)}
        start, again = 1, False
        while True:
            rows = await self._lead_rows({**form, "fromindex": str(start)})
            page = [
                Member(row.lead_email.strip().lower(), row.firstname or "", row.lastname or "")
                for row in rows
                if row.lead_email
            ]
            if page and page == before:
                raise BadAnswer("The hub gave one page of the list's leads twice.", "See: tui-sync doctor")
            again = not again and bool(before) and {member.email for member in before}.isdisjoint(m.email for m in page)
            if again:
                start = max(1, start - RANGE // 2)
                continue
            before = page
            if page:
                yield page
            if not rows or len(rows) % 10:
                return
            start += len(rows) - 1

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        """Make the calls, one answer each. Raises SourceGone, PlanLimitReached and others that stop the run."""
        return [await self._deliver(call) for call in calls]

    async def _deliver(self, call: HubCall) -> PersonError | None:
        try:
            if isinstance(call, Subscribe):
                await self._subscribe(call)
            elif isinstance(call, Unsubscribe):
                hub_key = self._book.hub_key(call.list_key)
                if hub_key:
                    await self._write(wire.UNSUBSCRIBE, {"listkey": hub_key, "leadinfo": _lead_info(call.email, {})})
            else:
                await self._write(wire.DO_NOT_MAIL, {"leadinfo": _lead_info(call.email, {})})
        except PersonError as error:
            return error
        return None

    async def _subscribe(self, call: Subscribe) -> None:
        """Add or update the lead. A new list counts as created only once the fields arrived too: should anything be
        lost before, the person is found nowhere, and both calls are made again."""
        hub_key = self._book.hub_key(call.list_key)
        new_key = "" if hub_key else await self._new_list(self._book.noted()[call.list_key].name, call.email)
        form = {"listkey": hub_key or new_key, "leadinfo": _lead_info(call.email, call.fields)}
        await self._write(wire.SUBSCRIBE, form)
        if new_key:
            self._book.created(call.list_key, new_key)

    async def _new_list(self, name: str, email: str) -> str:
        """The key of the list of that name, which a broken-off delivery may have left; else it is created, private."""
        found = next((row for row in await self._rows() if _same_list(row.listname, name)), None)
        if found is not None:
            return found.listkey
        form = {"resfmt": "JSON", "emailids": email, "listname": name, "signupform": "private", "mode": "newlist"}
        reply = await self._api.ask(wire.NEW_LIST, form, _new_list, write=True)
        if reply.outcome() not in wire.DONE:
            raise wire.refusal(wire.NEW_LIST, reply)
        if not reply.listkey:
            raise BadAnswer("The hub created the list without telling its key.", "Run again: the list is found then.")
        return reply.listkey

    async def _write(self, endpoint: str, form: dict[str, str]) -> None:
        """Make one call that changes something; one that the hub asks to make later is repeated once."""
        done = wire.DONE | wire.ALREADY.get(endpoint, frozenset())
        form = {"resfmt": "JSON", **form}
        reply = await self._api.ask(endpoint, form, _reply, write=True)
        if reply.outcome() in wire.PASSING:
            await self._monitor.wait(RETRY_SECONDS, f"waiting for the next try: the hub asks to make the call {endpoint} later")
            reply = await self._api.ask(endpoint, form, _reply, write=True)
        if reply.outcome() not in done:
            raise wire.refusal(endpoint, reply)

    async def _lead_rows(self, form: dict[str, str]) -> list[wire.LeadRow]:
        """One page of leads; none where the hub says that there are no more."""
        reply = await self._api.ask(wire.LEADS, form, _leads)
        if reply.outcome() in wire.DOUBTFUL:
            reply = await self._api.ask(wire.LEADS, form, _leads)
        if reply.outcome() in wire.EMPTY:
            return []
        if reply.outcome() not in wire.DONE:
            raise wire.refusal(wire.LEADS, reply)
        return reply.list_of_details

    async def _rows(self) -> list[wire.ListRow]:
        """All mailing lists. Where one is deleted meanwhile all behind it move up, and one that was missed would be taken for
        gone and break its syncs: so each page begins with the last list of the one before, and all are read once more where it
        does not. Raises BadAnswer where that comes about again."""
        rows: dict[str, wire.ListRow] = {}
        again = False
        while True:
            form = {"resfmt": "JSON", "sort": "asc", "fromindex": str(max(1, len(rows))), "range": str(RANGE)}
            reply = await self._api.ask(wire.LISTS, form, _lists)
            if reply.outcome() in wire.EMPTY:
                return list(rows.values())
            if reply.outcome() not in wire.DONE:
                raise wire.refusal(wire.LISTS, reply)
            if rows and next(reversed(rows)) not in {row.listkey for row in reply.list_of_details}:
                if again:
                    raise BadAnswer("The hub's lists change while they are read.", "Try again later.")
                rows, again = {}, True
                continue
            fresh = {row.listkey: row for row in reply.list_of_details if row.listkey not in rows}
            rows |= fresh
            if not fresh or len(reply.list_of_details) % 10:
                return list(rows.values())


def _same_list(first: str, second: str) -> bool:
    """Whether two names mean one list: the hub refuses names that differ in case alone."""
    return first.strip().casefold() == second.strip().casefold()


def _hub_list(row: wire.ListRow, key: str) -> HubList:
    return HubList(
        key=key,
        name=row.listname,
        members=wire.number(row.noofcontacts),
        unsubscribed=wire.number(row.noofunsubcnt),
        bounced=wire.number(row.noofbouncecnt),
        public=str(row.is_public).casefold() == "true",
    )


def _standard(name: str) -> str:
    """A field's name; the hub writes the standard ones now `lead Email`, now `Lead Email`."""
    return next((known for known in _STANDARD if same_name(known, name)), name)


def _lead_info(email: str, fields: dict[str, str]) -> str:
    """The lead as JSON by display names, the address first."""
    return msgspec.json.encode({LEAD_EMAIL: email, **fields}).decode()
