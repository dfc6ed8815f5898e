"""The review of a new sync: what it is, what it costs, what its first run would do, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tui_sync.model import limits as rules
from tui_sync.model.definitions import Problem
from tui_sync.model.hub import HubList
from tui_sync.model.limits import Limit
from tui_sync.model.outcomes import LABELS, Outcome
from tui_sync.model.related import LABELS as LABELS_OF_RELATED
from tui_sync.model.schedule import following, in_words, zone_of
from tui_sync.model.sync import Frequency, Policies, Removal, SelectionKind, Sync
from tui_sync.present.runs import ignored_rows
from tui_sync.present.syncs import condition_words, data_words, selection_words
from tui_sync.present.words import counted, grouped, slot
from tui_sync.services.limits import Quota
from tui_sync.services.policies import value
from tui_sync.services.sampling import Estimate
from tui_sync.ui.present.columns import Column, fit, header, measured, table_line
from tui_sync.ui.present.lines import Line, Span, Tone, beside, span, wrapped
from tui_sync.ui.present.moments import distance, here
from tui_sync.ui.present.policies import MARKETING, WORDS, strongest
from tui_sync.ui.present.starting import adding_shortly
from tui_sync.ui.present.states import STATUS_TONES
from tui_sync.ui.present.wizard import STEPS, list_words, step_of, where_words

NAME = 11
"""Cells of the names on the left."""
PAGE, CREDITS = 200, 3
"""Records in one call to Recruit, and what such a call costs."""
BESIDE, BESIDE_CREDITS = 3, 4
"""Calls that every full fetch makes beside the records', and their credits: modules, fields, the deleted list."""
WHOM = {"on_opt_out": "opted out", "on_delete": "deleted", "on_convert": "converted"}
PEOPLE = (
    Column("Name", 10, 26), Column("E-mail", 19, 60), Column("Would be", 9, 12, firm=True),
    Column("Why", 12, 24, grow=True, yields=True),
)  # fmt: skip


def problem_lines(problems: Sequence[Problem], width: int) -> Iterator[Line]:
    """What is wrong, each with the number of the step to go to."""
    if not problems:
        return
    count = "One thing is" if len(problems) == 1 else f"{len(problems)} things are"
    told = f"{count} still to be done. Enter goes to the first, a number to its step."
    yield from wrapped(told, width, Tone.WARN, " ")
    for problem in problems:
        step = step_of(problem.key)
        number = STEPS.index(step) + 1
        first, *rest = wrapped(problem.sentence, width - 22)
        way = f"step({number})"
        yield Span(f"   {number} ", Tone.KEY, way), Span(f"{step.capitalize():15}", Tone.PLAIN, way), *first
        yield from ((Span(" " * 20), *more) for more in rest)
    yield ()


def definition_lines(sync: Sync, mailing: HubList | None, width: int) -> Iterator[Line]:
    """Whom the sync brings where, in words."""
    yield from _named("Sync", sync.name or "without a name", width, Tone.STRONG)
    yield from _named("From", f"{sync.module_shown or 'no module'}, {_selected(sync)}", width)
    if sync.selection.kind is SelectionKind.CRITERIA and len(sync.selection.conditions) > 1:
        rows = enumerate(sync.selection.conditions, 1)
        yield from _listed("", (f"{number} {condition_words(row, sync.labels)}" for number, row in rows), width)
    members = f", {counted(mailing.members, 'member')}" if mailing is not None and not mailing.noted else ""
    told = f"{members}, {list_words(mailing)}" if mailing is not None else ""
    yield from _named("To list", f"{sync.list_name or 'none'}{told}", width)


def policy_lines(policies: Policies, width: int, *, marketing: bool) -> Iterator[Line]:
    """What becomes of people later, in the words of its step, and what removing means; `marketing`: the hub is Marketing
    Automation."""
    if strongest(policies, tuple(WHOM)) is Removal.KEEP:
        yield from _named("Policies", "opted-out, deleted and converted people are kept like anybody", width)
        return
    yield from _listed("Policies", (f"{who}: {WORDS[value(policies, name)]}" for name, who in WHOM.items()), width)
    if marketing:
        yield from _named("", MARKETING, width, Tone.WARN)


