"""The fix-it queue: addresses of ignored people that look misspelt, and the corrections that were accepted.

The queue is what the syncs know now, not what old runs told. An accepted correction holds for every sync; it writes nothing
to Recruit, and the next run decides the records anew although they have not changed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from time import perf_counter

import msgspec

from tui_sync.model.addresses import ROLE_NAMES, AddressRules, key_of
from tui_sync.model.corrections import Correction
from tui_sync.model.errors import UsageError
from tui_sync.model.ledger import RecordEntry
from tui_sync.model.misspelt import MISSPELT
from tui_sync.model.outcomes import Reason
from tui_sync.model.parts import chunks
from tui_sync.model.text import counted, visible
from tui_sync.services import settings
from tui_sync.services.afresh import decide_anew
from tui_sync.services.desk import Desk
from tui_sync.services.suppression import suppressed_as_well

PAGE = 500
"""Records that are read at once."""
TURN = 0.01
"""Seconds after which the event loop gets its turn."""
ALLOWED = "allowed-domains"
WAY = "See: tui-sync corrections"


class Doubt(msgspec.Struct, frozen=True):
    """An address that looks misspelt, in its normal form, and what it probably means."""

    wrong: str
    suggestion: str
    syncs: tuple[str, ...]
    """The syncs that ignore it, by name."""
    entries: tuple[RecordEntry, ...]
    """The records that carry it, once for each sync that fetched them."""

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of these records, each once."""
        return tuple(dict.fromkeys(entry.record for entry in self.entries))

    @property
    def domain(self) -> str:
        """The domain that is taken for misspelt."""
        return self.wrong.rpartition("@")[2]


def address_rules(desk: Desk) -> AddressRules:
    """What decides about addresses in this workspace: the settings and the corrections."""
    known = desk.workspace.settings
    return AddressRules(
        ROLE_NAMES if known.role_names is None else known.role_names,
        {**MISSPELT, **(known.misspelt_domains or {})},
        known.allowed_domains,
        {correction.wrong: correction.right for correction in desk.workspace.corrections.all()},
    )


async def queue(desk: Desk) -> list[Doubt]:
    """The addresses to review, in order; the event loop gets its turn every few records."""
    rules, names = address_rules(desk), {sync.id: sync.name for sync in desk.workspace.syncs.all()}
    found: dict[str, tuple[str, list[RecordEntry]]] = {}
    begun = perf_counter()
    for entry in chain(desk.workspace.ledger.nameless(), _in_by_a_doubted_one(desk, names)):
        text = entry.email or entry.raw
        if text and entry.sync in names and entry.matched and not (entry.deleted or entry.unlisted):
            suggestion = rules.suggestion(text)
            if suggestion:
                found.setdefault(key_of(text), (suggestion, []))[1].append(entry)
        if perf_counter() - begun > TURN:
            await asyncio.sleep(0)
            begun = perf_counter()
    return [
        Doubt(wrong, suggestion, tuple(sorted({names[entry.sync] for entry in entries})), tuple(entries))
        for wrong, (suggestion, entries) in sorted(found.items())
    ]


def _in_by_a_doubted_one(desk: Desk, syncs: Iterable[str]) -> Iterator[RecordEntry]:
    """The records of people who came in before their domain was taken for misspelt."""
    ledger = desk.workspace.ledger
    for sync_id in syncs:
        cursor = ledger.cursor(sync_id)
        for some in chunks([] if cursor is None else list(cursor.doubted), PAGE):
            yield from (entry for entry in ledger.entries(sync_id, some).values() if entry.email)


async def numbers(desk: Desk) -> dict[str, int]:
    """How many addresses there are to review, by the id of the sync that ignores them."""
    return dict(Counter(sync for doubt in await queue(desk) for sync in {entry.sync for entry in doubt.entries}))


def accepted(desk: Desk) -> list[Correction]:
    """The corrections in force, the newest first."""
    return sorted(desk.workspace.corrections.all(), key=lambda correction: correction.since, reverse=True)


