"""Fetch: read the selection to its end, and the deleted list. Writes nothing; a fetch that breaks off leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from tui_sync.engine.control import Control
from tui_sync.engine.job import Job
from tui_sync.engine.ports import Ledger, Query, Recruit
from tui_sync.engine.spool import Spool
from tui_sync.model.ledger import Candidate, Cursor
from tui_sync.model.schedule import ahead
from tui_sync.model.sync import Removal, SelectionKind

OVERLAP = timedelta(minutes=15)
"""How far an incremental fetch reaches back behind the watermark: clocks differ, and writes end late."""
FULL_EVERY = timedelta(days=7)
DIGITS = 20
"""Digits of an id that is kept as a number."""
CONVERTING = "Candidates"
"""The only module whose records are converted; its converted records need a pass of their own."""
SHIFTED = "records were deleted or converted while a fetch went from page to page, so that it may have missed some"
"""Each record that leaves a listing moves all behind it one place ahead, one of them onto a page that was read already."""

NEW_RULES = "what is known of addresses changed while the last run went on"
SUCCEEDED = "only a converted record stands for somebody now, and it did not change"
ASKED = "a full fetch was asked for"
LET_IN = "a record no longer keeps somebody out, and the one that stands for them now did not change"


class Extent(msgspec.Struct, frozen=True):
    """What a fetch reads: everything, or what was modified `since`; `deleted_since` None and `deletions` False: no
    deleted list is needed. `why` is the sentence that says so. `outside`: the records of the module that a view does not
    show are looked at too, those modified since `outside_since`: all, where none were looked at under the policies of before."""

    full: bool
    why: str
    since: datetime | None
    deletions: bool
    deleted_since: datetime | None
    outside: bool = False
    outside_since: datetime | None = None


def extent(job: Job, cursor: Cursor | None, now: datetime, *, known: bool, forced: bool, because: str) -> Extent:
    """Decide how much to fetch. `known`: the ledger has entries of the sync already; `because`: why
    all is asked for, empty where nothing asks."""
    after, outside = job.sync.schedule.after, _heeds_who_left(job)
    if cursor is None:
        return Extent(True, "the first run fetches everything", after, known, None, known and outside, after)
    back, late = cursor.watermark - OVERLAP, ahead(cursor.watermark, now)
    why = (
        ASKED if forced
        else "the last run is of a later time than now: a clock was wrong" if late
        else "mapping, criteria, selection or their time zone changed" if cursor.definition != job.fingerprint
        else because
        or job.always_full
        or ("the last full fetch is 7 days old" if now - cursor.full_at >= FULL_EVERY else "")
    )  # fmt: skip
    since = back if after is None else max(back, after)
    if why:
        overlooked = cursor.policies is None or job.sync.policies.stricter(cursor.policies)
        anew = forced or late or because or overlooked
        return Extent(True, why, after, True, None if late else back, outside, after if anew else since)
    return Extent(False, f"only what changed since {back:%Y-%m-%d %H:%M} UTC", since, True, back)


class Fetched:
    """What a fetch brought: candidates in pages, ids seen, addresses carried by several matching records."""

    def __init__(self) -> None:
        self.pages: Spool[Candidate] = Spool(Candidate)
        self.read = 0
        self.answered: datetime | None = None
        self.shifted = False
        """Records left the listing while its pages were read: the next fetch must be a full one."""
        self.shared: set[str] = set()
        """Addresses that are decided at the end: of several matching records, or of one beside another that shows a flag."""
        self.deleted: dict[str, str] = {}
        self._ids: set[str | int] = set()
        self._again: dict[str, int] = {}
        self._addresses: set[int] = set()
        self._flagged: set[int] = set()

    def take(self, candidates: list[Candidate]) -> None:
        """Keep one page. A record seen again replaces the earlier one."""
        number = self.read
        for offset, candidate in enumerate(candidates):
            ident = _small(candidate.record)
            if ident in self._ids:
                self._again[candidate.record] = number + offset
            else:
                self._ids.add(ident)
            if candidate.matched and candidate.email:
                # A 64-bit hash instead of the text: 100 000 addresses take 4 MB, not 12; a clash only groups two strangers.
                address = hash(candidate.email)
                if address in self._addresses or address in self._flagged:
                    self.shared.add(candidate.email)
                self._addresses.add(address)
            elif candidate.email and (candidate.opted_out or candidate.converted):
                self._flagged.add(address := hash(candidate.email))
                if address in self._addresses:
                    self.shared.add(candidate.email)
        self.pages.extend(candidates)
        self.read += len(candidates)

    def seen(self, record: str) -> bool:
        """Whether the fetch listed this record."""
        return _small(record) in self._ids

    def carries(self, email: str) -> bool:
        """Whether a record that the fetch selected carries this address."""
        return hash(email) in self._addresses

    @property
    def distinct(self) -> int:
        """How many different records were read."""
        return len(self._ids)

    def current(self, page: list[Candidate], first: int) -> list[Candidate]:
        """The page's candidates (its first one is number `first` of the fetch) without those seen again later."""
        if not self._again:
            return page
        return [c for n, c in enumerate(page, first) if self._again.get(c.record, n) == n]


