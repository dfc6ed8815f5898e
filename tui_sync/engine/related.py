"""What a run reads of related modules before it reads people, with as few calls as possible.

Clients and openings are listed once, however many rows name them. No lookup leads from a candidate to an opening: openings are
judged first, and only those that satisfy a row are asked for their candidates.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.engine.control import Control, Price
from tui_sync.engine.ports import ASSOCIATE_CREDITS, Query, Recruit
from tui_sync.model.criteria import Test, compile_condition
from tui_sync.model.criteria.operators import NEGATIVES
from tui_sync.model.errors import INVALID_MODULE, CallRejected, RunError
from tui_sync.model.events import Phase
from tui_sync.model.records import Columns, Field, Module, Record, Value
from tui_sync.model.related import (
    CLIENT_OF_CONTACT,
    CLIENTS,
    CONTACT_OF_OPENING,
    LABELS,
    OPENINGS,
    Joined,
    Related,
    module_of,
    prefixed,
    related_modules,
)
from tui_sync.model.sync import Condition, Sync
from tui_sync.model.text import counted, grouped

ASK_ABOVE = 500
"""Openings to ask for their candidates, each with a call of its own, above which a run asks first."""
AT_ONCE = 5
"""Openings asked at the same time."""
FEW = 3
"""Records that are read one by one: a page of a listing costs as many credits."""
NOT_THERE = (400, 404)
"""HTTP statuses with which Recruit refuses an id that it does not have."""
STAMP = "Modified_Time"


class TooManyCalls(RunError):
    """The related records of a sample would take more calls than a sample may make."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be joined to the people of `module`, whose records hold `columns`: the related fields `names`.

    `needed` tells of an opening, from its values of the fields named, whether its candidates must be known.
    """

    module: str
    columns: Columns
    names: tuple[str, ...]
    needed: Test = lambda _values: True

    def inner(self, module: str) -> tuple[str, ...]:
        """The API names of the fields of one related module."""
        return tuple(name.rpartition(".")[2] for name in self.names if module_of(name) == module)


async def fields_by_module(recruit: Recruit, modules: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    """The fields of related modules, without a module that the account does not have."""
    found: dict[str, tuple[Field, ...]] = {}
    for module in modules:
        try:
            found[module] = await recruit.fields(module)
        except CallRejected as refused:
            if refused.code != INVALID_MODULE:
                raise
    return found


async def related_fields(recruit: Recruit, modules: Iterable[str]) -> tuple[Field, ...]:
    """The same under the names that criteria give them, such as `Clients.Industry`."""
    found = await fields_by_module(recruit, modules)
    return tuple(field for module, fields in found.items() for field in prefixed(module, fields))


async def fields_for(recruit: Recruit, sync: Sync, module: Module) -> tuple[Field, ...]:
    """What a definition is judged by: the fields of its module, and of the related modules that its criteria name."""
    return (*await recruit.fields(module.name), *await related_fields(recruit, related_modules(sync)))


def opening_test(
    conditions: Sequence[Condition], names: Sequence[str], fields: Mapping[str, Field], zone: ZoneInfo, today: date
) -> Test:
    """Whether an opening, with its values of the fields `names`, satisfies the positive test of any row.

    The candidates of one that satisfies none differ in nothing from people without it. `is empty` holds for people
    without any opening, so that all must be known.
    """
    tests: list[Test] = []
    for condition in conditions:
        if module_of(condition.field) != OPENINGS:
            continue
        if condition.operator == "is empty":
            return lambda _values: True
        positive = msgspec.structs.replace(condition, operator=NEGATIVES.get(condition.operator, condition.operator))
        tests.append(compile_condition(positive, fields[condition.field], names.index(condition.field), zone, today))
    return lambda values: any(test(values) for test in tests)


async def join(
    recruit: Recruit, wanted: Wanted, control: Control, people: Sequence[Record] | None = None, most: int = 0
) -> Related:
    """Read what is related to everybody, or to these people only, and join it to them.

    For everybody the run asks its control above `ASK_ABOVE` calls, and Cancelled is raised where that is declined; for
    `people` no listing and no asking around makes more than `most` calls (0: any number): TooManyCalls is raised beyond.
    """
    reading = _Reading(recruit, wanted, control, people, most)
    parts = []
    for module in dict.fromkeys(map(module_of, wanted.names)):
        if module == CLIENTS:
            parts.append(await reading.clients())
        elif wanted.module == "Contacts":
            parts.append(await reading.openings_of_contacts())
        else:
            parts.append(await reading.openings_of_candidates())
    return Related(wanted.names, parts, reading.told())


class _Reading:
    """One reading of related records."""

    def __init__(
        self, recruit: Recruit, wanted: Wanted, control: Control, people: Sequence[Record] | None, most: int
    ) -> None:
        self._recruit, self._wanted, self._control = recruit, wanted, control
        self._people, self._most = people, most
        self._calls, self._credits = control.calls.recruit, control.credits
        self._parts: list[str] = []

    def told(self) -> str:
        """What was read, in one sentence."""
        credits = self._control.credits - self._credits
        return f"Related records: {', '.join(self._parts)} ({counted(credits, 'credit')})"

    async def clients(self) -> Joined:
        """The client of each contact."""
        place = self._wanted.columns.index(CLIENT_OF_CONTACT)
        names = self._wanted.inner(CLIENTS)
        ids = None if self._people is None else {str(p.values[place]) for p in self._people if p.values[place]}
        joined = Joined(len(names), place)
        for client in await self._records(CLIENTS, names, ids):
            joined.put(client.id, [client.values])
        return joined

    async def openings_of_contacts(self) -> Joined:
        """The openings that each contact asked for."""
        names = self._wanted.inner(OPENINGS)
        mine: dict[str, list[Sequence[Value]]] = {}
        for opening in await self._records(OPENINGS, (*names, CONTACT_OF_OPENING)):
            *values, contact = opening.values
            if contact:
                mine.setdefault(str(contact), []).append(values)
        return _joined(len(names), mine)

    async def openings_of_candidates(self) -> Joined:
        """The openings that each candidate is associated with."""
        names, people = self._wanted.inner(OPENINGS), self._people
        if people is not None and len(people) <= FEW:
            of = await self._associated("Candidates", [person.id for person in people])
            known = await self._records(OPENINGS, names, {opening for found in of.values() for opening in found})
        else:
            known = [o for o in await self._records(OPENINGS, names) if self._wanted.needed(o.values)]
            if people is not None and len(people) < len(known):
                of = await self._associated("Candidates", [person.id for person in people])
            else:
                of = _turned(await self._of_openings([opening.id for opening in known]))
        values = {opening.id: opening.values for opening in known}
        mine = {person: [values[opening] for opening in found if opening in values] for person, found in of.items()}
        return _joined(len(names), mine)

    async def _of_openings(self, openings: Sequence[str]) -> dict[str, list[str]]:
        """The candidates of each opening; a run asks before very many are asked."""
        how = ""
        if self._people is None and len(openings) > ASK_ABOVE:
            why = f"{grouped(len(openings))} job openings satisfy a row, and each is asked for its candidates."
            asked = await self._control.ask(Price(why, len(openings), len(openings) * ASSOCIATE_CREDITS))
            how = "" if asked else f", more than {ASK_ABOVE} without asking, since nobody watched"
        found = await self._associated(OPENINGS, openings)
        self._parts[-1] += how
        return found

    async def _records(self, module: str, names: Sequence[str], ids: set[str] | None = None) -> list[Record]:
        """Records of a related module: all, or where they are few just those of `ids` that are there."""
        columns, before, what = Columns(tuple(names)), self._control.calls.recruit, LABELS[module].lower()
        if ids is not None and len(ids) <= FEW:
            found = [r for one in sorted(ids) if (r := await self._recruit.record(module, one, columns)) is not None]
            self._note(before, counted(len(found), what.removesuffix("s")))
            return found
        self._control.start(Phase.RELATED, None)
        listed: dict[str, Record] = {}
        async for page in self._recruit.records(Query(module=module, columns=columns, stamp=STAMP)):
            listed.update((record.id, record) for record in page.records)
            self._bounded(self._control.calls.recruit - before, f"All {what}")
            self._control.progress(self._control.calls.recruit - self._calls)
        self._note(before, counted(len(listed), what.removesuffix("s")))
        return list(listed.values())

    async def _associated(self, module: str, records: Sequence[str]) -> dict[str, list[str]]:
        """The ids that are associated with each of these records, a few asked at once."""
        before, found = self._control.calls.recruit, dict[str, list[str]]()
        self._bounded(len(records), "The job openings of the sample")
        waiting = iter(records)
        self._control.start(Phase.RELATED, before - self._calls + len(records))

        async def ask() -> None:
            for record in waiting:
                found[record] = await self._ids_of(module, record)
                self._bounded(self._control.calls.recruit - before, "The job openings of the sample")
                self._control.progress(self._control.calls.recruit - self._calls)

        asking = [asyncio.create_task(ask()) for _ in range(min(AT_ONCE, len(records)))]
        try:
            await asyncio.gather(*asking)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        whose = ("the candidates of", "opening") if module == OPENINGS else ("the openings of", "candidate")
        self._note(before, f"{whose[0]} {counted(len(found), whose[1])}")
        return found

    async def _ids_of(self, module: str, record: str) -> list[str]:
        """The ids associated with one record; none where it was deleted since it was listed."""
        try:
            pages = self._recruit.associated(module, record, Columns(()))
            return [one.id async for page in pages for one in page.records]
        except CallRejected as refused:
            if refused.status in NOT_THERE and await self._recruit.record(module, record, Columns(())) is None:
                return []
            raise

    def _bounded(self, calls: int, what: str) -> None:
        """Raises TooManyCalls where a sample would make more than it may."""
        if self._most and calls > self._most:
            told = f"{what} take {counted(calls, 'call')} to Recruit or more, and a sample makes at most {self._most}"
            raise TooManyCalls(told, "A dry run knows them.")

    def _note(self, before: int, what: str) -> None:
        self._parts.append(f"{counted(self._control.calls.recruit - before, 'call')} for {what}")


def _joined(fields: int, records: Mapping[str, Sequence[Sequence[Value]]]) -> Joined:
    joined = Joined(fields)
    for key, values in records.items():
        joined.put(key, values)
    return joined


def _turned(of: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The associations seen from the other side."""
    turned: dict[str, list[str]] = {}
    for one, others in of.items():
        for other in others:
            turned.setdefault(other, []).append(one)
    return turned