def problem(desk: Desk, wrong: str, right: str) -> str:
    """Why one address cannot be corrected to another; empty where it can."""
    try:
        _right(address_rules(desk), wrong, right)
    except UsageError as refused:
        return str(refused)
    return ""


def _right(rules: AddressRules, wrong: str, right: str) -> str:
    """The normal form of the right address. Raises UsageError where it is none."""
    verdict = rules.check(right)
    if verdict.reason in (Reason.EMPTY_EMAIL, Reason.INVALID_PATTERN):
        told = "Type the right address" if verdict.reason is Reason.EMPTY_EMAIL else verdict.detail
        raise UsageError(told if told.endswith("?") else f"{told}.", "Nothing was corrected.")
    if verdict.key == wrong:
        raise UsageError(f"{visible(wrong)} would be corrected to itself.", "Nothing was corrected.")
    return verdict.key


async def accept(desk: Desk, address: str, right: str = "") -> tuple[Correction, tuple[str, ...]]:
    """Take a correction from the queue, or change an accepted one; `right` is the suggestion unless given.

    Gives the syncs whose next run decides the records anew. Raises UsageError for an address that is neither.
    """
    wrong = key_of(address)
    doubt = next((doubt for doubt in await queue(desk) if doubt.wrong == wrong), None)
    old = desk.workspace.corrections.get(wrong)
    if doubt is None and (old is None or not right):
        raise UsageError(f'"{visible(address, 60)}" is not among the addresses to review.', WAY)
    entries: Sequence[RecordEntry] = () if doubt is None else doubt.entries
    if doubt is None and old is not None:
        entries = desk.workspace.ledger.entries_of([old.right])
    with desk.workspace.db.batch():
        done = _put(desk, address_rules(desk), wrong, right or (doubt.suggestion if doubt is not None else ""))
        syncs = decide_anew(desk, entries, f"{visible(wrong)} was corrected to {visible(done.right)}")
    return done, syncs


def accept_all(desk: Desk, doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Take the suggestions of all these, in one commit; the syncs whose next run decides the records anew."""
    rules, entries = address_rules(desk), [entry for doubt in doubts for entry in doubt.entries]
    with desk.workspace.db.batch():
        for doubt in doubts:
            _put(desk, rules, doubt.wrong, doubt.suggestion)
        return decide_anew(desk, entries, f"{counted(len(doubts), 'misspelt address was', 'misspelt addresses were')} corrected")


def _put(desk: Desk, rules: AddressRules, wrong: str, right: str) -> Correction:
    known = desk.workspace.corrections
    old = known.get(wrong)
    done = Correction(wrong=wrong, right=_right(rules, wrong, right), since=desk.clock.now().replace(microsecond=0))
    known.put(done)
    suppressed_as_well(desk, wrong, done.right)
    before = f" (before: {old.right})" if old is not None else ""
    desk.log(f"corrected the address {wrong} to {done.right}{before}")
    return done


def drop(desk: Desk, address: str) -> tuple[str, ...]:
    """Take a correction back: the syncs whose next run ignores the address again. Raises UsageError where there is none."""
    wrong, space = key_of(address), desk.workspace
    with space.db.batch():
        old = space.corrections.get(wrong)
        if old is None:
            raise UsageError(f'"{visible(address, 60)}" has no correction.', WAY)
        space.corrections.remove(wrong)
        desk.log(f"dropped the correction of {wrong} to {old.right}")
        because = f"the correction of {visible(wrong)} was dropped"
        return decide_anew(desk, space.ledger.entries_of([old.right]), because)


def allow(desk: Desk, domain: str) -> None:
    """A domain that was taken for misspelt is right as it is, for every address of it."""
    with desk.workspace.db.batch():
        known = desk.workspace.settings.allowed_domains
        if domain not in known:
            settings.change(desk, ALLOWED, ", ".join([*known, domain]))