def _small(record: str) -> str | int:
    """Ids are strings of some 18 digits; as numbers they take a third of the memory. Python refuses to read some thousands."""
    return int(record) if len(record) <= DIGITS and record.isascii() and record.isdigit() and record[0] != "0" else record


def _heeds_who_left(job: Job) -> bool:
    """Whether an opt-out or a conversion acts for people of a view: by just that many a record leaves its view."""
    sync = job.sync
    acts = sync.policies.on_opt_out is not Removal.KEEP or (
        sync.policies.on_convert is not Removal.KEEP and job.module.name == CONVERTING
    )
    return acts and sync.selection.kind is SelectionKind.VIEW


def _queries(job: Job, what: Extent) -> Iterator[tuple[Query, bool]]:
    """What is listed, one after the other, and whether that is outside the selection."""
    view = job.sync.selection.view_id if job.sync.selection.kind is SelectionKind.VIEW else ""
    passes = (False, True) if job.module.name == CONVERTING else (False,)
    for outside in (False, True) if what.outside else (False,):
        for converted in passes:
            yield Query(
                module=job.module.name, columns=job.columns, stamp=job.module.stamp, view_id="" if outside else view,
                converted=converted, since=what.outside_since if outside else what.since,
            ), outside  # fmt: skip


async def fetch(recruit: Recruit, job: Job, what: Extent, control: Control, ledger: Ledger) -> Fetched:
    """Read the selection page by page: unconverted records, for Candidates the converted ones, then the deleted list.

    Of the records outside a view those are taken that the ledger knows of the sync, as records that it selects no more.
    """
    got, several = Fetched(), False
    for query, outside in _queries(job, what):
        pages = 0
        async for page in recruit.records(query):
            pages += 1
            got.answered = got.answered or page.answered
            candidates = job.candidates(page)
            got.take(_who_left(job, candidates, got, ledger) if outside else candidates)
            control.progress(got.read)
            got.shifted |= query.converted and several and any(_since(c.modified, got.answered) for c in candidates)
        several |= pages > 1
    if what.deletions or several:
        since = what.deleted_since if what.deletions else got.answered
        async for rows in recruit.deleted(job.module.name, since):
            got.deleted.update((row.id, row.deleted) for row in rows)
            control.check()
    got.shifted |= several and any(_since(deleted, got.answered) for deleted in got.deleted.values())
    for record in [record for record in got.deleted if got.seen(record)]:
        del got.deleted[record]
    return got


def _who_left(job: Job, candidates: list[Candidate], got: Fetched, ledger: Ledger) -> list[Candidate]:
    """Those whom the sync knows and the view does not show any more."""
    hidden = [candidate for candidate in candidates if not got.seen(candidate.record)]
    known = ledger.entries(job.sync.id, [candidate.record for candidate in hidden])
    return [msgspec.structs.replace(c, matched=False, values=()) for c in hidden if c.record in known]


def _since(stamp: str, moment: datetime | None) -> bool:
    """Whether a stamp of Recruit is of that moment or later; stamps have whole seconds."""
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return moment is not None and when.tzinfo is not None and when >= moment.replace(microsecond=0)
