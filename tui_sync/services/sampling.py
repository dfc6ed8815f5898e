"""A sample of real records: live counts and truth tables for criteria, values for the mapping, an estimate of a run.

All but `take` work on the sample alone: no call, and nothing written.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.engine.control import Control
from tui_sync.engine.fetch import CONVERTING, Fetched
from tui_sync.engine.job import Job, columns_for
from tui_sync.engine.planner import Planner
from tui_sync.engine.ports import Page, Query
from tui_sync.engine.reading import Reading
from tui_sync.model import criteria
from tui_sync.model.criteria import values as wire
from tui_sync.model.errors import UsageError
from tui_sync.model.ledger import MembershipState
from tui_sync.model.mapping import as_text, compile_mapping, value_rows, why_not_mappable
from tui_sync.model.outcomes import Outcome, Result, RunSummary, Status
from tui_sync.model.records import Columns, Field, Module, Record, Value
from tui_sync.model.related import CLIENT_OF_CONTACT, CLIENTS, LABELS, RELATED, Joined, Related, module_of, related_modules
from tui_sync.model.schedule import zone_of
from tui_sync.model.sync import Condition, MappingRow, Schedule, SelectionKind, Sync
from tui_sync.model.text import visible
from tui_sync.services import catalogue
from tui_sync.services.corrections import address_rules
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.running import saved_or_not

SIZE = 500
"""Records of a sample, unless told otherwise."""
PEOPLE = 20
"""People whom an estimate shows."""
SLICE = 50
"""Records looked at before the event loop gets its turn."""
BLANK = "(blank)"
"""How a value is shown that leaves the hub's field alone."""
_SHOWN_LENGTH = 200


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Some records of a module, newest page first as Recruit lists them. Values stand in the order of `columns`.

    `whole`: these are all there are. `zone` is where its dates are days, `now` (aware, UTC) when it was taken.
    """

    module: Module
    fields: tuple[Field, ...]
    columns: Columns
    records: list[Record]
    whole: bool
    zone: ZoneInfo
    now: datetime
    view_id: str = ""
    """The custom view it was taken from; empty: the module."""
    related: Mapping[str, str] = {}
    """The related modules that were asked for; with the reason where the values of one are not known, else empty.

    The fields of one that is known stand behind the module's own in `fields`, `columns` and records."""


class SampleCounts(msgspec.Struct, frozen=True):
    """How many records of the sample each row selects, and the whole pattern; None where there is a mistake."""

    rows: tuple[int | None, ...]
    whole: int | None
    of: int


class Estimate(msgspec.Struct, frozen=True):
    """What a sync would do with the sample's records: `read` of them, the counts, and the first matching people."""

    read: int
    whole: bool
    summary: RunSummary
    people: tuple[Outcome, ...]
    related: tuple[str, ...] = ()
    """The related modules that a run reads beside the people."""
    members: int = 0
    """How many of those to be delivered are in the list already, brought or updated by a sync."""
    converting: bool = False
    """Whether a run reads the converted ones as a listing of their own."""
    of_view: bool = False
    """Whether a run looks for its view first."""


def usable(module: Module, fields: Sequence[Field]) -> Columns:
    """The fields that criteria or mapping can use, with the module's e-mail field, and the ids of contacts' clients."""
    names = [f.name for f in fields if criteria.operators_for(f.type) or why_not_mappable(f) is None]
    own = [f.name for f in fields if f.name == module.email]
    clients = [CLIENT_OF_CONTACT] if CLIENTS in RELATED.get(module.name, ()) else []
    return Columns(tuple(dict.fromkeys((*own, *names, *clients))))


async def take(
    desk: Desk, module_name: str, *, size: int = SIZE, view_id: str = "", zone_name: str = ""
) -> Sample:
    """Read at most `size` records, and no more pages than they need: unconverted ones first, as a run does.

    Raises UsageError for an unknown module, one that cannot be synced, or an unknown zone; RunError where Recruit cannot
    be asked.
    """
    zone = zone_of(Schedule(timezone=zone_name), desk.workspace.zone)
    module = await catalogue.module(desk, module_name)
    if not module.available:
        raise UsageError(f"{visible(module.label)} cannot be synced: {visible(module.reason)}.", "Choose another module.")
    recruit = desk.connect.recruit(Quiet(desk.clock, desk.tell))
    fields = await recruit.fields(module.name)
    columns = usable(module, fields)
    found: dict[str, Record] = {}
    whole = True
    for converted in (False, True) if module.name == CONVERTING else (False,):
        query = Query(
            module=module.name, columns=columns, stamp=module.stamp, view_id=view_id, converted=converted
        )
        whole = await _read(recruit.records(query), size, found)
        if not whole:
            break
    return Sample(
        module=module, fields=fields, columns=columns, records=list(found.values())[:size],
        whole=whole and len(found) <= size, zone=zone, now=desk.clock.now(), view_id=view_id,
    )  # fmt: skip