def mapping_lines(sync: Sync, width: int) -> Iterator[Line]:
    """What is delivered of people."""
    blanks = {True: ", also blanks", False: ""}
    rows = (f"{row.target} from {sync.field_shown(row.source)}{blanks[row.overwrite_blank]}" for row in sync.mapping)
    yield from _listed("Mapping", rows if sync.mapping else ("none yet",), width)


def _selected(sync: Sync) -> str:
    if sync.selection.kind is not SelectionKind.CRITERIA:
        return selection_words(sync)
    return where_words(sync) if sync.selection.conditions else "under criteria that have no row yet"


def _named(name: str, text: str, width: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    yield from _beside_name(name, wrapped(text, width - NAME - 2, tone))


def _listed(name: str, things: Iterable[str], width: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    yield from _beside_name(name, beside(things, width - NAME - 2, tone))


def _beside_name(name: str, lines: Iterable[Line]) -> Iterator[Line]:
    for place, (part,) in enumerate(lines):
        yield Span(f" {name if not place else '':{NAME}}", Tone.DIM), part


def schedule_lines(sync: Sync, now: datetime, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """When it would run if it were initiated now, and of which data; `zone` is the viewer's.

    The schedule must be one without problems.
    """
    due, own = _due(sync, now, zone)
    away = f" ({distance(due[0], now, zone)}{here(due[0], own, zone)})" if due and due[0] > now else ""
    yield from _named("Schedule", in_words(sync.schedule, zone) + away, width)
    if sync.schedule.after is not None:
        yield from _named("Data", data_words(sync, zone), width)


def next_run_lines(sync: Sync, now: datetime, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """Its next runs in its own zone, which is named where it is not the viewer's, if it were initiated now; of a schedule
    without problems."""
    due, own = _due(sync, now, zone)
    named = [f"in {own.key}"] if any(here(at, own, zone) for at in due) else []
    yield from _listed("Next runs", [*(slot(at.astimezone(own), now) for at in due), *named], width)


def _due(sync: Sync, now: datetime, zone: ZoneInfo) -> tuple[Sequence[datetime], ZoneInfo]:
    """The next runs, none where it is due at once, and the zone of the sync."""
    own = zone_of(sync.schedule, zone)
    if sync.schedule.frequency is Frequency.ONCE and not sync.schedule.at:
        return (), own
    return following(sync.schedule, initiated=now, after=now - timedelta(minutes=1), zone=zone), own


def price(quota: Quota) -> tuple[str, Tone]:
    """What initiating takes of the organisation's limits, that it is queued until when, or why it is refused."""
    limits, used = quota.limits, quota.used
    stop = rules.of_initiation(limits, used)
    active = f"Active becomes {used.active + 1} of {limits.active}."
    if stop is None:
        month, day = limits.month - used.month, limits.day - used.day
        return f"Initiating uses 1 of {month} left this month, 1 of {day} left today; {active}", Tone.PLAIN
    why = rules.reason(stop, limits, quota.now, quota.zone)
    match stop:
        case Limit.DAY:
            start = rules.said(quota.start_of_another(), quota.zone)
            return f"{why} It will be queued, and becomes active on {start}. {active}", Tone.WARN
        case Limit.MONTH:
            start = rules.said(rules.next_month(quota.now, quota.zone), quota.zone)
            return f"{why} Keep it as a draft: it can be initiated from {start} on.", Tone.WARN
        case Limit.ACTIVE:
            return f"{why} Keep it as a draft, or initiate it in place of another: f9 asks which.", Tone.WARN


def price_lines(quota: Quota, width: int) -> Iterator[Line]:
    """The price, with its name on the left."""
    sentence, tone = price(quota)
    yield from _named("Price", sentence, width, tone)


def estimate_words(estimate: Estimate, *, reasons: bool = True) -> str:
    """What a first run would do with the sample, with the `reasons` of those who would be left out."""
    of = f"all {counted(estimate.read, 'record')}" if estimate.whole else f"the first {counted(estimate.read, 'record')}"
    counts = estimate.summary.counts
    if not estimate.read:
        return "There is no record to look at: a run would bring nobody."
    if not counts.total:
        return f"Of {of} none matches."
    told = [f"{grouped(getattr(counts, status))} {LABELS[status]}" for status in ("new", "re_added", "duplicate")
            if getattr(counts, status)]  # fmt: skip
    if counts.ignored:
        why = ", ".join(f"{label} {grouped(number)}" for label, number in ignored_rows(estimate.summary))
        told.append(f"{grouped(counts.ignored)} Ignored" + (f" ({why})" if reasons else ""))
    match = "matches" if counts.total == 1 else "match"
    already = counted(counts.deleted, "person who is", "people who are")
    leave = f" {already} there already would be removed." if counts.deleted else ""
    return f"Of {of} {grouped(counts.total)} {match}: {', '.join(told)}.{leave}"


def dry_run_words(estimate: Estimate) -> str:
    """What the full dry run costs, as far as the sample tells."""
    cost = f"one call to Recruit and {CREDITS} credits for each {PAGE} records"
    if estimate.whole:
        pages = max(1, -(-estimate.read // PAGE)) + estimate.converting
        calls, credits = pages + BESIDE + estimate.of_view, pages * CREDITS + BESIDE_CREDITS + estimate.of_view
        cost = f"about {calls} calls to Recruit, {credits} credits"
    related = " and ".join(LABELS_OF_RELATED[module] for module in estimate.related)
    beside = f", beside the calls for {related}" if related else ""
    return f"Judged by what this workspace knows. d makes the full dry run: {cost}{beside}."


def estimate_lines(estimate: Estimate, names: Mapping[str, str], width: int, *, marketing: bool) -> Iterator[Line]:
    """The estimate, what it means at Marketing Automation, the first people, and the way to the dry run."""
    yield from _named("First run", estimate_words(estimate, reasons=False), width, Tone.STRONG)
    yield from _listed("", (f"{label} {grouped(number)}" for label, number in ignored_rows(estimate.summary)), width, Tone.DIM)
    if marketing:
        yield from _named("", adding_shortly(estimate), width, Tone.WARN)
    rows = [_person(outcome, names) for outcome in estimate.people]
    widths = measured(PEOPLE, rows)
    sizes = fit(PEOPLE, widths.wished, width - 4, widths.usual)
    if rows:
        yield Span("   "), *header(PEOPLE, sizes, None, descending=False)
    yield from ((Span("   "), *table_line(PEOPLE, sizes, row)) for row in rows)
    yield from _named("", dry_run_words(estimate), width, Tone.DIM)


def _person(outcome: Outcome, names: Mapping[str, str]) -> tuple[Span, ...]:
    why = LABELS[outcome.reason] if outcome.reason else ""
    detail = ", ".join(filter(None, (why, outcome.detail or "")))
    return (
        span(names.get(outcome.record_id, outcome.record_id)), span((outcome.email or "").strip() or "(none)"),
        Span(LABELS[outcome.status], STATUS_TONES[outcome.status]), span(detail, Tone.DIM),
    )  # fmt: skip


def initiated_words(sync: Sync, now: datetime, zone: ZoneInfo, start: str) -> str:
    """What is told once a sync is initiated: how to run it, and when it is due; `start` says what starts one due now."""
    just_before = now - timedelta(minutes=1)
    due = following(sync.schedule, initiated=sync.initiated or now, after=just_before, zone=zone, count=1)
    if not due or due[0] <= now:  # without a time of its own a recurring one is due at its initiation, too
        return f"{sync.name} is {sync.state} and due now. {start}"
    moment_due = f"{slot(due[0].astimezone(zone), now)} ({distance(due[0], now, zone)})"
    return f"{sync.name} is {sync.state}. Press r to run it now; it is due {moment_due}."
