"""What the ledger knows of a page of candidates, corrected by this run's reading of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tui_sync.engine.fetch import Fetched
from tui_sync.engine.job import Job
from tui_sync.engine.ports import Ledger
from tui_sync.engine.reading import Reading
from tui_sync.model.decide import Person, blocked, instant
from tui_sync.model.ledger import HUB_SCOPE, Bar, Candidate, Membership, MembershipState, RecordEntry
from tui_sync.model.outcomes import Cause

PRESENT = frozenset({MembershipState.ACTIVE, MembershipState.REMOVED})
"""States that prove a lead: one who left or was taken out by hand stays noted after the lead was erased."""


class Known(msgspec.Struct):
    """What the ledger knows of one page of candidates."""

    entries: dict[str, RecordEntry]
    people: dict[str, Person]
    others: dict[str, list[RecordEntry]]


class Lookup:
    """Looks pages of candidates up; `bars_ended` gathers the bars that they end."""

    def __init__(self, job: Job, ledger: Ledger, reading: Reading, fetched: Fetched) -> None:
        self.job, self.ledger, self.reading, self.fetched = job, ledger, reading, fetched
        self.bars_ended: list[Bar] = []
        self.apart: set[str] = set()
        """The keys of those whose record is not selected or has another address by now: nobody is decided together with it."""
        self.recovered: set[str] = set()
        """Addresses that bounced in this list when it was read before, and do not any more."""
        self.absent: dict[str, list[str]] | None = None
        """Live, matching records of the sync that a full fetch neither listed nor told as deleted, by their address; None where
        not everything was fetched."""

    def page(self, page: Sequence[Candidate]) -> Known:
        """Read what the ledger knows of a page's records and addresses, corrected by this run's reading of the list."""
        ids = [candidate.record for candidate in page]
        emails = [c.email for c in page if c.matched and c.email]
        entries = self.ledger.entries(self.job.sync.id, ids)
        asked = set(ids)
        others: dict[str, list[RecordEntry]] = {}
        for entry in self._carrying(emails):
            if self.is_other(entry) and entry.record not in asked:
                others.setdefault(entry.email, []).append(entry)
        return Known(entries, self._people(page, emails), others)

    def _carrying(self, emails: list[str]) -> Iterable[RecordEntry]:
        if self.absent is None:
            return self.ledger.entries_of(emails)
        records = [record for email in emails for record in self.absent.get(email, ())]
        return self.ledger.entries(self.job.sync.id, records).values()

    def is_other(self, entry: RecordEntry) -> bool:
        """Whether it is of a live record that the sync selects and that the fetch did not bring."""
        return (
            entry.sync == self.job.sync.id
            and entry.matched
            and not entry.deleted
            and not entry.unlisted
            and entry.record not in self.fetched.deleted
            and not self.fetched.seen(entry.record)
        )

    def _people(self, page: Sequence[Candidate], emails: list[str]) -> dict[str, Person]:
        here = self.job.sync.list_key
        members: dict[str, Membership] = {}
        held: dict[str, set[MembershipState]] = {}
        for found in self.ledger.memberships_of(emails):
            if found.list_key == here:
                members[found.email] = found
            else:
                held.setdefault(found.email, set()).add(found.state)
        bars = self._bars(page, emails)
        marks = self.ledger.marks(emails)
        people: dict[str, Person] = {}
        for email in emails:
            membership = self.reading.membership(email, members.get(email))
            mark = marks.get(email)
            bounced = email in self.reading.bounced or (mark is not None and mark.bounced not in ("", here))
            if not bounced and mark is not None and mark.bounced:
                self.recovered.add(email)
            if membership is None and not (mark or bounced or email in held or email in bars):
                continue
            states = held.get(email, set()) | (set() if membership is None else {membership.state})
            erased = MembershipState.GONE in states and not states & PRESENT
            people[email] = Person(
                known=bool(states) and not erased,
                tombstone=MembershipState.GONE in states,
                blocked=blocked(mark),
                bounced=bounced,
                membership=membership,
                bars=tuple(bars.get(email, ())),
            )
        return people

    def _bars(self, page: Sequence[Candidate], emails: list[str]) -> dict[str, list[Bar]]:
        """Bars on the addresses for this list or the hub. Those that a record without the flag ends are noted as ended."""
        by_origin = {f"{self.job.module.name}/{candidate.record}": candidate for candidate in page}
        standing: dict[str, list[Bar]] = {}
        for bar in self.ledger.bars(emails, by_origin):
            candidate = by_origin.get(bar.origin)
            if candidate is not None and self._ends(bar, candidate):
                self.bars_ended.append(bar)
                if not candidate.matched or candidate.email != bar.email:
                    self.apart.add(bar.key)
            elif bar.scope in (HUB_SCOPE, self.job.sync.list_key):
                standing.setdefault(bar.email, []).append(bar)
        return standing

    def _ends(self, bar: Bar, candidate: Candidate) -> bool:
        """Whether the fetched record shows that the bar's flag is gone; a conversion's hub bar ends only by hand.

        A module that has no opt-out field (any more) shows nothing of who opted out, nor does an earlier version of the record:
        another run may have set the bar since this one fetched.
        """
        if instant(candidate.modified) < instant(bar.modified):
            return False
        if bar.cause is Cause.OPTED_OUT:
            return self.job.module.has_opt_out and not candidate.opted_out
        return not candidate.converted and bar.scope != HUB_SCOPE