async def _read(pages: AsyncIterator[Page], size: int, into: dict[str, Record]) -> bool:
    """Read until there are `size` records; whether the listing came to its end before."""
    try:
        async for page in pages:
            into.update((record.id, record) for record in page.records)
            if len(into) >= size:
                return False
        return True
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()  # what it has under way ends here, not when the collector comes by


def counts(sample: Sample, conditions: Sequence[Condition], pattern: str) -> SampleCounts:
    """How many records each row and the pattern select, by the tests that a run uses."""
    fields = {field.name: field for field in sample.fields}
    today = sample.now.astimezone(sample.zone).date()
    truths: list[list[bool] | None] = []
    for number, condition in enumerate(conditions, start=1):
        if _row_problem(sample, condition, number):
            truths.append(None)
            continue
        [test] = criteria.compile_rows([condition], fields, sample.columns, sample.zone, today)
        truths.append([test(record.values) for record in sample.records])
    rows = tuple(None if truth is None else sum(truth) for truth in truths)
    try:
        node = criteria.parse(pattern, len(conditions))
    except criteria.PatternError:
        return SampleCounts(rows, None, len(sample.records))
    known = [truth for truth in truths if truth is not None]
    whole = sum(_holds(node, truth) for truth in zip(*known, strict=True)) if len(known) == len(truths) else None
    return SampleCounts(rows, whole, len(sample.records))


def _holds(node: criteria.Node, truths: Sequence[bool]) -> bool:
    if isinstance(node, criteria.Row):
        return truths[node.number - 1]
    if node.operator == "and":
        return _holds(node.left, truths) and _holds(node.right, truths)
    return _holds(node.left, truths) or _holds(node.right, truths)


def _row_problem(sample: Sample, condition: Condition, number: int) -> str:
    """Why a row cannot be evaluated over the sample; empty where it can."""
    field = next((field for field in sample.fields if field.name == condition.field), None)
    unknown = sample.related.get(module_of(condition.field), "")
    if unknown:
        return f"row {number}: {unknown}"
    if field is None:
        return f"row {number}: {visible(sample.module.label)} has no field {visible(condition.field, 60)}."
    mistake = criteria.check(condition, field)
    if mistake is not None:
        return f"row {number}: {mistake.sentence}"
    try:
        today = sample.now.astimezone(sample.zone).date()
        criteria.compile_condition(condition, field, sample.columns.index(field.name), sample.zone, today)
    except UsageError as error:
        return f"row {number}: {error}"
    return ""


def truth(
    sample: Sample, record: Record, conditions: Sequence[Condition], pattern: str
) -> criteria.Explanation:
    """The truth table of one record of the sample. Raises UsageError where a row or the pattern is wrong."""
    for number, condition in enumerate(conditions, start=1):
        problem = _row_problem(sample, condition, number)
        if problem:
            raise UsageError(problem)
    return criteria.explain(
        conditions,
        criteria.parse(pattern, len(conditions)),
        {field.name: field for field in sample.fields},
        sample.columns,
        sample.zone,
        sample.now.astimezone(sample.zone).date(),
        record.values,
    )


def _values(sample: Sample, source: str) -> Iterator[Value]:
    """The values of one field; none for a field that the sample does not have."""
    if source in sample.columns.names:
        place = sample.columns.index(source)
        yield from (record.values[place] for record in sample.records)


def person_name(sample: Sample, record: Record) -> str:
    """Who a record is, harmless to show: first and last name, else the e-mail address, else the id."""
    known = dict(zip(sample.columns.names, record.values, strict=True))
    full = " ".join(filter(None, (as_text(known.get("First_Name")), as_text(known.get("Last_Name")))))
    return visible(full or as_text(known.get(sample.module.email)) or record.id, _SHOWN_LENGTH)


def arriving(sample: Sample, source: str, count: int = 3) -> tuple[str, ...]:
    """Real values of a Recruit field as they will arrive at the hub, harmless to show: at most `count` different ones.

    Filled ones come first, in the order of the sample, then `BLANK` if somebody has none. Empty for an unknown field.
    """
    shown = dict.fromkeys(visible(as_text(value), _SHOWN_LENGTH) for value in _values(sample, source))
    filled = [text for text in shown if text]
    return tuple([*filled, *([BLANK] if "" in shown else [])][:count])


def mapped(sample: Sample, record: Record, rows: Sequence[MappingRow]) -> dict[str, str]:
    """A record's values by hub field, raw, blanks included; rows whose Recruit field is unknown are left out."""
    known = [row for row in value_rows(rows) if row.source in sample.columns.names]
    values = compile_mapping(known, sample.columns)(record.values)
    return {row.target: value for row, value in zip(known, values, strict=True)}


def choices(sample: Sample, source: str, most: int = 50) -> tuple[str, ...]:
    """The most frequent values of a field in the sample, several of a multi-select each on its own; blanks left out.

    They are as Recruit holds them, for use in a condition: pass each through `visible` before it is shown.
    """
    spellings: dict[str, str] = {}
    tally: Counter[str] = Counter()
    for value in _values(sample, source):
        for part in value if isinstance(value, tuple) else (value,):
            if not wire.is_missing(part):
                text = wire.as_text(part)
                tally[spellings.setdefault(wire.folded(text), text)] += 1
    return tuple(text for text, _ in tally.most_common(most))


async def estimate(desk: Desk, sync: Sync, sample: Sample) -> Estimate:
    """What the sync, saved or not, would do with the sample's records, by the ledger and the engine's own decisions.

    The hub is not asked, of removals only those by an opt-out or a conversion are looked for, nothing is written. Raises
    UsageError where the definition cannot run, or the sample is of another module or view.
    """
    sync = saved_or_not(sync)
    _refuse_other(sync, sample)
    zone = zone_of(sync.schedule, desk.workspace.zone)
    job = Job(sync, sample.module, sample.fields, address_rules(desk), zone, sample.now)
    if job.wanted is not None:
        job.related = _related_of(sample, job.wanted.names)
    fetched = Fetched()
    async for some in _projected(sample, job.columns):
        fetched.take(job.candidates(Page(some, sample.now)))
    control = Control(desk.clock, lambda _event: None)
    reading = Reading(sync.list_key, sample.now)
    planner = Planner(job, desk.workspace.ledger, reading, fetched, control, full=True)
    plan = await planner.decide_only()
    run = RunSummary(id="", sync_id=sync.id, sync=sync.name, started=sample.now)
    summary = await plan.summary(run)
    summary.result, summary.finished = Result.COMPLETED, sample.now
    told = {outcome.record_id: outcome for page in plan.outcomes() for outcome in page}
    people = [told[record.id] for record in sample.records if record.id in told]
    members = _members(desk, sync, told.values())
    return Estimate(
        len(sample.records), sample.whole, summary, tuple(people[:PEOPLE]), related_modules(sync), members,
        sync.module == CONVERTING, bool(sample.view_id),
    )  # fmt: skip


def _members(desk: Desk, sync: Sync, outcomes: Iterable[Outcome]) -> int:
    """How many of those who would be delivered are in the list already as far as the ledger knows."""
    delivered = (Status.NEW, Status.RE_ADDED, Status.DUPLICATE)
    emails = {outcome.email for outcome in outcomes if outcome.status in delivered and outcome.email}
    known = desk.workspace.ledger.members(sync.list_key, emails)
    return sum(member.state is MembershipState.ACTIVE for member in known.values())


def _related_of(sample: Sample, names: Sequence[str]) -> Related:
    """The related values that the sample holds. Raises UsageError where it does not know them."""
    for module in dict.fromkeys(map(module_of, names)):
        unknown = sample.related.get(module, f"The {LABELS.get(module, module)} of the sample were not read.")
        if unknown:
            raise UsageError(unknown)
    places = [sample.columns.index(name) for name in names]
    known = {record.id: tuple(record.values[place] for place in places) for record in sample.records}
    return Related(tuple(names), [Joined(len(names), known=known)])


def _refuse_other(sync: Sync, sample: Sample) -> None:
    """Raises UsageError where the sample cannot tell what the sync would do."""
    chosen = sync.selection
    view = chosen.view_id if chosen.kind is SelectionKind.VIEW else ""
    if (sync.module, view) != (sample.module.name, sample.view_id):
        raise UsageError("The sample is of another module or view.", "Take a new one.")
    unknown = next((name for name in columns_for(sync).names if name not in sample.columns.names), None)
    if unknown is not None:
        raise UsageError(
            f'{visible(sample.module.label)} has no field "{visible(unknown, 60)}" that can be used here.',
            "Choose another field.",
        )


async def _projected(sample: Sample, columns: Columns) -> AsyncIterator[list[Record]]:
    """The sample's records with just these columns, some at a time."""
    places = [sample.columns.index(name) for name in columns.names]
    for start in range(0, len(sample.records), SLICE):
        yield [
            msgspec.structs.replace(record, values=tuple(record.values[place] for place in places))
            for record in sample.records[start : start + SLICE]
        ]
        await asyncio.sleep(0)
